import * as library from "../../src";
import { clusterTarget } from "./cluster-target";
import { Parts } from "./parts";
import type { emptyStack } from "./synthesized";

type Stack = ReturnType<typeof emptyStack>;
type Props = Readonly<Record<string, unknown>>;

const watched = { autoscalingGroupName: "group", capacityProviderName: "cp-prod" };
const cluster = clusterTarget();
const region = "eu-west-1";
const container = { name: "web", image: "nginx:1.27" };

/** Valid properties of every public construct and value class, and the interface that describes them. */
export const VALID_PROPS: Readonly<Record<string, readonly [settings: string, valid: (stack: Stack) => Props]>> = {
  AgentConfig: ["AgentConfigProps", () => ({ clusterName: "prod" })],
  Alarms: [
    "AlarmsProps",
    (stack) => ({
      name: "prod",
      cluster: new Parts(stack).cluster,
      capacityProvider: watched,
      topicArn: "arn:aws:sns:eu-west-1:123456789012:alarms",
    }),
  ],
  ApplicationLoadBalancer: [
    "ApplicationLoadBalancerProps",
    (stack) => {
      const { vpc, portRules } = new Parts(stack, { rules: { httpCidrs: ["0.0.0.0/0"] } });
      return { name: "prod", vpc, portRules };
    },
  ],
  AsgCapacityProvider: [
    "AsgCapacityProviderProps",
    (stack) => {
      const parts = new Parts(stack);
      return { name: "prod", cluster: parts.cluster, launchTemplate: parts.launchTemplate };
    },
  ],
  Cluster: ["ClusterProps", () => ({ name: "prod" })],
  ClusterCapacityProviders: [
    "ClusterCapacityProvidersProps",
    (stack) => {
      const parts = new Parts(stack, { capacity: { association: false } });
      return { cluster: parts.cluster, capacityProviders: { main: parts.capacity } };
    },
  ],
  Dashboard: [
    "DashboardProps",
    (stack) => ({ name: "prod", region, cluster: new Parts(stack).cluster, capacityProvider: watched }),
  ],
  EventArchive: ["EventArchiveProps", (stack) => ({ name: "prod", cluster: new Parts(stack).cluster })],
  DefaultVpc: ["DefaultVpcProps", () => ({ region })],
  DomainCertificate: ["DomainCertificateProps", () => ({ domainName: "shop.example.com", zoneName: "example.com" })],
  Ec2Service: ["Ec2ServiceProps", () => ({ cluster: clusterTarget(), serviceName: "web", image: "nginx:1.27" })],
  EcrRepository: ["EcrRepositoryProps", () => ({ clusterName: "prod", name: "web" })],
  EcsClusterLookup: ["EcsClusterLookupProps", () => ({ clusterName: "prod", region })],
  LookupMachineImage: [
    "LookupMachineImageProps",
    (stack) => ({ instanceTypes: new Parts(stack).instanceTypes, imageId: "ami-0123456789abcdef0" }),
  ],
  EcsOptimizedImage: ["EcsOptimizedImageProps", (stack) => ({ instanceTypes: new Parts(stack).instanceTypes })],
  EncryptionKey: ["EncryptionKeyProps", () => ({ name: "prod", region })],
  ExecutionRole: ["ExecutionRoleProps", () => ({ cluster, name: "prod-web", logGroupArn: "arn:aws:logs", images: [] })],
  ExistingLoadBalancer: [
    "ExistingLoadBalancerProps",
    () => ({
      cluster,
      listenerArn:
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shared/0f0e0d0c0b0a0908/0706050403020100",
    }),
  ],
  ExistingNetworkLoadBalancer: [
    "ExistingNetworkLoadBalancerProps",
    () => ({
      cluster,
      loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/shared/0f0e0d0c0b0a0908",
    }),
  ],
  FileSystem: [
    "FileSystemProps",
    (stack) => {
      const { vpc, portRules } = new Parts(stack);
      return { name: "prod", vpc, portRules };
    },
  ],
  InstanceRole: ["InstanceRoleProps", () => ({ name: "prod", region })],
  InstanceTypes: [
    "InstanceTypesProps",
    (stack) => ({ instanceTypes: ["t3.small"], vpc: new Parts(stack).vpc, region }),
  ],
  KeyPair: ["KeyPairProps", () => ({ keyName: "me" })],
  LaunchTemplate: [
    "LaunchTemplateProps",
    (stack) => {
      const { instanceTypes, image, role, portRules, userData } = new Parts(stack);
      return { name: "prod", instanceTypes, image, role, portRules, userData };
    },
  ],
  ListenerRule: [
    "ListenerRuleProps",
    () => ({ cluster: clusterTarget(), name: "web", targetGroupArn: "arn", paths: ["/a"] }),
  ],
  OneOffTask: ["OneOffTaskProps", () => ({ cluster: clusterTarget(), name: "migrate", image: "app:1" })],
  NetworkListener: [
    "NetworkListenerProps",
    () => {
      const edge = { loadBalancerArn: "arn", securityGroupId: "sg-0123456789abcdef0" };
      const cluster = clusterTarget({ networkLoadBalancers: { edge } });
      return { cluster, name: "web", loadBalancer: "edge", port: 443 };
    },
  ],
  NetworkLoadBalancer: [
    "NetworkLoadBalancerProps",
    (stack) => ({
      ...{ name: "prod", vpc: new Parts(stack).vpc },
      portRules: { loadBalancerSecurityGroupId: "sg-0123456789abcdef0" },
    }),
  ],
  PortRange: ["PortRange", () => ({ from: 31_000, to: 61_000 })],
  LoadBalancerRules: [
    "LoadBalancerRulesProps",
    (stack) => {
      const { vpc, portRules } = new Parts(stack);
      return { name: "prod-internal", vpc, instances: portRules, httpCidrs: ["10.0.0.0/8"] };
    },
  ],
  PortRules: [
    "PortRulesProps",
    (stack) => {
      const { vpc, portRange } = new Parts(stack);
      return { name: "prod", vpc, portRange };
    },
  ],
  ScheduledTask: [
    "ScheduledTaskProps",
    () => ({ cluster: clusterTarget(), name: "nightly", image: "app:1", scheduleExpression: "rate(1 day)" }),
  ],
  ServiceConnectNamespace: ["ServiceConnectNamespaceProps", () => ({ cluster: clusterTarget(), name: "internal" })],
  ServiceImage: ["ServiceImageProps", () => ({ clusterName: "prod", name: "web" })],
  ServiceScaling: ["ServiceScalingProps", () => ({ cluster, serviceName: "web", maxCapacity: 4, cpuPercent: 50 })],
  TargetGroup: ["TargetGroupProps", () => ({ cluster, name: "web" })],
  TaskDefinition: ["TaskDefinitionProps", () => ({ cluster: clusterTarget(), name: "web", containers: [container] })],
  TaskRole: ["TaskRoleProps", () => ({ cluster, name: "prod-web" })],
  UserData: ["UserDataProps", () => ({ agentConfig: new library.AgentConfig({ clusterName: "prod" }) })],
  VpcEndpoints: ["VpcEndpointsProps", (stack) => ({ name: "prod", vpc: new Parts(stack).vpc })],
  WebAcl: ["WebAclProps", () => ({ name: "prod" })],
};
