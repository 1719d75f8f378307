import { literal } from "../terraform/expression";
import { matches, wholeNumber } from "../validation/rule";
import { choice, number, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { ascendingRanges, checksInARow, pathRule, timeoutBelowInterval } from "./target-group";

/** How a Network Load Balancer checks that a target is healthy. It checks by TCP or HTTP, and never by UDP. */
export interface NetworkHealthCheck {
  /** The protocol of the checks. `TCP` checks that the port accepts a connection. @default "TCP" */
  readonly protocol?: "TCP" | "HTTP" | "HTTPS";
  /**
   * Another port for the checks: a port of the instance, or in awsvpc mode of the task. ECS rejects it with a dynamic host port, so a
   * service needs `hostPort`, or awsvpc or host mode. `UDP` needs it unless the same number is also a TCP port of the container.
   * @default - the port that receives the connections
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
   */
  readonly port?: number;
  /** The path of the requests, with `HTTP` and `HTTPS`. @default - `/` */
  readonly path?: string;
  /** The HTTP codes of a healthy target, from 200 to 599: `200`, `200,302` or `200-399`. @default - `200-399` */
  readonly healthyHttpCodes?: string;
  /** Seconds from one check to the next. @default 30 */
  readonly intervalSeconds?: number;
  /** Seconds after which a check without a response fails. It must be below the interval. @default 10 */
  readonly timeoutSeconds?: number;
  /** Successful checks in a row that make a target healthy. @default 2 */
  readonly healthyThresholdCount?: number;
  /** Failed checks in a row that make a target unhealthy. @default 2 */
  readonly unhealthyThresholdCount?: number;
}

const codes = matches(
  "^[2-5][0-9]{2}([,-][2-5][0-9]{2})*$",
  "be HTTP codes from 200 to 599",
  'Write one code ("200"), several ("200,302") or a range ("200-399").',
);

export const networkHealthCheckSchema = schemaOf<NetworkHealthCheck>()(
  {
    protocol: plain(choice("TCP", "HTTP", "HTTPS")).default("TCP"),
    port: plain(number(wholeNumber(1, 65_535, "", "Remove it for the port that receives the connections."))).optional(),
    path: string(pathRule).optional(),
    healthyHttpCodes: string(codes, ascendingRanges).optional(),
    intervalSeconds: number(wholeNumber(5, 300, "seconds", "For example 30.")).default(30),
    timeoutSeconds: number(wholeNumber(2, 120, "seconds", "For example 10.")).default(10),
    healthyThresholdCount: number(checksInARow).default(2),
    unhealthyThresholdCount: number(checksInARow).default(2),
  },
  onlyWithHttp,
  timeoutBelowInterval,
);

function* onlyWithHttp(
  { protocol }: Known<NetworkHealthCheck>,
  given: Given<NetworkHealthCheck>,
): Findings<NetworkHealthCheck> {
  if (protocol !== "TCP") return;
  for (const at of ["path", "healthyHttpCodes"] as const) {
    if (given(at)) yield { at, must: "not be set with a TCP check", fix: 'Set protocol to "HTTP", or remove it.' };
  }
}

/** Returns the arguments of the target group for its health check. */
export const networkHealthCheckArguments = (check: Parsed<typeof networkHealthCheckSchema>) => ({
  enabled: true,
  protocol: check.protocol,
  port: check.port === undefined ? "traffic-port" : `${check.port}`,
  path: check.protocol === "TCP" ? undefined : literal(check.path ?? "/"),
  matcher: check.protocol === "TCP" ? undefined : (check.healthyHttpCodes ?? "200-399"),
  interval: check.intervalSeconds,
  timeout: check.timeoutSeconds,
  healthyThreshold: check.healthyThresholdCount,
  unhealthyThreshold: check.unhealthyThresholdCount,
});
