import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Construct } from "constructs";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import {
  deregistrationDelayRules,
  healthCodeRules,
  healthIntervalRules,
  healthPathRules,
  healthThresholdRules,
  healthTimeoutRules,
  serviceNameRules,
  slowStartRules,
  stickinessRules,
} from "../services/service-rules";
import { timeoutMistakes } from "../tasks/container-mistakes";
import { literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { isToken, propMistakes, refuse } from "../validation/check-props";
import { oneOfWords } from "../validation/rule";

/** How the load balancer sees whether a task is well. */
export interface HealthCheck {
  /** What it asks for. @default "/" */
  readonly path?: string;
  /** The HTTP codes that are well, from 200 to 499: `200`, `200,302` or `200-299`. @default "200" */
  readonly healthyHttpCodes?: string;
  /** Seconds between two checks, 5 to 300. @default 30 */
  readonly intervalSeconds?: number;
  /** Seconds that a check may take, 2 to 120, under the interval. @default 5 */
  readonly timeoutSeconds?: number;
  /** Checks in a row that make a target healthy, 2 to 10. @default 2 */
  readonly healthyThresholdCount?: number;
  /** Checks in a row that make a target unhealthy, 2 to 10. @default 2 */
  readonly unhealthyThresholdCount?: number;
}

/** How the load balancer may talk to a container. */
export const TARGET_PROTOCOLS = ["HTTP", "HTTPS"] as const;

/** What a target group has beside its service. */
export interface TargetGroupSettings {
  /**
   * How the load balancer and its health check talk to the container. For `HTTPS` the container listens with TLS on
   * `containerPort`; any certificate will do, a self-signed or an expired one too, since the load balancer doesn't look
   * at it. Changing it replaces the target group.
   * @default "HTTP"
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-routing-configuration
   */
  readonly targetProtocol?: (typeof TARGET_PROTOCOLS)[number];
  /** The load balancer's health check; Docker's is `containerHealthCheck`. @default - `/` every 30 seconds */
  readonly healthCheck?: HealthCheck;
  /** Seconds that a target that is leaving may finish its requests, 0 to 3600. @default 300 */
  readonly deregistrationDelaySeconds?: number;
  /** Seconds over which a new target's share of requests grows, 30 to 900. @default - its whole share at once */
  readonly slowStartSeconds?: number;
  /** Seconds that a client stays with its task, by a cookie, 1 to 604800. @default - each request goes anywhere */
  readonly stickinessSeconds?: number;
}

/** The targets of one service. */
export interface TargetGroupProps extends TargetGroupSettings {
  readonly cluster: EcsClusterTarget;
  /** The service's name. */
  readonly name: string;
}

/** What a health check has where nothing is said. */
export const HEALTH_CHECK_DEFAULTS = {
  path: "/",
  healthyHttpCodes: "200",
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThresholdCount: 2,
  unhealthyThresholdCount: 2,
} as const satisfies HealthCheck;

const targetProtocolRule = oneOfWords(
  TARGET_PROTOCOLS,
  "HTTPS is for a container that listens with TLS; leave it out for HTTP.",
);

/** Every way in which a target group's settings break a rule. */
export function targetGroupMistakes(settings: TargetGroupSettings): string[] {
  const { healthCheck = {} } = settings;
  const { timeoutSeconds, intervalSeconds } = { ...HEALTH_CHECK_DEFAULTS, ...defined(healthCheck) };
  return [
    ...propMistakes({
      targetProtocol: [settings.targetProtocol, [targetProtocolRule]],
      "healthCheck.path": [healthCheck.path, healthPathRules],
      "healthCheck.healthyHttpCodes": [healthCheck.healthyHttpCodes, healthCodeRules],
      "healthCheck.intervalSeconds": [healthCheck.intervalSeconds, healthIntervalRules],
      "healthCheck.timeoutSeconds": [healthCheck.timeoutSeconds, healthTimeoutRules],
      "healthCheck.healthyThresholdCount": [healthCheck.healthyThresholdCount, healthThresholdRules],
      "healthCheck.unhealthyThresholdCount": [healthCheck.unhealthyThresholdCount, healthThresholdRules],
      deregistrationDelaySeconds: [settings.deregistrationDelaySeconds, deregistrationDelayRules],
      slowStartSeconds: [settings.slowStartSeconds, slowStartRules],
      stickinessSeconds: [settings.stickinessSeconds, stickinessRules],
    }),
    ...timeoutMistakes("healthCheck", timeoutSeconds, intervalSeconds),
    ...rangeMistakes(healthCheck.healthyHttpCodes),
  ];
}

/** A range that ends before it begins is refused by AWS. */
function rangeMistakes(codes: string | undefined): string[] {
  if (codes === undefined || isToken(codes)) return [];
  return codes
    .split(",")
    .filter((range) => /^[0-9]{3}-[0-9]{3}$/.test(range) && range.slice(0, 3) > range.slice(4))
    .map(
      (range) =>
        `healthCheck.healthyHttpCodes must have ranges that begin with their lower code; received ${JSON.stringify(range)}. Write ${range.slice(4)}-${range.slice(0, 3)}.`,
    );
}

/** The running tasks of a service, each on its instance's address and its own dynamic host port. */
export class TargetGroup extends Construct {
  readonly targetGroupArn: string;
  /** The part of the ARN that CloudWatch and scaling call it by. */
  readonly arnSuffix: string;

  /** @throws {SettingsError} with every mistake at once */
  constructor(scope: Construct, id: string, props: TargetGroupProps) {
    super(scope, id);
    const { cluster, name, deregistrationDelaySeconds = 300, slowStartSeconds, stickinessSeconds } = props;
    const protocol = props.targetProtocol ?? "HTTP";
    refuse(this, [...propMistakes({ name: [name, serviceNameRules] }), ...targetGroupMistakes(props)]);
    const check = { ...HEALTH_CHECK_DEFAULTS, ...defined(props.healthCheck ?? {}) };
    const group = new LbTargetGroup(this, "resource", {
      // A generated name, since the new one has to be there before the rule leaves the old one; six characters are its
      // prefix's limit, and AWS keeps "internal-".
      namePrefix: `${name.slice(0, 5)}-`,
      targetType: "instance",
      protocol,
      // ECS registers every task with its own host port: this one is never used, and changing it would replace the group.
      port: protocol === "HTTPS" ? 443 : 80,
      vpcId: cluster.vpc.vpcId,
      deregistrationDelay: `${deregistrationDelaySeconds}`,
      slowStart: slowStartSeconds,
      // Said each time: the provider takes what isn't said from AWS, and what was on once would stay on.
      stickiness: { enabled: stickinessSeconds !== undefined, type: "lb_cookie", cookieDuration: stickinessSeconds },
      healthCheck: {
        enabled: true,
        protocol,
        port: "traffic-port",
        path: literal(check.path),
        matcher: check.healthyHttpCodes,
        interval: check.intervalSeconds,
        timeout: check.timeoutSeconds,
        healthyThreshold: check.healthyThresholdCount,
        unhealthyThreshold: check.unhealthyThresholdCount,
      },
      tags: purposeTags(`${cluster.cluster.clusterName}-${name}`, `The tasks of ${name} that take requests`),
      lifecycle: { createBeforeDestroy: true },
    });
    this.targetGroupArn = group.arn;
    this.arnSuffix = group.arnSuffix;
  }
}

const defined = <T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never;
