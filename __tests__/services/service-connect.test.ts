import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import {
  Ec2Service,
  type Ec2ServiceProps,
  hcl,
  PortRange,
  ServiceConnectNamespace,
  type ServiceConnectSettings,
} from "../../src";
import { identifyCluster } from "../../src/cluster/cluster-identity";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

function synthesizeNamespace(from = 31000, to = 61000, name = "internal", previousPortRange?: PortRange): string {
  const portRange = new PortRange({ from, to });
  const portRules = { instanceSecurityGroupId: "sg-0123456789abcdef0", portRange, previousPortRange };
  return Testing.synthScope((stack) => {
    new ServiceConnectNamespace(stack, "namespace", { cluster: clusterTarget({ portRules }), name });
  });
}

describe("ServiceConnectNamespace", () => {
  it("creates a namespace, and the rule that the proxies need on the cluster's host ports", () => {
    const json = synthesizeNamespace();
    expect(json).toHaveResourceWithProperties(ServiceDiscoveryHttpNamespace, { name: "internal" });
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      security_group_id: "sg-0123456789abcdef0",
      referenced_security_group_id: "sg-0123456789abcdef0",
      ip_protocol: "tcp",
      from_port: 31000,
      to_port: 61000,
    });
    expect(resourceCounts(json)).toEqual({
      aws_service_discovery_http_namespace: 1,
      aws_vpc_security_group_ingress_rule: 1,
    });
  });

  it("opens the ports of instances that are being replaced too", () => {
    const json = synthesizeNamespace(31000, 61000, "internal", new PortRange({ from: 32768, to: 65535 }));
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, { from_port: 31000, to_port: 65535 });
  });

  it("keeps a namespace whose description changes, because services use it", () => {
    expect(synthesizeNamespace()).toHaveResourceWithProperties(ServiceDiscoveryHttpNamespace, {
      lifecycle: { ignore_changes: ["description"], create_before_destroy: true },
    });
  });

  it.each([
    [33000, 61000],
    [31000, 60000],
  ])("rejects the port range %d-%d, which does not contain every port of a proxy", (from, to) => {
    expect(problemsOf(() => synthesizeNamespace(from, to))).toEqual([
      `cluster.portRules.portRange must contain 32768-60999 with Service Connect, whose proxies use these ports; received "${from}-${to}". Widen the cluster's portRange, or do not use Service Connect.`,
    ]);
  });

  it("accepts a range of exactly the ports of the proxies", () => {
    expect(problemsOf(() => synthesizeNamespace(32768, 60999))).toEqual([]);
  });

  it("rejects a second namespace of a cluster, because AWS rejects a second rule between the instances", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" });
    expect(problemsOf(() => new ServiceConnectNamespace(stack, "second", { cluster, name: "public" }))).toEqual([
      'name must not be set: the cluster already has the namespace test/namespace; received "public". Use that namespace for every service.',
    ]);
    new ServiceConnectNamespace(stack, "other", { cluster: clusterTarget(), name: "public" });
  });

  it("rejects a second namespace of a cluster that another stack of the app uses", () => {
    const app = testApp();
    const [one, other] = [clusterTarget(), clusterTarget()];
    for (const target of [one, other]) identifyCluster(target, app, "eu-west-1", "prod");
    new ServiceConnectNamespace(emptyStack("one"), "namespace", { cluster: one, name: "internal" });
    expect(
      problemsOf(
        () => new ServiceConnectNamespace(emptyStack("other"), "namespace", { cluster: other, name: "public" }),
      ),
    ).toEqual([expect.stringContaining("already has the namespace one/namespace; received")]);
  });

  it("rejects a name with spaces", () => {
    expect(problemsOf(() => synthesizeNamespace(31000, 61000, "my services"))).toEqual([
      'name must be the name of a namespace; received "my services". It has 1 to 1024 characters without spaces. For example "internal".',
    ]);
  });
});

describe("a service with Service Connect", () => {
  const synthesize = (serviceConnect: ServiceConnectSettings, props: Partial<Ec2ServiceProps> = {}): string =>
    Testing.synthScope((stack) => {
      const cluster = clusterTarget();
      new Ec2Service(stack, "users", { cluster, containerPort: 3000, serviceConnect, ...props });
    });
  const logs = {
    log_driver: "awslogs",
    options: {
      "awslogs-group": expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..*\.name\}$/),
      "awslogs-region": "eu-west-1",
      "awslogs-stream-prefix": "service-connect",
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };

  it("is a server by its name and port, and logs to the service's log group", () => {
    const json = synthesize({ namespace: "internal" });
    expect(json).toHaveResourceWithProperties(EcsService, {
      service_connect_configuration: {
        enabled: true,
        namespace: "internal",
        log_configuration: logs,
        service: [{ port_name: "users", discovery_name: "users", client_alias: { port: 3000, dns_name: "users" } }],
      },
    });
    expect(json).toContain('\\"portMappings\\" = [{ \\"name\\" = \\"users\\", \\"containerPort\\" = 3000');
  });

  it("renders the name and the port that other services call", () => {
    expect(synthesize({ namespace: "internal", dnsName: "people", port: 80 })).toHaveResourceWithProperties(
      EcsService,
      {
        service_connect_configuration: expect.objectContaining({
          service: [expect.objectContaining({ client_alias: { port: 80, dns_name: "people" } })],
        }),
      },
    );
  });

  it("is only a client when the container has no port", () => {
    const json = synthesize({ namespace: "internal" }, { containerPort: undefined });
    expect(json).toHaveResourceWithProperties(EcsService, {
      service_connect_configuration: { enabled: true, namespace: "internal", log_configuration: logs },
    });
    expect(json).not.toContain("portMappings");
  });

  it("uses a namespace of the same app, and waits for its rule", () => {
    const json = Testing.synthScope((stack) => {
      const cluster = clusterTarget();
      const namespace = new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" });
      new Ec2Service(stack, "users", { cluster, serviceConnect: { namespace } });
    });
    expect(json).toHaveResourceWithProperties(EcsService, {
      service_connect_configuration: expect.objectContaining({
        namespace: expect.stringMatching(/^\$\{aws_service_discovery_http_namespace\..*\.arn\}$/),
      }),
      depends_on: expect.arrayContaining([expect.stringMatching(/^aws_vpc_security_group_ingress_rule\./)]),
    });
  });

  it("renders tokens", () => {
    const token = hcl`var.name`.string;
    expect(synthesize({ namespace: token, dnsName: token, port: hcl`var.port`.number })).toHaveResourceWithProperties(
      EcsService,
      {
        service_connect_configuration: expect.objectContaining({
          namespace: "${var.name}",
          service: [expect.objectContaining({ client_alias: { port: "${var.port}", dns_name: "${var.name}" } })],
        }),
      },
    );
  });

  it.each<[string, ServiceConnectSettings, Partial<Ec2ServiceProps>, string]>([
    [
      "a DNS name without a port",
      { namespace: "internal", dnsName: "people" },
      { containerPort: undefined },
      'serviceConnect.dnsName must not be set for a service without containerPort; received "people". Set containerPort, or remove it: the service then only calls other services.',
    ],
    [
      "a port without the container's",
      { namespace: "internal", port: 80 },
      { containerPort: undefined },
      "serviceConnect.port must not be set for a service without containerPort; received 80. Set containerPort, or remove it: the service then only calls other services.",
    ],
    [
      "an empty namespace",
      { namespace: "" },
      {},
      'serviceConnect.namespace must be the name of a namespace; received "". It has 1 to 1024 characters without spaces. For example "internal".',
    ],
    [
      "an upper-case DNS name",
      { namespace: "internal", dnsName: "Users" },
      {},
      'serviceConnect.dnsName must be a name of at most 127 lower-case letters, digits, dots and hyphens; received "Users". For example "users" or "users.internal".',
    ],
    [
      "port 0",
      { namespace: "internal", port: 0 },
      {},
      "serviceConnect.port must be a whole number from 1 to 65535; received 0. Remove it for the container's port.",
    ],
    [
      "settings that are true",
      true as unknown as ServiceConnectSettings,
      {},
      "serviceConnect must be an object; received true. Write it in braces: { name: value }.",
    ],
    [
      "a namespace that is a number",
      { namespace: 5 as unknown as string },
      {},
      "serviceConnect.namespace must be a ServiceConnectNamespace or a string; received 5. Use a ServiceConnectNamespace, or the name of a namespace.",
    ],
    [
      "an unknown setting",
      { namespace: "internal", dns: "people" } as ServiceConnectSettings,
      {},
      'Unknown setting "serviceConnect.dns". Did you mean "dnsName"?',
    ],
  ])("rejects %s", (_, settings, props, message) => {
    expect(problemsOf(() => synthesize(settings, props))).toEqual([message]);
  });
});
