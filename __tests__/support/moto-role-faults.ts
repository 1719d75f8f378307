import {
  DescribeIamInstanceProfileAssociationsCommand,
  DisassociateIamInstanceProfileCommand,
} from "@aws-sdk/client-ec2";
import {
  DeleteInstanceProfileCommand,
  DetachRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { POLICY_ARN, policy, REGION } from "./moto-access";
import type { Case, Fault } from "./moto-doctor";

const NAME = `ecs-instance-${REGION}`;
const ROLE = { RoleName: NAME };
const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

/** Replaces the role's policy with that of `instancePolicy: "least-privilege"`. */
export const ownPolicy =
  (cluster: string, instances: string): Fault =>
  async ({ clients: { iam } }) => {
    const allow = (Action: string[], of: string) => ({ Effect: "Allow", Action, Resource: of });
    const here = (resource: string) => `arn:aws:ecs:${REGION}:123456789012:${resource}`;
    const PolicyDocument = document(
      allow(["ecs:RegisterContainerInstance", "ecs:DeregisterContainerInstance"], here(cluster)),
      allow(["ecs:SubmitContainerStateChange", "ecs:SubmitTaskStateChange"], here(cluster)),
      allow(["ecs:Poll", "ecs:StartTelemetrySession", "ecs:TagResource"], here(instances)),
      allow(["ecs:DiscoverPollEndpoint", "ec2:DescribeTags"], "*"),
    );
    await iam.send(new DetachRolePolicyCommand({ ...ROLE, PolicyArn: POLICY_ARN }));
    await iam.send(new PutRolePolicyCommand({ ...ROLE, PolicyName: "join-cluster", PolicyDocument }));
  };

/** Adds an inline policy that denies an action. */
const denied =
  (Action: string): Fault =>
  ({ clients: { iam } }) => {
    const PolicyDocument = document({ Effect: "Deny", Action, Resource: "*" });
    return iam.send(new PutRolePolicyCommand({ ...ROLE, PolicyName: "no", PolicyDocument }));
  };

const withoutProfile: Fault = async ({ clients: { ec2 } }) => {
  const { IamInstanceProfileAssociations = [] } = await ec2.send(new DescribeIamInstanceProfileAssociationsCommand({}));
  for (const { AssociationId } of IamInstanceProfileAssociations) {
    await ec2.send(new DisassociateIamInstanceProfileCommand({ AssociationId }));
  }
};

/** Faults of the instance role. */
export const ROLE_FAULTS: readonly Case[] = [
  [
    "instances without a profile",
    ["role: 2 running instances have no instance profile, so the ECS agent has no permissions."],
    withoutProfile,
  ],
  [
    "a profile without a role",
    ["role: The instance profile has no role."],
    ({ clients }) => clients.iam.send(new RemoveRoleFromInstanceProfileCommand({ ...ROLE, InstanceProfileName: NAME })),
  ],
  [
    "a deleted profile",
    ["role: The instance profile was deleted."],
    async ({ clients: { iam } }) => {
      await iam.send(new RemoveRoleFromInstanceProfileCommand({ ...ROLE, InstanceProfileName: NAME }));
      await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: NAME }));
    },
  ],
  [
    "a role that does not allow the agent to tag its instance",
    [`role: The role ${NAME} does not allow ecs:TagResource.`],
    denied("ecs:TagResource"),
  ],
  [
    "a role that trusts another service",
    ["role: EC2 is not allowed to assume the role ecs-instance-eu-west-1."],
    ({ clients }) => {
      const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: ["ecs.amazonaws.com"] } };
      return clients.iam.send(new UpdateAssumeRolePolicyCommand({ ...ROLE, PolicyDocument: document(trust) }));
    },
  ],
  [
    "a role without a policy",
    [
      `role: The role ${NAME} does not allow ecs:RegisterContainerInstance, ecs:DeregisterContainerInstance, ecs:DiscoverPollEndpoint, ecs:Poll, ecs:StartTelemetrySession, ecs:SubmitContainerStateChange, ecs:SubmitTaskStateChange, ecs:TagResource.`,
    ],
    ({ clients }) => clients.iam.send(new DetachRolePolicyCommand({ ...ROLE, PolicyArn: POLICY_ARN })),
  ],
  [
    "a role with a policy for another cluster",
    [
      `role: The role ${NAME} does not allow ecs:RegisterContainerInstance, ecs:DeregisterContainerInstance, ecs:Poll, ecs:StartTelemetrySession, ecs:SubmitContainerStateChange, ecs:SubmitTaskStateChange, ecs:TagResource.`,
    ],
    ownPolicy("cluster/other", "container-instance/other/*"),
  ],
  [
    "a Deny in an inline policy",
    [`role: The role ${NAME} does not allow ecs:RegisterContainerInstance.`],
    denied("ecs:RegisterC*"),
  ],
  [
    "a permissions boundary that allows less",
    [`role: The role ${NAME} does not allow ecs:StartTelemetrySession.`],
    async ({ clients }) => {
      const but = { Effect: "Allow", NotAction: "ecs:StartTelemetrySession", Resource: "*" };
      const PermissionsBoundary = await policy(clients, "fence", document(but));
      await clients.iam.send(new PutRolePermissionsBoundaryCommand({ ...ROLE, PermissionsBoundary }));
    },
  ],
];
