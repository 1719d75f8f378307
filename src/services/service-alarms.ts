import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { type Expression, hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { topicArnRules } from "../validation/aws-rules";
import { type Rule, wholeNumber } from "../validation/rule";
import {
  anyOf,
  boolean,
  number,
  type Parsed,
  plain,
  type Schema,
  schemaOf,
  string,
  variable,
} from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { validate } from "../validation/validate";
import { declareVariable } from "../validation/variables";
import { reportFailedDeployments, serviceArnPrefix } from "./failed-deployments";
import type { serviceDeploymentSchema } from "./service-deployment";
import { hasRoute, type Routed } from "./service-routes";

/** The alarms of a service. Each number is the default of a variable. */
export interface ServiceAlarmsSettings {
  /**
   * The SNS topic that alarms are sent to, in the region of the service. Its policy must admit `cloudwatch.amazonaws.com` and
   * `events.amazonaws.com`. A text is the default of the variable `<service>_alarm_topic_arn`.
   * @default - the topic of the cluster's `alarms`, or `alarmTopicArn` of the stack of services. Without these, the variable is required
   */
  readonly topicArn?: string;
  /**
   * The average CPU utilization that sets off the alarm, in percent of the CPU that the tasks reserve. On instances, tasks can use
   * more than they reserve, so it can be above 100.
   * @default 90
   */
  readonly cpuPercent?: number;
  /** The average memory utilization that sets off the alarm, in percent of the memory of the task definition. @default 90 */
  readonly memoryPercent?: number;
  /** Responses of the tasks with 5xx in 5 minutes. More than that set off the alarm. It requires a route. @default 10 */
  readonly serverErrors?: number;
  /**
   * Seconds in which the tasks respond to 99 percent of the requests. A longer time in each of 5 minutes sets off the alarm. It
   * requires a route.
   * @default 2
   */
  readonly latencySeconds?: number;
  /**
   * Fail a deployment, and roll it back, when the alarm of 5xx responses or of the latency goes off. It requires a route. To undo it,
   * set `false`: the AWS provider keeps what you remove.
   * @default - false
   */
  readonly rollback?: boolean;
}

/** The alarms of a service among its settings. */
export interface ServiceAlarmsOption {
  /**
   * Alarms on CPU, memory, missing tasks, 5xx responses, latency, unhealthy targets and failed deployments of this service.
   * @default false
   */
  readonly alarms?: boolean | ServiceAlarmsSettings;
}

const cpuPercent = wholeNumber(1, 10_000, "percent", "For example 90.");
const memoryPercent = wholeNumber(1, 1000, "percent", "For example 90.");
const serverErrors = wholeNumber(0, 1_000_000, "responses in 5 minutes", "For example 10.");
const latencySeconds: Rule<number> = {
  must: "be a number from 0.001 to 4000 (seconds)",
  fix: "For example 0.5.",
  check: (value) => value >= 0.001 && value <= 4000,
  condition: (reference) => `${reference} >= 0.001 && ${reference} <= 4000`,
};

export const serviceAlarmsSettingsSchema = schemaOf<ServiceAlarmsSettings>()({
  // A service can be in a stack without a variable for the region, so this field checks the form of the ARN only.
  topicArn: string(...topicArnRules.slice(0, 1)).optional(),
  cpuPercent: number(cpuPercent).default(90),
  memoryPercent: number(memoryPercent).default(90),
  serverErrors: number(serverErrors).default(10),
  latencySeconds: number(latencySeconds).default(2),
  rollback: plain(boolean()).optional(),
});

export const serviceAlarmsSchema = schemaOf<ServiceAlarmsOption>()({
  alarms: plain(anyOf(boolean(), serviceAlarmsSettingsSchema))
    .with({ type: "true, false or settings", fix: "Use true for the default thresholds." })
    .default(false),
});

/** Requests can only be measured on a load balancer. */
export function* alarmsOfRequests(
  settings: Known<ServiceAlarmsOption & Routed>,
  given: Given<ServiceAlarmsOption & Routed>,
): Findings<ServiceAlarmsOption & Routed> {
  const { alarms } = settings;
  if (hasRoute(settings, given) !== false) return;
  const must = "not be set for a service without a route";
  for (const name of ["serverErrors", "latencySeconds"] as const) {
    const fix = "Remove it. Requests are measured on the load balancer.";
    if (given("alarms", name)) yield { at: ["alarms", name], must, fix };
  }
  if (typeof alarms !== "object" || !alarms.rollback) return;
  const fix = "Remove it: the circuit breaker rolls back. Or set deployment.alarms to alarms that you create.";
  yield { at: ["alarms", "rollback"], must, fix };
}

type Settings = Parsed<typeof serviceAlarmsSettingsSchema>;

/** Each threshold's variable, without the service's name, and its description. */
const THRESHOLDS = {
  cpuPercent: [
    "alarm_cpu_percent",
    (name: string) =>
      `The average CPU utilization of ${name}, in percent of the reserved CPU, that sets off the alarm.`,
  ],
  memoryPercent: [
    "alarm_memory_percent",
    (name: string) => `The average memory utilization of ${name}, in percent, that sets off the alarm.`,
  ],
  serverErrors: [
    "alarm_server_errors",
    (name: string) => `The 5xx responses of ${name} in 5 minutes above which the alarm goes off.`,
  ],
  latencySeconds: [
    "alarm_latency_seconds",
    (name: string) =>
      `The seconds in which ${name} responds to 99 percent of the requests. A longer time sets off the alarm.`,
  ],
} as const;

type Threshold = keyof typeof THRESHOLDS;

/** A target group of the service, with the listener that forwards to it. */
export interface WatchedTargets {
  /** Only an Application Load Balancer measures requests. */
  readonly namespace: "AWS/ApplicationELB" | "AWS/NetworkELB";
  readonly listenerArn: string;
  readonly arnSuffix: string;
}

export interface ServiceAlarmsProps {
  readonly settings: ServiceAlarmsSettings;
  readonly cluster: EcsClusterTarget;
  /** The service's name. It is no attribute of the service, because the service depends on its alarms. */
  readonly name: string;
  /** The target groups, of both revisions. */
  readonly targets: readonly WatchedTargets[];
  /** Whether the service should have tasks, as an expression. @default - unknown, for a daemon */
  readonly wantsTasks?: Expression;
}

const MINUTE = 60;
const FIVE_MINUTES = 300;

type Query = NonNullable<Extract<CloudwatchMetricAlarmConfig["metricQuery"], readonly unknown[]>>[number];

/** The alarms of one service, which notify a topic. */
export class ServiceAlarms extends Construct {
  /** The names of the alarms by what they watch: `cpu`, `memory`, `running`, `5xx`, `latency`, `unhealthy`. */
  readonly alarmNames: Readonly<Record<string, string>>;
  /** What a deployment does when the alarms of requests go off. @default - undefined without `rollback` */
  readonly deploymentAlarms?: { readonly alarmNames: readonly string[]; readonly rollback: boolean };

  constructor(
    scope: Construct,
    id: string,
    { settings: given, cluster, name, targets, wantsTasks }: ServiceAlarmsProps,
  ) {
    super(scope, id);
    const settings: Settings = validate(this, serviceAlarmsSettingsSchema, given);
    const { clusterName, clusterArn, hasContainerInsights = false } = cluster.cluster;
    const threshold = (setting: Threshold): number => {
      const [end, describe] = THRESHOLDS[setting];
      const value = settings[setting];
      if (isToken(value)) return value;
      const field = variable(serviceAlarmsSettingsSchema.shape[setting] as Schema, describe(name));
      return declareVariable(this, { name: `${name.replace(/-/g, "_")}_${end}`, field, value }).numberValue;
    };
    const ofCluster = settings.topicArn === undefined ? cluster.alarmTopicArn : undefined;
    const topicArn =
      ofCluster ?? (isToken(settings.topicArn) ? (settings.topicArn as string) : this.topicVariable(name, settings));

    const names: Record<string, string> = {};
    const alarm = (what: string, text: string, config: Omit<CloudwatchMetricAlarmConfig, "alarmName">) => {
      const alarmName = `${clusterName}-${name}-${what}`;
      const { alarmName: created } = new CloudwatchMetricAlarm(this, what, {
        alarmName,
        alarmDescription: `${text} To find the cause, run the doctor of ecs-default-vpc, or read its docs/troubleshooting.md.`,
        // A service without tasks or requests publishes no data.
        treatMissingData: "notBreaching",
        alarmActions: [topicArn],
        okActions: [topicArn],
        tags: purposeTags(alarmName, `Reports problems of ${name}`),
        ...config,
      });
      names[what] = created;
    };
    const atLeast = "GreaterThanOrEqualToThreshold";
    const dimensions = { ClusterName: clusterName, ServiceName: name };
    const utilization = {
      namespace: "AWS/ECS",
      dimensions,
      statistic: "Average",
      period: MINUTE,
      evaluationPeriods: 5,
    };
    alarm("cpu", `The tasks of ${name} use nearly all of the CPU that they reserve, or more.`, {
      ...utilization,
      metricName: "CPUUtilization",
      comparisonOperator: atLeast,
      threshold: threshold("cpuPercent"),
    });
    alarm("memory", `The tasks of ${name} use nearly all of their memory. Docker kills a container above its limit.`, {
      ...utilization,
      metricName: "MemoryUtilization",
      comparisonOperator: atLeast,
      threshold: threshold("memoryPercent"),
    });
    if (hasContainerInsights) {
      const count = (queryId: string, metricName: string): Query => ({
        id: queryId,
        returnData: false,
        metric: { namespace: "ECS/ContainerInsights", metricName, dimensions, period: FIVE_MINUTES, stat: "Average" },
      });
      alarm("running", `${name} has run fewer tasks than it should for 15 minutes.`, {
        metricQuery: [
          count("desired", "DesiredTaskCount"),
          count("running", "RunningTaskCount"),
          { id: "missing", expression: "desired - FILL(running, 0)", label: "missing tasks", returnData: true },
        ],
        evaluationPeriods: 3,
        comparisonOperator: atLeast,
        threshold: 1,
      });
    } else if (wantsTasks) {
      alarm("running", `No task of ${name} has run for 15 minutes.`, {
        ...utilization,
        metricName: "CPUUtilization",
        evaluationPeriods: 15,
        // ECS publishes no utilization of a service without tasks, so only missing data set off this alarm:
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
        comparisonOperator: "LessThanThreshold",
        threshold: 0,
        treatMissingData: hcl`${wantsTasks} ? "breaching" : "notBreaching"`.string,
      });
    }
    const requests = targets.filter(({ namespace }) => namespace === "AWS/ApplicationELB");
    if (requests.length > 0) {
      alarm("5xx", `The tasks of ${name} return HTTP 5xx errors.`, {
        metricQuery: combined(requests, "HTTPCode_Target_5XX_Count", "Sum", FIVE_MINUTES, "SUM", "5xx"),
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold: threshold("serverErrors"),
      });
      alarm("latency", `The tasks of ${name} respond slowly.`, {
        metricQuery: combined(requests, "TargetResponseTime", "p99", MINUTE, "MAX", "seconds"),
        evaluationPeriods: 5,
        comparisonOperator: "GreaterThanThreshold",
        threshold: threshold("latencySeconds"),
      });
    }
    if (targets.length > 0) {
      alarm("unhealthy", `Tasks of ${name} fail the health check of a load balancer.`, {
        metricQuery: combined(targets, "UnHealthyHostCount", "Maximum", MINUTE, "MAX", "unhealthy targets"),
        // A new task needs some time to become healthy.
        evaluationPeriods: 5,
        comparisonOperator: atLeast,
        threshold: 1,
      });
    }
    this.alarmNames = names;
    const { rollback } = settings;
    if (requests.length > 0 && rollback !== undefined)
      this.deploymentAlarms = { alarmNames: [names["5xx"], names.latency] as string[], rollback };
    // One rule of the cluster's alarms covers all services of the cluster.
    if (ofCluster !== undefined) return;
    const serviceArn = hcl`join("", [${serviceArnPrefix(clusterArn)}, ${name}])`;
    const of = `the service ${name} on the ECS cluster`;
    reportFailedDeployments(this, { name: `${clusterName}-${name}`, of, services: { arn: serviceArn }, topicArn });
  }

  /** Declares the variable of the topic. Without a value, it is required. */
  private topicVariable(name: string, { topicArn: value }: Settings): string {
    const description = `The ARN of the SNS topic for the alarms of ${name}. Its policy must allow cloudwatch.amazonaws.com and events.amazonaws.com to publish.`;
    const field = variable(serviceAlarmsSettingsSchema.shape.topicArn, description);
    return declareVariable(this, { name: `${name.replace(/-/g, "_")}_alarm_topic_arn`, field, value }).stringValue;
  }
}

/** Returns a query for each target group, and one that combines them. An alarm has at most 10 metrics, and a service 10 groups. */
function combined(
  targets: readonly WatchedTargets[],
  metricName: string,
  stat: string,
  period: number,
  combine: "SUM" | "MAX",
  label: string,
): Query[] {
  const groups = targets.map(({ namespace, listenerArn, arnSuffix }, index) => ({
    id: `group${index + 1}`,
    returnData: false,
    metric: {
      ...{ namespace, metricName, stat, period },
      // A listener's ARN contains the load balancer's name and id: ...:listener/app/NAME/ID/LISTENER.
      dimensions: {
        LoadBalancer: hcl`join("/", slice(split("/", ${listenerArn}), 1, 4))`.string,
        TargetGroup: literal(arnSuffix),
      },
    },
  }));
  const expression = `${combine}([${groups.map(({ id }) => `FILL(${id}, 0)`).join(", ")}])`;
  return [...groups, { id: "all", expression, label, returnData: true }];
}

/** Returns the settings of deployments with the alarms of the service. With `rollback: false`, they are switched off. */
export function withDeploymentAlarms(
  deployment: Parsed<typeof serviceDeploymentSchema>["deployment"],
  own: ServiceAlarms["deploymentAlarms"],
): typeof deployment {
  const given = deployment.alarms;
  if (!own || (given && !own.rollback)) return deployment;
  const alarmNames = !given
    ? own.alarmNames
    : isToken(given.alarmNames)
      ? hcl`concat(${given.alarmNames}, ${own.alarmNames})`.list
      : [...given.alarmNames, ...own.alarmNames];
  const { rollback } = own;
  return { ...deployment, alarms: { enable: rollback, rollback, ...given, alarmNames } };
}
