export type { Fixtures } from "../../cli/offline-provider/data/fixtures";
export type { InstanceTypeFixture } from "../../cli/offline-provider/data/instance-types";
export { type FailedCheck, OfflinePlan, type ResourceChange } from "./offline-plan";
export { OfflinePlanError, type PlanOfflineOptions, planOffline, type Stack } from "./plan-offline";
