import { type PortSources, portSourcesSchema } from "../network/port-sources";
import { wholeNumber } from "../validation/rule";
import {
  anyOf,
  boolean,
  choice,
  map,
  number,
  plain,
  referable,
  schemaOf,
  string,
  withDefaults,
} from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { SSL_POLICIES } from "./load-balancer-settings";
import { certificateArnRules, certificateArnsRules } from "./load-balancer-values";
import { type NetworkHealthCheck, networkHealthCheckSchema } from "./network-health-check";
import { type TargetGroupHealth, targetGroupHealthSchema } from "./target-group";

const LISTENER_PROTOCOLS = ["TCP", "UDP", "TCP_UDP", "TLS"] as const;
const ALPN_POLICIES = ["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"] as const;

/** A port of a Network Load Balancer, and the targets that its connections go to. */
export interface NetworkListenerSettings {
  /** The port. A load balancer has one listener for each port: for TCP and UDP on one port, use `TCP_UDP`. */
  readonly port: number;
  /**
   * The protocol. `TLS` ends the encryption at the load balancer, and adds a variable for the certificate. `TCP_UDP` needs a container
   * that answers both on the same port.
   * @default "TCP"
   */
  readonly protocol?: (typeof LISTENER_PROTOCOLS)[number];
  /** With `protocol: "TLS"`, the protocol between the load balancer and the container. Changing it replaces the target group. @default - TCP */
  readonly targetProtocol?: "TCP" | "TLS";
  /**
   * Who can connect. The networks are the default of a variable. `false` creates no rule: your own rules of the load balancer's security
   * group admit clients.
   * @default - all networks, as the default of the variable
   */
  readonly allowFrom?: false | PortSources;
  /** With `TLS`, the certificate in the region, as the default of a variable. @default - none: the variable is required */
  readonly certificateArn?: string;
  /** With `TLS`, certificates for more domain names, by a name that you choose. Clients name the domain (SNI). @default - none, and no variable */
  readonly certificateArns?: Readonly<Record<string, string>>;
  /** With `TLS`, the TLS policy. @default - ELBSecurityPolicy-TLS13-1-2-Res-2021-06 */
  readonly sslPolicy?: (typeof SSL_POLICIES)[number];
  /** With `TLS`, the versions of HTTP that clients can choose by ALPN. `None` does not negotiate. @default - None */
  readonly alpnPolicy?: (typeof ALPN_POLICIES)[number];
  /** With `TCP`, seconds after which the load balancer closes an idle connection. @default - 350 */
  readonly idleTimeoutSeconds?: number;
  /**
   * Whether containers see the addresses of clients. It is always true with `UDP` and `TCP_UDP`. With `true`, a container cannot connect to
   * itself through the load balancer.
   * @default - true, or false in awsvpc mode
   */
  readonly preserveClientIp?: boolean;
  /** With `TCP` and `TLS`, send the client's address in a header of proxy protocol version 2. Containers must read it, also in health checks. @default - false */
  readonly proxyProtocolV2?: boolean;
  /** Send all connections of a client's address to the same target. AWS does not support it with `TLS`. @default - false */
  readonly stickiness?: boolean;
  /** The load balancer's health check. @default - a TCP connection every 30 seconds */
  readonly healthCheck?: NetworkHealthCheck;
  /** Seconds that a target has to finish its connections before it is removed. @default - that of the service, or 300 */
  readonly deregistrationDelaySeconds?: number;
  /** With `TCP` and `TLS`, close connections at the end of `deregistrationDelaySeconds`. With `UDP`, AWS always does. @default - false */
  readonly connectionTermination?: boolean;
  /** With `TCP` and `TLS`, close the connections of a target that becomes unhealthy. @default - true */
  readonly unhealthyConnectionTermination?: boolean;
  /** With `unhealthyConnectionTermination: false`, seconds in which an unhealthy target still gets the packets of its connections. @default - 0 */
  readonly unhealthyDrainingIntervalSeconds?: number;
  /** The healthy targets that the target group needs. Terraform keeps omitted values. @default - one */
  readonly targetGroupHealth?: TargetGroupHealth;
  /** Send connections to targets in all Availability Zones. @default - the load balancer decides: true */
  readonly crossZoneEnabled?: boolean;
}

export const networkListenerShape = {
  port: plain(number(wholeNumber(1, 65_535, "", "For example 53."))),
  protocol: plain(choice(...LISTENER_PROTOCOLS)).default("TCP"),
  targetProtocol: plain(choice("TCP", "TLS")).optional(),
  allowFrom: anyOf(plain(choice(false)), portSourcesSchema).optional(),
  // Only Terraform knows the region of the stack: the variable checks it.
  certificateArn: referable(string(...certificateArnRules.slice(0, 1))).optional(),
  certificateArns: referable(
    map(string(), { limits: certificateArnsRules(certificateArnRules.slice(0, 1)) }),
  ).optional(),
  sslPolicy: choice(...SSL_POLICIES).optional(),
  alpnPolicy: choice(...ALPN_POLICIES).optional(),
  idleTimeoutSeconds: number(wholeNumber(60, 6000, "seconds", "For example 350.")).optional(),
  preserveClientIp: boolean().optional(),
  proxyProtocolV2: boolean().optional(),
  stickiness: plain(boolean()).optional(),
  healthCheck: withDefaults(networkHealthCheckSchema),
  deregistrationDelaySeconds: number(wholeNumber(0, 3600, "seconds", "For example 300.")).optional(),
  connectionTermination: boolean().optional(),
  unhealthyConnectionTermination: plain(boolean()).optional(),
  unhealthyDrainingIntervalSeconds: number(wholeNumber(0, 360_000, "seconds", "For example 60.")).optional(),
  targetGroupHealth: targetGroupHealthSchema.optional(),
  crossZoneEnabled: boolean().optional(),
} as const;

type Settings = NetworkListenerSettings;

/** The protocols that each setting fits, and why. */
const FITS: Readonly<
  Partial<Record<keyof Settings, readonly [protocols: readonly (typeof LISTENER_PROTOCOLS)[number][], fix: string]>>
> = {
  targetProtocol: [["TLS"], "Another protocol is also that of the target. Remove it."],
  certificateArn: [["TLS"], "The certificate needs a TLS listener. Remove it, or set protocol."],
  certificateArns: [["TLS"], "The certificates need a TLS listener. Remove them, or set protocol."],
  sslPolicy: [["TLS"], "Remove it, or set protocol."],
  alpnPolicy: [["TLS"], "Remove it, or set protocol."],
  idleTimeoutSeconds: [
    ["TCP"],
    "AWS has fixed timeouts for the others: 350 seconds with TLS and 120 with UDP. Remove it.",
  ],
  preserveClientIp: [["TCP", "TLS"], "UDP packets always have the address of the client. Remove it."],
  proxyProtocolV2: [["TCP", "TLS"], "UDP packets have the address of the client. Remove it."],
  stickiness: [["TCP", "UDP", "TCP_UDP"], "AWS does not support it with TLS. Remove it."],
  connectionTermination: [["TCP", "TLS"], "AWS always ends UDP flows then. Remove it."],
  unhealthyConnectionTermination: [["TCP", "TLS"], "AWS supports it only for TCP and TLS. Remove it."],
  unhealthyDrainingIntervalSeconds: [["TCP", "TLS"], "AWS supports it only for TCP and TLS. Remove it."],
};

/** Finds settings of a listener that its protocol does not have. */
export function* settingsOfProtocol(
  { protocol, ...settings }: Known<Settings>,
  given: Given<Settings>,
): Findings<Settings> {
  if (protocol === undefined) return;
  for (const [at, [protocols, fix]] of Object.entries(FITS) as [keyof Settings, [readonly string[], string]][]) {
    if (given(at) && !protocols.includes(protocol)) {
      yield { at, must: `be used with protocol ${protocols.join(" or ")}, not with ${protocol}`, fix };
    }
  }
  if (given("unhealthyDrainingIntervalSeconds") && settings.unhealthyConnectionTermination !== false) {
    const must = "not be set without unhealthyConnectionTermination: false";
    yield { at: "unhealthyDrainingIntervalSeconds", must, fix: "Set both, or remove it." };
  }
}

export const networkListenerSchema = schemaOf<NetworkListenerSettings>()(networkListenerShape, settingsOfProtocol);
