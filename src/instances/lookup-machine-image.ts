import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { type Expression, hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { literal } from "../terraform/literal";
import { distinctElements, matches } from "../validation/rule";
import { choice, interfaceOf, list, map, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { validate } from "../validation/validate";
import { AMI_FAMILIES, AMI_FAMILY_TRAITS, type AmiFamily, amiFamilyField } from "./ami-family";
import { type InstanceSelection, instanceSelectionField } from "./instance-selection";

/** The newest AMI that matches, such as the last one that a pipeline built. */
export interface AmiFilter {
  /** The name of the AMI, where `*` stands for any text: `golden-ecs-*`. */
  readonly name: string;
  /** The accounts that own the AMI, by id, or `self`. @default ["self"] */
  readonly owners?: readonly string[];
  /** Tags of the AMI. Only the owner sees them. @default - any */
  readonly tags?: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const tagText = matches(
  "^[A-Za-z0-9 _.:/=+@-]{1,256}$",
  "have 1 to 256 letters, digits, spaces and _ . : / = + - @",
  "AWS rejects other characters in tags.",
);

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html */
export const amiFilterSchema = schemaOf<AmiFilter>()({
  name: plain(
    string(
      matches(
        "^[A-Za-z0-9()\\[\\] ./'@_*?-]{3,128}$",
        "have 3 to 128 letters, digits, spaces and ( ) [ ] . / - ' @ _, or * for any text",
        'For example "golden-ecs-*".',
      ),
    ),
  ),
  owners: plain(
    list(
      string(
        matches(
          "^([0-9]{12}|self)$",
          "be AWS account ids of 12 digits, or self",
          "A name alone can match an AMI of anyone.",
        ),
      ),
      distinctElements(1, 50, "owners", 'For example ["self"].'),
    ),
  ).default(["self"]),
  tags: plain(map(string(tagText), { names: [tagText] })).default({}),
});

/** The id of an AMI. */
export const amiIdRule = matches(
  "^ami-[0-9a-f]{8,17}$",
  "be the id of an AMI",
  "List your AMIs: aws ec2 describe-images --owners self --query Images[].[ImageId,Name]",
);

/** An AMI of your own, and the instances that boot it. */
export interface LookupMachineImageProps {
  /** The instance types. The AMI must have their architecture. */
  readonly instanceTypes: InstanceSelection;
  /** The AMI, by id. @default - `filter` finds it */
  readonly imageId?: string;
  /** Finds the AMI at each plan. @default - `imageId` names it */
  readonly filter?: AmiFilter;
  /** The ECS-optimized family that the AMI is built from. It decides how the agent is configured. @default "amazon-linux-2023" */
  readonly family?: AmiFamily;
}

export const lookupMachineImagePropsSchema = schemaOf<LookupMachineImageProps>()(
  {
    instanceTypes: instanceSelectionField,
    imageId: string(amiIdRule).optional(),
    filter: amiFilterSchema.optional(),
    family: amiFamilyField,
  },
  function* oneOfBoth(
    _: Known<LookupMachineImageProps>,
    given: Given<LookupMachineImageProps>,
  ): Findings<LookupMachineImageProps> {
    if (given("imageId") === given("filter")) {
      yield { at: "imageId", must: "be set, or filter", fix: "Set one of the two." };
    }
  },
);

/** An AMI that instances boot: an {@link EcsOptimizedImage}, or one of your own. */
export interface MachineImage {
  /** The AMI's id. */
  readonly imageId: string;
  /** The family, which decides how the agent is configured. */
  readonly family: AmiFamily;
  /** The device of the AMI that stores images and containers. @default - the family's */
  readonly dataDevice?: string;
  /** The size of that device in the AMI in GiB. The volume of an instance cannot be smaller. @default - the family's, 30 GiB */
  readonly dataDeviceGib?: number;
}

/**
 * An AMI of your own, such as a golden image. It is built from an ECS-optimized AMI, so it has the agent and Docker. Terraform
 * reads its architecture, its root device and its size at each plan.
 */
export class LookupMachineImage extends Construct implements MachineImage {
  readonly imageId: string;
  readonly family: AmiFamily;
  readonly dataDevice: string;
  readonly dataDeviceGib: number;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: LookupMachineImageProps) {
    super(scope, id);
    const { instanceTypes, imageId, filter, family } = validate(this, lookupMachineImagePropsSchema, props);
    this.family = family;
    const { deprecation, dataDevice, otherDevices } = AMI_FAMILY_TRAITS[family];
    if (deprecation) Annotations.of(this).addWarning(deprecation);

    const ami = new DataAwsAmi(this, "resource", {
      ...(filter
        ? {
            mostRecent: true,
            owners: [...filter.owners],
            filter: [
              { name: "name", values: [literal(filter.name)] },
              { name: "state", values: ["available"] },
              ...Object.entries(filter.tags).map(([key, value]) => ({
                name: literal(`tag:${key}`),
                values: [literal(value)],
              })),
            ],
          }
        : { filter: [{ name: "image-id", values: [imageId ?? ""] }] }),
      lifecycle: {
        precondition: instanceTypes.guards.length > 0 ? [...instanceTypes.guards] : undefined,
        postcondition: [architectureGuard(instanceTypes)],
      },
    });
    this.node.defaultChild = ami;
    this.imageId = ami.id;
    // Bottlerocket has its system on the root device, and everything else on another one.
    this.dataDevice = otherDevices.length > 0 ? dataDevice : ami.rootDeviceName;
    this.dataDeviceGib = sizeOf(ami.fqn, this.dataDevice).number;
  }
}

/** Terraform reads the AMI before it knows whether it fits. */
function architectureGuard({ isArm64, variable }: InstanceSelection): Guard {
  const wanted = hcl`${isArm64} ? "arm64" : "x86_64"`;
  return {
    condition: hcl`self.architecture == (${wanted})`.string,
    errorMessage: `The AMI ${hcl`self.id`} must have the architecture of the instances, ${wanted}; received ${hcl`self.architecture`}. Choose another AMI, or other ${variable}.`,
  };
}

/** Returns the size of a device of an AMI in GiB, as an expression. */
const sizeOf = (ami: string, device: string): Expression =>
  hcl`try(max([for mapping in ${ami}.block_device_mappings : tonumber(mapping.ebs.volume_size) if mapping.device_name == ${device}]...), 0)`;

/** The field of an `image` property. */
export const machineImageField = interfaceOf<MachineImage>(
  "an EcsOptimizedImage or a LookupMachineImage",
  "Pass the construct, or an object with its attributes.",
)({
  imageId: string(),
  family: plain(choice(...AMI_FAMILIES)),
  dataDevice: string().optional(),
  dataDeviceGib: number().optional(),
});
