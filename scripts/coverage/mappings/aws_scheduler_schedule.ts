import type { Mapping } from "../cover";

const FARGATE = { outOfScope: "It is for Fargate." };
const OTHER_TARGET = { outOfScope: "It is for other targets than ECS." };
const NETWORK = "TaskSettings.networkMode";

/** The arguments of `aws_scheduler_schedule` with an ECS target. */
export const AWS_SCHEDULER_SCHEDULE: Mapping = {
  action_after_completion: {
    outOfScope: "With `DELETE`, Scheduler deletes the schedule, and Terraform creates it again.",
  },
  description: { fixed: "Always the name of the task and of the cluster." },
  end_date: "Schedule.endDate",
  "flexible_time_window.maximum_window_in_minutes": "Schedule.flexibleTimeWindowMinutes",
  "flexible_time_window.mode": "Schedule.flexibleTimeWindowMinutes",
  group_name: "Schedule.scheduleGroup",
  kms_key_arn: {
    outOfScope:
      "A schedule has no secrets, and Scheduler encrypts it with a key of AWS. An override of `node.defaultChild` sets it.",
  },
  name: { fixed: "Always the name of the cluster and of the task." },
  name_prefix: { outOfScope: "The schedule has a name." },
  region: { fixed: "Always the region of the provider." },
  schedule_expression: "Schedule.scheduleExpression",
  schedule_expression_timezone: "Schedule.timeZone",
  start_date: "Schedule.startDate",
  state: "Schedule.enabled",
  "target.arn": "StandaloneTaskProps.cluster",
  "target.dead_letter_config.arn": "Schedule.deadLetterQueue",
  "target.ecs_parameters.capacity_provider_strategy[].base": "CapacityProviderStrategy.base",
  "target.ecs_parameters.capacity_provider_strategy[].capacity_provider": "CapacityProviderStrategy.capacityProvider",
  "target.ecs_parameters.capacity_provider_strategy[].weight": "CapacityProviderStrategy.weight",
  "target.ecs_parameters.enable_ecs_managed_tags": { fixed: "Always true." },
  "target.ecs_parameters.enable_execute_command": "TaskSettings.enableExecuteCommand",
  "target.ecs_parameters.group": "StandaloneTaskProps.group",
  "target.ecs_parameters.launch_type": {
    outOfScope: "With a launch type, ECS rejects a task when no instance has room. With a capacity provider, it waits.",
  },
  "target.ecs_parameters.network_configuration.assign_public_ip": {
    fixed: "Always false. ECS does not support public addresses on EC2 instances.",
  },
  "target.ecs_parameters.network_configuration.security_groups": [NETWORK, "TaskSettings.securityGroupIds"],
  "target.ecs_parameters.network_configuration.subnets": [NETWORK, "TaskSettings.subnetIds"],
  "target.ecs_parameters.placement_constraints[].expression": "PlacementConstraint.expression",
  "target.ecs_parameters.placement_constraints[].type": "PlacementConstraint.type",
  "target.ecs_parameters.placement_strategy[].field": "PlacementStrategy.field",
  "target.ecs_parameters.placement_strategy[].type": "PlacementStrategy.type",
  "target.ecs_parameters.platform_version": FARGATE,
  "target.ecs_parameters.propagate_tags": { fixed: "Always `TASK_DEFINITION`. Set the tags with `tags`." },
  "target.ecs_parameters.reference_id": { outOfScope: "Nothing reads it. `group` lists the tasks of a job." },
  "target.ecs_parameters.tags": {
    outOfScope: "Tasks have the tags of their task definition, which `tags` sets.",
  },
  "target.ecs_parameters.task_count": "StandaloneTaskProps.taskCount",
  "target.ecs_parameters.task_definition_arn": { fixed: "Always the task definition with its revision." },
  "target.eventbridge_parameters.detail_type": OTHER_TARGET,
  "target.eventbridge_parameters.source": OTHER_TARGET,
  "target.input": "StandaloneTaskProps.overrides",
  "target.kinesis_parameters.partition_key": OTHER_TARGET,
  "target.retry_policy.maximum_event_age_in_seconds": "Schedule.maximumEventAgeSeconds",
  "target.retry_policy.maximum_retry_attempts": "Schedule.maximumRetryAttempts",
  "target.role_arn": "Schedule.schedulerRole",
  "target.sagemaker_pipeline_parameters.pipeline_parameter[].name": OTHER_TARGET,
  "target.sagemaker_pipeline_parameters.pipeline_parameter[].value": OTHER_TARGET,
  "target.sqs_parameters.message_group_id": OTHER_TARGET,
};
