import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Construct } from "constructs";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { listenerOf, type RouteLoadBalancer, routeLoadBalancerField } from "../load-balancing/route-listener";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { matches, wholeNumber } from "../validation/rule";
import { number, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { validate } from "../validation/validate";

/** How the number of a service's tasks follows its load. At least one of the three targets is required. */
export interface ServiceScalingSettings {
  /** The smallest number of tasks. @default 1 */
  readonly minCapacity?: number;
  /** The largest number of tasks. */
  readonly maxCapacity: number;
  /** The average CPU utilization to keep, in percent of the CPU that the tasks reserve. @default - none: CPU is not a target */
  readonly cpuPercent?: number;
  /** The average memory utilization to keep, in percent of the memory that the tasks reserve. @default - none: memory is not a target */
  readonly memoryPercent?: number;
  /** The requests per minute for each task. It requires a route. @default - none: requests are not a target */
  readonly requestsPerTarget?: number;
  /** Seconds from one scale-out to the next. @default 60 */
  readonly scaleOutCooldownSeconds?: number;
  /** Seconds from one scale-in to the next. @default 300 */
  readonly scaleInCooldownSeconds?: number;
}

const tasks = wholeNumber(1, 5000, "tasks", "Scaling needs at least one task, because the load is measured on tasks.");
const percent = wholeNumber(1, 100, "percent", "With 60, running tasks have room while new ones start.");
const requests = wholeNumber(1, 1_000_000, "requests per minute", "For example 600.");
const cooldown = wholeNumber(0, 3600, "seconds", "Remove it for the default.");

/** The settings of a service's `scaling`. */
export const serviceScalingSettingsSchema = schemaOf<ServiceScalingSettings>()(
  {
    minCapacity: number(tasks).default(1),
    maxCapacity: number(tasks),
    cpuPercent: number(percent).optional(),
    memoryPercent: number(percent).optional(),
    requestsPerTarget: number(requests).optional(),
    scaleOutCooldownSeconds: number(cooldown).default(60),
    scaleInCooldownSeconds: number(cooldown).default(300),
  },
  maxNotBelowMin,
  hasTarget,
);

function* maxNotBelowMin({
  minCapacity: min,
  maxCapacity: max,
}: Known<ServiceScalingSettings>): Findings<ServiceScalingSettings> {
  if (min === undefined || max === undefined || max >= min) return;
  yield {
    at: "maxCapacity",
    must: `not be below minCapacity, which is ${min}`,
    fix: "Raise it, or lower minCapacity.",
  };
}

function* hasTarget(
  _: Known<ServiceScalingSettings>,
  given: Given<ServiceScalingSettings>,
): Findings<ServiceScalingSettings> {
  if (given("cpuPercent") || given("memoryPercent") || given("requestsPerTarget")) return;
  yield {
    at: "cpuPercent",
    must: "be set, or memoryPercent, or requestsPerTarget",
    fix: "For example 60. Scaling needs at least one target.",
  };
}

/** The scaling of one service. */
export interface ServiceScalingProps extends ServiceScalingSettings {
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
    cluster: clusterTargetField,
    serviceName: string(ecsServiceName),
    targetGroupArnSuffix: string().optional(),
    loadBalancer: routeLoadBalancerField.optional(),
  },
  ...serviceScalingSettingsSchema.rules,
  requestsHaveTargetGroup,
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

/**
 * Target tracking: AWS changes the number of a service's tasks so that each target is kept. Terraform ignores the number
 * afterwards.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
 */
export class ServiceScaling extends Construct {
  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: ServiceScalingProps) {
    super(scope, id);
    const settings = validate(this, serviceScalingPropsSchema, props);
    const { cluster, targetGroupArnSuffix } = settings;
    const serviceName = literal(settings.serviceName);
    const target = new AppautoscalingTarget(this, "resource", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${cluster.cluster.clusterName}/${serviceName}`,
      minCapacity: settings.minCapacity,
      maxCapacity: settings.maxCapacity,
      tags: purposeTags(
        `${cluster.cluster.clusterName}-${serviceName}`,
        `Scales the number of tasks of ${serviceName}`,
      ),
    });
    this.node.defaultChild = target;
    const track = (policyId: string, metric: string, targetValue: number | undefined, resourceLabel?: string) => {
      if (targetValue === undefined) return;
      new AppautoscalingPolicy(this, policyId, {
        name: policyId.replace(/_/g, "-"),
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          targetValue,
          scaleOutCooldown: settings.scaleOutCooldownSeconds,
          scaleInCooldown: settings.scaleInCooldownSeconds,
          predefinedMetricSpecification: { predefinedMetricType: metric, resourceLabel },
        },
      });
    };
    track("cpu", "ECSServiceAverageCPUUtilization", settings.cpuPercent);
    track("memory", "ECSServiceAverageMemoryUtilization", settings.memoryPercent);
    const listenerArn = listenerOf(cluster, settings.loadBalancer)?.listener.listenerArn;
    if (listenerArn === undefined || targetGroupArnSuffix === undefined) return;
    // A listener's ARN contains the load balancer's name and id: ...:listener/app/NAME/ID/LISTENER.
    const balancer = hcl`join("/", slice(split("/", ${listenerArn}), 1, 4))`;
    const label = `${balancer}/${literal(targetGroupArnSuffix)}`;
    track("requests", "ALBRequestCountPerTarget", settings.requestsPerTarget, label);
  }
}
