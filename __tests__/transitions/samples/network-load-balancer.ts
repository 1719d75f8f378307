import type { Samples } from "../area";

const bucket = { bucket: "logs" };
const byZone = (value: (index: number) => string) =>
  Object.fromEntries(["a", "b", "c", "d"].map((zone, index) => [`ap-northeast-2${zone}`, value(index)]));
const existing = { staticAddresses: "existing" };
const inside = { ...existing, internal: true };

/** Changes of the settings in `networkLoadBalancers`. */
export const NETWORK_LOAD_BALANCER_SAMPLES: Samples = {
  internal: { to: true },
  dualStack: { to: true },
  staticAddresses: { to: "managed" },
  crossZoneEnabled: { to: false },
  clientRoutingPolicy: { to: "availability_zone_affinity" },
  secondaryIpsAutoAssignedPerSubnet: { to: 2 },
  minimumCapacityUnit: { to: 3000 },
  zonalShift: { to: true },
  enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: { to: false },
  deletionProtection: { to: true },
  accessLogs: { to: bucket },
  "accessLogs.bucket": { from: "logs", to: "others" },
  "accessLogs.prefix": { with: { accessLogs: bucket }, to: "nlb" },
  "values.allocationIds": {
    with: existing,
    from: byZone((index) => `eipalloc-0123456789abcdef${index}`),
    to: byZone((index) => `eipalloc-1123456789abcdef${index}`),
  },
  "values.privateIpv4Addresses": {
    with: inside,
    from: byZone((index) => `172.31.${16 * index}.10`),
    to: byZone((index) => `172.31.${16 * index}.11`),
  },
  "values.ipv6Addresses": {
    with: {
      ...inside,
      dualStack: true,
      values: { privateIpv4Addresses: byZone((index) => `172.31.${16 * index}.10`) },
    },
    from: {},
    to: byZone((index) => `2001:db8:${index}::10`),
  },
};

const certificate = (digit: string) =>
  `arn:aws:acm:ap-northeast-2:111122223333:certificate/${digit}f0e0d0c-1111-2222-3333-444455556666`;
const TLS = { protocol: "TLS", certificateArn: certificate("0") };
const OFFICE = { cidrs: ["203.0.113.0/24"] };
const HTTP = { healthCheck: { protocol: "HTTP" } };

/** Changes of the settings in `listeners` of a service. The tasks of the service are in awsvpc mode. */
export const LISTENER_SAMPLES: Samples = {
  port: { from: 10_080, to: 10_081 },
  protocol: { to: "TCP_UDP" },
  targetProtocol: { with: TLS, to: "TLS" },
  loadBalancer: { from: "edge", to: "other" },
  container: { to: "proxy" },
  containerPort: { to: 8080 },
  allowFrom: { to: { instances: true } },
  "allowFrom.cidrs": { variable: "ID_tcp_listener_cidrs", from: ["0.0.0.0/0"], to: ["203.0.113.0/24"] },
  "allowFrom.securityGroups": { with: { allowFrom: OFFICE }, to: { office: "sg-0ff11e0000000009" } },
  "allowFrom.instances": { with: { allowFrom: OFFICE }, to: true },
  certificateArn: {
    ...{ with: TLS, variable: "ID_tcp_listener_certificate_arn" },
    ...{ from: certificate("0"), to: certificate("1") },
  },
  certificateArns: { with: TLS, to: { shop: certificate("2") } },
  sslPolicy: { with: TLS, to: "ELBSecurityPolicy-TLS13-1-3-2021-06" },
  alpnPolicy: { with: TLS, to: "HTTP2Preferred" },
  idleTimeoutSeconds: { to: 600 },
  preserveClientIp: { to: true },
  proxyProtocolV2: { to: true },
  stickiness: { to: true },
  "healthCheck.protocol": { to: "HTTP" },
  "healthCheck.port": { to: 8080 },
  "healthCheck.path": { with: HTTP, to: "/health" },
  "healthCheck.healthyHttpCodes": { with: HTTP, to: "200" },
  "healthCheck.intervalSeconds": { to: 20 },
  "healthCheck.timeoutSeconds": { to: 5 },
  "healthCheck.healthyThresholdCount": { to: 3 },
  "healthCheck.unhealthyThresholdCount": { to: 3 },
  deregistrationDelaySeconds: { to: 30 },
  connectionTermination: { to: true },
  unhealthyConnectionTermination: { to: false },
  unhealthyDrainingIntervalSeconds: { with: { unhealthyConnectionTermination: false }, to: 60 },
  targetGroupHealth: { to: { dnsMinimumHealthyTargetCount: 2 } },
  "targetGroupHealth.dnsMinimumHealthyTargetCount": { with: { targetGroupHealth: {} }, to: 2 },
  "targetGroupHealth.dnsMinimumHealthyTargetPercentage": { with: { targetGroupHealth: {} }, to: 50 },
  "targetGroupHealth.routingMinimumHealthyTargetCount": {
    with: { targetGroupHealth: { dnsMinimumHealthyTargetCount: 3 } },
    to: 2,
  },
  "targetGroupHealth.routingMinimumHealthyTargetPercentage": { with: { targetGroupHealth: {} }, to: 50 },
  crossZoneEnabled: { to: false },
};
