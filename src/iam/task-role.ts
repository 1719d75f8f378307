import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import type { ExecuteCommandS3 } from "../cluster/execute-command-s3";
import { accountOf, partitionOf, siblingArn } from "../terraform/arn";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { boolean, plain, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";
import { assumedByTasks, composedNameRules } from "./execution-role";
import { AFTER_USERS, attachPolicies, managedPoliciesField } from "./managed-policies";
import { allowed, type PolicyStatement, policyStatementsField } from "./policy-statement";
import { createRole } from "./role";

/** The permissions of the containers. */
export interface TaskRoleProps {
  /** The cluster of the tasks. */
  readonly cluster: EcsClusterTarget;
  /** The start of the role's name: `<cluster>-<service>`. */
  readonly name: string;
  /** The permissions of an inline policy. @default - none */
  readonly statements?: readonly PolicyStatement[];
  /** Managed policies, by ARN. @default - none */
  readonly policyArns?: readonly string[];
  /** Lets people open a shell in the containers with ECS Exec. @default false */
  readonly enableExecuteCommand?: boolean;
}

export const taskRolePropsSchema = schemaOf<TaskRoleProps>()({
  cluster: clusterTargetField,
  name: string(...composedNameRules),
  statements: policyStatementsField.default([]),
  policyArns: managedPoliciesField().default([]),
  enableExecuteCommand: plain(boolean()).default(false),
});

/** The actions of a Session Manager session, on an instance or in a container. IAM cannot limit them to a resource. */
export const SESSION_ACTIONS = [
  ...["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel"],
  ...["ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"],
];

/**
 * The role of the containers. The instances have another role.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export class TaskRole extends Construct {
  /** The role's ARN. */
  readonly roleArn: string;
  /** The role's policies. The service depends on them, so that its tasks keep their permissions until they stop. */
  readonly policies: readonly ITerraformDependable[];

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: TaskRoleProps) {
    super(scope, id);
    const settings = validate(this, taskRolePropsSchema, props);
    const { cluster, name, policyArns } = settings;
    const { clusterArn } = cluster.cluster;
    const purpose = "Permissions of the containers";
    const role = createRole(this, "resource", {
      namePrefix: `${name}-task-`,
      description: `${purpose} of ${name}`,
      // Only tasks of this account: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
      assumeRolePolicy: hcl`jsonencode(${assumedByTasks({
        ArnLike: { "aws:SourceArn": siblingArn(clusterArn, "ecs", "*") },
        StringEquals: { "aws:SourceAccount": accountOf(clusterArn) },
      })})`.string,
      tags: purposeTags(`${name}-task`, purpose),
      // A service that waits for its deployment then stops the tasks that use the role before the role is deleted.
      lifecycle: AFTER_USERS,
    });
    this.node.defaultChild = role;
    this.roleArn = role.arn;

    const session = settings.enableExecuteCommand ? executeCommand(cluster.cluster) : [];
    const Statement = [...settings.statements, ...session].map(allowed);
    const policy = hcl`jsonencode(${{ Version: "2012-10-17", Statement }})`.string;
    this.policies = [
      ...(Statement.length > 0
        ? [new IamRolePolicy(this, "policy", { name: "containers", role: role.name, policy, lifecycle: AFTER_USERS })]
        : []),
      ...attachPolicies(this, role, policyArns, (arn) => `attachment_${arn.split("/").at(-1)}`),
    ];
  }
}

/** The agent reads the encryption of the bucket, and writes the output to it, with the container's permissions. */
function bucketStatements(clusterArn: string, bucket: ExecuteCommandS3): PolicyStatement[] {
  const { bucketName, keyPrefix = "", encryptionKeyArn } = bucket;
  const arn = (path: string) => hcl`join("", ["arn:", ${partitionOf(clusterArn)}, ":s3:::", ${bucketName}, ${path}])`;
  return [
    { actions: ["s3:GetBucketLocation", "s3:GetEncryptionConfiguration"], resources: [arn("").string] },
    { actions: ["s3:PutObject"], resources: [arn(`/${keyPrefix}*`).string] },
    ...(encryptionKeyArn === undefined
      ? []
      : [{ actions: ["kms:GenerateDataKey", "kms:Decrypt"], resources: [encryptionKeyArn] }]),
  ];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions */
function executeCommand(cluster: EcsClusterTarget["cluster"]): PolicyStatement[] {
  const { clusterArn, logGroupName, executeCommandKeyArn, executeCommandS3 } = cluster;
  const logGroup = siblingArn(clusterArn, "logs", `log-group:${logGroupName}:*`).string;
  return [
    { actions: SESSION_ACTIONS, resources: ["*"] },
    // The cluster logs the output of sessions, with the container's permissions.
    { actions: ["logs:DescribeLogGroups"], resources: ["*"] },
    { actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], resources: [logGroup] },
    // A cluster with a customer managed key encrypts sessions with it.
    ...(executeCommandKeyArn === undefined ? [] : [{ actions: ["kms:Decrypt"], resources: [executeCommandKeyArn] }]),
    ...(executeCommandS3 === undefined ? [] : bucketStatements(clusterArn, executeCommandS3)),
  ];
}
