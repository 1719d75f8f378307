import { DefaultVpc, type DefaultVpcProps, hcl } from "../../src";
import { at, data, emptyStack, mistakesOf, type Part, resolved, synthesized } from "../support/synthesized";

function vpc(props: Partial<DefaultVpcProps> = {}): Part {
  const stack = emptyStack();
  new DefaultVpc(stack, "vpc", { region: "eu-west-1", ...props });
  return synthesized(stack);
}

const BY_ID = { vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-11111111", "subnet-22222222"] };

describe("DefaultVpc", () => {
  it("makes nothing: it only looks up", () => {
    expect(vpc().resource).toBeUndefined();
  });

  it("looks the region's default VPC up, in the plural, so that none is an answer and no error", () => {
    expect(data(vpc(), "aws_vpcs.vpc")).toMatchObject({ filter: [{ name: "is-default", values: ["true"] }] });
  });

  it("takes the default subnet of each zone", () => {
    expect(data(vpc(), "aws_subnets.vpc_subnets")).toMatchObject({
      filter: [
        { name: "vpc-id", values: ["${one(data.aws_vpcs.vpc.ids)}"] },
        { name: "default-for-az", values: ["true"] },
      ],
    });
  });

  it("tells an account without a default VPC what to type", () => {
    expect(at(data(vpc(), "aws_subnets.vpc_subnets"), "lifecycle", "precondition")).toEqual([
      {
        condition: "${length(data.aws_vpcs.vpc.ids) == 1}",
        error_message:
          "There is no default VPC in eu-west-1. Make one with: aws ec2 create-default-vpc --region eu-west-1 (it costs nothing). Or name another VPC with the vpcId setting.",
      },
    ]);
  });

  it("looks at each subnet for its zone", () => {
    expect(data(vpc(), "aws_subnet.vpc_subnet")).toMatchObject({
      for_each: "${toset(data.aws_subnets.vpc_subnets.ids)}",
      id: "${each.value}",
    });
  });

  it("takes another VPC and its subnets by id, and says so where they are not there", () => {
    const json = vpc(BY_ID);
    expect(data(json, "aws_vpcs.vpc")).toMatchObject({ filter: [{ name: "vpc-id", values: [BY_ID.vpcId] }] });
    const subnets = data(json, "aws_subnets.vpc_subnets");
    expect(at(subnets, "filter", 1)).toEqual({ name: "subnet-id", values: BY_ID.subnetIds });
    expect(at(subnets, "lifecycle", "precondition", 0, "error_message")).toBe(
      "There is no VPC vpc-0123456789abcdef0 in eu-west-1. Set vpc_id to one of: aws ec2 describe-vpcs --region eu-west-1 --query Vpcs[].VpcId",
    );
    expect(at(subnets, "lifecycle", "postcondition")).toEqual([
      {
        condition: '${length(setsubtract(["subnet-11111111", "subnet-22222222"], self.ids)) == 0}',
        error_message:
          'These of subnet_ids are not in the VPC ${one(data.aws_vpcs.vpc.ids)}: ${join(", ", setsubtract(["subnet-11111111", "subnet-22222222"], self.ids))}. List those that are: aws ec2 describe-subnets --region eu-west-1 --filters Name=vpc-id,Values=${one(data.aws_vpcs.vpc.ids)}',
      },
    ]);
  });

  it("gives the subnets sorted, the zones sorted, and how many zones there are", () => {
    const stack = emptyStack();
    const made = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
    expect([made.subnetIds, made.zones, made.zoneCount].map((value) => resolved(stack, value))).toEqual([
      "${sort(keys(data.aws_subnet.vpc_subnet))}",
      "${sort(distinct([for subnet in data.aws_subnet.vpc_subnet : subnet.availability_zone]))}",
      "${length(distinct([for subnet in data.aws_subnet.vpc_subnet : subnet.availability_zone]))}",
    ]);
  });

  it("intersects its subnets with zones in an expression, never in a filter that may be empty", () => {
    const stack = emptyStack();
    const made = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
    expect(resolved(stack, made.instanceSubnetIdsIn(hcl`var.zones`.list))).toBe(
      "${[for id in sort(keys(data.aws_subnet.vpc_subnet)) : id if contains(var.zones, data.aws_subnet.vpc_subnet[id].availability_zone)]}",
    );
  });

  it("keeps private subnets for the instances apart from the load balancer's", () => {
    const stack = emptyStack();
    const props = { region: "eu-west-1", ...BY_ID, privateSubnetIds: ["subnet-33333333"] };
    const made = new DefaultVpc(stack, "vpc", props);
    expect(at(data(synthesized(stack), "aws_subnets.vpc_private_subnets"), "filter", 1)).toEqual({
      name: "subnet-id",
      values: ["subnet-33333333"],
    });
    expect([made.subnetIds, made.instanceZones].map((value) => resolved(stack, value))).toEqual([
      "${sort(keys(data.aws_subnet.vpc_subnet))}",
      "${sort(distinct([for subnet in data.aws_subnet.vpc_private_subnet : subnet.availability_zone]))}",
    ]);
    expect(made.hasPrivateSubnets).toBe(true);
    expect(new DefaultVpc(emptyStack(), "vpc", { region: "eu-west-1" }).hasPrivateSubnets).toBe(false);
  });

  it("refuses a region that can't be one, and ids that aren't ids, in one error", () => {
    const bad = { region: "seoul", vpcId: "default", subnetIds: ["subnet-1"] };
    expect(mistakesOf(() => vpc(bad))).toEqual([
      'region must be the code of an AWS region; received "seoul". Use a code such as ap-northeast-2; a zone such as ap-northeast-2a is not a region.',
      'vpcId must be the id of a VPC; received "default". List those there are: aws ec2 describe-vpcs --query Vpcs[].VpcId',
      'subnetIds must be ids of subnets; received ["subnet-1"]. List those there are: aws ec2 describe-subnets',
    ]);
  });
});
