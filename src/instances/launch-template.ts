import { LaunchTemplate as AwsLaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Annotations, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { encryptionKeyField, type KeyReference } from "../cluster/encryption-key";
import { type InstanceProfileReference, instanceRoleField } from "../iam/instance-role";
import { PortRange } from "../network/port-range";
import { type InstanceSecurityGroup, instanceSecurityGroupField, securityGroupIdsRules } from "../network/port-rules";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules } from "../validation/aws-rules";
import { wholeNumber } from "../validation/rule";
import { boolean, interfaceOf, list, map, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { validate } from "../validation/validate";
import { AMI_FAMILIES, AMI_FAMILY_TRAITS } from "./ami-family";
import { least, listed, memoryOf } from "./instance-amounts";
import {
  type InstanceOptions,
  instanceOptionsSchema,
  optionArguments,
  optionGuards,
  optionsWithRequirements,
  optionWarnings,
} from "./instance-options";
import { type InstanceSelection, instanceSelectionField } from "./instance-selection";
import { type InstanceVolume, instanceVolumesField, volumeDevices } from "./instance-volume";
import { type KeyPairReference, keyPairField } from "./key-pair";
import { type MachineImage, machineImageField } from "./lookup-machine-image";
import { USER_DATA_LIMIT_BYTES, type UserData, userDataField } from "./user-data";

/** The AMI's snapshot has 30 GiB, and a gp3 volume has at most 64 TiB. */
export const rootVolumeRule = wholeNumber(30, 65_536, "GiB", "The snapshot of the ECS-optimized AMI has 30 GiB.");

/** How the instances of a cluster start. */
export interface LaunchTemplateProps extends InstanceOptions {
  /** The name of the cluster. `<name>-instance` is the name of the template and of the instances. */
  readonly name: string;
  /** The instance types. The template has the first of named types, and the Auto Scaling group overrides it. */
  readonly instanceTypes: InstanceSelection;
  /** The AMI. */
  readonly image: MachineImage;
  /** The role of the instances. */
  readonly role: InstanceProfileReference;
  /** The rules of the instances' security group. They must admit the agent's port range. */
  readonly portRules: InstanceSecurityGroup;
  /** What the instances do at the first boot. It names the cluster that they join. */
  readonly userData: UserData;
  /** The key for SSH. @default - none */
  readonly keyPair?: KeyPairReference;
  /** The size of the volume that stores images and containers, in GiB. @default 30 */
  readonly rootVolumeGib?: number;
  /** Further volumes. Add `mountLines(volumes)` to the user data to mount them. @default - none */
  readonly volumes?: Readonly<Record<string, InstanceVolume>>;
  /** Further security groups of the instances, by id. @default - only the cluster's */
  readonly securityGroupIds?: readonly string[];
  /** Publishes the instances' metrics every minute instead of every five minutes. AWS charges for it. @default false */
  readonly detailedMonitoring?: boolean;
  /** Gives the instances a public address. Without one they need NAT or VPC endpoints to reach ECS. @default true */
  readonly publicAddress?: boolean;
  /** The key that encrypts the volumes. @default - the account's key for EBS, `aws/ebs` */
  readonly encryptionKey?: KeyReference;
  /** Tags of the instances and volumes. The provider's default tags do not reach them. @default - only Name and Purpose */
  readonly tags?: Readonly<Record<string, string>>;
}

export const launchTemplatePropsSchema = schemaOf<LaunchTemplateProps>()(
  {
    name: string(...clusterNameRules),
    instanceTypes: instanceSelectionField,
    image: machineImageField,
    role: instanceRoleField,
    portRules: instanceSecurityGroupField,
    userData: userDataField,
    keyPair: keyPairField.optional(),
    rootVolumeGib: number(rootVolumeRule).default(30),
    volumes: instanceVolumesField.default({}),
    securityGroupIds: list(string(), ...securityGroupIdsRules).optional(),
    detailedMonitoring: plain(boolean()).default(false),
    publicAddress: plain(boolean()).default(true),
    encryptionKey: encryptionKeyField.optional(),
    tags: map(string()).default({}),
    ...instanceOptionsSchema.shape,
  },
  userDataFits,
  function* optionsOfTypes(props) {
    yield* optionsWithRequirements(props, props.instanceTypes?.requirements);
  },
);

/** Finds user data whose agent gives containers ports that the security group does not admit, and that another family boots. */
function* userDataFits({ userData, portRules, image }: Known<LaunchTemplateProps>): Findings<LaunchTemplateProps> {
  const { portRange: used, family } = userData?.agentConfig ?? {};
  const admitted = portRules?.portRange;
  if (
    used instanceof PortRange &&
    admitted instanceof PortRange &&
    (used.from < admitted.from || used.to > admitted.to)
  ) {
    const must = `use host ports that portRules admits, which are ${admitted}`;
    yield { at: "userData", must, received: `${used}`, fix: "Create both with the same PortRange." };
  }
  if (family !== undefined && AMI_FAMILIES.some((one) => one === image?.family && one !== family)) {
    const must = `be for the AMI's family, which is ${image?.family}`;
    yield { at: "userData", must, received: family, fix: "Set the same family in AgentConfig." };
  }
}

/** How each instance starts: AMI, role, key, ports, encrypted volumes, and instance metadata that containers cannot read. */
export class LaunchTemplate extends Construct {
  /** The template's id. */
  readonly launchTemplateId: string;
  /** The newest version as a number. With `$Latest` an instance refresh would never start. */
  readonly latestVersion: string;
  /** The types that a group with this template runs. */
  readonly instanceTypes: InstanceSelection;
  /** The role. Its policies must exist before the instances, and on destroy until they are gone. */
  readonly role: InstanceProfileReference;
  /** Whether the agent drains an instance on a Spot interruption notice. */
  readonly spotDraining: boolean;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: LaunchTemplateProps) {
    super(scope, id);
    const settings = validate(this, launchTemplatePropsSchema, props);
    const { name, instanceTypes, image, role, portRules, userData, tags, securityGroupIds } = settings;
    this.instanceTypes = instanceTypes;
    this.role = role;
    const { agentConfig } = userData;
    this.spotDraining = agentConfig.spotDraining;
    for (const warning of [...agentConfig.warnings, ...optionWarnings(settings)])
      Annotations.of(this).addWarning(warning);

    // A local, so that the JSON shows the text instead of its base64.
    const text = new TerraformLocal(this, "user_data", userData.template);
    const instanceTags = (purpose: string) => hcl`merge(${tags}, ${purposeTags(`${name}-instance`, purpose)})`.map;
    const { dataDevice, otherDevices } = AMI_FAMILY_TRAITS[image.family];
    const { dataDeviceGib } = image;
    const kmsKeyId = settings.encryptionKey?.keyArn;
    const ebs = { encrypted: "true", kmsKeyId, volumeType: "gp3", deleteOnTermination: "true" };
    const purpose = "Starts the container instances of the ECS cluster";
    const template = new AwsLaunchTemplate(this, "resource", {
      name: `${name}-instance`,
      description: purpose,
      imageId: image.imageId,
      instanceType: instanceTypes.names && hcl`${instanceTypes.names}[0]`.string,
      keyName: settings.keyPair?.keyName,
      iamInstanceProfile: { arn: role.instanceProfileArn },
      userData: hcl`base64encode(${text.fqn})`.string,
      updateDefaultVersion: true,
      monitoring: settings.detailedMonitoring ? { enabled: true } : undefined,
      blockDeviceMappings: [
        { deviceName: image.dataDevice ?? dataDevice, ebs: { ...ebs, volumeSize: settings.rootVolumeGib } },
        ...otherDevices.map((deviceName) => ({ deviceName, ebs })),
        ...volumeDevices(settings.volumes).map(({ deviceName, ebs: own }) => ({ deviceName, ebs: { ...ebs, ...own } })),
      ],
      ...optionArguments(settings),
      networkInterfaces: [
        {
          deviceIndex: 0,
          // Always set, because a default subnet may assign no public address, and then the agent never reaches ECS.
          associatePublicIpAddress: String(settings.publicAddress),
          deleteOnTermination: "true",
          ipv6AddressCount: settings.ipv6AddressCount,
          securityGroups: securityGroupIds
            ? hcl`concat([${portRules.instanceSecurityGroupId}], ${securityGroupIds})`.list
            : [portRules.instanceSecurityGroupId],
        },
      ],
      tagSpecifications: [
        { resourceType: "instance", tags: instanceTags("Runs the containers of the ECS cluster") },
        { resourceType: "volume", tags: instanceTags("Stores images and containers of the ECS cluster") },
      ],
      tags: purposeTags(`${name}-instance`, purpose),
      lifecycle: {
        precondition: [
          {
            // The length in base64, because Terraform counts characters and EC2 counts bytes.
            condition: hcl`length(base64encode(${text.fqn})) <= ${Math.ceil(USER_DATA_LIMIT_BYTES / 3) * 4}`.string,
            errorMessage: `The user data must not be longer than ${USER_DATA_LIMIT_BYTES} bytes, the most that EC2 accepts. Download long content from S3 instead.`,
          },
          ...reservedMemoryGuards(agentConfig.options.reservedMemoryMiB, instanceTypes),
          ...optionGuards(settings, instanceTypes, tags),
          ...(dataDeviceGib === undefined ? [] : [volumeGuard(settings.rootVolumeGib, image.imageId, dataDeviceGib)]),
        ],
      },
    });
    this.node.defaultChild = template;
    this.launchTemplateId = template.id;
    this.latestVersion = hcl`tostring(${template.fqn}.latest_version)`.string;
  }
}

/** An agent that reserves more memory than the instance has never registers the instance. */
function reservedMemoryGuards(reserved = 0, { details, variable }: InstanceSelection): Guard[] {
  const memory = { details, amount: memoryOf() };
  if (reserved === 0) return [];
  return [
    {
      condition: hcl`${reserved} < ${least(memory)}`.string,
      errorMessage: `agent.reservedMemoryMiB must be below the memory that ECS registers of each instance type; received ${reserved}, and the types have ${listed(memory)}. Lower it, or choose larger ${variable}.`,
    },
  ];
}

/** EC2 rejects a volume that is smaller than its snapshot, when it starts an instance. */
const volumeGuard = (gib: number, imageId: string, least: number): Guard => ({
  condition: hcl`${gib} >= ${least}`.string,
  errorMessage: `The volume for images and containers must be at least as large as in the AMI ${imageId}, which is ${hcl`${least}`} GiB; received ${hcl`${gib}`}. Raise root_volume_gib.`,
});

/** The field of a `launchTemplate` property. */
export const launchTemplateField = interfaceOf<LaunchTemplate>(
  "a LaunchTemplate",
  "Pass the construct, or an object with its attributes.",
)({
  launchTemplateId: string(),
  latestVersion: string(),
  instanceTypes: instanceSelectionField,
  role: instanceRoleField,
  spotDraining: plain(boolean()),
});
