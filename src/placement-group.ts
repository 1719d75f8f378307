import { hcl } from "./expression";
import type { Guard, InstanceSelection } from "./instance-selection";
import type { PlacementGroupStrategy } from "./placement-rules";

/**
 * The subnets of a group whose instances are placed so. Auto Scaling refuses `cluster` with several zones, so it gets the
 * first of them alone.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
 */
export const placedSubnetIds = ({ subnetIds }: InstanceSelection, strategy?: PlacementGroupStrategy): string[] =>
  strategy === "cluster" ? hcl`slice(${subnetIds}, 0, min(1, length(${subnetIds})))`.list : subnetIds;

/** Every type can be placed so: EC2 starts no burstable type in a cluster. Of requirements nothing is known at plan. */
export function placementGuards(
  { names, details, variable }: InstanceSelection,
  strategy?: PlacementGroupStrategy,
): Guard[] {
  if (!strategy || !names) return [];
  const wrong = hcl`[for name, type in ${details} : name if !contains(type.supported_placement_strategies, ${strategy})]`;
  return [
    {
      condition: hcl`length(${wrong}) == 0`.string,
      errorMessage: `These of ${variable} can't be in a placement group with the strategy ${strategy}: ${hcl`join(", ", ${wrong})`}. Choose others: aws ec2 describe-instance-types --filters Name=placement-group-info.supported-strategies,Values=${strategy} --query InstanceTypes[].InstanceType`,
    },
  ];
}
