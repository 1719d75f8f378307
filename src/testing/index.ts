export type { Fixtures, InstanceTypeFixture } from "../../cli/offline-provider";
export {
  OfflinePlan,
  OfflinePlanError,
  type PlanOfflineOptions,
  planOffline,
  type ResourceChange,
  type Stack,
} from "./plan-offline";
