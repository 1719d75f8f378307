import { PlacementGroup as AwsPlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import type { Construct } from "constructs";
import type { InstanceRequirementsSettings, InstanceSelection } from "../instances/instance-selection";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { purposeTags } from "../terraform/purpose-tags";
import { wholeNumber } from "../validation/rule";
import { choice, number, plain } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-groups.html */
const PLACEMENT_GROUPS = ["cluster", "spread", "partition"] as const;

/** The strategy of a placement group. */
type PlacementGroupStrategy = (typeof PLACEMENT_GROUPS)[number];

/** Limits of placement groups. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/limitations-placement-groups.html */
export const PLACEMENT_LIMITS = {
  /** Running instances of a spread group in one zone. */
  spreadPerZone: 7,
  partitions: { min: 1, max: 7 },
} as const;

/** The number of partitions that AWS uses by default. */
const DEFAULT_PARTITION_COUNT = 2;

/** Where AWS places the instances of a group. */
export interface Placement {
  /**
   * Creates a placement group for the instances. `cluster` places them close together in one zone, `spread` on separate
   * hardware with at most 7 instances in each zone, `partition` in partitions that share no hardware. Changing it replaces
   * the placement group and the instances.
   * @default - AWS chooses
   */
  readonly placementGroup?: PlacementGroupStrategy;
  /** The number of partitions, with `placementGroup: "partition"`. Changing it replaces the placement group and the instances. @default - 2 */
  readonly partitionCount?: number;
}

const { min, max } = PLACEMENT_LIMITS.partitions;

/** The fields of a placement, to spread into a schema. */
export const placementShape = {
  placementGroup: plain(choice(...PLACEMENT_GROUPS)).optional(),
  partitionCount: plain(number(wholeNumber(min, max, "partitions in each zone", "For example 2."))).optional(),
};

/** A placement, and the instance types that it excludes. */
interface PlacedInstances extends Placement {
  readonly instanceRequirements?: Pick<InstanceRequirementsSettings, "burstablePerformance">;
}

/** What a placement group excludes. */
export function* placementRules(
  { placementGroup, instanceRequirements }: Known<PlacedInstances>,
  given: Given<PlacedInstances>,
): Findings<Placement> {
  const burstable = instanceRequirements?.burstablePerformance;
  if (placementGroup === "cluster" && (burstable === "included" || burstable === "required")) {
    yield {
      at: "placementGroup",
      must: `not be "cluster" with burstablePerformance "${burstable}"`,
      fix: "EC2 cannot start burstable types in a cluster placement group. Remove burstablePerformance, or use spread.",
    };
  }
  const isKnown = given("placementGroup") === (placementGroup !== undefined);
  if (given("partitionCount") && isKnown && placementGroup !== "partition") {
    const fix = 'Set placementGroup to "partition", or remove it.';
    yield { at: "partitionCount", must: 'be used with placementGroup "partition"', fix };
  }
}

/**
 * Creates the placement group of a group's instances. AWS cannot change the strategy or the partitions, and cannot delete
 * a placement group that has instances. So both are part of the name: the new one exists before the instances move to it,
 * and the old one is deleted after its instances are replaced.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeletePlacementGroup.html
 * @returns its name, or undefined without a strategy
 */
export function createPlacementGroup(scope: Construct, name: string, placement: Placement): string | undefined {
  const { placementGroup: strategy, partitionCount = DEFAULT_PARTITION_COUNT } = placement;
  if (!strategy) return undefined;
  const kind = strategy === "partition" ? `${strategy}-${partitionCount}` : strategy;
  return new AwsPlacementGroup(scope, "placement_group", {
    name: `${name}-instances-${kind}`,
    strategy,
    partitionCount: strategy === "partition" ? partitionCount : undefined,
    tags: purposeTags(`${name}-instances-${kind}`, "Placement of the container instances"),
    lifecycle: { createBeforeDestroy: true },
  }).name;
}

/**
 * Returns the subnets of the instances. Auto Scaling rejects `cluster` with several zones, so it gets only the first subnet.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
 */
export const placedSubnetIds = ({ subnetIds }: InstanceSelection, strategy?: PlacementGroupStrategy): string[] =>
  strategy === "cluster" ? hcl`slice(${subnetIds}, 0, min(1, length(${subnetIds})))`.list : subnetIds;

/**
 * Returns the guards of a placement: every instance type supports it, and every instance has a place.
 * @param sizes the largest sizes that the group can have
 */
export function placementGuards(
  selection: InstanceSelection,
  strategy: PlacementGroupStrategy | undefined,
  sizes: readonly number[],
): Guard[] {
  if (!strategy) return [];
  return [...typeGuards(selection, strategy), ...(strategy === "spread" ? [spreadGuard(selection, sizes)] : [])];
}

/** Returns the guard of the instance types. With instance requirements, no type is known at plan. */
function typeGuards({ names, details, variable }: InstanceSelection, strategy: PlacementGroupStrategy): Guard[] {
  if (!names) return [];
  const wrong = hcl`[for name, type in ${details} : name if !contains(type.supported_placement_strategies, ${strategy})]`;
  return [
    {
      condition: hcl`length(${wrong}) == 0`.string,
      errorMessage: `${variable} must support placement groups with the strategy ${strategy}; received ${hcl`join(", ", ${wrong})`}. List the types that do: aws ec2 describe-instance-types --filters Name=placement-group-info.supported-strategies,Values=${strategy} --query InstanceTypes[].InstanceType`,
    },
  ];
}

/** Returns the guard of a spread group. Above the limit, Auto Scaling reports the missing instances only in its activities. */
function spreadGuard({ variable, zones }: InstanceSelection, sizes: readonly number[]): Guard {
  const { spreadPerZone } = PLACEMENT_LIMITS;
  const size = variable.endsWith("instance_types") ? variable.replace(/instance_types$/, "max_size") : "maxSize";
  const largest = hcl`max(${sizes}...)`;
  const most = hcl`${spreadPerZone} * length(${zones})`;
  return {
    condition: hcl`${largest} <= ${most}`.string,
    errorMessage: `${size} and maxSize of schedules must be at most ${most} with placementGroup spread, which runs ${spreadPerZone} instances in each zone; received ${largest} in ${hcl`join(", ", ${zones})`}. Lower it, or use partition.`,
  };
}
