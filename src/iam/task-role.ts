import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { accountOf, siblingArn } from "../terraform/arn";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { matches } from "../validation/rule";
import { boolean, Field, list, type Parsed, plain, schemaOf, string } from "../validation/schema";
import { type Findings, type Known, known, type Limit } from "../validation/settings-rule";
import { isPlainObject } from "../validation/token";
import { validate } from "../validation/validate";
import { assumedByTasks, composedNameRules } from "./execution-role";
import { attachPolicies, managedPoliciesField } from "./managed-policies";

/** A permission of the containers. */
export interface PolicyStatement {
  /** The actions that IAM allows, such as `s3:GetObject`. `*` and `s3:*` require `resources` other than `*`. */
  readonly actions: readonly string[];
  /** The ARNs of the resources, as text or as attributes of resources. `*` is every resource. */
  readonly resources: readonly string[];
}

const notEmpty = (what: string): Limit<readonly string[]> => ({
  must: `have at least one ${what}`,
  fix: "For example s3:GetObject on arn:aws:s3:::bucket/*.",
  check: (values) => values.length > 0,
});
const action = matches(
  "^([*]+|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$",
  "be an action of IAM",
  'Write the service and the action, such as "s3:GetObject".',
);
const resource = matches(
  "^([*]+|arn:[^:]+:[^:]+:[^:]*:[^:]*:.+)$",
  "be an ARN or *",
  'Write the whole ARN, such as "arn:aws:s3:::my-bucket/*".',
);

/** `*`, and every action of a service. */
const EVERY_ACTION = /^[*]+$|:[*]+$/;
const EVERY_RESOURCE = /^[*]+$/;

const statementSchema = schemaOf<PolicyStatement>()(
  {
    actions: list(string(action), notEmpty("action")),
    resources: list(string(resource), notEmpty("resource")),
  },
  function* notEverything({ actions = [], resources = [] }: Known<PolicyStatement>): Findings<PolicyStatement> {
    const every = actions.find((one) => one !== undefined && EVERY_ACTION.test(one));
    if (every === undefined || !resources.some((one) => one !== undefined && EVERY_RESOURCE.test(one))) return;
    const fix = "Name the actions that the containers call, or the resources that they call them on.";
    yield { at: "resources", must: `not include every resource with the action ${every}`, fix };
  },
);

// IAM's own form, { Effect, Action, Resource }, is one problem and not five.
const statement = new Field<PolicyStatement, Parsed<typeof statementSchema>>(
  {
    ...statementSchema.facts,
    type: "a statement with actions and resources",
    fix: 'Write { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::bucket/*"] }. A statement always allows.',
  },
  (value) => isPlainObject(value) && ["actions", "resources"].some((name) => Object.hasOwn(value, name)),
  (value, place) => statementSchema.read(value, place),
);

const allowed = ({ actions, resources }: PolicyStatement) => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
});

/** The most bytes of a role's inline policies, without spaces. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_BYTES = 10_240;
/** Returns the size of the policy, without the parts that only Terraform knows. */
const bytesOf = (statements: readonly PolicyStatement[]) =>
  Buffer.byteLength(JSON.stringify(known(statements.map(allowed))));
const fitsInPolicy: Limit<readonly PolicyStatement[]> = {
  must: `be at most ${MOST_BYTES} bytes as a policy`,
  fix: "A role has no room for more. Replace common parts with *, or attach managed policies.",
  check: (statements) => bytesOf(statements) <= MOST_BYTES,
  offending: { of: bytesOf },
};

/** The field of the statements of a task role. */
export const policyStatementsField = list(statement, fitsInPolicy);

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
    const role = new IamRole(this, "resource", {
      namePrefix: `${name}-task-`,
      description: `${purpose} of ${name}`,
      // Only tasks of this account: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
      assumeRolePolicy: hcl`jsonencode(${assumedByTasks({
        ArnLike: { "aws:SourceArn": siblingArn(clusterArn, "ecs", "*") },
        StringEquals: { "aws:SourceAccount": accountOf(clusterArn) },
      })})`.string,
      tags: purposeTags(`${name}-task`, purpose),
    });
    this.roleArn = role.arn;

    const session = settings.enableExecuteCommand ? executeCommand(cluster.cluster) : [];
    const Statement = [...settings.statements, ...session].map(allowed);
    const policy = hcl`jsonencode(${{ Version: "2012-10-17", Statement }})`.string;
    this.policies = [
      ...(Statement.length > 0
        ? [new IamRolePolicy(this, "policy", { name: "containers", role: role.name, policy })]
        : []),
      ...attachPolicies(this, role, policyArns, (arn) => `attachment_${arn.split("/").at(-1)}`),
    ];
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions */
function executeCommand(cluster: EcsClusterTarget["cluster"]): PolicyStatement[] {
  const { clusterArn, logGroupName, executeCommandKeyArn } = cluster;
  const logGroup = siblingArn(clusterArn, "logs", `log-group:${logGroupName}:*`).string;
  return [
    { actions: SESSION_ACTIONS, resources: ["*"] },
    // The cluster logs the output of sessions, with the container's permissions.
    { actions: ["logs:DescribeLogGroups"], resources: ["*"] },
    { actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], resources: [logGroup] },
    // A cluster with a customer managed key encrypts sessions with it.
    ...(executeCommandKeyArn === undefined ? [] : [{ actions: ["kms:Decrypt"], resources: [executeCommandKeyArn] }]),
  ];
}
