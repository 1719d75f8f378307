import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { TerraformVariable, Testing } from "cdktf";
import {
  ApplicationLoadBalancer,
  type ApplicationLoadBalancerProps,
  type DefaultVpc,
  type LoadBalancerSettings,
  PortRange,
  type PortRules,
} from "../../src";
import {
  certificateArnRules,
  loadBalancerSettingsSchema,
  webAclArnRules,
} from "../../src/load-balancing/application-load-balancer";
import { regionRule } from "../../src/validation/aws-rules";
import { schemaOf, string } from "../../src/validation/schema";
import { validate } from "../../src/validation/validate";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resolved } from "../support/synthesized";

Testing.setupJest();

const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b";
const webAclArn = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/mine/0a1b";
const NOT_FOUND = {
  type: "fixed-response",
  fixed_response: {
    content_type: "text/plain",
    status_code: "404",
    message_body: "No listener rule matches this request.",
  },
};

const vpc = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0a", "subnet-0b"],
  zones: ["eu-west-1a", "eu-west-1b"],
  zoneCount: 2,
  hasPrivateSubnets: false,
  instanceZones: ["eu-west-1a", "eu-west-1b"],
  instanceSubnetIdPerZone: ["subnet-0a", "subnet-0b"],
  instanceSubnetIdsIn: () => ["subnet-0a"],
} as unknown as DefaultVpc;

const portRules = (admits = { http: true, https: true }, loadBalancerSecurityGroupId?: string) =>
  ({
    instanceSecurityGroupId: "sg-0123456789abcdef0",
    loadBalancerSecurityGroupId,
    portRange: new PortRange({ from: 31000, to: 61000 }),
    admits,
  }) as unknown as PortRules;

const synthesize = (props: Partial<ApplicationLoadBalancerProps> = {}): string =>
  Testing.synthScope((stack) => {
    new ApplicationLoadBalancer(stack, "alb", {
      name: "prod",
      vpc,
      portRules: portRules(undefined, "sg-0a"),
      ...props,
    });
  });

describe("ApplicationLoadBalancer", () => {
  it("faces the internet, uses all subnets, and drops invalid headers", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(Lb, {
      name: "prod-alb",
      load_balancer_type: "application",
      internal: false,
      subnets: ["subnet-0a", "subnet-0b"],
      security_groups: ["sg-0a"],
      drop_invalid_header_fields: true,
      idle_timeout: 60,
      enable_deletion_protection: false,
      tags: { Name: "prod-alb", Purpose: "Distributes requests to the services of the ECS cluster" },
    });
    expect(json).not.toContain("access_logs");
  });

  it("returns 404 over HTTP until a service adds a rule", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(LbListener, {
      load_balancer_arn: expect.stringMatching(/^\$\{aws_lb\.\w+\.arn\}$/),
      port: 80,
      protocol: "HTTP",
      default_action: [NOT_FOUND],
      tags: { Name: "prod-http", Purpose: "Where services put their rules" },
    });
    expect(resourceCounts(json)).toEqual({ aws_lb: 1, aws_lb_listener: 1 });
  });

  it("serves HTTPS with a certificate, and redirects HTTP", () => {
    const json = synthesize({ certificateArn });
    expect(json).toHaveResourceWithProperties(LbListener, {
      port: 443,
      protocol: "HTTPS",
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      certificate_arn: certificateArn,
      default_action: [NOT_FOUND],
      tags: { Name: "prod-https", Purpose: "Where services put their rules" },
    });
    expect(json).toHaveResourceWithProperties(LbListener, {
      port: 80,
      protocol: "HTTP",
      default_action: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } }],
      tags: { Name: "prod-http", Purpose: "Redirects to HTTPS" },
    });
    expect(resourceCounts(json)).toEqual({ aws_lb: 1, aws_lb_listener: 2 });
  });

  it("does not listen to HTTP without the redirect", () => {
    const json = synthesize({ certificateArn, redirectHttp: false });
    expect(json).toHaveResourceWithProperties(LbListener, { port: 443 });
    expect(resourceCounts(json)).toEqual({ aws_lb: 1, aws_lb_listener: 1 });
  });

  it.each([
    [undefined, "http"],
    [certificateArn, "https"],
  ])("exposes its ARN, the listener of services and its address with the certificate %s", (certificate, protocol) => {
    const stack = emptyStack();
    const rules = portRules(undefined, "sg-0a");
    const props = { name: "prod", vpc, portRules: rules, certificateArn: certificate };
    const { loadBalancerArn, arnSuffix, listenerArn, url } = new ApplicationLoadBalancer(stack, "alb", props);
    expect([loadBalancerArn, arnSuffix, listenerArn, url].map((value) => resolved(stack, value))).toEqual([
      "${aws_lb.alb.arn}",
      "${aws_lb.alb.arn_suffix}",
      `\${aws_lb_listener.alb_${protocol}.arn}`,
      `${protocol}://\${aws_lb.alb.dns_name}`,
    ]);
  });

  it("renders every setting, and keeps template syntax in text", () => {
    const sslPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-06";
    const json = synthesize({
      certificateArn,
      webAclArn,
      sslPolicy,
      accessLogs: { bucket: "logs", prefix: "${alb}" },
      idleTimeoutSeconds: 30,
      deletionProtection: true,
    });
    expect(json).toHaveResourceWithProperties(Lb, {
      idle_timeout: 30,
      enable_deletion_protection: true,
      access_logs: { enabled: true, bucket: "logs", prefix: "$${alb}" },
    });
    expect(json).toHaveResourceWithProperties(LbListener, { ssl_policy: sslPolicy });
    expect(json).toHaveResourceWithProperties(Wafv2WebAclAssociation, {
      resource_arn: expect.stringMatching(/^\$\{aws_lb\.\w+\.arn\}$/),
      web_acl_arn: webAclArn,
    });
  });

  it("accepts tokens for values that only Terraform knows", () => {
    const json = Testing.synthScope((stack) => {
      const variable = (name: string) => new TerraformVariable(stack, name, {});
      new ApplicationLoadBalancer(stack, "alb", {
        name: variable("name").stringValue,
        vpc,
        portRules: portRules(undefined, "sg-0a"),
        certificateArn: variable("certificate").stringValue,
        webAclArn: variable("acl").stringValue,
        sslPolicy: variable("policy").stringValue,
        idleTimeoutSeconds: variable("timeout").numberValue,
        deletionProtection: variable("protection").booleanValue as unknown as boolean,
        accessLogs: { bucket: variable("bucket").stringValue },
      });
    });
    expect(json).toHaveResourceWithProperties(Lb, {
      name: "${var.name}-alb",
      idle_timeout: "${var.timeout}",
      enable_deletion_protection: "${var.protection}",
      access_logs: { enabled: true, bucket: "${var.bucket}" },
    });
    expect(json).toHaveResourceWithProperties(LbListener, {
      certificate_arn: "${var.certificate}",
      ssl_policy: "${var.policy}",
    });
    expect(json).toHaveResourceWithProperties(Wafv2WebAclAssociation, { web_acl_arn: "${var.acl}" });
  });

  it("requires one subnet in each of two zones at plan", () => {
    const stack = emptyStack();
    const parts = new Parts(stack, { rules: { httpCidrs: ["0.0.0.0/0"] } });
    new ApplicationLoadBalancer(stack, "alb", { name: "prod", vpc: parts.vpc, portRules: parts.portRules });
    const zones = "distinct([for subnet in data.aws_subnet.vpc_subnet : subnet.availability_zone])";
    const subnets = "length(sort(keys(data.aws_subnet.vpc_subnet)))";
    const precondition = [
      {
        condition: `\${length(${zones}) == ${subnets}}`,
        error_message: `The load balancer needs exactly one subnet in each zone; received \${${subnets}} subnets in \${join(", ", sort(${zones}))}. Set subnet_ids to one subnet of each zone.`,
      },
      {
        condition: `\${length(${zones}) >= 2}`,
        error_message: `The load balancer needs subnets in at least two zones; received subnets in \${join(", ", sort(${zones}))} only. Create the missing default subnet (aws ec2 create-default-subnet --availability-zone ZONE), or remove the load balancer (loadBalancer: false).`,
      },
    ];
    expect(Testing.synth(stack, true)).toHaveResourceWithProperties(Lb, {
      lifecycle: expect.objectContaining({ precondition }),
    });
  });

  it("accepts a name of 28 characters, and one that ends with a hyphen before its suffix", () => {
    expect(problemsOf(() => synthesize({ name: "a".repeat(28) }))).toEqual([]);
    expect(problemsOf(() => synthesize({ name: "web-" }))).toEqual([]);
  });

  it.each<[string, Partial<ApplicationLoadBalancerProps>, string]>([
    [
      "a name that is too long for its suffix",
      { name: "a".repeat(29) },
      `name must be 1 to 28 characters long; received "${"a".repeat(29)}". The load balancer's name is <name>-alb, and AWS limits it to 32 characters.`,
    ],
    [
      "a name with an underscore",
      { name: "my_web" },
      'name must contain only letters, digits and hyphens, and not start with a hyphen; received "my_web". AWS rejects other names of load balancers.',
    ],
    [
      "a reserved prefix",
      { name: "internal-web" },
      'name must not be internal or sg, nor start with internal- or sg-; received "internal-web". The load balancer\'s name is <name>-alb, and AWS reserves these prefixes. Choose another name.',
    ],
    [
      "a name that makes a reserved prefix with its suffix",
      { name: "Internal" },
      'name must not be internal or sg, nor start with internal- or sg-; received "Internal". The load balancer\'s name is <name>-alb, and AWS reserves these prefixes. Choose another name.',
    ],
    [
      "something else than a certificate's ARN",
      { certificateArn: "mine" },
      'certificateArn must be the ARN of a certificate in AWS Certificate Manager; received "mine". List your certificates: aws acm list-certificates',
    ],
    [
      "something else than a web ACL's ARN",
      { webAclArn: "mine" },
      'webAclArn must be the ARN of a regional web ACL of AWS WAF; received "mine". List your web ACLs: aws wafv2 list-web-acls --scope REGIONAL',
    ],
    [
      "an outdated TLS policy",
      { sslPolicy: "ELBSecurityPolicy-2016-08" },
      'sslPolicy must be one of ELBSecurityPolicy-TLS13-1-2-Res-2021-06, ELBSecurityPolicy-TLS13-1-2-2021-06, ELBSecurityPolicy-TLS13-1-3-2021-06, ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04, ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04; received "ELBSecurityPolicy-2016-08". Other policies admit outdated versions of TLS.',
    ],
    [
      "a timeout over 4000 seconds",
      { idleTimeoutSeconds: 4001 },
      "idleTimeoutSeconds must be a whole number from 1 to 4000 (seconds); received 4001. For example 60.",
    ],
    [
      "a bucket name that S3 rejects",
      { accessLogs: { bucket: "my..logs" } },
      'accessLogs.bucket must be a name that S3 accepts; received "my..logs". S3 rejects two dots in a row, IP addresses, and the prefixes and suffixes that AWS reserves: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html',
    ],
    [
      "AWSLogs in a prefix",
      { accessLogs: { bucket: "logs", prefix: "alb/AWSLogs" } },
      'accessLogs.prefix must not contain AWSLogs; received "alb/AWSLogs". The load balancer adds AWSLogs after the prefix.',
    ],
    [
      "a prefix that begins with a slash",
      { accessLogs: { bucket: "logs", prefix: "/alb" } },
      'accessLogs.prefix must neither begin nor end with a slash; received "/alb". For example "alb" or "logs/alb". Remove it for no prefix.',
    ],
    [
      "port rules without a security group for a load balancer",
      { portRules: portRules({ http: false, https: false }) },
      "portRules.loadBalancerSecurityGroupId must be set; received nothing. Set httpCidrs of PortRules.",
    ],
    [
      "port rules that reject HTTPS, with a certificate",
      { certificateArn, portRules: portRules({ http: true, https: false }, "sg-0a") },
      "portRules.admits.https must be true, because the load balancer listens to HTTPS; received false. Set https of PortRules to true.",
    ],
    [
      "port rules that reject HTTP, without a certificate",
      { portRules: portRules({ http: false, https: true }, "sg-0a") },
      "portRules.admits.http must be true, because the load balancer listens to HTTP; received false. Set http of PortRules to true.",
    ],
    [
      "port rules that reject HTTP, with the redirect",
      { certificateArn, portRules: portRules({ http: false, https: true }, "sg-0a") },
      "portRules.admits.http must be true, because the load balancer listens to HTTP; received false. Set http of PortRules to true.",
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => synthesize(props))).toEqual([message]);
  });

  it.each<Partial<ApplicationLoadBalancerProps>>([
    { idleTimeoutSeconds: 1 },
    { idleTimeoutSeconds: 4000 },
    { accessLogs: { bucket: "logs", prefix: "a" } },
    { accessLogs: { bucket: "logs", prefix: "a/b" } },
  ])("accepts %j", (props) => {
    expect(problemsOf(() => synthesize(props))).toEqual([]);
  });

  it.each(["/a", "a/", ""])("rejects the prefix %j of access logs", (prefix) => {
    expect(problemsOf(() => synthesize({ accessLogs: { bucket: "logs", prefix } }))).toEqual([
      expect.stringMatching(/^accessLogs\.prefix must neither begin nor end with a slash; /),
    ]);
  });

  it("reports all problems in one error", () => {
    const accessLogs = { bucket: "Logs", prefix: "" };
    expect(
      problemsOf(() => synthesize({ certificateArn: "mine", idleTimeoutSeconds: 0, accessLogs })).map(
        (problem) => problem.split(" must")[0],
      ),
    ).toEqual(["certificateArn", "idleTimeoutSeconds", "accessLogs.bucket", "accessLogs.prefix"]);
  });

  it("does not need port rules for HTTP without the redirect", () => {
    const rules = portRules({ http: false, https: true }, "sg-0a");
    expect(problemsOf(() => synthesize({ certificateArn, redirectHttp: false, portRules: rules }))).toEqual([]);
  });
});

describe("the load balancer's settings", () => {
  const problems = (settings: unknown) =>
    problemsOf(() => validate("loadBalancer", loadBalancerSettingsSchema, settings as LoadBalancerSettings));

  it("have defaults for HTTP only", () => {
    expect(validate("loadBalancer", loadBalancerSettingsSchema, {})).toEqual({
      https: false,
      redirectHttp: true,
      webAcl: false,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      idleTimeoutSeconds: 60,
      deletionProtection: false,
    });
  });

  it("accept the settings of HTTPS with https", () => {
    expect(problems({ https: true, redirectHttp: false, sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" })).toEqual(
      [],
    );
  });

  it("reject the settings of HTTPS without https", () => {
    expect(problems({ redirectHttp: true, sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" })).toEqual([
      "redirectHttp must not be set without https; received true. Set https to true, or remove it.",
      'sslPolicy must not be set without https; received "ELBSecurityPolicy-TLS13-1-3-2021-06". Set https to true, or remove it.',
    ]);
  });

  it("reject a web ACL that is neither managed nor existing", () => {
    expect(problems({ webAcl: true })).toEqual([
      'webAcl must be one of false, "managed", "existing"; received true. Choose one of these.',
    ]);
  });
});

describe("ARNs in the region of the stack", () => {
  interface Arns {
    readonly region: string;
    readonly certificateArn: string;
    readonly webAclArn: string;
  }
  const schema = schemaOf<Arns>()({
    region: string(regionRule),
    certificateArn: string(...certificateArnRules),
    webAclArn: string(...webAclArnRules),
  });

  it("are rejected when they are of another region", () => {
    expect(problemsOf(() => validate("arns", schema, { region: "eu-west-1", certificateArn, webAclArn }))).toEqual([]);
    expect(problemsOf(() => validate("arns", schema, { region: "eu-west-2", certificateArn, webAclArn }))).toEqual([
      `certificateArn must be the ARN of a certificate in the cluster's region; received "${certificateArn}". A load balancer uses certificates of its own region only. Request one there.`,
      `webAclArn must be the ARN of a web ACL in the cluster's region; received "${webAclArn}". A web ACL for CloudFront, or of another region, cannot protect a load balancer.`,
    ]);
  });
});
