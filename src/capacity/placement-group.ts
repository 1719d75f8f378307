import { PlacementGroup as AwsPlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import type { Construct } from "constructs";
import type { InstanceSelection } from "../instances/instance-selection";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { purposeTags } from "../terraform/purpose-tags";
import {
  DEFAULT_PARTITION_COUNT,
  PLACEMENT_LIMITS,
  type Placement,
  type PlacementGroupStrategy,
} from "./placement-rules";

/**
 * Where AWS puts the instances of a group, and its name; undefined where that is wherever there is room. Neither strategy
 * nor partitions can be changed, and none can be deleted that instances are in. So they are in the name, and another one
 * is there before the group moves to it; the old one goes once its instances are replaced.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeletePlacementGroup.html
 */
export function placementGroupOf(scope: Construct, name: string, placement: Placement): string | undefined {
  const { placementGroup: strategy, partitionCount = DEFAULT_PARTITION_COUNT } = placement;
  if (!strategy) return undefined;
  const kind = strategy === "partition" ? `${strategy}-${partitionCount}` : strategy;
  return new AwsPlacementGroup(scope, "placement_group", {
    name: `${name}-instances-${kind}`,
    strategy,
    partitionCount: strategy === "partition" ? partitionCount : undefined,
    tags: purposeTags(`${name}-instances-${kind}`, "Where AWS puts the container instances"),
    lifecycle: { createBeforeDestroy: true },
  }).name;
}

/**
 * The subnets of a group whose instances are placed so. Auto Scaling refuses `cluster` with several zones, so it gets the
 * first of them alone.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
 */
export const placedSubnetIds = ({ subnetIds }: InstanceSelection, strategy?: PlacementGroupStrategy): string[] =>
  strategy === "cluster" ? hcl`slice(${subnetIds}, 0, min(1, length(${subnetIds})))`.list : subnetIds;

/**
 * Every type can be placed so, and every instance has a place. Of requirements no type is known at plan.
 * @param sizes the largest sizes that the group may have
 */
export function placementGuards(
  selection: InstanceSelection,
  strategy: PlacementGroupStrategy | undefined,
  sizes: readonly number[],
): Guard[] {
  if (!strategy) return [];
  return [...typeGuards(selection, strategy), ...(strategy === "spread" ? [spreadGuard(selection, sizes)] : [])];
}

/** EC2 starts no burstable type in a cluster. */
function typeGuards({ names, details, variable }: InstanceSelection, strategy: PlacementGroupStrategy): Guard[] {
  if (!names) return [];
  const wrong = hcl`[for name, type in ${details} : name if !contains(type.supported_placement_strategies, ${strategy})]`;
  return [
    {
      condition: hcl`length(${wrong}) == 0`.string,
      errorMessage: `These of ${variable} can't be in a placement group with the strategy ${strategy}: ${hcl`join(", ", ${wrong})`}. Choose others: aws ec2 describe-instance-types --filters Name=placement-group-info.supported-strategies,Values=${strategy} --query InstanceTypes[].InstanceType`,
    },
  ];
}

/** Over the limit the group would stay short of instances, and say so in its activities alone. */
function spreadGuard({ variable, zones }: InstanceSelection, sizes: readonly number[]): Guard {
  const { spreadPerZone } = PLACEMENT_LIMITS;
  const size = variable.endsWith("instance_types") ? variable.replace(/instance_types$/, "max_size") : "maxSize";
  const largest = hcl`max(${sizes}...)`;
  const most = hcl`${spreadPerZone} * length(${zones})`;
  return {
    condition: hcl`${largest} <= ${most}`.string,
    errorMessage: `${size} and maxSize of schedules must be at most ${most} with placementGroup spread, which runs ${spreadPerZone} instances a zone, here in ${hcl`join(", ", ${zones})`}; received ${largest}. Lower it, or choose partition.`,
  };
}
