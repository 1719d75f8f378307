import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import { Ec2Service, type EcsClusterSettings, EcsClusterStack, EcsServiceStack } from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { at, ofType, resolved, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

const EDGE: EcsClusterSettings = { networkLoadBalancers: { edge: {} } };
const json = (settings: EcsClusterSettings) => synthesized(clusterStack(settings));
const problems = (settings: object) => problemsOf(() => clusterStack(settings));
const GROUP = "${aws_security_group.edge_load_balancer_rules_load_balancer.id}";

describe("a cluster with a Network Load Balancer", () => {
  it("creates it with a security group that reaches the instances and admits nobody yet", () => {
    const text = JSON.stringify(json(EDGE));
    expect(text).toHaveResourceWithProperties(Lb, {
      name: "${var.name}-edge-nlb",
      load_balancer_type: "network",
      security_groups: [GROUP],
      tags: { Name: "${var.name}-edge-nlb", Purpose: "Where services put their listeners", LoadBalancer: "edge" },
    });
    const range = { ip_protocol: "tcp", from_port: 31000, to_port: 61000 };
    const instances = "${aws_security_group.port_rules_instances.id}";
    expect(text).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      security_group_id: instances,
      referenced_security_group_id: GROUP,
      ...range,
    });
    expect(text).toHaveResourceWithProperties(VpcSecurityGroupEgressRule, {
      security_group_id: GROUP,
      referenced_security_group_id: instances,
      ...range,
    });
    const admitted = Object.values(ofType(json(EDGE), "aws_vpc_security_group_ingress_rule"));
    expect(admitted.filter((rule) => rule.security_group_id === GROUP)).toEqual([]);
  });

  it("leaves the addresses and arguments of other resources as they are", () => {
    const others = (settings: EcsClusterSettings) =>
      Object.entries(json(settings).resource as object).flatMap(([type, resources]) =>
        Object.entries(resources)
          .filter(([name]) => !name.startsWith("edge_"))
          .map(([name, body]) => [type, name, body]),
      );
    expect(others(EDGE)).toEqual(others({}));
  });

  it("has outputs that start with its name, and returns the construct", () => {
    const stack = clusterStack({ networkLoadBalancers: { edge: { staticAddresses: "managed" } } });
    const names = Object.keys(synthesized(stack).output as object).filter((name) => name.startsWith("edge_"));
    expect(names.sort()).toEqual([
      "edge_addresses",
      "edge_load_balancer_arn",
      "edge_load_balancer_dns_name",
      "edge_load_balancer_security_group_id",
      "edge_load_balancer_zone_id",
    ]);
    expect(resolved(stack, stack.networkLoadBalancers.edge?.loadBalancerArn)).toBe("${aws_lb.edge_load_balancer.arn}");
    expect(at(json(EDGE), "output", "edge_addresses")).toBeUndefined();
  });

  it("has the variables of existing addresses, with rules that Terraform checks", () => {
    const allocationIds = { "ap-northeast-2a": "eipalloc-0123456789abcdef0" };
    const publicOnes = json({
      networkLoadBalancers: { edge: { staticAddresses: "existing", values: { allocationIds } } },
    });
    expect(at(publicOnes, "variable", "edge_allocation_ids")).toMatchObject({
      default: allocationIds,
      type: "map(string)",
      description:
        "The allocation ids of the Elastic IP addresses of the load balancer edge, by the name of the Availability Zone.",
      validation: [expect.anything(), expect.anything()],
    });
    const inside = json({
      networkLoadBalancers: { edge: { internal: true, dualStack: true, staticAddresses: "existing" } },
    });
    expect(at(inside, "variable", "edge_private_ipv4_addresses")).not.toHaveProperty("default");
    expect(at(inside, "variable", "edge_ipv6_addresses", "default")).toEqual({});
    expect(at(inside, "variable", "edge_allocation_ids")).toBeUndefined();
  });

  it("has an alarm and graphs of its own", () => {
    const text = JSON.stringify(json({ ...EDGE, alarms: true, dashboard: true }));
    expect(text).toContain("${var.name}-edge-unhealthy-targets");
    expect(text).toContain('FROM SCHEMA(\\"AWS/NetworkELB\\", LoadBalancer, TargetGroup)');
    expect(text).toContain("## Connections of edge");
    expect(text).toContain("Unhealthy targets of edge");
    expect(text).not.toContain("edge-server-errors");
  });

  it.each<[what: string, settings: object, problem: string]>([
    [
      "a name that another load balancer has",
      { loadBalancers: { edge: {} }, ...EDGE },
      'networkLoadBalancers.edge must have a name that no load balancer in loadBalancers has; received "edge". Outputs start with the name. Rename one.',
    ],
    [
      "a cluster name that is too long with it",
      { values: { name: "a".repeat(24) }, networkLoadBalancers: { resolver: {} } },
      'values.name must have at most 19 characters with a load balancer whose name has 8; received "aaaaaaaaaaaaaaaaaaaaaaaa". AWS limits the name of a load balancer to 32 characters: the cluster\'s name, its own and a suffix. Shorten one of the two.',
    ],
    [
      "the name main",
      { networkLoadBalancers: { main: {} } },
      'networkLoadBalancers.main must not be named main; received "main". That is the loadBalancer of the cluster. Choose another name.',
    ],
    [
      "addresses without their setting",
      { networkLoadBalancers: { edge: { values: { allocationIds: {} } } } },
      'networkLoadBalancers.edge.values.allocationIds must be used with staticAddresses "existing", without internal; received {}. Set them, or remove values.allocationIds.',
    ],
  ])("rejects %s", (_, settings, problem) => {
    expect(problems(settings)).toEqual([problem]);
  });
});

describe("services of another stack", () => {
  const team = () => {
    const stack = new EcsServiceStack(testApp(), "team", { loadBalancer: false, networkLoadBalancers: ["edge"] });
    new Ec2Service(stack, "web", {
      ...{ cluster: stack.cluster, containerPort: 80 },
      listeners: { tcp: { loadBalancer: "edge", port: 8080 } },
    });
    return synthesized(stack);
  };

  it("find the load balancer by its tags, and its security group", () => {
    const text = team();
    expect(at(text, "data", "aws_resourcegroupstaggingapi_resources", "cluster_edge_load_balancers")).toMatchObject({
      resource_type_filters: ["elasticloadbalancing:loadbalancer"],
      tag_filter: [
        { key: "Cluster", values: ["${var.cluster_name}"] },
        { key: "Purpose", values: ["Where services put their listeners"] },
        { key: "LoadBalancer", values: ["edge"] },
      ],
    });
    expect(JSON.stringify(text)).toContain(
      "there are ${length(self.resource_tag_mapping_list)}. Add edge to networkLoadBalancers of the cluster's stack and apply it",
    );
    expect(JSON.stringify(text)).toHaveResourceWithProperties(LbListener, {
      load_balancer_arn:
        "${one(data.aws_resourcegroupstaggingapi_resources.cluster_edge_load_balancers.resource_tag_mapping_list).resource_arn}",
    });
    expect(JSON.stringify(text)).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      security_group_id: "${sort(data.aws_lb.cluster_edge_load_balancer.security_groups)[0]}",
      from_port: 8080,
    });
  });

  it("share the ports of the load balancer with the services of the cluster's stack, in one app", () => {
    const app = testApp();
    const cluster = new EcsClusterStack(app, "ecs", EDGE);
    const services = new EcsServiceStack(app, "team", { networkLoadBalancers: ["edge"] });
    const listeners = { tcp: { loadBalancer: "edge", port: 8080 } };
    new Ec2Service(cluster, "one", { cluster, containerPort: 80, listeners });
    expect(
      problemsOf(() => new Ec2Service(services, "two", { cluster: services.cluster, containerPort: 80, listeners })),
    ).toEqual([
      "listeners.tcp.port must be a port that no other listener of the load balancer has; received 8080, which ecs/one/listener_tcp has with TCP. Use another port, or another load balancer.",
    ]);
  });
});
