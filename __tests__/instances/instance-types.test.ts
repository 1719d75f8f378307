import { Parts } from "../support/parts";
import { at, data, emptyStack, mistakesOf, type Part, resolved, synthesized } from "../support/synthesized";

function types(names?: string[]): { json: Part; parts: Parts } {
  const stack = emptyStack();
  const parts = new Parts(stack, { types: names });
  void parts.instanceTypes;
  return { json: synthesized(stack), parts };
}

const OFFERED = "data.aws_ec2_instance_type_offerings.types_offerings";
const guards = () => {
  const { parts } = types();
  return resolved(parts.stack, parts.instanceTypes.guards) as { condition: string; errorMessage: string }[];
};

describe("InstanceTypes", () => {
  it("asks which zones offer the types", () => {
    expect(data(types().json, "aws_ec2_instance_type_offerings.types_offerings")).toMatchObject({
      filter: [{ name: "instance-type", values: ["t3.small", "t3.large"] }],
      location_type: "availability-zone",
    });
  });

  it("looks up only those types that are offered, since any other would fail before a message could", () => {
    expect(data(types().json, "aws_ec2_instance_type.types")).toMatchObject({
      for_each: `\${toset(distinct(${OFFERED}.instance_types))}`,
      instance_type: "${each.value}",
    });
  });

  it("knows architecture and NVIDIA GPUs of each type from the lookup", () => {
    expect(types().json.locals).toEqual({
      types_architecture:
        '${{ for name, type in data.aws_ec2_instance_type.types : name => contains(type.supported_architectures, "arm64") ? "arm64" : "x86_64" }}',
      types_gpu:
        '${{ for name, type in data.aws_ec2_instance_type.types : name => anytrue([for gpu in type.gpus : gpu.manufacturer == "NVIDIA"]) }}',
    });
  });

  it("names the types that the region doesn't know", () => {
    const missing = `setsubtract(["t3.small", "t3.large"], ${OFFERED}.instance_types)`;
    expect(guards()[0]).toEqual({
      condition: `\${length(${missing}) == 0}`,
      errorMessage: `These of instance_types are not offered in eu-west-1: \${join(", ", ${missing})}. List those that are: aws ec2 describe-instance-type-offerings --region eu-west-1 --query InstanceTypeOfferings[].InstanceType`,
    });
  });

  it("names types of mixed architectures", () => {
    expect(guards()[1]).toEqual({
      condition: "${length(distinct(values(local.types_architecture))) <= 1}",
      errorMessage:
        'instance_types must be of one architecture, since one AMI serves them all: ${join(", ", [for name, value in local.types_architecture : "${name} ${value}"])}. Keep the types of one architecture.',
    });
  });

  it("names types of which only some have GPUs", () => {
    expect(guards()[2]).toEqual({
      condition: "${length(distinct(values(local.types_gpu))) <= 1}",
      errorMessage:
        'instance_types must all have NVIDIA GPUs or none, since one AMI serves them all; which has: ${join(", ", [for name, value in local.types_gpu : "${name} ${value}"])}. Keep the types of one kind.',
    });
  });

  it("gives the subnets in zones that offer at least one of the types", () => {
    const { parts } = types();
    expect(resolved(parts.stack, parts.instanceTypes.subnetIds)).toBe(
      `\${[for id in sort(keys(data.aws_subnet.vpc_subnet)) : id if contains(${OFFERED}.locations, data.aws_subnet.vpc_subnet[id].availability_zone)]}`,
    );
  });

  it("names types and zones where no subnet is left", () => {
    const { parts } = types();
    const { condition, errorMessage } = parts.instanceTypes.zoneGuard;
    expect(resolved(parts.stack, condition)).toMatch(/^\$\{length\(\[for id in sort\(.*\]\) > 0\}$/);
    expect(resolved(parts.stack, errorMessage)).toBe(
      `No subnet is in a zone that offers any of \${join(", ", ["t3.small", "t3.large"])}: the subnets are in \${join(", ", sort(distinct([for subnet in data.aws_subnet.vpc_subnet : subnet.availability_zone])))}, the types are offered in \${join(", ", sort(distinct(${OFFERED}.locations)))}. Choose other instance_types.`,
    );
  });

  it.each([
    [[], 'instanceTypes must hold 1 to 40 different instance types; received []. For example ["t3.small"].'],
    [
      ["t3.small", "t3.small"],
      'instanceTypes must hold 1 to 40 different instance types; received ["t3.small","t3.small"]. For example ["t3.small"].',
    ],
    [
      ["t3.small", "T3"],
      'instanceTypes must be instance types; received ["T3"]. Write family and size, such as "t3.small" or "m7g.large".',
    ],
  ])("refuses %j", (names, message) => {
    expect(mistakesOf(() => types(names))).toEqual([message]);
  });

  it("keeps the order of preference", () => {
    expect(types(["m7g.large", "c7g.large"]).parts.instanceTypes.names).toEqual(["m7g.large", "c7g.large"]);
    expect(
      at(types(["b.x", "a.x"]).json, "data", "aws_ec2_instance_type_offerings", "types_offerings", "filter", 0),
    ).toEqual({
      name: "instance-type",
      values: ["b.x", "a.x"],
    });
  });
});
