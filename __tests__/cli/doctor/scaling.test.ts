import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readScaling } from "../../../cli/doctor/aws/read-scaling";
import { scalingCheck } from "../../../cli/doctor/checks/scaling";
import type { ScalingFacts } from "../../../cli/doctor/facts";

const queue = (name: string, messages: number) => ({ name, messages, url: `https://sqs/${name}` });
const JOBS: ScalingFacts = { service: "jobs", min: 0, max: 8, suspended: [] };
const decide = (...scaling: ScalingFacts[]) =>
  scalingCheck.decide({ region: "eu-west-1", clusterName: "ecs", scaling });

describe("the check of scaling", () => {
  it("notes the limits, and the messages in the queue", () => {
    const dead = { ...queue("dead", 0), arn: "arn:dead" };
    expect(
      decide({ ...JOBS, queue: queue("jobs", 12), deadLetters: dead }, { ...JOBS, service: "web", max: 1 }),
    ).toEqual({
      findings: [],
      notes: ["jobs: 0 to 8 tasks, 12 messages in the queue jobs", "web: 0 to 1 task"],
    });
  });

  it("reports suspended scaling, with the command that resumes it", () => {
    const [finding] = decide({ ...JOBS, suspended: ["scale-in", "schedules"] }).findings;
    expect(finding?.problem).toBe("The scaling of the service jobs is suspended: scale-in, schedules.");
    expect(finding?.commands[0]).toContain(
      "--resource-id service/ecs/jobs --suspended-state DynamicScalingInSuspended=false",
    );
  });

  it("reports messages in the dead-letter queue, with the command that sends them again", () => {
    const dead = { ...queue("jobs-dead-letters", 3), arn: "arn:dead" };
    const [finding] = decide({ ...JOBS, queue: queue("jobs", 0), deadLetters: dead }).findings;
    expect(finding?.problem).toBe("The tasks of the service jobs could not handle 3 messages.");
    expect(finding?.evidence).toEqual(["3 messages in jobs-dead-letters, the dead-letter queue of jobs"]);
    expect(finding?.commands).toEqual([
      "aws sqs receive-message --region eu-west-1 --queue-url https://sqs/jobs-dead-letters --visibility-timeout 0",
      "aws sqs start-message-move-task --region eu-west-1 --source-arn arn:dead",
    ]);
  });
});

describe("the facts of scaling", () => {
  const CLUSTER = "arn:aws:ecs:eu-west-1:123456789012:cluster/ecs";
  /** Returns clients that answer each command by its name. */
  const clients = (answers: Readonly<Record<string, (input: Record<string, unknown>) => object>>) => {
    const send = async (command: { readonly input: object }) =>
      answers[command.constructor.name]?.({ ...command.input }) ?? {};
    const settings = { region: "eu-west-1" };
    return {
      applicationAutoScaling: Object.assign(new ApplicationAutoScalingClient(settings), { send }),
      sqs: Object.assign(new SQSClient(settings), { send }),
    };
  };
  const target = (ResourceId: string, SuspendedState = {}) => ({
    ResourceId,
    MinCapacity: 0,
    MaxCapacity: 8,
    SuspendedState,
  });
  const Dimensions = [{ Name: "QueueName", Value: "jobs" }];
  const Metrics = [{ Expression: "a" }, { MetricStat: { Metric: { Dimensions } } }];
  const ScalingPolicies = [
    {
      ResourceId: "service/ecs/jobs",
      TargetTrackingScalingPolicyConfiguration: { CustomizedMetricSpecification: { Metrics } },
    },
    { ResourceId: "service/ecs/web", TargetTrackingScalingPolicyConfiguration: {} },
  ];

  it("are the limits, what is suspended, and the queue with its dead-letter queue", async () => {
    const found = await readScaling(
      clients({
        DescribeScalableTargetsCommand: () => ({
          ScalableTargets: [
            target("service/ecs/web", {
              DynamicScalingInSuspended: true,
              DynamicScalingOutSuspended: true,
              ScheduledScalingSuspended: true,
            }),
            target("service/ecs/jobs"),
            target("service/ecs-2/other"),
          ],
        }),
        DescribeScalingPoliciesCommand: () => ({ ScalingPolicies }),
        GetQueueUrlCommand: ({ QueueName, QueueOwnerAWSAccountId }) => ({
          QueueUrl: `https://sqs/${QueueOwnerAWSAccountId}/${QueueName}`,
        }),
        GetQueueAttributesCommand: ({ QueueUrl }) => ({
          Attributes: String(QueueUrl).endsWith("/jobs")
            ? {
                ApproximateNumberOfMessages: "5",
                RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead"}',
              }
            : { ApproximateNumberOfMessages: "2" },
        }),
      }),
      CLUSTER,
    );
    expect(found).toEqual([
      {
        ...{ service: "jobs", min: 0, max: 8, suspended: [] },
        queue: { name: "jobs", url: "https://sqs/123456789012/jobs", messages: 5 },
        deadLetters: {
          ...{ name: "dead", url: "https://sqs/123456789012/dead", messages: 2 },
          arn: "arn:aws:sqs:eu-west-1:123456789012:dead",
        },
      },
      { service: "web", min: 0, max: 8, suspended: ["scale-in", "scale-out", "schedules"] },
    ]);
  });

  it("have no queue if it is in another account, or was deleted", async () => {
    const gone = () => {
      throw Object.assign(new Error("gone"), { name: "QueueDoesNotExist" });
    };
    const ScalableTargets = [target("service/ecs/jobs")];
    const found = await readScaling(
      clients({
        DescribeScalableTargetsCommand: () => ({ ScalableTargets }),
        DescribeScalingPoliciesCommand: () => ({ ScalingPolicies }),
        GetQueueUrlCommand: gone,
      }),
      CLUSTER,
    );
    expect(found).toEqual([{ service: "jobs", min: 0, max: 8, suspended: [] }]);
  });
});
