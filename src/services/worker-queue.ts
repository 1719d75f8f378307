import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import type { Construct } from "constructs";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { AFTER_USERS } from "../iam/managed-policies";
import type { PolicyStatement } from "../iam/policy-statement";
import { siblingArn } from "../terraform/arn";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { matches, wholeNumber } from "../validation/rule";
import { anyOf, interfaceOf, number, type Parsed, schemaOf, string } from "../validation/schema";
import { isToken } from "../validation/token";
import type { QueueReference } from "./schedule";

/** A new queue, with a dead-letter queue for the messages that the tasks could not handle. SQS encrypts both. */
export interface QueueSettings {
  /**
   * Seconds until another task can receive a message that was received and not deleted. Set more than a task takes, or let
   * the task extend it with `ChangeMessageVisibility`.
   * @default 30
   */
  readonly visibilityTimeoutSeconds?: number;
  /** Days until SQS deletes a message that no task deleted. @default 14 */
  readonly retentionDays?: number;
  /** How often tasks can receive a message before it goes to the dead-letter queue. @default 3 */
  readonly maxReceiveCount?: number;
}

const queueArn = matches(
  "^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]{1,80}$",
  "be the ARN of an SQS queue",
  "Read it: aws sqs get-queue-attributes --queue-url URL --attribute-names QueueArn",
);

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
export const queueSettingsSchema = schemaOf<QueueSettings>()({
  visibilityTimeoutSeconds: number(wholeNumber(0, 43_200, "seconds", "For example 300.")).default(30),
  retentionDays: number(wholeNumber(1, 14, "days", "For example 4.")).default(14),
  maxReceiveCount: number(wholeNumber(1, 1000, "times", "For example 3.")).default(3),
});

const EXISTING = "Use the ARN of a queue that exists.";
const queueReferenceField = interfaceOf<QueueReference>("a queue", EXISTING)({ queueArn: string(queueArn) });

/** The field of a queue that exists. */
export const existingQueueField = anyOf(string(queueArn), queueReferenceField).with<
  string | QueueReference,
  string | QueueReference
>({
  type: "the ARN of a queue or an object with queueArn",
  fix: EXISTING,
});

/** The field of a queue that exists, or of a new one. */
export const queueField = anyOf(string(queueArn), queueReferenceField, queueSettingsSchema).with<
  string | QueueReference | QueueSettings,
  string | QueueReference | Parsed<typeof queueSettingsSchema>
>({
  type: "the ARN of a queue, an object with queueArn, or the settings of a new queue",
  fix: "For example {} for a new queue.",
});

/** A queue whose messages the tasks of a service handle. */
export interface WorkerQueue extends QueueReference {
  /** The queue's URL, to which senders send messages. */
  readonly queueUrl: string;
  /** The ARN of the queue with the messages that the tasks could not handle. @default - undefined for a queue that exists */
  readonly deadLetterQueueArn?: string;
}

/** The environment variable with the URL of the queue. */
export const QUEUE_URL = "QUEUE_URL";

const isReference = (queue: string | object): queue is string | QueueReference =>
  typeof queue === "string" || isToken(queue) || "queueArn" in queue;

/** Returns the queue of a service, which it creates if it is new. @param name the service's name, with the cluster's */
export function workerQueue(scope: Construct, queue: Parsed<typeof queueField>, name: string): WorkerQueue {
  if (isReference(queue)) {
    const arn = typeof queue === "string" ? queue : queue.queueArn;
    return { queueArn: arn, queueUrl: urlOf(arn) };
  }
  const create = (id: string, queueName: string, purpose: string, more: object) =>
    new SqsQueue(scope, id, {
      name: queueName,
      sqsManagedSseEnabled: true,
      tags: purposeTags(queueName, purpose),
      // Tasks use the queue until they stop.
      lifecycle: AFTER_USERS,
      ...more,
    });
  const days = 24 * 60 * 60;
  const dead = create("dead_letter_queue", `${name}-dead-letters`, "Messages that tasks could not handle", {
    messageRetentionSeconds: 14 * days,
  });
  const { visibilityTimeoutSeconds, retentionDays, maxReceiveCount } = queue;
  const own = create("queue", name, "Messages for the tasks of a service", {
    visibilityTimeoutSeconds,
    messageRetentionSeconds: isToken(retentionDays) ? hcl`${retentionDays} * ${days}`.number : retentionDays * days,
    // A receive call waits for a message, so that idle tasks make few calls.
    receiveWaitTimeSeconds: 20,
    redrivePolicy: hcl`jsonencode(${{ deadLetterTargetArn: dead.arn, maxReceiveCount }})`.string,
  });
  return { queueArn: own.arn, queueUrl: own.url, deadLetterQueueArn: dead.arn };
}

/** Returns the URL of a queue that exists. */
function urlOf(arn: string): string {
  if (!isToken(arn)) {
    const [, partition, , region, account, name] = arn.split(":");
    return `https://sqs.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}/${account}/${name}`;
  }
  const part = (index: number) => hcl`split(":", ${arn})[${index}]`;
  const suffix = hcl`${part(1)} == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"`;
  return hcl`format("https://sqs.%s.%s/%s/%s", ${part(3)}, ${suffix}, ${part(4)}, ${part(5)})`.string;
}

/**
 * Returns the permissions of tasks that handle the messages of a queue: to receive, extend and delete them, and to protect
 * the own task from a scale-in.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
 */
export function workerStatements(
  queueArn: string,
  { clusterArn, clusterName }: EcsClusterTarget["cluster"],
): PolicyStatement[] {
  return [
    { actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"], resources: [queueArn] },
    {
      actions: ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
      resources: [siblingArn(clusterArn, "ecs", `task/${clusterName}/*`).string],
    },
  ];
}

/** Returns the name of the queue, which is the dimension of its metrics. */
const queueNameOf = (queueArn: string): string =>
  isToken(queueArn) ? hcl`split(":", ${queueArn})[5]`.string : (queueArn.split(":")[5] as string);

/** The value of the last minute that has one, or 0. Container Insights publishes a minute late. */
const known = (metric: string) => `FILL(FILL(${metric}, REPEAT), 0)`;
const RUNNING = known("running");
const TASKS = `MAX([${RUNNING}, ${known("desired")}])`;
/** SQS reports messages in flight only if there are some. */
const IN_FLIGHT = "FILL(in_flight, 0)";
const MESSAGES = `FILL(visible, 0) + ${IN_FLIGHT}`;

/**
 * What the policies of a queue follow. The backlog of each task counts the tasks that ECS still starts, so that a policy does
 * not start more for the same messages. Messages in flight count, so that tasks that work on messages are not idle.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
 */
export function queueMetrics(queueArn: string, ClusterName: string, ServiceName: string) {
  const ofQueue = (metricName: string) => ({
    namespace: "AWS/SQS",
    metricName,
    dimensions: { QueueName: queueNameOf(queueArn) },
    statistic: "Maximum",
    unit: undefined,
  });
  const ofService = (metricName: string) => ({
    namespace: "ECS/ContainerInsights",
    metricName,
    dimensions: { ClusterName, ServiceName },
    statistic: "Average",
    unit: undefined,
  });
  const visible = ofQueue("ApproximateNumberOfMessagesVisible");
  const in_flight = ofQueue("ApproximateNumberOfMessagesNotVisible");
  const running = ofService("RunningTaskCount");
  return {
    backlogPerTask: {
      expression: `(${MESSAGES}) / IF(${TASKS} < 1, 1, ${TASKS})`,
      usingMetrics: { visible, in_flight, running, desired: ofService("DesiredTaskCount") },
    },
    waitingWithoutTasks: {
      expression: `IF(${RUNNING} + ${IN_FLIGHT} < 1, FILL(visible, 0), 0)`,
      usingMetrics: { visible, in_flight, running },
    },
    messages: { expression: MESSAGES, usingMetrics: { visible, in_flight } },
  };
}
