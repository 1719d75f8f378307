import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Construct } from "constructs";
import type { EncryptionKey } from "../cluster/encryption-key";
import { purposeTags } from "../terraform/purpose-tags";
import { checkProps } from "../validation/check-props";
import { nameRules, retentionRule } from "../validation/values";

/**
 * AWS's own rule groups, in order of evaluation: what the OWASP list names, what is known to exploit (Log4j among it),
 * addresses of ill repute, and anonymous ones. The last are counted and not blocked: they are whole hosting providers
 * and VPNs, where honest clients come from too.
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
  /** What the web ACL is called. */
  readonly name: string;
  /** How many days its log is kept; one of CloudWatch's retentions. @default 14 */
  readonly logRetentionDays?: number;
  /** The key for its log. @default - AWS's own */
  readonly encryptionKey?: EncryptionKey;
}

/** A regional web ACL of AWS WAF with AWS's managed rule groups, and a log of what it decides. */
export class WebAcl extends Construct {
  /** The web ACL's ARN, for load balancers. */
  readonly webAclArn: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { name, logRetentionDays = 14, encryptionKey } = props;
    checkProps(this, { name: [name, nameRules], logRetentionDays: [logRetentionDays, [retentionRule]] });
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
        // The bindings pass statements on as they are, so these names are Terraform's.
        statement: { managed_rule_group_statement: { vendor_name: "AWS", name: group } },
        visibilityConfig: visibility(group),
      })),
      visibilityConfig: visibility(`${name}-web-acl`),
      tags: purposeTags(name, purpose),
    });
    this.webAclArn = acl.arn;

    // WAF logs to no group whose name starts otherwise.
    // https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
    const logName = `aws-waf-logs-${name}`;
    const logs = new CloudwatchLogGroup(this, "log_group", {
      name: logName,
      retentionInDays: logRetentionDays,
      kmsKeyId: encryptionKey?.keyArn,
      tags: purposeTags(logName, "What the web ACL decided"),
    });
    new Wafv2WebAclLoggingConfiguration(this, "logging", {
      resourceArn: acl.arn,
      logDestinationConfigs: [logs.arn],
      // A session or a token in a log is a session or a token lost.
      redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
    });
  }
}
