export { AgentConfig, type AgentConfigProps } from "./agent-config";
export type { AgentOptions } from "./agent-options";
export { Alarms, type AlarmsProps, type WatchedCapacity } from "./alarms";
export { AMI_FAMILIES, type AmiFamily } from "./ami-family";
export { AsgCapacityProvider, type AsgCapacityProviderProps } from "./asg-capacity-provider";
export type { BottlerocketSettings, TomlValue } from "./bottlerocket";
export type {
  CapacityProviderSettings,
  CapacityProvidersSettings,
  CapacitySettings,
  DefaultStrategyItem,
} from "./capacity-settings";
export { Cluster, type ClusterProps } from "./cluster";
export {
  type ClusterCapacity,
  ClusterCapacityProviders,
  type ClusterCapacityProvidersProps,
} from "./cluster-capacity-providers";
export type { CapacityValues, EcsClusterValues } from "./cluster-values";
export type { ContainerCondition, ContainerHealthCheck, ContainerProps, ContainerSettings, Ulimit } from "./container";
export { Dashboard, type DashboardProps } from "./dashboard";
export { DefaultVpc, type DefaultVpcProps } from "./default-vpc";
export { Ec2Service } from "./ec2-service";
export type { Ec2ServiceProps } from "./ec2-service-props";
export { EcrRepository, type EcrRepositoryProps, type EcrRepositorySettings } from "./ecr-repository";
export { EcsClusterLookup, type EcsClusterLookupProps } from "./ecs-cluster-lookup";
export { EcsClusterStack } from "./ecs-cluster-stack";
export type { EcsClusterTarget, InstanceCapacity } from "./ecs-cluster-target";
export { EcsOptimizedImage, type EcsOptimizedImageProps } from "./ecs-optimized-image";
export { EcsServiceStack, type EcsServiceStackSettings } from "./ecs-service-stack";
export { EncryptionKey, type EncryptionKeyProps } from "./encryption-key";
export { ExecutionRole, type ExecutionRoleProps } from "./execution-role";
export { Expression, hcl, literal } from "./expression";
export { FileSystem, type FileSystemProps } from "./file-system";
export type {
  GroupSettings,
  InstanceRefresh,
  LifecycleHook,
  ManagedScaling,
  ScheduledSize,
  WarmPool,
} from "./group-settings";
export { InstanceRequirements } from "./instance-requirements";
export { InstanceRole, type InstanceRoleProps } from "./instance-role";
export type { Amount, Guard, InstanceRequirementsSettings, InstanceSelection } from "./instance-selection";
export { InstanceTypes, type InstanceTypesProps } from "./instance-types";
export type { InstancesDistribution } from "./instances-distribution";
export { KeyPair, type KeyPairProps } from "./key-pair";
export { LaunchTemplate, type LaunchTemplateProps } from "./launch-template";
export { ListenerRule, type ListenerRuleProps, type Route } from "./listener-rule";
export { ApplicationLoadBalancer, type ApplicationLoadBalancerProps } from "./load-balancer";
export type { CapacityProviderStrategy, PlacementConstraint, PlacementStrategy } from "./placement";
export { PortRange, type PortRangeProps } from "./port-range";
export { PortRules, type PortRulesProps } from "./port-rules";
export { ReadableStack } from "./readable-stack";
export { type RuleConditions, rulePriority } from "./rule-priority";
export { Secret, type SecretOptions, type SecretsManagerOptions } from "./secret";
export {
  ServiceConnectNamespace,
  type ServiceConnectNamespaceProps,
  type ServiceConnectSettings,
} from "./service-connect";
export { ServiceImage, type ServiceImageProps, type ServiceImageSettings } from "./service-image";
export { ServiceScaling, type ServiceScalingProps, type ServiceScalingSettings } from "./service-scaling";
export {
  type BackendSettings,
  DEFAULTS,
  type EcsClusterSettings,
  type LoadBalancerSettings,
  type ResolvedSettings,
  resolveSettings,
} from "./settings";
export { SettingsError } from "./settings-error";
export { type HealthCheck, TargetGroup, type TargetGroupProps, type TargetGroupSettings } from "./target-group";
export { TaskDefinition, type TaskDefinitionProps, type TaskSettings } from "./task-definition";
export { type PolicyStatement, TaskRole, type TaskRoleProps } from "./task-role";
export type { TaskVolume, TaskVolumes } from "./task-volumes";
export { UserData, type UserDataProps } from "./user-data";
export { type InstanceVolume, mountLines } from "./volumes";
export { MANAGED_RULE_GROUPS, WebAcl, type WebAclProps } from "./web-acl";
