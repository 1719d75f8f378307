import { DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { BatchDeleteImageCommand, DeleteRepositoryCommand, PutImageCommand } from "@aws-sdk/client-ecr";
import { DeregisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { DisableKeyCommand, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { DeleteSecretCommand } from "@aws-sdk/client-secrets-manager";
import { DeleteParameterCommand } from "@aws-sdk/client-ssm";
import { POLICY_ARN } from "./moto-access";
import { each, replaced } from "./moto-answers";
import type { Case } from "./moto-doctor";
import {
  document,
  EXECUTION_ROLE,
  imageList,
  LOG_GROUP,
  PARAMETER,
  REPOSITORY,
  startTasks,
  TASK_ROLE,
} from "./moto-task-needs";

const KEY_OF = `the log group ${LOG_GROUP} and the secret ecs-web`;

/** moto disables a key only by its ID. */
const idOf = (keyArn: string): string => keyArn.split("/")[1] ?? "";

/** Faults of what tasks need before they start. */
export const NEED_FAULTS: readonly Case[] = [
  [
    "a deregistered task definition",
    ["task-definitions: The task definition web:1 of the service web and the schedule ecs-nightly is INACTIVE."],
    ({ clients }) => clients.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: "web:1" })),
  ],
  [
    "a deleted task role",
    [
      "task-roles: The role ecs-web-task of the service web and the schedule ecs-nightly was deleted. Its tasks cannot start.",
    ],
    async ({ clients: { iam } }) => {
      await iam.send(new DetachRolePolicyCommand({ RoleName: TASK_ROLE, PolicyArn: POLICY_ARN }));
      await iam.send(new DeleteRoleCommand({ RoleName: TASK_ROLE }));
    },
  ],
  [
    "a deleted execution role",
    [
      "task-roles: The role ecs-web-exec of the service web and the schedule ecs-nightly was deleted. Its tasks cannot start.",
    ],
    async ({ clients: { iam } }) => {
      await iam.send(new DeleteRolePolicyCommand({ RoleName: EXECUTION_ROLE, PolicyName: "start-tasks" }));
      await iam.send(new DeleteRoleCommand({ RoleName: EXECUTION_ROLE }));
    },
  ],
  [
    "a task role that trusts another service",
    ["task-roles: ECS is not allowed to assume the role ecs-web-task of the service web and the schedule ecs-nightly."],
    ({ clients }) => {
      const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };
      return clients.iam.send(
        new UpdateAssumeRolePolicyCommand({ RoleName: TASK_ROLE, PolicyDocument: document(trust) }),
      );
    },
  ],
  [
    "an execution role without a policy",
    [
      "task-roles: The execution role ecs-web-exec of the service web and the schedule ecs-nightly does not allow ecr:GetAuthorizationToken, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer, logs:CreateLogStream, logs:PutLogEvents, secretsmanager:GetSecretValue, ssm:GetParameters.",
    ],
    ({ clients }) =>
      clients.iam.send(new DeleteRolePolicyCommand({ RoleName: EXECUTION_ROLE, PolicyName: "start-tasks" })),
  ],
  [
    "an execution role for other secrets",
    [
      "task-roles: The execution role ecs-web-exec of the service web and the schedule ecs-nightly does not allow secretsmanager:GetSecretValue, ssm:GetParameters.",
    ],
    ({ clients }) => {
      const PolicyDocument = startTasks("arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-*");
      return clients.iam.send(
        new PutRolePolicyCommand({ RoleName: EXECUTION_ROLE, PolicyName: "start-tasks", PolicyDocument }),
      );
    },
  ],
  [
    "a deleted log group",
    [
      `log-groups: The log group ${LOG_GROUP} of the service web and the schedule ecs-nightly does not exist. Tasks cannot start, or lose their logs.`,
    ],
    ({ clients }) => clients.logs.send(new DeleteLogGroupCommand({ logGroupName: LOG_GROUP })),
  ],
  [
    "a deleted secret",
    ["secrets: The secret ecs-web of the service web and the schedule ecs-nightly is scheduled for deletion."],
    ({ clients, secretArn }) => clients.secrets.send(new DeleteSecretCommand({ SecretId: secretArn })),
  ],
  [
    "a secret that does not exist",
    ["secrets: The secret SECRET of the service web and the schedule ecs-nightly does not exist."],
    ({ clients, secretArn }) =>
      clients.secrets.send(new DeleteSecretCommand({ SecretId: secretArn, ForceDeleteWithoutRecovery: true })),
  ],
  [
    "secrets without a value",
    ["secrets: The secret ecs-web of the service web and the schedule ecs-nightly has no value."],
    (_, { overlays }) =>
      overlays.set("DescribeSecret", (answer) =>
        /"ecs-web"/.test(answer.body) ? replaced(/AWSCURRENT/, "AWSPENDING")(answer) : answer,
      ),
  ],
  [
    "a deleted parameter",
    [`secrets: The parameter ${PARAMETER} of the service web and the schedule ecs-nightly does not exist.`],
    ({ clients }) => clients.ssm.send(new DeleteParameterCommand({ Name: PARAMETER })),
  ],
  [
    "a deleted repository",
    [
      "task-images: The repository of the image ecs-web:1 of the service web and the schedule ecs-nightly does not exist in ECR.",
    ],
    ({ clients }) => clients.ecr.send(new DeleteRepositoryCommand({ repositoryName: REPOSITORY, force: true })),
  ],
  [
    "a deleted image",
    ["task-images: The image ecs-web:1 of the service web and the schedule ecs-nightly does not exist in ECR."],
    ({ clients }) =>
      clients.ecr.send(new BatchDeleteImageCommand({ repositoryName: REPOSITORY, imageIds: [{ imageTag: "1" }] })),
  ],
  [
    "an image for another architecture",
    [
      "task-images: The image ecs-web:1 of the service web and the schedule ecs-nightly is not for x86_64, the architecture of the instances.",
    ],
    async ({ clients: { ecr } }, { overlays }) => {
      overlays.set("DescribeInstances", replaced(/<imageId>/g, "<architecture>x86_64</architecture><imageId>"));
      const repositoryName = REPOSITORY;
      await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag: "1" }] }));
      const imageManifest = imageList("arm64", "unknown");
      await ecr.send(new PutImageCommand({ repositoryName, imageTag: "1", imageManifest }));
    },
  ],
  [
    "a disabled key",
    [`keys: The KMS key KEY of ${KEY_OF} is disabled.`],
    ({ clients, keyArn }) => clients.kms.send(new DisableKeyCommand({ KeyId: idOf(keyArn) })),
  ],
  [
    "a key that is scheduled for deletion",
    [`keys: The KMS key KEY of ECS Exec and ${KEY_OF} is scheduled for deletion.`],
    async ({ clients, keyArn }, { overlays }) => {
      const configuration = { executeCommandConfiguration: { kmsKeyId: keyArn, logging: "DEFAULT" } };
      overlays.set(
        "DescribeClusters",
        each("clusters", (cluster) => ({ ...cluster, configuration })),
      );
      await clients.kms.send(new ScheduleKeyDeletionCommand({ KeyId: idOf(keyArn) }));
    },
  ],
  [
    "a deleted key of a volume",
    ["keys: The KMS key arn:aws:kms:eu-west-1:123456789012:key/none of the volume VOLUME of INSTANCE-0 is deleted."],
    (_, { overlays }) => {
      const encrypted = "<encrypted>true</encrypted><kmsKeyId>arn:aws:kms:eu-west-1:123456789012:key/none</kmsKeyId>";
      overlays.set("DescribeVolumes", replaced(/<encrypted>false<\/encrypted>/, encrypted));
    },
  ],
  [
    "instances without network interfaces for tasks",
    [
      "interfaces: No instance has a network interface left for the tasks of web, and no Auto Scaling group can grow.",
      "services: The service web runs 1 of 9 tasks.",
    ],
    ({ instanceGroup }, { overlays }) => {
      const address = { type: "eni", details: [{ name: "privateIPv4Address", value: "172.31.0.9" }] };
      const bound = overlays.get("DescribeTasks");
      const inAwsvpc = each("tasks", (task) => ({ ...task, attachments: [address] }));
      overlays.set("DescribeTasks", (answer) => inAwsvpc(bound?.(answer) ?? answer));
      overlays.set("DescribeInstanceTypes", replaced(/<maximumNetworkInterfaces>\d+/, "<maximumNetworkInterfaces>2"));
      const network = { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: [instanceGroup] } };
      overlays.set(
        "DescribeServices",
        each("services", (one) => ({
          ...{ ...one, desiredCount: 9, pendingCount: 1, networkConfiguration: network, loadBalancers: [] },
          events: [{ message: "unable to place a task: RESOURCE:ENI" }],
        })),
      );
    },
    ["services: The service web runs 1 of 9 tasks."],
  ],
];
