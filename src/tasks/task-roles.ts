import { managedPoliciesField } from "../iam/managed-policies";
import { type PolicyStatement, policyStatementsField } from "../iam/policy-statement";
import { schemaOf } from "../validation/schema";

/** The permissions of a task. */
export interface TaskRoles {
  /** Permissions of the containers in AWS. @default - none */
  readonly taskRoleStatements?: readonly PolicyStatement[];
  /** Managed policies of the containers, by ARN. @default - none */
  readonly taskRolePolicyArns?: readonly string[];
  /** More permissions of the execution role, with which the agent starts the containers. @default - none */
  readonly executionRoleStatements?: readonly PolicyStatement[];
}

export const taskRolesSchema = schemaOf<TaskRoles>()({
  taskRoleStatements: policyStatementsField.default([]),
  taskRolePolicyArns: managedPoliciesField().default([]),
  executionRoleStatements: policyStatementsField.default([]),
});
