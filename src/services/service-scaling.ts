import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Construct } from "constructs";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { isToken, propMistakes, refuse } from "../validation/check-props";
import { wholeNumber } from "../validation/rule";
import { desiredCountRules } from "./service-rules";

/** How the number of a service's tasks follows its load: at least one of the three targets is given. */
export interface ServiceScalingSettings {
  /** The fewest tasks, at least 1: with none there is no load to follow. @default 1 */
  readonly minCapacity?: number;
  /** The most tasks. */
  readonly maxCapacity: number;
  /** Percent of the CPU kept for the tasks that is to be in use, 1 to 100. @default - CPU doesn't count */
  readonly cpuPercent?: number;
  /** Percent of the memory kept for the tasks that is to be in use, 1 to 100. @default - memory doesn't count */
  readonly memoryPercent?: number;
  /** Requests a minute that a task is to have. Needs a route. @default - requests don't count */
  readonly requestsPerTarget?: number;
  /** Seconds after a scale-out before the next, 0 to 3600. @default 60 */
  readonly scaleOutCooldownSeconds?: number;
  /** Seconds after a scale-in before the next, 0 to 3600. @default 300 */
  readonly scaleInCooldownSeconds?: number;
}

/** A service's scaling. */
export interface ServiceScalingProps extends ServiceScalingSettings {
  readonly cluster: EcsClusterTarget;
  /** The service's name, from the service itself. */
  readonly serviceName: string;
  /** The target group's part of `requestsPerTarget`. @default - no route */
  readonly targetGroupArnSuffix?: string;
}

const percent = [wholeNumber(1, 100, "percent", "60 leaves room while new tasks start.")];
const cooldown = [wholeNumber(0, 3600, "seconds", "Leave it out for the default.")];

/** Every way in which scaling settings break a rule. */
export function serviceScalingMistakes(settings: ServiceScalingSettings, hasRoute: boolean, prefix = ""): string[] {
  const { minCapacity = 1, maxCapacity, cpuPercent, memoryPercent, requestsPerTarget } = settings;
  const at = (name: string) => `${prefix}${name}`;
  const mistakes = propMistakes({
    [at("minCapacity")]: [minCapacity, desiredCountRules],
    [at("maxCapacity")]: [maxCapacity, desiredCountRules],
    [at("cpuPercent")]: [cpuPercent, percent],
    [at("memoryPercent")]: [memoryPercent, percent],
    [at("requestsPerTarget")]: [
      requestsPerTarget,
      [wholeNumber(1, 1_000_000, "requests a minute", "For example 600.")],
    ],
    [at("scaleOutCooldownSeconds")]: [settings.scaleOutCooldownSeconds, cooldown],
    [at("scaleInCooldownSeconds")]: [settings.scaleInCooldownSeconds, cooldown],
  });
  if (!isToken(minCapacity) && !isToken(maxCapacity) && minCapacity > maxCapacity) {
    mistakes.push(
      `${at("maxCapacity")} must not be under minCapacity; received ${maxCapacity}, with minCapacity ${minCapacity}. Raise it, or lower minCapacity.`,
    );
  }
  if (minCapacity === 0) {
    mistakes.push(
      `${at("minCapacity")} must be at least 1; received 0. The service would begin with no task, and without one there is no load to follow. Raise it, or leave scaling out and set desiredCount.`,
    );
  }
  if (cpuPercent === undefined && memoryPercent === undefined && requestsPerTarget === undefined) {
    mistakes.push(
      `${prefix.replace(/\.$/, "") || "scaling"} must follow something; received no target. Give it cpuPercent, memoryPercent or requestsPerTarget.`,
    );
  }
  if (requestsPerTarget !== undefined && !hasRoute) {
    mistakes.push(
      `${at("requestsPerTarget")} must come with a route; received ${requestsPerTarget} for a service that gets no requests. Give the service paths or hosts, or follow cpuPercent.`,
    );
  }
  return mistakes;
}

/**
 * Target tracking: the service has as many tasks as it takes to keep each target. The number is AWS's from then on, and
 * Terraform leaves it alone.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
 */
export class ServiceScaling extends Construct {
  /** @throws {SettingsError} with every mistake at once */
  constructor(scope: Construct, id: string, props: ServiceScalingProps) {
    super(scope, id);
    const { cluster, targetGroupArnSuffix, minCapacity = 1, maxCapacity } = props;
    const serviceName = literal(props.serviceName);
    const { scaleOutCooldownSeconds = 60, scaleInCooldownSeconds = 300 } = props;
    refuse(this, serviceScalingMistakes(props, targetGroupArnSuffix !== undefined));
    const target = new AppautoscalingTarget(this, "resource", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${cluster.cluster.clusterName}/${serviceName}`,
      minCapacity,
      maxCapacity,
      tags: purposeTags(`${cluster.cluster.clusterName}-${serviceName}`, `How many tasks ${serviceName} has`),
    });
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
          scaleOutCooldown: scaleOutCooldownSeconds,
          scaleInCooldown: scaleInCooldownSeconds,
          predefinedMetricSpecification: { predefinedMetricType: metric, resourceLabel },
        },
      });
    };
    track("cpu", "ECSServiceAverageCPUUtilization", props.cpuPercent);
    track("memory", "ECSServiceAverageMemoryUtilization", props.memoryPercent);
    const listenerArn = cluster.loadBalancer?.listenerArn;
    if (props.requestsPerTarget !== undefined && listenerArn !== undefined && targetGroupArnSuffix !== undefined) {
      // A listener's ARN holds its load balancer's: ...:listener/app/NAME/ID/LISTENER.
      const balancer = hcl`join("/", slice(split("/", ${listenerArn}), 1, 4))`;
      track(
        "requests",
        "ALBRequestCountPerTarget",
        props.requestsPerTarget,
        `${balancer}/${literal(targetGroupArnSuffix)}`,
      );
    }
  }
}
