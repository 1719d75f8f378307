import type { EcsCapacityProviderAutoScalingGroupProviderManagedScaling } from "@cdktf/provider-aws/lib/ecs-capacity-provider";
import { wholeNumber } from "../validation/rule";
import { number, schemaOf } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";

/**
 * How fast managed scaling starts instances.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ManagedScaling.html
 */
export interface ManagedScaling {
  /** Seconds until a new instance counts. @default - 300, the default of ECS */
  readonly instanceWarmupSeconds?: number;
  /** The fewest instances that one step starts. @default - 1, the default of ECS */
  readonly minimumStepSize?: number;
  /** The most instances that one step starts. @default - 10000, the default of ECS */
  readonly maximumStepSize?: number;
}

const stepSize = wholeNumber(1, 10_000, "instances", "Remove it for the default of ECS.");

export const managedScalingSchema = schemaOf<ManagedScaling>()(
  {
    instanceWarmupSeconds: number(wholeNumber(0, 10_000, "seconds", "Remove it for the default of ECS.")).optional(),
    minimumStepSize: number(stepSize).optional(),
    maximumStepSize: number(stepSize).optional(),
  },
  stepSizesInOrder,
);

function* stepSizesInOrder({
  minimumStepSize: least,
  maximumStepSize: most,
}: Known<ManagedScaling>): Findings<ManagedScaling> {
  if (least === undefined || most === undefined || least <= most) return;
  const must = `be at least minimumStepSize, which is ${least}`;
  yield { at: "maximumStepSize", must, fix: "Raise it, or lower minimumStepSize." };
}

/** Returns managed scaling in the provider's words. ECS fills in what is undefined. */
export const managedScalingBlock = (
  targetCapacity: number,
  { instanceWarmupSeconds, minimumStepSize, maximumStepSize }: ManagedScaling = {},
): EcsCapacityProviderAutoScalingGroupProviderManagedScaling => ({
  status: "ENABLED",
  targetCapacity,
  instanceWarmupPeriod: instanceWarmupSeconds,
  minimumScalingStepSize: minimumStepSize,
  maximumScalingStepSize: maximumStepSize,
});
