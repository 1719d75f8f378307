import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readSchedules } from "../../../cli/doctor/aws/read-schedules";
import { longestPause, schedulesCheck } from "../../../cli/doctor/checks/schedules";
import type { ScheduleFacts, TaskFacts } from "../../../cli/doctor/facts";

const schedule = (change: Partial<ScheduleFacts> = {}): ScheduleFacts => ({
  ...{ name: "ecs-nightly", group: "ecs-nightly", expression: "cron(0 3 * * ? *)", timeZone: "Asia/Seoul" },
  ...{ enabled: true, daysOld: 9, isOver: false, attempts: 9, roleArn: "arn:aws:iam::1:role/ecs-nightly-sched-1" },
  ...change,
});
const task = (exitCode: number | undefined, change: Partial<TaskFacts> = {}): TaskFacts => ({
  ...{
    id: "t1",
    family: "ecs-nightly",
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container exited",
  },
  containers: [
    { name: "proxy", reason: "", exitCode: 143, ports: [] },
    { name: "nightly", reason: "", exitCode, ports: [] },
  ],
  ...change,
});
const decide = (schedules: readonly ScheduleFacts[], ...stopped: TaskFacts[]) =>
  schedulesCheck.decide({ region: "eu-west-1", clusterName: "ecs", schedules, stopped });
const problems = (...args: Parameters<typeof decide>) => decide(...args).findings.map(({ problem }) => problem);

describe("the check of schedules", () => {
  it("accepts a schedule that runs, and notes its runs", () => {
    expect(decide([schedule()], task(0))).toEqual({
      findings: [],
      notes: ["ecs-nightly: cron(0 3 * * ? *) Asia/Seoul, 9 runs in 30 days"],
    });
  });

  it("reports a schedule that never ran, with its role", () => {
    const [finding, ...others] = decide([schedule({ attempts: 0 })]).findings;
    expect(others).toEqual([]);
    expect(finding?.problem).toBe("The schedule ecs-nightly has started no task for 9 days.");
    expect(finding?.evidence).toContain("InvocationAttemptCount of the schedule group ecs-nightly is 0");
    expect(finding?.commands).toContain(
      "aws iam get-role --role-name ecs-nightly-sched-1 --query Role.AssumeRolePolicyDocument",
    );
  });

  it.each([
    ["is disabled", { enabled: false }],
    ["is new", { daysOld: 1 }],
    ["is over", { isOver: true }],
    ["runs each month", { expression: "cron(0 3 1 * ? *)" }],
    ["runs once", { expression: "at(2027-01-31T03:00:00)" }],
    ["shares its group, whose runs CloudWatch counts together", { attempts: undefined }],
  ])("does not report a schedule without runs that %s", (_, change) => {
    expect(problems([schedule({ attempts: 0, ...change })])).toEqual([]);
  });

  it("notes why a schedule does not run", () => {
    expect(decide([schedule({ enabled: false, isOver: true, attempts: 0 })]).notes).toEqual([
      "ecs-nightly: cron(0 3 * * ? *) Asia/Seoul, disabled, its end date is over, 0 runs in 30 days",
    ]);
  });

  it("reports messages in a dead-letter queue, and how to read them", () => {
    const queue = { name: "ecs-nightly-dead-letters", url: "https://sqs/q", messages: 2 };
    const [finding] = decide([schedule({ queue })]).findings;
    expect(finding?.problem).toBe("2 runs of the schedule ecs-nightly could not start.");
    expect(finding?.evidence).toEqual(["2 messages in the dead-letter queue ecs-nightly-dead-letters"]);
    expect(finding?.commands[0]).toContain("aws sqs receive-message --region eu-west-1 --queue-url https://sqs/q");
    expect(problems([schedule({ queue: { ...queue, messages: 0 } })])).toEqual([]);
  });

  it("reports a job that fails each time, by the exit code of its own container", () => {
    expect(problems([], task(1), task(2, { id: "t2" }))).toEqual([
      "All 2 tasks of ecs-nightly that stopped in the last hour failed.",
    ]);
    expect(problems([], task(1), task(0, { id: "t2" }))).toEqual([]);
    expect(problems([], task(1, { service: "web" }))).toEqual([]);
  });

  it("reports a task that does not start, with the fix of the reason", () => {
    const failed = task(undefined, { stopCode: "TaskFailedToStart", stoppedReason: "CannotPullContainerError" });
    const [finding] = decide([], failed).findings;
    expect(finding?.problem).toBe("The only task of ecs-nightly that stopped in the last hour failed.");
    expect(finding?.fix).toContain("Docker cannot pull the image.");
    expect(finding?.commands).toEqual(["aws logs tail /ecs/ecs/nightly --region eu-west-1 --since 2h"]);
  });
});

it.each([
  ["rate(15 minutes)", 1],
  ["rate(36 hours)", 2],
  ["rate(7 days)", 7],
  ["cron(0 3 * * ? *)", 1],
  ["cron(0 3 ? * MON *)", 7],
  ["cron(0 3 31 * ? *)", 62],
  ["cron(0 3 1 JAN ? *)", 366],
  ["cron(0 3 1 1 ? 2030)", undefined],
  ["at(2027-01-31T03:00:00)", undefined],
])("the longest pause of %s is %s days", (expression, days) => {
  expect(longestPause(expression)).toBe(days);
});

describe("the facts of schedules", () => {
  const NOW = new Date("2026-01-31T12:00:00Z");
  const CLUSTER = "arn:aws:ecs:eu-west-1:1:cluster/ecs";
  /** Returns a client that answers each command by its name, and records its input. */
  const clientOf = <C extends object>(client: C, answers: Readonly<Record<string, object>>, inputs: object[] = []): C =>
    Object.assign(client, {
      send: async (command: { input: object }) => {
        inputs.push(command.input);
        return answers[command.constructor.name] ?? {};
      },
    });
  const settings = { region: "eu-west-1" };

  it("are those of the cluster, with the runs of their group and the messages of their queue", async () => {
    const measured: object[] = [];
    const summary = (name: string, target = CLUSTER) => ({ Name: name, GroupName: name, Target: { Arn: target } });
    const clients = {
      scheduler: clientOf(new SchedulerClient(settings), {
        ListSchedulesCommand: {
          Schedules: [summary("nightly"), summary("other", "arn:aws:lambda:eu-west-1:1:function:f")],
        },
        GetScheduleCommand: {
          ...{ ScheduleExpression: "rate(1 day)", State: "ENABLED", CreationDate: new Date("2026-01-01T12:00:00Z") },
          StartDate: new Date("2026-01-21T12:00:00Z"),
          Target: { RoleArn: "arn:role", DeadLetterConfig: { Arn: "arn:aws:sqs:eu-west-1:1:failed" } },
        },
      }),
      cloudWatch: clientOf(
        new CloudWatchClient(settings),
        { GetMetricStatisticsCommand: { Datapoints: [{ Sum: 2 }, { Sum: 3 }] } },
        measured,
      ),
      sqs: clientOf(new SQSClient(settings), {
        GetQueueUrlCommand: { QueueUrl: "https://sqs/failed" },
        GetQueueAttributesCommand: { Attributes: { ApproximateNumberOfMessages: "4" } },
      }),
    };
    expect(await readSchedules(clients, CLUSTER, NOW)).toEqual([
      {
        ...{ name: "nightly", group: "nightly", expression: "rate(1 day)", timeZone: "UTC", enabled: true },
        ...{ daysOld: 10, isOver: false, roleArn: "arn:role", attempts: 5 },
        queue: { name: "failed", url: "https://sqs/failed", messages: 4 },
      },
    ]);
    expect(measured).toEqual([
      expect.objectContaining({
        MetricName: "InvocationAttemptCount",
        Dimensions: [{ Name: "ScheduleGroup", Value: "nightly" }],
      }),
    ]);
  });

  it("have no number of runs when another schedule is in the group", async () => {
    const summary = (Name: string) => ({ Name, GroupName: "default", Target: { Arn: CLUSTER } });
    const clients = {
      scheduler: clientOf(new SchedulerClient(settings), {
        ListSchedulesCommand: { Schedules: [summary("a"), summary("b")] },
        GetScheduleCommand: { State: "DISABLED", EndDate: new Date("2026-01-30T12:00:00Z") },
      }),
      cloudWatch: clientOf(new CloudWatchClient(settings), {}),
      sqs: clientOf(new SQSClient(settings), {}),
    };
    const facts = await readSchedules(clients, CLUSTER, NOW);
    expect(facts.map(({ name, attempts, enabled, isOver, queue }) => [name, attempts, enabled, isOver, queue])).toEqual(
      [
        ["a", undefined, false, true, undefined],
        ["b", undefined, false, true, undefined],
      ],
    );
  });
});
