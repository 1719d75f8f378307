import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import { EcsServiceStack, type PortRules } from "../../src";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { emptyStack, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

const GROUP = "sg-0123456789abcdef0";

/** Returns the JSON of port rules with some connections. */
function synthesize(connect: (rules: PortRules) => void): string {
  const stack = emptyStack();
  connect(new Parts(stack).portRules);
  return Testing.synth(stack, true);
}

describe("allowTo", () => {
  it("adds a rule to the security group of the resource, from the instances", () => {
    expect(synthesize((rules) => rules.allowTo(GROUP, 5432))).toHaveResourceWithProperties(
      VpcSecurityGroupIngressRule,
      {
        security_group_id: GROUP,
        referenced_security_group_id: "${aws_security_group.ports_instances.id}",
        ip_protocol: "tcp",
        from_port: 5432,
        to_port: 5432,
        description: "From the ECS container instances",
        tags: { Name: "to-5432", Purpose: "From the ECS container instances" },
      },
    );
  });

  it("accepts a range, a protocol, a name and a description", () => {
    const options = { name: "cache", protocol: "udp", description: "The ${cache}" } as const;
    const json = synthesize((rules) => rules.allowTo(GROUP, { from: 6379, to: 6380 }, options));
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      ip_protocol: "udp",
      from_port: 6379,
      to_port: 6380,
      description: "The $${cache}",
    });
    expect(Object.keys(JSON.parse(json).resource.aws_vpc_security_group_ingress_rule)).toContain("ports_to_cache");
  });

  it("accepts a security group of the same app", () => {
    const stack = emptyStack();
    const database = new SecurityGroup(stack, "database", {});
    new Parts(stack).portRules.allowTo(database.id, 5432);
    expect(Testing.synth(stack, true)).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      security_group_id: "${aws_security_group.database.id}",
    });
  });

  it("also exists for a cluster of another state", () => {
    const stack = new EcsServiceStack(testApp(), "orders");
    stack.cluster.portRules.allowTo(GROUP, 5432);
    stack.cluster.portRules.allowFrom("10.0.0.0/8", 9100);
    expect(synthesized(stack)).toMatchObject({
      resource: {
        aws_vpc_security_group_ingress_rule: {
          cluster_to_5432: {
            security_group_id: GROUP,
            referenced_security_group_id: "${one(data.aws_security_groups.cluster_security_groups.ids)}",
          },
          cluster_from_9100: { cidr_ipv4: "10.0.0.0/8" },
        },
      },
    });
  });
});

describe("allowFrom", () => {
  it.each([
    [GROUP, { referenced_security_group_id: GROUP }],
    ["10.0.0.0/8", { cidr_ipv4: "10.0.0.0/8" }],
    ["2001:db8::/48", { cidr_ipv6: "2001:db8::/48" }],
  ])("adds a rule to the security group of the instances, from %s", (peer, source) => {
    const json = synthesize((rules) => rules.allowFrom(peer, 9100));
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      security_group_id: "${aws_security_group.ports_instances.id}",
      ...source,
      from_port: 9100,
      description: "To the ECS container instances",
    });
    expect(Object.keys(JSON.parse(json).resource.aws_vpc_security_group_ingress_rule)).toContain("ports_from_9100");
  });
});

describe("the arguments of a connection", () => {
  it.each<[what: string, connect: (rules: PortRules) => void, problem: string]>([
    [
      "a network as the destination",
      (rules) => rules.allowTo("10.0.0.0/8", 5432),
      'peer must be the id of a security group; received "10.0.0.0/8". List them: aws ec2 describe-security-groups --query SecurityGroups[].GroupId',
    ],
    [
      "a network with host bits",
      (rules) => rules.allowFrom("10.0.0.1/8", 5432),
      'peer must be the id of a security group, or a network in CIDR notation without host bits; received "10.0.0.1/8". List them: aws ec2 describe-security-groups --query SecurityGroups[].GroupId',
    ],
    [
      "a port that does not exist",
      (rules) => rules.allowTo(GROUP, 70_000),
      "port must be a whole number from 0 to 65535; received 70000. For example 5432.",
    ],
    [
      "a range in the wrong order",
      (rules) => rules.allowTo(GROUP, { from: 2, to: 1 }),
      "port.to must not be below from, which is 2; received 1. Swap them.",
    ],
    [
      "a second rule with the same name",
      (rules) => {
        rules.allowTo(GROUP, 5432);
        rules.allowTo(GROUP, 5432);
      },
      'name must be different for each rule; received "5432". Set another name: { name: "replica" }.',
    ],
    [
      "a name with a hyphen",
      (rules) => rules.allowTo(GROUP, 5432, { name: "my-db" }),
      'name must have 1 to 32 lower-case letters, digits and underscores; received "my-db". The address of the rule ends with the name.',
    ],
    [
      "a description that AWS rejects",
      (rules) => rules.allowTo(GROUP, 5432, { description: "<db>" }),
      'description must have only characters that AWS accepts; received "<db>". Use letters, digits, spaces and ._:/()#,@[]+=&;{}!$*-',
    ],
  ])("reject %s", (_, connect, problem) => {
    expect(problemsOf(() => synthesize(connect))).toEqual([problem]);
  });
});
