import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Construct } from "constructs";
import { encryptionKeyField, type KeyReference } from "../cluster/encryption-key";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules, logRetentionRule } from "../validation/aws-rules";
import { number, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";

/**
 * AWS's managed rule groups, in the order of evaluation. They block common attacks (OWASP Top 10), known exploits such as
 * Log4j, and addresses with a bad reputation. The last group only counts requests of anonymous addresses, because
 * legitimate clients also use hosting providers and VPNs.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
export const MANAGED_RULE_GROUPS = [
  { name: "AWSManagedRulesCommonRuleSet", action: "none" },
  { name: "AWSManagedRulesKnownBadInputsRuleSet", action: "none" },
  { name: "AWSManagedRulesAmazonIpReputationList", action: "none" },
  { name: "AWSManagedRulesAnonymousIpList", action: "count" },
] as const;

/** The web ACL of a load balancer. */
export interface WebAclProps {
  /** The name of the web ACL. */
  readonly name: string;
  /** Days that CloudWatch Logs keeps the web ACL's log. @default 14 */
  readonly logRetentionDays?: number;
  /** The customer managed key that encrypts the log. @default - a key that AWS owns */
  readonly encryptionKey?: KeyReference;
}

export const webAclPropsSchema = schemaOf<WebAclProps>()({
  name: string(...clusterNameRules),
  logRetentionDays: number(logRetentionRule).default(14),
  encryptionKey: encryptionKeyField.optional(),
});

/** A regional web ACL of AWS WAF with AWS's managed rule groups. It logs the requests that it inspects. */
export class WebAcl extends Construct {
  /** The web ACL's ARN, for load balancers. */
  readonly webAclArn: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { name, logRetentionDays, encryptionKey } = validate(this, webAclPropsSchema, props);
    const visibility = (metricName: string) => ({
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
      metricName,
    });
    const purpose = "Filters requests to the load balancer of the ECS cluster";
    const acl = new Wafv2WebAcl(this, "resource", {
      name,
      description: purpose,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rule: MANAGED_RULE_GROUPS.map(({ name: group, action }, priority) => ({
        name: group,
        priority,
        overrideAction: { [action]: {} },
        // The bindings do not convert statements, so these are Terraform's names.
        statement: { managed_rule_group_statement: { vendor_name: "AWS", name: group } },
        visibilityConfig: visibility(group),
      })),
      visibilityConfig: visibility(`${name}-web-acl`),
      tags: purposeTags(name, purpose),
    });
    this.node.defaultChild = acl;
    this.webAclArn = acl.arn;

    // WAF requires this prefix of the log group's name.
    // https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
    const logName = `aws-waf-logs-${name}`;
    const logs = new CloudwatchLogGroup(this, "log_group", {
      name: logName,
      retentionInDays: logRetentionDays,
      kmsKeyId: encryptionKey?.keyArn,
      tags: purposeTags(logName, "Log of the web ACL"),
    });
    new Wafv2WebAclLoggingConfiguration(this, "logging", {
      resourceArn: acl.arn,
      logDestinationConfigs: [logs.arn],
      // Anyone who can read a session or a token in a log can use it.
      redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
    });
  }
}
