import { LaunchTemplate as AwsLaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { securityGroupIdsRules } from "../capacity/capacity-rules";
import { CAPACITY_VALUE_DEFAULTS } from "../capacity/capacity-settings";
import type { EncryptionKey } from "../cluster/encryption-key";
import type { InstanceRole } from "../iam/instance-role";
import type { PortRules } from "../network/port-rules";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { checkProps, refuse } from "../validation/check-props";
import { boolean, custom, interfaceOf, plain, string } from "../validation/schema";
import { nameRules, rootVolumeRule } from "../validation/values";
import { AMI_FAMILY_TRAITS } from "./ami-family";
import type { EcsOptimizedImage } from "./ecs-optimized-image";
import type { InstanceSelection } from "./instance-selection";
import { instanceSelectionField } from "./instance-selection";
import type { KeyPair } from "./key-pair";
import { USER_DATA_LIMIT_BYTES, type UserData } from "./user-data";
import { type InstanceVolume, volumeDevices, volumeMistakes } from "./volumes";

/** What a container instance is made of. */
export interface LaunchTemplateProps {
  /** What the template and the instances are called. */
  readonly name: string;
  /** The instance types: where they are named, the template has the first, and the group overrides it. */
  readonly instanceTypes: InstanceSelection;
  /** The AMI. */
  readonly image: EcsOptimizedImage;
  /** The instances' role. */
  readonly role: InstanceRole;
  /** The instances' security group. */
  readonly portRules: PortRules;
  /** What the instances do at first boot: it names the cluster that they join. */
  readonly userData: UserData;
  /** The key for SSH. @default - none */
  readonly keyPair?: KeyPair;
  /** The volume that holds images and containers, in GiB, 30 to 65536. @default 30 */
  readonly rootVolumeGib?: number;
  /** Further volumes, which the user data mounts: see `mountLines`. @default - none */
  readonly volumes?: Readonly<Record<string, InstanceVolume>>;
  /** Further security groups of the instances, by id, at most 4. @default - the cluster's own alone */
  readonly securityGroupIds?: string[];
  /** Measure the instances each minute. @default false: every five */
  readonly detailedMonitoring?: boolean;
  /** Give the instances a public address: without one they need NAT or VPC endpoints to reach ECS. @default true */
  readonly publicAddress?: boolean;
  /** The key for the volumes. @default - the account's own for EBS (`aws/ebs`) */
  readonly encryptionKey?: EncryptionKey;
  /** Tags of instances and volumes, which the provider's default tags don't reach. @default - Name and Purpose only */
  readonly tags?: { [key: string]: string };
}

/** How each instance starts: image, role, key, ports, encrypted volume, and metadata that containers can't reach. */
export class LaunchTemplate extends Construct {
  /** The template's id. */
  readonly launchTemplateId: string;
  /** The newest version, a number: `$Latest` would never start an instance refresh. */
  readonly latestVersion: string;
  /** The types that a group with this template runs. */
  readonly instanceTypes: InstanceSelection;
  /** What has to be there before the instances, and after them on destroy. */
  readonly role: InstanceRole;
  /** Whether the agent drains an instance on a Spot interruption notice. */
  readonly spotDraining: boolean;

  constructor(scope: Construct, id: string, props: LaunchTemplateProps) {
    super(scope, id);
    const { publicAddress = true, encryptionKey } = props;
    const { name, instanceTypes, image, role, portRules, userData, keyPair, tags = {} } = props;
    const { rootVolumeGib = CAPACITY_VALUE_DEFAULTS.rootVolumeGib } = props;
    checkProps(this, {
      name: [name, nameRules],
      rootVolumeGib: [rootVolumeGib, [rootVolumeRule]],
      securityGroupIds: [props.securityGroupIds, securityGroupIdsRules],
    });
    refuse(this, volumeMistakes(props.volumes ?? {}, "volumes"));
    this.instanceTypes = instanceTypes;
    this.role = role;
    const { agentConfig } = userData;
    this.spotDraining = agentConfig.spotDraining;
    const { portRange: admitted } = portRules;
    const { portRange: used, family } = agentConfig;
    refuse(this, [
      ...(used.from >= admitted.from && used.to <= admitted.to
        ? []
        : [
            `userData must give containers host ports that portRules admit; received ${used}, with ${admitted} admitted. Make both from one PortRange.`,
          ]),
      ...(family === image.family
        ? []
        : [
            `userData must be of the image's family, ${image.family}; received ${family}. Give AgentConfig that family.`,
          ]),
    ]);

    // A local, so that whoever reads the JSON sees the text and not its base64.
    const text = new TerraformLocal(this, "user_data", userData.template);
    const instanceTags = (purpose: string) => hcl`merge(${tags}, ${purposeTags(`${name}-instance`, purpose)})`.map;
    const { dataDevice, otherDevices } = AMI_FAMILY_TRAITS[image.family];
    const ebs = { encrypted: "true", kmsKeyId: encryptionKey?.keyArn, volumeType: "gp3", deleteOnTermination: "true" };
    const purpose = "How the container instances of the ECS cluster start";
    const template = new AwsLaunchTemplate(this, "resource", {
      name: `${name}-instance`,
      description: purpose,
      imageId: image.imageId,
      instanceType: instanceTypes.names && hcl`${instanceTypes.names}[0]`.string,
      keyName: keyPair?.keyName,
      iamInstanceProfile: { arn: role.instanceProfileArn },
      userData: hcl`base64encode(${text.fqn})`.string,
      updateDefaultVersion: true,
      monitoring: props.detailedMonitoring ? { enabled: true } : undefined,
      blockDeviceMappings: [
        { deviceName: dataDevice, ebs: { ...ebs, volumeSize: rootVolumeGib } },
        ...otherDevices.map((deviceName) => ({ deviceName, ebs })),
        ...volumeDevices(props.volumes ?? {}).map(({ deviceName, ebs: own }) => ({
          deviceName,
          ebs: { ...ebs, ...own },
        })),
      ],
      // Containers in bridge mode are one hop further away than the instance, so the token never reaches them.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      networkInterfaces: [
        {
          deviceIndex: 0,
          // Asked for here, since a default subnet's own flag may be off, and then the agent never reaches ECS.
          associatePublicIpAddress: String(publicAddress),
          deleteOnTermination: "true",
          securityGroups: props.securityGroupIds
            ? hcl`concat([${portRules.instanceSecurityGroupId}], ${props.securityGroupIds})`.list
            : [portRules.instanceSecurityGroupId],
        },
      ],
      tagSpecifications: [
        { resourceType: "instance", tags: instanceTags("Runs the containers of the ECS cluster") },
        { resourceType: "volume", tags: instanceTags("Holds images and containers of the ECS cluster") },
      ],
      tags: purposeTags(`${name}-instance`, purpose),
      lifecycle: {
        precondition: [
          {
            // In base64, since Terraform counts characters and EC2 counts bytes.
            condition: hcl`length(base64encode(${text.fqn})) <= ${Math.ceil(USER_DATA_LIMIT_BYTES / 3) * 4}`.string,
            errorMessage: `The user data must not be over ${USER_DATA_LIMIT_BYTES} bytes, which is what EC2 takes. Fetch what is long from S3 instead.`,
          },
        ],
      },
    });
    this.launchTemplateId = template.id;
    this.latestVersion = hcl`tostring(${template.fqn}.latest_version)`.string;
  }
}

/** The field of a `launchTemplate` property. */
export const launchTemplateField = interfaceOf<LaunchTemplate>(
  "a launch template",
  "Use a LaunchTemplate.",
)({
  launchTemplateId: string(),
  latestVersion: string(),
  instanceTypes: instanceSelectionField,
  role: interfaceOf<InstanceRole>(
    "the role of the instances",
    "Use an InstanceRole.",
  )({
    attachments: custom<InstanceRole["attachments"]>("a list of resources", "Use an InstanceRole.", Array.isArray),
  }),
  spotDraining: plain(boolean()),
});
