import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerCertificate } from "@cdktf/provider-aws/lib/lb-listener-certificate";
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
import { loadBalancerSettingsSchema } from "../../src/load-balancing/load-balancer-settings";
import { certificateArnRules, webAclArnRules } from "../../src/load-balancing/load-balancer-values";
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
const trustStoreArn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:truststore/clients/0a1b";
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

const portRules = (
  admits: PortRules["admits"] = { http: true, https: true, listenerPorts: [8443, 8080] },
  loadBalancerSecurityGroupId?: string,
) =>
  ({
    instanceSecurityGroupId: "sg-0123456789abcdef0",
    loadBalancerSecurityGroupId,
    portRange: new PortRange({ from: 31000, to: 61000 }),
    admits,
  }) as unknown as PortRules;

/** Returns the listeners by the start of their address. */
const listenersOf = (json: string): Readonly<Record<string, object>> =>
  Object.fromEntries(
    Object.entries<object>(JSON.parse(json).resource.aws_lb_listener).map(([id, body]) => [
      id.replace(/^alb_|_[0-9A-F]{8}$/g, ""),
      body,
    ]),
  );

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
      lifecycle: expect.objectContaining({ prevent_destroy: true }),
      access_logs: { enabled: true, bucket: "logs", prefix: "$${alb}" },
    });
    expect(synthesize({})).not.toContain("prevent_destroy");
    expect(json).toHaveResourceWithProperties(LbListener, { ssl_policy: sslPolicy });
    expect(json).toHaveResourceWithProperties(Wafv2WebAclAssociation, {
      resource_arn: expect.stringMatching(/^\$\{aws_lb\.\w+\.arn\}$/),
      web_acl_arn: webAclArn,
    });
  });

  it("has private addresses and another name with internal, because AWS cannot change the scheme", () => {
    expect(synthesize({ internal: true })).toHaveResourceWithProperties(Lb, {
      name: "prod-int",
      internal: true,
      subnets: ["subnet-0a", "subnet-0b"],
      tags: { Name: "prod-int", Purpose: "Distributes requests to the services of the ECS cluster" },
    });
  });

  it("is in the private subnets with internal, and in the public ones otherwise", () => {
    const privateVpc = {
      ...vpc,
      hasPrivateSubnets: true,
      instanceSubnetIdPerZone: ["subnet-1a", "subnet-1b"],
    } as never;
    const json = synthesize({ internal: true, vpc: privateVpc });
    expect(json).toHaveResourceWithProperties(Lb, { subnets: ["subnet-1a", "subnet-1b"] });
    expect(synthesize({ vpc: privateVpc })).toHaveResourceWithProperties(Lb, { subnets: ["subnet-0a", "subnet-0b"] });
  });

  it.each([
    [false, "ipv4"],
    [true, "dualstack"],
    ["without-public-ipv4", "dualstack-without-public-ipv4"],
  ] as const)("has the type of addresses of dualStack: %s", (dualStack, type) => {
    expect(synthesize({ dualStack })).toHaveResourceWithProperties(Lb, { ip_address_type: type });
  });

  it.each<[Partial<ApplicationLoadBalancerProps>, object]>([
    [{ dropInvalidHeaderFields: false }, { drop_invalid_header_fields: false }],
    [{ clientKeepAliveSeconds: 60 }, { client_keep_alive: 60 }],
    [{ http2Enabled: false }, { enable_http2: false }],
    [{ desyncMitigationMode: "strictest" }, { desync_mitigation_mode: "strictest" }],
    [{ preserveHostHeader: true }, { preserve_host_header: true }],
    [{ xffHeaderProcessingMode: "remove" }, { xff_header_processing_mode: "remove" }],
    [{ preserveXffClientPort: true }, { enable_xff_client_port: true }],
    [{ xAmznTlsVersionAndCipherSuiteHeaders: true }, { enable_tls_version_and_cipher_suite_headers: true }],
    [{ webAclArn, wafFailOpen: true }, { enable_waf_fail_open: true }],
    [{ zonalShift: true }, { enable_zonal_shift: true }],
    [{ minimumCapacityUnit: 100 }, { minimum_load_balancer_capacity: { capacity_units: 100 } }],
    [{ connectionLogs: { bucket: "logs" } }, { connection_logs: { enabled: true, bucket: "logs" } }],
    [
      { healthCheckLogs: { bucket: "logs", prefix: "x" } },
      { health_check_logs: { enabled: true, bucket: "logs", prefix: "x" } },
    ],
  ])("renders %j", (props, expected) => {
    expect(synthesize(props)).toHaveResourceWithProperties(Lb, expected);
  });

  it("sets no optional block by default", () => {
    const json = synthesize();
    for (const block of ["minimum_load_balancer_capacity", "connection_logs", "health_check_logs"]) {
      expect(json).not.toContain(block);
    }
  });

  it("switches mutual authentication off without the setting, because the AWS provider keeps an omitted value", () => {
    expect(synthesize({ certificateArn })).toHaveResourceWithProperties(LbListener, {
      protocol: "HTTPS",
      mutual_authentication: { mode: "off" },
    });
    expect(synthesize()).not.toContain("mutual_authentication");
  });

  it("verifies clients with a trust store, or passes their certificates on", () => {
    const mutualAuthentication = {
      mode: "verify",
      ignoreClientCertificateExpiry: true,
      advertiseTrustStoreCaNames: true,
    } as const;
    expect(synthesize({ certificateArn, trustStoreArn, mutualAuthentication })).toHaveResourceWithProperties(
      LbListener,
      {
        mutual_authentication: {
          mode: "verify",
          trust_store_arn: trustStoreArn,
          ignore_client_certificate_expiry: true,
          advertise_trust_store_ca_names: "on",
        },
      },
    );
    const passthrough = synthesize({ certificateArn, mutualAuthentication: { mode: "passthrough" } });
    expect(passthrough).toHaveResourceWithProperties(LbListener, { mutual_authentication: { mode: "passthrough" } });
    expect(passthrough).not.toContain("trust_store_arn");
  });

  it("sets headers of responses on the listeners of services, and keeps template syntax in them", () => {
    const json = synthesize({
      certificateArn,
      responseHeaders: {
        strictTransportSecurity: "max-age=60",
        contentSecurityPolicy: "default-src '${self}'",
        xContentTypeOptions: "nosniff",
        xFrameOptions: "DENY",
        accessControlAllowOrigin: "*",
        accessControlAllowMethods: "GET,POST",
        accessControlAllowHeaders: "*",
        accessControlAllowCredentials: "true",
        accessControlExposeHeaders: "X-Id",
        accessControlMaxAge: "60",
        server: false,
      },
    });
    expect(json).toHaveResourceWithProperties(LbListener, {
      protocol: "HTTPS",
      routing_http_response_strict_transport_security_header_value: "max-age=60",
      routing_http_response_content_security_policy_header_value: "default-src '$${self}'",
      routing_http_response_x_content_type_options_header_value: "nosniff",
      routing_http_response_x_frame_options_header_value: "DENY",
      routing_http_response_access_control_allow_origin_header_value: "*",
      routing_http_response_access_control_allow_methods_header_value: "GET,POST",
      routing_http_response_access_control_allow_headers_header_value: "*",
      routing_http_response_access_control_allow_credentials_header_value: "true",
      routing_http_response_access_control_expose_headers_header_value: "X-Id",
      routing_http_response_access_control_max_age_header_value: "60",
      routing_http_response_server_enabled: false,
    });
    const { http } = listenersOf(json);
    expect(Object.keys(http ?? {}).filter((argument) => argument.startsWith("routing_http"))).toEqual([]);
  });

  it("names the headers about TLS of requests", () => {
    const json = synthesize({
      certificateArn,
      requestHeaderNames: {
        xAmznTlsVersion: "A",
        xAmznTlsCipherSuite: "B",
        xAmznMtlsClientcert: "C",
        xAmznMtlsClientcertSerialNumber: "D",
        xAmznMtlsClientcertIssuer: "E",
        xAmznMtlsClientcertSubject: "F",
        xAmznMtlsClientcertValidity: "G",
        xAmznMtlsClientcertLeaf: "H",
      },
    });
    expect(json).toHaveResourceWithProperties(LbListener, {
      routing_http_request_x_amzn_tls_version_header_name: "A",
      routing_http_request_x_amzn_tls_cipher_suite_header_name: "B",
      routing_http_request_x_amzn_mtls_clientcert_header_name: "C",
      routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name: "D",
      routing_http_request_x_amzn_mtls_clientcert_issuer_header_name: "E",
      routing_http_request_x_amzn_mtls_clientcert_subject_header_name: "F",
      routing_http_request_x_amzn_mtls_clientcert_validity_header_name: "G",
      routing_http_request_x_amzn_mtls_clientcert_leaf_header_name: "H",
    });
  });

  it("listens on more ports, with the protocol of the main listener by default", () => {
    const listeners = { admin: { port: 8443 }, plain: { port: 8080, protocol: "HTTP" } } as const;
    const json = synthesize({ certificateArn, listeners });
    expect(json).toHaveResourceWithProperties(LbListener, {
      port: 8443,
      protocol: "HTTPS",
      certificate_arn: certificateArn,
      default_action: [NOT_FOUND],
      tags: { Name: "prod-admin", Purpose: "Where services put their rules for port 8443" },
    });
    expect(json).toHaveResourceWithProperties(LbListener, {
      port: 8080,
      protocol: "HTTP",
      default_action: [NOT_FOUND],
    });
    expect(resourceCounts(json)).toEqual({ aws_lb: 1, aws_lb_listener: 4 });
    expect(synthesize({ listeners: { admin: { port: 8443 } } })).toHaveResourceWithProperties(LbListener, {
      port: 8443,
      protocol: "HTTP",
    });
  });

  it("returns the ARN of each listener by its name", () => {
    const stack = emptyStack();
    const props = { name: "prod", vpc, portRules: portRules(undefined, "sg-0a"), listeners: { admin: { port: 8443 } } };
    const { listeners } = new ApplicationLoadBalancer(stack, "alb", props);
    expect(Object.keys(listeners)).toEqual(["admin"]);
    expect(resolved(stack, listeners.admin?.listenerArn)).toBe("${aws_lb_listener.alb_listener_admin.arn}");
  });

  it("adds certificates for more domain names to each HTTPS listener", () => {
    const certificateArns = { shop: certificateArn };
    const listeners = { admin: { port: 8443 }, plain: { port: 8080, protocol: "HTTP" } } as const;
    const json = synthesize({ certificateArn, certificateArns, listeners });
    expect(json).toHaveResourceWithProperties(LbListenerCertificate, {
      for_each: { shop: certificateArn },
      listener_arn: expect.stringMatching(/alb_https/),
      certificate_arn: "${each.value}",
    });
    expect(json).toHaveResourceWithProperties(LbListenerCertificate, {
      listener_arn: expect.stringMatching(/alb_listener_admin/),
    });
    expect(resourceCounts(json).aws_lb_listener_certificate).toBe(2);
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
        accessLogs: { bucket: variable("bucket").stringValue },
      });
    });
    expect(json).toHaveResourceWithProperties(Lb, {
      name: "${var.name}-alb",
      idle_timeout: "${var.timeout}",
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
    const { listeners, ...defaults } = validate("loadBalancer", loadBalancerSettingsSchema, {});
    expect(listeners).toEqual({});
    expect(Object.fromEntries(Object.entries(defaults).filter(([, value]) => value !== undefined))).toEqual({
      internal: false,
      dualStack: false,
      https: false,
      domain: false,
      redirectHttp: true,
      ruleQuota: 100,
      webAcl: false,
      wafFailOpen: false,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      idleTimeoutSeconds: 60,
      allowHttpsOutbound: false,
      clientKeepAliveSeconds: 3600,
      http2Enabled: true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      preserveHostHeader: false,
      xffHeaderProcessingMode: "append",
      preserveXffClientPort: false,
      xAmznTlsVersionAndCipherSuiteHeaders: false,
      zonalShift: false,
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
