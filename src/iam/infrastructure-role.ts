import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { AFTER_USERS } from "./managed-policies";
import { createRole } from "./role";

/** A service for which ECS manages resources. */
export interface InfrastructureRoleProps {
  readonly clusterArn: string;
  /** The start of the role's name: `<cluster>-<service>`. */
  readonly name: string;
}

/** What a role of ECS is for. */
interface RolePurpose {
  /** What the role lets ECS do, without the service. */
  readonly purpose: string;
  /** The end of the prefix of the role's name, of four letters at most. */
  readonly suffix: string;
  /** The end of its tag `Name`. */
  readonly tag: string;
}

/** What the role of a service is for, with its policy. */
interface InfrastructureRolePurpose extends RolePurpose {
  /** The id of the attachment of the policy. */
  readonly policyId: string;
  /** The name of AWS's policy, which is a service role policy. */
  readonly policyName: string;
}

/** Creates a role that ECS itself assumes, without policies. */
export function createRoleOfEcs(
  scope: Construct,
  { name }: Pick<InfrastructureRoleProps, "name">,
  { purpose, suffix, tag }: RolePurpose,
): IamRole {
  const role = createRole(scope, "resource", {
    namePrefix: `${name}-${suffix}-`,
    description: `${purpose} of ${name}`,
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs.amazonaws.com" } }],
    }),
    tags: purposeTags(`${name}-${tag}`, purpose),
    lifecycle: AFTER_USERS,
  });
  scope.node.defaultChild = role;
  return role;
}

/**
 * Creates a role with which ECS itself manages resources of a service, with a policy of AWS.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
 */
export function createInfrastructureRole(
  scope: Construct,
  { clusterArn, name }: InfrastructureRoleProps,
  { policyId, policyName, ...purpose }: InfrastructureRolePurpose,
): { readonly role: IamRole; readonly attachment: IamRolePolicyAttachment } {
  const role = createRoleOfEcs(scope, { name }, purpose);
  const partition = hcl`split(":", ${clusterArn})[1]`;
  const attachment = new IamRolePolicyAttachment(scope, policyId, {
    role: role.name,
    policyArn: `arn:${partition}:iam::aws:policy/service-role/${policyName}`,
    lifecycle: AFTER_USERS,
  });
  return { role, attachment };
}
