import { literal } from "../terraform/expression";
import { length, matches, matchesNot } from "../validation/rule";
import { map, type Parsed, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";

/** A CloudWatch metric. */
export interface MeasuredMetric {
  /** The namespace, such as `AWS/SQS`. */
  readonly namespace: string;
  /** The name of the metric, such as `ApproximateNumberOfMessagesVisible`. */
  readonly metricName: string;
  /** The dimensions, such as `{ QueueName: "jobs" }`. A metric has all dimensions that it was published with. @default - none */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** The statistic of each minute, such as `Sum` or `p99`. @default "Average" */
  readonly statistic?: string;
  /** The unit, if the metric has several. @default - any */
  readonly unit?: string;
}

/** What a scaling policy follows: a metric, or an expression over several metrics. */
export interface ScalingMetric {
  /** The metric. @default - the result of `expression` */
  readonly metric?: MeasuredMetric;
  /**
   * An expression of metric math, such as `visible / FILL(tasks, 1)`.
   * @default - the value of `metric`
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
   */
  readonly expression?: string;
  /** The metrics of `expression`, by the name that it uses. @default - none */
  readonly usingMetrics?: Readonly<Record<string, MeasuredMetric>>;
}

const word = (what: string, fix: string) => matches("^[ -~]{1,255}$", `be ${what} of 1 to 255 ASCII characters`, fix);

/** https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingMetricStat.html */
const measuredMetricSchema = schemaOf<MeasuredMetric>()({
  namespace: string(word("a namespace", "For example AWS/SQS.")),
  metricName: string(word("the name of a metric", "For example ApproximateNumberOfMessagesVisible.")),
  dimensions: map(string(word("a value", "List the metric's dimensions: aws cloudwatch list-metrics")), {
    names: [word("a name", "For example QueueName.")],
    limits: [
      {
        must: "have at most 30 dimensions",
        fix: "A metric has at most 30: aws cloudwatch list-metrics",
        check: (dimensions: object) => Object.keys(dimensions).length <= 30,
      },
    ],
  }).default({}),
  statistic: string(
    matches(
      "^(Average|Minimum|Maximum|Sum|SampleCount|IQM|(p|tm|wm|tc|ts)[0-9]{1,2}([.][0-9]{1,2})?|p100)$",
      "be a statistic of CloudWatch",
      "For example Average, Maximum, Sum or p99.",
    ),
  ).default("Average"),
  unit: string(word("a unit", "For example Count. Remove it if the metric has one unit.")).optional(),
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html */
const MOST_METRICS = 10;

/** The fields of what a policy follows. */
export const scalingMetricSchema = schemaOf<ScalingMetric>()(
  {
    metric: measuredMetricSchema.optional(),
    expression: string(length(1, 2048, "Shorten it.")).optional(),
    usingMetrics: map(measuredMetricSchema, {
      names: [
        matches(
          "^[a-z][A-Za-z0-9_]{0,63}$",
          "have a name of 1 to 64 letters, digits and underscores that starts with a lower-case letter",
          "The expression uses the name.",
        ),
        matchesNot("^result$", "not be result", "This name is the value of the expression."),
      ],
      limits: [
        {
          must: `have at most ${MOST_METRICS} entries`,
          fix: "An alarm compares at most ten metrics.",
          check: (metrics: object) => Object.keys(metrics).length <= MOST_METRICS,
          offending: { of: (metrics: object) => Object.keys(metrics).length },
        },
      ],
    }).optional(),
  },
  oneSource,
);

function* oneSource(_: Known<ScalingMetric>, given: Given<ScalingMetric>): Findings<ScalingMetric> {
  const example = 'For example { namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible" }.';
  if (!given("metric") && !given("expression") && !given("usingMetrics")) {
    yield { at: "metric", must: "be set, or expression with usingMetrics", fix: example };
  }
  if (given("metric") && given("expression")) {
    yield {
      at: "expression",
      must: "not be set with metric",
      fix: "Add the metric to usingMetrics, and remove metric.",
    };
  }
  if (given("expression") !== given("usingMetrics")) {
    const [at, other] = given("expression")
      ? (["usingMetrics", "expression"] as const)
      : (["expression", "usingMetrics"] as const);
    yield { at, must: `be set with ${other}`, fix: "An expression and its metrics belong together." };
  }
}

/** What a policy follows, with its defaults. */
type Followed = Partial<Pick<Parsed<typeof scalingMetricSchema>, "metric" | "expression" | "usingMetrics">>;

/** The name of the result among the metrics of a policy. */
const RESULT = "result";

const metricOf = ({ namespace, metricName }: Parsed<typeof measuredMetricSchema>) => ({
  namespace: literal(namespace),
  metricName: literal(metricName),
});

/** Returns what is measured, and the expression over it. Its result is the only data that the query returns. */
function parts({ metric, expression, usingMetrics = {} }: Followed) {
  const measured = metric ? [[RESULT, metric] as const] : Object.entries(usingMetrics);
  return {
    measured,
    result: expression === undefined ? [] : [{ id: RESULT, expression: literal(expression), returnData: true }],
  };
}

/** Returns the metrics of a target tracking policy. */
export function trackedMetrics(followed: Followed) {
  const { measured, result } = parts(followed);
  return [
    ...measured.map(([id, metric]) => ({
      id,
      returnData: id === RESULT,
      metricStat: {
        metric: {
          ...metricOf(metric),
          dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({
            name: literal(name),
            value: literal(value),
          })),
        },
        stat: literal(metric.statistic),
        unit: metric.unit === undefined ? undefined : literal(metric.unit),
      },
    })),
    ...result,
  ];
}

/** Returns the queries of an alarm. */
export function alarmQueries(followed: Followed, period: number) {
  const { measured, result } = parts(followed);
  return [
    ...measured.map(([id, metric]) => ({
      id,
      returnData: id === RESULT,
      metric: {
        ...metricOf(metric),
        dimensions: Object.fromEntries(
          Object.entries(metric.dimensions).map(([name, value]) => [literal(name), literal(value)]),
        ),
        period,
        stat: literal(metric.statistic),
        unit: metric.unit === undefined ? undefined : literal(metric.unit),
      },
    })),
    ...result,
  ];
}
