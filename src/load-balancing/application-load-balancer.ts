import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener, type LbListenerConfig } from "@cdktf/provider-aws/lib/lb-listener";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Construct } from "constructs";
import { type DefaultVpc, defaultVpcField } from "../network/default-vpc";
import { type PortRules, portRulesField } from "../network/port-rules";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { bucketRules, inTheRegion, reservedPrefixRule } from "../validation/aws-rules";
import { length, matches, matchesNot, oneOfWords, type Rule, wholeNumber } from "../validation/rule";
import { boolean, choice, interfaceOf, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { validate } from "../validation/validate";

/** The certificate of an HTTPS listener. */
export const certificateArnRules: readonly Rule<string>[] = [
  matches(
    "^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[a-zA-Z0-9-]+$",
    "be the ARN of a certificate in AWS Certificate Manager",
    "List your certificates: aws acm list-certificates",
  ),
  inTheRegion("certificate", "A load balancer uses certificates of its own region only. Request one there."),
];

/** The web ACL of a load balancer. */
export const webAclArnRules: readonly Rule<string>[] = [
  matches(
    "^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:[0-9]{12}:regional/webacl/[a-zA-Z0-9_-]+/[a-f0-9-]+$",
    "be the ARN of a regional web ACL of AWS WAF",
    "List your web ACLs: aws wafv2 list-web-acls --scope REGIONAL",
  ),
  inTheRegion("web ACL", "A web ACL for CloudFront, or of another region, cannot protect a load balancer."),
];

/** Policies of HTTPS listeners that offer TLS 1.3. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const SSL_POLICIES = [
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
  "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
] as const;
const sslPolicyRule = oneOfWords(SSL_POLICIES, "Other policies admit outdated versions of TLS.");

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

/** An existing S3 bucket for access logs. */
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

/** The Application Load Balancer of a cluster. */
export interface LoadBalancerSettings {
  /** Serve HTTPS, and redirect HTTP to it. Adds the variable `certificate_arn`. @default false */
  readonly https?: boolean;
  /** With HTTPS, also listen on port 80, and redirect to port 443. @default true */
  readonly redirectHttp?: boolean;
  /**
   * Protect the load balancer with AWS WAF. `managed` creates a web ACL with AWS's managed rule groups. `existing` adds
   * the variable `web_acl_arn`.
   * @default false
   */
  readonly webAcl?: false | "managed" | "existing";
  /** The TLS policy of the HTTPS listener. @default "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" */
  readonly sslPolicy?: (typeof SSL_POLICIES)[number];
  /** Seconds after which the load balancer closes an idle connection. @default 60 */
  readonly idleTimeoutSeconds?: number;
  /** Reject deletion of the load balancer. `destroy` fails until you turn it off. @default false */
  readonly deletionProtection?: boolean;
  /** Write access logs to an existing S3 bucket. @default - no access logs */
  readonly accessLogs?: AccessLogs;
}

export const loadBalancerSettingsSchema = schemaOf<LoadBalancerSettings>()(
  {
    https: plain(boolean()).default(false),
    redirectHttp: plain(boolean()).default(true),
    webAcl: plain(choice(false, "managed", "existing")).default(false),
    sslPolicy: choice(...SSL_POLICIES).default(SSL_POLICIES[0]),
    idleTimeoutSeconds: number(wholeNumber(1, 4000, "seconds", "For example 60.")).default(60),
    deletionProtection: boolean().default(false),
    accessLogs: accessLogsSchema.optional(),
  },
  onlyWithHttps,
);

function* onlyWithHttps(
  { https }: Known<LoadBalancerSettings>,
  given: Given<LoadBalancerSettings>,
): Findings<LoadBalancerSettings> {
  if (https !== false) return;
  for (const at of ["redirectHttp", "sslPolicy"] as const) {
    if (given(at)) yield { at, must: "not be set without https", fix: "Set https to true, or remove it." };
  }
}

/** The load balancer in front of the services. */
export interface ApplicationLoadBalancerProps extends Omit<LoadBalancerSettings, "https" | "webAcl" | "sslPolicy"> {
  /** The start of the load balancer's name, which is `<name>-alb`. */
  readonly name: string;
  /** The VPC. The load balancer uses all of its subnets, because targets in a zone without one receive no requests. */
  readonly vpc: DefaultVpc;
  /** The security groups. Set `httpCidrs` of `PortRules`, which creates the load balancer's group. */
  readonly portRules: PortRules;
  /** Serve HTTPS with this certificate, and redirect HTTP to it. @default - none: HTTP only */
  readonly certificateArn?: string;
  /** The TLS policy of the HTTPS listener. @default "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" */
  readonly sslPolicy?: string;
  /** The ARN of a regional web ACL of AWS WAF. @default - none */
  readonly webAclArn?: string;
}

const { redirectHttp, idleTimeoutSeconds, deletionProtection, accessLogs } = loadBalancerSettingsSchema.shape;

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
    vpc: defaultVpcField,
    portRules: portRulesField,
    // Only Terraform knows the region of the stack, so these fields check the form of an ARN only.
    certificateArn: string(...certificateArnRules.slice(0, 1)).optional(),
    webAclArn: string(...webAclArnRules.slice(0, 1)).optional(),
    redirectHttp,
    sslPolicy: string(sslPolicyRule).default(SSL_POLICIES[0]),
    idleTimeoutSeconds,
    deletionProtection,
    accessLogs,
  },
  admittedPorts,
);

/** The security group must admit each port that the load balancer listens to. */
function* admittedPorts(
  { portRules, redirectHttp }: Known<ApplicationLoadBalancerProps>,
  given: Given<ApplicationLoadBalancerProps>,
): Findings<ApplicationLoadBalancerProps> {
  if (!portRules) return;
  if (!given("portRules", "loadBalancerSecurityGroupId")) {
    yield { at: ["portRules", "loadBalancerSecurityGroupId"], must: "be set", fix: "Set httpCidrs of PortRules." };
    return;
  }
  const https = given("certificateArn");
  const listens = { https, http: !https || redirectHttp !== false };
  for (const port of ["https", "http"] as const) {
    if (!listens[port] || portRules.admits?.[port] !== false) continue;
    const must = `be true, because the load balancer listens to ${port.toUpperCase()}`;
    yield { at: ["portRules", "admits", port], must, fix: `Set ${port} of PortRules to true.` };
  }
}

/** An internet-facing Application Load Balancer. It returns 404 until you add a listener rule. */
export class ApplicationLoadBalancer extends Construct {
  /** The load balancer's ARN. */
  readonly loadBalancerArn: string;
  /** The part of the ARN that CloudWatch uses. */
  readonly arnSuffix: string;
  /** The listener that receives the rules of services: HTTPS with a certificate, otherwise HTTP. */
  readonly listenerArn: string;
  /** The DNS name of the load balancer, for a CNAME or alias record. */
  readonly loadBalancerDnsName: string;
  /** The id of the load balancer's hosted zone, for an alias record in Route 53. */
  readonly loadBalancerCanonicalHostedZoneId: string;
  /**
   * The address of the load balancer: `https://…` with a certificate, otherwise `http://…`. A certificate is for a domain
   * name, so it does not match this address: point a name of your domain at the load balancer.
   */
  readonly url: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: ApplicationLoadBalancerProps) {
    super(scope, id);
    const settings = validate(this, applicationLoadBalancerPropsSchema, props);
    const { name, vpc, portRules, certificateArn, webAclArn, sslPolicy, accessLogs } = settings;
    const balancerName = `${name}-alb`;
    const purpose = "Distributes requests to the services of the ECS cluster";
    const balancer = new Lb(this, "resource", {
      name: balancerName,
      loadBalancerType: "application",
      internal: false,
      // admittedPorts requires it.
      securityGroups: [portRules.loadBalancerSecurityGroupId as string],
      subnets: vpc.subnetIds,
      idleTimeout: settings.idleTimeoutSeconds,
      enableDeletionProtection: settings.deletionProtection,
      dropInvalidHeaderFields: true,
      accessLogs: accessLogs && {
        enabled: true,
        bucket: literal(accessLogs.bucket),
        prefix: accessLogs.prefix === undefined ? undefined : literal(accessLogs.prefix),
      },
      tags: purposeTags(balancerName, purpose),
      lifecycle: {
        precondition: [
          {
            condition: hcl`${vpc.zoneCount} == length(${vpc.subnetIds})`.string,
            errorMessage: `The load balancer needs exactly one subnet in each zone; received ${hcl`length(${vpc.subnetIds})`} subnets in ${hcl`join(", ", ${vpc.zones})`}. Set subnet_ids to one subnet of each zone.`,
          },
          {
            condition: hcl`${vpc.zoneCount} >= 2`.string,
            errorMessage: `The load balancer needs subnets in at least two zones; received subnets in ${hcl`join(", ", ${vpc.zones})`} only. Create the missing default subnet (aws ec2 create-default-subnet --availability-zone ZONE), or remove the load balancer (loadBalancer: false).`,
          },
        ],
      },
    });
    this.loadBalancerArn = balancer.arn;
    this.loadBalancerDnsName = balancer.dnsName;
    this.loadBalancerCanonicalHostedZoneId = balancer.zoneId;
    this.arnSuffix = balancer.arnSuffix;

    const notFound = {
      type: "fixed-response",
      fixedResponse: {
        contentType: "text/plain",
        statusCode: "404",
        messageBody: "No listener rule matches this request.",
      },
    };
    const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
    if (webAclArn !== undefined) {
      new Wafv2WebAclAssociation(this, "web_acl", { resourceArn: balancer.arn, webAclArn });
    }
    const listen = (
      listenerId: "http" | "https",
      listenerPurpose: string,
      action: Pick<LbListenerConfig, "defaultAction" | "sslPolicy" | "certificateArn">,
    ) =>
      new LbListener(this, listenerId, {
        loadBalancerArn: balancer.arn,
        port: listenerId === "http" ? 80 : 443,
        protocol: listenerId.toUpperCase(),
        tags: purposeTags(`${name}-${listenerId}`, listenerPurpose),
        ...action,
      });
    const forServices = "Where services put their rules";
    if (certificateArn === undefined) {
      this.listenerArn = listen("http", forServices, { defaultAction: [notFound] }).arn;
      this.url = `http://${this.loadBalancerDnsName}`;
      return;
    }
    if (settings.redirectHttp) listen("http", "Redirects to HTTPS", { defaultAction: [redirect] });
    this.listenerArn = listen("https", forServices, { sslPolicy, certificateArn, defaultAction: [notFound] }).arn;
    this.url = `https://${this.loadBalancerDnsName}`;
  }
}

/** The field of a `loadBalancer` property. */
export const applicationLoadBalancerField = interfaceOf<Pick<ApplicationLoadBalancer, "arnSuffix">>(
  "a load balancer",
  "Use an ApplicationLoadBalancer construct.",
)({ arnSuffix: string() });
