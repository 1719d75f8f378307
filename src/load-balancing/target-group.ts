import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { DataResource } from "cdktf";
import { Construct } from "constructs";
import { clusterTargetField, type EcsClusterTarget, type ListenerTarget } from "../cluster/ecs-cluster-target";
import { SPOT_NOTICE_SECONDS } from "../instances/agent-config";
import { type Expression, hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { serviceNameRules } from "../validation/aws-rules";
import { matches, wholeNumber } from "../validation/rule";
import { boolean, choice, number, plain, schemaOf, string, withDefaults } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { validate } from "../validation/validate";
import { listenerOf, missingLoadBalancer, type RouteLoadBalancer, routeLoadBalancerField } from "./route-listener";

/** How the load balancer checks that a target is healthy. */
export interface HealthCheck {
  /** The path of the requests. @default "/" */
  readonly path?: string;
  /** The HTTP codes of a healthy target, from 200 to 499: `200`, `200,302` or `200-299`. @default "200" */
  readonly healthyHttpCodes?: string;
  /** Seconds from one check to the next. @default 30 */
  readonly intervalSeconds?: number;
  /** Seconds after which a check without a response fails. It must be below the interval. @default 5 */
  readonly timeoutSeconds?: number;
  /** Successful checks in a row that make a target healthy. @default 2 */
  readonly healthyThresholdCount?: number;
  /** Failed checks in a row that make a target unhealthy. @default 2 */
  readonly unhealthyThresholdCount?: number;
}

const path = matches("^/[!-~]{0,1023}$", "be a path that begins with /", 'For example "/" or "/health".');
const codes = matches(
  "^[2-4][0-9]{2}([,-][2-4][0-9]{2})*$",
  "be HTTP codes from 200 to 499",
  'Write one code ("200"), several ("200,302") or a range ("200-299").',
);
const ascendingRanges: Limit<string> = {
  must: "have the lower code of a range first",
  fix: 'Swap the codes, as in "200-299".',
  check: (text) => [...text.matchAll(/(\d{3})-(\d{3})/g)].every(([, from = "", to = ""]) => from <= to),
};
const checksInARow = wholeNumber(2, 10, "checks in a row", "For example 2.");

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
export const healthCheckSchema = schemaOf<HealthCheck>()(
  {
    path: string(path).default("/"),
    healthyHttpCodes: string(codes, ascendingRanges).default("200"),
    intervalSeconds: number(wholeNumber(5, 300, "seconds", "For example 30.")).default(30),
    timeoutSeconds: number(wholeNumber(2, 120, "seconds", "For example 5.")).default(5),
    healthyThresholdCount: number(checksInARow).default(2),
    unhealthyThresholdCount: number(checksInARow).default(2),
  },
  timeoutBelowInterval,
);

/** The timing of any health check. */
interface CheckTiming {
  readonly timeoutSeconds?: number;
  readonly intervalSeconds?: number;
}

/** AWS rejects a check that can still run when the next one starts. */
export function* timeoutBelowInterval({
  timeoutSeconds: timeout,
  intervalSeconds: interval,
}: Known<CheckTiming>): Findings<CheckTiming> {
  if (timeout === undefined || interval === undefined || timeout < interval) return;
  const must = `be below intervalSeconds, which is ${interval}`;
  yield { at: "timeoutSeconds", must, fix: "Lower the timeout, or raise the interval." };
}

/** The protocols between the load balancer and a container. */
const TARGET_PROTOCOLS = ["HTTP", "HTTPS"] as const;

/** The target group of a service. */
export interface TargetGroupSettings {
  /**
   * The protocol of requests and health checks. With `HTTPS`, the container serves TLS on `containerPort`. The load
   * balancer accepts any certificate, even a self-signed or an expired one. Changing it replaces the target group.
   * @default "HTTP"
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-routing-configuration
   */
  readonly targetProtocol?: (typeof TARGET_PROTOCOLS)[number];
  /** The load balancer's health check. Docker's is `containerHealthCheck`. @default - requests to `/` every 30 seconds */
  readonly healthCheck?: HealthCheck;
  /**
   * Seconds that a target has to finish its requests before it is removed. On Spot instances, keep it and
   * `stopTimeoutSeconds` together below the two minutes between the interruption notice and the end of the instance.
   * @default - 300, or 90 if a task can run on a Spot instance: less with a `stopTimeoutSeconds` above 30
   */
  readonly deregistrationDelaySeconds?: number;
  /** Seconds in which a new target's share of the requests grows. @default - none: a new target gets its full share at once */
  readonly slowStartSeconds?: number;
  /** Seconds that a client stays with the same task, by a cookie. @default - any task serves any request */
  readonly stickinessSeconds?: number;
  /**
   * Send requests to targets in all Availability Zones. With `false`, a request stays in the zone where it enters the load
   * balancer, so each zone needs a task. It cannot be used with `stickinessSeconds`.
   * @default - the load balancer decides: true
   */
  readonly crossZoneEnabled?: boolean;
}

export const targetGroupSchema = schemaOf<TargetGroupSettings>()(
  {
    targetProtocol: choice(...TARGET_PROTOCOLS).default("HTTP"),
    healthCheck: withDefaults(healthCheckSchema),
    deregistrationDelaySeconds: number(wholeNumber(0, 3600, "seconds", "For example 300.")).optional(),
    slowStartSeconds: number(wholeNumber(30, 900, "seconds", "Remove it for no slow start.")).optional(),
    stickinessSeconds: number(wholeNumber(1, 604_800, "seconds", "For example 86400, which is a day.")).optional(),
    crossZoneEnabled: boolean().optional(),
  },
  crossZoneStickiness,
);

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#target-group-cross-zone */
function* crossZoneStickiness(
  { crossZoneEnabled }: Known<TargetGroupSettings>,
  given: Given<TargetGroupSettings>,
): Findings<TargetGroupSettings> {
  if (crossZoneEnabled !== false || !given("stickinessSeconds")) return;
  yield { at: "crossZoneEnabled", must: "be true with stickinessSeconds", fix: "Remove one of the two." };
}

/**
 * Returns the seconds of the deregistration delay by default. ECS stops a task of a draining instance after the delay, and a
 * Spot instance ends two minutes after its notice. With the delay of AWS, 300 seconds, SIGTERM would never arrive.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-spot.html
 *
 * @param spot whether a task can run on a Spot instance. It can be a token.
 * @param stopSeconds the seconds that a container of the task has after SIGTERM
 */
export const defaultDeregistrationDelay = (spot: boolean | Expression = false, stopSeconds = 30): number => {
  const onSpot = Math.max(0, Math.min(90, SPOT_NOTICE_SECONDS - stopSeconds));
  if (isToken(spot)) return hcl`${spot} ? ${onSpot} : 300`.number;
  return spot ? onSpot : 300;
};

/** Returns the argument for `crossZoneEnabled`. It is always set, because the AWS provider keeps an omitted value. */
function crossZoneOf(enabled: boolean | undefined): string {
  if (enabled === undefined) return "use_load_balancer_configuration";
  return isToken(enabled) ? hcl`tostring(${enabled})`.string : `${enabled}`;
}

/** The targets of one service. */
export interface TargetGroupProps extends TargetGroupSettings {
  /** The service's cluster. */
  readonly cluster: EcsClusterTarget;
  /** The service's name. */
  readonly name: string;
  /** The load balancer of the target group, as a route names it. @default - `loadBalancer` of the cluster */
  readonly loadBalancer?: RouteLoadBalancer;
  /**
   * The targets: `instance` for a port of an instance, or `ip` for tasks in awsvpc mode, which have an address of their own.
   * Changing it replaces the target group.
   * @default "instance"
   */
  readonly targetType?: "instance" | "ip";
}

export const targetGroupPropsSchema = schemaOf<TargetGroupProps>()(
  {
    ...targetGroupSchema.shape,
    cluster: clusterTargetField,
    name: string(...serviceNameRules),
    loadBalancer: routeLoadBalancerField.optional(),
    targetType: plain(choice("instance", "ip")).default("instance"),
  },
  ...targetGroupSchema.rules,
  function* existingLoadBalancer({ cluster, loadBalancer }): Findings<TargetGroupProps> {
    if (!cluster) return;
    for (const finding of missingLoadBalancer(cluster as EcsClusterTarget, loadBalancer as RouteLoadBalancer)) {
      yield { at: "loadBalancer", ...finding };
    }
  },
);

/**
 * The running tasks of a service. Each target is an instance with the task's host port, or in awsvpc mode the address of the
 * task with its container port.
 */
export class TargetGroup extends Construct {
  /** The target group's ARN. */
  readonly targetGroupArn: string;
  /** The part of the ARN that CloudWatch and Application Auto Scaling use. */
  readonly arnSuffix: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: TargetGroupProps) {
    super(scope, id);
    const settings = validate(this, targetGroupPropsSchema, props);
    const { cluster, name, targetProtocol: protocol, healthCheck, stickinessSeconds } = settings;
    const delay = settings.deregistrationDelaySeconds ?? defaultDeregistrationDelay(cluster.instanceCapacity?.spot);
    const { name: balancer, listener: loadBalancer } = listenerOf(cluster, settings.loadBalancer) ?? {};
    // A target group cannot leave its load balancer while a rule of it exists. The ARN does not change with the listeners.
    const trigger =
      loadBalancer && new DataResource(this, "load_balancer", { input: { load_balancer_arn: arnOf(loadBalancer) } });
    const group = new LbTargetGroup(this, "resource", {
      // A generated name, because a replacement must exist before the rule leaves the old group. AWS allows six characters
      // in a prefix, and rejects the prefix "internal-".
      namePrefix: `${name.slice(0, 5)}-`,
      targetType: settings.targetType,
      protocol,
      // ECS registers each task with its own host port, so this port is never used. Changing it would replace the group.
      port: protocol === "HTTPS" ? 443 : 80,
      vpcId: cluster.vpc.vpcId,
      deregistrationDelay: isToken(delay) ? hcl`tostring(${delay})`.string : `${delay}`,
      slowStart: settings.slowStartSeconds,
      loadBalancingCrossZoneEnabled: crossZoneOf(settings.crossZoneEnabled),
      // Always set: the provider reads an omitted value from AWS, so stickiness could never be switched off.
      stickiness: { enabled: stickinessSeconds !== undefined, type: "lb_cookie", cookieDuration: stickinessSeconds },
      healthCheck: {
        enabled: true,
        protocol,
        port: "traffic-port",
        path: literal(healthCheck.path),
        matcher: healthCheck.healthyHttpCodes,
        interval: healthCheck.intervalSeconds,
        timeout: healthCheck.timeoutSeconds,
        healthyThreshold: healthCheck.healthyThresholdCount,
        unhealthyThreshold: healthCheck.unhealthyThresholdCount,
      },
      tags: purposeTags(
        [cluster.cluster.clusterName, name, ...(balancer === undefined ? [] : [balancer])].join("-"),
        `The tasks of ${name} that receive requests`,
      ),
      lifecycle: { createBeforeDestroy: true, replaceTriggeredBy: trigger && [addressOf(trigger)] },
    });
    this.node.defaultChild = group;
    this.targetGroupArn = group.arn;
    this.arnSuffix = group.arnSuffix;
  }
}

/** Returns the ARN of the load balancer, which begins the ARN of its listener: `…:listener/app/<name>/<id>/<listener id>`. */
const arnOf = ({ listenerArn, loadBalancerArn }: ListenerTarget): string =>
  loadBalancerArn ??
  hcl`replace(join("/", slice(split("/", ${listenerArn}), 0, 4)), ":listener/", ":loadbalancer/")`.string;

/** Returns the address without braces, as `replace_triggered_by` needs it. */
const addressOf = ({ terraformResourceType, friendlyUniqueId }: DataResource): string =>
  `${terraformResourceType}.${friendlyUniqueId}`;
