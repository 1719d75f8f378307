import type { AclFacts, EndpointFacts, RouteTableFacts, StatusFacts, SubnetFacts, VpcFacts } from "./network-facts";

/** What the doctor reads from an account, as plain objects. The checks use these and never the AWS SDK. */

export interface ClusterFacts {
  readonly arn: string;
  readonly name: string;
  /** ACTIVE, PROVISIONING, DEPROVISIONING, FAILED or INACTIVE. */
  readonly status: string;
  readonly capacityProviders: readonly string[];
  /** The KMS key of ECS Exec. @default - none */
  readonly execKeyId?: string;
}

/** A capacity provider of the cluster. */
export interface ProviderFacts {
  readonly name: string;
  /** The name of its Auto Scaling group. @default - another kind of capacity */
  readonly group?: string;
  /** ENABLED or DISABLED. */
  readonly managedScaling: string;
  /** CREATE_COMPLETE, UPDATE_IN_PROGRESS, UPDATE_COMPLETE, UPDATE_FAILED, DELETE_FAILED … */
  readonly updateStatus: string;
  readonly updateReason: string;
}

export interface GroupFacts {
  readonly name: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredSize: number;
  readonly instances: readonly { readonly id: string; readonly lifecycleState: string }[];
  /** The launch template with a number, `$Latest` or `$Default`. @default - a launch configuration */
  readonly template?: { readonly id: string; readonly version: string };
  /** The instance types that replace those of the launch template. @default - none */
  readonly instanceTypes?: readonly string[];
  /** The last scaling activities, newest first. */
  readonly activities: readonly { readonly status: string; readonly message: string }[];
  /** The processes that do not run, such as Launch. @default - none */
  readonly suspended?: readonly string[];
}

export interface InstanceFacts {
  readonly id: string;
  /** The state in EC2, or `leaving` if its Auto Scaling group is terminating it. */
  readonly state: string;
  readonly zone: string;
  /** @default - the instance is terminated */
  readonly subnetId?: string;
  readonly vpcId?: string;
  /** @default false */
  readonly hasIpv6?: boolean;
  /** The metadata service, and the network hops that its responses survive. @default - unknown */
  readonly metadata?: { readonly isEnabled: boolean; readonly hops: number };
  readonly minutesOld: number;
  readonly publicAddress?: string;
  readonly imageId: string;
  /** The instance type. */
  readonly type?: string;
  /** x86_64 or arm64. */
  readonly architecture?: string;
  /** The instance profile's ARN. */
  readonly profileArn?: string;
  readonly securityGroupIds: readonly string[];
  /** The launch template and its version. Instances with the same template have the same user data. */
  readonly template: string;
  /** Whether it is a Spot instance. @default false */
  readonly isSpot?: boolean;
}

export interface ContainerInstanceFacts {
  readonly arn: string;
  readonly instanceId: string;
  readonly agentConnected: boolean;
  readonly agentVersion: string;
  /** ACTIVE, DRAINING, REGISTERING, REGISTRATION_FAILED. */
  readonly status: string;
  /** Why the status is REGISTRATION_FAILED. @default - no reason */
  readonly statusReason?: string;
  /** The name of its capacity provider. @default - none */
  readonly provider?: string;
  /** The names of the attributes, such as the capabilities of the agent. */
  readonly attributes?: readonly string[];
}

export interface ServiceFacts {
  readonly name: string;
  /** ACTIVE, DRAINING for a service that is being deleted, or INACTIVE for a deleted one. @default ACTIVE */
  readonly status?: string;
  /** Whether ECS runs one task on each instance, so that nobody sets `desired`. @default false */
  readonly isDaemon?: boolean;
  /** The capacity providers of its strategy. @default - none */
  readonly providers?: readonly string[];
  /** The ARN of the task definition. Undefined for deployments by CodeDeploy or another program. */
  readonly taskDefinition?: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly targetGroupArns: readonly string[];
  /** The container ports behind load balancers. @default - none */
  readonly loadBalancers?: readonly LoadBalancerUse[];
  /** The ARNs of the listener rules that ECS changes in a deployment. @default - rolling deployments */
  readonly ruleArns?: readonly string[];
  /** The target groups of `targetGroupArns` that ECS uses in turn with another one, by that one. @default - rolling deployments */
  readonly alternates?: Readonly<Record<string, string>>;
  /** How deployments move requests, and the minutes that they take by their settings. @default - rolling deployments */
  readonly strategy?: { readonly name: string; readonly minutes: number };
  /** The security groups of the tasks in awsvpc mode, and the ports that the load balancer connects to. @default - another mode */
  readonly network?: {
    readonly securityGroupIds: readonly string[];
    readonly ports: readonly number[];
    /** @default - unknown */
    readonly subnetIds?: readonly string[];
  };
  /** Newest first. */
  readonly events: readonly string[];
  readonly deployments: readonly {
    readonly id: string;
    readonly rolloutState: string;
    readonly reason: string;
    readonly failedTasks: number;
    readonly minutesOld?: number;
  }[];
}

/** A port of a container behind a load balancer. */
export interface LoadBalancerUse {
  readonly targetGroupArn: string;
  readonly container: string;
  readonly port: number;
}

export interface TaskFacts {
  readonly id: string;
  /** The service of the task. Undefined if no service started it. */
  readonly service?: string;
  /** The family of the task definition. */
  readonly family?: string;
  readonly instanceId?: string;
  /** The status, such as PENDING, RUNNING or STOPPED. @default - unknown */
  readonly status?: string;
  /** The minutes since the containers started. @default - they have not */
  readonly minutesOld?: number;
  /** The address of the task in awsvpc mode. Undefined in another mode. */
  readonly address?: string;
  readonly stopCode: string;
  readonly stoppedReason: string;
  readonly containers: readonly {
    readonly name: string;
    /** @default - unknown */
    readonly image?: string;
    readonly reason: string;
    readonly exitCode?: number;
    readonly ports: readonly { readonly container: number; readonly host: number; readonly protocol: string }[];
  }[];
}

export interface TargetGroupFacts {
  readonly arn: string;
  readonly name: string;
  readonly balancerArns: readonly string[];
  /** The protocol of the targets, such as HTTP, TCP or UDP. @default - HTTP */
  readonly protocol?: string;
  readonly healthCheck: string;
  /** @default - that of the targets */
  readonly healthCheckProtocol?: string;
  /** The port of the health checks. @default - the port of the target */
  readonly healthCheckPort?: number;
  readonly targets: readonly {
    readonly id: string;
    readonly port: number;
    /** healthy, unhealthy, initial, unused, draining, unavailable. */
    readonly state: string;
    /** The reason code, such as Target.Timeout. */
    readonly reason: string;
    readonly description: string;
  }[];
}

export interface BalancerFacts {
  readonly arn: string;
  readonly name: string;
  /** active, provisioning, active_impaired, failed. @default active */
  readonly state?: string;
  /** Why it is not active. @default - no reason */
  readonly reason?: string;
  readonly zones: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** The CIDR blocks of its subnets. */
  readonly subnetCidrs: readonly string[];
  /** `internet-facing` or `internal`. @default - unknown */
  readonly scheme?: string;
  readonly vpcId?: string;
  /** Its subnets, with their IPv4 CIDR blocks. @default - unknown */
  readonly subnets?: readonly { readonly id: string; readonly cidr: string }[];
}

export interface ListenerFacts {
  readonly arn: string;
  readonly balancerArn: string;
  readonly protocol: string;
  readonly port: number;
  /** Whether it redirects requests that match no rule. */
  readonly isRedirect: boolean;
  /** The target groups of its rules and of its default action. */
  readonly targetGroupArns: readonly string[];
  /** Its rules and its default action. @default - none */
  readonly rules?: readonly ListenerRuleFacts[];
}

/** A rule of a listener, or its default action. */
export interface ListenerRuleFacts {
  /** The ARN of the rule, or of the listener for the default action. */
  readonly arn: string;
  /** The lowest number counts first. @default - the default action, which counts last */
  readonly priority?: number;
  /** The values of its conditions by name, as `covers` of `condition-values.ts` compares them. */
  readonly conditions: Readonly<Record<string, readonly string[]>>;
  /** Whether `conditions` has all of its conditions. Regular expressions are not in it. */
  readonly isComparable: boolean;
  readonly action: RuleAction;
}

/** The last action of a rule, which answers requests. */
export interface RuleAction {
  /** `forward`, `redirect` or `fixed-response`. */
  readonly type: string;
  /** The status code of a response, or the URL of a redirect. Empty for other actions. */
  readonly detail: string;
  readonly targetGroups: readonly { readonly arn: string; readonly weight: number }[];
}

export interface CertificateFacts {
  readonly arn: string;
  /** The listeners that use it. */
  readonly listenerArns: readonly string[];
  /** The status of ACM, such as ISSUED or PENDING_VALIDATION. DELETED if it does not exist. */
  readonly status: string;
  /** The first domain name, or the name of a certificate of IAM. */
  readonly domain: string;
  /** The whole days until it expires, which are negative after that. @default - it was never issued */
  readonly daysLeft?: number;
  /** Whether ACM renews it. @default false */
  readonly isRenewed?: boolean;
  /** The status of the renewal. @default - ACM is not renewing it */
  readonly renewal?: string;
  /** Why it was not issued or renewed. @default - unknown */
  readonly reason?: string;
}

export interface RuleFacts {
  /** tcp, udp, or -1 for all protocols. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly cidrs: readonly string[];
  readonly groupIds: readonly string[];
  /** The networks of IPv6. @default - none */
  readonly ipv6Cidrs?: readonly string[];
  /** @default - none */
  readonly prefixListIds?: readonly string[];
}

export interface SecurityGroupFacts {
  readonly id: string;
  readonly inbound: readonly RuleFacts[];
  readonly outbound: readonly RuleFacts[];
}

export interface PolicyFacts {
  /** The ARN of a managed policy, or the name of an inline policy. */
  readonly name: string;
  readonly statements: readonly StatementFacts[];
}

export interface StatementFacts {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly conditional: boolean;
}

/** A role, with what it allows. */
export interface AccessFacts {
  readonly name: string;
  /** The services that may assume the role. */
  readonly trustedServices: readonly string[];
  readonly policies: readonly PolicyFacts[];
  /** The permissions boundary. Undefined if the role has none. */
  readonly boundary?: PolicyFacts;
}

/** The role of an instance profile. */
export interface RoleFacts extends Omit<AccessFacts, "name"> {
  readonly profileArn: string;
  /** Whether the profile was deleted while instances use it. */
  readonly deleted?: boolean;
  /** Undefined if the profile has no role, or was deleted. */
  readonly name?: string;
}

export interface ImageFacts {
  readonly id: string;
  readonly name: string;
  readonly daysOld: number;
  /** x86_64 or arm64. */
  readonly architecture?: string;
}

/** The launch template of an Auto Scaling group, in the version that the next instance starts from. */
export interface TemplateFacts {
  /** The name of the Auto Scaling group. */
  readonly group: string;
  readonly id: string;
  /** The version that the group names. */
  readonly version: string;
  /** The types of the next instance. Empty if the group selects types by their attributes. */
  readonly instanceTypes: readonly string[];
  /** Undefined if the launch template or the version was deleted. */
  readonly found?: {
    readonly number: number;
    /** The number of the newest version. */
    readonly newest: number;
    /** An ID, or a reference to a parameter. */
    readonly imageId?: string;
    /** The ARN or the name of the instance profile. */
    readonly profile?: string;
    /** The KMS keys of its volumes. */
    readonly keyIds: readonly string[];
  };
}

export interface InstanceTypeFacts {
  readonly name: string;
  readonly architectures: readonly string[];
  /** The most network interfaces of an instance, with its own. */
  readonly interfaces?: number;
}

export interface TaskDefinitionFacts {
  readonly arn: string;
  /** ACTIVE, INACTIVE, DELETE_IN_PROGRESS. */
  readonly status: string;
  /** bridge, host, awsvpc, none. */
  readonly networkMode: string;
  /** The architecture that its tasks require: x86_64 or arm64. @default - any */
  readonly architecture?: string;
  readonly executionRoleArn?: string;
  readonly taskRoleArn?: string;
  readonly containers: readonly {
    readonly name: string;
    readonly image: string;
    /** The log group of the log driver awslogs. @default - another driver */
    readonly logGroup?: {
      readonly name: string;
      /** @default - the region of the cluster */
      readonly region?: string;
      /** Whether the agent creates it. */
      readonly isCreated: boolean;
    };
    /** The ports that it maps. A range has no fixed host port. @default - none */
    readonly ports?: readonly {
      readonly from: number;
      readonly to: number;
      readonly protocol: string;
      /** The fixed port of the instance. @default - a dynamic port */
      readonly host?: number;
    }[];
    /** The ARNs of secrets, and the names or ARNs of parameters, as the task definition has them. */
    readonly secrets: readonly string[];
  }[];
}

export interface LogGroupFacts {
  readonly name: string;
  /** The KMS key. @default - the key of the service */
  readonly keyId?: string;
}

export interface SecretFacts {
  readonly arn: string;
  readonly name: string;
  /** Whether it is scheduled for deletion. */
  readonly isDeleted: boolean;
  /** Whether it has a current value. */
  readonly hasValue: boolean;
  /** The KMS key. @default - the key of the service */
  readonly keyId?: string;
}

export interface ParameterFacts {
  readonly name: string;
  /** The KMS key of a SecureString. @default - another type */
  readonly keyId?: string;
}

/** A repository of ECR, with some of its images. */
export interface RepositoryFacts {
  readonly name: string;
  readonly exists: boolean;
  readonly images: readonly {
    readonly tag?: string;
    readonly digest?: string;
    /** x86_64 and arm64. Undefined for an image of one architecture, which ECR does not name. */
    readonly architectures?: readonly string[];
  }[];
}

export interface KeyFacts {
  readonly arn: string;
  /** Enabled, Disabled, PendingDeletion, PendingImport, Unavailable …, or `deleted`. */
  readonly state: string;
  /** The day of its deletion. @default - none */
  readonly deletionDate?: string;
}

/** An encrypted volume. */
export interface VolumeFacts {
  readonly id: string;
  readonly instanceId: string;
  readonly keyId: string;
}

export interface QueueFacts {
  readonly name: string;
  readonly url: string;
  /** The messages that can be received, as SQS counts them. */
  readonly messages: number;
}

export interface ScheduleFacts {
  readonly name: string;
  /** The name of the schedule group. */
  readonly group: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  /** The days since the schedule was created, or since its start date. */
  readonly daysOld: number;
  /** Whether its end date is over. */
  readonly isOver: boolean;
  readonly roleArn: string;
  /** The ARN of the task definition, with or without a revision. */
  readonly taskDefinition?: string;
  /** The runs of the last 30 days. Undefined for a group with other schedules, because CloudWatch counts the runs of a group. */
  readonly attempts?: number;
  /** The dead-letter queue. Undefined if the schedule has none. */
  readonly queue?: QueueFacts;
}

export interface ScalingFacts {
  /** The name of the service. */
  readonly service: string;
  /** The fewest and the most tasks. */
  readonly min: number;
  readonly max: number;
  /** What is suspended: `scale-in`, `scale-out`, `schedules`. */
  readonly suspended: readonly string[];
  /** The queue that a policy follows. Undefined if no policy does. */
  readonly queue?: QueueFacts;
  /** The dead-letter queue of the queue. Undefined if it has none. */
  readonly deadLetters?: QueueFacts & { readonly arn: string };
}

/** An account, seen from one cluster. Each part is read once, when a check first needs it. */
export interface Account {
  readonly clusterName: string;
  readonly region: string;
  /** The account's ID. */
  accountId(): Promise<string>;
  /** The cluster, or undefined if none has this name. */
  cluster(): Promise<ClusterFacts | undefined>;
  /** The names of all clusters in the region. */
  clusterNames(): Promise<readonly string[]>;
  /** The capacity providers of the cluster. */
  providers(): Promise<readonly ProviderFacts[]>;
  /** The Auto Scaling groups of the cluster's capacity providers. */
  groups(): Promise<readonly GroupFacts[]>;
  /** The EC2 instances of the groups, and the registered ones, in any state. */
  instances(): Promise<readonly InstanceFacts[]>;
  containerInstances(): Promise<readonly ContainerInstanceFacts[]>;
  services(): Promise<readonly ServiceFacts[]>;
  /** The running tasks. */
  tasks(): Promise<readonly TaskFacts[]>;
  /** The tasks that stopped in the last hour. ECS forgets older ones. */
  stoppedTasks(): Promise<readonly TaskFacts[]>;
  /** The tasks that failed in the last day, newest first. Undefined for a cluster without `eventArchive`. */
  archivedTasks(): Promise<readonly TaskFacts[] | undefined>;
  /** The schedules of EventBridge Scheduler that start tasks on the cluster. */
  schedules(): Promise<readonly ScheduleFacts[]>;
  /** The scaling of the services. */
  scaling(): Promise<readonly ScalingFacts[]>;
  /** The target groups of the services. */
  targetGroups(): Promise<readonly TargetGroupFacts[]>;
  /** The load balancers of the target groups. */
  balancers(): Promise<readonly BalancerFacts[]>;
  /** The listeners of these load balancers. */
  listeners(): Promise<readonly ListenerFacts[]>;
  /** The certificates of the listeners. */
  certificates(): Promise<readonly CertificateFacts[]>;
  /** The tags `Name` of listener rules, by ARN. */
  ruleNames(arns: readonly string[]): Promise<Readonly<Record<string, string>>>;
  securityGroups(ids: readonly string[]): Promise<readonly SecurityGroupFacts[]>;
  subnets(ids: readonly string[]): Promise<readonly SubnetFacts[]>;
  routeTables(vpcIds: readonly string[]): Promise<readonly RouteTableFacts[]>;
  /** The network ACLs of VPCs. */
  acls(vpcIds: readonly string[]): Promise<readonly AclFacts[]>;
  /** The endpoints of VPCs for services of AWS. */
  endpoints(vpcIds: readonly string[]): Promise<readonly EndpointFacts[]>;
  vpcs(ids: readonly string[]): Promise<readonly VpcFacts[]>;
  /** The status checks of running instances. */
  statuses(instanceIds: readonly string[]): Promise<readonly StatusFacts[]>;
  /** The user data of an instance, decoded. */
  userData(instanceId: string): Promise<string>;
  /** The role of an instance profile, with its policies. */
  role(profileArn: string): Promise<RoleFacts>;
  images(ids: readonly string[]): Promise<readonly ImageFacts[]>;
  /** The launch templates of the groups. */
  templates(): Promise<readonly TemplateFacts[]>;
  instanceTypes(names: readonly string[]): Promise<readonly InstanceTypeFacts[]>;
  /** A task definition by its ARN, or by its family. Undefined if it was deleted. */
  taskDefinition(name: string): Promise<TaskDefinitionFacts | undefined>;
  /** A role by its ARN. Undefined if it was deleted. */
  taskRole(arn: string): Promise<AccessFacts | undefined>;
  /** The log groups with these names that exist. */
  logGroups(names: readonly string[]): Promise<readonly LogGroupFacts[]>;
  /** A secret by its ARN or name. Undefined if it does not exist. */
  secret(id: string): Promise<SecretFacts | undefined>;
  /** Whether a secret has a policy of its own. */
  hasSecretPolicy(id: string): Promise<boolean>;
  /** The parameters with these names that exist. */
  parameters(names: readonly string[]): Promise<readonly ParameterFacts[]>;
  /** A repository of ECR with the images that have these tags or digests. */
  repository(name: string, tags: readonly string[]): Promise<RepositoryFacts>;
  /** Whether a repository has a policy of its own. */
  hasRepositoryPolicy(name: string): Promise<boolean>;
  /** The prefixes of the repositories that ECR creates from other registries, or `ROOT` for every name. */
  cachePrefixes(): Promise<readonly string[]>;
  /** A KMS key by an ID, an ARN or an alias. */
  key(id: string): Promise<KeyFacts>;
  /** The encrypted volumes of the running instances. */
  volumes(): Promise<readonly VolumeFacts[]>;
}
