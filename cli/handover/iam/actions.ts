import { ALARM_GRANTS } from "./alarms";
import { CLUSTER_GRANTS } from "./cluster";
import type { Grant } from "./grants";
import { SERVICE_GRANTS } from "./services";
import { STORAGE_GRANTS } from "./storage";

/** What creating, reading, changing and deleting each resource type takes, as version 6 of the provider calls AWS. */
export const RESOURCE_GRANTS: { readonly [type: string]: readonly Grant[] } = {
  ...CLUSTER_GRANTS,
  ...SERVICE_GRANTS,
  ...STORAGE_GRANTS,
  ...ALARM_GRANTS,
};
