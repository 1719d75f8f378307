import { ruleQuotaField } from "../cluster/ecs-cluster-target";
import { literal } from "../terraform/expression";
import { bucketRules } from "../validation/aws-rules";
import { matchesNot, type Rule, wholeNumber } from "../validation/rule";
import { boolean, choice, number, plain, schemaOf, string } from "../validation/schema";
import type { Finding, Findings, Given, Known } from "../validation/settings-rule";
import {
  type ListenerSettings,
  listenersField,
  type MutualAuthentication,
  mutualAuthenticationSchema,
  type RequestHeaderNames,
  type ResponseHeaders,
  requestHeaderNamesSchema,
  responseHeadersSchema,
} from "./listener-settings";

/** Policies of HTTPS listeners that offer TLS 1.3. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
export const SSL_POLICIES = [
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
  "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
] as const;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-file-format */
const logPrefixRules: readonly Rule<string>[] = [
  matchesNot("AWSLogs", "not contain AWSLogs", "The load balancer adds AWSLogs after the prefix."),
  // AWS rejects it. https://github.com/ansible/ansible/pull/55148
  matchesNot(
    "^/|/$|^$",
    "neither begin nor end with a slash",
    'For example "alb" or "logs/alb". Remove it for no prefix.',
  ),
];

/** An existing S3 bucket for logs of the load balancer. */
export interface AccessLogs {
  /** The name of the bucket. The bucket must use SSE-S3, and its policy must admit the load balancer. */
  readonly bucket: string;
  /** The start of the keys of all logs. @default - none */
  readonly prefix?: string;
}

export const accessLogsSchema = schemaOf<AccessLogs>()({
  bucket: string(...bucketRules),
  prefix: string(...logPrefixRules).optional(),
});

/** Returns the arguments of logs in an S3 bucket. */
export const logsTo = (logs?: AccessLogs) =>
  logs && {
    enabled: true,
    bucket: literal(logs.bucket),
    prefix: logs.prefix === undefined ? undefined : literal(logs.prefix),
  };

/** An Application Load Balancer of a cluster. */
export interface LoadBalancerSettings {
  /**
   * Give the load balancer private addresses only: the VPC, and networks that are connected to it, can reach it. With
   * `privateSubnets`, it is in the private subnets. Changing it replaces the load balancer, whose name ends with `-int` instead of `-alb`.
   * @default false
   */
  readonly internal?: boolean;
  /**
   * Give the load balancer IPv6 addresses too. Each of its subnets needs an IPv6 network. `without-public-ipv4` leaves out the public
   * IPv4 addresses, which AWS charges for: clients then need IPv6.
   * @default false
   */
  readonly dualStack?: boolean | "without-public-ipv4";
  /** Serve HTTPS, and redirect HTTP to it. Adds the variable `certificate_arn`. @default false */
  readonly https?: boolean;
  /**
   * Serve a domain name by HTTPS. It creates the certificate and the DNS records in Route 53, and adds the variables `domain_name`,
   * `alternative_domain_names` and `zone_name` in place of `certificate_arn`.
   * @default false
   */
  readonly domain?: boolean;
  /** With HTTPS, also listen on port 80, and redirect to port 443. @default true */
  readonly redirectHttp?: boolean;
  /**
   * More listeners, by name. They return 404 until a listener rule matches.
   * @default - the listeners on port 80 and, with `https`, on port 443
   */
  readonly listeners?: Readonly<Record<string, ListenerSettings>>;
  /**
   * Protect the load balancer with AWS WAF. `managed` creates a web ACL with AWS's managed rule groups. `existing` adds
   * the variable `web_acl_arn`.
   * @default false
   */
  readonly webAcl?: false | "managed" | "existing";
  /** With `webAcl`, forward requests when AWS WAF does not answer. Otherwise the load balancer returns 500. @default false */
  readonly wafFailOpen?: boolean;
  /**
   * Let the load balancer connect to port 443 of any address. Routes with `authenticateOidc`, `authenticateCognito` or
   * `jwtValidation` require it, because the load balancer connects to the identity provider. An internal load balancer also needs
   * a NAT gateway.
   * @default false
   */
  readonly allowHttpsOutbound?: boolean;
  /**
   * The most rules of the load balancer. AWS raises its quota "Rules per Application Load Balancer" on request. Set the number that your
   * account has.
   * @default 100
   */
  readonly ruleQuota?: number;
  /** The TLS policy of HTTPS listeners. @default "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" */
  readonly sslPolicy?: (typeof SSL_POLICIES)[number];
  /** Ask clients of HTTPS listeners for a certificate. @default - no certificate of a client is needed */
  readonly mutualAuthentication?: MutualAuthentication;
  /** Headers that the load balancer sets in responses. @default - the headers of the containers */
  readonly responseHeaders?: ResponseHeaders;
  /** Names of the headers about TLS that HTTPS listeners add to requests. @default - the names of AWS */
  readonly requestHeaderNames?: RequestHeaderNames;
  /** Seconds after which the load balancer closes an idle connection. @default 60 */
  readonly idleTimeoutSeconds?: number;
  /** Seconds after which the load balancer closes a client's connection, even if it is in use. @default 3600 */
  readonly clientKeepAliveSeconds?: number;
  /** Accept HTTP/2 from clients. @default true */
  readonly http2Enabled?: boolean;
  /**
   * Remove headers with invalid names from requests. A name can have letters, digits and hyphens, so `X_API_KEY` is invalid.
   * @default true
   */
  readonly dropInvalidHeaderFields?: boolean;
  /**
   * How the load balancer handles requests that are a risk for containers, such as request smuggling.
   * @default "defensive"
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#desync-mitigation-mode
   */
  readonly desyncMitigationMode?: "monitor" | "defensive" | "strictest";
  /** Send the header `Host` of the client to containers as it is, with its port and its case. @default false */
  readonly preserveHostHeader?: boolean;
  /** Whether the load balancer appends the client's address to `X-Forwarded-For`, keeps the header as it is, or removes it. @default "append" */
  readonly xffHeaderProcessingMode?: "append" | "preserve" | "remove";
  /** Add the client's port to `X-Forwarded-For`. @default false */
  readonly preserveXffClientPort?: boolean;
  /** Add headers with the version of TLS and the cipher suite to requests. @default false */
  readonly xAmznTlsVersionAndCipherSuiteHeaders?: boolean;
  /** The load balancer capacity units (LCU) to reserve, for a sudden rise of traffic. AWS charges for them. @default - none: the capacity follows the traffic */
  readonly minimumCapacityUnit?: number;
  /** Let Application Recovery Controller move traffic away from an Availability Zone. @default false */
  readonly zonalShift?: boolean;
  /**
   * Reject deletion of the load balancer. AWS rejects it, and Terraform rejects a plan that destroys the load balancer, so
   * `destroy` fails before it deletes anything. Set it to `false` and apply before you destroy the stack, set
   * `loadBalancer: false` or change the cluster's name.
   * @default false
   */
  readonly deletionProtection?: boolean;
  /** Write access logs to an existing S3 bucket. @default - no access logs */
  readonly accessLogs?: AccessLogs;
  /** Write a log of connections and TLS handshakes to an existing S3 bucket. @default - no connection logs */
  readonly connectionLogs?: AccessLogs;
  /** Write a log of health checks to an existing S3 bucket. @default - no health check logs */
  readonly healthCheckLogs?: AccessLogs;
}

export const loadBalancerSettingsSchema = schemaOf<LoadBalancerSettings>()(
  {
    internal: plain(boolean()).default(false),
    dualStack: plain(choice(false, true, "without-public-ipv4")).default(false),
    https: plain(boolean()).default(false),
    domain: plain(boolean()).default(false),
    redirectHttp: plain(boolean()).default(true),
    listeners: listenersField.default({}),
    webAcl: plain(choice(false, "managed", "existing")).default(false),
    wafFailOpen: boolean().default(false),
    allowHttpsOutbound: plain(boolean()).default(false),
    ruleQuota: ruleQuotaField,
    sslPolicy: choice(...SSL_POLICIES).default(SSL_POLICIES[0]),
    mutualAuthentication: mutualAuthenticationSchema.optional(),
    responseHeaders: responseHeadersSchema.optional(),
    requestHeaderNames: requestHeaderNamesSchema.optional(),
    idleTimeoutSeconds: number(wholeNumber(1, 4000, "seconds", "For example 60.")).default(60),
    clientKeepAliveSeconds: number(wholeNumber(60, 604_800, "seconds", "For example 3600, which is an hour.")).default(
      3600,
    ),
    http2Enabled: boolean().default(true),
    dropInvalidHeaderFields: boolean().default(true),
    desyncMitigationMode: choice("monitor", "defensive", "strictest").default("defensive"),
    preserveHostHeader: boolean().default(false),
    xffHeaderProcessingMode: choice("append", "preserve", "remove").default("append"),
    preserveXffClientPort: boolean().default(false),
    xAmznTlsVersionAndCipherSuiteHeaders: boolean().default(false),
    minimumCapacityUnit: number(
      wholeNumber(100, 2_147_483_647, "LCU", "AWS reserves at least 100. Remove it for none."),
    ).optional(),
    zonalShift: boolean().default(false),
    deletionProtection: plain(boolean()).default(false),
    accessLogs: accessLogsSchema.optional(),
    connectionLogs: accessLogsSchema.optional(),
    healthCheckLogs: accessLogsSchema.optional(),
  },
  onlyWithHttps,
  onlyWithWebAcl,
  publicIpv4,
  function* portsOfListeners(settings) {
    yield* listenerPorts({ ...settings, https: servesHttps(settings) });
  },
  function* domainWithHttps({ domain, https }, given): Findings<LoadBalancerSettings> {
    if (domain && https === false && given("https")) {
      yield { at: "https", must: "not be false with domain", fix: "Remove it: domain serves HTTPS." };
    }
  },
);

/** Returns true if a load balancer serves HTTPS. Undefined if that has a problem. */
export const servesHttps = ({
  https,
  domain,
}: Pick<Known<LoadBalancerSettings>, "https" | "domain">): boolean | undefined =>
  https || domain || (https === undefined || domain === undefined ? undefined : false);

function* onlyWithHttps(
  settings: Known<LoadBalancerSettings>,
  given: Given<LoadBalancerSettings>,
): Findings<LoadBalancerSettings> {
  if (settings.https !== false || settings.domain !== false) return;
  const fix = "Set https to true, or remove it.";
  for (const at of ["redirectHttp", "sslPolicy", "mutualAuthentication", "requestHeaderNames"] as const) {
    if (given(at)) yield { at, must: "not be set without https", fix };
  }
  yield* httpListeners(settings, "be HTTP without https", fix);
}

/** Finds HTTPS listeners of a load balancer without a certificate. */
export function* httpListeners(
  { listeners = {} }: Pick<Known<LoadBalancerSettings>, "listeners">,
  must: string,
  fix: string,
): Iterable<{ at: ["listeners", string, string]; must: string; fix: string }> {
  for (const [name, listener] of Object.entries(listeners)) {
    if (listener?.protocol === "HTTPS") yield { at: ["listeners", name, "protocol"], must, fix };
  }
}

function* onlyWithWebAcl({ webAcl, wafFailOpen }: Known<LoadBalancerSettings>): Findings<LoadBalancerSettings> {
  if (webAcl !== false || wafFailOpen !== true) return;
  yield { at: "wafFailOpen", must: "not be set without webAcl", fix: "Set webAcl, or remove it." };
}

/** An internal load balancer has no public addresses that it could leave out. */
export function* publicIpv4({
  internal,
  dualStack,
}: Pick<Known<LoadBalancerSettings>, "internal" | "dualStack">): Iterable<
  Finding<LoadBalancerSettings> & { at: "dualStack" }
> {
  if (!internal || dualStack !== "without-public-ipv4") return;
  const fix = "Set it to true for IPv6 addresses, or remove it.";
  yield { at: "dualStack", must: "be true or false with internal", fix };
}

/** Two listeners of a load balancer cannot have the same port. */
export function* listenerPorts({
  https,
  redirectHttp,
  listeners = {},
}: Pick<Known<LoadBalancerSettings>, "https" | "redirectHttp" | "listeners">): Iterable<
  Finding<LoadBalancerSettings> & { at: readonly ["listeners", string, string] }
> {
  if (https === undefined || redirectHttp === undefined) return;
  const used = new Map<number, string>();
  if (https) used.set(443, "the HTTPS listener");
  if (!https || redirectHttp) used.set(80, "the HTTP listener");
  for (const [name, listener] of Object.entries(listeners)) {
    const { port } = listener ?? {};
    if (port === undefined) continue;
    const other = used.get(port);
    if (other === undefined) used.set(port, `the listener ${name}`);
    else
      yield {
        at: ["listeners", name, "port"],
        must: `be a port that ${other} does not have`,
        fix: "Use another port.",
      };
  }
}
