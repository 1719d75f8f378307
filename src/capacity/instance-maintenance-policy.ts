import type { AutoscalingGroupInstanceMaintenancePolicy } from "@cdktf/provider-aws/lib/autoscaling-group";
import { wholeNumber } from "../validation/rule";
import { number, type Parsed, schemaOf } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";

/**
 * How much of the group is in service while Auto Scaling replaces instances by itself: unhealthy instances, those that reach
 * `maxInstanceLifetimeDays`, and those that move to another zone. An instance refresh has its own percentages.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-maintenance-policy.html
 */
export interface InstanceMaintenancePolicy {
  /** Percent of the group that stays in service. At 100, Auto Scaling starts an instance before it terminates another one. */
  readonly minHealthyPercentage: number;
  /** Percent of the group that can exist meanwhile, at most 100 above `minHealthyPercentage`. */
  readonly maxHealthyPercentage: number;
}

export const instanceMaintenancePolicySchema = schemaOf<InstanceMaintenancePolicy>()(
  {
    minHealthyPercentage: number(wholeNumber(0, 100, "percent", "For example 100.")),
    maxHealthyPercentage: number(wholeNumber(100, 200, "percent", "For example 110.")),
  },
  atMost100Apart,
);

function* atMost100Apart({
  minHealthyPercentage: least,
  maxHealthyPercentage: most,
}: Known<InstanceMaintenancePolicy>): Findings<InstanceMaintenancePolicy> {
  if (least === undefined || most === undefined || most - least <= 100) return;
  const must = `be at most 100 above minHealthyPercentage, which is ${least}`;
  yield { at: "maxHealthyPercentage", must, fix: "Lower it, or raise minHealthyPercentage." };
}

/** Returns the policy in the provider's words. */
export const instanceMaintenancePolicyBlock = (
  policy: Parsed<typeof instanceMaintenancePolicySchema>,
): AutoscalingGroupInstanceMaintenancePolicy => ({ ...policy });
