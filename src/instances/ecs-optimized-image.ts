import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { matches, type Rule } from "../validation/rule";
import { schemaOf, string } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { validate } from "../validation/validate";
import { AMI_FAMILY_TRAITS, type AmiFamily, amiFamilyField } from "./ami-family";
import {
  type InstanceRequirementsSettings,
  type InstanceSelection,
  instanceSelectionField,
} from "./instance-selection";
import type { MachineImage } from "./lookup-machine-image";

/** Returns the rule of `ami_version` for a family. */
export const amiVersionRule = (family: AmiFamily): Rule<string> => {
  const { pattern, example } = AMI_FAMILY_TRAITS[family].pinnedVersion;
  return matches(
    `^(recommended|${pattern})$`,
    `be "recommended" or a published version of ${family}`,
    `Use "recommended", or a version such as ${example}.`,
  );
};

/** The AMI, and the instances that boot it. */
export interface EcsOptimizedImageProps {
  /** The instance types. They decide the architecture, and whether the AMI has drivers for GPUs or Neuron devices. */
  readonly instanceTypes: InstanceSelection;
  /** The AMI family. @default "amazon-linux-2023" */
  readonly family?: AmiFamily;
  /** `recommended` for the newest version at each plan, or a published version to pin: the name of an AMI, or Bottlerocket's version. @default "recommended" */
  readonly version?: string;
}

export const ecsOptimizedImagePropsSchema = schemaOf<EcsOptimizedImageProps>()(
  { instanceTypes: instanceSelectionField, family: amiFamilyField, version: string().default("recommended") },
  versionOfFamily,
  function* ({ family, instanceTypes }) {
    for (const { must, fix } of imageOfAccelerators(family, instanceTypes?.requirements)) {
      yield { at: ["instanceTypes", "requirements", "acceleratorManufacturers"] as never, must, fix };
    }
  },
);

/** Finds requirements of accelerators for which a family has no image. Types by name are only known at plan. */
export function* imageOfAccelerators(
  family: AmiFamily | undefined,
  requirements: Known<InstanceRequirementsSettings> | undefined,
): Iterable<{ readonly must: string; readonly fix: string }> {
  const [accelerator] = requirements?.acceleratorManufacturers ?? [];
  if (family === undefined || accelerator === undefined) return;
  if (accelerator === "nvidia" && requirements?.architecture === "arm64" && family !== "bottlerocket") {
    yield { must: `not be nvidia with arm64 and ${family}`, fix: "Use x86_64, or Bottlerocket." };
  }
  if (accelerator === "amazon-web-services" && !AMI_FAMILY_TRAITS[family].neuronPath) {
    yield { must: `not be amazon-web-services with ${family}`, fix: "Use amazon-linux-2023." };
  }
}

function* versionOfFamily({ family, version }: Known<EcsOptimizedImageProps>): Findings<EcsOptimizedImageProps> {
  if (family === undefined || version === undefined) return;
  const { must, fix, check } = amiVersionRule(family);
  if (!check(version, {})) yield { at: "version", must, fix };
}

/**
 * The region's ECS-optimized AMI. Terraform reads its id from the public SSM parameters at each plan.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
 */
export class EcsOptimizedImage extends Construct implements MachineImage {
  /** The AMI's id. */
  readonly imageId: string;
  /** The AMI's family. */
  readonly family: AmiFamily;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: EcsOptimizedImageProps) {
    super(scope, id);
    const { instanceTypes, family, version } = validate(this, ecsOptimizedImagePropsSchema, props);
    this.family = family;
    const { deprecation, neuronPath } = AMI_FAMILY_TRAITS[family];
    if (deprecation) Annotations.of(this).addWarning(deprecation);

    const { isArm64, hasGpu, hasNeuron, names, variable } = instanceTypes;
    const received = hcl`join(", ", ${names ?? []})`;
    const prefix = variable.endsWith("instance_types") ? variable.slice(0, -"instance_types".length) : "";
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
                  errorMessage: `${family} has no ECS-optimized AMI for arm64 with GPUs; ${variable} are ${received}. Choose x86 types with GPUs, or Bottlerocket.`,
                },
              ]),
          ...(neuronPath || !names
            ? []
            : [
                {
                  condition: hcl`!${hasNeuron}`.string,
                  errorMessage: `${family} has no ECS-optimized AMI for Neuron devices; ${variable} are ${received}. Choose amazon-linux-2023, or other types.`,
                },
              ]),
          ...(bottlerocket
            ? []
            : [
                {
                  condition:
                    hcl`${version} == "recommended" || strcontains(${version}, ${isArm64} ? "arm64" : "x86_64")`.string,
                  errorMessage: `${prefix}ami_version must be of the instances' architecture, ${hcl`${isArm64} ? "arm64" : "x86_64"`}; received ${version}. Pin a version whose name ends with it, or choose other instance types.`,
                },
              ]),
        ],
      },
    });
    this.node.defaultChild = parameter;
    // Terraform treats `value` as a secret and hides it in every plan.
    this.imageId = parameter.insecureValue;
  }
}
