import { instancePolicyArnsField } from "./instance-role";
import { managedPoliciesField } from "./managed-policies";

/** The previous form of the fields. */
export const taskPolicyArnsRules = (managedPoliciesField().facts.limits ?? []) as never;
export const instancePolicyArnsRules = (instancePolicyArnsField.facts.limits ?? []) as never;
