import { AutoscalingGroup, type AutoscalingGroupConfig } from "@cdktf/provider-aws/lib/autoscaling-group";
import { EcsCapacityProvider, type EcsCapacityProviderConfig } from "@cdktf/provider-aws/lib/ecs-capacity-provider";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type Cluster, clusterField } from "../cluster/cluster";
import { dependableField } from "../cluster/ecs-cluster-target";
import { requirementsOverride } from "../instances/instance-requirements";
import type { InstanceRequirementsSettings } from "../instances/instance-selection";
import { type LaunchTemplate, launchTemplateField } from "../instances/launch-template";
import { hcl } from "../terraform/expression";
import { CAPACITY_PURPOSE, purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules } from "../validation/aws-rules";
import { distinctElements, matches, matchesNot, wholeNumber } from "../validation/rule";
import {
  boolean,
  choice,
  interfaceOf,
  list,
  map,
  number,
  type Parsed,
  plain,
  schemaOf,
  string,
  unavailable,
} from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { validate } from "../validation/validate";
import { capacityProviderReferenceRules } from "./capacity-provider-strategy";
import {
  type CapacityReservationSpecification,
  capacityReservationBlock,
  capacityReservationRules,
  capacityReservationSpecificationSchema,
} from "./capacity-reservation";
import { maxSizeRule, singleTypeRule, sizeRule, sizesInOrder } from "./capacity-values";
import {
  type InstanceMaintenancePolicy,
  instanceMaintenancePolicyBlock,
  instanceMaintenancePolicySchema,
} from "./instance-maintenance-policy";
import { type InstanceRefresh, instanceRefreshBlock, instanceRefreshField } from "./instance-refresh";
import {
  type InstancesDistribution,
  instancesDistributionBlock,
  instancesDistributionRules,
  instancesDistributionSchema,
  usesSpot,
} from "./instances-distribution";
import { createLifecycleHooks, initialHookBlocks, type LifecycleHook, lifecycleHooksField } from "./lifecycle-hook";
import { type ManagedScaling, managedScalingBlock, managedScalingSchema } from "./managed-scaling";
import {
  createPlacementGroup,
  type Placement,
  placedSubnetIds,
  placementGuards,
  placementRules,
  placementShape,
} from "./placement-group";
import { createSchedules, type ScheduledSize, schedulesField } from "./scheduled-size";
import { type WarmPool, warmPoolBlock, warmPoolRules, warmPoolSchema } from "./warm-pool";

/** How instances are spread over the zones when one of them has no capacity. */
const CAPACITY_DISTRIBUTION_STRATEGIES = ["balanced-best-effort", "balanced-only"] as const;

/** Processes that a group works without. Managed scaling needs the others. */
const SUSPENDABLE_PROCESSES = [
  "AZRebalance",
  "HealthCheck",
  "InstanceRefresh",
  "ReplaceUnhealthy",
  "ScheduledActions",
] as const;

/** How the instances of a group start, scale and are replaced. */
export interface GroupSettings extends Placement {
  /** Buys only Spot instances. The agent then drains an instance on an interruption notice. @default false */
  readonly spot?: boolean;
  /** The shares of on-demand and Spot instances. @default - only on-demand instances, or only Spot instances with `spot` */
  readonly instancesDistribution?: InstancesDistribution;
  /** Replaces a Spot instance when an interruption is likely, before the notice. @default - true for a group with Spot instances */
  readonly capacityRebalance?: boolean;
  /** How fast managed scaling starts instances. @default - the defaults of ECS */
  readonly managedScaling?: ManagedScaling;
  /** The utilization that managed scaling aims at, in percent. At 100, no instance is idle. @default 100 */
  readonly targetCapacity?: number;
  /** Protects instances that run tasks from scale-in. `destroy` still terminates them. @default false */
  readonly terminationProtection?: boolean;
  /** How instances are replaced when the launch template changes. `false` leaves the replacement to you. @default {} */
  readonly instanceRefresh?: false | InstanceRefresh;
  /** Days after which an instance is replaced. @default - no limit */
  readonly maxInstanceLifetimeDays?: number;
  /** How Auto Scaling replaces instances outside of an instance refresh. @default - it terminates an unhealthy instance before it starts another one */
  readonly instanceMaintenancePolicy?: InstanceMaintenancePolicy;
  /**
   * Seconds until a new instance counts as ready: an instance refresh and a scaling policy wait for it. `instanceRefresh` has a
   * setting of its own. When you remove it, the AWS provider sets 0.
   * @default - an instance refresh waits for the health check grace period
   */
  readonly defaultInstanceWarmupSeconds?: number;
  /**
   * How Auto Scaling selects the instance to terminate, in this order: the names of AWS, such as `OldestLaunchTemplate`, or the
   * ARN of a version or an alias of a Lambda function. `AllocationStrategy` keeps the shares of types.
   * @default - ["Default"]
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
   */
  readonly terminationPolicies?: readonly string[];
  /**
   * Processes that Auto Scaling does not run, such as `AZRebalance`, which terminates instances to balance the zones. Managed
   * scaling needs `Launch`, `Terminate` and `AlarmNotification`, so these cannot be suspended.
   * @default - none
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
   */
  readonly suspendedProcesses?: readonly (typeof SUSPENDABLE_PROCESSES)[number][];
  /**
   * What happens when a zone has no capacity. `balanced-best-effort` starts instances in the other zones. `balanced-only` keeps
   * trying in the zone. Before you remove the setting, apply `balanced-best-effort`: AWS keeps the last strategy.
   * @default - balanced-best-effort, the default of AWS
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-availability-zone-balanced.html
   */
  readonly capacityDistributionStrategy?: (typeof CAPACITY_DISTRIBUTION_STRATEGIES)[number];
  /** Starts on-demand instances in Capacity Reservations. @default - open reservations that match */
  readonly capacityReservationSpecification?: CapacityReservationSpecification;
  /** Sizes by time, by names that you choose. They change `min_size` and `max_size`, which Terraform then ignores. @default - none */
  readonly schedules?: Readonly<Record<string, ScheduledSize>>;
  /** Keeps instances ready that have booted. It requires on-demand instances of one type. @default - none */
  readonly warmPool?: WarmPool;
  /** Lifecycle hooks by names that you choose. @default - only the hook of managed draining, which ECS creates */
  readonly lifecycleHooks?: Readonly<Record<string, LifecycleHook>>;
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html */
const terminationPolicyRule = matches(
  "^(Default|AllocationStrategy|ClosestToNextInstanceHour|NewestInstance|OldestInstance|OldestLaunchConfiguration|OldestLaunchTemplate|arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+:[A-Za-z0-9_$-]+)$",
  "be the name of a termination policy, or the ARN of a version or an alias of a Lambda function",
  "For example OldestLaunchTemplate.",
);

export const groupSchema = schemaOf<GroupSettings>()({
  ...placementShape,
  spot: plain(boolean()).default(false),
  instancesDistribution: instancesDistributionSchema.optional(),
  capacityRebalance: boolean().optional(),
  managedScaling: managedScalingSchema.optional(),
  targetCapacity: number(wholeNumber(1, 100, "percent", "For example 100.")).default(100),
  terminationProtection: plain(boolean()).default(false),
  instanceRefresh: instanceRefreshField.default({}),
  maxInstanceLifetimeDays: plain(number(wholeNumber(1, 365, "days", "For example 30."))).optional(),
  instanceMaintenancePolicy: instanceMaintenancePolicySchema.optional(),
  defaultInstanceWarmupSeconds: number(
    wholeNumber(1, 2_147_483_647, "seconds", "For example 120. Remove it for the default of AWS."),
  ).optional(),
  terminationPolicies: list(
    string(terminationPolicyRule),
    distinctElements(1, 10, "termination policies", "Remove it for the default of AWS."),
  ).optional(),
  suspendedProcesses: list(
    choice(...SUSPENDABLE_PROCESSES).with({
      fix: "Choose one of these. Managed scaling needs Launch, Terminate and AlarmNotification.",
    }),
    distinctElements(1, SUSPENDABLE_PROCESSES.length, "processes", "Remove it to suspend none."),
  ).optional(),
  capacityDistributionStrategy: choice(...CAPACITY_DISTRIBUTION_STRATEGIES).optional(),
  capacityReservationSpecification: capacityReservationSpecificationSchema.optional(),
  ...unavailable(
    ["weightedCapacity", "desiredCapacityType"],
    "ECS does not support instance weights or units with a capacity provider. It counts instances.",
  ),
  schedules: schedulesField.optional(),
  warmPool: warmPoolSchema.optional(),
  lifecycleHooks: lifecycleHooksField.optional(),
});

/** The settings of a group, and the instance requirements that exclude some of them. */
export interface GroupOfInstances extends GroupSettings {
  readonly instanceRequirements?: InstanceRequirementsSettings;
}

/** The rules between the settings of a group. */
export function* groupRules(
  settings: Known<GroupOfInstances>,
  given: Given<GroupOfInstances>,
): Findings<GroupSettings> {
  yield* instancesDistributionRules(settings, given);
  yield* placementRules(settings, given);
  yield* warmPoolRules(settings, given);
  yield* capacityReservationRules(settings, given);
  yield* suspendedProcessRules(settings, given);
}

/** A suspended process has no effect, although a setting needs it. */
function* suspendedProcessRules(
  { suspendedProcesses, instanceRefresh }: Known<GroupSettings>,
  given: Given<GroupSettings>,
): Findings<GroupSettings> {
  if (!Array.isArray(suspendedProcesses)) return;
  const needs = [
    ["InstanceRefresh", instanceRefresh !== undefined && instanceRefresh !== false, "instanceRefresh to false"],
    ["ScheduledActions", given("schedules"), "no schedules"],
  ] as const;
  for (const [process, isNeeded, fix] of needs) {
    if (!isNeeded || !suspendedProcesses.includes(process)) continue;
    const must = `not have ${process}, which ${process === "InstanceRefresh" ? "instanceRefresh" : "schedules"} needs`;
    yield { at: "suspendedProcesses", must, fix: `Remove it, or set ${fix}.` };
  }
}

/** A group of instances, and the capacity provider that scales it. */
export interface AsgCapacityProviderProps extends GroupSettings {
  /** The cluster that uses the capacity. */
  readonly cluster: Cluster;
  /** How each instance starts. With Spot instances, its agent must drain on an interruption notice. */
  readonly launchTemplate: LaunchTemplate;
  /** The start of the names. */
  readonly name: string;
  /**
   * The name of the capacity provider in AWS. Change it together with `name`: another name replaces the group, AWS cannot give
   * a capacity provider another group, and the new capacity provider is created before the old one is deleted.
   * @default - `cp-<name>`
   */
  readonly capacityProviderName?: string;
  /** The fewest instances. @default 1 */
  readonly minSize?: number;
  /** The most instances. @default 2 */
  readonly maxSize?: number;
  /** The instances at the start. Managed scaling decides afterwards. @default - `minSize` */
  readonly desiredSize?: number;
  /** Publishes the sizes of the group to CloudWatch for alarms and the dashboard. It is free of charge. @default false */
  readonly groupMetrics?: boolean;
  /** Makes the capacity provider the only one of the cluster, and its default. Use `false` with {@link ClusterCapacityProviders}. @default true */
  readonly association?: boolean;
  /** Tags of the group. The default tags of the provider do not apply to it. @default {} */
  readonly tags?: Readonly<Record<string, string>>;
  /** What must exist before the instances start, and until they are gone, such as VPC endpoints. @default - only the policies of the role */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** The name of a new capacity provider. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html */
export const capacityProviderNameRules = [
  matchesNot(
    "^([aA][wW][sS]|[eE][cC][sS]|[fF][aA][rR][gG][aA][tT][eE])",
    "not start with aws, ecs or fargate",
    "ECS reserves these prefixes. Put cp- before the name.",
  ),
  ...capacityProviderReferenceRules,
];

export const asgCapacityProviderPropsSchema = schemaOf<AsgCapacityProviderProps>()(
  {
    ...groupSchema.shape,
    cluster: clusterField,
    launchTemplate: launchTemplateField,
    name: string(...clusterNameRules),
    capacityProviderName: string(...capacityProviderNameRules).optional(),
    minSize: number(sizeRule).default(1),
    maxSize: number(maxSizeRule).default(2),
    desiredSize: number(sizeRule).optional(),
    groupMetrics: plain(boolean()).default(false),
    association: plain(boolean()).default(true),
    tags: map(string()).default({}),
    dependsOn: list(dependableField).default([]),
  },
  sizesInOrder,
  function* (props, given) {
    const instanceRequirements = props.launchTemplate?.instanceTypes?.requirements;
    yield* groupRules({ ...props, instanceRequirements }, given as Given<GroupOfInstances>);
  },
  launchTemplateFits,
);

type Props = AsgCapacityProviderProps;

function* launchTemplateFits(props: Known<Props>, given: Given<Props>): Findings<Props> {
  const { spotDraining, instanceTypes } = props.launchTemplate ?? {};
  if (spotDraining === false && props.spot !== undefined && usesSpot(props as Props)) {
    const must = "drain instances on a Spot interruption notice";
    yield { at: "launchTemplate", must, received: { spotDraining }, fix: "Set spotDraining of AgentConfig to true." };
  }
  const names = instanceTypes?.names;
  if (given("warmPool") && Array.isArray(names) && !isToken(names) && !singleTypeRule.check(names, {})) {
    const { must, fix } = singleTypeRule;
    yield { at: "launchTemplate", must, received: names, fix };
  }
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html */
const GROUP_METRICS = ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize"] as const;

/** Returns the guard for instance types that only Terraform knows. The validation of the variable has the same rule. */
const singleTypeGuard = (variable: string, names: string[]) => ({
  condition: hcl`length(${names}) <= 1`.string,
  errorMessage: `${variable} must ${singleTypeRule.must}; received ${hcl`jsonencode(${names})`}. ${singleTypeRule.fix}`,
});

/**
 * An Auto Scaling group behind a capacity provider that the cluster uses by default. ECS scales the group by the demand of
 * the tasks, and drains an instance before it terminates.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
 */
export class AsgCapacityProvider extends Construct {
  /** The name of the capacity provider. With an association, it comes from there, so a service that uses it waits for the association. */
  readonly capacityProviderName: string;
  /** The name of the Auto Scaling group. */
  readonly autoscalingGroupName: string;
  /** The resource that adds the capacity provider to the cluster. A daemon cannot name the capacity provider, so it depends on this. */
  readonly association?: ITerraformDependable;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: AsgCapacityProviderProps) {
    super(scope, id);
    const settings = validate(this, asgCapacityProviderPropsSchema, props);
    const { cluster, name, minSize, maxSize, schedules, lifecycleHooks } = settings;
    const group = new AutoscalingGroup(this, "resource", this.groupConfiguration(settings));
    this.node.defaultChild = group;
    addDynamicBlocks(group, settings);
    this.autoscalingGroupName = group.name;
    createSchedules(this, { autoscalingGroupName: group.name, minSize, maxSize }, schedules);
    createLifecycleHooks(this, group.name, lifecycleHooks);

    const provider = new EcsCapacityProvider(this, "provider", providerConfiguration(group, name, settings));
    this.capacityProviderName = provider.name;
    if (!settings.association) return;
    const association = new EcsClusterCapacityProviders(this, "association", {
      clusterName: cluster.clusterName,
      capacityProviders: [provider.name],
      defaultCapacityProviderStrategy: [{ capacityProvider: provider.name, weight: 1 }],
    });
    this.association = association;
    this.capacityProviderName = hcl`one(${association.fqn}.capacity_providers)`.string;
  }

  private groupConfiguration(settings: Settings): AutoscalingGroupConfig {
    const { launchTemplate, name, minSize, maxSize, terminationProtection, warmPool, schedules } = settings;
    const { instanceTypes } = launchTemplate;
    const { names } = instanceTypes;
    const placementGroup = createPlacementGroup(this, name, settings);
    const initialHooks = initialHookBlocks(settings.lifecycleHooks);
    const hasInitialHooks = initialHooks.length > 0;
    const scheduledSizes = Object.values(schedules ?? {}).flatMap((schedule) => schedule.maxSize ?? []);
    return {
      // A fixed name: AWS cannot replace a capacity provider that its cluster uses, and the capacity provider refers to
      // the group. https://github.com/hashicorp/terraform-provider-aws/issues/14393
      name: `${name}-instances`,
      minSize,
      maxSize,
      desiredCapacity: settings.desiredSize,
      vpcZoneIdentifier: placedSubnetIds(instanceTypes, settings.placementGroup),
      healthCheckType: "EC2",
      // Managed draining keeps a terminating instance until ECS releases it. On destroy, ECS no longer does so. The services
      // are gone by then, so the instances terminate at once and destroy ends in one run.
      // https://github.com/hashicorp/terraform-provider-aws/issues/18849
      forceDelete: true,
      protectFromScaleIn: terminationProtection,
      placementGroup,
      initialLifecycleHook: hasInitialHooks ? initialHooks : undefined,
      // What answers a launching hook may be created after the group, so the apply must not wait for the instances.
      waitForCapacityTimeout: hasInitialHooks ? "0" : undefined,
      capacityRebalance: settings.capacityRebalance ?? usesSpot(settings),
      enabledMetrics: settings.groupMetrics ? [...GROUP_METRICS] : undefined,
      instanceMaintenancePolicy:
        settings.instanceMaintenancePolicy && instanceMaintenancePolicyBlock(settings.instanceMaintenancePolicy),
      defaultInstanceWarmup: settings.defaultInstanceWarmupSeconds,
      terminationPolicies: settings.terminationPolicies && [...settings.terminationPolicies],
      suspendedProcesses: settings.suspendedProcesses && [...settings.suspendedProcesses],
      availabilityZoneDistribution: settings.capacityDistributionStrategy && {
        capacityDistributionStrategy: settings.capacityDistributionStrategy,
      },
      capacityReservationSpecification:
        settings.capacityReservationSpecification &&
        capacityReservationBlock(settings.capacityReservationSpecification),
      maxInstanceLifetime: settings.maxInstanceLifetimeDays && settings.maxInstanceLifetimeDays * 86_400,
      ...templateBlocks(settings),
      instanceRefresh: instanceRefreshBlock(settings.instanceRefresh, {
        terminationProtection,
        hasPlacementGroup: placementGroup !== undefined,
      }),
      // On destroy, the policies of the role exist until the instances are gone, so that they can drain and deregister.
      dependsOn: [...(launchTemplate.role.attachments ?? []), ...settings.dependsOn],
      lifecycle: {
        ignoreChanges: [
          "desired_capacity",
          // Schedules change the sizes, and a plan would change them back.
          ...(schedules ? ["min_size", "max_size"] : []),
          // The blocks only count when the group is created, and a change would replace the group. Later changes are
          // those of the hooks' own resources.
          "initial_lifecycle_hook",
        ],
        precondition: [
          instanceTypes.zoneGuard,
          ...placementGuards(instanceTypes, settings.placementGroup, [maxSize, ...scheduledSizes]),
          ...(warmPool && names && isToken(names) ? [singleTypeGuard(instanceTypes.variable, names)] : []),
        ],
      },
    };
  }
}

type Settings = Parsed<typeof asgCapacityProviderPropsSchema>;

/** Returns the launch template of a group, with a warm pool or with several instance types. */
function templateBlocks(settings: Settings): Partial<AutoscalingGroupConfig> {
  const { launchTemplate, warmPool } = settings;
  const { requirements } = launchTemplate.instanceTypes;
  if (warmPool) {
    // Auto Scaling allows no warm pool with a mixed instances policy. The launch template has the one type.
    return {
      launchTemplate: { id: launchTemplate.launchTemplateId, version: launchTemplate.latestVersion },
      warmPool: warmPoolBlock(warmPool),
      forceDeleteWarmPool: true,
    };
  }
  return {
    mixedInstancesPolicy: {
      instancesDistribution: instancesDistributionBlock({ ...settings, instanceRequirements: requirements }),
      launchTemplate: {
        launchTemplateSpecification: {
          launchTemplateId: launchTemplate.launchTemplateId,
          version: launchTemplate.latestVersion,
        },
        override: requirements && [requirementsOverride(requirements)],
      },
    },
  };
}

/** CDKTF's list of blocks cannot come from a variable. A dynamic block can. */
function addDynamicBlocks(group: AutoscalingGroup, { launchTemplate, warmPool, name, tags }: Settings): void {
  const { names } = launchTemplate.instanceTypes;
  if (names && !warmPool) {
    group.addOverride("mixed_instances_policy.launch_template.dynamic.override", {
      for_each: hcl`${names}`,
      content: { instance_type: "${override.value}" },
    });
  }
  group.addOverride("dynamic.tag", {
    // ECS sets AmazonECSManaged. Without it here, each plan would remove it.
    // https://github.com/hashicorp/terraform-provider-aws/issues/12582
    for_each: hcl`merge(${tags}, ${{ ...purposeTags(`${name}-instances`, CAPACITY_PURPOSE), AmazonECSManaged: "true" }})`,
    content: { key: "${tag.key}", value: "${tag.value}", propagate_at_launch: '${tag.key == "AmazonECSManaged"}' },
  });
}

function providerConfiguration(
  group: AutoscalingGroup,
  groupName: string,
  { capacityProviderName: name = `cp-${groupName}`, targetCapacity, managedScaling, terminationProtection }: Settings,
): EcsCapacityProviderConfig {
  return {
    name,
    autoScalingGroupProvider: {
      autoScalingGroupArn: group.arn,
      managedScaling: managedScalingBlock(targetCapacity, managedScaling),
      managedDraining: "ENABLED",
      managedTerminationProtection: terminationProtection ? "ENABLED" : "DISABLED",
    },
    tags: purposeTags(name, "Scales the container instances to the demand of tasks"),
    // The cluster and its services must leave a capacity provider before AWS deletes it. Terraform destroys a resource that
    // is removed or renamed after the changes of others only with this. It applies to all that the capacity provider refers to.
    // https://github.com/hashicorp/terraform-provider-aws/issues/29152
    lifecycle: { createBeforeDestroy: true },
  };
}

/** The field of a property for an {@link AsgCapacityProvider}. */
export const asgCapacityProviderField = interfaceOf<AsgCapacityProvider>(
  "a capacity provider",
  "Use an AsgCapacityProvider.",
)({
  capacityProviderName: string(),
  autoscalingGroupName: string(),
});
