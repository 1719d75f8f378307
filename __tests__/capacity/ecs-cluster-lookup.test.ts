import {
  Ec2Service,
  EcsClusterLookup,
  type EcsClusterLookupProps,
  EcsServiceStack,
  type EcsServiceStackSettings,
  PortRange,
  ServiceConnectNamespace,
} from "../../src";
import { at, count, data, emptyStack, mistakesOf, type Part, resolved, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

function made(props: Partial<EcsClusterLookupProps> = {}) {
  const stack = emptyStack();
  const lookup = new EcsClusterLookup(stack, "cluster", { clusterName: "prod", region: "eu-west-1", ...props });
  return { json: synthesized(stack), lookup, stack };
}
const stackOf = (settings: EcsServiceStackSettings = {}) => new EcsServiceStack(testApp(), "orders", settings);

// What it finds, and what it says where nothing is found, is seen in services-lookup.test.ts, in real Terraform.
describe("EcsClusterLookup", () => {
  it("looks in the plural only, but for the group and the types that a plural found", () => {
    expect(Object.keys(made().json.data as Part).sort()).toEqual([
      "aws_autoscaling_group",
      "aws_autoscaling_groups",
      "aws_ec2_instance_type",
      "aws_ecs_clusters",
      "aws_resourcegroupstaggingapi_resources",
      "aws_security_groups",
    ]);
    expect(data(made().json, "aws_autoscaling_group.cluster_autoscaling_group").for_each).toMatch(
      /^\$\{toset\(\[for name in data\.aws_autoscaling_groups\.cluster_autoscaling_groups\.names : name if /,
    );
  });

  it("goes by the tags that the cluster's stack puts on everything", () => {
    expect(data(made().json, "aws_autoscaling_groups.cluster_autoscaling_groups").filter).toEqual([
      { name: "tag:Cluster", values: ["prod"] },
      { name: "tag:Purpose", values: ["The container instances of the ECS cluster"] },
    ]);
    expect(data(made().json, "aws_security_groups.cluster_security_groups").filter).toEqual([
      { name: "tag:Cluster", values: ["prod"] },
      { name: "tag:Name", values: ["prod-instances"] },
    ]);
    expect(data(made().json, "aws_resourcegroupstaggingapi_resources.cluster_listeners")).toMatchObject({
      resource_type_filters: ["elasticloadbalancing:listener"],
      tag_filter: [
        { key: "Cluster", values: ["prod"] },
        { key: "Purpose", values: ["Where services put their rules"] },
      ],
    });
  });

  it("looks for no listener where services have no route", () => {
    const { json, lookup } = made({ loadBalancer: false });
    expect(at(json, "data", "aws_resourcegroupstaggingapi_resources")).toBeUndefined();
    expect(lookup.loadBalancer).toBeUndefined();
  });

  it("takes the names that the cluster's stack gives, or those that are given", () => {
    const providerName = (props: Partial<EcsClusterLookupProps> = {}) => {
      const { stack, lookup } = made(props);
      return resolved(stack, lookup.capacityProvider.capacityProviderName);
    };
    expect(providerName()).toBe(
      '${format("cp-%s", trimsuffix(contains(data.aws_autoscaling_groups.cluster_autoscaling_groups.names, "prod-instances") ? "prod-instances" : one(data.aws_autoscaling_groups.cluster_autoscaling_groups.names), "-instances"))}',
    );
    expect(providerName({ capacity: "arm" })).toBe(
      '${format("cp-%s", trimsuffix("prod-arm-instances", "-instances"))}',
    );
    expect(providerName({ capacity: "arm", capacityProviderName: "arm-of-prod" })).toBe("arm-of-prod");
    expect(made().lookup.portRules.portRange.toString()).toBe("31000-61000");
    expect(made().lookup.cluster.logGroupName).toBe("/ecs/prod");
  });

  it("names every mistake at once", () => {
    expect(
      mistakesOf(() =>
        made({
          ...{ clusterName: "x", region: "Ireland", reservedMemoryMiB: -1 },
          ...{ capacity: "my arm", capacityProviderName: "ecs-arm" },
        }),
      ),
    ).toEqual([
      expect.stringMatching(/^clusterName must be 3 to 24 characters long; received "x"/),
      expect.stringMatching(/^region must be the code of an AWS region; received "Ireland"/),
      'capacity must be the name of a capacity provider; received "my arm". Write it as the cluster\'s capacityProviders does.',
      'capacityProviderName must not start with aws, ecs or fargate; received "ecs-arm". ECS keeps those names; put cp- before it.',
      "reservedMemoryMiB must be a whole number from 0 to 1000000 (MiB); received -1. It is 0 unless the cluster sets it.",
    ]);
  });

  it("checks the range that it is told against Service Connect's", () => {
    const stack = emptyStack();
    const portRange = new PortRange({ from: 40000, to: 61000 });
    const cluster = new EcsClusterLookup(stack, "cluster", { clusterName: "prod", region: "eu-west-1", portRange });
    expect(
      mistakesOf(() => new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" })),
    ).toHaveLength(1);
  });
});

describe("EcsServiceStack", () => {
  it("has a provider that tags everything with its cluster, a backend without a path of this machine, and three variables", () => {
    const json = synthesized(stackOf({ values: { clusterName: "prod", region: "eu-west-1", tags: { Team: "a" } } }));
    expect(at(json, "provider", "aws", 0)).toEqual({
      region: "${var.region}",
      default_tags: [{ tags: "${merge({ Cluster = var.cluster_name }, var.tags)}" }],
    });
    expect(at(json, "terraform", "backend")).toEqual({ local: { path: "../../../terraform.orders.tfstate" } });
    expect(at(json, "terraform", "required_version")).toBe(">= 1.10");
    const variables = json.variable as Record<string, Part>;
    expect(Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, variable.default]))).toEqual({
      region: "eu-west-1",
      cluster_name: "prod",
      tags: { Team: "a" },
    });
  });

  it("makes nothing of the cluster's own", () => {
    const stack = stackOf();
    new Ec2Service(stack, "orders", { cluster: stack.cluster, containerPort: 80, paths: ["/api/orders*"] });
    const json = synthesized(stack);
    const types = ["aws_ecs_cluster", "aws_lb", "aws_lb_listener", "aws_security_group", "aws_autoscaling_group"];
    expect(types.map((type) => count(json, type))).toEqual([0, 0, 0, 0, 0]);
  });

  it("names every mistake at once, in the words of the plan", () => {
    expect(
      mistakesOf(() =>
        stackOf({ values: { clusterName: "p", region: "x", tags: { "aws:a": "b" } }, portRange: { from: 1, to: 2 } }),
      ),
    ).toEqual([
      expect.stringMatching(/^values\.region: region must be/),
      expect.stringMatching(/^values\.clusterName: cluster_name must be 3 to 24/),
      expect.stringMatching(/^values\.tags: tags must have no key that starts with aws:/),
      expect.stringMatching(/^portRange must lie within/),
    ]);
  });
});
