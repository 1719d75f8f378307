import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { DataResource } from "cdktf";
import { Construct } from "constructs";
import { clusterTargetField, type EcsClusterTarget, type ListenerTarget } from "../cluster/ecs-cluster-target";
import { SPOT_NOTICE_SECONDS } from "../instances/agent-config";
import { type Expression, hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { serviceNameRules } from "../validation/aws-rules";
import type { Problem } from "../validation/problem";
import { matches, matchesNot, wholeNumber } from "../validation/rule";
import { boolean, choice, number, plain, schemaOf, string, withDefaults } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import { show } from "../validation/show";
import { isToken } from "../validation/token";
import { throwIfInvalid, validate } from "../validation/validate";
import { targetGroupQuotaProblems, useOf } from "./load-balancer-quotas";
import { listenerOf, missingLoadBalancer, type RouteLoadBalancer, routeLoadBalancerField } from "./route-listener";
import { httpsGuards } from "./rule-actions";

/** The protocols between the load balancer and a container. */
const TARGET_PROTOCOLS = ["HTTP", "HTTPS"] as const;

/** How the load balancer checks that a target is healthy. */
export interface HealthCheck {
  /**
   * Another port for the checks: a port of the instance, or in awsvpc mode of the task. ECS rejects it with a dynamic host port, so a
   * service needs `hostPort`, or awsvpc or host mode. Deploy tasks that answer on the port before you set it.
   * @default - the port that receives the requests
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#health-check-settings
   */
  readonly port?: number;
  /** The protocol of the checks. Another one than `targetProtocol` needs `port`, because a port answers one protocol. @default - `targetProtocol` */
  readonly protocol?: (typeof TARGET_PROTOCOLS)[number];
  /** The path of the requests. With gRPC, it is a method. @default - `/`, or `/AWS.ALB/healthcheck` with gRPC */
  readonly path?: string;
  /** The HTTP codes of a healthy target, from 200 to 499: `200`, `200,302` or `200-299`. @default - `200` */
  readonly healthyHttpCodes?: string;
  /** With `protocolVersion: "GRPC"`, the gRPC codes of a healthy target, from 0 to 99: `0`, `0,12` or `0-5`. @default - `12`, which is UNIMPLEMENTED */
  readonly healthyGrpcCodes?: string;
  /** Seconds from one check to the next. @default 30 */
  readonly intervalSeconds?: number;
  /** Seconds after which a check without a response fails. It must be below the interval. @default 5 */
  readonly timeoutSeconds?: number;
  /** Successful checks in a row that make a target healthy. @default 2 */
  readonly healthyThresholdCount?: number;
  /** Failed checks in a row that make a target unhealthy. @default 2 */
  readonly unhealthyThresholdCount?: number;
}

export const pathRule = matches("^/[!-~]{0,1023}$", "be a path that begins with /", 'For example "/" or "/health".');
const codes = matches(
  "^[2-4][0-9]{2}([,-][2-4][0-9]{2})*$",
  "be HTTP codes from 200 to 499",
  'Write one code ("200"), several ("200,302") or a range ("200-299").',
);
const grpcCodes = matches(
  "^[0-9]{1,2}([,-][0-9]{1,2})*$",
  "be gRPC codes from 0 to 99",
  'Write one code ("0"), several ("0,12") or a range ("0-5").',
);
export const ascendingRanges: Limit<string> = {
  must: "have the lower code of a range first",
  fix: 'Swap the codes, as in "200-299".',
  check: (text) => [...text.matchAll(/(\d{3})-(\d{3})/g)].every(([, from = "", to = ""]) => from <= to),
};
export const checksInARow = wholeNumber(2, 10, "checks in a row", "For example 2.");

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
export const healthCheckSchema = schemaOf<HealthCheck>()(
  {
    port: plain(number(wholeNumber(1, 65_535, "", "Remove it for the port that receives the requests."))).optional(),
    protocol: choice(...TARGET_PROTOCOLS).optional(),
    path: string(pathRule).optional(),
    healthyHttpCodes: string(codes, ascendingRanges).optional(),
    healthyGrpcCodes: string(grpcCodes).optional(),
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

/** The versions of HTTP between the load balancer and a container. */
const PROTOCOL_VERSIONS = ["HTTP1", "HTTP2", "GRPC"] as const;
const ALGORITHMS = ["round_robin", "least_outstanding_requests", "weighted_random"] as const;

/**
 * How many healthy targets a target group needs. With fewer, the load balancer takes an action.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html
 */
export interface TargetGroupHealth {
  /** With fewer healthy targets in a zone, DNS leaves out the addresses of the load balancer in this zone. @default - 1 */
  readonly dnsMinimumHealthyTargetCount?: number;
  /** The same, as a percentage of the targets. @default - off */
  readonly dnsMinimumHealthyTargetPercentage?: number;
  /** With fewer healthy targets in a zone, the load balancer sends requests to all targets, also to unhealthy ones. @default - 1 */
  readonly routingMinimumHealthyTargetCount?: number;
  /** The same, as a percentage of the targets. @default - off */
  readonly routingMinimumHealthyTargetPercentage?: number;
}

const targets = () => plain(number(wholeNumber(1, 1000, "targets", "For example 2."))).optional();
const percentage = () => plain(number(wholeNumber(1, 100, "percent", "For example 50."))).optional();

export const targetGroupHealthSchema = schemaOf<TargetGroupHealth>()(
  {
    dnsMinimumHealthyTargetCount: targets(),
    dnsMinimumHealthyTargetPercentage: percentage(),
    routingMinimumHealthyTargetCount: targets(),
    routingMinimumHealthyTargetPercentage: percentage(),
  },
  dnsBeforeRouting,
);

/** AWS rejects a threshold of DNS below the one of routing. */
function* dnsBeforeRouting(settings: Known<TargetGroupHealth>): Findings<TargetGroupHealth> {
  for (const [at, other, least] of [
    ["dnsMinimumHealthyTargetCount", "routingMinimumHealthyTargetCount", 1],
    ["dnsMinimumHealthyTargetPercentage", "routingMinimumHealthyTargetPercentage", undefined],
  ] as const) {
    const [dns, routing] = [settings[at] ?? least, settings[other]];
    if (dns === undefined || routing === undefined || dns >= routing) continue;
    yield { at, must: `be at least ${other}, which is ${routing}`, fix: "Raise it.", received: dns };
  }
}

/** The target group of a service. */
export interface TargetGroupSettings {
  /**
   * The protocol of requests. With `HTTPS`, the container serves TLS on `containerPort`. The load
   * balancer accepts any certificate, even a self-signed or an expired one. Changing it replaces the target group.
   * @default "HTTP"
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-routing-configuration
   */
  readonly targetProtocol?: (typeof TARGET_PROTOCOLS)[number];
  /**
   * The version of HTTP of requests. `GRPC` and `HTTP2` need containers that speak HTTP/2, and `GRPC` a listener with HTTPS. Changing it
   * replaces the target group.
   * @default - HTTP1
   */
  readonly protocolVersion?: (typeof PROTOCOL_VERSIONS)[number];
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
  /** With `stickinessSeconds`, the cookie of the container that starts a session. @default - the load balancer has its own cookie */
  readonly stickinessCookieName?: string;
  /**
   * How the load balancer chooses a target. Terraform keeps an omitted value: to undo it, set `round_robin`.
   * @default - round_robin
   */
  readonly loadBalancingAlgorithmType?: (typeof ALGORITHMS)[number];
  /**
   * With `weighted_random`, send fewer requests to targets with unusually many errors. Terraform keeps an omitted value: to undo it, set
   * `false`.
   * @default - false
   */
  readonly enableAnomalyMitigation?: boolean;
  /** The healthy targets that the target group needs. Terraform keeps omitted values. @default - one */
  readonly targetGroupHealth?: TargetGroupHealth;
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
    stickinessCookieName: string(
      matches(
        "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$",
        "be the name of a cookie, without spaces, commas and semicolons",
        'For example "JSESSIONID".',
      ),
      matchesNot("^AWSALB", "not start with AWSALB", "The load balancer uses these names. Rename the cookie."),
    ).optional(),
    loadBalancingAlgorithmType: plain(choice(...ALGORITHMS)).optional(),
    enableAnomalyMitigation: plain(boolean()).optional(),
    targetGroupHealth: targetGroupHealthSchema.optional(),
    protocolVersion: plain(choice(...PROTOCOL_VERSIONS)).optional(),
    crossZoneEnabled: boolean().optional(),
  },
  crossZoneStickiness,
  codesOfVersion,
  algorithmSettings,
);

/** A gRPC target returns gRPC codes. */
function* codesOfVersion(
  { protocolVersion }: Known<TargetGroupSettings>,
  given: Given<TargetGroupSettings>,
): Findings<TargetGroupSettings> {
  const isGrpc = protocolVersion === "GRPC";
  const [at, other] = isGrpc
    ? (["healthyHttpCodes", "healthyGrpcCodes"] as const)
    : (["healthyGrpcCodes", "healthyHttpCodes"] as const);
  if (!given("healthCheck", at)) return;
  const must = `not be set ${isGrpc ? "with" : "without"} protocolVersion "GRPC"`;
  yield { at: ["healthCheck", at], must, fix: `Use ${other}.` };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#modify-routing-algorithm */
function* algorithmSettings(
  { loadBalancingAlgorithmType: algorithm, enableAnomalyMitigation }: Known<TargetGroupSettings>,
  given: Given<TargetGroupSettings>,
): Findings<TargetGroupSettings> {
  if (enableAnomalyMitigation && algorithm !== "weighted_random") {
    const fix = 'Set loadBalancingAlgorithmType to "weighted_random".';
    yield { at: "enableAnomalyMitigation", must: 'not be true without the algorithm "weighted_random"', fix };
  }
  if (given("slowStartSeconds") && algorithm !== undefined && algorithm !== "round_robin") {
    const must = `not be set with the algorithm "${algorithm}"`;
    yield { at: "slowStartSeconds", must, fix: "AWS rejects both together. Remove one of the two." };
  }
  if (given("stickinessCookieName") && !given("stickinessSeconds")) {
    const must = "not be set without stickinessSeconds";
    yield { at: "stickinessCookieName", must, fix: "Set stickinessSeconds, or remove it." };
  }
}

/**
 * Returns why the targets of a listener cannot use gRPC. A listener of another state is unknown.
 * @param setting the path of the route in the caller's settings. @default - the settings are the target group's
 */
export function grpcProblems(
  listener: ListenerTarget | undefined,
  { protocolVersion }: TargetGroupSettings,
  setting = "",
): Problem[] {
  if (protocolVersion !== "GRPC" || listener?.protocol !== "HTTP") return [];
  const fix = "Set https of the load balancer, or use HTTP2.";
  const rule = "must not be GRPC behind an HTTP listener";
  return [{ path: `${setting}protocolVersion`, rule, received: show(protocolVersion), fix }];
}

/**
 * Returns why health checks cannot use their protocol: a port answers one protocol.
 * @param setting the path of the route in the caller's settings. @default - the settings are the target group's
 */
export function checkProtocolProblems(
  { targetProtocol = "HTTP", healthCheck = {} }: TargetGroupSettings,
  setting = "",
): Problem[] {
  const { protocol = targetProtocol, port } = healthCheck;
  if (port !== undefined || protocol === targetProtocol || isToken(protocol) || isToken(targetProtocol)) return [];
  const rule = `must be ${targetProtocol} without healthCheck.port, because targetProtocol of the port is ${targetProtocol}`;
  const fix = `Set healthCheck.port to a port that answers ${protocol}. It needs a fixed hostPort, or networkMode "awsvpc" or "host".`;
  return [{ path: `${setting}healthCheck.protocol`, rule, received: show(protocol), fix }];
}

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
export function crossZoneOf(enabled: boolean | undefined): string {
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
  /**
   * Whether it is the second target group of a service with a deployment strategy, which its tags then say.
   * @default false
   */
  readonly isAlternate?: boolean;
}

export const targetGroupPropsSchema = schemaOf<TargetGroupProps>()(
  {
    ...targetGroupSchema.shape,
    cluster: clusterTargetField,
    name: string(...serviceNameRules),
    loadBalancer: routeLoadBalancerField.optional(),
    targetType: plain(choice("instance", "ip")).default("instance"),
    isAlternate: plain(boolean()).default(false),
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
    const use = loadBalancer && useOf(loadBalancer);
    throwIfInvalid(this, [
      ...grpcProblems(loadBalancer, settings),
      ...checkProtocolProblems(settings),
      ...(use ? targetGroupQuotaProblems(use) : []),
    ]);
    if (use) use.targetGroups++;
    // A target group cannot leave its load balancer while a rule of it exists. The ARN does not change with the listeners.
    const trigger =
      loadBalancer && new DataResource(this, "load_balancer", { input: { load_balancer_arn: arnOf(loadBalancer) } });
    const isGrpc = settings.protocolVersion === "GRPC";
    const guards = isGrpc && loadBalancer ? httpsGuards(loadBalancer, `protocolVersion GRPC of ${name}`) : [];
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
      stickiness: {
        enabled: stickinessSeconds !== undefined,
        type: settings.stickinessCookieName === undefined ? "lb_cookie" : "app_cookie",
        cookieDuration: stickinessSeconds,
        cookieName: settings.stickinessCookieName === undefined ? undefined : literal(settings.stickinessCookieName),
      },
      // The AWS provider does not reset it when the argument is removed.
      protocolVersion: settings.protocolVersion ?? "HTTP1",
      loadBalancingAlgorithmType: settings.loadBalancingAlgorithmType,
      loadBalancingAnomalyMitigation: onOrOff(settings.enableAnomalyMitigation),
      targetGroupHealth: healthOf(settings.targetGroupHealth),
      healthCheck: {
        enabled: true,
        protocol: healthCheck.protocol ?? protocol,
        port: healthCheck.port === undefined ? "traffic-port" : `${healthCheck.port}`,
        path: literal(healthCheck.path ?? (isGrpc ? "/AWS.ALB/healthcheck" : "/")),
        matcher: isGrpc ? (healthCheck.healthyGrpcCodes ?? "12") : (healthCheck.healthyHttpCodes ?? "200"),
        interval: healthCheck.intervalSeconds,
        timeout: healthCheck.timeoutSeconds,
        healthyThreshold: healthCheck.healthyThresholdCount,
        unhealthyThreshold: healthCheck.unhealthyThresholdCount,
      },
      tags: purposeTags(
        [
          ...[cluster.cluster.clusterName, name, ...(balancer === undefined ? [] : [balancer])],
          ...(settings.isAlternate ? ["alternate"] : []),
        ].join("-"),
        `The tasks of ${name} that receive requests${settings.isAlternate ? ", after every other deployment" : ""}`,
      ),
      lifecycle: {
        createBeforeDestroy: true,
        replaceTriggeredBy: trigger && [addressOf(trigger)],
        precondition: guards.length > 0 ? guards : undefined,
      },
    });
    this.node.defaultChild = group;
    this.targetGroupArn = group.arn;
    this.arnSuffix = group.arnSuffix;
  }
}

const onOrOff = (enabled: boolean | undefined) => (enabled === undefined ? undefined : enabled ? "on" : "off");

/** Returns the arguments of a target group's health. AWS's defaults are one target and no percentage. */
export const healthOf = (health: TargetGroupHealth | undefined) =>
  health && {
    dnsFailover: {
      minimumHealthyTargetsCount: `${health.dnsMinimumHealthyTargetCount ?? 1}`,
      minimumHealthyTargetsPercentage: `${health.dnsMinimumHealthyTargetPercentage ?? "off"}`,
    },
    unhealthyStateRouting: {
      minimumHealthyTargetsCount: health.routingMinimumHealthyTargetCount ?? 1,
      minimumHealthyTargetsPercentage: `${health.routingMinimumHealthyTargetPercentage ?? "off"}`,
    },
  };

/** Returns the ARN of the load balancer, which begins the ARN of its listener: `…:listener/app/<name>/<id>/<listener id>`. */
const arnOf = ({ listenerArn, loadBalancerArn }: ListenerTarget): string =>
  loadBalancerArn ??
  hcl`replace(join("/", slice(split("/", ${listenerArn}), 0, 4)), ":listener/", ":loadbalancer/")`.string;

/** Returns the address without braces, as `replace_triggered_by` needs it. */
export const addressOf = ({ terraformResourceType, friendlyUniqueId }: DataResource): string =>
  `${terraformResourceType}.${friendlyUniqueId}`;
