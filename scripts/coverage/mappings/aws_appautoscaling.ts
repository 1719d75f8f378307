import type { Mapping } from "../cover";
import { readList } from "../field-list";

const OF_SERVICE = {
  region: { fixed: "Always the region of the provider." },
  resource_id: { fixed: "Always the service." },
  scalable_dimension: { fixed: "Always `ecs:service:DesiredCount`." },
  service_namespace: { fixed: "Always `ecs`." },
} satisfies Mapping;

/** The arguments of `aws_appautoscaling_target`. */
export const AWS_APPAUTOSCALING_TARGET: Mapping = {
  ...OF_SERVICE,
  max_capacity: "ServiceScalingSettings.maxCapacity",
  min_capacity: "ServiceScalingSettings.minCapacity",
  role_arn: { outOfScope: "ECS always uses the service-linked role." },
  "suspended_state.dynamic_scaling_in_suspended": "SuspendedState.dynamicScalingInSuspended",
  "suspended_state.dynamic_scaling_out_suspended": "SuspendedState.dynamicScalingOutSuspended",
  "suspended_state.scheduled_scaling_suspended": "SuspendedState.scheduledScalingSuspended",
  tags: { fixed: "Always the name and the purpose, with the tags of the stack." },
};

const TIMES = {
  outOfScope: "The AWS provider cannot remove it from an action that has it. Use `at(…)`, or the year of `cron(…)`.",
};

/** The arguments of `aws_appautoscaling_scheduled_action`. */
export const AWS_APPAUTOSCALING_SCHEDULED_ACTION: Mapping = {
  ...OF_SERVICE,
  name: "ServiceScalingSettings.schedules",
  schedule: "ScheduledCapacity.schedule",
  timezone: "ScheduledCapacity.timeZone",
  start_time: TIMES,
  end_time: TIMES,
  "scalable_target_action.max_capacity": "ScheduledCapacity.maxCapacity",
  "scalable_target_action.min_capacity": "ScheduledCapacity.minCapacity",
};

const STEP = "step_scaling_policy_configuration";
const TRACKING = "target_tracking_scaling_policy_configuration";
const METRICS = `${TRACKING}.customized_metric_specification.metrics[]`;
const ONE_METRIC = { fixed: "Always `metrics`, which can have a single metric and every statistic." };

/** The setting passes the whole block on. */
const PREDICTIVE = Object.fromEntries(
  readList("aws_appautoscaling_policy")
    .fields.filter((field) => field.startsWith("predictive_scaling_policy_configuration."))
    .map((field) => [field, "ServiceScalingSettings.predictiveScaling"]),
);

/** The arguments of `aws_appautoscaling_policy`. */
export const AWS_APPAUTOSCALING_POLICY: Mapping = {
  ...OF_SERVICE,
  ...PREDICTIVE,
  name: ["ServiceScalingSettings.targetTracking", "ServiceScalingSettings.stepScaling"],
  policy_type: [
    "ServiceScalingSettings.targetTracking",
    "ServiceScalingSettings.stepScaling",
    "ServiceScalingSettings.predictiveScaling",
  ],
  [`${STEP}.adjustment_type`]: "StepScaling.adjustmentType",
  [`${STEP}.cooldown`]: "StepScaling.cooldownSeconds",
  [`${STEP}.metric_aggregation_type`]: "StepScaling.metricAggregationType",
  [`${STEP}.min_adjustment_magnitude`]: "StepScaling.minAdjustmentMagnitude",
  [`${STEP}.step_adjustment[].metric_interval_lower_bound`]: "StepAdjustment.metricIntervalLowerBound",
  [`${STEP}.step_adjustment[].metric_interval_upper_bound`]: "StepAdjustment.metricIntervalUpperBound",
  [`${STEP}.step_adjustment[].scaling_adjustment`]: "StepAdjustment.scalingAdjustment",
  [`${TRACKING}.customized_metric_specification.dimensions[].name`]: ONE_METRIC,
  [`${TRACKING}.customized_metric_specification.dimensions[].value`]: ONE_METRIC,
  [`${TRACKING}.customized_metric_specification.metric_name`]: ONE_METRIC,
  [`${TRACKING}.customized_metric_specification.namespace`]: ONE_METRIC,
  [`${TRACKING}.customized_metric_specification.statistic`]: ONE_METRIC,
  [`${TRACKING}.customized_metric_specification.unit`]: ONE_METRIC,
  [`${METRICS}.expression`]: "ScalingMetric.expression",
  [`${METRICS}.id`]: "ScalingMetric.usingMetrics",
  [`${METRICS}.label`]: { outOfScope: "No page shows it." },
  [`${METRICS}.metric_stat.metric.dimensions[].name`]: "MeasuredMetric.dimensions",
  [`${METRICS}.metric_stat.metric.dimensions[].value`]: "MeasuredMetric.dimensions",
  [`${METRICS}.metric_stat.metric.metric_name`]: "MeasuredMetric.metricName",
  [`${METRICS}.metric_stat.metric.namespace`]: "MeasuredMetric.namespace",
  [`${METRICS}.metric_stat.stat`]: "MeasuredMetric.statistic",
  [`${METRICS}.metric_stat.unit`]: "MeasuredMetric.unit",
  [`${METRICS}.return_data`]: { fixed: "Always true for the metric or the expression, and false for its metrics." },
  [`${TRACKING}.disable_scale_in`]: ["ServiceScalingSettings.disableScaleIn", "TargetTracking.disableScaleIn"],
  [`${TRACKING}.predefined_metric_specification.predefined_metric_type`]: [
    "ServiceScalingSettings.cpuPercent",
    "ServiceScalingSettings.memoryPercent",
    "ServiceScalingSettings.requestsPerTarget",
  ],
  [`${TRACKING}.predefined_metric_specification.resource_label`]: {
    fixed: "Always the load balancer and the target group of the service.",
  },
  [`${TRACKING}.scale_in_cooldown`]: [
    "ServiceScalingSettings.scaleInCooldownSeconds",
    "TargetTracking.scaleInCooldownSeconds",
  ],
  [`${TRACKING}.scale_out_cooldown`]: [
    "ServiceScalingSettings.scaleOutCooldownSeconds",
    "TargetTracking.scaleOutCooldownSeconds",
  ],
  [`${TRACKING}.target_value`]: ["ServiceScalingSettings.cpuPercent", "TargetTracking.targetValue"],
};
