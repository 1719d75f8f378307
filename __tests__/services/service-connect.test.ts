import { PortRange, ServiceConnectNamespace } from "../../src";
import { serviceConnectConfiguration, serviceConnectMistakes } from "../../src/services/service-connect";
import { clusterTarget } from "../support/cluster-target";
import { emptyStack, mistakesOf, type Part, resource, synthesized } from "../support/synthesized";

function made(from = 31000, to = 61000, name = "internal"): Part {
  const stack = emptyStack();
  const portRules = { instanceSecurityGroupId: "sg-0123456789abcdef0", portRange: new PortRange({ from, to }) };
  new ServiceConnectNamespace(stack, "namespace", { cluster: clusterTarget({ portRules }), name });
  return synthesized(stack);
}

describe("ServiceConnectNamespace", () => {
  it("is a namespace with the rule that proxies in bridge mode need, on the cluster's own ports", () => {
    const json = made();
    expect(resource(json, "aws_service_discovery_http_namespace.namespace").name).toBe("internal");
    expect(resource(json, "aws_vpc_security_group_ingress_rule.namespace_instances_from_instances")).toMatchObject({
      security_group_id: "sg-0123456789abcdef0",
      referenced_security_group_id: "sg-0123456789abcdef0",
      ip_protocol: "tcp",
      from_port: 31000,
      to_port: 61000,
    });
  });

  it.each([
    [33000, 61000],
    [31000, 60000],
  ])("refuses %d-%d, which doesn't hold every port that a proxy may get", (from, to) => {
    expect(mistakesOf(() => made(from, to))).toEqual([
      `portRange must hold 32768-60999 with Service Connect, whose proxies get those ports; received ${from}-${to}. Widen the cluster's portRange, or do without Service Connect.`,
    ]);
  });

  it("accepts exactly those ports", () => {
    expect(mistakesOf(() => made(32768, 60999))).toEqual([]);
  });

  it("refuses a second one on the same cluster, whose rule AWS would take for the first's", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" });
    expect(mistakesOf(() => new ServiceConnectNamespace(stack, "second", { cluster, name: "public" }))).toEqual([
      'name must be the only namespace\'s on its cluster; received "public" beside test/namespace, whose rule between the instances AWS takes once. Make one namespace, and give it to every service.',
    ]);
    new ServiceConnectNamespace(stack, "other", { cluster: clusterTarget(), name: "public" });
  });

  it("refuses a name with spaces", () => {
    expect(mistakesOf(() => made(31000, 61000, "my services"))).toEqual([
      'name must be the name of a namespace; received "my services". 1 to 1024 characters without spaces, such as "internal".',
    ]);
  });
});

describe("a service's side of Service Connect", () => {
  const service = { name: "users", containerPort: 3000, logGroupName: "/ecs/prod/users", region: "eu-west-1" };

  it("is a server by its own name and port, and logs where the service does", () => {
    expect(serviceConnectConfiguration({ namespace: "internal" }, service)).toMatchObject({
      enabled: true,
      namespace: "internal",
      service: [{ portName: "users", discoveryName: "users", clientAlias: { port: 3000, dnsName: "users" } }],
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/ecs/prod/users" } },
    });
  });

  it("has the name and the port that are given", () => {
    const settings = { namespace: "internal", dnsName: "people", port: 80 };
    expect(serviceConnectConfiguration(settings, service).service).toMatchObject([
      { clientAlias: { port: 80, dnsName: "people" } },
    ]);
  });

  it("is a client only where the container has no port", () => {
    const client = { ...service, containerPort: undefined };
    expect(serviceConnectConfiguration({ namespace: "internal" }, client).service).toBeUndefined();
  });

  it("asks for the port that others are to call", () => {
    expect(serviceConnectMistakes({ namespace: "internal" }, undefined)).toEqual([]);
    expect(serviceConnectMistakes({ namespace: "internal", dnsName: "people" }, undefined, "serviceConnect.")).toEqual([
      "containerPort must be given with serviceConnect.dnsName; received nothing. Give the port that the process in the container listens on, or leave the other out: the service then only calls others.",
    ]);
  });

  it("names its mistakes", () => {
    expect(serviceConnectMistakes({ namespace: "", dnsName: "Users", port: 0 }, 3000, "serviceConnect.")).toEqual([
      'serviceConnect.namespace must be the name of a namespace; received "". 1 to 1024 characters without spaces, such as "internal".',
      'serviceConnect.dnsName must be a name of at most 127 lower-case letters, digits, dots and hyphens; received "Users". Other services call this one by it.',
      "serviceConnect.port must be a whole number from 1 to 65535 (a port); received 0. Give the port that the process in the container listens on.",
    ]);
  });
});
