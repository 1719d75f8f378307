import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Testing } from "cdktf";
import { type EncryptionKey, MANAGED_RULE_GROUPS, WebAcl, type WebAclProps } from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resolved } from "../support/synthesized";

Testing.setupJest();

const synthesize = (props: Partial<WebAclProps> = {}): string =>
  Testing.synthScope((stack) => {
    new WebAcl(stack, "acl", { name: "prod", ...props });
  });

/** One of AWS's managed rule groups, as a rule of the web ACL. */
const managed = (name: string, priority: number, action: "none" | "count") => ({
  name,
  priority,
  override_action: { [action]: {} },
  statement: { managed_rule_group_statement: { vendor_name: "AWS", name } },
  visibility_config: { cloudwatch_metrics_enabled: true, sampled_requests_enabled: true, metric_name: name },
});

describe("WebAcl", () => {
  it("blocks requests by AWS's managed rule groups, and only counts anonymous addresses", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(Wafv2WebAcl, {
      name: "prod",
      scope: "REGIONAL",
      default_action: { allow: {} },
      rule: [
        managed("AWSManagedRulesCommonRuleSet", 0, "none"),
        managed("AWSManagedRulesKnownBadInputsRuleSet", 1, "none"),
        managed("AWSManagedRulesAmazonIpReputationList", 2, "none"),
        managed("AWSManagedRulesAnonymousIpList", 3, "count"),
      ],
      visibility_config: {
        cloudwatch_metrics_enabled: true,
        sampled_requests_enabled: true,
        metric_name: "prod-web-acl",
      },
      tags: { Name: "prod", Purpose: "Filters requests to the load balancer of the ECS cluster" },
    });
    expect(MANAGED_RULE_GROUPS).toHaveLength(4);
    expect(resourceCounts(json)).toEqual({
      aws_wafv2_web_acl: 1,
      aws_cloudwatch_log_group: 1,
      aws_wafv2_web_acl_logging_configuration: 1,
    });
  });

  it("logs requests without credentials to a log group with the prefix that WAF requires", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(CloudwatchLogGroup, {
      name: "aws-waf-logs-prod",
      retention_in_days: 14,
      tags: { Name: "aws-waf-logs-prod", Purpose: "Log of the web ACL" },
    });
    expect(json).not.toContain("kms_key_id");
    expect(json).toHaveResourceWithProperties(Wafv2WebAclLoggingConfiguration, {
      resource_arn: expect.stringMatching(/^\$\{aws_wafv2_web_acl\.\w+\.arn\}$/),
      log_destination_configs: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.\w+\.arn\}$/)],
      redacted_fields: [{ single_header: { name: "authorization" } }, { single_header: { name: "cookie" } }],
    });
  });

  it("renders the retention and the key of the log", () => {
    const encryptionKey = { keyArn: "arn:aws:kms:eu-west-1:123456789012:key/0a1b" } as EncryptionKey;
    expect(synthesize({ logRetentionDays: 365, encryptionKey })).toHaveResourceWithProperties(CloudwatchLogGroup, {
      retention_in_days: 365,
      kms_key_id: encryptionKey.keyArn,
    });
  });

  it("exposes its ARN", () => {
    const stack = emptyStack();
    const { webAclArn } = new WebAcl(stack, "acl", { name: "prod" });
    expect(resolved(stack, webAclArn)).toBe("${aws_wafv2_web_acl.acl.arn}");
  });

  it.each<[string, Partial<WebAclProps>, string]>([
    [
      "a retention that CloudWatch rejects",
      { logRetentionDays: 2 },
      "logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; received 2. CloudWatch Logs accepts only these numbers of days.",
    ],
    [
      "a name with an underscore",
      { name: "my_web" },
      'name must contain only letters, digits and hyphens, and neither start nor end with a hyphen; received "my_web". AWS rejects other names of load balancers.',
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => synthesize(props))).toEqual([message]);
  });
});

describe("the web ACL of an EcsClusterStack", () => {
  const synthesizeStack = (webAcl?: "managed" | "existing") =>
    Testing.synth(clusterStack({ loadBalancer: webAcl && { webAcl } }), true);

  it.each([
    ["managed", 1, "${aws_wafv2_web_acl.web_acl.arn}"],
    ["existing", 0, "${var.web_acl_arn}"],
  ] as const)("protects the load balancer when it is %s", (webAcl, created, arn) => {
    const json = synthesizeStack(webAcl);
    expect(json).toHaveResourceWithProperties(Wafv2WebAclAssociation, {
      resource_arn: "${aws_lb.load_balancer.arn}",
      web_acl_arn: arn,
    });
    expect(resourceCounts(json).aws_wafv2_web_acl ?? 0).toBe(created);
  });

  it("does not exist by default", () => {
    expect(resourceCounts(synthesizeStack())).not.toHaveProperty("aws_wafv2_web_acl_association");
  });
});
