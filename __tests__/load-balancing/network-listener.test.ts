import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerCertificate } from "@cdktf/provider-aws/lib/lb-listener-certificate";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformVariable, Testing } from "cdktf";
import { NetworkListener, type NetworkListenerProps, type NetworkLoadBalancerTarget } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resolved } from "../support/synthesized";

Testing.setupJest();

const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b";
const edge = (change: Partial<NetworkLoadBalancerTarget> = {}): NetworkLoadBalancerTarget => ({
  loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/edge/0f0e",
  securityGroupId: "sg-0fedcba9876543210",
  ...change,
});
const clusterWith = (change: Partial<NetworkLoadBalancerTarget> = {}) =>
  clusterTarget({ networkLoadBalancers: { edge: edge(change) } });

const add = (props: Partial<NetworkListenerProps> = {}, stack = emptyStack(), id = "dns") =>
  new NetworkListener(stack, id, {
    cluster: clusterWith(),
    name: "resolver",
    loadBalancer: "edge",
    port: 53,
    ...props,
  });
const synthesize = (props: Partial<NetworkListenerProps> = {}): string => {
  const stack = emptyStack();
  add(props, stack);
  return Testing.synth(stack, true);
};
const groupOf = (props: Partial<NetworkListenerProps>) =>
  JSON.parse(synthesize(props)).resource.aws_lb_target_group.dns_target_group;

describe("NetworkListener", () => {
  it("forwards TCP connections to a target group, and admits all networks by default", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(LbListener, {
      load_balancer_arn: edge().loadBalancerArn,
      port: 53,
      protocol: "TCP",
      default_action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.dns_target_group.arn}" }],
      tcp_idle_timeout_seconds: 350,
      tags: { Name: "prod-resolver-dns", Purpose: "Sends connections to resolver" },
    });
    expect(json).toHaveResourceWithProperties(LbTargetGroup, {
      name_prefix: "resol-",
      target_type: "instance",
      protocol: "TCP",
      port: 80,
      vpc_id: "vpc-0123456789abcdef0",
      deregistration_delay: "300",
      load_balancing_cross_zone_enabled: "use_load_balancer_configuration",
      preserve_client_ip: "true",
      proxy_protocol_v2: false,
      connection_termination: false,
      stickiness: { enabled: false, type: "source_ip" },
      target_health_state: [{ enable_unhealthy_connection_termination: true, unhealthy_draining_interval: 0 }],
      health_check: {
        enabled: true,
        protocol: "TCP",
        port: "traffic-port",
        interval: 30,
        timeout: 10,
        healthy_threshold: 2,
        unhealthy_threshold: 2,
      },
      lifecycle: { create_before_destroy: true },
    });
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      security_group_id: edge().securityGroupId,
      for_each: "${toset([for cidr in var.resolver_dns_listener_cidrs : cidrsubnet(cidr, 0, 0)])}",
      ip_protocol: "tcp",
      from_port: 53,
      to_port: 53,
      description: "From networks to port 53/tcp of the load balancer for resolver",
    });
    expect(JSON.parse(json).variable.resolver_dns_listener_cidrs).toMatchObject({
      default: ["0.0.0.0/0"],
      description: "The networks that can connect to resolver through the load balancer.",
      type: "list(string)",
    });
    expect(resourceCounts(json)).toEqual({
      aws_lb_listener: 1,
      aws_lb_target_group: 1,
      aws_vpc_security_group_ingress_rule: 1,
    });
  });

  it("admits UDP with UDP, and both with TCP_UDP, which have no attributes of connections", () => {
    const udp = JSON.parse(synthesize({ protocol: "UDP", healthCheck: { port: 8080 } })).resource;
    expect(Object.values<{ ip_protocol: string }>(udp.aws_vpc_security_group_ingress_rule)).toEqual([
      expect.objectContaining({ ip_protocol: "udp" }),
    ]);
    const both = JSON.parse(synthesize({ protocol: "TCP_UDP" })).resource;
    expect(Object.keys(both.aws_vpc_security_group_ingress_rule)).toEqual([
      "dns_tcp_from_networks",
      "dns_udp_from_networks",
    ]);
    for (const { aws_lb_target_group: group, aws_lb_listener: listener } of [udp, both]) {
      for (const argument of [
        "preserve_client_ip",
        "proxy_protocol_v2",
        "connection_termination",
        "target_health_state",
      ])
        expect(group.dns_target_group).not.toHaveProperty(argument);
      expect(listener.dns).not.toHaveProperty("tcp_idle_timeout_seconds");
    }
    expect(udp.aws_lb_target_group.dns_target_group).toMatchObject({
      protocol: "UDP",
      health_check: expect.objectContaining({ protocol: "TCP", port: "8080" }),
    });
  });

  it("ends TLS with a certificate, which is a variable, and connects by TCP", () => {
    const json = synthesize({ protocol: "TLS", port: 853, certificateArn, alpnPolicy: "HTTP2Optional" });
    expect(json).toHaveResourceWithProperties(LbListener, {
      protocol: "TLS",
      certificate_arn: "${var.resolver_dns_listener_certificate_arn}",
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      alpn_policy: "HTTP2Optional",
    });
    expect(JSON.parse(json).resource.aws_lb_listener.dns.lifecycle.precondition[0].condition).toBe(
      '${split(":", var.resolver_dns_listener_certificate_arn)[3] == "eu-west-1"}',
    );
    expect(JSON.parse(json).variable.resolver_dns_listener_certificate_arn.default).toBe(certificateArn);
    expect(groupOf({ protocol: "TLS" })).toMatchObject({ protocol: "TCP", stickiness: { enabled: false } });
    const encrypted = groupOf({ protocol: "TLS", targetProtocol: "TLS" });
    expect(encrypted).toMatchObject({ protocol: "TLS", preserve_client_ip: "true" });
    expect(encrypted).not.toHaveProperty("stickiness");
  });

  it("requires the variable of a certificate without a default, and accepts a reference in its place", () => {
    const variable = JSON.parse(synthesize({ protocol: "TLS" })).variable.resolver_dns_listener_certificate_arn;
    expect(variable).not.toHaveProperty("default");
    const stack = emptyStack();
    const own = new TerraformVariable(stack, "own", { type: "string" });
    add({ protocol: "TLS", certificateArn: own.stringValue }, stack);
    const json = JSON.parse(Testing.synth(stack, true));
    expect(json.resource.aws_lb_listener.dns.certificate_arn).toBe("${var.own}");
    expect(Object.keys(json.variable)).toEqual(["own", "resolver_dns_listener_cidrs"]);
  });

  it("adds certificates for more domain names", () => {
    const json = synthesize({ protocol: "TLS", certificateArns: { shop: certificateArn } });
    expect(json).toHaveResourceWithProperties(LbListenerCertificate, {
      for_each: "${var.resolver_dns_listener_certificate_arns}",
      listener_arn: "${aws_lb_listener.dns.arn}",
      certificate_arn: "${each.value}",
    });
    expect(JSON.parse(json).variable.resolver_dns_listener_certificate_arns.default).toEqual({ shop: certificateArn });
  });

  it("admits only the sources that allowFrom names", () => {
    const json = synthesize({
      allowFrom: { cidrs: ["10.0.0.0/8"], securityGroups: { office: "sg-0123456789abcdef1" }, instances: true },
    });
    expect(Object.keys(JSON.parse(json).resource.aws_vpc_security_group_ingress_rule)).toEqual([
      "dns_tcp_from_group_office",
      "dns_tcp_from_instances",
      "dns_tcp_from_networks",
    ]);
    expect(JSON.parse(json).variable.resolver_dns_listener_cidrs.default).toEqual(["10.0.0.0/8"]);
    expect(JSON.parse(synthesize({ allowFrom: { instances: true } })).variable).toBeUndefined();
    expect(resourceCounts(synthesize({ allowFrom: false }))).toEqual({ aws_lb_listener: 1, aws_lb_target_group: 1 });
  });

  it("admits networks that are references without a variable", () => {
    const stack = emptyStack();
    const own = new TerraformVariable(stack, "own", { type: "list(string)" });
    add({ allowFrom: { cidrs: own.listValue } }, stack);
    const json = JSON.parse(Testing.synth(stack, true));
    expect(Object.keys(json.variable)).toEqual(["own"]);
    expect(json.resource.aws_vpc_security_group_ingress_rule.dns_tcp_from_networks.for_each).toContain("var.own");
  });

  it("admits IPv6 networks by default only for a load balancer with IPv6 addresses", () => {
    const ofBalancer = (dualStack: boolean) =>
      JSON.parse(synthesize({ cluster: clusterWith({ dualStack }) })).variable.resolver_dns_listener_cidrs;
    expect(ofBalancer(true).default).toEqual(["0.0.0.0/0", "::/0"]);
    expect(ofBalancer(false).default).toEqual(["0.0.0.0/0"]);
    expect(JSON.stringify(ofBalancer(false).validation)).toContain("be IPv4 networks");
    expect(JSON.stringify(ofBalancer(true).validation)).not.toContain("be IPv4 networks");
  });

  it("keeps AWS's default for the addresses of clients of tasks with an address of their own", () => {
    expect(groupOf({ targetType: "ip" })).toMatchObject({ target_type: "ip", preserve_client_ip: "false" });
    expect(groupOf({ targetType: "ip", preserveClientIp: true })).toMatchObject({ preserve_client_ip: "true" });
  });

  it("passes the attributes of the target group on", () => {
    expect(
      groupOf({
        preserveClientIp: false,
        proxyProtocolV2: true,
        stickiness: true,
        connectionTermination: true,
        unhealthyConnectionTermination: false,
        unhealthyDrainingIntervalSeconds: 60,
        deregistrationDelaySeconds: 30,
        crossZoneEnabled: false,
        targetGroupHealth: { dnsMinimumHealthyTargetCount: 2 },
        healthCheck: { protocol: "HTTP", path: "/health", healthyHttpCodes: "200-599", timeoutSeconds: 5 },
      }),
    ).toMatchObject({
      preserve_client_ip: "false",
      proxy_protocol_v2: true,
      stickiness: { enabled: true, type: "source_ip" },
      connection_termination: true,
      target_health_state: [{ enable_unhealthy_connection_termination: false, unhealthy_draining_interval: 60 }],
      deregistration_delay: "30",
      load_balancing_cross_zone_enabled: "false",
      target_group_health: { dns_failover: { minimum_healthy_targets_count: "2" } },
      health_check: { protocol: "HTTP", path: "/health", matcher: "200-599", timeout: 5 },
    });
    expect(groupOf({ healthCheck: { protocol: "HTTPS" } })).toMatchObject({
      health_check: { protocol: "HTTPS", path: "/", matcher: "200-399" },
    });
  });

  it("accepts tokens for values", () => {
    const stack = emptyStack();
    const flag = new TerraformVariable(stack, "flag", { type: "bool" }).booleanValue as unknown as boolean;
    const seconds = new TerraformVariable(stack, "seconds", { type: "number" }).numberValue;
    add({ preserveClientIp: flag, deregistrationDelaySeconds: seconds, idleTimeoutSeconds: seconds }, stack);
    const { resource } = JSON.parse(Testing.synth(stack, true));
    expect(resource.aws_lb_target_group.dns_target_group).toMatchObject({
      preserve_client_ip: "${tostring(var.flag)}",
      deregistration_delay: "${tostring(var.seconds)}",
    });
    expect(resource.aws_lb_listener.dns.tcp_idle_timeout_seconds).toBe("${var.seconds}");
  });

  it("returns its attributes", () => {
    const stack = emptyStack();
    const { targetGroupArn, targetGroupArnSuffix, listenerArn, dependables } = add({}, stack);
    expect([targetGroupArn, targetGroupArnSuffix, listenerArn].map((value) => resolved(stack, value))).toEqual([
      "${aws_lb_target_group.dns_target_group.arn}",
      "${aws_lb_target_group.dns_target_group.arn_suffix}",
      "${aws_lb_listener.dns.arn}",
    ]);
    expect(dependables.map(({ fqn }) => resolved(stack, fqn))).toEqual([
      "${aws_lb_listener.dns}",
      "${aws_vpc_security_group_ingress_rule.dns_tcp_from_networks}",
    ]);
  });

  it.each<[what: string, props: object, problem: string]>([
    [
      "a load balancer that the cluster does not have",
      { loadBalancer: "inside" },
      'loadBalancer must be a Network Load Balancer of the cluster: "edge"; received "inside". Add it to networkLoadBalancers of the cluster, EcsServiceStack or EcsClusterLookup.',
    ],
    [
      "a listener name with a hyphen",
      { listenerName: "dns-udp" },
      'listenerName must have a name of 1 to 16 lower-case letters and digits that starts with a letter; received "dns-udp". The name is part of variables and addresses. For example dns.',
    ],
    [
      "a certificate without TLS",
      { certificateArn },
      `certificateArn must be used with protocol TLS, not with TCP; received "${certificateArn}". The certificate needs a TLS listener. Remove it, or set protocol.`,
    ],
    [
      "a timeout with TLS",
      { protocol: "TLS", idleTimeoutSeconds: 60 },
      "idleTimeoutSeconds must be used with protocol TCP, not with TLS; received 60. AWS has fixed timeouts for the others: 350 seconds with TLS and 120 with UDP. Remove it.",
    ],
    [
      "hidden addresses of clients with UDP",
      { protocol: "UDP", preserveClientIp: false },
      "preserveClientIp must be used with protocol TCP or TLS, not with UDP; received false. UDP packets always have the address of the client. Remove it.",
    ],
    [
      "an interval without its setting",
      { unhealthyDrainingIntervalSeconds: 60 },
      "unhealthyDrainingIntervalSeconds must not be set without unhealthyConnectionTermination: false; received 60. Set both, or remove it.",
    ],
    [
      "a path of a TCP check",
      { healthCheck: { path: "/" } },
      'healthCheck.path must not be set with a TCP check; received "/". Set protocol to "HTTP", or remove it.',
    ],
    [
      "a timeout of the check that is not below the interval",
      { healthCheck: { intervalSeconds: 10 } },
      "healthCheck.timeoutSeconds must be below intervalSeconds, which is 10; received the default, 10. Lower the timeout, or raise the interval.",
    ],
    [
      "UDP with IPv6 addresses",
      { protocol: "UDP", cluster: clusterWith({ dualStack: true }) },
      'protocol must not be UDP or TCP_UDP with dualStack of the load balancer; received "UDP". AWS rejects it, because containers have IPv4 addresses. Use a load balancer without dualStack.',
    ],
    [
      "TLS with reserved capacity",
      { protocol: "TLS", cluster: clusterWith({ reservesCapacity: true }) },
      'protocol must not be TLS with minimumCapacityUnit of the load balancer; received "TLS". AWS reserves no capacity for TLS. Use a load balancer without minimumCapacityUnit.',
    ],
  ])("rejects %s", (_, props, problem) => {
    expect(problemsOf(() => synthesize(props))).toEqual([problem]);
  });

  it("rejects a second listener on a port, and says how TCP and UDP share it", () => {
    const [stack, cluster] = [emptyStack(), clusterWith()];
    add({ cluster }, stack);
    expect(problemsOf(() => add({ cluster, name: "other", protocol: "UDP" }, stack, "udp"))).toEqual([
      "port must be a port that no other listener of the load balancer has; received 53, which test/dns has with TCP. A load balancer has one listener for each port. Use one listener with TCP_UDP, or another port.",
    ]);
  });

  it("rejects a listener beyond the quota of AWS, and rules beyond that of a security group", () => {
    const [stack, cluster] = [emptyStack(), clusterWith()];
    for (let port = 1; port <= 50; port++) add({ cluster, port, allowFrom: false }, stack, `l${port}`);
    expect(problemsOf(() => add({ cluster, port: 51, allowFrom: false }, stack))).toEqual([
      "loadBalancer must have at most 50 listeners; received 51. AWS does not raise this quota. Add another Network Load Balancer.",
    ]);
    const cidrs = Array.from({ length: 30 }, (_, index) => `10.${index}.0.0/16`);
    const other = clusterWith();
    add({ cluster: other, protocol: "TCP_UDP", allowFrom: { cidrs } }, stack, "full");
    expect(problemsOf(() => add({ cluster: other, port: 54 }, stack, "more"))).toEqual([
      "allowFrom must leave the security group of the load balancer at most 60 rules; received 61. Each source is a rule for each port and protocol. Name wider networks, or use another load balancer.",
    ]);
  });
});
