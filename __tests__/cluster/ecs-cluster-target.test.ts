import { type EcsClusterTarget, TargetGroup } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { emptyStack } from "../support/synthesized";

const problems = (cluster: unknown) =>
  problemsOf(() => new TargetGroup(emptyStack(), "targets", { cluster: cluster as EcsClusterTarget, name: "users" }));
const changed = (change: object) => problems(clusterTarget(change));

const ATTRIBUTES =
  "Use an EcsClusterStack, an EcsClusterLookup or Cluster.fromClusterAttributes, or add the attribute.";
const STACK =
  "Use an EcsClusterStack, the cluster of an EcsServiceStack, an EcsClusterLookup, or Cluster.fromClusterAttributes.";

/** Every attribute that an object can have beside the required ones. */
const COMPLETE: Partial<EcsClusterTarget> = {
  capacityProvider: { capacityProviderName: "cp-prod", association: { fqn: "aws_ecs_cluster_capacity_providers.a" } },
  defaultStrategy: [{ capacityProvider: "cp-prod", base: 1, weight: 2 }],
  instanceCapacity: {
    details: "types",
    maxSize: 2,
    reservedMemoryMiB: 0,
    mountsFileSystems: true,
    capacities: [{ details: "types", maxSize: 2, reservedMemoryMiB: 0, name: "main", capacityProviderName: "cp-prod" }],
  },
};

describe("the cluster of a service", () => {
  it("accepts an object with the required attributes, and with all attributes", () => {
    expect(problems(clusterTarget())).toEqual([]);
    expect(changed({ loadBalancer: undefined })).toEqual([]);
    expect(changed(COMPLETE)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["nothing", undefined, "cluster must be a cluster; received nothing. Set it."],
    ["a name", "prod", `cluster must be a cluster; received "prod". ${STACK}`],
    [
      "a construct of another kind",
      emptyStack(),
      `cluster must be a cluster; received an instance of ReadableStack. ${STACK}`,
    ],
  ])("rejects %s", (_, cluster, message) => {
    expect(problems(cluster)).toEqual([message]);
  });

  it.each<[string, object, string]>([
    ["no VPC", { vpc: undefined }, "cluster.vpc must be a VPC; received nothing. Set it."],
    ["the id of a VPC", { vpc: "vpc-1" }, 'cluster.vpc must be a VPC; received "vpc-1". Use a DefaultVpc construct.'],
    ["a region that is a number", { region: 1 }, "cluster.region must be a string; received 1. Write it in quotes."],
    [
      "no ARN of the cluster",
      { cluster: { clusterName: "prod", logGroupName: "/ecs/prod" } },
      "cluster.cluster.clusterArn must be a string; received nothing. Set it.",
    ],
    [
      "the name of the cluster only",
      { cluster: "prod" },
      `cluster.cluster must be the cluster's name and ARN; received "prod". ${ATTRIBUTES}`,
    ],
    [
      "the name of a capacity provider only",
      { capacityProvider: "cp-prod" },
      `cluster.capacityProvider must be a capacity provider; received "cp-prod". ${ATTRIBUTES}`,
    ],
    [
      "an association that is an address",
      { capacityProvider: { capacityProviderName: "cp-prod", association: "aws_ecs_cluster_capacity_providers.a" } },
      'cluster.capacityProvider.association must be a resource; received "aws_ecs_cluster_capacity_providers.a". Use a Terraform resource or data source.',
    ],
    [
      "a strategy of names",
      { defaultStrategy: ["cp-prod"] },
      `cluster.defaultStrategy[0] must be a share of a capacity provider; received "cp-prod". ${ATTRIBUTES}`,
    ],
    [
      "the ARN of a listener only",
      { loadBalancer: "arn:listener" },
      `cluster.loadBalancer must be a load balancer; received "arn:listener". ${ATTRIBUTES}`,
    ],
    [
      "a range of ports that is not a PortRange",
      { portRules: { instanceSecurityGroupId: "sg-1", portRange: "31000-61000" } },
      'cluster.portRules.portRange must be a PortRange; received "31000-61000". Use new PortRange({ from, to }).',
    ],
    [
      "the id of a security group only",
      { portRules: "sg-1" },
      `cluster.portRules must be port rules; received "sg-1". ${ATTRIBUTES}`,
    ],
    [
      "a capacity that is a number",
      { instanceCapacity: 2 },
      `cluster.instanceCapacity must be the capacity of the instances; received 2. ${ATTRIBUTES}`,
    ],
    [
      "capacities of names",
      { instanceCapacity: { details: "types", maxSize: 2, reservedMemoryMiB: 0, capacities: ["main"] } },
      `cluster.instanceCapacity.capacities[0] must be the capacity of a capacity provider; received "main". ${ATTRIBUTES}`,
    ],
  ])("rejects %s", (_, change, message) => {
    expect(changed(change)).toEqual([message]);
  });
});
