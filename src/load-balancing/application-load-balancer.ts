import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener, type LbListenerConfig } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerCertificate } from "@cdktf/provider-aws/lib/lb-listener-certificate";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { loadBalancerNameRule } from "../cluster/ecs-cluster-target";
import { type DefaultVpc, defaultVpcField } from "../network/default-vpc";
import { type LoadBalancerSecurityGroup, loadBalancerSecurityGroupField } from "../network/load-balancer-rules";
import { hcl } from "../terraform/expression";
import {
  FOR_ROUTES,
  FOR_SERVICES,
  HTTPS_OUTBOUND_TAG,
  LOAD_BALANCER_TAG,
  purposeTags,
} from "../terraform/purpose-tags";
import { reservedPrefixRule } from "../validation/aws-rules";
import { length, matches, oneOfWords } from "../validation/rule";
import { interfaceOf, map, type Parsed, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { validate } from "../validation/validate";
import { type DomainCertificate, domainField } from "./domain";
import { ExistingLoadBalancer, type ExistingLoadBalancerProps } from "./existing-load-balancer";
import { headerArguments } from "./listener-settings";
import {
  httpListeners,
  type LoadBalancerSettings,
  listenerPorts,
  loadBalancerSettingsSchema,
  logsTo,
  publicIpv4,
  SSL_POLICIES,
} from "./load-balancer-settings";
import { certificateArnRules, certificateArnsRules, trustStoreArnRules, webAclArnRules } from "./load-balancer-values";
import type { LoadBalancerListener } from "./route-listener";
import { ipv6Conditions, oneSubnetPerZone } from "./subnet-conditions";

const sslPolicyRule = oneOfWords(SSL_POLICIES, "Other policies admit outdated versions of TLS.");

/** The load balancer in front of the services. */
export interface ApplicationLoadBalancerProps
  extends Omit<LoadBalancerSettings, "https" | "domain" | "webAcl" | "sslPolicy" | "allowHttpsOutbound"> {
  /** The start of the load balancer's name, which is `<name>-alb`, or `<name>-int` with `internal`. */
  readonly name: string;
  /** The name by which `EcsClusterLookup` finds another load balancer of a cluster. @default - it is the cluster's `loadBalancer` */
  readonly lookupName?: string;
  /** The VPC. The load balancer uses all of its subnets, because targets in a zone without one receive no requests. */
  readonly vpc: DefaultVpc;
  /** The security group: `PortRules` with `httpCidrs`, or `LoadBalancerRules` for another load balancer of the cluster. */
  readonly portRules: LoadBalancerSecurityGroup;
  /** Serve HTTPS with this certificate, and redirect HTTP to it. @default - none: HTTP only */
  readonly certificateArn?: string;
  /** Serve HTTPS with this certificate of a domain name, and create alias records for its names. @default - none */
  readonly domain?: Pick<DomainCertificate, "certificateArn" | "domainName" | "names" | "zoneId">;
  /** Certificates for more domain names, by a name that you choose. Clients name the domain (SNI). @default - none */
  readonly certificateArns?: Readonly<Record<string, string>>;
  /** The trust store, with `mutualAuthentication: { mode: "verify" }`. @default - none */
  readonly trustStoreArn?: string;
  /** The TLS policy of HTTPS listeners. @default "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" */
  readonly sslPolicy?: string;
  /** The ARN of a regional web ACL of AWS WAF. @default - none */
  readonly webAclArn?: string;
}

const { https, domain, webAcl, sslPolicy, allowHttpsOutbound, ...shape } = loadBalancerSettingsSchema.shape;

export const applicationLoadBalancerPropsSchema = schemaOf<ApplicationLoadBalancerProps>()(
  {
    name: string(
      length(1, 28, "The load balancer's name is <name>-alb, and AWS limits it to 32 characters."),
      matches(
        "^[a-zA-Z0-9][a-zA-Z0-9-]*$",
        "contain only letters, digits and hyphens, and not start with a hyphen",
        "AWS rejects other names of load balancers.",
      ),
      reservedPrefixRule,
    ),
    lookupName: string(loadBalancerNameRule).optional(),
    vpc: defaultVpcField,
    portRules: loadBalancerSecurityGroupField,
    // Only Terraform knows the region of the stack, so these fields check the form of an ARN only.
    certificateArn: string(...certificateArnRules.slice(0, 1)).optional(),
    domain: domainField.optional(),
    certificateArns: map(string(), { limits: certificateArnsRules(certificateArnRules.slice(0, 1)) }).optional(),
    trustStoreArn: string(...trustStoreArnRules.slice(0, 1)).optional(),
    webAclArn: string(...webAclArnRules.slice(0, 1)).optional(),
    sslPolicy: string(sslPolicyRule).default(SSL_POLICIES[0]),
    ...shape,
  },
  onlyWithCertificate,
  publicIpv4,
  function* portsOfListeners(settings, given) {
    yield* listenerPorts({ ...settings, https: isSecure(given) });
  },
  admittedPorts,
);

type Props = ApplicationLoadBalancerProps;

const isSecure = (given: Given<Props>): boolean => given("certificateArn") || given("domain");

function* onlyWithCertificate(settings: Known<Props>, given: Given<Props>): Findings<Props> {
  const { mutualAuthentication } = settings;
  if (mutualAuthentication?.mode === "verify" && !given("trustStoreArn")) {
    const fix = "Create a trust store with the certificates of your authority: aws elbv2 create-trust-store.";
    yield { at: "trustStoreArn", must: 'be set with mode "verify" of mutualAuthentication', fix };
  }
  if (given("certificateArn") && given("domain")) {
    yield {
      at: "certificateArn",
      must: "not be set with domain, which has a certificate",
      fix: "Remove one of the two.",
    };
  }
  if (isSecure(given)) return;
  const fix = "Set certificateArn, or remove it.";
  for (const at of ["certificateArns", "mutualAuthentication", "requestHeaderNames"] as const) {
    if (given(at)) yield { at, must: "not be set without certificateArn", fix };
  }
  yield* httpListeners(settings, "be HTTP without certificateArn", fix);
}

/** The security group must admit each port that the load balancer listens to. */
function* admittedPorts({ portRules, redirectHttp, listeners }: Known<Props>, given: Given<Props>): Findings<Props> {
  if (!portRules) return;
  if (!given("portRules", "loadBalancerSecurityGroupId")) {
    yield { at: ["portRules", "loadBalancerSecurityGroupId"], must: "be set", fix: "Set httpCidrs of PortRules." };
    return;
  }
  const https = isSecure(given);
  const listens = { https, http: !https || redirectHttp !== false };
  for (const port of ["https", "http"] as const) {
    if (!listens[port] || portRules.admits?.[port] !== false) continue;
    const must = `be true, because the load balancer listens to ${port.toUpperCase()}`;
    yield { at: ["portRules", "admits", port], must, fix: `Set ${port} of PortRules to true.` };
  }
  const { listenerPorts: admitted = [] } = portRules.admits ?? {};
  for (const [name, listener] of Object.entries(listeners ?? {})) {
    if (listener?.port === undefined || admitted.includes(listener.port)) continue;
    const must = `contain ${listener.port}, the port of the listener ${name}`;
    const fix = `Set listenerPorts of PortRules to { ${name}: ${listener.port} }.`;
    yield { at: ["portRules", "admits", "listenerPorts"], must, fix, received: admitted };
  }
}

/** An Application Load Balancer. It returns 404 until you add a listener rule. */
export class ApplicationLoadBalancer extends Construct {
  /** The load balancer's ARN. */
  readonly loadBalancerArn: string;
  /** The part of the ARN that CloudWatch uses. */
  readonly arnSuffix: string;
  /** The listener that receives the rules of services: HTTPS with a certificate, otherwise HTTP. */
  readonly listenerArn: string;
  /** The protocol of the listener that receives the rules of services. */
  readonly protocol: "HTTP" | "HTTPS";
  /** Whether the load balancer can connect to identity providers: `allowHttpsOutbound` of its security group. */
  readonly allowHttpsOutbound?: boolean;
  /** The most rules of the load balancer. */
  readonly ruleQuota: number;
  /** The other listeners, by the names in `listeners`. */
  readonly listeners: Readonly<Record<string, LoadBalancerListener>>;
  /** The DNS name of the load balancer, for a CNAME or alias record. */
  readonly loadBalancerDnsName: string;
  /** The id of the load balancer's security group. */
  readonly securityGroupId: string;
  /** The id of the load balancer's hosted zone, for an alias record in Route 53. */
  readonly loadBalancerCanonicalHostedZoneId: string;
  /** The domain name, with `domain`. @default - undefined */
  readonly domainName?: string;
  /**
   * The address of the load balancer: `https://…` with a certificate, otherwise `http://…`. With `domain`, it has the domain name.
   * Another certificate does not match the name of the load balancer: point a name of your domain at it.
   */
  readonly url: string;

  /**
   * Returns a listener of a load balancer that exists already, for the `loadBalancer` of routes. It lets the load balancer connect to
   * the host ports of the cluster's instances.
   */
  static fromListenerArn(scope: Construct, id: string, props: ExistingLoadBalancerProps): ExistingLoadBalancer {
    return new ExistingLoadBalancer(scope, id, props);
  }

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: ApplicationLoadBalancerProps) {
    super(scope, id);
    const parsed = validate(this, applicationLoadBalancerPropsSchema, props);
    const { domain } = parsed;
    const settings = { ...parsed, certificateArn: parsed.certificateArn ?? domain?.certificateArn };
    const { name, internal, vpc, portRules, certificateArn, certificateArns, webAclArn, minimumCapacityUnit } =
      settings;
    // AWS cannot change the scheme of a load balancer. The new one needs another name, because it exists before the old one is deleted.
    const balancerName = `${name}-${internal ? "int" : "alb"}`;
    const purpose = "Distributes requests to the services of the ECS cluster";
    const isPrivate = internal && vpc.hasPrivateSubnets;
    const balancer = new Lb(this, "resource", {
      name: balancerName,
      loadBalancerType: "application",
      internal,
      ipAddressType: ADDRESS_TYPES[`${settings.dualStack}`],
      // admittedPorts requires it.
      securityGroups: [portRules.loadBalancerSecurityGroupId as string],
      subnets: isPrivate ? vpc.instanceSubnetIdPerZone : vpc.subnetIds,
      idleTimeout: settings.idleTimeoutSeconds,
      clientKeepAlive: settings.clientKeepAliveSeconds,
      enableHttp2: settings.http2Enabled,
      enableDeletionProtection: settings.deletionProtection,
      dropInvalidHeaderFields: settings.dropInvalidHeaderFields,
      desyncMitigationMode: settings.desyncMitigationMode,
      preserveHostHeader: settings.preserveHostHeader,
      xffHeaderProcessingMode: settings.xffHeaderProcessingMode,
      enableXffClientPort: settings.preserveXffClientPort,
      enableTlsVersionAndCipherSuiteHeaders: settings.xAmznTlsVersionAndCipherSuiteHeaders,
      enableWafFailOpen: settings.wafFailOpen,
      enableZonalShift: settings.zonalShift,
      minimumLoadBalancerCapacity:
        minimumCapacityUnit === undefined ? undefined : { capacityUnits: minimumCapacityUnit },
      accessLogs: logsTo(settings.accessLogs),
      connectionLogs: logsTo(settings.connectionLogs),
      healthCheckLogs: logsTo(settings.healthCheckLogs),
      tags: purposeTags(balancerName, purpose),
      lifecycle: {
        // AWS's protection alone stops `destroy` at the load balancer, when most of the stack is gone.
        preventDestroy: settings.deletionProtection || undefined,
        precondition: isPrivate ? privateSubnetConditions(settings) : publicSubnetConditions(settings),
      },
    });
    this.node.defaultChild = balancer;
    this.loadBalancerArn = balancer.arn;
    this.loadBalancerDnsName = balancer.dnsName;
    this.loadBalancerCanonicalHostedZoneId = balancer.zoneId;
    this.arnSuffix = balancer.arnSuffix;
    this.securityGroupId = portRules.loadBalancerSecurityGroupId as string;
    if (webAclArn !== undefined) {
      new Wafv2WebAclAssociation(this, "web_acl", { resourceArn: balancer.arn, webAclArn });
    }

    const listen = (
      listenerId: string,
      port: number,
      protocol: "HTTP" | "HTTPS",
      rest: Pick<LbListenerConfig, "defaultAction" | "tags">,
    ) =>
      new LbListener(this, listenerId, {
        loadBalancerArn: balancer.arn,
        port,
        protocol,
        ...(protocol === "HTTPS" ? tlsArguments(settings) : {}),
        ...rest,
      }).arn;
    const tags = (listener: string, listenerPurpose: string) => purposeTags(`${name}-${listener}`, listenerPurpose);
    const { lookupName } = settings;
    const ofLookup = {
      ...tags(mainOf(settings), lookupName === undefined ? FOR_SERVICES : FOR_ROUTES),
      ...(lookupName !== undefined && { [LOAD_BALANCER_TAG]: lookupName }),
      ...(portRules.admits.httpsOutbound && { [HTTPS_OUTBOUND_TAG]: "true" }),
    };
    const [protocol, port] = certificateArn === undefined ? (["HTTP", 80] as const) : (["HTTPS", 443] as const);
    const main = mainOf(settings);
    if (certificateArn !== undefined && settings.redirectHttp) {
      listen("http", 80, "HTTP", { tags: tags("http", "Redirects to HTTPS"), defaultAction: [REDIRECT] });
    }
    const ofServices = { defaultAction: [NOT_FOUND], ...headerArguments(settings.responseHeaders) };
    this.protocol = protocol;
    this.allowHttpsOutbound = portRules.admits.httpsOutbound;
    this.ruleQuota = settings.ruleQuota;
    this.listenerArn = listen(main, port, protocol, { tags: ofLookup, ...ofServices });
    this.domainName = domain?.domainName;
    this.url = `${main}://${this.domainName ?? this.loadBalancerDnsName}`;
    if (domain) this.createRecords(domain, settings);
    this.listeners = Object.fromEntries(
      Object.entries(settings.listeners).map(([listener, own]) => {
        const purpose = `Where services put their rules for port ${own.port}`;
        const listenerArn = listen(`listener_${listener}`, own.port, own.protocol ?? protocol, {
          tags: tags(listener.replaceAll("_", "-"), purpose),
          ...ofServices,
        });
        const { allowHttpsOutbound, ruleQuota } = this;
        const ownProtocol = own.protocol ?? protocol;
        const facts = {
          loadBalancerArn: balancer.arn,
          protocol: ownProtocol,
          allowHttpsOutbound,
          ruleQuota,
          loadBalancer: this,
        };
        return [listener, { listenerArn, ...facts }];
      }),
    );
    if (certificateArns === undefined) return;
    const each = TerraformIterator.fromMap(certificateArns);
    const secure = [
      ["certificate", this.listenerArn] as const,
      ...Object.entries(settings.listeners).flatMap(([listener, { protocol: own = protocol }]) =>
        own === "HTTPS" ? [[`certificate_${listener}`, this.listeners[listener]?.listenerArn as string] as const] : [],
      ),
    ];
    for (const [certificate, listenerArn] of secure) {
      new LbListenerCertificate(this, certificate, { forEach: each, listenerArn, certificateArn: each.value });
    }
  }

  /** Creates alias records for the domain names, which cost nothing and follow the load balancer's addresses. */
  private createRecords({ names, zoneId }: NonNullable<Props["domain"]>, { dualStack }: Settings): void {
    const types = [
      ...(dualStack === "without-public-ipv4" ? [] : [["ipv4", "A"] as const]),
      ...(dualStack === false ? [] : [["ipv6", "AAAA"] as const]),
    ];
    for (const [id, type] of types) {
      const eachName = TerraformIterator.fromList(names);
      new Route53Record(this, `${id}_record`, {
        forEach: eachName,
        zoneId,
        name: eachName.value,
        type,
        alias: {
          name: this.loadBalancerDnsName,
          zoneId: this.loadBalancerCanonicalHostedZoneId,
          evaluateTargetHealth: true,
        },
      });
    }
  }
}

type Settings = Parsed<typeof applicationLoadBalancerPropsSchema>;

/** The types of addresses, by `dualStack`. */
const ADDRESS_TYPES: Readonly<Record<string, string>> = {
  false: "ipv4",
  true: "dualstack",
  "without-public-ipv4": "dualstack-without-public-ipv4",
};

const NOT_FOUND = {
  type: "fixed-response",
  fixedResponse: {
    contentType: "text/plain",
    statusCode: "404",
    messageBody: "No listener rule matches this request.",
  },
};
const REDIRECT = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };

const mainOf = ({ certificateArn }: Settings) => (certificateArn === undefined ? "http" : "https");

/** Returns the arguments of every HTTPS listener. */
const tlsArguments = ({
  certificateArn,
  sslPolicy,
  mutualAuthentication,
  trustStoreArn,
  requestHeaderNames,
}: Settings) => ({
  certificateArn,
  sslPolicy,
  // Always set: the AWS provider keeps an omitted value, so it could never be switched off.
  mutualAuthentication: {
    mode: mutualAuthentication?.mode ?? "off",
    ...(mutualAuthentication?.mode === "verify" && {
      trustStoreArn,
      ignoreClientCertificateExpiry: mutualAuthentication.ignoreClientCertificateExpiry,
      advertiseTrustStoreCaNames: mutualAuthentication.advertiseTrustStoreCaNames ? "on" : "off",
    }),
  },
  ...headerArguments(undefined, requestHeaderNames),
});

const publicSubnetConditions = ({ vpc, dualStack }: Settings) => [
  oneSubnetPerZone(vpc),
  {
    condition: hcl`${vpc.zoneCount} >= 2`.string,
    errorMessage: `The load balancer needs subnets in at least two zones; received subnets in ${hcl`join(", ", ${vpc.zones})`} only. Create the missing default subnet (aws ec2 create-default-subnet --availability-zone ZONE), or remove the load balancer (loadBalancer: false).`,
  },
  ...(dualStack === false ? [] : ipv6Conditions(vpc.subnetIdsWithoutIpv6, "subnet")),
];

const privateSubnetConditions = ({ vpc, dualStack }: Settings) => [
  {
    condition: hcl`length(${vpc.instanceZones}) >= 2`.string,
    errorMessage: `An internal load balancer needs private subnets in at least two zones; received subnets in ${hcl`join(", ", ${vpc.instanceZones})`} only. Add a subnet of another zone to private_subnet_ids, or remove the load balancer (loadBalancer: false).`,
  },
  ...(dualStack === false ? [] : ipv6Conditions(vpc.instanceSubnetIdsWithoutIpv6, "private subnet")),
];

/** The field of a `loadBalancer` property. */
export const applicationLoadBalancerField = interfaceOf<Pick<ApplicationLoadBalancer, "arnSuffix">>(
  "a load balancer",
  "Use an ApplicationLoadBalancer construct.",
)({ arnSuffix: string() });
