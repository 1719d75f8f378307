import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Testing } from "cdktf";
import {
  Ec2Service,
  type Ec2ServiceProps,
  hcl,
  type QueueReference,
  type QueueSettings,
  ServiceScaling,
} from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, synthesized } from "../support/synthesized";

Testing.setupJest();

const ARN = "arn:aws:sqs:eu-west-1:111122223333:mail";
const insights = (hasContainerInsights?: boolean) => {
  const target = clusterTarget();
  return { ...target, cluster: { ...target.cluster, hasContainerInsights } };
};
type Queue = string | QueueReference | QueueSettings;

const serviceOf = (queue: Queue, props: Partial<Ec2ServiceProps> = {}, scaling: object = {}) => {
  const stack = emptyStack();
  const service = new Ec2Service(stack, "jobs", {
    cluster: insights(true),
    scaling: { minCapacity: 0, maxCapacity: 4, queue, ...scaling },
    ...props,
  });
  return { service, json: JSON.stringify(synthesized(stack)) };
};
const scaled = (queue: Queue, props: Partial<Ec2ServiceProps> = {}, scaling: object = {}) =>
  serviceOf(queue, props, scaling).json;

describe("a service with a queue", () => {
  it("creates the queue and its dead-letter queue, both encrypted", () => {
    const json = scaled({});
    expect(json).toHaveResourceWithProperties(SqsQueue, {
      name: "prod-jobs",
      visibility_timeout_seconds: 30,
      message_retention_seconds: 1_209_600,
      receive_wait_time_seconds: 20,
      sqs_managed_sse_enabled: true,
      redrive_policy:
        '${jsonencode({ "deadLetterTargetArn" = aws_sqs_queue.jobs_dead_letter_queue.arn, "maxReceiveCount" = 3 })}',
      lifecycle: { create_before_destroy: true },
      // The hand-over shows a purpose only if it has no reference, such as to the variable of the cluster's name.
      tags: { Name: "prod-jobs", Purpose: "Messages for the tasks of a service" },
    });
    expect(json).toHaveResourceWithProperties(SqsQueue, {
      name: "prod-jobs-dead-letters",
      message_retention_seconds: 1_209_600,
      sqs_managed_sse_enabled: true,
    });
    const { aws_sqs_queue, aws_appautoscaling_policy, aws_cloudwatch_metric_alarm } = resourceCounts(json);
    expect([aws_sqs_queue, aws_appautoscaling_policy, aws_cloudwatch_metric_alarm]).toEqual([2, 3, 2]);
    expect(JSON.parse(json).output.jobs_queue_url).toEqual({
      description: "The URL of the queue whose messages the tasks of jobs handle.",
      value: "${aws_sqs_queue.jobs_queue.url}",
    });
  });

  it("renders the settings of the queue", () => {
    const queue = { visibilityTimeoutSeconds: 600, retentionDays: 4, maxReceiveCount: 1 };
    expect(scaled(queue)).toHaveResourceWithProperties(SqsQueue, {
      name: "prod-jobs",
      visibility_timeout_seconds: 600,
      message_retention_seconds: 345_600,
      redrive_policy: expect.stringContaining('"maxReceiveCount" = 1'),
    });
    const days = hcl`var.days`.number;
    expect(scaled({ retentionDays: days })).toHaveResourceWithProperties(SqsQueue, {
      message_retention_seconds: "${var.days * 86400}",
    });
  });

  it.each<[string, Queue]>([
    ["the ARN", ARN],
    ["an object with the ARN", { queueArn: ARN }],
  ])("uses a queue that exists, by %s", (_, queue) => {
    const { service, json } = serviceOf(queue);
    expect(resourceCounts(json).aws_sqs_queue).toBeUndefined();
    expect(service.queue).toEqual({ queueArn: ARN, queueUrl: "https://sqs.eu-west-1.amazonaws.com/111122223333/mail" });
    expect(JSON.parse(json).output?.jobs_queue_url).toBeUndefined();
    expect(json).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      metric_query: expect.arrayContaining([
        expect.objectContaining({ metric: expect.objectContaining({ dimensions: { QueueName: "mail" } }) }),
      ]),
    });
  });

  it("finds the URL of a queue in China, and of a queue of the app", () => {
    const { queueUrl } = serviceOf("arn:aws-cn:sqs:cn-north-1:111122223333:mail").service.queue ?? {};
    expect(queueUrl).toBe("https://sqs.cn-north-1.amazonaws.com.cn/111122223333/mail");
    const json = scaled(hcl`aws_sqs_queue.mail.arn`.string);
    expect(json).toContain('format(\\"https://sqs.%s.%s/%s/%s\\", split(\\":\\", aws_sqs_queue.mail.arn)[3]');
    expect(json).toContain('"QueueName":"${split(\\":\\", aws_sqs_queue.mail.arn)[5]}"');
  });

  it("gives the tasks the URL of the queue, which environment can replace", () => {
    const environment = (props: Partial<Ec2ServiceProps>, text: string) =>
      expect(scaled(ARN, props)).toHaveResourceWithProperties(EcsTaskDefinition, {
        container_definitions: expect.stringContaining(text),
      });
    const url = "https://sqs.eu-west-1.amazonaws.com/111122223333/mail";
    environment({}, `{ "name" = "QUEUE_URL", "value" = "${url}" }`);
    environment({ environment: { LEVEL: "debug" } }, '{ "name" = "LEVEL", "value" = "debug" }');
    environment({ environment: { QUEUE_URL: "x" } }, '{ "name" = "QUEUE_URL", "value" = "x" }');
    environment({ environment: hcl`var.all`.map }, `merge({ "QUEUE_URL" = "${url}" }, var.all)`);
  });

  it("lets the tasks do exactly this: receive, extend and delete messages, and protect themselves", () => {
    const json = scaled(ARN);
    expect(json).toHaveResourceWithProperties(IamRolePolicy, { name: "containers" });
    const { policy } = JSON.parse(json).resource.aws_iam_role_policy.jobs_task_definition_task_role_policy;
    const actions = [...policy.matchAll(/"([a-z]+:[A-Za-z]+)"/g)].map(([, action]) => action);
    expect(actions).toEqual([
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "ecs:GetTaskProtection",
      "ecs:UpdateTaskProtection",
    ]);
    expect(policy).toContain(`"Resource" = ["${ARN}"]`);
    expect(policy).toContain('"task/prod/*"');
  });

  it("leaves a role that exists alone, and keeps other permissions", () => {
    const role = scaled(ARN, { taskRole: "arn:aws:iam::111122223333:role/mine" });
    expect(role).not.toContain("sqs:ReceiveMessage");
    const statement = { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::files/*"] };
    for (const props of [
      { taskRoleStatements: [statement] },
      { taskRole: true, taskRoleStatements: [statement] },
    ] as const) {
      expect(scaled(ARN, props)).toMatch(/s3:GetObject.*sqs:ReceiveMessage/);
    }
  });

  it("keeps the backlog of each task, counting tasks that start and messages in flight", () => {
    expect(scaled(ARN, {}, { messagesPerTask: 100, disableScaleIn: true })).toHaveResourceWithProperties(
      AppautoscalingPolicy,
      {
        name: "queue-backlog",
        target_tracking_scaling_policy_configuration: {
          target_value: 100,
          scale_out_cooldown: 60,
          scale_in_cooldown: 300,
          disable_scale_in: true,
          customized_metric_specification: {
            metrics: [
              ...["visible", "in_flight", "running", "desired"].map((id) => expect.objectContaining({ id })),
              {
                id: "result",
                expression:
                  "(FILL(visible, 0) + FILL(in_flight, 0)) / IF(MAX([FILL(FILL(running, REPEAT), 0), FILL(FILL(desired, REPEAT), 0)]) < 1, 1, MAX([FILL(FILL(running, REPEAT), 0), FILL(FILL(desired, REPEAT), 0)]))",
                return_data: true,
              },
            ],
          },
        },
      },
    );
  });

  it("starts the first task by an alarm for messages without tasks, and stops the last one when the queue is empty", () => {
    const json = scaled(ARN);
    const alarm = (name: string, expression: string, more: object) =>
      expect(json).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
        alarm_name: `prod-\${aws_ecs_service.jobs.name}-queue-${name}`,
        alarm_actions: [`\${aws_appautoscaling_policy.jobs_scaling_queue_${name}.arn}`],
        treat_missing_data: "notBreaching",
        metric_query: expect.arrayContaining([{ id: "result", expression, return_data: true }]),
        ...more,
      });
    alarm("first", "IF(FILL(FILL(running, REPEAT), 0) + FILL(in_flight, 0) < 1, FILL(visible, 0), 0)", {
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluation_periods: 1,
    });
    alarm("empty", "FILL(visible, 0) + FILL(in_flight, 0)", {
      comparison_operator: "LessThanOrEqualToThreshold",
      threshold: 0,
      evaluation_periods: 15,
    });
    const step = (name: string, adjustment_type: string, step_adjustment: object[]) =>
      expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
        name,
        step_scaling_policy_configuration: expect.objectContaining({ adjustment_type, step_adjustment }),
      });
    step("queue-first", "ChangeInCapacity", [{ metric_interval_lower_bound: "0", scaling_adjustment: 1 }]);
    step("queue-empty", "ExactCapacity", [{ metric_interval_upper_bound: "0", scaling_adjustment: 0 }]);
  });

  it("looks up Container Insights in a cluster of another state", () => {
    const json = scaled(ARN, { cluster: insights(undefined) });
    expect(JSON.parse(json).data.aws_ecs_cluster.jobs_scaling_cluster).toMatchObject({
      cluster_name: "prod",
      lifecycle: { postcondition: [{ condition: expect.stringContaining('one.value != "disabled"') }] },
    });
    expect(resourceCounts(scaled(ARN))["data.aws_ecs_cluster"]).toBeUndefined();
  });

  it.each<[string, () => unknown, string]>([
    [
      "a cluster without Container Insights",
      () => scaled({}, { cluster: insights(false) }),
      'scaling.queue must not be set for a cluster without Container Insights; received {}. Remove containerInsights: "disabled" of the cluster. Container Insights counts the tasks of the service.',
    ],
    [
      "messages for each task without a queue",
      () => scaled(undefined as never, {}, { cpuPercent: 60, minCapacity: 1, messagesPerTask: 5 }),
      "scaling.messagesPerTask must be set with queue; received 5. Set queue to {} for a new queue, or to the ARN of one.",
    ],
    [
      "the ARN of something else",
      () => scaled("arn:aws:sns:eu-west-1:111122223333:mail"),
      'scaling.queue must be the ARN of an SQS queue; received "arn:aws:sns:eu-west-1:111122223333:mail". Read it: aws sqs get-queue-attributes --queue-url URL --attribute-names QueueArn',
    ],
    [
      "a new queue for a service of another state",
      () =>
        new ServiceScaling(emptyStack(), "scaling", {
          cluster: insights(true),
          serviceName: "a",
          maxCapacity: 1,
          queue: {} as never,
        }),
      "queue must be the ARN of a queue or an object with queueArn; received {}. Use the ARN of a queue that exists.",
    ],
  ])("rejects %s", (_, create, message) => {
    expect(problemsOf(create)).toEqual([message]);
  });
});
