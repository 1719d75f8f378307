/** What is read off an account, in plain objects: the checks decide on these and never meet the SDK. */

export interface ClusterFacts {
  readonly arn: string;
  readonly name: string;
  /** ACTIVE, PROVISIONING, DEPROVISIONING, FAILED or INACTIVE. */
  readonly status: string;
  readonly capacityProviders: readonly string[];
}

export interface GroupFacts {
  readonly name: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredSize: number;
  readonly instances: readonly { readonly id: string; readonly lifecycleState: string }[];
  /** What the group did last, newest first. */
  readonly activities: readonly { readonly status: string; readonly message: string }[];
}

export interface InstanceFacts {
  readonly id: string;
  /** EC2's own, or `leaving` where its group is about to end it. */
  readonly state: string;
  readonly zone: string;
  readonly minutesOld: number;
  readonly publicAddress?: string;
  readonly imageId: string;
  /** The instance profile's ARN. */
  readonly profileArn?: string;
  readonly securityGroupIds: readonly string[];
  /** Launch template and version; instances of one have the same user data. */
  readonly template: string;
}

export interface ContainerInstanceFacts {
  readonly arn: string;
  readonly instanceId: string;
  readonly agentConnected: boolean;
  readonly agentVersion: string;
  /** ACTIVE, DRAINING, REGISTERING, REGISTRATION_FAILED. */
  readonly status: string;
}

export interface ServiceFacts {
  readonly name: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly targetGroupArns: readonly string[];
  /** Newest first. */
  readonly events: readonly string[];
  readonly deployments: readonly {
    readonly id: string;
    readonly rolloutState: string;
    readonly reason: string;
    readonly failedTasks: number;
  }[];
}

export interface TaskFacts {
  readonly id: string;
  /** The service that started it; undefined for a task run on its own. */
  readonly service?: string;
  readonly instanceId?: string;
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
  readonly healthCheck: string;
  readonly targets: readonly {
    readonly id: string;
    readonly port: number;
    /** healthy, unhealthy, initial, unused, draining, unavailable. */
    readonly state: string;
    /** Such as Target.Timeout. */
    readonly reason: string;
    readonly description: string;
  }[];
}

export interface BalancerFacts {
  readonly arn: string;
  readonly name: string;
  readonly zones: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** The networks of its subnets, where its requests come from. */
  readonly subnetCidrs: readonly string[];
}

export interface RuleFacts {
  /** tcp, udp, -1 for all. */
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
  /** An ARN, or the name of an inline policy. */
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
  /** The profile was deleted, under instances that run. */
  readonly gone?: boolean;
  /** Undefined where the profile holds no role, or is gone. */
  readonly name?: string;
  /** The services that may take the role on. */
  readonly trustedServices: readonly string[];
  readonly policies: readonly PolicyFacts[];
  /** The permissions boundary, where there is one. */
  readonly boundary?: PolicyFacts;
}

export interface ImageFacts {
  readonly id: string;
  readonly name: string;
  readonly daysOld: number;
}

/** A live account, seen through one cluster. Each part is read once, when a check first asks for it. */
export interface Account {
  readonly clusterName: string;
  readonly region: string;
  /** The account's number. */
  accountId(): Promise<string>;
  /** The cluster, or undefined where there is none of that name. */
  cluster(): Promise<ClusterFacts | undefined>;
  /** The names of the region's clusters. */
  clusterNames(): Promise<readonly string[]>;
  /** The auto scaling groups behind the cluster's capacity providers. */
  groups(): Promise<readonly GroupFacts[]>;
  /** The EC2 instances of those groups and those that are registered, whatever their state. */
  instances(): Promise<readonly InstanceFacts[]>;
  containerInstances(): Promise<readonly ContainerInstanceFacts[]>;
  services(): Promise<readonly ServiceFacts[]>;
  /** Tasks that run. */
  tasks(): Promise<readonly TaskFacts[]>;
  /** Tasks that stopped in the last hour or so, which is how long ECS remembers them. */
  stoppedTasks(): Promise<readonly TaskFacts[]>;
  /** The services' target groups. */
  targetGroups(): Promise<readonly TargetGroupFacts[]>;
  /** The load balancers in front of those. */
  balancers(): Promise<readonly BalancerFacts[]>;
  securityGroups(ids: readonly string[]): Promise<readonly SecurityGroupFacts[]>;
  /** What an instance ran at first boot. */
  userData(instanceId: string): Promise<string>;
  /** The role in an instance profile, with all that it may. */
  role(profileArn: string): Promise<RoleFacts>;
  images(ids: readonly string[]): Promise<readonly ImageFacts[]>;
}
