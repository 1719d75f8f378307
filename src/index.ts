export {
  AsgCapacityProvider,
  type AsgCapacityProviderProps,
  type GroupSettings,
} from "./capacity/asg-capacity-provider";
export type { DefaultStrategyItem } from "./capacity/capacity-provider-strategy";
export type { CapacityReservationSpecification } from "./capacity/capacity-reservation";
export type {
  CapacityProviderSettings,
  CapacityProvidersSettings,
  CapacitySettings,
} from "./capacity/capacity-settings";
export type { CapacityValues } from "./capacity/capacity-values";
export {
  type ClusterCapacity,
  ClusterCapacityProviders,
  type ClusterCapacityProvidersProps,
} from "./capacity/cluster-capacity-providers";
export {
  type ClusterLookupSettings,
  EcsClusterLookup,
  type EcsClusterLookupProps,
  type LoadBalancerLookup,
} from "./capacity/ecs-cluster-lookup";
export type { InstanceMaintenancePolicy } from "./capacity/instance-maintenance-policy";
export type { InstanceRefresh } from "./capacity/instance-refresh";
export type { InstancesDistribution } from "./capacity/instances-distribution";
export type { LifecycleHook } from "./capacity/lifecycle-hook";
export type { ManagedScaling } from "./capacity/managed-scaling";
export type { ScheduledSize } from "./capacity/scheduled-size";
export type { WarmPool } from "./capacity/warm-pool";
export type { CloudMapNamespace, CloudMapNamespaceSettings } from "./cluster/cloud-map-namespace";
export { Cluster, type ClusterProps } from "./cluster/cluster";
export type { ClusterAttributes } from "./cluster/cluster-attributes";
export type {
  EcsClusterTarget,
  InstanceCapacity,
  ListenerTarget,
  NetworkLoadBalancerTarget,
  PlannedListener,
  ServiceNamespace,
} from "./cluster/ecs-cluster-target";
export { EncryptionKey, type EncryptionKeyProps, type KeyReference } from "./cluster/encryption-key";
export type { ExecuteCommandS3 } from "./cluster/execute-command-s3";
export { ExecutionRole, type ExecutionRoleProps } from "./iam/execution-role";
export { type InstanceProfileReference, InstanceRole, type InstanceRoleProps } from "./iam/instance-role";
export type { PolicyStatement } from "./iam/policy-statement";
export type { RoleReference, RoleSettings } from "./iam/role";
export { type ArnReference, Secret, type SecretOptions, type SecretsManagerOptions } from "./iam/secret";
export { TaskRole, type TaskRoleProps } from "./iam/task-role";
export { AgentConfig, type AgentConfigProps, type AgentOptions } from "./instances/agent-config";
export { AMI_FAMILIES, type AmiFamily } from "./instances/ami-family";
export type { BootstrapContainer, BottlerocketSettings, TomlValue } from "./instances/bottlerocket";
export type { DockerAddressPool, DockerDaemonOptions } from "./instances/docker-daemon";
export { EcsOptimizedImage, type EcsOptimizedImageProps } from "./instances/ecs-optimized-image";
export type { CpuOptions, InstanceOptions } from "./instances/instance-options";
export { InstanceRequirements } from "./instances/instance-requirements";
export type {
  Amount,
  AmountRange,
  InstanceRequirementsSettings,
  InstanceSelection,
} from "./instances/instance-selection";
export { InstanceTypes, type InstanceTypesProps } from "./instances/instance-types";
export { type InstanceVolume, mountLines } from "./instances/instance-volume";
export { KeyPair, type KeyPairProps, type KeyPairReference } from "./instances/key-pair";
export { LaunchTemplate, type LaunchTemplateProps } from "./instances/launch-template";
export {
  type AmiFilter,
  LookupMachineImage,
  type LookupMachineImageProps,
  type MachineImage,
} from "./instances/lookup-machine-image";
export { UserData, type UserDataProps } from "./instances/user-data";
export {
  ApplicationLoadBalancer,
  type ApplicationLoadBalancerProps,
} from "./load-balancing/application-load-balancer";
export { DomainCertificate, type DomainCertificateProps } from "./load-balancing/domain";
export { ExistingLoadBalancer, type ExistingLoadBalancerProps } from "./load-balancing/existing-load-balancer";
export {
  ExistingNetworkLoadBalancer,
  type ExistingNetworkLoadBalancerProps,
} from "./load-balancing/existing-network-load-balancer";
export type { ListenerLoadBalancer } from "./load-balancing/listener-load-balancer";
export {
  ListenerRule,
  type ListenerRuleProps,
  type Route,
  type WeightedTargetGroup,
} from "./load-balancing/listener-rule";
export type {
  ListenerSettings,
  MutualAuthentication,
  RequestHeaderNames,
  ResponseHeaders,
} from "./load-balancing/listener-settings";
export type { AccessLogs, LoadBalancerSettings } from "./load-balancing/load-balancer-settings";
export type { LoadBalancerValues } from "./load-balancing/load-balancer-values";
export type { NetworkHealthCheck } from "./load-balancing/network-health-check";
export { NetworkListener, type NetworkListenerProps } from "./load-balancing/network-listener";
export type { NetworkListenerSettings } from "./load-balancing/network-listener-settings";
export { NetworkLoadBalancer, type NetworkLoadBalancerProps } from "./load-balancing/network-load-balancer";
export type {
  NetworkLoadBalancerSettings,
  NetworkLoadBalancerValues,
} from "./load-balancing/network-load-balancer-settings";
export type { LoadBalancerListener, RouteLoadBalancer } from "./load-balancing/route-listener";
export type {
  AuthenticateCognito,
  AuthenticateOidc,
  AuthenticationOptions,
  JwtClaim,
  JwtValidation,
  Rewrite,
  RouteActions,
} from "./load-balancing/rule-actions";
export type { QueryString, RuleConditions } from "./load-balancing/rule-conditions";
export { type RulePriorityProps, rulePriority } from "./load-balancing/rule-priority";
export type { FixedResponse, Redirect } from "./load-balancing/rule-responses";
export {
  type HealthCheck,
  TargetGroup,
  type TargetGroupHealth,
  type TargetGroupProps,
  type TargetGroupSettings,
} from "./load-balancing/target-group";
export { MANAGED_RULE_GROUPS, WebAcl, type WebAclProps } from "./load-balancing/web-acl";
export type { ConnectionOptions } from "./network/connections";
export { DefaultVpc, type DefaultVpcProps } from "./network/default-vpc";
export {
  type AdmittedPorts,
  type InstancePorts,
  type LoadBalancerPorts,
  LoadBalancerRules,
  type LoadBalancerRulesProps,
  type LoadBalancerSecurityGroup,
} from "./network/load-balancer-rules";
export { PortRange, type PortRangeProps } from "./network/port-range";
export { type InstanceSecurityGroup, PortRules, type PortRulesProps } from "./network/port-rules";
export type { PortSources } from "./network/port-sources";
export { VpcEndpoints, type VpcEndpointsProps, type VpcEndpointsSettings } from "./network/vpc-endpoints";
export { Alarms, type AlarmsProps, type WatchedCapacity } from "./observability/alarms";
export { Dashboard, type DashboardProps } from "./observability/dashboard";
export { EventArchive, type EventArchiveProps } from "./observability/event-archive";
export type { CloudMapOptions } from "./services/cloud-map-options";
export { Ec2Service, type Ec2ServiceProps } from "./services/ec2-service";
export { OneOffTask, type OneOffTaskProps } from "./services/one-off-task";
export type { PlacementConstraint, PlacementStrategy } from "./services/placement";
export type { ContainerOverride, IamStatement } from "./services/run-task";
export type { MeasuredMetric, ScalingMetric } from "./services/scaling-metric";
export type { QueueReference, Schedule } from "./services/schedule";
export type { ScheduledCapacity } from "./services/scheduled-capacity";
export { ScheduledTask, type ScheduledTaskProps } from "./services/scheduled-task";
export type { ServiceAlarmsSettings } from "./services/service-alarms";
export type {
  ServiceConnectEndpoint,
  ServiceConnectService,
  ServiceConnectSettings,
  ServiceConnectTls,
  TestTrafficHeader,
} from "./services/service-connect";
export { ServiceConnectNamespace, type ServiceConnectNamespaceProps } from "./services/service-connect-namespace";
export type {
  CanaryConfiguration,
  DeploymentAlarms,
  DeploymentLifecycleHook,
  DeploymentSettings,
  LinearConfiguration,
  TestRoute,
} from "./services/service-deployment";
export type { ServiceListener } from "./services/service-listeners";
export type { NamedRoute } from "./services/service-routes";
export {
  ServiceScaling,
  type ServiceScalingProps,
  type ServiceScalingSettings,
  type SuspendedState,
} from "./services/service-scaling";
export type { CapacityProviderStrategy } from "./services/service-strategy";
export type { StandaloneTask, StandaloneTaskProps } from "./services/standalone-task";
export type { StepAdjustment, StepScaling } from "./services/step-scaling";
export type { TargetTracking, TargetTrackingBehaviour } from "./services/target-tracking";
export type { QueueSettings, WorkerQueue } from "./services/worker-queue";
export type { AccountSettings, AssumeRole } from "./stacks/aws-provider";
export type { BackendSettings, S3BackendSettings } from "./stacks/backend";
export type { EcsClusterSettings } from "./stacks/ecs-cluster-settings";
export { EcsClusterStack } from "./stacks/ecs-cluster-stack";
export type { EcsClusterValues } from "./stacks/ecs-cluster-values";
export { EcsServiceStack, type EcsServiceStackSettings, type EcsServiceStackValues } from "./stacks/ecs-service-stack";
export type { ContainerProps, ContainerSettings } from "./tasks/container";
export type { ContainerHealthCheck } from "./tasks/container-health-check";
export type { ImageReference } from "./tasks/container-image";
export type { ContainerCondition } from "./tasks/container-life";
export type { EbsVolume } from "./tasks/ebs-volume";
export { EcrRepository, type EcrRepositoryProps, type EcrRepositorySettings } from "./tasks/ecr-repository";
export { FileSystem, type FileSystemProps } from "./tasks/file-system";
export type { LinuxCapabilities, LinuxDevice, LinuxParameters, Tmpfs } from "./tasks/linux-parameters";
export {
  type AwsLogDriverProps,
  type BaseLogDriverProps,
  type FireLensLogDriverProps,
  type FluentdLogDriverProps,
  type GelfLogDriverProps,
  type JsonFileLogDriverProps,
  LogDriver,
  type LogDriverName,
  type LogMode,
  type SplunkLogDriverProps,
  type SyslogLogDriverProps,
} from "./tasks/log-driver";
export type { LogRouterSettings } from "./tasks/log-router";
export type { MountPoint, VolumesFrom } from "./tasks/mount-point";
export type { JsonObject, JsonValue } from "./tasks/overrides";
export type { NetworkMode, PortMapping } from "./tasks/port-mapping";
export type { RestartPolicy } from "./tasks/restart-policy";
export {
  type EcrRepositoryReference,
  type ImageSourceSettings,
  ServiceImage,
  type ServiceImageProps,
  type ServiceImageSettings,
} from "./tasks/service-image";
export type { SystemControl } from "./tasks/system-control";
export { TaskDefinition, type TaskDefinitionProps } from "./tasks/task-definition";
export type { RuntimePlatform } from "./tasks/task-platform";
export type { TaskSettings } from "./tasks/task-settings";
export type { DockerVolume, TaskVolume, TaskVolumes } from "./tasks/task-volume";
export type { Ulimit } from "./tasks/ulimit";
export { Expression, hcl, literal } from "./terraform/expression";
export type { Guard } from "./terraform/guard";
export { ReadableStack } from "./terraform/readable-stack";
export { type Problem, SettingsError } from "./validation/problem";
