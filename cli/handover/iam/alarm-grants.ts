import { type Grant, iam } from "./grant";

const { read, TAGS } = iam;

/** The grants of alarms, dashboards, events and topics. */
export const ALARM_GRANTS: { readonly [type: string]: readonly Grant[] } = {
  aws_cloudwatch_metric_alarm: [
    ...read("cloudwatch:DescribeAlarms"),
    {
      sid: "Alarms",
      actions: `cloudwatch:PutMetricAlarm DeleteAlarms ${TAGS}`,
      on: ["cloudwatch:REGION:ACCOUNT_ID:alarm:{name}"],
    },
  ],
  aws_cloudwatch_dashboard: [
    {
      sid: "Dashboards",
      actions: "cloudwatch:PutDashboard GetDashboard DeleteDashboards",
      on: ["cloudwatch::ACCOUNT_ID:dashboard/{name}"],
    },
  ],
  // IAM cannot limit these actions to a policy.
  aws_cloudwatch_log_resource_policy: [
    {
      sid: "LogPolicies",
      actions: "logs:PutResourcePolicy DescribeResourcePolicies DeleteResourcePolicy",
      on: ["*"],
    },
  ],
  aws_cloudwatch_event_rule: [
    {
      sid: "Events",
      actions: `events:PutRule DescribeRule DeleteRule EnableRule DisableRule ${TAGS}`,
      on: ["events:REGION:ACCOUNT_ID:rule/{name}"],
    },
  ],
  aws_cloudwatch_event_target: [
    {
      sid: "Events",
      actions: "events:PutTargets RemoveTargets ListTargetsByRule",
      on: ["events:REGION:ACCOUNT_ID:rule/{eventRule}"],
    },
  ],
  aws_sns_topic: [
    {
      sid: "Topics",
      actions: `sns:CreateTopic GetTopicAttributes SetTopicAttributes DeleteTopic ${TAGS}`,
      on: ["sns:REGION:ACCOUNT_ID:{name}"],
    },
  ],
};
