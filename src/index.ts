export { AgentConfig, type AgentConfigProps, type AgentOptions } from "./agent-config";
export { AMI_FAMILIES, type AmiFamily } from "./ami-family";
export { AsgCapacityProvider, type AsgCapacityProviderProps } from "./asg-capacity-provider";
export { Cluster, type ClusterProps } from "./cluster";
export type { EcsClusterValues } from "./cluster-values";
export { DefaultVpc, type DefaultVpcProps } from "./default-vpc";
export { EcsClusterStack } from "./ecs-cluster-stack";
export { EcsOptimizedImage, type EcsOptimizedImageProps } from "./ecs-optimized-image";
export { Expression, hcl, literal } from "./expression";
export { InstanceRole, type InstanceRoleProps } from "./instance-role";
export { type Guard, InstanceTypes, type InstanceTypesProps } from "./instance-types";
export { KeyPair, type KeyPairProps } from "./key-pair";
export { LaunchTemplate, type LaunchTemplateProps } from "./launch-template";
export { ApplicationLoadBalancer, type ApplicationLoadBalancerProps } from "./load-balancer";
export { PortRange, type PortRangeProps } from "./port-range";
export { PortRules, type PortRulesProps } from "./port-rules";
export { ReadableStack } from "./readable-stack";
export {
  type BackendSettings,
  DEFAULTS,
  type EcsClusterSettings,
  type LoadBalancerSettings,
  type ResolvedSettings,
  resolveSettings,
} from "./settings";
export { SettingsError } from "./settings-error";
export { UserData, type UserDataProps } from "./user-data";
