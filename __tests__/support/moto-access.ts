import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  RevokeSecurityGroupEgressCommand,
} from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
} from "@aws-sdk/client-iam";
import type { Clients } from "../../cli/doctor/aws/clients";

export const REGION = "eu-west-1";
/** A policy of the account, because moto needs seconds in each test to load the policies of AWS. */
export const POLICY_ARN = "arn:aws:iam::123456789012:policy/join";
/**
 * The actions in AmazonEC2ContainerServiceforEC2Role.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerServiceforEC2Role.html
 */
const MANAGED_ACTIONS = [
  ...["ec2:DescribeTags", "ecs:CreateCluster", "ecs:DeregisterContainerInstance", "ecs:DiscoverPollEndpoint"],
  ...["ecs:Poll", "ecs:RegisterContainerInstance", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"],
  ...["ecs:Submit*", "ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer"],
  ...["ecr:BatchGetImage", "logs:CreateLogStream", "logs:PutLogEvents", "ecs:TagResource"],
];

/** Creates both security groups, as PortRules does. */
export async function securityGroups({ ec2 }: Clients, VpcId: string | undefined) {
  const create = async (GroupName: string) =>
    (await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId }))).GroupId ?? "";
  const instanceGroup = await create("ecs-instances");
  const balancerGroup = await create("ecs-load-balancer");
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({ GroupId: instanceGroup, IpPermissions: [range(balancerGroup)] }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({ GroupId: balancerGroup, IpPermissions: [HTTP_FROM_ANYWHERE] }),
  );
  const everything = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];
  await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: balancerGroup, IpPermissions: everything }));
  await ec2.send(
    new AuthorizeSecurityGroupEgressCommand({ GroupId: balancerGroup, IpPermissions: [range(instanceGroup)] }),
  );
  return { instanceGroup, balancerGroup };
}

/** The permission for port 80 of the load balancer. */
export const HTTP_FROM_ANYWHERE = {
  IpProtocol: "tcp",
  FromPort: 80,
  ToPort: 80,
  IpRanges: [{ CidrIp: "0.0.0.0/0" }],
};

/** The permission for the dynamic host ports, from or to a group. */
export const range = (GroupId: string) => ({
  IpProtocol: "tcp",
  FromPort: 31000,
  ToPort: 61000,
  UserIdGroupPairs: [{ GroupId }],
});

/** Creates a managed policy. */
export async function policy({ iam }: Clients, PolicyName: string, PolicyDocument: string): Promise<string> {
  return (await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }))).Policy?.Arn ?? "";
}

/** Creates the instance role and its profile, as InstanceRole does. */
export async function instanceProfile(clients: Clients): Promise<string> {
  const { iam } = clients;
  const name = `ecs-instance-${REGION}`;
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
  const allow = { Effect: "Allow", Action: MANAGED_ACTIONS, Resource: "*" };
  const PolicyArn = await policy(clients, "join", JSON.stringify({ Version: "2012-10-17", Statement: [allow] }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
  return name;
}
