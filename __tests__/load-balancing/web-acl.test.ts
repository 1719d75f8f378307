import { MANAGED_RULE_GROUPS, WebAcl } from "../../src";
import { clusterStack } from "../support/cluster";
import { at, count, emptyStack, mistakesOf, type Part, resource, synthesized } from "../support/synthesized";

function protectedBy(): Part {
  const stack = emptyStack();
  new WebAcl(stack, "acl", { name: "prod", logRetentionDays: 365 });
  return synthesized(stack);
}

describe("WebAcl", () => {
  const json = protectedBy();
  const rules = resource(json, "aws_wafv2_web_acl.acl").rule as Part[];

  it("is regional, as load balancers need it, and allows what no rule refuses", () => {
    expect(resource(json, "aws_wafv2_web_acl.acl")).toMatchObject({ scope: "REGIONAL", default_action: { allow: {} } });
  });

  it("has AWS's rule groups, each in a place of its own", () => {
    expect(rules.map((rule) => [rule.priority, rule.name])).toEqual(
      MANAGED_RULE_GROUPS.map(({ name }, priority) => [priority, name]),
    );
    expect(rules[1]?.statement).toEqual({
      managed_rule_group_statement: { vendor_name: "AWS", name: "AWSManagedRulesKnownBadInputsRuleSet" },
    });
  });

  it("counts anonymous addresses and blocks by all other groups", () => {
    const counted = rules.filter((rule) => "count" in (rule.override_action as object)).map((rule) => rule.name);
    expect(counted).toEqual(["AWSManagedRulesAnonymousIpList"]);
  });

  it("logs to a group with the name that WAF wants, without credentials", () => {
    expect(resource(json, "aws_cloudwatch_log_group.acl_log_group")).toMatchObject({
      name: "aws-waf-logs-prod",
      retention_in_days: 365,
    });
    const fields = resource(json, "aws_wafv2_web_acl_logging_configuration.acl_logging").redacted_fields as Part[];
    expect(fields.map((field) => at(field, "single_header", "name"))).toEqual(["authorization", "cookie"]);
  });

  it("refuses a retention that CloudWatch doesn't know", () => {
    expect(mistakesOf(() => new WebAcl(emptyStack(), "acl", { name: "prod", logRetentionDays: 2 }))[0]).toMatch(
      /^logRetentionDays must be one of 1, 3, 5,.*; received 2\./,
    );
  });

  it.each([
    [{ webAcl: "managed" } as const, 1, "${aws_wafv2_web_acl.web_acl.arn}"],
    [{ webAcl: "existing" } as const, 0, "${var.web_acl_arn}"],
  ])("protects the load balancer with %j", (loadBalancer, made, arn) => {
    const stack = synthesized(clusterStack({ loadBalancer }));
    expect(count(stack, "aws_wafv2_web_acl")).toBe(made);
    expect(resource(stack, "aws_wafv2_web_acl_association.load_balancer_web_acl")).toMatchObject({
      resource_arn: "${aws_lb.load_balancer.arn}",
      web_acl_arn: arn,
    });
  });

  it("is not there by default", () => {
    expect(count(synthesized(clusterStack()), "aws_wafv2_web_acl_association")).toBe(0);
  });
});
