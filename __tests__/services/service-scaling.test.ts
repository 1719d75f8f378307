import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingScheduledAction } from "@cdktf/provider-aws/lib/appautoscaling-scheduled-action";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Testing } from "cdktf";
import { hcl, ServiceScaling, type ServiceScalingProps, type ServiceScalingSettings } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";

Testing.setupJest();

const synthesize = (
  settings: Omit<ServiceScalingProps, "cluster" | "serviceName">,
  props: Partial<ServiceScalingProps> = {},
): string =>
  Testing.synthScope((stack) => {
    const targetGroupArnSuffix = "targetgroup/users-1/0a1b";
    const cluster = clusterTarget();
    new ServiceScaling(stack, "scaling", {
      cluster,
      serviceName: "users",
      targetGroupArnSuffix,
      ...settings,
      ...props,
    });
  });

const VISIBLE = { namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible" };

describe("ServiceScaling", () => {
  it("scales the service's tasks between the two limits", () => {
    const json = synthesize({ maxCapacity: 4, cpuPercent: 60 });
    expect(json).toHaveResourceWithProperties(AppautoscalingTarget, {
      service_namespace: "ecs",
      scalable_dimension: "ecs:service:DesiredCount",
      resource_id: "service/prod/users",
      min_capacity: 1,
      max_capacity: 4,
    });
    expect(resourceCounts(json)).toEqual({ aws_appautoscaling_target: 1, aws_appautoscaling_policy: 1 });
  });

  it("creates a policy for each target", () => {
    const json = synthesize({
      minCapacity: 2,
      maxCapacity: 4,
      cpuPercent: 60,
      memoryPercent: 70,
      requestsPerTarget: 600,
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingTarget, { min_capacity: 2 });
    expect(resourceCounts(json)).toEqual({ aws_appautoscaling_target: 1, aws_appautoscaling_policy: 3 });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      name: "cpu",
      policy_type: "TargetTrackingScaling",
      target_tracking_scaling_policy_configuration: {
        target_value: 60,
        scale_out_cooldown: 60,
        scale_in_cooldown: 300,
        predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" },
      },
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      name: "memory",
      target_tracking_scaling_policy_configuration: expect.objectContaining({
        target_value: 70,
        predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageMemoryUtilization" },
      }),
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      name: "requests",
      target_tracking_scaling_policy_configuration: expect.objectContaining({
        target_value: 600,
        predefined_metric_specification: {
          predefined_metric_type: "ALBRequestCountPerTarget",
          resource_label: `\${join("/", slice(split("/", "${clusterTarget().loadBalancer?.listenerArn}"), 1, 4))}/targetgroup/users-1/0a1b`,
        },
      }),
    });
  });

  it("creates a policy for memory alone", () => {
    const json = synthesize({ maxCapacity: 4, memoryPercent: 70 });
    expect(resourceCounts(json)).toEqual({ aws_appautoscaling_target: 1, aws_appautoscaling_policy: 1 });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, { name: "memory" });
  });

  it("renders the cooldowns", () => {
    const json = synthesize({
      maxCapacity: 4,
      cpuPercent: 60,
      scaleOutCooldownSeconds: 0,
      scaleInCooldownSeconds: 900,
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      target_tracking_scaling_policy_configuration: expect.objectContaining({
        scale_out_cooldown: 0,
        scale_in_cooldown: 900,
      }),
    });
  });

  it("renders tokens", () => {
    const number = hcl`var.number`.number;
    const json = synthesize({ minCapacity: number, maxCapacity: number, cpuPercent: number });
    expect(json).toHaveResourceWithProperties(AppautoscalingTarget, {
      min_capacity: "${var.number}",
      max_capacity: "${var.number}",
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      target_tracking_scaling_policy_configuration: expect.objectContaining({ target_value: "${var.number}" }),
    });
  });

  it("renders disableScaleIn, for all policies or for one", () => {
    const json = synthesize({
      maxCapacity: 4,
      cpuPercent: 60,
      disableScaleIn: true,
      targetTracking: {
        queue: { metric: VISIBLE, targetValue: 10, disableScaleIn: false, scaleInCooldownSeconds: 60 },
      },
    });
    const tracking = (name: string, configuration: object) =>
      expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
        name,
        target_tracking_scaling_policy_configuration: expect.objectContaining(configuration),
      });
    tracking("cpu", { disable_scale_in: true, scale_in_cooldown: 300 });
    tracking("tracking-queue", { disable_scale_in: false, scale_in_cooldown: 60, scale_out_cooldown: 60 });
  });

  it("tracks any metric", () => {
    const dimensions = { QueueName: "jobs" };
    const json = synthesize({
      maxCapacity: 4,
      targetTracking: {
        slow_requests: { metric: { ...VISIBLE, dimensions, statistic: "p99", unit: "Count" }, targetValue: 0.5 },
      },
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      name: "tracking-slow-requests",
      policy_type: "TargetTrackingScaling",
      target_tracking_scaling_policy_configuration: {
        target_value: 0.5,
        scale_out_cooldown: 60,
        scale_in_cooldown: 300,
        customized_metric_specification: {
          metrics: [
            {
              id: "result",
              return_data: true,
              metric_stat: {
                metric: {
                  namespace: "AWS/SQS",
                  metric_name: "ApproximateNumberOfMessagesVisible",
                  dimensions: [{ name: "QueueName", value: "jobs" }],
                },
                stat: "p99",
                unit: "Count",
              },
            },
          ],
        },
      },
    });
    expect(resourceCounts(json)).toEqual({ aws_appautoscaling_target: 1, aws_appautoscaling_policy: 1 });
  });

  it("tracks metric math, and keeps template signs in it as text", () => {
    const json = synthesize({
      maxCapacity: 4,
      targetTracking: {
        backlog: {
          expression: "visible / FILL(tasks, 1) ${x}",
          usingMetrics: {
            visible: VISIBLE,
            tasks: { namespace: "ECS/ContainerInsights", metricName: "RunningTaskCount" },
          },
          targetValue: 10,
        },
      },
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      target_tracking_scaling_policy_configuration: expect.objectContaining({
        customized_metric_specification: {
          metrics: [
            expect.objectContaining({ id: "visible", return_data: false }),
            expect.objectContaining({ id: "tasks", return_data: false }),
            { id: "result", expression: "visible / FILL(tasks, 1) $${x}", return_data: true },
          ],
        },
      }),
    });
  });

  it("scales in steps, with an alarm for each policy", () => {
    const json = synthesize({
      minCapacity: 0,
      maxCapacity: 4,
      stepScaling: {
        first: {
          metric: { ...VISIBLE, dimensions: { QueueName: "jobs" }, statistic: "Maximum" },
          threshold: 1,
          stepAdjustments: [
            { metricIntervalLowerBound: 0, metricIntervalUpperBound: 100, scalingAdjustment: 1 },
            { metricIntervalLowerBound: 100, scalingAdjustment: 3 },
          ],
        },
        idle: {
          expression: "FILL(visible, 0)",
          usingMetrics: { visible: VISIBLE },
          threshold: 0,
          comparisonOperator: "LessThanOrEqualToThreshold",
          stepAdjustments: [{ metricIntervalUpperBound: 0, scalingAdjustment: -50 }],
          adjustmentType: "PercentChangeInCapacity",
          minAdjustmentMagnitude: 1,
          metricAggregationType: "Maximum",
          cooldownSeconds: 120,
          periodSeconds: 300,
          evaluationPeriods: 3,
          datapointsToAlarm: 2,
          treatMissingData: "breaching",
        },
      },
    });
    expect(resourceCounts(json)).toEqual({
      aws_appautoscaling_target: 1,
      aws_appautoscaling_policy: 2,
      aws_cloudwatch_metric_alarm: 2,
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      name: "step-first",
      policy_type: "StepScaling",
      step_scaling_policy_configuration: {
        adjustment_type: "ChangeInCapacity",
        cooldown: 300,
        metric_aggregation_type: "Average",
        step_adjustment: [
          { metric_interval_lower_bound: "0", metric_interval_upper_bound: "100", scaling_adjustment: 1 },
          { metric_interval_lower_bound: "100", scaling_adjustment: 3 },
        ],
      },
    });
    expect(json).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "prod-users-step-first",
      alarm_actions: [expect.stringMatching(/^\$\{aws_appautoscaling_policy\.scaling_step_first.*\.arn\}$/)],
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluation_periods: 1,
      treat_missing_data: "missing",
      metric_query: [
        {
          id: "result",
          return_data: true,
          metric: {
            namespace: "AWS/SQS",
            metric_name: "ApproximateNumberOfMessagesVisible",
            dimensions: { QueueName: "jobs" },
            period: 60,
            stat: "Maximum",
          },
        },
      ],
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      name: "step-idle",
      step_scaling_policy_configuration: {
        adjustment_type: "PercentChangeInCapacity",
        cooldown: 120,
        metric_aggregation_type: "Maximum",
        min_adjustment_magnitude: 1,
        step_adjustment: [{ metric_interval_upper_bound: "0", scaling_adjustment: -50 }],
      },
    });
    expect(json).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "prod-users-step-idle",
      comparison_operator: "LessThanOrEqualToThreshold",
      threshold: 0,
      evaluation_periods: 3,
      datapoints_to_alarm: 2,
      treat_missing_data: "breaching",
      metric_query: [
        expect.objectContaining({
          id: "visible",
          return_data: false,
          metric: expect.objectContaining({ period: 300 }),
        }),
        { id: "result", expression: "FILL(visible, 0)", return_data: true },
      ],
    });
  });

  it("changes the limits on a schedule, and ignores those that schedules change", () => {
    const json = synthesize({
      maxCapacity: 4,
      schedules: {
        open: { schedule: "cron(0 8 ? * MON-FRI *)", timeZone: "Asia/Seoul", minCapacity: 2 },
        close_shop: { schedule: "cron(0 20 ? * MON-FRI *)", timeZone: "Asia/Seoul", minCapacity: 0 },
      },
    });
    expect(resourceCounts(json)).toEqual({ aws_appautoscaling_target: 1, aws_appautoscaling_scheduled_action: 2 });
    expect(json).toHaveResourceWithProperties(AppautoscalingScheduledAction, {
      name: "close-shop",
      schedule: "cron(0 20 ? * MON-FRI *)",
      timezone: "Asia/Seoul",
      resource_id: expect.stringMatching(/^\$\{aws_appautoscaling_target\..*\.resource_id\}$/),
      scalable_target_action: { min_capacity: "0" },
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingTarget, {
      lifecycle: { ignore_changes: ["min_capacity"] },
    });
    const both = synthesize({
      maxCapacity: 4,
      cpuPercent: 60,
      schedules: { rush: { schedule: "rate(1 day)", minCapacity: 2, maxCapacity: 9 } },
    });
    expect(both).toHaveResourceWithProperties(AppautoscalingScheduledAction, {
      timezone: "UTC",
      scalable_target_action: { min_capacity: "2", max_capacity: "9" },
    });
    expect(both).toHaveResourceWithProperties(AppautoscalingTarget, {
      lifecycle: { ignore_changes: ["min_capacity", "max_capacity"] },
    });
  });

  it("passes predictive scaling on, by Terraform's names", () => {
    const predictiveScaling = {
      mode: "ForecastAndScale",
      metric_specification: [
        {
          target_value: "40",
          predefined_metric_pair_specification: [{ predefined_metric_type: "ECSServiceCPUUtilization" }],
        },
      ],
    };
    const json = synthesize({ maxCapacity: 4, predictiveScaling });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      name: "predictive",
      policy_type: "PredictiveScaling",
      predictive_scaling_policy_configuration: predictiveScaling,
    });
    expect(resourceCounts(json)).toEqual({ aws_appautoscaling_target: 1, aws_appautoscaling_policy: 1 });
  });

  it("suspends scaling, and resumes it without the setting", () => {
    const states = (suspendedState?: ServiceScalingSettings["suspendedState"]) =>
      synthesize({ maxCapacity: 4, cpuPercent: 60, suspendedState });
    expect(states({ dynamicScalingInSuspended: true })).toHaveResourceWithProperties(AppautoscalingTarget, {
      suspended_state: {
        dynamic_scaling_in_suspended: true,
        dynamic_scaling_out_suspended: false,
        scheduled_scaling_suspended: false,
      },
    });
    expect(states()).toHaveResourceWithProperties(AppautoscalingTarget, {
      suspended_state: {
        dynamic_scaling_in_suspended: false,
        dynamic_scaling_out_suspended: false,
        scheduled_scaling_suspended: false,
      },
    });
  });

  it.each<[string, Omit<ServiceScalingProps, "cluster" | "serviceName">, string]>([
    [
      "settings without a target",
      { maxCapacity: 4 },
      "cpuPercent must be set, or memoryPercent, requestsPerTarget, queue, targetTracking, stepScaling, schedules or predictiveScaling; received nothing. For example 60. Otherwise nothing changes the number of tasks.",
    ],
    [
      "a maximum below the minimum",
      { minCapacity: 5, maxCapacity: 4, cpuPercent: 60 },
      "maxCapacity must not be below minCapacity, which is 5; received 4. Raise it, or lower minCapacity.",
    ],
    [
      "a minimum of no task",
      { minCapacity: 0, maxCapacity: 4, cpuPercent: 60 },
      "minCapacity must be at least 1 with cpuPercent, memoryPercent or requestsPerTarget alone; received 0. A service without tasks has no load, so it would never start again. Set 1, or add queue, targetTracking, stepScaling or schedules.",
    ],
    [
      "more tasks than ECS allows",
      { maxCapacity: 5001, cpuPercent: 60 },
      "maxCapacity must be a whole number from 1 to 5000 (tasks); received 5001. For example 4.",
    ],
    [
      "more than all of the CPU",
      { maxCapacity: 4, cpuPercent: 101 },
      "cpuPercent must be a whole number from 1 to 100 (percent); received 101. With 60, running tasks have room while new ones start.",
    ],
    [
      "no memory",
      { maxCapacity: 4, memoryPercent: 0 },
      "memoryPercent must be a whole number from 1 to 100 (percent); received 0. With 60, running tasks have room while new ones start.",
    ],
    [
      "no requests",
      { maxCapacity: 4, requestsPerTarget: 0 },
      "requestsPerTarget must be a whole number from 1 to 1000000 (requests per minute); received 0. For example 600.",
    ],
    [
      "a cooldown above an hour",
      { maxCapacity: 4, cpuPercent: 60, scaleInCooldownSeconds: 3601 },
      "scaleInCooldownSeconds must be a whole number from 0 to 3600 (seconds); received 3601. Remove it for the default.",
    ],
    [
      "an unknown setting",
      { maxCapacity: 4, cpuPercent: 60, minCapasity: 2 } as Partial<ServiceScalingProps> as never,
      'Unknown setting "minCapasity". Did you mean "minCapacity"?',
    ],
  ])("rejects %s", (_, settings, message) => {
    expect(problemsOf(() => synthesize(settings))).toEqual([message]);
  });

  it.each<[string, Partial<ServiceScalingProps>, string]>([
    [
      "requests without a target group",
      { targetGroupArnSuffix: undefined },
      "requestsPerTarget must not be set without targetGroupArnSuffix; received 9. Set targetGroupArnSuffix to the arnSuffix of the target group, or use cpuPercent.",
    ],
    [
      "requests on a cluster without a load balancer",
      { cluster: clusterTarget({ loadBalancer: undefined }) },
      "requestsPerTarget must not be set for a cluster without a load balancer; received 9. Give the cluster a load balancer, or use cpuPercent.",
    ],
    [
      "a name that no ECS service has",
      { serviceName: "my service" },
      'serviceName must be the name of an ECS service; received "my service". It has 1 to 255 letters, digits, hyphens and underscores.',
    ],
    ["a cluster that is missing", { cluster: undefined }, "cluster must be a cluster; received nothing. Set it."],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => synthesize({ maxCapacity: 4, requestsPerTarget: 9 }, props))).toEqual([message]);
  });
});
