import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpcs } from "@cdktf/provider-aws/lib/data-aws-vpcs";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Fn, TerraformHclModule, TerraformLocal, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { DefaultVpc, type DefaultVpcProps, hcl } from "../../src";
import { defaultVpcField } from "../../src/network/default-vpc";
import { schemaOf } from "../../src/validation/schema";
import { validate } from "../../src/validation/validate";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resolved, synthesized } from "../support/synthesized";

Testing.setupJest();

const BY_ID = { vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-11111111", "subnet-22222222"] };

/** Synthesizes a stack with readable addresses. */
function synthesize(props: Partial<DefaultVpcProps> = {}): string {
  const stack = emptyStack();
  new DefaultVpc(stack, "vpc", { region: "eu-west-1", ...props });
  return JSON.stringify(synthesized(stack));
}

const problems = (props: object) => problemsOf(() => synthesize(props));

describe("DefaultVpc", () => {
  it("looks up the region's default VPC and creates nothing", () => {
    const json = synthesize();
    // Plural: a missing VPC is an empty list, not an error.
    expect(json).toHaveDataSourceWithProperties(DataAwsVpcs, { filter: [{ name: "is-default", values: ["true"] }] });
    expect(resourceCounts(json)).toEqual({ "data.aws_vpcs": 1, "data.aws_subnets": 1, "data.aws_subnet": 1 });
  });

  it("uses the default subnet of each zone", () => {
    expect(synthesize()).toHaveDataSourceWithProperties(DataAwsSubnets, {
      filter: [
        { name: "vpc-id", values: ["${one(data.aws_vpcs.vpc.ids)}"] },
        { name: "default-for-az", values: ["true"] },
      ],
    });
  });

  it("shows an account without a default VPC the command that creates one", () => {
    expect(synthesize()).toHaveDataSourceWithProperties(DataAwsSubnets, {
      lifecycle: {
        precondition: [
          {
            condition: "${length(data.aws_vpcs.vpc.ids) == 1}",
            error_message:
              "There is no default VPC in eu-west-1. Create one, which costs nothing: aws ec2 create-default-vpc --region eu-west-1. Or set vpcId to use another VPC.",
          },
        ],
      },
    });
  });

  it("looks up each subnet for its zone", () => {
    expect(synthesize()).toHaveDataSourceWithProperties(DataAwsSubnet, {
      for_each: "${toset(data.aws_subnets.vpc_subnets.ids)}",
      id: "${each.value}",
    });
  });

  it("looks up another VPC and its subnets by id, and reports missing ones at plan", () => {
    const json = synthesize(BY_ID);
    expect(json).toHaveDataSourceWithProperties(DataAwsVpcs, { filter: [{ name: "vpc-id", values: [BY_ID.vpcId] }] });
    expect(json).toHaveDataSourceWithProperties(DataAwsSubnets, {
      filter: [
        { name: "vpc-id", values: ["${one(data.aws_vpcs.vpc.ids)}"] },
        { name: "subnet-id", values: BY_ID.subnetIds },
      ],
      lifecycle: {
        precondition: [
          {
            condition: "${length(data.aws_vpcs.vpc.ids) == 1}",
            error_message:
              "There is no VPC vpc-0123456789abcdef0 in eu-west-1. Set vpc_id to one of: aws ec2 describe-vpcs --region eu-west-1 --query Vpcs[].VpcId",
          },
        ],
        postcondition: [
          {
            condition: '${length(setsubtract(["subnet-11111111", "subnet-22222222"], self.ids)) == 0}',
            error_message:
              'The VPC ${one(data.aws_vpcs.vpc.ids)} does not have these subnets of subnet_ids: ${join(", ", setsubtract(["subnet-11111111", "subnet-22222222"], self.ids))}. List its subnets: aws ec2 describe-subnets --region eu-west-1 --filters Name=vpc-id,Values=${one(data.aws_vpcs.vpc.ids)}',
          },
        ],
      },
    });
  });

  it("accepts ids from variables", () => {
    const stack = emptyStack();
    const vpcId = new TerraformVariable(stack, "vpc_id", { type: "string" });
    const subnetIds = new TerraformVariable(stack, "subnet_ids", { type: "list(string)" });
    new DefaultVpc(stack, "vpc", { region: "eu-west-1", vpcId: vpcId.stringValue, subnetIds: subnetIds.value });
    const json = JSON.stringify(synthesized(stack));
    expect(json).toHaveDataSourceWithProperties(DataAwsVpcs, {
      filter: [{ name: "vpc-id", values: ["${var.vpc_id}"] }],
    });
    expect(json).toHaveDataSourceWithProperties(DataAwsSubnets, {
      filter: [expect.anything(), { name: "subnet-id", values: "${var.subnet_ids}" }],
    });
  });

  it("rejects ids of resources of the same stack, which a for_each cannot use", () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, "network", { cidrBlock: "10.0.0.0/16" });
    const subnet = new Subnet(stack, "private", { vpcId: vpc.id, cidrBlock: "10.0.0.0/20" });
    const create = (props: Partial<DefaultVpcProps>) =>
      problemsOf(() => new DefaultVpc(stack, `vpc-${stack.node.children.length}`, { region: "eu-west-1", ...props }));
    const fix = "Create the VPC in another stack, and apply that stack first. Or set the ids themselves.";
    expect(create({ vpcId: vpc.id, subnetIds: ["subnet-11111111", subnet.id] })).toEqual([
      `vpcId must be known before the plan; received a reference to aws_vpc.network of the same stack. ${fix}`,
      `subnetIds must be known before the plan; received a reference to aws_subnet.private of the same stack. ${fix}`,
    ]);
    // Inside a function and an expression, a reference is the same.
    const known = { vpcId: BY_ID.vpcId, subnetIds: BY_ID.subnetIds };
    expect(create({ ...known, privateSubnetIds: Fn.tolist([subnet.id]) })).toHaveLength(1);
    expect(create({ ...known, privateSubnetIds: hcl`compact(${[subnet.id]})`.list })).toHaveLength(1);
    const module = new TerraformHclModule(stack, "vpc-module", { source: "example/vpc/aws" });
    expect(create({ ...known, privateSubnetIds: module.getString("private_subnets") as never })).toEqual([
      `privateSubnetIds must be known before the plan; received a reference to module.vpc_module of the same stack. ${fix}`,
    ]);
  });

  it("rejects ids that come from such a resource through local values and data sources", () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, "network", { cidrBlock: "10.0.0.0/16" });
    const local = new TerraformLocal(stack, "id", vpc.id);
    const found = new DataAwsSubnets(stack, "found", { filter: [{ name: "vpc-id", values: [local.asString] }] });
    const ids = new TerraformLocal(stack, "ids", Fn.sort(found.ids));
    const circle = new TerraformLocal(stack, "circle", "${local.circle}");
    const other = new DataAwsSubnets(stack, "other", { tags: { Tier: circle.asString } });
    const create = (vpcId: string, subnetIds: string[]) =>
      problemsOf(
        () => new DefaultVpc(stack, `vpc-${stack.node.children.length}`, { region: "eu-west-1", vpcId, subnetIds }),
      );
    const problem = (path: string) =>
      expect.stringContaining(`${path} must be known before the plan; received a reference to aws_vpc.network of`);
    expect(create(local.asString, ids.asList)).toEqual([problem("vpcId"), problem("subnetIds")]);
    expect(create("vpc-11111111", found.ids)).toEqual([problem("subnetIds")]);
    expect(create("vpc-11111111", other.ids)).toEqual([]);
  });

  it("accepts ids of resources of another stack, which is applied first", () => {
    const stack = emptyStack();
    const network = new TerraformStack(stack.node.root, "network");
    new AwsProvider(network, "aws", { region: "eu-west-1" });
    const vpc = new Vpc(network, "network", { cidrBlock: "10.0.0.0/16" });
    const subnet = new Subnet(network, "private", { vpcId: vpc.id, cidrBlock: "10.0.0.0/20" });
    new DefaultVpc(stack, "vpc", { region: "eu-west-1", vpcId: vpc.id, subnetIds: [subnet.id] });
    expect(JSON.stringify(synthesized(stack))).toHaveDataSource(DataAwsVpcs);
  });

  it("returns the subnets and the zones in order, and the number of zones", () => {
    const stack = emptyStack();
    const { subnetIds, zones, zoneCount } = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
    expect([subnetIds, zones, zoneCount].map((value) => resolved(stack, value))).toEqual([
      "${sort(keys(data.aws_subnet.vpc_subnet))}",
      "${sort(distinct([for subnet in data.aws_subnet.vpc_subnet : subnet.availability_zone]))}",
      "${length(distinct([for subnet in data.aws_subnet.vpc_subnet : subnet.availability_zone]))}",
    ]);
  });

  it("selects the subnets of zones in an expression, because a filter cannot be empty", () => {
    const stack = emptyStack();
    const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
    expect(resolved(stack, vpc.instanceSubnetIdsIn(hcl`var.zones`.list))).toBe(
      "${[for id in sort(keys(data.aws_subnet.vpc_subnet)) : id if contains(var.zones, data.aws_subnet.vpc_subnet[id].availability_zone)]}",
    );
  });

  it("returns one of the instances' subnets per zone", () => {
    const stack = emptyStack();
    const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
    expect(resolved(stack, vpc.instanceSubnetIdPerZone)).toBe(
      "${[for zone, ids in { for id in sort(keys(data.aws_subnet.vpc_subnet)) : data.aws_subnet.vpc_subnet[id].availability_zone => id... } : ids[0]]}",
    );
  });

  it("uses private subnets for the instances, and the others for the load balancer", () => {
    const stack = emptyStack();
    const props = { region: "eu-west-1", ...BY_ID, privateSubnetIds: ["subnet-33333333"] };
    const vpc = new DefaultVpc(stack, "vpc", props);
    expect([vpc.subnetIds, vpc.instanceZones].map((value) => resolved(stack, value))).toEqual([
      "${sort(keys(data.aws_subnet.vpc_subnet))}",
      "${sort(distinct([for subnet in data.aws_subnet.vpc_private_subnet : subnet.availability_zone]))}",
    ]);
    expect(JSON.stringify(synthesized(stack))).toHaveDataSourceWithProperties(DataAwsSubnets, {
      filter: [
        { name: "vpc-id", values: ["${one(data.aws_vpcs.vpc.ids)}"] },
        { name: "subnet-id", values: ["subnet-33333333"] },
      ],
      lifecycle: expect.objectContaining({
        postcondition: [
          expect.objectContaining({ error_message: expect.stringContaining("these subnets of private_subnet_ids:") }),
        ],
      }),
    });
    expect(vpc.hasPrivateSubnets).toBe(true);
    expect(new DefaultVpc(emptyStack(), "vpc", { region: "eu-west-1" }).hasPrivateSubnets).toBe(false);
  });

  it("reports every problem in one error", () => {
    expect(problems({ region: "seoul", vpcId: "default", subnetIds: ["subnet-1"] })).toEqual([
      'region must be the code of an AWS region; received "seoul". Use a code such as ap-northeast-2. A zone such as ap-northeast-2a is not a region.',
      'vpcId must be the id of a VPC; received "default". List the VPCs: aws ec2 describe-vpcs --query Vpcs[].VpcId',
      'subnetIds must be ids of subnets; received ["subnet-1"]. List the subnets: aws ec2 describe-subnets --query Subnets[].SubnetId',
    ]);
  });

  it.each<[string, object, string]>([
    [
      "a VPC without its subnets",
      { vpcId: BY_ID.vpcId },
      'vpcId must be set together with subnetIds; received "vpc-0123456789abcdef0". Set both, or neither to use the default VPC.',
    ],
    [
      "subnets without their VPC",
      { subnetIds: ["subnet-11111111"] },
      'subnetIds must be set together with vpcId; received ["subnet-11111111"]. Set both, or neither to use the default VPC.',
    ],
    [
      "an empty list of subnets",
      { privateSubnetIds: [] },
      "privateSubnetIds must have 1 to 100 different subnets; received []. Give one subnet per zone. A load balancer needs subnets in two zones.",
    ],
    ["an unknown setting", { vpcID: BY_ID.vpcId }, 'Unknown setting "vpcID". Did you mean "vpcId"?'],
  ])("rejects %s", (_, props, message) => {
    expect(problems(props)).toEqual([message]);
  });
});

describe("the field of a VPC with its subnets", () => {
  const schema = schemaOf<{ readonly vpc: DefaultVpc }>()({ vpc: defaultVpcField });
  const problemsWith = (vpc: unknown) => problemsOf(() => validate("Construct", schema, { vpc: vpc as DefaultVpc }));

  it("accepts the construct", () => {
    expect(problemsWith(new DefaultVpc(emptyStack(), "vpc", { region: "eu-west-1" }))).toEqual([]);
  });

  it("rejects an id, and an object without the subnets", () => {
    expect(problemsWith("vpc-12345678")).toEqual([
      'vpc must be a VPC; received "vpc-12345678". Use a DefaultVpc construct.',
    ]);
    expect(problemsWith({ vpcId: "vpc-12345678" })).toContain(
      "vpc.subnetIds must be a list; received nothing. Set it.",
    );
    expect(problemsWith({ vpcId: "vpc-12345678", instanceSubnetIdsIn: [] })).toContain(
      "vpc.instanceSubnetIdsIn must be a method; received []. Use a DefaultVpc construct.",
    );
  });
});
