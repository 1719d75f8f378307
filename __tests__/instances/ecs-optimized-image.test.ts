import { AMI_FAMILIES, type AmiFamily, type EcsOptimizedImageProps } from "../../src";
import { AMI_FAMILY_TRAITS } from "../../src/instances/ami-family";
import { Parts } from "../support/parts";
import { at, data, emptyStack, mistakesOf, type Part, resolved, synthesized } from "../support/synthesized";

function image(props: Partial<EcsOptimizedImageProps> = {}): Part {
  const stack = emptyStack();
  void new Parts(stack, { image: props }).image;
  return synthesized(stack);
}

const parameter = (props: Partial<EcsOptimizedImageProps> = {}) => data(image(props), "aws_ssm_parameter.image");
const messages = (family: AmiFamily) =>
  (at(parameter({ family }), "lifecycle", "precondition") as { error_message: string }[]).map(
    (one) => one.error_message,
  );

const ARM = 'contains(values(local.types_architecture), "arm64")';
const GPU = "contains(values(local.types_gpu), true)";
const NEURON =
  "contains(values({ for name, type in data.aws_ec2_instance_type.types : name => length(type.neuron_devices) > 0 }), true)";

describe("EcsOptimizedImage", () => {
  it("is Amazon Linux 2023 as recommended, with architecture, GPU and Neuron devices following the instance types", () => {
    expect(parameter().name).toBe(
      `\${join("/", concat(["/aws/service/ecs/optimized-ami/amazon-linux-2023"], ${ARM} ? ["arm64"] : [], ${GPU} ? ["gpu"] : ${NEURON} ? ["neuron"] : [], ["recommended", "image_id"]))}`,
    );
  });

  it("pins a version in the place of recommended", () => {
    const { example } = AMI_FAMILY_TRAITS["amazon-linux-2023"].pinnedVersion;
    expect(parameter({ version: example }).name).toContain(`["${example}", "image_id"]`);
  });

  it("is Bottlerocket's variant for ECS, with NVIDIA's for GPUs, and latest where nothing is pinned", () => {
    expect(parameter({ family: "bottlerocket" }).name).toBe(
      `\${join("/", ["/aws/service/bottlerocket", ${GPU} ? "aws-ecs-2-nvidia" : "aws-ecs-2", ${ARM} ? "arm64" : "x86_64", "recommended" == "recommended" ? "latest" : "recommended", "image_id"])}`,
    );
  });

  it("is Amazon Linux 2 where it is chosen", () => {
    const { name } = parameter({ family: "amazon-linux-2" });
    expect(name).toContain('"/aws/service/ecs/optimized-ami/amazon-linux-2"');
    // There the path of Inferentia's image has another name.
    expect(name).toContain(`${NEURON} ? ["inf"] : []`);
  });

  it("shows the AMI in a plan, as a value that is no secret", () => {
    const stack = emptyStack();
    const { imageId } = new Parts(stack).image;
    expect(resolved(stack, imageId)).toBe("${data.aws_ssm_parameter.image.insecure_value}");
  });

  it("warns of Amazon Linux 2, and of no other family", () => {
    const warned = AMI_FAMILIES.filter((family) => {
      const stack = emptyStack();
      const made = new Parts(stack, { image: { family } }).image;
      return made.node.metadata.some(
        ({ type, data }) => type === "@cdktf/warn" && data === AMI_FAMILY_TRAITS[family].deprecation,
      );
    });
    expect(warned).toEqual(["amazon-linux-2"]);
  });

  it("fails at plan on types that the region doesn't know, or that no single AMI serves", () => {
    expect(messages("bottlerocket").map((message) => message.slice(0, 40))).toEqual([
      "These of instance_types are not offered ",
      "instance_types must be of one architectu",
      "instance_types must all have NVIDIA GPUs",
      "instance_types must all have Neuron devi",
      "bottlerocket has no ECS-optimized AMI fo",
    ]);
  });

  it.each(["amazon-linux-2023", "amazon-linux-2"] as const)("fails at plan on arm64 with GPUs in %s", (family) => {
    expect(messages(family)[4]).toBe(
      `${family} has no ECS-optimized AMI for arm64 with GPUs; instance_types are \${join(", ", ["t3.small", "t3.large"])}. Choose x86 types with GPUs, or Bottlerocket.`,
    );
  });

  it("refuses a version that is another family's", () => {
    expect(mistakesOf(() => image({ version: "1.49.0" }))).toEqual([
      'version must be "recommended" or a published version of amazon-linux-2023; received "1.49.0". Pin with a version such as al2023-ami-ecs-hvm-2023.0.20250304-kernel-6.1-x86_64.',
    ]);
  });
});
