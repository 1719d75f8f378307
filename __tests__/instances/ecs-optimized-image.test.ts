import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Testing } from "cdktf";
import {
  AMI_FAMILIES,
  type AmiFamily,
  EcsOptimizedImage,
  type EcsOptimizedImageProps,
  hcl,
  InstanceRequirements,
} from "../../src";
import { AMI_FAMILY_TRAITS } from "../../src/instances/ami-family";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { emptyStack, resolved } from "../support/synthesized";

Testing.setupJest();

function synthesize(props: Partial<EcsOptimizedImageProps> = {}): string {
  const stack = emptyStack();
  void new Parts(stack, { image: props }).image;
  return Testing.synth(stack, true);
}

/** Returns the messages of the preconditions. */
const messages = (props: Partial<EcsOptimizedImageProps>): string[] =>
  JSON.parse(synthesize(props)).data.aws_ssm_parameter.image.lifecycle.precondition.map(
    ({ error_message: message }: { error_message: string }) => message,
  );

const ARM = 'contains(values(local.types_architecture), "arm64")';
const GPU = "contains(values(local.types_gpu), true)";
const NEURON =
  "contains(values({ for name, type in data.aws_ec2_instance_type.types : name => length(type.neuron_devices) > 0 }), true)";
const path = (family: AmiFamily, neuron: string, version = "recommended") =>
  `\${join("/", concat(["/aws/service/ecs/optimized-ami/${family}"], ${ARM} ? ["arm64"] : [], ${GPU} ? ["gpu"] : ${NEURON} ? [${neuron}] : [], ["${version}", "image_id"]))}`;

describe("EcsOptimizedImage", () => {
  it("reads the recommended Amazon Linux 2023 AMI for the architecture, GPUs and Neuron devices of the instance types", () => {
    expect(synthesize()).toHaveDataSourceWithProperties(DataAwsSsmParameter, {
      name: path("amazon-linux-2023", '"neuron"'),
    });
  });

  it("reads a pinned version", () => {
    const { example } = AMI_FAMILY_TRAITS["amazon-linux-2023"].pinnedVersion;
    expect(synthesize({ version: example })).toHaveDataSourceWithProperties(DataAwsSsmParameter, {
      name: path("amazon-linux-2023", '"neuron"', example),
    });
  });

  it("accepts a token as the version", () => {
    expect(synthesize({ version: hcl`var.version`.string })).toHaveDataSourceWithProperties(DataAwsSsmParameter, {
      name: path("amazon-linux-2023", '"neuron"').replace('"recommended"', "var.version"),
    });
  });

  it("reads Bottlerocket's variant for ECS, NVIDIA's variant for GPUs, and the latest version when none is pinned", () => {
    expect(synthesize({ family: "bottlerocket" })).toHaveDataSourceWithProperties(DataAwsSsmParameter, {
      name: `\${join("/", ["/aws/service/bottlerocket", ${GPU} ? "aws-ecs-2-nvidia" : "aws-ecs-2", ${ARM} ? "arm64" : "x86_64", "recommended" == "recommended" ? "latest" : "recommended", "image_id"])}`,
    });
  });

  it("reads the Amazon Linux 2 AMI, whose path for Neuron devices has another name", () => {
    expect(synthesize({ family: "amazon-linux-2" })).toHaveDataSourceWithProperties(DataAwsSsmParameter, {
      name: path("amazon-linux-2", '"inf"'),
    });
  });

  it("returns the AMI's id as a value that plans show", () => {
    const stack = emptyStack();
    const { imageId, family } = new Parts(stack).image;
    expect(resolved(stack, imageId)).toBe("${data.aws_ssm_parameter.image.insecure_value}");
    expect(family).toBe("amazon-linux-2023");
  });

  it("warns about Amazon Linux 2, and about no other family", () => {
    const warned = AMI_FAMILIES.filter((family) => {
      const { node } = new Parts(emptyStack(), { image: { family } }).image;
      return node.metadata.some(
        ({ type, data }) => type === "@cdktf/warn" && data === AMI_FAMILY_TRAITS[family].deprecation,
      );
    });
    expect(warned).toEqual(["amazon-linux-2"]);
  });

  it("fails at plan for types that the region does not offer or that no single AMI suits", () => {
    expect(messages({ family: "bottlerocket" }).map((message) => message.slice(0, 40))).toEqual([
      "These of instance_types are not offered ",
      "instance_types must be of one architectu",
      "instance_types must all have NVIDIA GPUs",
      "instance_types must all have Neuron devi",
      "bottlerocket has no ECS-optimized AMI fo",
    ]);
  });

  const TYPES = '${join(", ", ["t3.small", "t3.large"])}';

  it.each(["amazon-linux-2023", "amazon-linux-2"] as const)("fails at plan for arm64 types with GPUs: %s", (family) => {
    expect(messages({ family })[4]).toBe(
      `${family} has no ECS-optimized AMI for arm64 with GPUs; instance_types are ${TYPES}. Choose x86 types with GPUs, or Bottlerocket.`,
    );
  });

  it("fails at plan for Neuron devices on Bottlerocket, and on no other family", () => {
    const message = `bottlerocket has no ECS-optimized AMI for Neuron devices; instance_types are ${TYPES}. Choose amazon-linux-2023, or other types.`;
    expect(messages({ family: "bottlerocket" })[4]).toBe(message);
    expect(messages({ family: "amazon-linux-2023" }).join()).not.toContain("AMI for Neuron devices");
    expect(messages({ family: "amazon-linux-2" }).join()).not.toContain("AMI for Neuron devices");
  });

  it("fails at plan for a version of another architecture", () => {
    const { example } = AMI_FAMILY_TRAITS["amazon-linux-2023"].pinnedVersion;
    expect(messages({ version: example })[5]).toBe(
      `ami_version must be of the instances' architecture, \${${ARM} ? "arm64" : "x86_64"}; received ${example}. Pin a version whose name ends with it, or choose other instance types.`,
    );
  });

  it("compares only the version with requirements, which name no types", () => {
    const stack = emptyStack();
    const { vpc } = new Parts(stack);
    const instanceTypes = new InstanceRequirements({ vCpuCount: { min: 2 }, memoryMiB: { min: 4096 } }, vpc);
    new EcsOptimizedImage(stack, "image", { instanceTypes });
    const { precondition } = JSON.parse(Testing.synth(stack, true)).data.aws_ssm_parameter.image.lifecycle;
    expect(precondition).toHaveLength(1);
    expect(precondition[0].error_message).toMatch(/^ami_version must be of the instances' architecture/);
  });

  it("rejects a version of another family", () => {
    expect(problemsOf(() => synthesize({ version: "1.49.0" }))).toEqual([
      'version must be "recommended" or a published version of amazon-linux-2023; received "1.49.0". Pin with a version such as al2023-ami-ecs-hvm-2023.0.20250304-kernel-6.1-x86_64.',
    ]);
  });

  it("rejects anything but a selection of instance types", () => {
    expect(problemsOf(() => synthesize({ instanceTypes: ["t3.small"] as never }))).toEqual([
      'instanceTypes must be a selection of instance types; received ["t3.small"]. Use an InstanceTypes or an InstanceRequirements.',
    ]);
    expect(problemsOf(() => synthesize({ instanceTypes: { variable: "my types" } as never }))).toEqual([
      'instanceTypes.variable must be the name of a variable or of a setting; received "my types". For example "instance_types", which messages then name.',
      ...["subnetIds", "zones"].map((name) => `instanceTypes.${name} must be a list; received nothing. Set it.`),
      ...["isArm64", "hasGpu", "hasNeuron"].map(
        (name) => `instanceTypes.${name} must be a string; received nothing. Set it.`,
      ),
      "instanceTypes.guards must be a list; received nothing. Set it.",
      "instanceTypes.zoneGuard must be a condition and its message; received nothing. Set it.",
      "instanceTypes.details must be a string; received nothing. Set it.",
    ]);
  });
});
