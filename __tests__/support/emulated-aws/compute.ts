import type { Answers } from "./clients";
import { userDataOf } from "./ecs";
import { block, blocks, lastPart, type Machine, number, type Resources, text, texts, type Values } from "./resources";

export function computeAnswers(resources: Resources): Answers {
  const named = (ids: readonly string[]) => resources.machines.filter(({ id }) => ids.includes(id));
  return {
    DescribeAutoScalingGroups: (input) => ({
      AutoScalingGroups: resources
        .where("aws_autoscaling_group", "name", ...texts(input, "AutoScalingGroupNames"))
        .map((group) => ({
          ...{ AutoScalingGroupName: group.name, MinSize: group.min_size, MaxSize: group.max_size },
          DesiredCapacity: resources.sizeOf(group),
          ...templateAnswer(group, resources.templateOf(group)),
          Instances: resources.machines
            .filter((machine) => machine.group === group)
            .map(({ id }) => ({ InstanceId: id, LifecycleState: "InService" })),
          SuspendedProcesses: texts(group, "suspended_processes").map((ProcessName) => ({ ProcessName })),
        })),
    }),
    DescribeScalingActivities: () => ({
      Activities: [{ StatusCode: "Successful", Description: "Launching a new EC2 instance" }],
    }),
    DescribeInstances: (input) => {
      const [filter = {}] = blocks(input, "Filters");
      const machines = named(texts(filter, "Values"));
      return { Reservations: [{ Instances: machines.map((machine) => instanceAnswer(machine, resources)) }] };
    },
    DescribeInstanceAttribute: (input) => {
      const [machine] = named([text(input, "InstanceId")]);
      return { UserData: { Value: machine && Buffer.from(userDataOf(machine)).toString("base64") } };
    },
    DescribeImages: (input) => {
      const [filter = {}] = blocks(input, "Filters");
      return {
        Images: texts(filter, "Values").map((ImageId) => ({
          ...{ ImageId, Name: "al2023-ami-ecs-hvm-kernel-6.1", CreationDate: new Date().toISOString() },
        })),
      };
    },
    DescribeInstanceStatus: (input) => ({
      InstanceStatuses: texts(input, "InstanceIds").map((InstanceId) => ({
        ...{ InstanceId, SystemStatus: { Status: "ok" }, InstanceStatus: { Status: "ok" } },
      })),
    }),
    DescribeSecurityGroups: (input) => ({
      SecurityGroups: texts(input, "GroupIds").map((GroupId) => ({
        GroupId,
        IpPermissions: rulesOf("aws_vpc_security_group_ingress_rule", GroupId, resources),
        IpPermissionsEgress: rulesOf("aws_vpc_security_group_egress_rule", GroupId, resources),
      })),
    }),
  };
}

/** Returns the launch template of a group, and the types that replace its own. */
function templateAnswer(group: Values, { id, latest_version }: Values): object {
  const own = block(block(group, "mixed_instances_policy"), "launch_template");
  const LaunchTemplate = { LaunchTemplateId: id, Version: String(latest_version) };
  const Overrides = blocks(own, "override").map(({ instance_type }) => ({ InstanceType: instance_type || undefined }));
  return { LaunchTemplate, MixedInstancesPolicy: { LaunchTemplate: { Overrides } } };
}

/** Returns the rules of a group. That of someone else, which no stack has, admits everything. */
function rulesOf(type: string, group: string, resources: Resources): object[] {
  if (resources.where("aws_security_group", "id", group).length === 0) {
    return [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];
  }
  return resources.where(type, "security_group_id", group).map((rule) => ({
    ...{ IpProtocol: rule.ip_protocol, FromPort: rule.from_port ?? undefined, ToPort: rule.to_port ?? undefined },
    IpRanges: rule.cidr_ipv4 ? [{ CidrIp: rule.cidr_ipv4 }] : [],
    Ipv6Ranges: rule.cidr_ipv6 ? [{ CidrIpv6: rule.cidr_ipv6 }] : [],
    UserIdGroupPairs: rule.referenced_security_group_id ? [{ GroupId: rule.referenced_security_group_id }] : [],
  }));
}

function instanceAnswer({ id, template, subnet, zone }: Machine, resources: Resources): object {
  const [network = {}] = blocks(template, "network_interfaces");
  const groups = [...texts(template, "vpc_security_group_ids"), ...texts(network, "security_groups")];
  const options = block(template, "metadata_options");
  return {
    ...{ InstanceId: id, State: { Name: "running" }, InstanceType: template.instance_type, SubnetId: subnet },
    ...{ Placement: { AvailabilityZone: zone }, LaunchTime: new Date(Date.now() - 3_600_000) },
    ...(isPublic(template) && { PublicIpAddress: "203.0.113.7" }),
    VpcId: resources.placeOf(subnet).vpcId,
    MetadataOptions: {
      ...{ HttpEndpoint: options.http_endpoint, HttpPutResponseHopLimit: options.http_put_response_hop_limit },
    },
    ImageId: template.image_id,
    IamInstanceProfile: { Arn: profileOf(block(template, "iam_instance_profile")) },
    SecurityGroups: groups.map((GroupId) => ({ GroupId })),
    Tags: [
      { Key: "aws:ec2launchtemplate:id", Value: template.id },
      { Key: "aws:ec2launchtemplate:version", Value: String(number(template, "latest_version")) },
    ],
  };
}

/** Whether the instances of a launch template have a public address. */
export const isPublic = (template: Values): boolean =>
  text(block(template, "network_interfaces"), "associate_public_ip_address") === "true";

const profileOf = (profile: Values): string =>
  text(profile, "arn") || `arn:aws:iam::000000000000:instance-profile/${lastPart(text(profile, "name"))}`;
