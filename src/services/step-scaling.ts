import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import type { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import { numberText } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { wholeNumber } from "../validation/rule";
import { choice, list, number, type Parsed, schemaOf } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { alarmQueries, type ScalingMetric, scalingMetricSchema } from "./scaling-metric";
import { cooldownRule } from "./target-tracking";

/** One step of a step scaling policy: how far the metric is from the threshold, and what changes. */
export interface StepAdjustment {
  /** The metric's least distance from the threshold. @default - no limit */
  readonly metricIntervalLowerBound?: number;
  /** The metric's greatest distance from the threshold. @default - no limit */
  readonly metricIntervalUpperBound?: number;
  /** The tasks, or the percentage of the tasks, to add. A negative number removes tasks. With `ExactCapacity`, the new number. */
  readonly scalingAdjustment: number;
}

/**
 * Changes the number of tasks while an alarm is on. Each policy has its own alarm.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-step-scaling-policies.html
 */
export interface StepScaling extends ScalingMetric {
  /** The value that the metric is compared with. */
  readonly threshold: number;
  /** When the alarm is on. @default "GreaterThanOrEqualToThreshold" */
  readonly comparisonOperator?: (typeof OPERATORS)[number];
  /** The steps. Their intervals neither overlap nor have gaps. */
  readonly stepAdjustments: readonly StepAdjustment[];
  /** What `scalingAdjustment` counts. @default "ChangeInCapacity" */
  readonly adjustmentType?: (typeof ADJUSTMENTS)[number];
  /** The fewest tasks to add or remove, with `PercentChangeInCapacity`. @default - none */
  readonly minAdjustmentMagnitude?: number;
  /** How the values of the alarm's periods become the value that chooses a step. @default "Average" */
  readonly metricAggregationType?: (typeof AGGREGATIONS)[number];
  /** Seconds from one change to the next. @default 300 */
  readonly cooldownSeconds?: number;
  /** Seconds of one period of the alarm. @default 60 */
  readonly periodSeconds?: number;
  /** The number of periods that the alarm looks at. @default 1 */
  readonly evaluationPeriods?: number;
  /** The number of these periods that must break the threshold. @default - `evaluationPeriods` */
  readonly datapointsToAlarm?: number;
  /** What the alarm does without data. @default "missing" */
  readonly treatMissingData?: (typeof MISSING)[number];
}

const OPERATORS = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
] as const;
const ADJUSTMENTS = ["ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"] as const;
const AGGREGATIONS = ["Average", "Minimum", "Maximum"] as const;
const MISSING = ["missing", "notBreaching", "breaching", "ignore"] as const;

const stepAdjustmentSchema = schemaOf<StepAdjustment>()(
  {
    metricIntervalLowerBound: number().optional(),
    metricIntervalUpperBound: number().optional(),
    scalingAdjustment: number(wholeNumber(-5000, 5000, "tasks or percent", "For example 2.")),
  },
  function* upperAboveLower({
    metricIntervalLowerBound: lower,
    metricIntervalUpperBound: upper,
  }: Known<StepAdjustment>) {
    if (lower === undefined || upper === undefined || lower < upper) return;
    const must = `be above metricIntervalLowerBound, which is ${lower}`;
    yield { at: "metricIntervalUpperBound" as const, must, fix: "Raise it, or remove it for no limit." };
  },
);

const periods = wholeNumber(1, 1440, "periods", "For example 3.");

/** https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepScalingPolicyConfiguration.html */
export const stepScalingSchema = schemaOf<StepScaling>()(
  {
    ...scalingMetricSchema.shape,
    threshold: number(),
    comparisonOperator: choice(...OPERATORS).default("GreaterThanOrEqualToThreshold"),
    stepAdjustments: list(stepAdjustmentSchema, {
      must: "have 1 to 20 steps",
      fix: "For example [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }].",
      check: (steps) => steps.length >= 1 && steps.length <= 20,
      offending: { of: (steps) => steps.length },
    }),
    adjustmentType: choice(...ADJUSTMENTS).default("ChangeInCapacity"),
    minAdjustmentMagnitude: number(wholeNumber(1, 5000, "tasks", "For example 2.")).optional(),
    metricAggregationType: choice(...AGGREGATIONS).default("Average"),
    cooldownSeconds: number(cooldownRule).default(300),
    periodSeconds: number({
      must: "be 10, 20, 30 or a multiple of 60 up to 86400 (seconds)",
      fix: "For example 60.",
      check: (value) => [10, 20, 30].includes(value) || (value > 0 && value % 60 === 0 && value <= 86_400),
    }).default(60),
    evaluationPeriods: number(periods).default(1),
    datapointsToAlarm: number(periods).optional(),
    treatMissingData: choice(...MISSING).default("missing"),
  },
  ...scalingMetricSchema.rules,
  stepsWithoutGaps,
  exactIsNotNegative,
  magnitudeOfPercent,
  datapointsWithinPeriods,
);

type Steps = Findings<StepScaling>;

/** AWS rejects steps with a gap, and steps that overlap. It also needs a step on the side of the threshold where the alarm is on. */
function* stepsWithoutGaps({ stepAdjustments, comparisonOperator: operator }: Known<StepScaling>): Steps {
  if (!stepAdjustments?.every((step) => step !== undefined)) return;
  const low = (step: Known<StepAdjustment>) => step.metricIntervalLowerBound ?? Number.NEGATIVE_INFINITY;
  const high = (step: Known<StepAdjustment>) => step.metricIntervalUpperBound ?? Number.POSITIVE_INFINITY;
  const steps = [...(stepAdjustments as readonly Known<StepAdjustment>[])].sort((a, b) => low(a) - low(b));
  const at = "stepAdjustments";
  const isWrong = steps.some(
    (step, index) => index > 0 && high(steps[index - 1] as Known<StepAdjustment>) !== low(step),
  );
  if (isWrong) {
    const fix = "Each metricIntervalUpperBound is the metricIntervalLowerBound of the next step.";
    yield { at, must: "have intervals that neither overlap nor have gaps", fix };
    return;
  }
  const [first, last] = [steps[0], steps.at(-1)];
  if (!first || !last || !operator) return;
  const isAbove = operator.startsWith("Greater");
  if (isAbove ? high(last) === Number.POSITIVE_INFINITY : low(first) === Number.NEGATIVE_INFINITY) return;
  const bound = isAbove ? "metricIntervalUpperBound" : "metricIntervalLowerBound";
  const must = `have a step without ${bound}`;
  yield {
    at,
    must,
    fix: `The metric can be at any distance ${isAbove ? "above" : "below"} the threshold. Remove ${bound} of the last step.`,
  };
}

function* exactIsNotNegative({ adjustmentType, stepAdjustments = [] }: Known<StepScaling>): Steps {
  if (adjustmentType !== "ExactCapacity") return;
  for (const [index, step] of stepAdjustments.entries()) {
    if ((step?.scalingAdjustment ?? 0) >= 0) continue;
    const must = "not be negative with ExactCapacity";
    yield { at: ["stepAdjustments", index, "scalingAdjustment"], must, fix: "It is the number of tasks." };
  }
}

function* magnitudeOfPercent({ adjustmentType, minAdjustmentMagnitude: magnitude }: Known<StepScaling>): Steps {
  if (magnitude === undefined || adjustmentType === undefined || adjustmentType === "PercentChangeInCapacity") return;
  const must = "not be set without PercentChangeInCapacity";
  yield { at: "minAdjustmentMagnitude", must, fix: "Remove it. scalingAdjustment says how many tasks change." };
}

function* datapointsWithinPeriods({ datapointsToAlarm: points, evaluationPeriods: all }: Known<StepScaling>): Steps {
  if (points === undefined || all === undefined || points <= all) return;
  const must = `not be above evaluationPeriods, which is ${all}`;
  yield { at: "datapointsToAlarm", must, fix: "Lower it, or raise evaluationPeriods." };
}

/** What the name of a policy and of its alarm, and their tags, say. */
interface Named {
  /** The policy's name among those of the service. */
  readonly policyName: string;
  /** The service's name, with the cluster's. */
  readonly serviceName: string;
}

/** Creates a step scaling policy, and its alarm. */
export function createStepScaling(
  scope: Construct,
  id: string,
  target: AppautoscalingTarget,
  { policyName, serviceName }: Named,
  step: Parsed<typeof stepScalingSchema>,
): void {
  const bound = (value: number | undefined) => (value === undefined ? undefined : numberText(value));
  const policy = new AppautoscalingPolicy(scope, id, {
    name: policyName,
    policyType: "StepScaling",
    serviceNamespace: target.serviceNamespace,
    scalableDimension: target.scalableDimension,
    resourceId: target.resourceId,
    stepScalingPolicyConfiguration: {
      adjustmentType: step.adjustmentType,
      cooldown: step.cooldownSeconds,
      metricAggregationType: step.metricAggregationType,
      minAdjustmentMagnitude: step.minAdjustmentMagnitude,
      stepAdjustment: step.stepAdjustments.map((one) => ({
        metricIntervalLowerBound: bound(one.metricIntervalLowerBound),
        metricIntervalUpperBound: bound(one.metricIntervalUpperBound),
        scalingAdjustment: one.scalingAdjustment,
      })),
    },
  });
  const alarmName = `${serviceName}-${policyName}`;
  new CloudwatchMetricAlarm(scope, `${id}_alarm`, {
    alarmName,
    alarmDescription: `Changes the number of tasks of ${serviceName}.`,
    metricQuery: alarmQueries(step, step.periodSeconds),
    comparisonOperator: step.comparisonOperator,
    threshold: step.threshold,
    evaluationPeriods: step.evaluationPeriods,
    datapointsToAlarm: step.datapointsToAlarm,
    treatMissingData: step.treatMissingData,
    alarmActions: [policy.arn],
    tags: purposeTags(alarmName, "Changes the number of tasks of a service"),
  });
}
