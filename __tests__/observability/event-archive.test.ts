import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Testing } from "cdktf";
import { type Cluster, EventArchive, type EventArchiveProps } from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resource, synthesized } from "../support/synthesized";

Testing.setupJest();

const cluster = {
  clusterName: "prod",
  clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/prod",
  nameOnceMade: "prod",
  logGroupName: "/ecs/prod",
  hasContainerInsights: true,
} as Cluster;
const archive = (props: Partial<EventArchiveProps> = {}) => {
  const stack = emptyStack();
  new EventArchive(stack, "archive", { name: "prod", cluster, ...props });
  return synthesized(stack);
};

describe("EventArchive", () => {
  it("sends stopped tasks, service events and deployments of the cluster to a log group", () => {
    const json = JSON.stringify(archive());
    expect(resourceCounts(json)).toEqual({
      aws_cloudwatch_log_group: 1,
      aws_cloudwatch_log_resource_policy: 1,
      aws_cloudwatch_event_rule: 2,
      aws_cloudwatch_event_target: 2,
    });
    expect(json).toHaveResourceWithProperties(CloudwatchLogGroup, {
      name: "/aws/events/ecs/prod",
      retention_in_days: 14,
    });
    expect(json).toHaveResourceWithProperties(CloudwatchEventRule, {
      name: "prod-stopped-tasks",
      event_pattern:
        '${jsonencode({ "source" = ["aws.ecs"], "detail-type" = ["ECS Task State Change"], "detail" = { "clusterArn" = ["arn:aws:ecs:eu-west-1:123456789012:cluster/prod"], "lastStatus" = ["STOPPED"] } })}',
    });
    expect(json).toHaveResourceWithProperties(CloudwatchEventRule, {
      name: "prod-service-events",
      event_pattern: expect.stringContaining('"detail-type" = ["ECS Service Action", "ECS Deployment State Change"]'),
    });
    for (const rule of ["stopped_tasks", "service_events"]) {
      expect(json).toHaveResourceWithProperties(CloudwatchEventTarget, {
        rule: `\${aws_cloudwatch_event_rule.archive_${rule}.name}`,
        arn: "${aws_cloudwatch_log_group.archive_log_group.arn}",
        depends_on: ["aws_cloudwatch_log_resource_policy.archive_policy"],
      });
    }
  });

  it("lets EventBridge do exactly this: create log streams, and write the events of its two rules", () => {
    const { policy_name, policy_document } = resource(archive(), "aws_cloudwatch_log_resource_policy.archive_policy");
    expect(policy_name).toBe("prod-event-archive");
    const document = String(policy_document);
    expect([...document.matchAll(/"(logs:[A-Za-z]+)"/g)].map(([, action]) => action)).toEqual([
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]);
    expect(document).toContain('"Service" = ["events.amazonaws.com", "delivery.logs.amazonaws.com"]');
    expect(document).toContain('"Resource" = "${aws_cloudwatch_log_group.archive_log_group.arn}:*"');
    expect(document).toContain(
      '"aws:SourceArn" = [aws_cloudwatch_event_rule.archive_stopped_tasks.arn, aws_cloudwatch_event_rule.archive_service_events.arn]',
    );
  });

  it("retains the log group with retainLogGroup", () => {
    const stack = clusterStack({ eventArchive: true, customerKey: true, retainLogGroup: true });
    expect(resource(synthesized(stack), "aws_cloudwatch_log_group.event_archive_log_group")).toMatchObject({
      name: "/aws/events/ecs/${var.name}",
      retention_in_days: "${var.log_retention_days}",
      skip_destroy: true,
      kms_key_id: "${aws_kms_key.encryption_key.arn}",
    });
  });

  it("is in the dashboard and in the outputs of the stack", () => {
    const stack = clusterStack({ eventArchive: true, dashboard: true });
    const json = synthesized(stack);
    const body = String(resource(json, "aws_cloudwatch_dashboard.dashboard").dashboard_body);
    expect(body).toContain(
      `"query" = "SOURCE '\${aws_cloudwatch_log_group.event_archive_log_group.name}' | ${stack.eventArchive?.query}"`,
    );
    const { event_archive_log_group_name, event_archive_query } = json.output as Record<string, { value: string }>;
    expect(event_archive_log_group_name?.value).toBe("${aws_cloudwatch_log_group.event_archive_log_group.name}");
    expect(event_archive_query?.value).toMatch(/^id=\$\(aws logs start-query .* --query-string 'fields @timestamp, /);
    // No quote ends the text of the query in the command.
    expect(stack.eventArchive?.query).not.toContain("'");

    const without = synthesized(clusterStack({ dashboard: true }));
    expect(JSON.stringify(without)).not.toContain("event_archive");
    expect(String(resource(without, "aws_cloudwatch_dashboard.dashboard").dashboard_body)).not.toContain("SOURCE");
  });

  it.each<[string, Partial<EventArchiveProps>, string]>([
    [
      "a number of days that CloudWatch does not offer",
      { logRetentionDays: 2 },
      "logRetentionDays must be one of 1, 3, 5, 7, 14, 30",
    ],
    ["a cluster that is missing", { cluster: undefined }, "cluster must be a cluster; received nothing. Set it."],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => archive(props))).toEqual([expect.stringContaining(message)]);
  });
});
