import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import { siblingArn } from "../terraform/arn";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import type { RunTask } from "./run-task";

/**
 * Reports the tasks that do not start, and those that end with another exit code than 0, to an SNS topic. ECS sends an event
 * for each task that stops. Only one container counts: when it ends, ECS stops the others, whose exit codes are then not 0.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export function reportFailedTasks(scope: Construct, name: string, run: RunTask, topicArn: string): void {
  const { clusterArn, clusterName } = run.cluster.cluster;
  const ruleName = `${clusterName}-${name}-failed`;
  const rule = new CloudwatchEventRule(scope, "failed", {
    name: ruleName,
    description: `Reports tasks of ${name} that fail on the ECS cluster ${clusterName}`,
    eventPattern: hcl`jsonencode(${{
      source: ["aws.ecs"],
      "detail-type": ["ECS Task State Change"],
      detail: {
        clusterArn: [clusterArn],
        taskDefinitionArn: [{ prefix: siblingArn(clusterArn, "ecs", `task-definition/${run.family}:`) }],
        // The tasks of a service with the same task definition have the group service:NAME. The service replaces them.
        group: [run.group ?? `family:${run.family}`],
        lastStatus: ["STOPPED"],
        $or: [
          { stopCode: ["TaskFailedToStart"] },
          { containers: { name: [run.container], exitCode: [{ "anything-but": 0 }] } },
        ],
      },
    }})`.string,
    tags: purposeTags(ruleName, "Reports tasks that fail"),
  });
  new CloudwatchEventTarget(scope, "failed_topic", {
    rule: rule.name,
    arn: literal(topicArn),
    inputTransformer: {
      inputPaths: { task: "$.detail.taskArn", code: "$.detail.stopCode", reason: "$.detail.stoppedReason" },
      // The target expects a JSON string. EventBridge replaces the names.
      inputTemplate: `"The task <task> of ${name} failed: <code>, <reason>"`,
    },
  });
}

/** Raises an alarm while the dead-letter queue of a schedule has messages. */
export function reportDeadLetters(scope: Construct, name: string, queueName: string, topicArn: string): void {
  const alarmName = `${name}-dead-letters`;
  new CloudwatchMetricAlarm(scope, "dead_letters", {
    alarmName,
    alarmDescription: `EventBridge Scheduler could not start the tasks of ${name}. The messages in the dead-letter queue ${queueName} have the reason. To find the cause, run the doctor of ecs-default-vpc, or read its docs/jobs.md.`,
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queueName },
    statistic: "Maximum",
    period: 60,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    // SQS publishes nothing for a queue that nobody used for six hours.
    treatMissingData: "notBreaching",
    alarmActions: [literal(topicArn)],
    okActions: [literal(topicArn)],
    tags: purposeTags(alarmName, "Reports runs that did not start"),
  });
}
