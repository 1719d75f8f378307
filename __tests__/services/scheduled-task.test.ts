import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { TerraformVariable, Testing } from "cdktf";
import { Ec2Service, ScheduledTask, type ScheduledTaskProps, TaskDefinition } from "../../src";
import { scheduleExpressionRules } from "../../src/services/schedule";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, ofType, resolved, resource, synthesized } from "../support/synthesized";

Testing.setupJest();

const TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms";
const QUEUE = "arn:aws:sqs:eu-west-1:111122223333:failed";
const base = { image: "app:1", scheduleExpression: "cron(0 3 * * ? *)" };

/** Returns the JSON of a stack with one scheduled task. */
const synthesize = (props: Partial<ScheduledTaskProps> = {}, target = clusterTarget()): string =>
  Testing.synthScope((stack) => {
    new ScheduledTask(stack, "nightly", { cluster: target, ...base, ...props });
  });

const problems = (props: object) => problemsOf(() => synthesize(props));

/** Returns the part of a schedule that starts the task. */
const targetOf = (props: Partial<ScheduledTaskProps>): Record<string, unknown> => {
  const stack = emptyStack();
  new ScheduledTask(stack, "nightly", { cluster: clusterTarget(), ...base, ...props });
  return resource(synthesized(stack), "aws_scheduler_schedule.nightly").target as Record<string, unknown>;
};

describe("ScheduledTask", () => {
  it("creates a schedule in a group of its own, with its role and an encrypted dead-letter queue", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(SchedulerSchedule, {
      name: "prod-nightly",
      schedule_expression: "${var.nightly_schedule_expression}",
      schedule_expression_timezone: "UTC",
      state: '${var.nightly_schedule_enabled ? "ENABLED" : "DISABLED"}',
      flexible_time_window: { mode: "OFF" },
    });
    expect(json).toHaveResourceWithProperties(SchedulerScheduleGroup, { name: "prod-nightly" });
    expect(json).toHaveResourceWithProperties(SqsQueue, {
      name: "prod-nightly-dead-letters",
      sqs_managed_sse_enabled: true,
      message_retention_seconds: 1_209_600,
    });
    expect(resourceCounts(json)).toEqual({
      aws_cloudwatch_log_group: 1,
      aws_ecs_task_definition: 1,
      aws_iam_role: 2,
      aws_iam_role_policy: 2,
      aws_scheduler_schedule: 1,
      aws_scheduler_schedule_group: 1,
      aws_sqs_queue: 1,
    });
  });

  it("runs one task with the cluster's strategy, so that it waits for an instance", () => {
    expect(targetOf({})).toEqual({
      arn: "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
      role_arn: "${aws_iam_role.nightly_scheduler_role.arn}",
      dead_letter_config: { arn: "${aws_sqs_queue.nightly_dead_letter_queue.arn}" },
      retry_policy: { maximum_retry_attempts: 185, maximum_event_age_in_seconds: 3600 },
      ecs_parameters: {
        task_definition_arn: "${aws_ecs_task_definition.nightly_task_definition.arn}",
        task_count: 1,
        capacity_provider_strategy: [{ capacity_provider: "cp-prod", weight: 1, base: 0 }],
        enable_ecs_managed_tags: true,
        enable_execute_command: false,
        propagate_tags: "TASK_DEFINITION",
        placement_strategy: [{ type: "binpack", field: "memory" }],
      },
    });
  });

  it("passes on the settings of the run", () => {
    expect(
      targetOf({
        taskCount: 3,
        group: "reports",
        placementStrategies: [{ type: "random" }],
        placementConstraints: [{ type: "distinctInstance" }],
        capacityProviderStrategies: [{ capacityProvider: "cp-spot", base: 1, weight: 2 }],
        enableExecuteCommand: true,
      }).ecs_parameters,
    ).toMatchObject({
      task_count: 3,
      group: "reports",
      placement_strategy: [{ type: "random" }],
      placement_constraints: [{ type: "distinctInstance" }],
      capacity_provider_strategy: [{ capacity_provider: "cp-spot", base: 1, weight: 2 }],
      enable_execute_command: true,
    });
  });

  it("gives tasks in awsvpc mode their network interface, without a public address", () => {
    const subnetIds = ["subnet-0123456789abcdef0"];
    expect(targetOf({ networkMode: "awsvpc", subnetIds }).ecs_parameters).toMatchObject({
      network_configuration: {
        subnets: subnetIds,
        security_groups: ["${aws_security_group.nightly_task_definition_security_group.id}"],
        assign_public_ip: false,
      },
    });
  });

  it("keeps the keywords of Scheduler in the overrides", () => {
    const overrides = { nightly: { command: ["report"], environment: { RUN: "<aws.scheduler.execution-id>" } } };
    expect(targetOf({ overrides }).input).toBe(
      '${replace(replace(jsonencode({ "containerOverrides" = [{ "name" = "nightly", "command" = ["report"], "environment" = [{ "name" = "RUN", "value" = "<aws.scheduler.execution-id>" }] }] }), "\\\\u003c", "<"), "\\\\u003e", ">")}',
    );
  });

  it("sets the time zone, the flexible window and the retries", () => {
    const json = synthesize({
      timeZone: "Asia/Seoul",
      flexibleTimeWindowMinutes: 15,
      maximumRetryAttempts: 0,
      maximumEventAgeSeconds: 60,
    });
    expect(json).toHaveResourceWithProperties(SchedulerSchedule, {
      schedule_expression_timezone: "Asia/Seoul",
      flexible_time_window: { mode: "FLEXIBLE", maximum_window_in_minutes: 15 },
      target: expect.objectContaining({
        retry_policy: { maximum_retry_attempts: 0, maximum_event_age_in_seconds: 60 },
      }),
    });
  });

  it("declares a variable for each value, and none for a date that is not set or for a reference", () => {
    const stack = emptyStack();
    const when = new TerraformVariable(stack, "when", { type: "string" });
    const cluster = clusterTarget();
    new ScheduledTask(stack, "nightly", {
      cluster,
      ...base,
      startDate: "2027-01-01T00:00:00Z",
      endDate: "2028-01-01T00:00:00Z",
      enabled: false,
    });
    new ScheduledTask(stack, "hourly", { cluster, ...base, scheduleExpression: when.stringValue });
    const json = synthesized(stack);
    const variables = json.variable as Record<string, { default?: unknown; validation?: { condition: string }[] }>;
    expect(Object.keys(variables).filter((name) => /schedule|date/.test(name))).toEqual([
      "nightly_schedule_expression",
      "nightly_schedule_enabled",
      "nightly_start_date",
      "nightly_end_date",
      "hourly_schedule_enabled",
    ]);
    expect(variables.nightly_schedule_enabled?.default).toBe(false);
    expect(variables.nightly_start_date?.default).toBe("2027-01-01T00:00:00Z");
    expect(variables.nightly_end_date?.validation?.at(-1)?.condition).toBe(
      "${try(timecmp(var.nightly_end_date, var.nightly_start_date) > 0, false)}",
    );
    expect(resource(json, "aws_scheduler_schedule.hourly").schedule_expression).toBe("${var.when}");
    expect(resource(json, "aws_scheduler_schedule.hourly").start_date).toBeUndefined();
  });

  it("uses a group, a queue and a role that exist", () => {
    const schedulerRole = "arn:aws:iam::111122223333:role/scheduler";
    const json = synthesize({ scheduleGroup: "jobs", deadLetterQueue: QUEUE, schedulerRole });
    expect(json).toHaveResourceWithProperties(SchedulerSchedule, {
      group_name: "jobs",
      target: expect.objectContaining({ role_arn: schedulerRole, dead_letter_config: { arn: QUEUE } }),
    });
    expect(resourceCounts(json)).toEqual({
      aws_cloudwatch_log_group: 1,
      aws_ecs_task_definition: 1,
      aws_iam_role: 1,
      aws_iam_role_policy: 1,
      aws_scheduler_schedule: 1,
    });
  });

  it("accepts a queue of the app, and no queue", () => {
    const stack = emptyStack();
    const queue = new SqsQueue(stack, "failed", { name: "failed" });
    const cluster = clusterTarget();
    const one = new ScheduledTask(stack, "one", { cluster, ...base, deadLetterQueue: { queueArn: queue.arn } });
    const two = new ScheduledTask(stack, "two", { cluster, ...base, deadLetterQueue: false });
    expect(resolved(stack, [one.deadLetterQueueArn])).toEqual(["${aws_sqs_queue.failed.arn}"]);
    expect(two.deadLetterQueueArn).toBeUndefined();
    const json = synthesized(stack);
    expect(resource(json, "aws_scheduler_schedule.two").target).not.toHaveProperty("dead_letter_config");
    expect(resource(json, "aws_iam_role_policy.one_scheduler_role_policy").policy).toContain(
      '"Action" = ["sqs:SendMessage"], "Resource" = [aws_sqs_queue.failed.arn]',
    );
    expect(resource(json, "aws_iam_role_policy.two_scheduler_role_policy").policy).not.toContain("sqs:");
  });

  it("reports failures to the topic of the cluster, another topic or none", () => {
    const json = synthesize({}, clusterTarget({ alarmTopicArn: TOPIC }));
    expect(json).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: "prod-nightly-dead-letters",
      metric_name: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: expect.stringMatching(/^..aws_sqs_queue[.]nightly_dead_letter_queue/) },
      threshold: 1,
      alarm_actions: [TOPIC],
      ok_actions: [TOPIC],
    });
    expect(json).toHaveResourceWithProperties(CloudwatchEventTarget, { arn: TOPIC });
    expect(resourceCounts(json)).toMatchObject({
      aws_cloudwatch_event_rule: 1,
      aws_cloudwatch_event_target: 1,
      aws_cloudwatch_metric_alarm: 1,
    });
    const other = TOPIC.replace("alarms", "jobs");
    expect(synthesize({ alarmTopicArn: other })).toHaveResourceWithProperties(CloudwatchEventTarget, { arn: other });
    const none = synthesize({ alarmTopicArn: false }, clusterTarget({ alarmTopicArn: TOPIC }));
    expect(Object.keys(resourceCounts(none)).filter((type) => type.startsWith("aws_cloudwatch_"))).toEqual([
      "aws_cloudwatch_log_group",
    ]);
  });

  it("does not watch a queue that exists, which has other messages", () => {
    const json = synthesize({ deadLetterQueue: QUEUE }, clusterTarget({ alarmTopicArn: TOPIC }));
    expect(resourceCounts(json)).not.toHaveProperty("aws_cloudwatch_metric_alarm");
  });

  it("runs the task definition of a service with another command, in a group of its own", () => {
    const stack = emptyStack();
    const cluster = clusterTarget({ alarmTopicArn: TOPIC });
    const { taskDefinition } = new Ec2Service(stack, "web", { cluster, image: "web:1" });
    new ScheduledTask(stack, "nightly", {
      ...{ cluster, taskDefinition, scheduleExpression: "rate(1 day)" },
      overrides: { web: { command: ["clean"] } },
    });
    const json = synthesized(stack);
    expect(Object.keys(ofType(json, "aws_ecs_task_definition"))).toEqual(["web_task_definition"]);
    expect(resource(json, "aws_scheduler_schedule.nightly").target).toMatchObject({
      ecs_parameters: {
        task_definition_arn: "${aws_ecs_task_definition.web_task_definition.arn}",
        group: "nightly",
      },
    });
    const rule = resource(json, "aws_cloudwatch_event_rule.nightly_failed");
    expect(rule.event_pattern).toContain('"group" = ["nightly"]');
    expect(rule.event_pattern).toContain('"name" = ["web"]');
  });

  it("starts nothing until a pipeline has written the image to its parameter", () => {
    const stack = emptyStack();
    const schedule = { cluster: clusterTarget(), scheduleExpression: "rate(1 day)" };
    new ScheduledTask(stack, "nightly", { ...schedule, imageParameter: true });
    expect(resource(synthesized(stack), "aws_scheduler_schedule.nightly").state).toBe(
      '${!(aws_ssm_parameter.nightly_image_parameter.insecure_value == "none") && var.nightly_schedule_enabled ? "ENABLED" : "DISABLED"}',
    );
  });

  it("depends on the permissions of both roles", () => {
    const stack = emptyStack();
    new ScheduledTask(stack, "nightly", { cluster: clusterTarget(), ...base });
    expect(resource(synthesized(stack), "aws_scheduler_schedule.nightly").depends_on).toEqual([
      "aws_iam_role_policy.nightly_scheduler_role_policy",
      "aws_iam_role_policy.nightly_task_definition_execution_role_policy",
    ]);
  });

  it("has the schedule as its default child, and the ARNs of what it created", () => {
    const stack = emptyStack();
    const task = new ScheduledTask(stack, "nightly", { cluster: clusterTarget(), ...base });
    expect(task.node.defaultChild).toBeInstanceOf(SchedulerSchedule);
    const { scheduleArn, scheduleGroupName, schedulerRole, taskRole, executionRole } = task;
    expect(resolved(stack, { scheduleArn, scheduleGroupName, schedulerRole, executionRole })).toEqual({
      scheduleArn: "${aws_scheduler_schedule.nightly.arn}",
      scheduleGroupName: "${aws_scheduler_schedule_group.nightly_schedule_group.name}",
      schedulerRole: { roleArn: "${aws_iam_role.nightly_scheduler_role.arn}" },
      executionRole: { roleArn: "${aws_iam_role.nightly_task_definition_execution_role.arn}" },
    });
    expect(taskRole).toBeUndefined();
  });
});

describe("what a scheduled task rejects", () => {
  const shared = () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    const containers = [{ name: "app", image: "app:1" }];
    return { stack, cluster, taskDefinition: new TaskDefinition(stack, "task", { cluster, name: "app", containers }) };
  };

  it("reports every problem at once", () => {
    expect(
      problems({
        scheduleExpression: "0 3 * * *",
        timeZone: "Seoul",
        taskCount: 11,
        group: "service:web",
        deadLetterQueue: `${QUEUE}.fifo`,
        startDate: "2027-01-01",
        placementStrategies: [
          { type: "spread", field: "instanceId" },
          { type: "binpack", field: "cpu" },
        ],
      }),
    ).toEqual([
      "taskCount must be a whole number from 1 to 10 (tasks); received 11. For example 1. RunTask starts at most 10 tasks.",
      'group must not start with service:; received "service:web". ECS uses these groups for the tasks of services. Use another name.',
      'scheduleExpression must be a cron, rate or at expression; received "0 3 * * *". For example "cron(0 3 * * ? *)", "rate(12 hours)" or "at(2027-01-31T03:00:00)".',
      'startDate must be a date and a time in UTC; received "2027-01-01". For example "2027-01-31T03:00:00Z".',
      `deadLetterQueue must be the ARN of an SQS queue that is not a FIFO queue; received "${QUEUE}.fifo". List your queues: aws sqs list-queues`,
      'timeZone must be the IANA name of a time zone; received "Seoul". Did you mean "Asia/Seoul"?',
      "placementStrategies must have at most one strategy; received 2. The provider sends the strategies of a schedule to ECS in any order. Keep the most important one.",
    ]);
  });

  it("rejects EBS volumes, which EventBridge cannot configure", () => {
    expect(problems({ volumes: { data: { ebs: { sizeGib: 10 } } }, mountPoints: { "/data": "data" } })).toEqual([
      expect.stringContaining("volumes.data.ebs must not be set for a task outside a service"),
    ]);
  });

  it("rejects overrides of a container that the task does not have", () => {
    expect(problems({ overrides: { nigthly: { command: ["a"] } } })).toEqual([
      'overrides.nigthly must have the name of a container of the task; received "nigthly". Did you mean "nightly"?',
    ]);
  });

  it("rejects settings of the task beside a task definition", () => {
    const { stack, cluster, taskDefinition } = shared();
    const props = { cluster, taskDefinition, scheduleExpression: "rate(1 day)", command: ["a"] };
    expect(problemsOf(() => new ScheduledTask(stack, "nightly", props))).toEqual([
      expect.stringContaining("taskDefinition must not be set with command"),
    ]);
  });

  it("rejects an end that is not after the start", () => {
    const [startDate, endDate] = ["2027-01-02T00:00:00Z", "2027-01-01T00:00:00Z"];
    expect(problems({ startDate, endDate })).toEqual([
      `endDate must be after startDate, which is ${startDate}; received "${endDate}". The schedule would start no task.`,
    ]);
  });

  it("rejects a second task with the same name on the cluster", () => {
    const [stack, cluster] = [emptyStack(), clusterTarget()];
    new Ec2Service(stack, "nightly", { cluster });
    expect(problemsOf(() => new ScheduledTask(stack, "job", { cluster, ...base, name: "nightly" }))).toEqual([
      expect.stringContaining("name must be unique in the stack"),
    ]);
    expect(problemsOf(() => new ScheduledTask(stack, "nightly", { cluster, ...base }))).toEqual([
      'id must be unused; received "nightly", which Ec2Service "test/nightly" has. Use another id, and set name: "nightly".',
    ]);
  });

  it("rejects the strategy of a cluster with more providers than EventBridge accepts", () => {
    const names = Array.from({ length: 7 }, (_, index) => `cp-${index}`);
    const defaultStrategy = names.map((capacityProvider) => ({ capacityProvider }));
    expect(problemsOf(() => synthesize({}, clusterTarget({ defaultStrategy })))).toEqual([
      "capacityProviderStrategies must be set on a cluster whose strategy has more than 6 capacity providers; received nothing, and the cluster's strategy has 7. EventBridge accepts no more. Name those that run the task.",
    ]);
    expect(problems({ capacityProviderStrategies: defaultStrategy })).toEqual([
      expect.stringContaining("capacityProviderStrategies must have at most 6 capacity providers"),
    ]);
  });
});

describe("a schedule expression", () => {
  const isValid = (expression: string) => scheduleExpressionRules.every((rule) => rule.check(expression, {}));

  it.each([
    ...["cron(0 3 * * ? *)", "cron(15 10 ? * 6L 2027-2030)", "cron(0/15 8-18 ? * MON-FRI *)", "cron(0 0 L * ? *)"],
    ...[
      "cron(0 0 1,15 JAN,JUL ? *)",
      "cron(0 9 ? * MON#1 *)",
      "cron(0 9 15W * ? *)",
      "rate(1 hour)",
      "rate(30 minutes)",
    ],
    ...["rate(7 days)", "at(2027-01-31T03:00:00)"],
  ])("accepts %s", (expression) => expect(isValid(expression)).toBe(true));

  it.each([
    ...["", "0 3 * * *", "cron(0 3 * * *)", "cron(0 3 * * * *)", "cron(0 3 ? * ? *)", "cron(60 3 * * ? *)"],
    ...[
      "cron(0 24 * * ? *)",
      "cron(0 3 32 * ? *)",
      "cron(0 3 * 13 ? *)",
      "cron(0 3 ? * 8 *)",
      "cron(0 3 ? * MONDAY *)",
    ],
    ...["rate(1 hours)", "rate(2 hour)", "rate(0 days)", "rate(1 week)", "at(2027-01-31)", "at(2027-01-31T03:00:00Z)"],
    ...["at(2027-13-01T03:00:00)", "rate(1 day) ", "every(1 day)"],
  ])("rejects %j", (expression) => expect(isValid(expression)).toBe(false));
});
