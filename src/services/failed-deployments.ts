import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { Construct } from "constructs";
import { type Expression, hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";

export interface FailedDeployments {
  /** The start of the rule's name. */
  readonly name: string;
  /** What the rule watches, for its description: `services on the ECS cluster`. */
  readonly of: string;
  /** The ARN of a service, or the start of the ARNs of several. */
  readonly services: { readonly arn: Expression } | { readonly prefix: Expression };
  readonly topicArn: string;
}

/**
 * Sends a message to a topic when ECS fails a deployment, also when it rolls the deployment back.
 * @returns the rule
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 */
export function reportFailedDeployments(scope: Construct, options: FailedDeployments): CloudwatchEventRule {
  const { name, of, services, topicArn } = options;
  const ruleName = `${name}-failed-deployments`;
  const rule = new CloudwatchEventRule(scope, "failed_deployments", {
    name: ruleName,
    description: `Reports failed deployments of ${of}`,
    eventPattern: hcl`jsonencode(${{
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
      resources: ["arn" in services ? services.arn : services],
    }})`.string,
    tags: purposeTags(ruleName, "Reports failed deployments"),
  });
  new CloudwatchEventTarget(scope, "failed_deployments_topic", {
    rule: rule.name,
    arn: topicArn,
    inputTransformer: {
      inputPaths: { service: "$.resources[0]", reason: "$.detail.reason", deployment: "$.detail.deploymentId" },
      // The target expects a JSON string. EventBridge replaces the names.
      inputTemplate: '"Deployment <deployment> of <service> failed: <reason>"',
    },
  });
  return rule;
}

/** Returns the start of the ARNs of a cluster's services. */
export const serviceArnPrefix = (clusterArn: string): Expression =>
  hcl`join("", [replace(${clusterArn}, ":cluster/", ":service/"), "/"])`;
