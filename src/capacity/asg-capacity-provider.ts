import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { EcsCapacityProvider } from "@cdktf/provider-aws/lib/ecs-capacity-provider";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Cluster } from "../cluster/cluster";
import { requirementsOverride } from "../instances/instance-requirements";
import type { LaunchTemplate } from "../instances/launch-template";
import { hcl } from "../terraform/expression";
import { CAPACITY_PURPOSE, purposeTags } from "../terraform/purpose-tags";
import { checkProps, isToken, refuse } from "../validation/check-props";
import { bounded, violation, wholeNumber } from "../validation/rule";
import { nameRules, sizeRule, someSizeRule } from "../validation/values";
import { CAPACITY_LIMITS, providerNameRules, singleTypeRule } from "./capacity-rules";
import { CAPACITY_DEFAULTS, CAPACITY_VALUE_DEFAULTS } from "./capacity-settings";
import { groupParts, initialHooksOf, managedScalingOf, refreshOf, warmPoolOf } from "./group-parts";
import { groupMistakes } from "./group-rules";
import type { GroupSettings } from "./group-settings";
import { buyingMistakes, distributionOf, type InstancesDistribution, usesSpot } from "./instances-distribution";
import { placedSubnetIds, placementGroupOf, placementGuards } from "./placement-group";
import { type PlacementGroupStrategy, placementMistakes } from "./placement-rules";

const { min: least, max: most } = CAPACITY_LIMITS.targetCapacity;
const targetCapacityRules = [wholeNumber(least, most, "percent", "100 leaves no instance idle.")];

/** A size against another one, where that one is known at synth. */
const against = (name: string, operator: ">=" | "<=", other: Readonly<Record<string, number>>, fix: string) =>
  Object.entries(other).flatMap(([otherName, value]) =>
    isToken(value) ? [] : [bounded(name, operator, otherName, `${fix} ${otherName}.`)],
  );
const atLeast = (name: string, other: { minSize: number }) => against(name, ">=", other, "Raise it, or lower");
const atMost = (name: string, other: { maxSize: number }) => against(name, "<=", other, "Lower it, or raise");

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html */
const GROUP_METRICS = ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize"] as const;

/** What the variable's own validation says too, for types that come from elsewhere. */
const singleTypeGuard = (variable: string, names: string[]) => ({
  condition: hcl`length(${names}) <= 1`.string,
  errorMessage: `${variable} must ${singleTypeRule.must}; received ${hcl`jsonencode(${names})`}. ${singleTypeRule.fix}`,
});

/** The cluster's capacity. */
export interface AsgCapacityProviderProps extends GroupSettings {
  /** The cluster that gets the capacity. */
  readonly cluster: Cluster;
  /** How each instance starts. */
  readonly launchTemplate: LaunchTemplate;
  /** What the group is called. */
  readonly name: string;
  /** The capacity provider's name; not starting with aws, ecs or fargate. @default - `cp-<name>` */
  readonly capacityProviderName?: string;
  /** The fewest instances. 0 to 5000. @default 1 */
  readonly minSize?: number;
  /** The most instances. @default 2 */
  readonly maxSize?: number;
  /** The instances to start with; managed scaling decides afterwards. @default - `minSize` */
  readonly desiredSize?: number;
  /** The utilization that managed scaling aims at, in percent, 1 to 100. @default 100 */
  readonly targetCapacity?: number;
  /** Spot capacity only; give the agent `spotDraining` too, as the stack does. @default false: on-demand only */
  readonly spot?: boolean;
  /** How much is bought on demand and how much on the Spot market. @default - all on demand; with `spot`, nothing */
  readonly instancesDistribution?: InstancesDistribution;
  /** Replace a Spot instance when it is likely to be interrupted. @default - where Spot is bought */
  readonly capacityRebalance?: boolean;
  /** Keep instances that run tasks from being scaled in; `destroy` takes them down all the same. @default false */
  readonly terminationProtection?: boolean;
  /** Make a placement group for the instances. @default - wherever there is room */
  readonly placementGroup?: PlacementGroupStrategy;
  /** With `placementGroup: "partition"`: into how many groups, 1 to 7. @default 2 */
  readonly partitionCount?: number;
  /** Publish the group's sizes to CloudWatch, free of charge: alarms and the dashboard show them. @default false */
  readonly groupMetrics?: boolean;
  /** Make the provider the cluster's only one and its default; `false` where {@link ClusterCapacityProviders} joins several. @default true */
  readonly association?: boolean;
  /** Tags of the group, which the provider's default tags don't reach. @default - Name and Purpose only */
  readonly tags?: { [key: string]: string };
}

/**
 * An auto scaling group behind a capacity provider that the cluster uses by default. ECS scales the group by what the
 * tasks ask for, and drains an instance before it goes.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
 */
export class AsgCapacityProvider extends Construct {
  /** The capacity provider's name, from its association where it has one: a service that uses it waits until the cluster has it. */
  readonly capacityProviderName: string;
  /** The auto scaling group's name. */
  readonly autoscalingGroupName: string;
  /** What makes the provider the cluster's own: a daemon, which can't name the provider, depends on it. */
  readonly association?: ITerraformDependable;

  constructor(scope: Construct, id: string, props: AsgCapacityProviderProps) {
    super(scope, id);
    const { cluster, launchTemplate, name, desiredSize, targetCapacity = CAPACITY_DEFAULTS.targetCapacity } = props;
    const { minSize = CAPACITY_VALUE_DEFAULTS.minSize, maxSize = CAPACITY_VALUE_DEFAULTS.maxSize } = props;
    const { capacityProviderName = `cp-${name}`, spot = false, terminationProtection = false, tags = {} } = props;
    const { groupMetrics = false } = props;
    checkProps(this, {
      name: [name, nameRules],
      capacityProviderName: [capacityProviderName, providerNameRules],
      minSize: [minSize, [sizeRule]],
      maxSize: [maxSize, [someSizeRule, ...atLeast("maxSize", { minSize })]],
      desiredSize: [
        desiredSize,
        [sizeRule, ...atLeast("desiredSize", { minSize }), ...atMost("desiredSize", { maxSize })],
      ],
      targetCapacity: [targetCapacity, targetCapacityRules],
    });

    const { instanceTypes } = launchTemplate;
    const { requirements, names } = instanceTypes;
    const { warmPool } = props;
    const buying = {
      spot,
      instancesDistribution: props.instancesDistribution,
      instanceRequirements: requirements,
    };
    refuse(this, [
      ...buyingMistakes(buying, (name) => name),
      ...(usesSpot(buying) && !launchTemplate.spotDraining
        ? [
            "launchTemplate must have user data whose agent drains on a Spot interruption notice; received spotDraining: false. Give AgentConfig spotDraining: true.",
          ]
        : []),
      ...groupMistakes({ ...props, ...buying }, (name) => name),
      ...placementMistakes(props, requirements, (name) => name),
      ...(warmPool && names && !isToken(names) && !singleTypeRule.check(names, {})
        ? [violation(instanceTypes.variable, singleTypeRule, names)]
        : []),
    ]);
    const placementGroup = placementGroupOf(this, name, props);
    const initialLifecycleHook = initialHooksOf(props.lifecycleHooks);
    const scheduledSizes = Object.values(props.schedules ?? {}).flatMap(({ maxSize }) => maxSize ?? []);
    const group = new AutoscalingGroup(this, "resource", {
      // Stable: a capacity provider can't be replaced while its cluster uses it, and it names the group.
      // https://github.com/hashicorp/terraform-provider-aws/issues/14393
      name: `${name}-instances`,
      minSize,
      maxSize,
      desiredCapacity: desiredSize,
      vpcZoneIdentifier: placedSubnetIds(instanceTypes, props.placementGroup),
      healthCheckType: "EC2",
      // Managed draining holds a terminating instance until ECS lets it go, and on destroy that is gone before the group
      // is. By then so are the services, so the instances go at once and destroy ends in one run.
      // https://github.com/hashicorp/terraform-provider-aws/issues/18849
      forceDelete: true,
      protectFromScaleIn: terminationProtection,
      placementGroup,
      initialLifecycleHook: initialLifecycleHook.length > 0 ? initialLifecycleHook : undefined,
      // Who answers a launching hook may be made after the group, and an apply that waits for its instances never gets there.
      waitForCapacityTimeout: initialLifecycleHook.length > 0 ? "0" : undefined,
      capacityRebalance: props.capacityRebalance ?? usesSpot(buying),
      enabledMetrics: groupMetrics ? [...GROUP_METRICS] : undefined,
      maxInstanceLifetime: props.maxInstanceLifetimeDays && props.maxInstanceLifetimeDays * 86_400,
      ...(warmPool
        ? // Auto Scaling keeps no pool of a group with a mixed instances policy; the template has the one type.
          {
            launchTemplate: { id: launchTemplate.launchTemplateId, version: launchTemplate.latestVersion },
            warmPool: warmPoolOf(warmPool),
            forceDeleteWarmPool: true,
          }
        : {
            mixedInstancesPolicy: {
              instancesDistribution: distributionOf(buying),
              launchTemplate: {
                launchTemplateSpecification: {
                  launchTemplateId: launchTemplate.launchTemplateId,
                  version: launchTemplate.latestVersion,
                },
                override: requirements && [requirementsOverride(requirements)],
              },
            },
          }),
      instanceRefresh: refreshOf(props.instanceRefresh, {
        terminationProtection,
        placed: placementGroup !== undefined,
      }),
      // The role's policies outlive the instances on destroy, so that they can still drain and deregister.
      dependsOn: [...launchTemplate.role.attachments],
      lifecycle: {
        ignoreChanges: [
          "desired_capacity",
          // Scheduled sizes move them, and a plan would move them back.
          ...(props.schedules ? ["min_size", "max_size"] : []),
          // They count when the group is made and never again: the hooks' own resources have what they are now.
          ...(initialLifecycleHook.length > 0 ? ["initial_lifecycle_hook"] : []),
        ],
        precondition: [
          instanceTypes.zoneGuard,
          ...placementGuards(instanceTypes, props.placementGroup, [maxSize, ...scheduledSizes]),
          ...(warmPool && isToken(names) ? [singleTypeGuard(instanceTypes.variable, names as string[])] : []),
        ],
      },
    });
    // CDKTF's list of blocks can't come from a variable; a dynamic block can.
    if (names && !warmPool) {
      group.addOverride("mixed_instances_policy.launch_template.dynamic.override", {
        for_each: hcl`${names}`,
        content: { instance_type: "${override.value}" },
      });
    }
    group.addOverride("dynamic.tag", {
      // ECS sets AmazonECSManaged itself, and a plan that didn't declare it would take it away each time.
      // https://github.com/hashicorp/terraform-provider-aws/issues/12582
      for_each: hcl`merge(${tags}, ${{ ...purposeTags(`${name}-instances`, CAPACITY_PURPOSE), AmazonECSManaged: "true" }})`,
      content: { key: "${tag.key}", value: "${tag.value}", propagate_at_launch: '${tag.key == "AmazonECSManaged"}' },
    });
    this.autoscalingGroupName = group.name;
    groupParts(this, { autoscalingGroupName: group.name, minSize, maxSize }, props);

    const provider = new EcsCapacityProvider(this, "provider", {
      name: capacityProviderName,
      autoScalingGroupProvider: {
        autoScalingGroupArn: group.arn,
        managedScaling: managedScalingOf(targetCapacity, props.managedScaling),
        managedDraining: "ENABLED",
        managedTerminationProtection: terminationProtection ? "ENABLED" : "DISABLED",
      },
      tags: purposeTags(capacityProviderName, "Scales the container instances by what tasks ask for"),
    });
    this.capacityProviderName = provider.name;
    if (props.association === false) return;
    const association = new EcsClusterCapacityProviders(this, "association", {
      clusterName: cluster.clusterName,
      capacityProviders: [provider.name],
      defaultCapacityProviderStrategy: [{ capacityProvider: provider.name, weight: 1 }],
    });
    this.association = association;
    this.capacityProviderName = hcl`one(${association.fqn}.capacity_providers)`.string;
  }
}
