import { wholeNumber } from "../validation/rule";
import { boolean, number, schemaOf } from "../validation/schema";
import type { Limit } from "../validation/settings-rule";
import { type ScalingMetric, scalingMetricSchema } from "./scaling-metric";

/** How all target tracking policies of a service behave. */
export interface TargetTrackingBehaviour {
  /** Seconds from one scale-out to the next. @default 60 */
  readonly scaleOutCooldownSeconds?: number;
  /** Seconds from one scale-in to the next. @default 300 */
  readonly scaleInCooldownSeconds?: number;
  /** Never stop tasks. Another policy or a schedule can. @default - false: target tracking also stops tasks */
  readonly disableScaleIn?: boolean;
}

/**
 * Keeps a metric at a value. The metric must fall when the number of tasks rises, as a value for each task does. If it has no
 * data, the number of tasks stays.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html
 */
export interface TargetTracking extends ScalingMetric, TargetTrackingBehaviour {
  /** The value to keep. */
  readonly targetValue: number;
  /** Seconds from one scale-out to the next. @default - `scaleOutCooldownSeconds` of the scaling */
  readonly scaleOutCooldownSeconds?: number;
  /** Seconds from one scale-in to the next. @default - `scaleInCooldownSeconds` of the scaling */
  readonly scaleInCooldownSeconds?: number;
  /** Never stop tasks for this policy. @default - `disableScaleIn` of the scaling */
  readonly disableScaleIn?: boolean;
}

/** The field of the seconds between two changes of the number of tasks. */
export const cooldownRule = wholeNumber(0, 3600, "seconds", "Remove it for the default.");

const aboveZero: Limit<number> = { must: "be above 0", fix: "For example 100.", check: (value) => value > 0 };

export const targetTrackingSchema = schemaOf<TargetTracking>()(
  {
    ...scalingMetricSchema.shape,
    targetValue: number(aboveZero),
    scaleOutCooldownSeconds: number(cooldownRule).optional(),
    scaleInCooldownSeconds: number(cooldownRule).optional(),
    disableScaleIn: boolean().optional(),
  },
  ...scalingMetricSchema.rules,
);
