/** What the doctor reads from an account, as plain objects. The checks use these and never the AWS SDK. */

export interface ClusterFacts {
  readonly arn: string;
  readonly name: string;
  /** ACTIVE, PROVISIONING, DEPROVISIONING, FAILED or INACTIVE. */
  readonly status: string;
  readonly capacityProviders: readonly string[];
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
  readonly minutesOld: number;
  readonly publicAddress?: string;
  readonly imageId: string;
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
  /** The target groups of `targetGroupArns` that ECS uses in turn with another one, by that one. @default - rolling deployments */
  readonly alternates?: Readonly<Record<string, string>>;
  /** How deployments move requests, and the minutes that they take by their settings. @default - rolling deployments */
  readonly strategy?: { readonly name: string; readonly minutes: number };
  /** The security groups of the tasks in awsvpc mode, and the ports that the load balancer connects to. @default - another mode */
  readonly network?: { readonly securityGroupIds: readonly string[]; readonly ports: readonly number[] };
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

export interface TaskFacts {
  readonly id: string;
  /** The service of the task. Undefined if no service started it. */
  readonly service?: string;
  /** The family of the task definition. */
  readonly family?: string;
  readonly instanceId?: string;
  /** The address of the task in awsvpc mode. Undefined in another mode. */
  readonly address?: string;
  readonly stopCode: string;
  readonly stoppedReason: string;
  readonly containers: readonly {
    readonly name: string;
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
}

export interface RuleFacts {
  /** tcp, udp, or -1 for all protocols. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly cidrs: readonly string[];
  readonly groupIds: readonly string[];
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

export interface RoleFacts {
  readonly profileArn: string;
  /** Whether the profile was deleted while instances use it. */
  readonly deleted?: boolean;
  /** Undefined if the profile has no role, or was deleted. */
  readonly name?: string;
  /** The services that may assume the role. */
  readonly trustedServices: readonly string[];
  readonly policies: readonly PolicyFacts[];
  /** The permissions boundary. Undefined if the role has none. */
  readonly boundary?: PolicyFacts;
}

export interface ImageFacts {
  readonly id: string;
  readonly name: string;
  readonly daysOld: number;
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
  securityGroups(ids: readonly string[]): Promise<readonly SecurityGroupFacts[]>;
  /** The user data of an instance, decoded. */
  userData(instanceId: string): Promise<string>;
  /** The role of an instance profile, with its policies. */
  role(profileArn: string): Promise<RoleFacts>;
  images(ids: readonly string[]): Promise<readonly ImageFacts[]>;
}
