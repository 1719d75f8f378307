import {
  AppautoscalingPolicy,
  type AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
} from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { DataAwsEcsCluster } from "@cdktf/provider-aws/lib/data-aws-ecs-cluster";
import { Construct } from "constructs";
import { partNames } from "../capacity/part-names";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { listenerOf, type RouteLoadBalancer, routeLoadBalancerField } from "../load-balancing/route-listener";
import { type JsonObject, jsonObjectField } from "../tasks/overrides";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { matches, type Rule, wholeNumber } from "../validation/rule";
import { boolean, map, number, type Parsed, schemaOf, string } from "../validation/schema";
import { type Findings, type Given, type Known, variableName } from "../validation/settings-rule";
import { validate } from "../validation/validate";
import { trackedMetrics } from "./scaling-metric";
import type { QueueReference } from "./schedule";
import {
  createScheduledCapacities,
  maxNotBelowMin,
  type ScheduledCapacity,
  scheduledCapacitySchema,
  scheduledLimits,
} from "./scheduled-capacity";
import { createStepScaling, type StepScaling, stepScalingSchema } from "./step-scaling";
import {
  cooldownRule,
  type TargetTracking,
  type TargetTrackingBehaviour,
  targetTrackingSchema,
} from "./target-tracking";
import { existingQueueField, type QueueSettings, queueField, queueMetrics } from "./worker-queue";

/** What is suspended. A suspended kind of scaling changes nothing until you resume it. */
export interface SuspendedState {
  /** Policies do not stop tasks. @default false */
  readonly dynamicScalingInSuspended?: boolean;
  /** Policies do not start tasks. @default false */
  readonly dynamicScalingOutSuspended?: boolean;
  /** Schedules do nothing. @default false */
  readonly scheduledScalingSuspended?: boolean;
}

/**
 * How the number of a service's tasks changes. At least one target, policy or schedule is required. With several, AWS keeps
 * the largest number of tasks that any of them asks for.
 */
export interface ServiceScalingSettings extends TargetTrackingBehaviour {
  /** The smallest number of tasks. 0 requires a policy of your own or a schedule, because a service without tasks has no load. @default 1 */
  readonly minCapacity?: number;
  /** The largest number of tasks. */
  readonly maxCapacity: number;
  /** The average CPU utilization to keep, in percent of the CPU that the tasks reserve. @default - none: CPU is not a target */
  readonly cpuPercent?: number;
  /** The average memory utilization to keep, in percent of the memory that the tasks reserve. @default - none: memory is not a target */
  readonly memoryPercent?: number;
  /** The requests per minute for each task. It requires a route. @default - none: requests are not a target */
  readonly requestsPerTarget?: number;
  /**
   * The queue whose messages the tasks handle. `{}` creates a queue with a dead-letter queue. An existing queue is its ARN, or
   * an object with its `queueArn`. It requires Container Insights.
   * @default - none: messages are not a target
   */
  readonly queue?: string | QueueReference | QueueSettings;
  /** The messages for each task to keep. If a task handles 20 messages in a minute, 100 means that messages wait five minutes. @default 10 */
  readonly messagesPerTask?: number;
  /** Other metrics to keep at a value, by a name of your choice. @default - none */
  readonly targetTracking?: Readonly<Record<string, TargetTracking>>;
  /** Policies that change the number of tasks in steps, by a name of your choice. @default - none */
  readonly stepScaling?: Readonly<Record<string, StepScaling>>;
  /** Limits from points in time on, by a name of your choice. @default - none */
  readonly schedules?: Readonly<Record<string, ScheduledCapacity>>;
  /**
   * Predictive scaling, as the block `predictive_scaling_policy_configuration` of Terraform, by Terraform's names. AWS needs
   * a day of data for a forecast.
   * @default - none
   * @see https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs/resources/appautoscaling_policy
   */
  readonly predictiveScaling?: JsonObject;
  /** Suspends scaling, such as during an incident. @default - nothing is suspended */
  readonly suspendedState?: SuspendedState;
}

const fewest = wholeNumber(0, 5000, "tasks", "For example 1.");
const most = wholeNumber(1, 5000, "tasks", "For example 4.");
const percent = wholeNumber(1, 100, "percent", "With 60, running tasks have room while new ones start.");
const requests = wholeNumber(1, 1_000_000, "requests per minute", "For example 600.");
const messages = wholeNumber(1, 1_000_000, "messages", "For example 100.");
const suspended = {
  dynamicScalingInSuspended: false,
  dynamicScalingOutSuspended: false,
  scheduledScalingSuspended: false,
};

const suspendedStateSchema = schemaOf<SuspendedState>()({
  dynamicScalingInSuspended: boolean().default(false),
  dynamicScalingOutSuspended: boolean().default(false),
  scheduledScalingSuspended: boolean().default(false),
});

/** The settings of a service's `scaling`. https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-quotas.html */
export const serviceScalingSettingsSchema = schemaOf<ServiceScalingSettings>()(
  {
    minCapacity: number(fewest).default(1),
    maxCapacity: number(most),
    cpuPercent: number(percent).optional(),
    memoryPercent: number(percent).optional(),
    requestsPerTarget: number(requests).optional(),
    scaleOutCooldownSeconds: number(cooldownRule).default(60),
    scaleInCooldownSeconds: number(cooldownRule).default(300),
    disableScaleIn: boolean().optional(),
    queue: queueField.optional(),
    messagesPerTask: number(messages).default(10),
    targetTracking: map(targetTrackingSchema, partNames(20)).default({}),
    stepScaling: map(stepScalingSchema, partNames(20)).default({}),
    schedules: map(scheduledCapacitySchema, partNames(200)).default({}),
    predictiveScaling: jsonObjectField.optional(),
    suspendedState: suspendedStateSchema.default(suspended),
  },
  maxNotBelowMin,
  hasTarget,
  startsFromZero,
  messagesOfQueue,
);

type Settings = Known<ServiceScalingSettings>;

/** The settings that change the number of tasks with the load of the tasks. They have no data without tasks. */
const OF_TASKS = ["cpuPercent", "memoryPercent", "requestsPerTarget"] as const;

/** Returns true when something can start the first task. */
export const canStartFromZero = ({
  queue,
  targetTracking,
  stepScaling,
  schedules,
  predictiveScaling,
}: Settings): boolean =>
  queue !== undefined ||
  predictiveScaling !== undefined ||
  [targetTracking, stepScaling, schedules].some((parts) => Object.keys(parts ?? {}).length > 0);

function* hasTarget(settings: Settings, given: Given<ServiceScalingSettings>): Findings<ServiceScalingSettings> {
  const parts = ["targetTracking", "stepScaling", "schedules"] as const;
  const isOpen = (part: (typeof parts)[number]) => given(part) && settings[part] === undefined;
  if (OF_TASKS.some((target) => given(target)) || canStartFromZero(settings) || parts.some(isOpen)) return;
  if (given("predictiveScaling") || given("queue")) return;
  yield {
    at: "cpuPercent",
    must: "be set, or memoryPercent, requestsPerTarget, queue, targetTracking, stepScaling, schedules or predictiveScaling",
    fix: "For example 60. Otherwise nothing changes the number of tasks.",
  };
}

/** The rule of a minimum that CPU, memory or requests must raise. */
export const atLeastOneTask: Rule<number> = {
  must: "be at least 1 with cpuPercent, memoryPercent or requestsPerTarget alone",
  fix: "A service without tasks has no load, so it would never start again. Set 1, or add queue, targetTracking, stepScaling or schedules.",
  check: (value) => value >= 1,
  condition: (reference) => `${reference} >= 1`,
};

function* startsFromZero(settings: Settings, given: Given<ServiceScalingSettings>): Findings<ServiceScalingSettings> {
  const { minCapacity } = settings;
  if (minCapacity !== 0 || canStartFromZero(settings) || given("queue") || !OF_TASKS.some((target) => given(target)))
    return;
  yield { at: "minCapacity", must: atLeastOneTask.must, fix: atLeastOneTask.fix };
}

function* messagesOfQueue(_: Settings, given: Given<ServiceScalingSettings>): Findings<ServiceScalingSettings> {
  if (!given("messagesPerTask") || given("queue")) return;
  yield {
    at: "messagesPerTask",
    must: "be set with queue",
    fix: "Set queue to {} for a new queue, or to the ARN of one.",
  };
}

/** The number of tasks of a queue is measured by Container Insights. */
export function insightsProblem(cluster: Known<EcsClusterTarget> | undefined) {
  if (cluster?.cluster?.hasContainerInsights !== false) return undefined;
  const fix =
    'Remove containerInsights: "disabled" of the cluster. Container Insights counts the tasks of the service.';
  return { must: "not be set for a cluster without Container Insights", fix };
}

/** The scaling of one service. */
export interface ServiceScalingProps extends ServiceScalingSettings {
  /** The queue whose messages the tasks handle: its ARN, or an object with its `queueArn`. @default - none */
  readonly queue?: string | QueueReference;
  /** The service's cluster. */
  readonly cluster: EcsClusterTarget;
  /** The service's name, as an attribute of the service. Then the target is created after the service. */
  readonly serviceName: string;
  /** The ARN suffix of the service's target group. `requestsPerTarget` requires it. @default - none */
  readonly targetGroupArnSuffix?: string;
  /** The load balancer of the target group, as a route names it. @default - `loadBalancer` of the cluster */
  readonly loadBalancer?: RouteLoadBalancer;
}

const ecsServiceName = matches(
  "^[A-Za-z0-9_-]{1,255}$",
  "be the name of an ECS service",
  "It has 1 to 255 letters, digits, hyphens and underscores.",
);

export const serviceScalingPropsSchema = schemaOf<ServiceScalingProps>()(
  {
    ...serviceScalingSettingsSchema.shape,
    queue: existingQueueField.optional(),
    cluster: clusterTargetField,
    serviceName: string(ecsServiceName),
    targetGroupArnSuffix: string().optional(),
    loadBalancer: routeLoadBalancerField.optional(),
  },
  ...serviceScalingSettingsSchema.rules,
  requestsHaveTargetGroup,
  function* queueIsMeasured({ cluster }, given) {
    const problem = given("queue") ? insightsProblem(cluster) : undefined;
    if (problem) yield { at: "queue", ...problem };
  },
);

function* requestsHaveTargetGroup(
  { cluster, loadBalancer }: Known<ServiceScalingProps>,
  given: Given<ServiceScalingProps>,
): Findings<ServiceScalingProps> {
  if (!given("requestsPerTarget")) return;
  const at = "requestsPerTarget";
  if (!given("targetGroupArnSuffix")) {
    const must = "not be set without targetGroupArnSuffix";
    yield { at, must, fix: "Set targetGroupArnSuffix to the arnSuffix of the target group, or use cpuPercent." };
  }
  if (cluster && !listenerOf(cluster as EcsClusterTarget, loadBalancer as RouteLoadBalancer | undefined)) {
    const must = "not be set for a cluster without a load balancer";
    yield { at, must, fix: "Give the cluster a load balancer, or use cpuPercent." };
  }
}

/** The policies that follow CPU, memory or requests, by their setting. */
const PREDEFINED = [
  ["cpu", "ECSServiceAverageCPUUtilization", "cpuPercent"],
  ["memory", "ECSServiceAverageMemoryUtilization", "memoryPercent"],
  ["requests", "ALBRequestCountPerTarget", "requestsPerTarget"],
] as const;

/**
 * The scaling of a service: AWS changes the number of its tasks, by policies and schedules. Terraform ignores the number
 * afterwards.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
export class ServiceScaling extends Construct {
  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: ServiceScalingProps) {
    super(scope, id);
    const settings = validate(this, serviceScalingPropsSchema, props);
    const { cluster, schedules, suspendedState, predictiveScaling } = settings;
    const serviceName = literal(settings.serviceName);
    const fullName = `${cluster.cluster.clusterName}-${serviceName}`;
    const scheduled = scheduledLimits(schedules);
    const target = new AppautoscalingTarget(this, "resource", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${cluster.cluster.clusterName}/${serviceName}`,
      minCapacity: settings.minCapacity,
      maxCapacity: settings.maxCapacity,
      // Always set: without the block, the AWS provider would leave scaling suspended.
      suspendedState,
      tags: purposeTags(fullName, `Scales the number of tasks of ${serviceName}`),
      // A schedule changes the limits in AWS.
      lifecycle: scheduled.length > 0 ? { ignoreChanges: scheduled.map(variableName) } : undefined,
    });
    this.node.defaultChild = target;

    const track = (
      policyId: string,
      targetValue: number,
      specification: Partial<AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration>,
      own: TargetTrackingBehaviour = {},
    ) =>
      new AppautoscalingPolicy(this, policyId, {
        ...policyOf(target, policyId, "TargetTrackingScaling"),
        targetTrackingScalingPolicyConfiguration: {
          targetValue,
          scaleOutCooldown: own.scaleOutCooldownSeconds ?? settings.scaleOutCooldownSeconds,
          scaleInCooldown: own.scaleInCooldownSeconds ?? settings.scaleInCooldownSeconds,
          disableScaleIn: own.disableScaleIn ?? settings.disableScaleIn,
          ...specification,
        },
      });
    for (const [policyId, predefinedMetricType, setting] of PREDEFINED) {
      const targetValue = settings[setting];
      if (targetValue === undefined) continue;
      const resourceLabel = policyId === "requests" ? targetLabel(settings) : undefined;
      track(policyId, targetValue, { predefinedMetricSpecification: { predefinedMetricType, resourceLabel } });
    }
    const step = (policyId: string, of: Parsed<typeof stepScalingSchema>) =>
      createStepScaling(this, policyId, target, { policyName: nameOf(policyId), serviceName: fullName }, of);
    if (settings.queue !== undefined) this.scaleWithQueue(settings, serviceName, track, step);
    for (const [name, tracking] of Object.entries(settings.targetTracking)) {
      const metrics = trackedMetrics(tracking);
      track(`tracking_${name}`, tracking.targetValue, { customizedMetricSpecification: { metrics } }, tracking);
    }
    for (const [name, one] of Object.entries(settings.stepScaling)) step(`step_${name}`, one);
    if (predictiveScaling) {
      const policy = new AppautoscalingPolicy(this, "predictive", policyOf(target, "predictive", "PredictiveScaling"));
      policy.addOverride("predictive_scaling_policy_configuration", predictiveScaling);
    }
    createScheduledCapacities(this, target, schedules, settings);
  }

  /**
   * Creates three policies: one keeps the backlog of each task, one starts the first task, and one stops the last one. The
   * backlog of tasks cannot start the first task, because it multiplies the number of tasks.
   */
  private scaleWithQueue(
    { cluster, queue, messagesPerTask }: Parsed<typeof serviceScalingPropsSchema>,
    serviceName: string,
    track: Track,
    step: (policyId: string, of: Parsed<typeof stepScalingSchema>) => void,
  ): void {
    if (cluster.cluster.hasContainerInsights === undefined) checkInsights(this, cluster.cluster.clusterName);
    const queueArn = typeof queue === "object" ? queue.queueArn : (queue as string);
    const { backlogPerTask, waitingWithoutTasks, messages } = queueMetrics(
      queueArn,
      cluster.cluster.clusterName,
      serviceName,
    );
    const metrics = trackedMetrics(backlogPerTask);
    track("queue_backlog", messagesPerTask, { customizedMetricSpecification: { metrics } });
    step("queue_first", {
      ...STEP_DEFAULTS,
      ...waitingWithoutTasks,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      stepAdjustments: [{ ...ANY_DISTANCE, metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
      evaluationPeriods: 1,
    });
    step("queue_empty", {
      ...STEP_DEFAULTS,
      ...messages,
      comparisonOperator: "LessThanOrEqualToThreshold",
      threshold: 0,
      // The minimum limits it.
      adjustmentType: "ExactCapacity",
      stepAdjustments: [{ ...ANY_DISTANCE, metricIntervalUpperBound: 0, scalingAdjustment: 0 }],
      evaluationPeriods: IDLE_MINUTES,
    });
  }
}

type Track = (
  policyId: string,
  targetValue: number,
  specification: Partial<AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration>,
) => void;

/** As long as target tracking waits before it stops tasks. */
const IDLE_MINUTES = 15;

const ANY_DISTANCE = { metricIntervalLowerBound: undefined, metricIntervalUpperBound: undefined };
const STEP_DEFAULTS = {
  ...{ metric: undefined, minAdjustmentMagnitude: undefined, datapointsToAlarm: undefined },
  adjustmentType: "ChangeInCapacity",
  metricAggregationType: "Average",
  cooldownSeconds: 300,
  periodSeconds: 60,
  treatMissingData: "notBreaching",
} as const;

/** Looks up whether Container Insights measures a cluster that another state has. */
function checkInsights(scope: Construct, clusterName: string): void {
  new DataAwsEcsCluster(scope, "cluster", {
    clusterName,
    lifecycle: {
      postcondition: [
        {
          condition:
            hcl`anytrue([for one in self.setting : one.name == "containerInsights" && one.value != "disabled"])`.string,
          errorMessage: `The cluster ${clusterName} must have Container Insights, which counts the tasks of services with scaling.queue. Remove containerInsights: "disabled" of the cluster's stack, and apply it.`,
        },
      ],
    },
  });
}

const nameOf = (policyId: string) => policyId.replace(/_/g, "-");

const policyOf = (target: AppautoscalingTarget, policyId: string, policyType: string) => ({
  name: nameOf(policyId),
  policyType,
  serviceNamespace: target.serviceNamespace,
  scalableDimension: target.scalableDimension,
  resourceId: target.resourceId,
});

/** Returns the load balancer and the target group whose requests are counted. The rules of the props ensure that both exist. */
function targetLabel({
  cluster,
  loadBalancer,
  targetGroupArnSuffix,
}: Parsed<typeof serviceScalingPropsSchema>): string {
  const listenerArn = listenerOf(cluster, loadBalancer)?.listener.listenerArn;
  // A listener's ARN contains the load balancer's name and id: ...:listener/app/NAME/ID/LISTENER.
  const balancer = hcl`join("/", slice(split("/", ${listenerArn}), 1, 4))`;
  return `${balancer}/${literal(targetGroupArnSuffix ?? "")}`;
}
