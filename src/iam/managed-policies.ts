import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { Construct } from "constructs";
import { matches } from "../validation/rule";
import { list, plain, string } from "../validation/schema";
import type { Limit } from "../validation/settings-rule";
import { isToken } from "../validation/token";

/**
 * The `lifecycle` of a role's policies. What uses the role depends on them, so a policy that is removed goes only after its
 * users run with the new permissions.
 */
export const AFTER_USERS = { createBeforeDestroy: true } as const;

/** The most managed policies of a role. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_POLICIES = 10;

export const policyArnRule = matches(
  "^arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/[A-Za-z0-9_+=,.@/-]+$",
  "be the ARN of an IAM policy",
  "List the policies: aws iam list-policies --query Policies[].Arn",
);

/** The field of the managed policies of a role, by ARN. @param own the policies that this library attaches to the role itself */
export function managedPoliciesField(own = 0) {
  const most = MOST_POLICIES - own;
  const others = own > 0 ? `, and ${own} are this library's` : "";
  const fewEnough: Limit<readonly string[]> = {
    must: `have at most ${most} policies`,
    fix: `A role has at most ${MOST_POLICIES}${others}. Combine some of them in one policy.`,
    check: (arns) => new Set(arns).size <= most,
    offending: { of: (arns) => arns.length },
  };
  // The code derives a construct id from each ARN, so it must know how many there are.
  return plain(list(string(policyArnRule), fewEnough));
}

/**
 * Attaches each managed policy to a role. It creates one resource per policy, because `for_each` rejects an ARN that is
 * unknown until its policy exists.
 *
 * @param idOf returns the construct id from the part of the ARN after `:iam::`, or from the index of an unknown ARN
 */
export function attachPolicies(
  scope: Construct,
  role: IamRole,
  policyArns: readonly string[],
  idOf: (name: string) => string,
): IamRolePolicyAttachment[] {
  const taken = new Set<string>();
  return [...new Set(policyArns)].map((policyArn, index) => {
    let id = idOf(isToken(policyArn) ? `${index}` : policyArn.slice(policyArn.indexOf(":iam::") + ":iam::".length));
    // Policies of two accounts, or of two paths, can have the same name.
    while (taken.has(addressOf(id))) id += `_${index}`;
    taken.add(addressOf(id));
    return new IamRolePolicyAttachment(scope, id, { role: role.name, policyArn, lifecycle: AFTER_USERS });
  });
}

/** Returns the address that a stack with readable addresses gives an id. */
const addressOf = (id: string) => id.replace(/[^a-zA-Z0-9]/g, "_");
