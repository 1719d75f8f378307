import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { accountOf, siblingArn } from "../terraform/arn";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { isToken, propMistakes, refuse } from "../validation/check-props";
import { assumedByTasks, composedNameRules } from "./execution-role";
import { statementMistakes, taskPolicyArnsRules } from "./policy-rules";

/** A right of the containers. */
export interface PolicyStatement {
  /** For example `["s3:GetObject"]`; `*` and all of a service (`s3:*`) only where `resources` names some. */
  readonly actions: readonly string[];
  /** ARNs, as text or as attributes of resources. */
  readonly resources: readonly string[];
}

/** What the containers may do. */
export interface TaskRoleProps {
  readonly cluster: EcsClusterTarget;
  /** What the role's name starts with: `<cluster>-<service>`, at most 32 characters. */
  readonly name: string;
  /** @default - none */
  readonly statements?: readonly PolicyStatement[];
  /** Managed policies, by ARN. @default - none */
  readonly policyArns?: readonly string[];
  /** Let people open a shell in the containers. @default false */
  readonly enableExecuteCommand?: boolean;
}

/** What a session by Systems Manager takes, into an instance or a container; IAM narrows none of it to a resource. */
export const SESSION_ACTIONS = [
  ...["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel"],
  ...["ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"],
];

/**
 * The role that the containers have, apart from the instance's.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export class TaskRole extends Construct {
  readonly roleArn: string;
  /** What the service depends on, so that its tasks keep their rights to their end. */
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TaskRoleProps) {
    super(scope, id);
    const { cluster, name, statements = [], policyArns = [], enableExecuteCommand = false } = props;
    refuse(this, [
      ...propMistakes({ name: [name, composedNameRules], policyArns: [policyArns, taskPolicyArnsRules] }),
      ...statementMistakes("statements", statements),
    ]);
    const { clusterArn } = cluster.cluster;
    const purpose = "What the containers may do";
    const role = new IamRole(this, "resource", {
      namePrefix: `${name}-task-`,
      description: `${purpose} of ${name}`,
      // Only for this account's tasks: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
      assumeRolePolicy: hcl`jsonencode(${assumedByTasks({
        ArnLike: { "aws:SourceArn": siblingArn(clusterArn, "ecs", "*") },
        StringEquals: { "aws:SourceAccount": accountOf(clusterArn) },
      })})`.string,
      tags: purposeTags(`${name}-task`, purpose),
    });
    this.roleArn = role.arn;

    const all = [...statements, ...(enableExecuteCommand ? executeCommand(cluster.cluster) : [])];
    const policies: ITerraformDependable[] = [];
    if (all.length > 0) {
      const Statement = all.map(({ actions, resources }) => ({
        Effect: "Allow",
        Action: actions,
        Resource: resources,
      }));
      policies.push(
        new IamRolePolicy(this, "policy", {
          name: "containers",
          role: role.name,
          policy: hcl`jsonencode(${{ Version: "2012-10-17", Statement }})`.string,
        }),
      );
    }
    // One by one and not by for_each, which takes no ARN that isn't known before the policy is made.
    for (const [index, policyArn] of policyArns.entries()) {
      const name = isToken(policyArn) ? index : policyArn.split("/").at(-1);
      policies.push(new IamRolePolicyAttachment(this, `attachment_${name}`, { role: role.name, policyArn }));
    }
    this.policies = policies;
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions */
function executeCommand(cluster: EcsClusterTarget["cluster"]): PolicyStatement[] {
  const { clusterArn, logGroupName, executeCommandKeyArn } = cluster;
  const logGroup = siblingArn(clusterArn, "logs", `log-group:${logGroupName}:*`).string;
  return [
    { actions: SESSION_ACTIONS, resources: ["*"] },
    // The cluster logs what sessions print, and the container's own rights are what it is written with.
    { actions: ["logs:DescribeLogGroups"], resources: ["*"] },
    { actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], resources: [logGroup] },
    // Sessions of a cluster with a key of the customer's are encrypted with it.
    ...(executeCommandKeyArn === undefined ? [] : [{ actions: ["kms:Decrypt"], resources: [executeCommandKeyArn] }]),
  ];
}
