import { ALARM_GRANTS } from "./alarm-grants";
import { CLUSTER_GRANTS } from "./cluster-grants";
import type { Grant } from "./grant";
import { SERVICE_GRANTS } from "./service-grants";
import { STORAGE_GRANTS } from "./storage-grants";

/** What creating, reading, changing and deleting each resource type takes, as version 6 of the provider calls AWS. */
export const RESOURCE_GRANTS: { readonly [type: string]: readonly Grant[] } = {
  ...CLUSTER_GRANTS,
  ...SERVICE_GRANTS,
  ...STORAGE_GRANTS,
  ...ALARM_GRANTS,
};
