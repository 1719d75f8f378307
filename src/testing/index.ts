export type { Fixtures, InstanceTypeFixture } from "../../cli/offline-provider";
export { type FailedCheck, OfflinePlan, type ResourceChange } from "./offline-plan";
export { OfflinePlanError, type PlanOfflineOptions, planOffline, type Stack } from "./plan-offline";
