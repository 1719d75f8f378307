import type { Answers } from "./clients";
import { block, blocks, type Resources, text, type Values } from "./resources";

/** The answers of queues, schedules, logs and the scaling of services. */
export function serviceAnswers(resources: Resources): Answers {
  return {
    DescribeScalableTargets: () => ({
      ScalableTargets: resources.of("aws_appautoscaling_target").map((one) => ({
        ...{ ResourceId: one.resource_id, MinCapacity: one.min_capacity, MaxCapacity: one.max_capacity },
        SuspendedState: suspendedAnswer(block(one, "suspended_state")),
      })),
    }),
    DescribeScalingPolicies: () => ({
      ScalingPolicies: resources.of("aws_appautoscaling_policy").map((one) => ({
        ResourceId: one.resource_id,
        TargetTrackingScalingPolicyConfiguration: {
          CustomizedMetricSpecification: { Metrics: metricsOf(one) },
        },
      })),
    }),
    FilterLogEvents: (input) => {
      if (resources.where("aws_cloudwatch_log_group", "name", text(input, "logGroupName")).length > 0)
        return { events: [] };
      throw Object.assign(new Error("The log group does not exist."), { name: "ResourceNotFoundException" });
    },
    ListSchedules: () => ({
      Schedules: resources.of("aws_scheduler_schedule").map((one) => ({
        ...{ Name: one.name, GroupName: one.group_name, Target: { Arn: block(one, "target").arn } },
      })),
    }),
    GetSchedule: (input) => {
      const [found = {}] = resources.where("aws_scheduler_schedule", "name", text(input, "Name"));
      const target = block(found, "target");
      return {
        ...{ ScheduleExpression: found.schedule_expression, State: found.state, CreationDate: daysAgo(40) },
        ScheduleExpressionTimezone: found.schedule_expression_timezone,
        Target: {
          ...{ RoleArn: target.role_arn, DeadLetterConfig: { Arn: block(target, "dead_letter_config").arn } },
          EcsParameters: { TaskDefinitionArn: block(target, "ecs_parameters").task_definition_arn },
        },
      };
    },
    GetMetricStatistics: () => ({ Datapoints: [{ Sum: 30 }] }),
    GetQueueUrl: (input) => {
      const [queue = {}] = resources.where("aws_sqs_queue", "name", text(input, "QueueName"));
      return { QueueUrl: queue.url };
    },
    GetQueueAttributes: (input) => {
      const [queue = {}] = resources.where("aws_sqs_queue", "url", text(input, "QueueUrl"));
      const RedrivePolicy = text(queue, "redrive_policy");
      return { Attributes: { ApproximateNumberOfMessages: "0", ...(RedrivePolicy && { RedrivePolicy }) } };
    },
  };
}

const daysAgo = (days: number): Date => new Date(Date.now() - days * 24 * 3_600_000);

const suspendedAnswer = (state: Values): object => ({
  DynamicScalingInSuspended: state.dynamic_scaling_in_suspended,
  DynamicScalingOutSuspended: state.dynamic_scaling_out_suspended,
  ScheduledScalingSuspended: state.scheduled_scaling_suspended,
});

const metricsOf = (policy: Values): object[] => {
  const tracking = block(policy, "target_tracking_scaling_policy_configuration");
  return blocks(block(tracking, "customized_metric_specification"), "metrics").map((one) => ({
    MetricStat: {
      Metric: {
        Dimensions: blocks(block(block(one, "metric_stat"), "metric"), "dimensions").map(({ name, value }) => ({
          ...{ Name: name, Value: value },
        })),
      },
    },
  }));
};
