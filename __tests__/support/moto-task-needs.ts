import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRepositoryCommand, PutImageCommand, SetRepositoryPolicyCommand } from "@aws-sdk/client-ecr";
import { type ContainerDefinition, PutAttributesCommand } from "@aws-sdk/client-ecs";
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateSecretCommand, PutResourcePolicyCommand } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import type { Clients } from "../../cli/doctor/aws/clients";
import { POLICY_ARN, REGION } from "./moto-access";

const ACCOUNT = "123456789012";
const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

export const EXECUTION_ROLE = "ecs-web-exec";
export const TASK_ROLE = "ecs-web-task";
export const LOG_GROUP = "/ecs/ecs/web";
export const PARAMETER = "/ecs/web/key";
/** A repository of the account. Its policy admits the role to `shared`, as the policy of the secret `ecs-shared` does. */
export const REPOSITORY = "ecs-web";
const SHARED = "shared";

export const document = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

/** The inline policy of the execution role. */
export const startTasks = (...resources: readonly string[]): string =>
  document(
    { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    {
      Effect: "Allow",
      Action: ["ecr:Get*", "ecr:BatchGetImage"],
      Resource: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/ecs-*`,
    },
    { Effect: "Allow", Action: "ecr:*", Resource: "arn:aws:ecr:*:*:repository/docker-hub/*" },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${LOG_GROUP}:*`,
    },
    { Effect: "Allow", Action: ["secretsmanager:GetSecretValue", "ssm:GetParameters"], Resource: resources },
  );

const assumedBy = (Service: string): string =>
  document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } });

/** Returns a list of images for architectures. */
export const imageList = (...architectures: readonly string[]): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.list.v2+json",
    manifests: architectures.map((architecture) => ({ platform: { architecture, os: "linux" } })),
  });

/** What the tasks of the service need, with the IDs that moto generates. */
export interface TaskNeeds {
  readonly secretArn: string;
  readonly keyArn: string;
  readonly roles: { readonly executionRoleArn: string; readonly taskRoleArn: string };
  readonly containers: readonly ContainerDefinition[];
}

/** Creates what the tasks of the service need: roles, a log group, secrets, images and a key. */
export async function createTaskNeeds({ ecr, iam, kms, logs, secrets, ssm }: Clients): Promise<TaskNeeds> {
  const key = await kms.send(new CreateKeyCommand({}));
  const KmsKeyId = key.KeyMetadata?.Arn ?? "";
  await logs.send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP, kmsKeyId: KmsKeyId }));
  const secret = await secrets.send(new CreateSecretCommand({ Name: "ecs-web", SecretString: "{}", KmsKeyId }));
  const shared = await secrets.send(new CreateSecretCommand({ Name: "ecs-shared", SecretString: "{}" }));
  const secretArn = secret.ARN ?? "";
  const everybody = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } };
  const readable = document({ ...everybody, Action: "secretsmanager:GetSecretValue", Resource: "*" });
  await secrets.send(new PutResourcePolicyCommand({ SecretId: shared.ARN, ResourcePolicy: readable }));
  await ssm.send(new PutParameterCommand({ Name: PARAMETER, Value: "x", Type: "SecureString" }));
  for (const repositoryName of [REPOSITORY, SHARED]) {
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    await ecr.send(new PutImageCommand({ repositoryName, imageTag: "1", imageManifest: imageList("amd64", "arm64") }));
  }
  const pullable = document({ ...everybody, Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] });
  await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: SHARED, policyText: pullable }));
  for (const RoleName of [EXECUTION_ROLE, TASK_ROLE]) {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: assumedBy("ecs-tasks.amazonaws.com") }));
  }
  await iam.send(new AttachRolePolicyCommand({ RoleName: TASK_ROLE, PolicyArn: POLICY_ARN }));
  const parameterArn = `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${PARAMETER}`;
  const PolicyDocument = startTasks(secretArn, parameterArn);
  await iam.send(new PutRolePolicyCommand({ RoleName: EXECUTION_ROLE, PolicyName: "start-tasks", PolicyDocument }));
  const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
  const logOptions = { "awslogs-group": LOG_GROUP, "awslogs-region": REGION, "awslogs-stream-prefix": "web" };
  return {
    ...{ secretArn, keyArn: KmsKeyId },
    roles: { executionRoleArn: role(EXECUTION_ROLE), taskRoleArn: role(TASK_ROLE) },
    containers: [
      {
        ...{ name: "web", image: `${REGISTRY}/${REPOSITORY}:1`, memory: 128 },
        portMappings: [{ containerPort: 80, hostPort: 0 }],
        logConfiguration: { logDriver: "awslogs", options: logOptions },
        secrets: [
          { name: "PASSWORD", valueFrom: `${secretArn}:password::` },
          { name: "SHARED", valueFrom: shared.ARN },
          { name: "KEY", valueFrom: PARAMETER },
          // Secrets of other accounts and parameters of AWS are not read.
          { name: "OTHER", valueFrom: `arn:aws:secretsmanager:${REGION}:210987654321:secret:other-AbCdEf` },
          { name: "REFERENCE", valueFrom: "/aws/reference/secretsmanager/ecs-web" },
        ],
      },
      { name: "shared", image: `${REGISTRY}/${SHARED}:1`, memory: 64 },
      // The first pull creates the repository of a pull-through cache.
      { name: "cached", image: `${REGISTRY}/docker-hub/library/redis:8`, memory: 64 },
      { name: "public", image: "public.ecr.aws/nginx/nginx", memory: 64 },
    ],
  };
}

/** The instance profile of the launch template. The running instances have another one, which an apply has replaced. */
export const NEXT_PROFILE = "ecs-next";

/** Creates the instance profile of the next instances. */
export async function nextProfile({ iam }: Clients) {
  const names = { RoleName: NEXT_PROFILE, InstanceProfileName: NEXT_PROFILE };
  await iam.send(new CreateRoleCommand({ ...names, AssumeRolePolicyDocument: assumedBy("ec2.amazonaws.com") }));
  await iam.send(new AttachRolePolicyCommand({ ...names, PolicyArn: POLICY_ARN }));
  const PolicyDocument = document({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ ...names, PolicyName: "own", PolicyDocument }));
  await iam.send(new CreateInstanceProfileCommand(names));
  await iam.send(new AddRoleToInstanceProfileCommand(names));
}

/** Marks instances whose agents write logs with the execution role. */
export async function logWithExecutionRole({ ecs }: Clients, cluster: string, containerInstances: readonly string[]) {
  const attribute = { name: "ecs.capability.execution-role-awslogs", targetType: "container-instance" } as const;
  const attributes = containerInstances.map((arn) => ({ ...attribute, targetId: arn.split("/").at(-1) }));
  await ecs.send(new PutAttributesCommand({ cluster, attributes }));
}
