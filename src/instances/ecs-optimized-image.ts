import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { checkProps } from "../validation/check-props";
import { choice, interfaceOf, plain, string } from "../validation/schema";
import { amiVersionRule } from "../validation/values";
import { AMI_FAMILIES, AMI_FAMILY_TRAITS, type AmiFamily } from "./ami-family";
import type { InstanceSelection } from "./instance-selection";

/** Which image, for which instances. */
export interface EcsOptimizedImageProps {
  /** The instance types, which decide the architecture and whether it is the GPU image. */
  readonly instanceTypes: InstanceSelection;
  /** The AMI family. @default "amazon-linux-2023" */
  readonly family?: AmiFamily;
  /** `recommended`, looked up at each plan, or a published version to pin: an AMI's name, or Bottlerocket's version. @default "recommended" */
  readonly version?: string;
}

/**
 * The region's ECS-optimized AMI, looked up in the public SSM parameters at plan.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
 */
export class EcsOptimizedImage extends Construct {
  /** The AMI's id. */
  readonly imageId: string;
  /** The AMI's family. */
  readonly family: AmiFamily;

  constructor(scope: Construct, id: string, props: EcsOptimizedImageProps) {
    super(scope, id);
    const { instanceTypes, family = "amazon-linux-2023", version = "recommended" } = props;
    checkProps(this, { version: [version, [amiVersionRule(family)]] });
    this.family = family;
    const { deprecation } = AMI_FAMILY_TRAITS[family];
    if (deprecation) Annotations.of(this).addWarning(deprecation);

    const { isArm64, hasGpu, hasNeuron, names, variable } = instanceTypes;
    const { neuronPath } = AMI_FAMILY_TRAITS[family];
    const asked = hcl`join(", ", ${names ?? []})`;
    const bottlerocket = family === "bottlerocket";
    const parameter = new DataAwsSsmParameter(this, "resource", {
      name: bottlerocket
        ? hcl`join("/", ["/aws/service/bottlerocket", ${hasGpu} ? "aws-ecs-2-nvidia" : "aws-ecs-2", ${isArm64} ? "arm64" : "x86_64", ${version} == "recommended" ? "latest" : ${version}, "image_id"])`
            .string
        : hcl`join("/", concat([${`/aws/service/ecs/optimized-ami/${family}`}], ${isArm64} ? ["arm64"] : [], ${hasGpu} ? ["gpu"] : ${hasNeuron} ? [${neuronPath}] : [], [${version}, "image_id"]))`
            .string,
      lifecycle: {
        precondition: [
          ...instanceTypes.guards,
          ...(bottlerocket || !names
            ? []
            : [
                {
                  condition: hcl`!(${isArm64} && ${hasGpu})`.string,
                  errorMessage: `${family} has no ECS-optimized AMI for arm64 with GPUs; ${variable} are ${asked}. Choose x86 types with GPUs, or Bottlerocket.`,
                },
              ]),
          ...(neuronPath || !names
            ? []
            : [
                {
                  condition: hcl`!${hasNeuron}`.string,
                  errorMessage: `${family} has no ECS-optimized AMI for Neuron devices; ${variable} are ${asked}. Choose amazon-linux-2023, or other types.`,
                },
              ]),
          ...(bottlerocket
            ? []
            : [
                {
                  condition:
                    hcl`${version} == "recommended" || strcontains(${version}, ${isArm64} ? "arm64" : "x86_64")`.string,
                  errorMessage: `${variable.replace(/instance_types$/, "ami_version")} must be of the instances' architecture, ${hcl`${isArm64} ? "arm64" : "x86_64"`}; received ${version}. Pin a version whose name ends in it, or other instance types.`,
                },
              ]),
        ],
      },
    });
    // Not `value`, which Terraform treats as a secret and hides in every plan.
    this.imageId = parameter.insecureValue;
  }
}

/** The field of an `image` property. */
export const ecsOptimizedImageField = interfaceOf<EcsOptimizedImage>(
  "an AMI",
  "Use an EcsOptimizedImage.",
)({
  imageId: string(),
  family: plain(choice(...AMI_FAMILIES)),
});
