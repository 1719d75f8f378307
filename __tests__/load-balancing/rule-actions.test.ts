import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { TerraformVariable, Testing } from "cdktf";
import type { Construct } from "constructs";
import {
  type AuthenticateOidc,
  Ec2Service,
  type Ec2ServiceProps,
  EcsClusterStack,
  ListenerRule,
  type ListenerRuleProps,
  Secret,
} from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

const TARGET = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/users-1/0a1b";
const secretOf = (scope: Construct) =>
  new TerraformVariable(scope, "oidc_client_secret", { sensitive: true }).stringValue;
const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/oidc-AbCdEf";
const oidc = (clientSecret: string | Secret): AuthenticateOidc => ({
  authorizationEndpoint: "https://id.example.com/authorize",
  clientId: "shop",
  clientSecret,
  issuer: "https://id.example.com",
  tokenEndpoint: "https://id.example.com/token",
  userInfoEndpoint: "https://id.example.com/userinfo",
});
const COGNITO = {
  userPoolArn: "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEf123",
  userPoolClientId: "0abc",
  userPoolDomain: "shop",
};
const JWT = { issuer: "https://id.example.com", jwksEndpoint: "https://id.example.com/keys" };
const https = () =>
  clusterTarget({
    loadBalancer: { listenerArn: "arn:listener/app/a/b/c", protocol: "HTTPS", allowHttpsOutbound: true },
  });

const synthesize = (
  props: Omit<ListenerRuleProps, "cluster"> | ((scope: Construct) => Omit<ListenerRuleProps, "cluster">),
): string =>
  Testing.synthScope((stack) => {
    const own = typeof props === "function" ? props(stack) : props;
    new ListenerRule(stack, "old_site", { cluster: https(), paths: ["/a"], ...own });
  });

/** Returns the rule of a stack that has one. */
const ruleIn = ({ aws_lb_listener_rule: rules }: { readonly aws_lb_listener_rule: object }) => Object.values(rules)[0];

/** Returns the problems of a rule that forwards. */
const problems = (props: object, target = https()) =>
  problemsOf(() => {
    new ListenerRule(emptyStack(), "rule", { cluster: target, paths: ["/a"], targetGroupArn: TARGET, ...props });
  });

describe("a rule without a service", () => {
  it("redirects to another host", () => {
    const json = synthesize({
      hosts: ["old.example.com"],
      paths: undefined,
      redirect: { host: "example.com", permanent: true },
    });
    expect(json).toHaveResourceWithProperties(LbListenerRule, {
      condition: [{ host_header: { values: ["old.example.com"] } }],
      action: [{ type: "redirect", redirect: { host: "example.com", status_code: "HTTP_301" } }],
      tags: { Name: "prod-old-site", Purpose: "Redirects requests" },
    });
    expect(resourceCounts(json)).toEqual({ aws_lb_listener_rule: 1 });
  });

  it.each<[string, ListenerRuleProps["redirect"], object]>([
    [
      "each part of the URL",
      { protocol: "HTTPS", host: "www.#{host}", port: 8443, path: "/new/#{path}", query: "#{query}&a=1" },
      {
        protocol: "HTTPS",
        host: "www.#{host}",
        port: "8443",
        path: "/new/#{path}",
        query: "#{query}&a=1",
        status_code: "HTTP_302",
      },
    ],
    ["the port of HTTPS", { protocol: "HTTPS" }, { protocol: "HTTPS", port: "443", status_code: "HTTP_302" }],
    ["a path with a template sequence", { path: "/$${a}" }, { path: "/$$${a}", status_code: "HTTP_302" }],
  ])("redirects to %s", (_, redirect, expected) => {
    const { resource } = JSON.parse(synthesize({ redirect }));
    expect(ruleIn(resource).action).toEqual([{ type: "redirect", redirect: expected }]);
  });

  it("redirects HTTP to HTTP only, because AWS does not redirect HTTPS to it", () => {
    const redirect = { protocol: "HTTP" } as const;
    const json = synthesize({ cluster: clusterTarget(), redirect } as never);
    expect(ruleIn(JSON.parse(json).resource).action).toEqual([
      { type: "redirect", redirect: { protocol: "HTTP", port: "80", status_code: "HTTP_302" } },
    ]);
    expect(problems({ targetGroupArn: undefined, redirect })).toEqual([
      'redirect.protocol must not be HTTP on an HTTPS listener; received "HTTP". AWS does not redirect HTTPS to HTTP. Remove it, or use an HTTP listener.',
    ]);
  });

  it("returns a fixed response", () => {
    expect(
      synthesize({ fixedResponse: { statusCode: 503, messageBody: "${down}", contentType: "text/html" } }),
    ).toHaveResourceWithProperties(LbListenerRule, {
      action: [
        {
          type: "fixed-response",
          fixed_response: { status_code: "503", message_body: "$${down}", content_type: "text/html" },
        },
      ],
      tags: { Name: "prod-old-site", Purpose: "Answers requests" },
    });
  });

  it("returns a fixed response without a body", () => {
    expect(synthesize({ fixedResponse: { statusCode: 200 } })).toHaveResourceWithProperties(LbListenerRule, {
      action: [{ type: "fixed-response", fixed_response: { status_code: "200", content_type: "text/plain" } }],
    });
  });

  it("is compared with the rules of services", () => {
    const stack = new EcsClusterStack(testApp(), "ecs");
    new Ec2Service(stack, "web", { cluster: stack, containerPort: 80, paths: ["/a"] });
    const redirect = { path: "/b" };
    expect(problemsOf(() => new ListenerRule(stack, "old", { cluster: stack, paths: ["/a"], redirect }))).toEqual([
      expect.stringMatching(/^paths must differ from the paths of ecs\/web\/rule; /),
    ]);
  });
});

describe("a rule with several target groups", () => {
  const targetGroups = [
    { targetGroupArn: TARGET, weight: 90 },
    { targetGroupArn: `${TARGET}2`, weight: 10 },
  ];

  it("distributes requests by weight", () => {
    expect(synthesize({ targetGroups })).toHaveResourceWithProperties(LbListenerRule, {
      action: [
        {
          type: "forward",
          forward: {
            target_group: [
              { arn: TARGET, weight: 90 },
              { arn: `${TARGET}2`, weight: 10 },
            ],
            stickiness: { enabled: false, duration: 86_400 },
          },
        },
      ],
    });
  });

  it("keeps a client with one of them", () => {
    const { resource } = JSON.parse(synthesize({ targetGroups, stickinessSeconds: 60 }));
    expect(ruleIn(resource).action[0].forward.stickiness).toEqual({
      enabled: true,
      duration: 60,
    });
  });
});

describe("a rule that checks who sends a request", () => {
  it("authenticates with OpenID Connect before it forwards", () => {
    const json = synthesize((scope) => ({ targetGroupArn: TARGET, authenticateOidc: oidc(secretOf(scope)) }));
    expect(json).toHaveResourceWithProperties(LbListenerRule, {
      action: [
        {
          type: "authenticate-oidc",
          authenticate_oidc: {
            authorization_endpoint: "https://id.example.com/authorize",
            client_id: "shop",
            client_secret: "${var.oidc_client_secret}",
            issuer: "https://id.example.com",
            token_endpoint: "https://id.example.com/token",
            user_info_endpoint: "https://id.example.com/userinfo",
            scope: "openid",
            session_cookie_name: "AWSELBAuthSessionCookie",
            session_timeout: 604_800,
            on_unauthenticated_request: "authenticate",
          },
        },
        { type: "forward", target_group_arn: TARGET },
      ],
    });
  });

  it("authenticates with Amazon Cognito, with options", () => {
    const authenticateCognito = {
      ...COGNITO,
      scope: "openid email",
      sessionCookieName: "shop",
      sessionTimeoutSeconds: 60,
      onUnauthenticatedRequest: "deny",
      authenticationRequestExtraParams: { prompt: "${login}" },
    } as const;
    expect(synthesize({ redirect: { path: "/b" }, authenticateCognito })).toHaveResourceWithProperties(LbListenerRule, {
      action: [
        {
          type: "authenticate-cognito",
          authenticate_cognito: {
            user_pool_arn: COGNITO.userPoolArn,
            user_pool_client_id: "0abc",
            user_pool_domain: "shop",
            scope: "openid email",
            session_cookie_name: "shop",
            session_timeout: 60,
            on_unauthenticated_request: "deny",
            authentication_request_extra_params: { prompt: "$${login}" },
          },
        },
        { type: "redirect", redirect: { path: "/b", status_code: "HTTP_302" } },
      ],
    });
  });

  it("verifies JSON Web Tokens", () => {
    const additionalClaims = [{ name: "scope", format: "space-separated-values", values: ["read", "write"] }] as const;
    expect(
      synthesize({ targetGroupArn: TARGET, jwtValidation: { ...JWT, additionalClaims } }),
    ).toHaveResourceWithProperties(LbListenerRule, {
      action: [
        {
          type: "jwt-validation",
          jwt_validation: {
            issuer: "https://id.example.com",
            jwks_endpoint: "https://id.example.com/keys",
            additional_claim: [{ name: "scope", format: "space-separated-values", values: ["read", "write"] }],
          },
        },
        { type: "forward", target_group_arn: TARGET },
      ],
    });
  });

  it("rewrites the URL and the host", () => {
    const urlRewrite = { regex: "^/api/(.*)$", replace: "/$1" };
    const hostHeaderRewrite = { regex: "^(.*)[.]io$", replace: "$1.internal" };
    expect(synthesize({ targetGroupArn: TARGET, urlRewrite, hostHeaderRewrite })).toHaveResourceWithProperties(
      LbListenerRule,
      {
        transform: [
          { type: "host-header-rewrite", host_header_rewrite_config: { rewrite: hostHeaderRewrite } },
          { type: "url-rewrite", url_rewrite_config: { rewrite: urlRewrite } },
        ],
      },
    );
  });

  it.each<[string, Secret, string, object]>([
    [
      "a secret",
      Secret.fromSecretsManager(SECRET),
      "${data.aws_secretsmanager_secret_version.old_site_client_secret.secret_string}",
      { aws_secretsmanager_secret_version: { old_site_client_secret: { secret_id: SECRET } } },
    ],
    [
      "a value of a secret in a version",
      Secret.fromSecretsManager(SECRET, { jsonKey: "oidc", versionStage: "AWSPREVIOUS" }),
      '${jsondecode(data.aws_secretsmanager_secret_version.old_site_client_secret.secret_string)["oidc"]}',
      {
        aws_secretsmanager_secret_version: {
          old_site_client_secret: { secret_id: SECRET, version_stage: "AWSPREVIOUS" },
        },
      },
    ],
    [
      "a secret whose ARN has the key",
      Secret.fromSecretsManager(`${SECRET}:oidc::0a1b`),
      '${jsondecode(data.aws_secretsmanager_secret_version.old_site_client_secret.secret_string)["oidc"]}',
      { aws_secretsmanager_secret_version: { old_site_client_secret: { secret_id: SECRET, version_id: "0a1b" } } },
    ],
    [
      "a parameter",
      Secret.fromSsmParameter("/shop/oidc"),
      "${data.aws_ssm_parameter.old_site_client_secret.value}",
      { aws_ssm_parameter: { old_site_client_secret: { name: "/shop/oidc" } } },
    ],
  ])("reads the client secret from %s", (_, secret, value, data) => {
    const stack = emptyStack();
    const props = { cluster: https(), paths: ["/a"], targetGroupArn: TARGET, authenticateOidc: oidc(secret) };
    new ListenerRule(stack, "old_site", props);
    const json = synthesized(stack);
    expect(json).toMatchObject({
      resource: {
        aws_lb_listener_rule: { old_site: { action: [{ authenticate_oidc: { client_secret: value } }, {}] } },
      },
    });
    expect(json.data).toEqual(data);
  });

  it("never shows a client secret in a message", () => {
    const messages = problems({ authenticateOidc: { ...oidc("hunter2"), clientId: "" } });
    expect(messages).toEqual([
      'authenticateOidc.clientId must be 1 to 1024 characters long; received "". Use the client id of the identity provider.',
      "authenticateOidc.clientSecret must be a Secret or a reference to a secret; received a value that is not shown. Write no secret into code. Use Secret.fromSecretsManager or Secret.fromSsmParameter, or a sensitive variable.",
    ]);
  });
});

describe("the checks of a listener", () => {
  const stackWith = (
    loadBalancer: ConstructorParameters<typeof EcsClusterStack>[2],
    props: Partial<Ec2ServiceProps>,
  ) => {
    const stack = new EcsClusterStack(testApp(), "ecs", loadBalancer);
    new Ec2Service(stack, "web", { cluster: stack, containerPort: 80, paths: ["/a"], ...props });
    return stack;
  };

  it("need HTTPS, and a load balancer that reaches the identity provider", () => {
    expect(
      problemsOf(() => stackWith({}, { routes: { admin: { paths: ["/b"], authenticateCognito: COGNITO } } })),
    ).toEqual([
      "routes.admin.authenticateCognito must be a setting of a route on an HTTPS listener; received a route on an HTTP listener. Set https of the load balancer, or remove it.",
      "routes.admin.authenticateCognito must be a setting of a route on a load balancer with allowHttpsOutbound; received a load balancer that cannot connect to the identity provider. Set allowHttpsOutbound of the load balancer.",
    ]);
    expect(problems({ jwtValidation: JWT }, clusterTarget())).toEqual([]);
  });

  it("are on the listener of a route", () => {
    const loadBalancer = {
      https: true,
      allowHttpsOutbound: true,
      listeners: { plain: { port: 8080, protocol: "HTTP" } },
    } as const;
    const stack = new EcsClusterStack(testApp(), "ecs", { loadBalancer });
    const add = (id: string, props: Partial<ListenerRuleProps>) =>
      new ListenerRule(stack, id, {
        cluster: stack,
        paths: ["/a"],
        redirect: { path: "/" },
        jwtValidation: JWT,
        ...props,
      });
    expect(problemsOf(() => add("a", {}))).toEqual([]);
    expect(problemsOf(() => add("b", { loadBalancer: stack.loadBalancer?.listeners.plain }))).toEqual([
      expect.stringMatching(/^jwtValidation must be a setting of a route on an HTTPS listener/),
    ]);
  });

  it("pass with allowHttpsOutbound, which opens port 443 to IPv4 networks", () => {
    const json = JSON.stringify(
      synthesized(stackWith({ loadBalancer: { https: true, allowHttpsOutbound: true } }, { jwtValidation: JWT })),
    );
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupEgressRule, {
      cidr_ipv4: "0.0.0.0/0",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      description: "HTTPS from the load balancer to identity providers",
    });
    expect(json).toHaveResource(LbTargetGroup);
  });
});
