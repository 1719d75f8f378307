import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import { Ec2Service, PortRange, ServiceConnectNamespace } from "../../src";
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

  it("creates no security group for clients when a service without awsvpc mode uses it", () => {
    const json = Testing.synthScope((stack) => {
      const cluster = clusterTarget();
      const namespace = new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" });
      new Ec2Service(stack, "api", { cluster, image: "api:1", containerPort: 8080, serviceConnect: { namespace } });
    });
    expect(resourceCounts(json)).toMatchObject({ aws_ecs_service: 1, aws_vpc_security_group_ingress_rule: 1 });
    expect(json).not.toHaveResource(SecurityGroup);
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

  describe("with DNS names", () => {
    it("creates a private hosted zone in the VPC of the cluster, which the services leave first", () => {
      const json = Testing.synthScope((stack) => {
        const settings = { cluster: clusterTarget(), name: "shop.internal", type: "DNS_PRIVATE" } as const;
        expect(new ServiceConnectNamespace(stack, "namespace", settings).hasDnsNames).toBe(true);
      });
      expect(json).toHaveResourceWithProperties(ServiceDiscoveryPrivateDnsNamespace, {
        name: "shop.internal",
        vpc: "vpc-0123456789abcdef0",
        lifecycle: { create_before_destroy: true },
      });
      expect(resourceCounts(json)).toEqual({
        aws_service_discovery_private_dns_namespace: 1,
        aws_vpc_security_group_ingress_rule: 1,
      });
    });

    it.each(["Shop", "shop_.internal.", "a b", "-shop"])("rejects the name %j", (name) => {
      const settings = { cluster: clusterTarget(), name, type: "DNS_PRIVATE" } as const;
      expect(problemsOf(() => new ServiceConnectNamespace(emptyStack(), "namespace", settings))).toHaveLength(1);
    });
  });

  describe("of a namespace that exists", () => {
    const namespaceArn = "arn:aws:servicediscovery:eu-west-1:111122223333:namespace/ns-0123456789abcdef";

    it("creates only the rule between the instances", () => {
      const json = Testing.synthScope((stack) => {
        const namespace = new ServiceConnectNamespace(stack, "namespace", { cluster: clusterTarget(), namespaceArn });
        expect(namespace).toMatchObject({ namespaceArn, hasDnsNames: undefined, namespaceId: undefined });
      });
      expect(resourceCounts(json)).toEqual({ aws_vpc_security_group_ingress_rule: 1 });
    });

    it.each<[string, object, string]>([
      [
        "a name too",
        { namespaceArn, name: "shop" },
        `namespaceArn must not be set with name; received "${namespaceArn}". The namespace that exists has a name. Remove one of the two.`,
      ],
      ["neither", {}, 'name must be set, or namespaceArn; received nothing. For example "internal".'],
      [
        "another ARN",
        { namespaceArn: "arn:aws:ecs:a" },
        'namespaceArn must be the ARN of a namespace of Cloud Map; received "arn:aws:ecs:a". List them: aws servicediscovery list-namespaces --query Namespaces[].Arn',
      ],
    ])("rejects %s", (_, settings, message) => {
      const cluster = clusterTarget();
      expect(problemsOf(() => new ServiceConnectNamespace(emptyStack(), "a", { cluster, ...settings }))).toEqual([
        message,
      ]);
    });

    it("is one namespace of the cluster too", () => {
      const [stack, cluster] = [emptyStack(), clusterTarget()];
      new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" });
      expect(problemsOf(() => new ServiceConnectNamespace(stack, "second", { cluster, namespaceArn }))).toEqual([
        expect.stringContaining("namespaceArn must not be set: the cluster already has the namespace test/namespace"),
      ]);
    });
  });

  it("rejects a name with spaces", () => {
    expect(problemsOf(() => synthesizeNamespace(31000, 61000, "my services"))).toEqual([
      'name must be the name of a namespace; received "my services". It has 1 to 1024 characters without spaces. For example "internal".',
    ]);
  });
});
