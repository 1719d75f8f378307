import type { Change, Samples } from "../area";

/** A client secret, which only Terraform knows. */
interface WithSecret {
  readonly clientSecret: string;
  readonly otherSecret: string;
}

const URL = "https://login.example.com";
const oidc =
  (more: object) =>
  ({ clientSecret }: WithSecret) => ({
    authenticateOidc: {
      ...{ authorizationEndpoint: `${URL}/authorize`, clientId: "shop", clientSecret, issuer: URL },
      ...{ tokenEndpoint: `${URL}/token`, userInfoEndpoint: `${URL}/user`, ...more },
    },
  });
const pool = {
  userPoolArn: "arn:aws:cognito-idp:ap-northeast-2:111122223333:userpool/ap-northeast-2_abcdefghi",
  userPoolClientId: "shop",
  userPoolDomain: "shop",
};
const cognito = { authenticateCognito: pool };
const claim = { name: "role", format: "single-string", values: ["admin"] };
const token = { issuer: URL, jwksEndpoint: `${URL}/keys` };
const withClaim = { jwtValidation: { ...token, additionalClaims: [claim] } };
const rewrite = { regex: "^/v1/", replace: "/" };

/** Returns the samples of the settings that both kinds of authentication have. */
function authentication(name: string, settings: unknown): Samples {
  return {
    [`${name}.scope`]: { with: settings, to: "openid email" },
    [`${name}.sessionCookieName`]: { with: settings, to: "shop-session" },
    [`${name}.sessionTimeoutSeconds`]: { with: settings, to: 3600 },
    [`${name}.onUnauthenticatedRequest`]: { with: settings, to: "deny" },
    [`${name}.authenticationRequestExtraParams`]: { with: settings, to: { prompt: "login" } },
  };
}

const endpoint = (name: string): Samples => ({
  [`authenticateOidc.${name}`]: { with: oidc({}), from: `${URL}/before`, to: `${URL}/after` },
});

/** Changes of the conditions and the actions of a route. */
const RULE_SAMPLES: Samples = {
  headers: { to: { "X-Version": ["2"] } },
  methods: { to: ["GET"] },
  queryStrings: { to: [{ value: "2" }] },
  "queryStrings[].key": { with: { queryStrings: [{ value: "2" }] }, to: "version" },
  "queryStrings[].value": { with: { queryStrings: [{}] }, from: "2", to: "3" },
  sourceIps: { to: ["203.0.113.0/24"] },
  pathRegexes: {
    with: { paths: undefined, hosts: ["regexes.example.com"], priority: 11 },
    from: ["^/v1/"],
    to: ["^/v2/"],
  },
  hostRegexes: { with: { priority: 12 }, to: ["^shop[.]"] },
  headerRegexes: { with: { priority: 13 }, to: { "User-Agent": ["Chrome/[0-9]+"] } },
  authenticateOidc: { to: (shared: WithSecret) => oidc({})(shared).authenticateOidc },
  ...authentication("authenticateOidc", oidc({})),
  ...endpoint("authorizationEndpoint"),
  ...endpoint("issuer"),
  ...endpoint("tokenEndpoint"),
  ...endpoint("userInfoEndpoint"),
  "authenticateOidc.clientId": { with: oidc({}), from: "shop", to: "other" },
  "authenticateOidc.clientSecret": {
    with: oidc({}),
    from: ({ clientSecret }: WithSecret) => clientSecret,
    to: ({ otherSecret }: WithSecret) => otherSecret,
  },
  authenticateCognito: { to: pool },
  ...authentication("authenticateCognito", cognito),
  "authenticateCognito.userPoolArn": { with: cognito, from: pool.userPoolArn, to: `${pool.userPoolArn}2` },
  "authenticateCognito.userPoolClientId": { with: cognito, from: "shop", to: "other" },
  "authenticateCognito.userPoolDomain": { with: cognito, from: "shop", to: "other" },
  jwtValidation: { to: token },
  "jwtValidation.issuer": { with: { jwtValidation: token }, from: URL, to: `${URL}/other` },
  "jwtValidation.jwksEndpoint": { with: { jwtValidation: token }, from: `${URL}/keys`, to: `${URL}/other` },
  "jwtValidation.additionalClaims": { with: { jwtValidation: token }, to: [claim] },
  "jwtValidation.additionalClaims[].name": { with: withClaim, from: "role", to: "team" },
  "jwtValidation.additionalClaims[].format": { with: withClaim, from: "single-string", to: "string-array" },
  "jwtValidation.additionalClaims[].values": { with: withClaim, from: ["admin"], to: ["user"] },
  urlRewrite: { to: rewrite },
  "urlRewrite.regex": { with: { urlRewrite: rewrite }, from: "^/v1/", to: "^/v2/" },
  "urlRewrite.replace": { with: { urlRewrite: rewrite }, from: "/", to: "/new/" },
  hostHeaderRewrite: { to: { regex: "^shop[.]", replace: "www." } },
  "hostHeaderRewrite.regex": { with: { hostHeaderRewrite: { replace: "www." } }, from: "^shop[.]", to: "^web[.]" },
  "hostHeaderRewrite.replace": { with: { hostHeaderRewrite: { regex: "^shop[.]" } }, from: "www.", to: "web." },
};

const ofHealth = (dnsMinimumHealthyTargetCount: number, dnsMinimumHealthyTargetPercentage?: number) => ({
  targetGroupHealth: { dnsMinimumHealthyTargetCount, dnsMinimumHealthyTargetPercentage },
});

/** Changes of the settings of a target group. */
const TARGET_GROUP_SAMPLES: Samples = {
  targetProtocol: { to: "HTTPS" },
  "healthCheck.path": { to: "/health" },
  "healthCheck.healthyHttpCodes": { to: "200-299" },
  "healthCheck.intervalSeconds": { to: 20 },
  "healthCheck.timeoutSeconds": { to: 6 },
  "healthCheck.healthyThresholdCount": { to: 3 },
  "healthCheck.unhealthyThresholdCount": { to: 3 },
  deregistrationDelaySeconds: { to: 30 },
  slowStartSeconds: { to: 60 },
  stickinessSeconds: { to: 3600 },
  "healthCheck.healthyGrpcCodes": { with: { protocolVersion: "GRPC" }, to: "0" },
  stickinessCookieName: { with: { stickinessSeconds: 3600 }, to: "SESSION" },
  loadBalancingAlgorithmType: { to: "least_outstanding_requests" },
  enableAnomalyMitigation: { with: { loadBalancingAlgorithmType: "weighted_random" }, to: true },
  targetGroupHealth: { to: { dnsMinimumHealthyTargetCount: 2 } },
  "targetGroupHealth.dnsMinimumHealthyTargetCount": { to: 2 },
  "targetGroupHealth.dnsMinimumHealthyTargetPercentage": { to: 50 },
  "targetGroupHealth.routingMinimumHealthyTargetCount": { with: ofHealth(2), to: 2 },
  "targetGroupHealth.routingMinimumHealthyTargetPercentage": { with: ofHealth(2, 50), to: 50 },
  protocolVersion: { to: "HTTP2" },
  crossZoneEnabled: { to: false },
};

/** Changes of the settings that the service's own route and those in `routes` have. */
export const ROUTE_SAMPLES: Samples = { ...RULE_SAMPLES, ...TARGET_GROUP_SAMPLES };

/** Changes of the settings of a route that only forwards requests. */
export const FORWARD_SAMPLES: Samples = Object.fromEntries(
  Object.entries(RULE_SAMPLES).filter(([path]) => !/^(authenticate|jwtValidation)/.test(path)),
);

/** Returns the sample of a setting of the service's own route for the route that tests a new revision. */
export function inTestRoute(change: Change): Change {
  return {
    ...change,
    with: {
      networkMode: "awsvpc",
      deployment: { strategy: "CANARY", testRoute: { paths: ["/test/*"], ...change.with } },
    },
  };
}

/** Returns the sample of a setting of the service's own route for a route in `routes`, which has its own target group. */
export function inRoute(change: Change): Change {
  const route = { paths: ["/routes/*"], containerPort: 9090 };
  return {
    ...change,
    with: (shared: WithSecret) => {
      const own = typeof change.with === "function" ? change.with(shared) : change.with;
      return { portMappings: [{ containerPort: 9090 }], routes: { admin: { ...route, ...own } } };
    },
  };
}
