import { DataAwsEc2InstanceType } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type";
import { DataAwsEc2InstanceTypeOfferings } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings";
import { TerraformOutput, Testing } from "cdktf";
import { type Guard, hcl, InstanceTypes, type InstanceTypesProps } from "../../src";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { emptyStack, resolved } from "../support/synthesized";

Testing.setupJest();

const NAMES = ["t3.small", "t3.large"];

function created(props: Partial<InstanceTypesProps> = {}) {
  const stack = emptyStack();
  const { vpc } = new Parts(stack);
  const types = new InstanceTypes(stack, "types", { instanceTypes: NAMES, vpc, region: "eu-west-1", ...props });
  return { stack, types };
}
const synthesize = (props: Partial<InstanceTypesProps> = {}): string => Testing.synth(created(props).stack, true);

const OFFERED = "data.aws_ec2_instance_type_offerings.types_offerings";
const LIST = '["t3.small", "t3.large"]';
function guards(props: Partial<InstanceTypesProps> = {}): Guard[] {
  const { stack, types } = created(props);
  return resolved(stack, types.guards) as Guard[];
}

describe("InstanceTypes", () => {
  it("reads the zones that offer the types", () => {
    expect(synthesize()).toHaveDataSourceWithProperties(DataAwsEc2InstanceTypeOfferings, {
      filter: [{ name: "instance-type", values: NAMES }],
      location_type: "availability-zone",
    });
  });

  it("reads the facts of the offered types only, because any other type would fail before the message", () => {
    expect(synthesize()).toHaveDataSourceWithProperties(DataAwsEc2InstanceType, {
      for_each: `\${toset(distinct(${OFFERED}.instance_types))}`,
      instance_type: "${each.value}",
    });
  });

  it("computes the architecture and the NVIDIA GPUs of each type", () => {
    expect(JSON.parse(synthesize()).locals).toEqual({
      types_architecture:
        '${{ for name, type in data.aws_ec2_instance_type.types : name => contains(type.supported_architectures, "arm64") ? "arm64" : "x86_64" }}',
      types_gpu:
        '${{ for name, type in data.aws_ec2_instance_type.types : name => anytrue([for gpu in type.gpus : gpu.manufacturer == "NVIDIA"]) }}',
    });
  });

  it("fails at plan for types that the region does not offer", () => {
    const missing = `setsubtract(${LIST}, ${OFFERED}.instance_types)`;
    expect(guards()[0]).toEqual({
      condition: `\${length(${missing}) == 0}`,
      errorMessage: `instance_types must be instance types that EC2 offers in eu-west-1; received \${join(", ", ${missing})}. List them: aws ec2 describe-instance-type-offerings --region eu-west-1 --query InstanceTypeOfferings[].InstanceType`,
    });
  });

  it("fails at plan for types of several architectures", () => {
    expect(guards()[1]).toEqual({
      condition: "${length(distinct(values(local.types_architecture))) <= 1}",
      errorMessage:
        'instance_types must be of one architecture, because one AMI serves all of them; received ${join(", ", [for name, value in local.types_architecture : "${name} ${value}"])}. Keep the types of one architecture.',
    });
  });

  it("fails at plan for types of which only some have GPUs", () => {
    expect(guards()[2]).toEqual({
      condition: "${length(distinct(values(local.types_gpu))) <= 1}",
      errorMessage:
        'instance_types must all have NVIDIA GPUs, or none, because one AMI serves all of them; received ${join(", ", [for name, value in local.types_gpu : "${name} ${value}"])}. Keep the types of one kind.',
    });
  });

  it("fails at plan for types of which only some have Neuron devices", () => {
    const neuron = "{ for name, type in data.aws_ec2_instance_type.types : name => length(type.neuron_devices) > 0 }";
    expect(guards()[3]).toEqual({
      condition: `\${length(distinct(values(${neuron}))) <= 1}`,
      errorMessage: `instance_types must all have Neuron devices, or none, because one AMI serves all of them; received \${join(", ", [for name, value in ${neuron} : "\${name} \${value}"])}. Keep the types of one kind.`,
    });
  });

  it("names the caller's variable in its messages", () => {
    expect(guards({ variable: "arm_instance_types" })[1]?.errorMessage).toMatch(/^arm_instance_types must be/);
  });

  it("returns the subnets in zones that offer at least one of the types", () => {
    const { stack, types } = created();
    expect(resolved(stack, types.subnetIds)).toBe(
      `\${[for id in sort(keys(data.aws_subnet.vpc_subnet)) : id if contains(${OFFERED}.locations, data.aws_subnet.vpc_subnet[id].availability_zone)]}`,
    );
  });

  it("fails at plan when no subnet is left, with the types and the zones", () => {
    const { stack, types } = created();
    const { condition, errorMessage } = resolved(stack, types.zoneGuard) as Guard;
    expect(condition).toMatch(/^\$\{length\(\[for id in sort\(.*\]\) > 0\}$/);
    expect(errorMessage).toBe(
      `No subnet is in a zone that offers any of \${join(", ", ${LIST})}: the subnets are in \${join(", ", sort(distinct([for subnet in data.aws_subnet.vpc_subnet : subnet.availability_zone])))}, and the types are offered in \${join(", ", sort(distinct(${OFFERED}.locations)))}. Choose other instance_types.`,
    );
  });

  it("keeps the order of preference", () => {
    const instanceTypes = ["m7g.large", "c7g.large"];
    expect(created({ instanceTypes }).types.names).toEqual(instanceTypes);
    expect(synthesize({ instanceTypes })).toHaveDataSourceWithProperties(DataAwsEc2InstanceTypeOfferings, {
      filter: [{ name: "instance-type", values: instanceTypes }],
    });
  });

  it("accepts a list that only Terraform knows", () => {
    const { stack, types } = created({ instanceTypes: hcl`var.types`.list });
    new TerraformOutput(stack, "names", { value: types.names });
    const json = Testing.synth(stack, true);
    expect(JSON.parse(json).output.names.value).toBe("${var.types}");
    expect(json).toHaveDataSourceWithProperties(DataAwsEc2InstanceTypeOfferings, {
      filter: [{ name: "instance-type", values: "${var.types}" }],
    });
  });

  it.each<[Partial<InstanceTypesProps>, string]>([
    [
      { instanceTypes: [] },
      'instanceTypes must have 1 to 40 different instance types; received []. For example ["t3.small"].',
    ],
    [
      { instanceTypes: ["t3.small", "t3.small"] },
      'instanceTypes must have 1 to 40 different instance types; received ["t3.small", "t3.small"]. For example ["t3.small"].',
    ],
    [
      { instanceTypes: ["t3.small", "T3"] },
      'instanceTypes must be instance types; received ["T3"]. Write family and size, such as "t3.small" or "m7g.large".',
    ],
    [
      { variable: "${x}" },
      'variable must be the name of a variable or of a setting; received "${x}". For example "instance_types", which messages then name.',
    ],
    [
      { region: "eu-west-1a" },
      'region must be the code of an AWS region; received "eu-west-1a". Use a code such as ap-northeast-2. A zone such as ap-northeast-2a is not a region.',
    ],
    [{ vpc: undefined as never }, "vpc must be a VPC; received nothing. Set it."],
  ])("rejects %j", (props, message) => {
    expect(problemsOf(() => synthesize(props))).toEqual([message]);
  });
});
