import { UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateVersionCommand, DeleteLaunchTemplateCommand } from "@aws-sdk/client-ec2";
import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import { replaced } from "./moto-answers";
import type { Case, Fault } from "./moto-doctor";
import { document, NEXT_PROFILE } from "./moto-task-needs";

const TEMPLATE = { LaunchTemplateName: "ecs-instance" } as const;
const OF = "of the launch template TEMPLATE of the Auto Scaling group ecs-instances";
const IN = "the launch template TEMPLATE of the Auto Scaling group ecs-instances";

/** The data of a version of the launch template. */
type Data = { ImageId?: string; InstanceType?: "t3.small" | "t4g.small"; IamInstanceProfile?: { Name: string } };

/** Adds a version of the launch template, which the group uses. */
const nextVersion =
  (dataOf: (resources: Parameters<Fault>[0]) => Data | Promise<Data>): Fault =>
  async (resources) => {
    const { ec2, autoScaling } = resources.clients;
    const current = { ImageId: resources.imageId, InstanceType: "t3.small" as const };
    const LaunchTemplateData = { ...current, ...(await dataOf(resources)) };
    await ec2.send(new CreateLaunchTemplateVersionCommand({ ...TEMPLATE, LaunchTemplateData }));
    const LaunchTemplate = { ...TEMPLATE, Version: "$Latest" };
    await autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "ecs-instances", LaunchTemplate }),
    );
  };

const profile = { IamInstanceProfile: { Name: NEXT_PROFILE } };

/** Faults of the launch template, with which the running instances still work. */
export const TEMPLATE_FAULTS: readonly Case[] = [
  [
    "a deleted launch template",
    [`templates: Version 1 ${OF} was deleted. No instance can start.`],
    ({ clients }) => clients.ec2.send(new DeleteLaunchTemplateCommand(TEMPLATE)),
  ],
  [
    "a group on an old version of its launch template",
    [
      "templates: The Auto Scaling group ecs-instances starts instances from version 1 of TEMPLATE. The newest version is 2.",
    ],
    ({ clients, imageId }) =>
      clients.ec2.send(
        new CreateLaunchTemplateVersionCommand({ ...TEMPLATE, LaunchTemplateData: { ImageId: imageId, ...profile } }),
      ),
  ],
  [
    "a launch template without a profile",
    [`templates: T${IN.slice(1)} names no instance profile. The next instance cannot join the cluster.`],
    nextVersion(() => ({})),
  ],
  [
    "a launch template with a deleted profile",
    [`templates: The instance profile gone in ${IN} was deleted. The next instance cannot start.`],
    nextVersion(() => ({ IamInstanceProfile: { Name: "gone" } })),
  ],
  [
    "a launch template with a profile without a role",
    [`templates: The instance profile bare in ${IN} has no role. The next instance cannot join the cluster.`],
    nextVersion(async ({ clients }) => {
      await clients.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "bare" }));
      return { IamInstanceProfile: { Name: "bare" } };
    }),
  ],
  [
    "a launch template with a role that EC2 cannot assume",
    [`templates: EC2 is not allowed to assume the role closed ${OF}. The next instance cannot join the cluster.`],
    nextVersion(async ({ clients: { iam } }) => {
      const names = { RoleName: "closed", InstanceProfileName: "closed" };
      const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs.amazonaws.com" } };
      await iam.send(new CreateRoleCommand({ RoleName: "closed", AssumeRolePolicyDocument: document(trust) }));
      await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "closed" }));
      await iam.send(new AddRoleToInstanceProfileCommand(names));
      return { IamInstanceProfile: { Name: "closed" } };
    }),
  ],
  [
    "a launch template with a deleted AMI",
    [`templates: The AMI ami-00000000000000000 ${OF} does not exist. The next instance cannot start.`],
    nextVersion(() => ({ ImageId: "ami-00000000000000000", ...profile })),
  ],
  [
    "a launch template with an AMI for another architecture",
    [`templates: The AMI IMAGE ${OF} is for arm64. t3.small cannot start from it.`],
    async (resources, proxy) => {
      proxy.overlays.set("DescribeImages", replaced(/<imageId>/g, "<architecture>arm64</architecture><imageId>"));
      await nextVersion(() => profile)(resources, proxy);
    },
  ],
];
