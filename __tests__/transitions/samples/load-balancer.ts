import type { Samples } from "../area";

const arn = (service: string, resource: string) => `arn:aws:${service}:ap-northeast-2:111122223333:${resource}`;
const certificate = (digit: string) => arn("acm", `certificate/${digit}f0e0d0c-1111-2222-3333-444455556666`);
const https = { https: true };
const verified = { https: true, mutualAuthentication: { mode: "verify" } };
const listener = { listeners: { admin: { port: 8080 } } };
const bucket = { bucket: "logs" };
const header = (name: string, settings: object = https) => ({
  [`requestHeaderNames.${name}`]: { with: settings, to: "X-Renamed" },
});
const response = (name: string, to: string) => ({ [`responseHeaders.${name}`]: { to } });

/** Changes of the domain of a load balancer. */
const domain = (settings: object): Samples => ({
  "values.domainName": { with: settings, from: "shop.example.com", to: "web.example.com" },
  "values.alternativeDomainNames": { with: settings, to: ["*.shop.example.com"] },
  "values.zoneName": {
    with: { ...settings, values: { domainName: "www.shop.example.com" } },
    from: "example.com",
    to: "shop.example.com",
  },
});

/** Changes of the values about the domain of the main load balancer. */
export const MAIN_DOMAIN_SAMPLES = domain({ loadBalancer: { domain: true } });

/** Changes of the settings in `loadBalancers`. The settings of `loadBalancer` are the same. */
export const LOAD_BALANCER_SAMPLES: Samples = {
  internal: { to: true },
  dualStack: { to: true },
  https: { to: true },
  domain: { to: true },
  allowHttpsOutbound: { to: true },
  redirectHttp: { with: https, to: false },
  listeners: { to: listener.listeners },
  "listeners.*.port": { with: listener, from: 8080, to: 8081 },
  "listeners.*.protocol": { with: { ...https, ...listener }, from: "HTTPS", to: "HTTP" },
  webAcl: { to: "managed" },
  wafFailOpen: { with: { webAcl: "managed" }, to: true },
  sslPolicy: { with: https, to: "ELBSecurityPolicy-TLS13-1-3-2021-06" },
  mutualAuthentication: { with: https, to: { mode: "passthrough" } },
  "mutualAuthentication.mode": { with: https, from: "passthrough", to: "verify" },
  "mutualAuthentication.ignoreClientCertificateExpiry": { with: verified, to: true },
  "mutualAuthentication.advertiseTrustStoreCaNames": { with: verified, to: true },
  responseHeaders: { to: { server: false } },
  ...response("strictTransportSecurity", "max-age=31536000"),
  ...response("contentSecurityPolicy", "default-src 'self'"),
  ...response("xContentTypeOptions", "nosniff"),
  ...response("xFrameOptions", "DENY"),
  ...response("accessControlAllowOrigin", "*"),
  ...response("accessControlAllowMethods", "GET"),
  ...response("accessControlAllowHeaders", "*"),
  ...response("accessControlAllowCredentials", "true"),
  ...response("accessControlExposeHeaders", "*"),
  ...response("accessControlMaxAge", "86400"),
  "responseHeaders.server": { to: false },
  requestHeaderNames: { with: https, to: { xAmznTlsVersion: "X-Tls-Version" } },
  ...header("xAmznTlsVersion"),
  ...header("xAmznTlsCipherSuite"),
  ...header("xAmznMtlsClientcert", { https: true, mutualAuthentication: { mode: "passthrough" } }),
  ...header("xAmznMtlsClientcertSerialNumber", verified),
  ...header("xAmznMtlsClientcertIssuer", verified),
  ...header("xAmznMtlsClientcertSubject", verified),
  ...header("xAmznMtlsClientcertValidity", verified),
  ...header("xAmznMtlsClientcertLeaf", verified),
  idleTimeoutSeconds: { to: 120 },
  clientKeepAliveSeconds: { to: 600 },
  http2Enabled: { to: false },
  dropInvalidHeaderFields: { to: false },
  desyncMitigationMode: { to: "strictest" },
  preserveHostHeader: { to: true },
  xffHeaderProcessingMode: { to: "preserve" },
  preserveXffClientPort: { to: true },
  xAmznTlsVersionAndCipherSuiteHeaders: { to: true },
  minimumCapacityUnit: { to: 100 },
  ruleQuota: { to: 200 },
  zonalShift: { to: true },
  deletionProtection: { to: true },
  accessLogs: { to: bucket },
  "accessLogs.bucket": { from: "logs", to: "others" },
  "accessLogs.prefix": { with: { accessLogs: bucket }, to: "alb" },
  connectionLogs: { to: bucket },
  "connectionLogs.bucket": { from: "logs", to: "others" },
  "connectionLogs.prefix": { with: { connectionLogs: bucket }, to: "alb" },
  healthCheckLogs: { to: bucket },
  "healthCheckLogs.bucket": { from: "logs", to: "others" },
  "healthCheckLogs.prefix": { with: { healthCheckLogs: bucket }, to: "alb" },
  "values.httpCidrs": { to: ["203.0.113.0/24"] },
  ...domain({ domain: true }),
  "values.certificateArn": { with: https, from: certificate("0"), to: certificate("1") },
  "values.certificateArns": { with: https, variable: false, to: { shop: certificate("2") } },
  "values.webAclArn": {
    with: { webAcl: "existing" },
    from: arn("wafv2", "regional/webacl/one/0f0e0d0c-1111-2222-3333-444455556666"),
    to: arn("wafv2", "regional/webacl/two/1f0e0d0c-1111-2222-3333-444455556666"),
  },
  "values.trustStoreArn": {
    with: verified,
    from: arn("elasticloadbalancing", "truststore/one/0123456789abcdef"),
    to: arn("elasticloadbalancing", "truststore/two/1123456789abcdef"),
  },
};
