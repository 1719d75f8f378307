import type { ITerraformDependable } from "cdktf";
import { clusterVpcField } from "../network/default-vpc";
import { type PortRange, portRangeField } from "../network/port-range";
import { matches, wholeNumber } from "../validation/rule";
import { boolean, choice, custom, deferred, interfaceOf, list, map, number, plain, string } from "../validation/schema";
import type { CloudMapNamespace } from "./cloud-map-namespace";
import { type ExecuteCommandS3, executeCommandS3Schema } from "./execute-command-s3";

/** What an instance of the cluster offers to tasks. Guards compare it with what services need. */
export interface InstanceCapacity {
  /** `data.aws_ec2_instance_type` by type, as an expression. */
  readonly details: string;
  /** The largest number of instances. */
  readonly maxSize: number;
  /** The memory that the agent reserves for the system (`ECS_RESERVED_MEMORY`), in MiB. */
  readonly reservedMemoryMiB: number;
  /** Whether any of the instances can mount EFS with encryption. @default true */
  readonly mountsFileSystems?: boolean;
  /** Whether any of the instances can run privileged containers. @default true */
  readonly allowsPrivileged?: boolean;
  /** The log drivers of containers that any of the instances offers. @default - unknown: services can use each driver */
  readonly logDrivers?: readonly string[];
  /** Whether instances have a trunk network interface, which serves many tasks in awsvpc mode. @default false */
  readonly awsvpcTrunking?: boolean;
  /** Whether any of the instances can be a Spot instance. @default false */
  readonly spot?: boolean;
  /** Seconds from SIGTERM to SIGKILL for containers that do not set them (`ECS_CONTAINER_STOP_TIMEOUT`). @default 30 */
  readonly stopTimeoutSeconds?: number;
  /** What each capacity provider offers, when there are several. @default - one capacity provider, which offers all of it */
  readonly capacities?: readonly (Omit<InstanceCapacity, "capacities"> & {
    /** Its name in the settings, for messages. */
    readonly name?: string;
    /** Its name in AWS, as strategies use it. @default - unknown: no strategy is compared with what its instances can do */
    readonly capacityProviderName?: string;
  })[];
}

/** The name of a load balancer among the settings. */
export const loadBalancerNameRule = matches(
  "^[a-z][a-z0-9]{0,11}$",
  "have a name of 1 to 12 lower-case letters and digits that starts with a letter",
  "The name is part of variables, addresses and names in AWS. For example internal.",
);

/** The field of the quota of rules, which AWS raises. */
export const ruleQuotaField = plain(number(wholeNumber(100, 50_000, "", "AWS allows 100 rules in any case."))).default(
  100,
);

/** What only a plan knows of a listener, as expressions. */
export interface PlannedListener {
  /** The protocol: `HTTP` or `HTTPS`. */
  readonly protocol: string;
  /** Whether the load balancer can connect to identity providers: `true` or `false`. @default - unknown */
  readonly allowHttpsOutbound?: string;
}

/** A listener that receives the rules of services. */
export interface ListenerTarget {
  /** The listener's ARN. */
  readonly listenerArn: string;
  /** The load balancer's ARN. Another one replaces the target groups. @default - follows from the listener's ARN */
  readonly loadBalancerArn?: string;
  /**
   * The id of the load balancer's security group. Services with a route need it in awsvpc mode, and with a fixed host port.
   * @default - unknown
   */
  readonly securityGroupId?: string;
  /** The listener's protocol. @default - unknown: no route is compared with it */
  readonly protocol?: "HTTP" | "HTTPS";
  /** Whether the load balancer can connect to identity providers. @default - unknown: no route is compared with it */
  readonly allowHttpsOutbound?: boolean;
  /** The most rules of the load balancer, if AWS raised the quota. @default 100 */
  readonly ruleQuota?: number;
  /** What a plan compares routes with, in place of `protocol` and `allowHttpsOutbound`. @default - nothing */
  readonly planned?: PlannedListener;
}

/** A Network Load Balancer that receives the listeners of services. */
export interface NetworkLoadBalancerTarget {
  /** The load balancer's ARN. */
  readonly loadBalancerArn: string;
  /** The id of the load balancer's security group. */
  readonly securityGroupId: string;
  /** Whether the load balancer has IPv6 addresses. @default - unknown: no listener is compared with it */
  readonly dualStack?: boolean;
  /** Whether the load balancer reserves capacity. @default - unknown: no listener is compared with it */
  readonly reservesCapacity?: boolean;
}

/** A namespace of services that call each other. `ServiceConnectNamespace` implements it. */
export interface ServiceNamespace extends CloudMapNamespace {
  /** The security group rule between the instances. A service that uses the namespace depends on it. @default - it exists */
  readonly rule?: ITerraformDependable;
  /**
   * The security group that the tasks in awsvpc mode have as clients, with its rules.
   * @default - none: each service in awsvpc mode has rules of its own
   */
  readonly clients?: { readonly securityGroupId: string; readonly rules: readonly ITerraformDependable[] };
}

/**
 * What a service needs to know of its cluster. `EcsClusterStack` and `EcsClusterLookup` implement it. An object of
 * constructs that you create one by one, or of plain values, fits too.
 */
export interface EcsClusterTarget {
  /** The cluster. */
  readonly cluster: {
    /** The cluster's name in AWS. */
    readonly clusterName: string;
    /** The cluster's ARN. */
    readonly clusterArn: string;
    /** The log group of ECS Exec sessions. */
    readonly logGroupName: string;
    /** The customer managed key for logs and ECS Exec sessions, by ARN. @default - a key that AWS owns */
    readonly executeCommandKeyArn?: string;
    /** The bucket for the output of ECS Exec sessions. @default - none */
    readonly executeCommandS3?: ExecuteCommandS3;
    /** The key of the EBS volumes of tasks that name no key, by ARN. @default - the account's key for EBS, `aws/ebs` */
    readonly managedStorageKeyArn?: string;
    /**
     * Whether Container Insights measures the cluster, so that alarms can count tasks.
     * @default - unknown: alarms count no tasks, and services with a queue look it up at plan
     */
    readonly hasContainerInsights?: boolean;
  };
  /** The capacity provider that services use by default. */
  readonly capacityProvider: {
    /** Its name in AWS. */
    readonly capacityProviderName: string;
    /** The resource that associates the provider with the cluster. Services depend on it. */
    readonly association?: ITerraformDependable;
  };
  /** The strategy of services that name none, when there are several capacity providers. @default - `capacityProvider` alone */
  readonly defaultStrategy?: readonly {
    readonly capacityProvider: string;
    readonly base?: number;
    readonly weight?: number;
  }[];
  /** The listener that receives the rules of services. @default - none: services with a route name a load balancer */
  readonly loadBalancer?: ListenerTarget;
  /** Other load balancers, by name. A route names one with its `loadBalancer`. @default - none */
  readonly loadBalancers?: Readonly<Record<string, ListenerTarget>>;
  /** Network Load Balancers, by name. A listener of a service names one with its `loadBalancer`. @default - none */
  readonly networkLoadBalancers?: Readonly<Record<string, NetworkLoadBalancerTarget>>;
  /** The namespace of services that name none in `serviceConnect` or `cloudMapOptions`. @default - none */
  readonly serviceConnectNamespace?: ServiceNamespace;
  /** The VPC of the instances. */
  readonly vpc: {
    /** The VPC's id. */
    readonly vpcId: string;
    /** The ids of the instances' subnets, for tasks in awsvpc mode. @default - unknown: such tasks need `subnetIds` */
    readonly instanceSubnetIds?: string[];
    /** Whether these subnets are private, so that a NAT gateway or VPC endpoints serve tasks in awsvpc mode. @default - unknown */
    readonly hasPrivateSubnets?: boolean;
  };
  /** The instances' security group, and the host ports of containers. */
  readonly portRules: {
    /** The id of the instances' security group. */
    readonly instanceSecurityGroupId: string;
    /** The dynamic host ports of containers. */
    readonly portRange: PortRange;
    /** The range of instances that are being replaced. @default - none */
    readonly previousPortRange?: PortRange;
  };
  /** The region of the cluster. */
  readonly region: string;
  /** What the instances offer. @default - unknown: guards compare nothing with it */
  readonly instanceCapacity?: InstanceCapacity;
  /** Compare services with what the instances have, at plan. @default true */
  readonly capacityGuards?: boolean;
  /**
   * The SNS topic of the cluster's alarms, which also gets failed deployments of all services. `alarms` of services, and scheduled and
   * one-off tasks use it too.
   * @default - none
   */
  readonly alarmTopicArn?: string;
}

const ATTRIBUTES =
  "Use an EcsClusterStack, an EcsClusterLookup or Cluster.fromClusterAttributes, or add the attribute.";
const part = <T extends object>(type: string) => interfaceOf<T>(type, ATTRIBUTES);
type Share = NonNullable<EcsClusterTarget["defaultStrategy"]>[number];
type Capacity = NonNullable<InstanceCapacity["capacities"]>[number];

/** The field of a resource that other resources depend on. */
export const dependableField = custom<ITerraformDependable>(
  "a resource",
  "Use a Terraform resource or data source.",
  (value) => typeof (value as Partial<ITerraformDependable> | null | undefined)?.fqn === "string",
);

const amounts = {
  details: string(),
  maxSize: number(),
  reservedMemoryMiB: number(),
  mountsFileSystems: plain(boolean()).optional(),
  allowsPrivileged: plain(boolean()).optional(),
  logDrivers: plain(list(string())).optional(),
  awsvpcTrunking: plain(boolean()).optional(),
  spot: boolean().optional(),
  stopTimeoutSeconds: plain(number()).optional(),
};

const listenerTargetField = part<ListenerTarget>("a load balancer")({
  listenerArn: string(),
  loadBalancerArn: string().optional(),
  protocol: plain(choice("HTTP", "HTTPS")).optional(),
  allowHttpsOutbound: plain(boolean()).optional(),
  ruleQuota: plain(number()).optional(),
  securityGroupId: deferred(string()).optional(),
  planned: deferred(
    part<PlannedListener>("what a plan knows of a listener")({
      protocol: string(),
      allowHttpsOutbound: string().optional(),
    }),
  ).optional(),
});

/** The field of a Network Load Balancer. */
export const networkLoadBalancerTargetField = part<NetworkLoadBalancerTarget>("a Network Load Balancer")({
  loadBalancerArn: string(),
  securityGroupId: string(),
  dualStack: plain(boolean()).optional(),
  reservesCapacity: plain(boolean()).optional(),
});

/** The field of a namespace. @param fix how to get one */
export const serviceNamespaceField = (fix: string) =>
  interfaceOf<ServiceNamespace>(
    "a ServiceConnectNamespace",
    fix,
  )({
    namespaceArn: string(),
    namespaceId: string().optional(),
    hasDnsNames: plain(boolean()).optional(),
    rule: dependableField.optional(),
    clients: deferred(
      part<NonNullable<ServiceNamespace["clients"]>>("the security group of clients")({
        securityGroupId: string(),
        rules: list(dependableField),
      }),
    ).optional(),
  });

/** The field of a `cluster` property. It checks every attribute that a service reads. */
export const clusterTargetField = interfaceOf<EcsClusterTarget>(
  "a cluster",
  "Use an EcsClusterStack, the cluster of an EcsServiceStack, an EcsClusterLookup, or Cluster.fromClusterAttributes.",
  // A stack of services has the lookup of its cluster.
  ({ cluster }) => typeof cluster === "object" && cluster !== null && "cluster" in cluster,
)({
  cluster: part<EcsClusterTarget["cluster"]>("the cluster's name and ARN")({
    clusterName: string(),
    clusterArn: string(),
    logGroupName: string(),
    executeCommandKeyArn: string().optional(),
    executeCommandS3: executeCommandS3Schema.optional(),
    managedStorageKeyArn: string().optional(),
    hasContainerInsights: plain(boolean()).optional(),
  }),
  capacityProvider: part<EcsClusterTarget["capacityProvider"]>("a capacity provider")({
    capacityProviderName: string(),
    association: dependableField.optional(),
  }),
  defaultStrategy: list(
    part<Share>("a share of a capacity provider")({
      capacityProvider: string(),
      base: number().optional(),
      weight: number().optional(),
    }),
  ).optional(),
  loadBalancer: listenerTargetField.optional(),
  loadBalancers: map(listenerTargetField).with<Readonly<Record<string, ListenerTarget>>>({ isPlain: true }).optional(),
  networkLoadBalancers: map(networkLoadBalancerTargetField)
    .with<Readonly<Record<string, NetworkLoadBalancerTarget>>>({ isPlain: true })
    .optional(),
  serviceConnectNamespace: deferred(serviceNamespaceField("Use a ServiceConnectNamespace.")).optional(),
  vpc: clusterVpcField,
  portRules: part<EcsClusterTarget["portRules"]>("port rules")({
    instanceSecurityGroupId: string(),
    portRange: portRangeField,
    previousPortRange: portRangeField.optional(),
  }),
  region: string(),
  instanceCapacity: part<InstanceCapacity>("the capacity of the instances")({
    ...amounts,
    capacities: list(
      part<Capacity>("the capacity of a capacity provider")({
        ...amounts,
        name: string().optional(),
        capacityProviderName: string().optional(),
      }),
    ).optional(),
  }).optional(),
  capacityGuards: plain(boolean()).optional(),
  alarmTopicArn: string().optional(),
});
