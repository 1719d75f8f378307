import { distinctElements, each, type Rule } from "../validation/rule";
import { policyArnRule } from "../validation/values";

/** Limits of a role. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const ROLE_LIMITS = {
  /** Managed policies, where the account's quota wasn't raised. */
  policies: 10,
  /** Of the instances' role, those that it has of this library. */
  ownInstancePolicies: 2,
  /** Of a role's own policies together, without spaces. */
  bytes: 10_240,
} as const;

/** `*`, and all of a service. */
const EVERY_ACTION = /^\*+$|:\*+$/;
const EVERYTHING = /^\*+$/;

/** Every way in which statements of a task's role say too little, or too much: no inline policy gives everything. */
export function statementMistakes(
  name: string,
  statements: readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[],
): string[] {
  return statements.flatMap(({ actions, resources }, index) => {
    const received = JSON.stringify({ actions, resources });
    if (actions.length === 0 || resources.length === 0) {
      return [
        `${name}.${index} must have actions and resources; received ${received}. Name at least one of each, for example s3:GetObject on a bucket's ARN with /*.`,
      ];
    }
    if (actions.some((one) => EVERY_ACTION.test(one)) && resources.some((one) => EVERYTHING.test(one))) {
      return [
        `${name}.${index} must not have every action on every resource; received ${received}. Name the actions that the program calls, or the resources that it calls them on.`,
      ];
    }
    return [];
  });
}

/** Managed policies of a task's role. */
export const taskPolicyArnsRules: readonly Rule<never>[] = [
  distinctElements(0, ROLE_LIMITS.policies, "policies", "A role takes no more: join some of them in one of yours."),
  each(policyArnRule),
];

/** Further managed policies of the instances' role. */
export const instancePolicyArnsRules: readonly Rule<never>[] = [
  distinctElements(
    0,
    ROLE_LIMITS.policies - ROLE_LIMITS.ownInstancePolicies,
    "policies",
    `A role takes ${ROLE_LIMITS.policies}, and ${ROLE_LIMITS.ownInstancePolicies} are this stack's own: join some of them in one of yours.`,
  ),
  each(policyArnRule),
];
