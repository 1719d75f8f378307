import {
  type AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type Instance,
  type IpPermission,
  paginateDescribeInstances,
} from "@aws-sdk/client-ec2";
import type { GroupFacts, ImageFacts, InstanceFacts, RuleFacts, SecurityGroupFacts } from "../facts";
import { allPages, inBatches } from "./paging";

/** The number of scaling activities to read. */
const ACTIVITIES = 5;

export async function readGroups(client: AutoScalingClient, names: readonly string[]): Promise<GroupFacts[]> {
  const groups = await inBatches(names, 50, async (AutoScalingGroupNames) => {
    const answer = await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames }));
    return answer.AutoScalingGroups;
  });
  return Promise.all(
    groups.map(async (group) => {
      const name = group.AutoScalingGroupName ?? "";
      const request = { AutoScalingGroupName: name, MaxRecords: ACTIVITIES };
      const { Activities = [] } = await client.send(new DescribeScalingActivitiesCommand(request));
      return {
        name,
        minSize: group.MinSize ?? 0,
        maxSize: group.MaxSize ?? 0,
        desiredSize: group.DesiredCapacity ?? 0,
        ...templateOf(group),
        instances: (group.Instances ?? []).map(({ InstanceId = "", LifecycleState = "" }) => ({
          id: InstanceId,
          lifecycleState: LifecycleState,
        })),
        activities: Activities.map(({ StatusCode = "", StatusMessage, Cause, Description = "" }) => ({
          status: StatusCode,
          message: StatusMessage ?? Cause ?? Description,
        })),
        suspended: (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []).sort(),
      };
    }),
  );
}

/** Returns the launch template of a group, and the instance types that replace those of the template. */
function templateOf({ LaunchTemplate, MixedInstancesPolicy }: AutoScalingGroup): Partial<GroupFacts> {
  const { LaunchTemplateSpecification, Overrides = [] } = MixedInstancesPolicy?.LaunchTemplate ?? {};
  const { LaunchTemplateId: id, Version: version = "$Default" } = LaunchTemplate ?? LaunchTemplateSpecification ?? {};
  if (id === undefined) return {};
  return { template: { id, version }, instanceTypes: Overrides.flatMap(({ InstanceType }) => InstanceType ?? []) };
}

export async function readInstances(ec2: EC2Client, ids: readonly string[], now: Date): Promise<InstanceFacts[]> {
  const reservations = await inBatches(ids, 100, (batch) =>
    allPages(
      // A filter, because the call fails if a list of IDs has a terminated instance.
      paginateDescribeInstances({ client: ec2 }, { Filters: [{ Name: "instance-id", Values: batch }] }),
      ({ Reservations }) => Reservations,
    ),
  );
  return reservations
    .flatMap(({ Instances = [] }) => Instances)
    .map((instance) => instanceFacts(instance, now))
    .sort((one, other) => one.id.localeCompare(other.id, "en"));
}

export async function readUserData(ec2: EC2Client, InstanceId: string): Promise<string> {
  const answer = await ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute: "userData" }));
  return Buffer.from(answer.UserData?.Value ?? "", "base64").toString("utf8");
}

export async function readSecurityGroups(ec2: EC2Client, ids: readonly string[]): Promise<SecurityGroupFacts[]> {
  const groups = await inBatches(ids, 100, async (GroupIds) => {
    const answer = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds }));
    return answer.SecurityGroups;
  });
  return groups.map(({ GroupId = "", IpPermissions = [], IpPermissionsEgress = [] }) => ({
    id: GroupId,
    inbound: IpPermissions.map(ruleFacts),
    outbound: IpPermissionsEgress.map(ruleFacts),
  }));
}

export async function readImages(ec2: EC2Client, ids: readonly string[], now: Date): Promise<ImageFacts[]> {
  const images = await inBatches(ids, 100, async (batch) => {
    // A filter, because the call fails if a list of IDs has a deleted AMI.
    const Filters = [{ Name: "image-id", Values: batch }];
    const answer = await ec2.send(new DescribeImagesCommand({ Filters, IncludeDeprecated: true }));
    return answer.Images;
  });
  return images.map(({ ImageId = "", Name = "", CreationDate, Architecture }) => ({
    id: ImageId,
    name: Name,
    architecture: Architecture,
    daysOld: CreationDate === undefined ? 0 : Math.floor(minutesSince(new Date(CreationDate), now) / (24 * 60)),
  }));
}

export const minutesSince = (then: Date, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - then.getTime()) / 60_000));

function instanceFacts(instance: Instance, now: Date): InstanceFacts {
  const { MetadataOptions: options } = instance;
  const tag = (key: string) => instance.Tags?.find(({ Key }) => Key === key)?.Value ?? "";
  return {
    id: instance.InstanceId ?? "",
    state: instance.State?.Name ?? "",
    zone: instance.Placement?.AvailabilityZone ?? "",
    subnetId: instance.SubnetId,
    vpcId: instance.VpcId,
    hasIpv6: (instance.NetworkInterfaces ?? []).some(({ Ipv6Addresses = [] }) => Ipv6Addresses.length > 0),
    ...(options && {
      metadata: { isEnabled: options.HttpEndpoint !== "disabled", hops: options.HttpPutResponseHopLimit ?? 1 },
    }),
    minutesOld: minutesSince(instance.LaunchTime ?? now, now),
    publicAddress: instance.PublicIpAddress,
    isSpot: instance.InstanceLifecycle === "spot",
    imageId: instance.ImageId ?? "",
    type: instance.InstanceType,
    architecture: instance.Architecture,
    profileArn: instance.IamInstanceProfile?.Arn,
    securityGroupIds: (instance.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []).sort(),
    // Auto Scaling sets these tags. An instance without them counts as a template.
    template: [tag("aws:ec2launchtemplate:id") || instance.InstanceId, tag("aws:ec2launchtemplate:version")].join(" "),
  };
}

function ruleFacts(rule: IpPermission): RuleFacts {
  return {
    protocol: rule.IpProtocol ?? "-1",
    from: rule.FromPort ?? 0,
    to: rule.ToPort ?? 65535,
    cidrs: (rule.IpRanges ?? []).flatMap(({ CidrIp }) => CidrIp ?? []),
    groupIds: (rule.UserIdGroupPairs ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    ipv6Cidrs: (rule.Ipv6Ranges ?? []).flatMap(({ CidrIpv6 }) => CidrIpv6 ?? []),
    prefixListIds: (rule.PrefixListIds ?? []).flatMap(({ PrefixListId }) => PrefixListId ?? []),
  };
}
