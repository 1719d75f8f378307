export type { AccountContents, Operation, Resource } from "./account/account";
export { type Configuration, type TypesInUse, typesIn, typesInFolder } from "./configuration";
export { DEFAULT_FIXTURES, type FixedAnswer, type Fixtures } from "./data/fixtures";
export { imageId } from "./data/images";
export { INSTANCE_TYPES, type InstanceTypeFixture } from "./data/instance-types";
export { DEFAULT_VPC_ID, subnetId } from "./data/network";
export type { PlanJson } from "./plan-json";
export { UnknownTypeError } from "./schema/bindings";
export {
  type OfflineSession,
  type ProviderEnv,
  type RunningProvider,
  type ServeOptions,
  startOfflineProvider,
} from "./start";
export type { State, StateResource } from "./states";
export {
  offlineEnv,
  runTerraform,
  Terraform,
  type TerraformOptions,
  type TerraformResult,
} from "./terraform";
export { MIN_TERRAFORM, TerraformBinaryError, terraformBinary, terraformVersion } from "./terraform-binary";
