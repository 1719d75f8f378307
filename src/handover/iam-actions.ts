import { ALARM_GRANTS } from "./iam-alarms";
import { CLUSTER_GRANTS } from "./iam-cluster";
import type { Grant } from "./iam-grants";
import { SERVICE_GRANTS } from "./iam-services";
import { STORAGE_GRANTS } from "./iam-storage";

/** What creating, reading, changing and deleting each resource type takes, as version 6 of the provider calls AWS. */
export const RESOURCE_GRANTS: { readonly [type: string]: readonly Grant[] } = {
  ...CLUSTER_GRANTS,
  ...SERVICE_GRANTS,
  ...STORAGE_GRANTS,
  ...ALARM_GRANTS,
};
