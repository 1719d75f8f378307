import { readConfiguration } from "../../../../cli/handover/terraform-json/configuration";
import { variablesOf } from "../../../../cli/handover/terraform-json/variables";
import { keyArnRule } from "../../../../src/cluster/encryption-key";
import { instanceProfileArnRule } from "../../../../src/iam/instance-role";
import { trustStoreArnRules } from "../../../../src/load-balancing/load-balancer-values";
import { securityGroupIdRule } from "../../../../src/network/port-rules";
import type { Rule } from "../../../../src/validation/rule";

describe("the samples of variables, which the Terraform test of a hand-over uses", () => {
  it.each<[string, readonly Rule<string>[]]>([
    ["customer_key_arn", [keyArnRule]],
    ["instance_profile_arn", [instanceProfileArnRule]],
    ["instance_security_group_id", [securityGroupIdRule]],
    ["trust_store_arn", trustStoreArnRules],
  ])("fit the rules of %s", (name, rules) => {
    const region = { type: "string", default: "eu-west-1" };
    const [, variable] = variablesOf(
      [
        ["region", region],
        [name, { type: "string" }],
      ],
      readConfiguration({}),
    );
    for (const rule of rules) expect(rule.check(variable?.sample as string, { region: "eu-west-1" })).toBe(true);
  });
});
