import type { Construct } from "constructs";
import type { ListenerTarget } from "../cluster/ecs-cluster-target";
import { Secret } from "../iam/secret";
import { hcl, literal } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import type { Problem } from "../validation/problem";
import { length, matches, matchesNot, wholeNumber } from "../validation/rule";
import { choice, custom, list, map, number, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import { supportedRegex } from "./rule-conditions";

/** How the load balancer authenticates users, besides their identity provider. */
export interface AuthenticationOptions {
  /** What the identity provider returns about a user. @default "openid" */
  readonly scope?: string;
  /** The name of the session's cookie. @default "AWSELBAuthSessionCookie" */
  readonly sessionCookieName?: string;
  /** Seconds until a user has to authenticate again. @default 604800, which is 7 days */
  readonly sessionTimeoutSeconds?: number;
  /**
   * What the load balancer does with a request without a session: `authenticate` redirects to the identity provider, `deny`
   * returns 401, and `allow` forwards the request.
   * @default "authenticate"
   */
  readonly onUnauthenticatedRequest?: "allow" | "authenticate" | "deny";
  /** Query parameters of the redirect to the identity provider, such as `display` and `prompt`. @default - none */
  readonly authenticationRequestExtraParams?: Readonly<Record<string, string>>;
}

/**
 * Authentication with an identity provider that is compliant with OpenID Connect (OIDC).
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
export interface AuthenticateOidc extends AuthenticationOptions {
  /** The URL of the authorization endpoint. */
  readonly authorizationEndpoint: string;
  /** The client id of the load balancer at the identity provider. */
  readonly clientId: string;
  /**
   * The client secret: a `Secret`, or a reference such as a sensitive variable. Terraform stores the value in its state in both cases,
   * because the AWS provider has no write-only argument for it. Of a `Secret`, it reads the value in each plan, and updates the rule.
   */
  readonly clientSecret: string | Secret;
  /** The URL of the issuer. */
  readonly issuer: string;
  /** The URL of the token endpoint. The load balancer connects to it. */
  readonly tokenEndpoint: string;
  /** The URL of the user info endpoint. The load balancer connects to it. */
  readonly userInfoEndpoint: string;
}

/** Authentication with a user pool of Amazon Cognito. */
export interface AuthenticateCognito extends AuthenticationOptions {
  /** The ARN of the user pool. */
  readonly userPoolArn: string;
  /** The id of the user pool's client, which has a client secret. */
  readonly userPoolClientId: string;
  /** The domain of the user pool: its prefix, or a domain name of yours. */
  readonly userPoolDomain: string;
}

/** A claim that a JSON Web Token must have. */
export interface JwtClaim {
  /** The name of the claim. The load balancer verifies `exp`, `iss`, `nbf` and `iat` in any case. */
  readonly name: string;
  /** How the claim holds its values. */
  readonly format: "single-string" | "string-array" | "space-separated-values";
  /** The values, at most 10. With `space-separated-values`, they contain no spaces. */
  readonly values: readonly string[];
}

/**
 * Verification of the JSON Web Token in the header `Authorization`. A request without a valid token gets 401.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-verify-jwt.html
 */
export interface JwtValidation {
  /** The issuer of the tokens, in at most 256 characters. */
  readonly issuer: string;
  /** The URL of the keys that verify signatures (JWKS), in at most 256 characters. The load balancer connects to it. */
  readonly jwksEndpoint: string;
  /** More claims that a token must have, at most 10. @default - none */
  readonly additionalClaims?: readonly JwtClaim[];
}

/**
 * A change of a part of the request, before the load balancer forwards it. If the regular expression matches and the result is no
 * valid URL or host, the load balancer returns 500.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RewriteConfig.html
 */
export interface Rewrite {
  /** The regular expression. Without a match, the request stays as it is. */
  readonly regex: string;
  /** The replacement. `$1` is the first group of the regular expression. */
  readonly replace: string;
}

/** What the load balancer does with requests before it forwards them. */
export interface RouteActions {
  /** Authenticate users with OpenID Connect first. It needs an HTTPS listener and `allowHttpsOutbound` of the load balancer. @default - none */
  readonly authenticateOidc?: AuthenticateOidc;
  /** Authenticate users with Amazon Cognito first. It needs an HTTPS listener and `allowHttpsOutbound` of the load balancer. @default - none */
  readonly authenticateCognito?: AuthenticateCognito;
  /** Verify a JSON Web Token first. It needs an HTTPS listener and `allowHttpsOutbound` of the load balancer. @default - none */
  readonly jwtValidation?: JwtValidation;
  /**
   * Rewrite the path and the query string: `{ regex: "^/api/(.*)$", replace: "/$1" }`. Conditions see the request before it.
   * @default - the container gets the URL of the client
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-transforms.html
   */
  readonly urlRewrite?: Rewrite;
  /** Rewrite the header `Host`. @default - the container gets the host of the client */
  readonly hostHeaderRewrite?: Rewrite;
}

const httpsUrl = string(
  matches("^https://[!-~]{1,1015}$", "be a URL that begins with https://", "Use the URL of the identity provider."),
);
const extraParams: Limit<object> = {
  must: "have at most 10 parameters",
  fix: "Remove some of them.",
  check: (params) => Object.keys(params).length <= 10,
  offending: { of: (params) => Object.keys(params).length },
};
const options = schemaOf<AuthenticationOptions>()({
  scope: string(length(1, 256, 'For example "openid email".')).default("openid"),
  sessionCookieName: string(
    matches("^[A-Za-z0-9_-]{1,64}$", "be 1 to 64 letters, digits, _ and -", 'For example "shop-session".'),
  ).default("AWSELBAuthSessionCookie"),
  sessionTimeoutSeconds: number(wholeNumber(1, 604_800, "seconds", "For example 28800, which is 8 hours.")).default(
    604_800,
  ),
  onUnauthenticatedRequest: choice("allow", "authenticate", "deny").default("authenticate"),
  authenticationRequestExtraParams: map(string(), { limits: [extraParams] }).optional(),
});

const secretReference = custom<Secret>(
  "a Secret or a reference to a secret",
  "Write no secret into code. Use Secret.fromSecretsManager or Secret.fromSsmParameter, or a sensitive variable.",
  (value) => value instanceof Secret,
).with<string | Secret, string | Secret>({ isPlain: false, kind: "string", isSensitive: true });

const oidcSchema = schemaOf<AuthenticateOidc>()({
  ...options.shape,
  authorizationEndpoint: httpsUrl,
  clientId: string(length(1, 1024, "Use the client id of the identity provider.")),
  clientSecret: secretReference,
  issuer: httpsUrl,
  tokenEndpoint: httpsUrl,
  userInfoEndpoint: httpsUrl,
});

const cognitoSchema = schemaOf<AuthenticateCognito>()({
  ...options.shape,
  userPoolArn: string(
    matches(
      "^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/[\\w-]+$",
      "be the ARN of a user pool",
      "List the user pools: aws cognito-idp list-user-pools --max-results 60",
    ),
  ),
  userPoolClientId: string(length(1, 128, "Use the id of a client of the user pool.")),
  userPoolDomain: string(
    matches(
      "^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$",
      "be the prefix of the user pool's domain, or a domain name",
      'For example "shop" or "auth.example.com".',
    ),
  ),
});

const fewClaims: Limit<readonly unknown[]> = {
  must: "have at most 10 claims",
  fix: "Remove some of them.",
  check: (claims) => claims.length <= 10,
  offending: { of: (claims) => claims.length },
};
const someValues: Limit<readonly unknown[]> = {
  must: "have 1 to 10 values",
  fix: "List the accepted values.",
  check: (values) => values.length >= 1 && values.length <= 10,
};
const jwtSchema = schemaOf<JwtValidation>()({
  issuer: string(length(1, 256, "Use the claim iss of the tokens.")),
  jwksEndpoint: string(
    matches(
      "^https://[!-~]{1,248}$",
      "be a URL of at most 256 characters that begins with https://",
      "Use the claim jwks_uri of the identity provider's configuration.",
    ),
  ),
  additionalClaims: list(
    schemaOf<JwtClaim>()(
      {
        name: string(
          length(1, 256, 'For example "scope".'),
          matchesNot(
            "^(exp|iss|nbf|iat)$",
            "not be exp, iss, nbf or iat",
            "The load balancer verifies them always. Remove it.",
          ),
        ),
        format: choice("single-string", "string-array", "space-separated-values"),
        values: list(string(length(1, 256, "Shorten it.")), someValues),
      },
      function* oneWord({ format, values = [] }): Findings<JwtClaim> {
        if (format !== "space-separated-values") return;
        for (const [index, value] of values.entries()) {
          if (!value?.includes(" ")) continue;
          yield {
            at: ["values", index],
            must: `contain no space with format ${format}`,
            fix: "List the values one by one.",
          };
        }
      },
    ),
    fewClaims,
  ).default([]),
});

const rewriteSchema = schemaOf<Rewrite>()({
  regex: string(length(1, 1024, 'For example "^/api/(.*)$".'), supportedRegex),
  replace: string(length(0, 1024, 'For example "/$1".')),
});

/** The fields of what the load balancer does before it forwards a request. */
export const routeActionFields = {
  authenticateOidc: oidcSchema.optional(),
  authenticateCognito: cognitoSchema.optional(),
  jwtValidation: jwtSchema.optional(),
  urlRewrite: rewriteSchema.optional(),
  hostHeaderRewrite: rewriteSchema.optional(),
};

/** The settings of what the load balancer does before it forwards a request. */
export const ROUTE_ACTIONS = Object.keys(routeActionFields) as (keyof RouteActions)[];
/** The actions that check who sends a request. */
export const CHECKS = ["authenticateOidc", "authenticateCognito", "jwtValidation"] as const;

/** A rule has one action that checks who sends a request. */
export function* oneCheck(_: Known<RouteActions>, given: Given<RouteActions>): Findings<RouteActions> {
  const [first, ...others] = CHECKS.filter((name) => given(name));
  for (const at of others) yield { at, must: `not be set with ${first}`, fix: "Remove one of the two." };
}

/** Returns the actions of larger settings. */
export const actionsIn = (settings: RouteActions): RouteActions =>
  Object.fromEntries(ROUTE_ACTIONS.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])));

/**
 * Returns why a listener cannot check who sends a request. A listener of another state is unknown.
 * @param setting the path of the route in the caller's settings. @default - the settings are the route
 */
export function checkProblems(listener: ListenerTarget, actions: RouteActions, setting = ""): Problem[] {
  const name = CHECKS.find((one) => actions[one] !== undefined);
  if (name === undefined) return [];
  const path = setting === "" ? name : `${setting}.${name}`;
  return [
    ...(listener.protocol === "HTTP"
      ? [
          {
            path,
            rule: "must be a setting of a route on an HTTPS listener",
            received: "a route on an HTTP listener",
            fix: "Set https of the load balancer, or remove it.",
          },
        ]
      : []),
    ...(listener.allowHttpsOutbound === false
      ? [
          {
            path,
            rule: "must be a setting of a route on a load balancer with allowHttpsOutbound",
            received: "a load balancer that cannot connect to the identity provider",
            fix: "Set allowHttpsOutbound of the load balancer.",
          },
        ]
      : []),
  ];
}

/** Returns what a plan checks, if only the plan knows the listener. @param route the name of the rule's service, for messages */
export function checkGuards(listener: ListenerTarget, actions: RouteActions, route: string): Guard[] {
  const name = CHECKS.find((one) => actions[one] !== undefined);
  if (name === undefined) return [];
  const outbound = listener.allowHttpsOutbound === undefined ? listener.planned?.allowHttpsOutbound : undefined;
  return [
    ...httpsGuards(listener, `${name} of ${route}`),
    ...(outbound === undefined
      ? []
      : [
          {
            condition: hcl`${outbound} == "true"`.string,
            errorMessage: `${name} of ${route} must be on a load balancer with allowHttpsOutbound, which connects to the identity provider. Set allowHttpsOutbound of the load balancer in the cluster's stack, and apply that stack.`,
          },
        ]),
  ];
}

/** Returns a guard of a setting that needs HTTPS, if only a plan knows the protocol of the listener. */
export const httpsGuards = ({ protocol, planned, listenerArn }: ListenerTarget, setting: string): Guard[] =>
  protocol !== undefined || planned === undefined
    ? []
    : [
        {
          condition: hcl`${planned.protocol} == "HTTPS"`.string,
          errorMessage: `${setting} must be on an HTTPS listener; ${hcl`${listenerArn}`} has the protocol ${hcl`${planned.protocol}`}. Set https of the load balancer in its stack and apply it, use an HTTPS listener, or remove the setting.`,
        },
      ];

/** Returns text settings as Terraform writes them. */
const literals = (settings: object) =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      literal(name),
      typeof value === "string" ? literal(value) : value,
    ]),
  );

const authentication = ({
  sessionTimeoutSeconds: sessionTimeout,
  authenticationRequestExtraParams: extra,
  ...texts
}: AuthenticationOptions) => ({
  ...literals(texts),
  sessionTimeout,
  authenticationRequestExtraParams: extra && literals(extra),
});

/** Returns the actions before the last one, in their order. @param rule the construct of the rule, which reads secrets */
export function checkActions(
  rule: Construct,
  { authenticateOidc: oidc, authenticateCognito: cognito, jwtValidation: jwt }: RouteActions,
  clusterArn: string,
) {
  const secretOf = ({ clientSecret: secret }: AuthenticateOidc): string =>
    secret instanceof Secret ? secret.lookUpValue(rule, "client_secret", clusterArn) : secret;
  const withSecret = oidc && { ...oidc, clientSecret: secretOf(oidc) };
  return [
    ...(withSecret ? [{ type: "authenticate-oidc", authenticateOidc: authentication(withSecret) as never }] : []),
    ...(cognito ? [{ type: "authenticate-cognito", authenticateCognito: authentication(cognito) as never }] : []),
    ...(jwt
      ? [
          {
            type: "jwt-validation",
            jwtValidation: {
              issuer: literal(jwt.issuer),
              jwksEndpoint: literal(jwt.jwksEndpoint),
              additionalClaim: jwt.additionalClaims?.map(({ name, format, values }) => ({
                name: literal(name),
                format,
                values: values.map((value) => literal(value)),
              })),
            },
          },
        ]
      : []),
  ];
}

/** Returns the rewrites as blocks of Terraform. */
export const transformBlocks = ({ urlRewrite: url, hostHeaderRewrite: host }: RouteActions) => {
  const rewrite = ({ regex, replace }: Rewrite) => ({ rewrite: { regex: literal(regex), replace: literal(replace) } });
  const all = [
    ...(host ? [{ type: "host-header-rewrite", hostHeaderRewriteConfig: rewrite(host) }] : []),
    ...(url ? [{ type: "url-rewrite", urlRewriteConfig: rewrite(url) }] : []),
  ];
  return all.length > 0 ? all : undefined;
};
