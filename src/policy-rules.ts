import { distinctElements, each, type Rule } from "./rule";
import { policyArnRule } from "./values";

/** Limits of a role. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const ROLE_LIMITS = {
  /** Managed policies, where the account's quota wasn't raised. */
  policies: 10,
  /** Of the instances' role, those that it has of this library. */
  ownInstancePolicies: 2,
  /** Of a role's own policies together, without spaces. */
  bytes: 10_240,
} as const;

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
