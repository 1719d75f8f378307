/**
 * How instances are replaced when the launch template changes. AWS's bake time is missing, since the provider has no
 * argument for it: `bakeTime` is refused with what to use in its place.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
 */
export interface InstanceRefresh {
  /** Percent of the group that stays in service meanwhile, 0 to 100. @default 100 */
  readonly minHealthyPercentage?: number;
  /** Percent of the group that there may be meanwhile, 100 to 200, at most 100 over the minimum. @default 110 */
  readonly maxHealthyPercentage?: number;
  /** Seconds until a new instance counts, 0 to 3600. @default - the group's health check grace period */
  readonly instanceWarmupSeconds?: number;
  /** Percentages of replaced instances at which it pauses, each greater than the one before, the last one 100: a refresh ends at its last checkpoint. @default - no pause */
  readonly checkpointPercentages?: readonly number[];
  /** Seconds of each pause, 0 to 172800. @default 3600 */
  readonly checkpointDelaySeconds?: number;
  /** Bring the former template back when the refresh fails, or an alarm goes off. @default false */
  readonly autoRollback?: boolean;
  /** CloudWatch alarms that fail the refresh, by name, 1 to 10. It then goes back with `autoRollback`, and without stops where it is. @default - none */
  readonly alarms?: readonly string[];
  /** Leave instances that already are as the template says. @default false */
  readonly skipMatching?: boolean;
}

/**
 * How fast managed scaling starts instances. What it leaves out is as ECS has it.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ManagedScaling.html
 */
export interface ManagedScaling {
  /** Seconds until a new instance counts, 0 to 10000. @default - ECS's own: 300 */
  readonly instanceWarmupSeconds?: number;
  /** The fewest instances that it starts at a time, 1 to 10000. @default - ECS's own: 1 */
  readonly minimumStepSize?: number;
  /** The most instances that it starts at a time, 1 to 10000. @default - ECS's own: 10000 */
  readonly maximumStepSize?: number;
}

/** Sizes that begin at a time; what is left out stays as it is. */
export interface ScheduledSize {
  /** When, as five fields of cron: `0 20 * * MON-FRI`. Minute 0-59, hour 0-23, day 1-31, month 1-12 or JAN-DEC, weekday 0-7 or SUN-SAT. */
  readonly recurrence: string;
  /** The time zone of the recurrence by its IANA name: `Asia/Seoul`. @default "Etc/UTC" */
  readonly timeZone?: string;
  /** The fewest instances from then on, 0 to 5000. @default - as it is */
  readonly minSize?: number;
  /** The most instances from then on, 0 to 5000. @default - as it is */
  readonly maxSize?: number;
  /** The instances to have then; managed scaling decides afterwards. @default - as it is */
  readonly desiredSize?: number;
}

/**
 * Instances that have booted before they are needed. ECS takes none back on scale-in (`reuseOnScaleIn`), and EC2
 * hibernates none that ECS uses: both are refused.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-warm-pool.html
 */
export interface WarmPool {
  /** The fewest instances in the pool, 0 to 5000. @default 0 */
  readonly minSize?: number;
  /** The most instances in the pool and in service together, 0 to 5000. @default - `max_size` */
  readonly maxPreparedCapacity?: number;
  /** `stopped` ones cost their volumes alone; `running` ones are there sooner. @default "stopped" */
  readonly state?: (typeof WARM_POOL_STATES)[number];
}

/** What instances in a warm pool do. */
export const WARM_POOL_STATES = ["stopped", "running"] as const;
/** When a lifecycle hook holds an instance. */
export const HOOK_TRANSITIONS = ["launching", "terminating"] as const;
/** What happens when nobody answers. */
export const HOOK_RESULTS = ["abandon", "continue"] as const;

/** Holds an instance until somebody is done with it, or the time is over. */
export interface LifecycleHook {
  /** Before it goes into service, the first instances of a new group included, or before it goes. Who answers for the first ones has to be there already. */
  readonly transition: (typeof HOOK_TRANSITIONS)[number];
  /** Seconds to wait for an answer, 30 to 7200. @default 3600 */
  readonly heartbeatTimeoutSeconds?: number;
  /** What happens without an answer; `abandon` ends an instance that was launching. @default "abandon" */
  readonly defaultResult?: (typeof HOOK_RESULTS)[number];
  /** An SNS topic or SQS queue that is told; needs `roleArn`. @default - EventBridge alone */
  readonly notificationTargetArn?: string;
  /** The role that may tell it. @default - none */
  readonly roleArn?: string;
  /** Text that is told with it, at most 1023 characters. @default - none */
  readonly notificationMetadata?: string;
}

/** How a group's instances come, are replaced and go. */
export interface GroupSettings {
  /** How fast managed scaling starts instances. @default - as ECS does */
  readonly managedScaling?: ManagedScaling;
  /** How instances are replaced when the launch template changes; `false` leaves that to you. @default - one more, then one less, without a pause */
  readonly instanceRefresh?: false | InstanceRefresh;
  /** Replace instances that are older, in days, 1 to 365. @default - none is too old */
  readonly maxInstanceLifetimeDays?: number;
  /** Sizes by time, by a name of your own. They move `min_size` and `max_size`, which Terraform then leaves alone. @default - none */
  readonly schedules?: Readonly<Record<string, ScheduledSize>>;
  /** Keep instances ready that have booted. On demand only, and of one type. @default - none */
  readonly warmPool?: WarmPool;
  /** Hooks by a name of your own. @default - those of managed draining, which ECS makes itself */
  readonly lifecycleHooks?: Readonly<Record<string, LifecycleHook>>;
}

/** What a refresh does where nothing else is said: a new instance first, then an old one less, so that a group of one stays up. */
export const INSTANCE_REFRESH_DEFAULTS = { minHealthyPercentage: 100, maxHealthyPercentage: 110 } as const;

/** Auto Scaling's own, said each time. */
export const DEFAULT_TIME_ZONE = "Etc/UTC";
