import { managedPoliciesField } from "../iam/managed-policies";
import { type PolicyStatement, policyStatementsField } from "../iam/policy-statement";
import { type RoleReference, roleReferenceField } from "../iam/role";
import { anyOf, choice, plain, schemaOf } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";

/** The permissions of a task. */
export interface TaskRoles {
  /**
   * A role that exists, for the containers. `true` creates a role without permissions, such as for the policy of a bucket.
   * @default - a role with the permissions of the task, if it has any
   */
  readonly taskRole?: true | string | RoleReference;
  /**
   * A role that exists, with which the agent starts the containers. It needs the permissions to pull the images, to write
   * the logs and to read the secrets.
   * @default - a role with exactly these permissions
   */
  readonly executionRole?: string | RoleReference;
  /**
   * Permissions of the containers in AWS. When you remove all of them, the role goes after the tasks that use it. When you
   * remove some of them, running tasks lose these at once: deploy the version that does not need them in an earlier apply.
   * @default - none
   */
  readonly taskRoleStatements?: readonly PolicyStatement[];
  /** Managed policies of the containers, by ARN. @default - none */
  readonly taskRolePolicyArns?: readonly string[];
  /** More permissions of the execution role, with which the agent starts the containers. @default - none */
  readonly executionRoleStatements?: readonly PolicyStatement[];
}

export const taskRolesSchema = schemaOf<TaskRoles>()(
  {
    taskRole: anyOf(plain(choice(true)), roleReferenceField)
      .with<true | string | RoleReference, true | string>({ type: "true or a role", fix: "Use the ARN of a role." })
      .optional(),
    executionRole: roleReferenceField.optional(),
    taskRoleStatements: policyStatementsField.default([]),
    taskRolePolicyArns: managedPoliciesField().default([]),
    executionRoleStatements: policyStatementsField.default([]),
  },
  permissionsOfExistingRoles,
);

/** The library adds no permissions to roles that it does not create. */
function* permissionsOfExistingRoles({ taskRole }: Known<TaskRoles>, given: Given<TaskRoles>): Findings<TaskRoles> {
  const settings = [
    ...(given("taskRole") && taskRole !== true
      ? (["taskRoleStatements", "taskRolePolicyArns"] as const).map((at) => [at, "taskRole"] as const)
      : []),
    ...(given("executionRole") ? [["executionRoleStatements", "executionRole"] as const] : []),
  ];
  for (const [at, role] of settings) {
    if (!given(at)) continue;
    const fix =
      "The library does not change a role that exists. Add the permissions to that role, or remove one of the two.";
    yield { at, must: `not be set with ${role}`, fix };
  }
}
