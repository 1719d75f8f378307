import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { ECSClient } from "@aws-sdk/client-ecs";
import { UsageError } from "../../../cli/command-line";
import { run } from "../../../cli/run/command";
import type { RunOptions } from "../../../cli/run/options";

const ARN = "arn:aws:ecs:eu-west-1:111122223333:task/shop/0a1b2c";
const OPTIONS: RunOptions = { cluster: "shop", region: "eu-west-1" };
const logConfiguration = {
  logDriver: "awslogs",
  options: { "awslogs-group": "/ecs/shop/migrate", "awslogs-stream-prefix": "ecs" },
};
const migrate = { name: "migrate", essential: true, logConfiguration };

/** What AWS answers, by the name of the command. A list has an answer for each call, and the last one repeats. */
type Answers = Readonly<Record<string, unknown>>;

/** Runs the command with a client that answers without AWS. */
async function runWith(answers: Answers, options: Partial<RunOptions> = {}, command: string[] = []) {
  const calls: { name: string; input: Record<string, unknown> }[] = [];
  const counts = new Map<string, number>();
  const send = async (sent: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const name = sent.constructor.name.replace(/Command$/, "");
    calls.push({ name, input: sent.input });
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    const answer = answers[name];
    const found = Array.isArray(answer) ? answer[Math.min(count, answer.length - 1)] : answer;
    if (found instanceof Error) throw found;
    return found;
  };
  const out: string[] = [];
  const progress: string[] = [];
  const result = await run("shop-migrate", { ...OPTIONS, ...options }, command, {
    ecs: { send } as unknown as ECSClient,
    logs: { send } as unknown as CloudWatchLogsClient,
    wait: async () => {},
    out: (text) => out.push(text),
    progress: (text) => progress.push(text),
  });
  return { ...result, out, progress, calls };
}

const definition = (more: object = {}) => ({
  DescribeTaskDefinition: {
    taskDefinition: {
      ...{ family: "shop-migrate", revision: 7, taskDefinitionArn: "arn:7", networkMode: "bridge" },
      ...{ containerDefinitions: [{ name: "proxy", essential: false }, migrate], ...more },
    },
  },
});
const stopped = (exitCode?: number, more: object = {}) => ({
  DescribeTasks: [
    // ECS does not show a new task at once.
    { tasks: [] },
    running,
    { tasks: [{ lastStatus: "STOPPED", containers: [{ name: "migrate", exitCode }], ...more }] },
  ],
});
const running = { tasks: [{ lastStatus: "RUNNING" }] };
const lines = (token: string, ...messages: string[]) => ({
  events: messages.map((message) => ({ message })),
  nextForwardToken: token,
});
/** The stream exists after a while. An empty page is not the last one. The last page has the token of its call. */
const LOG = {
  GetLogEvents: [
    Object.assign(new Error("no stream"), { name: "ResourceNotFoundException" }),
    ...[lines("a", "one"), lines("b"), lines("c", "two", "three"), lines("c")],
  ],
};
const STARTED = { RunTask: { tasks: [{ taskArn: ARN }] } };

describe("ecs-default-vpc run", () => {
  it.each([0, 1, 42])("follows the log, and exits with %i as the container does", async (exitCode) => {
    const { status, stdout, stderr, out, progress } = await runWith({
      ...{ ...definition(), ...STARTED, ...stopped(exitCode), ...LOG },
    });
    expect(out).toEqual(["one\n", "two\n", "three\n"]);
    expect(progress).toEqual([
      "Started task 0a1b2c of shop-migrate:7 on cluster shop.\n",
      ...["RUNNING\n", "STOPPED\n"],
    ]);
    expect([status, stdout]).toEqual([exitCode, ""]);
    expect(stderr).toBe(exitCode === 0 ? "" : `Container migrate exited with ${exitCode}.\n`);
  });

  it("runs the newest revision on the default strategy of the cluster", async () => {
    const { calls } = await runWith({ ...definition(), ...STARTED, ...stopped(0), ...LOG });
    expect(calls[0]).toEqual({ name: "DescribeTaskDefinition", input: { taskDefinition: "shop-migrate" } });
    const started = calls.find(({ name }) => name === "RunTask")?.input;
    expect(JSON.parse(JSON.stringify(started))).toEqual({
      ...{ cluster: "shop", taskDefinition: "arn:7", count: 1, startedBy: "ecs-default-vpc/run" },
    });
    const log = calls.find(({ name }) => name === "GetLogEvents")?.input;
    expect(log).toMatchObject({ logGroupName: "/ecs/shop/migrate", logStreamName: "ecs/migrate/0a1b2c" });
  });

  it("passes the command, variables, network, capacity provider and group to ECS", async () => {
    const options = {
      ...{ env: ["STEP=2", "URL=a=b"], capacityProvider: "cp-shop", group: "jobs" },
      ...{ subnets: "subnet-1, subnet-2", securityGroups: "sg-1" },
    };
    const { calls } = await runWith(
      { ...definition({ networkMode: "awsvpc" }), ...STARTED, ...stopped(0), ...LOG },
      options,
      ["npm", "run", "migrate"],
    );
    expect(calls.find(({ name }) => name === "RunTask")?.input).toMatchObject({
      capacityProviderStrategy: [{ capacityProvider: "cp-shop", weight: 1 }],
      group: "jobs",
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ["subnet-1", "subnet-2"], securityGroups: ["sg-1"] },
      },
      overrides: {
        containerOverrides: [
          {
            name: "migrate",
            command: ["npm", "run", "migrate"],
            environment: [
              { name: "STEP", value: "2" },
              { name: "URL", value: "a=b" },
            ],
          },
        ],
      },
    });
  });

  it("exits with 125 and the reason when the container has no exit code", async () => {
    const { status, stderr } = await runWith({
      ...{ ...definition(), ...STARTED, ...LOG },
      ...stopped(undefined, { stoppedReason: "CannotPullContainerError: not found" }),
    });
    expect([status, stderr]).toEqual([
      125,
      "Container migrate has no exit code.\nCannotPullContainerError: not found\n",
    ]);
  });

  it("exits with 125 when AWS rejects a call", async () => {
    const error = Object.assign(new Error("User is not authorized"), { name: "AccessDeniedException" });
    const { status, stderr } = await runWith({ ...definition(), RunTask: error });
    expect([status, stderr]).toEqual([
      125,
      "The credentials lack a permission (User is not authorized). Attach the policy in docs/doctor.md.\n",
    ]);
  });

  it.each<[string, Answers, string]>([
    [
      "ECS cannot place the task",
      { RunTask: { failures: [{ reason: "RESOURCE:MEMORY" }] } },
      "ECS did not start shop-migrate:7: RESOURCE:MEMORY. To find out why, run: ecs-default-vpc doctor --cluster shop --region eu-west-1\n",
    ],
    [
      "ECS forgets the task",
      { ...STARTED, ...LOG, DescribeTasks: [running, { tasks: [] }] },
      "ECS no longer shows the task 0a1b2c, so its exit code is unknown.\n",
    ],
    [
      "the state stays unreadable",
      { ...STARTED, ...LOG, DescribeTasks: Object.assign(new Error("slow down"), { name: "ThrottlingException" }) },
      `AWS throttles the calls (ThrottlingException: slow down). Try again in a minute.\nThe task still runs. To stop it: aws ecs stop-task --cluster shop --task ${ARN} --region eu-west-1\n`,
    ],
  ])("exits with 125 when %s", async (_, answers, stderr) => {
    expect(await runWith({ ...definition(), ...answers })).toMatchObject({ status: 125, stdout: "", stderr });
  });

  it("follows the task when its log and its state cannot be read for a while", async () => {
    const denied = Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });
    const { status, progress, out } = await runWith({
      ...{ ...definition(), ...STARTED, GetLogEvents: denied },
      DescribeTasks: [
        new Error("reset"),
        { tasks: [{ lastStatus: "STOPPED", containers: [{ name: "migrate", exitCode: 3 }] }] },
      ],
    });
    expect([status, out]).toEqual([3, []]);
    expect(progress.filter((text) => text.startsWith("The log cannot be read, and the task goes on. "))).toHaveLength(
      1,
    );
  });

  it("gives ECS a name that it accepts", async () => {
    const { calls } = await runWith({ ...definition(), ...STARTED, ...stopped(0), ...LOG });
    expect(calls.find(({ name }) => name === "RunTask")?.input.startedBy).toMatch(/^[\w/-]{1,36}$/);
  });

  it("prints the exit code, the reasons and the log as JSON", async () => {
    const { status, stdout, out } = await runWith(
      { ...definition(), ...STARTED, ...LOG, ...stopped(1, { stoppedReason: "Essential container exited" }) },
      { json: true },
    );
    expect(JSON.parse(stdout)).toEqual({
      ...{ version: 1, task: "0a1b2c", container: "migrate", exitCode: 1 },
      reasons: ["Essential container exited"],
      log: ["one", "two", "three"],
    });
    expect([status, out]).toEqual([1, []]);
  });

  it("prints an error with the log as JSON", async () => {
    const { status, stdout, stderr } = await runWith(
      { ...definition(), ...STARTED, ...LOG, DescribeTasks: [running, running, { tasks: [] }] },
      { json: true },
    );
    expect([status, stderr]).toEqual([125, ""]);
    expect(JSON.parse(stdout)).toEqual({
      ...{ version: 1, task: "0a1b2c", container: "migrate", exitCode: null },
      log: ["one", "two", "three"],
      error: "ECS no longer shows the task 0a1b2c, so its exit code is unknown.",
    });
  });

  it.each([
    ["of another log driver", { logDriver: "fluentd" }],
    [
      "in another region",
      { ...logConfiguration, options: { ...logConfiguration.options, "awslogs-region": "us-east-1" } },
    ],
    ["without a stream prefix", { ...logConfiguration, options: { "awslogs-group": "/ecs/shop/migrate" } }],
  ])("shows no log %s", async (_, other) => {
    const json = definition({ containerDefinitions: [{ name: "migrate", logConfiguration: other }] });
    const { status, calls, progress } = await runWith({ ...json, ...STARTED, ...stopped(0) });
    expect(status).toBe(0);
    expect(progress[1]).toBe("The log of container migrate is not in CloudWatch Logs of eu-west-1.\n");
    expect(calls.map(({ name }) => name)).not.toContain("GetLogEvents");
  });

  it.each<[string, Answers, Partial<RunOptions>, string]>([
    [
      "a container that the task does not have",
      definition(),
      { container: "web" },
      '--container must be a container of shop-migrate; received "web". The containers are proxy, migrate.',
    ],
    [
      "a task in awsvpc mode without subnets",
      definition({ networkMode: "awsvpc" }),
      {},
      "--subnets must be set, because shop-migrate:7 is in awsvpc mode. Give the subnets, and the --security-groups, of the tasks.",
    ],
    ["a variable without a name", definition(), { env: ["=x"] }, '--env must be NAME=VALUE; received "=x".'],
    [
      "a zone in place of a region",
      definition(),
      { region: "eu-west-1a" },
      "--region must be the code of an AWS region",
    ],
  ])("rejects %s", async (_, answers, options, message) => {
    await expect(runWith(answers, options)).rejects.toThrow(UsageError);
    await expect(runWith(answers, options)).rejects.toThrow(message);
  });
});
