import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Configuration, offlineEnv, type Terraform } from "../../cli/offline-provider";
import { Ec2Service, OneOffTask, ServiceImage } from "../../src";
import { clusterStack } from "../support/cluster";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";

const SCRIPT = resolve(".ci/run-task");
const TASK = "arn:aws:ecs:ap-northeast-2:000000000000:task/ecs/0123456789abcdef0123456789abcdef";

/** Answers in place of the AWS CLI, by the command, one for each call. The last one repeats. */
type Answers = Readonly<Record<string, readonly (object | string)[]>>;

const stopped = (task: object) => ({ tasks: [{ lastStatus: "STOPPED", containers: [], ...task }] });
const ended = (exitCode: number, more: object = {}) =>
  stopped({
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    // ECS stops the others with an exit code of their own.
    containers: [
      { name: "proxy", exitCode: 143 },
      { name: "migrate", exitCode, ...more },
    ],
  });
const STARTED = { "run-task": [{ tasks: [{ taskArn: TASK }], failures: [] }] };

describeTerraform("a migration before a release", (lab) => {
  const folders: string[] = [];
  let terraform: Terraform;
  beforeAll(async () => {
    const stack = clusterStack({ keyPair: "none", loadBalancer: false });
    const image = new ServiceImage(stack, "app");
    new Ec2Service(stack, "web", { cluster: stack, image });
    new OneOffTask(stack, "migrate", { cluster: stack, image, command: ["migrate"] });
    terraform = await lab.terraform({
      configuration: synthesized(stack) as Configuration,
      variables: { app_image: "app:1" },
    });
    expect((await terraform.apply()).status).toBe(0);
  });
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the script in a checkout with a file of images. Returns what it printed, and the calls of the AWS CLI. */
  async function script(command: string, answers: Answers = {}, more: Readonly<Record<string, string>> = {}) {
    const checkout = mkdtempSync(join(tmpdir(), "run-task-"));
    folders.push(checkout);
    writeFileSync(join(checkout, "images.auto.tfvars.json"), JSON.stringify({ app_image: "app:2" }));
    writeFileSync(join(checkout, "answers.json"), JSON.stringify(answers));
    writeFileSync(
      join(checkout, "aws"),
      `#!/usr/bin/env node
const { appendFileSync, readFileSync, writeFileSync } = require("fs");
const [, , , command, ...rest] = process.argv;
const file = ${JSON.stringify(join(checkout, "answers.json"))};
const answers = JSON.parse(readFileSync(file, "utf8"));
appendFileSync(${JSON.stringify(join(checkout, "calls"))}, JSON.stringify([command, ...rest]) + "\\n");
const [answer, ...others] = answers[command] ?? [];
if (answer === undefined) process.exit(254);
if (others.length > 0) writeFileSync(file, JSON.stringify({ ...answers, [command]: others }));
console.log(typeof answer === "string" ? answer : JSON.stringify(answer));
`,
    );
    chmodSync(join(checkout, "aws"), 0o755);
    const env = {
      ...offlineEnv(await terraform.env()),
      ...{ PATH: `${checkout}:${process.env.PATH}`, RUN_TASK_SECONDS: "0", ...more },
    };
    return new Promise<{ status: number | null; output: string; calls: string[][] }>((done) => {
      const child = spawn(SCRIPT, [command, terraform.folder, "migrate"], { cwd: checkout, env });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
      child.on("close", (status) => {
        const lines = command === "run" ? readFileSync(join(checkout, "calls"), "utf8").trim().split("\n") : [];
        done({ status, output, calls: lines.map((line) => JSON.parse(line)) });
      });
    });
  }

  it("registers the migration with the new image, and leaves the service as it is", async () => {
    const values = (address: string) =>
      terraform.state().resources.find((one) => one.address === address)?.values ?? {};
    const service = values("aws_ecs_service.web");
    const before = values("aws_ecs_task_definition.migrate_task_definition");
    const { status, output } = await script("register");
    expect([status, output]).toEqual([0, expect.stringContaining("1 added, 0 changed, 1 destroyed")]);
    const after = values("aws_ecs_task_definition.migrate_task_definition");
    expect(after.arn).not.toBe(before.arn);
    expect(after.container_definitions).toContain('"app:2"');
    expect(values("aws_ecs_service.web")).toEqual(service);
  });

  it("starts the newest revision, waits, and prints the log", async () => {
    const { status, output, calls } = await script("run", {
      ...STARTED,
      "describe-tasks": [{ tasks: [{ lastStatus: "PROVISIONING", containers: [] }] }, ended(0)],
      "get-log-events": ["3 migrations applied"],
    });
    expect(output).toBe(`Started ${TASK}.\n3 migrations applied\nmigrate succeeded.\n`);
    expect(status).toBe(0);
    const [start = [], , describe = [], log = []] = calls;
    expect(start).toEqual(expect.arrayContaining(["--cluster", "ecs", "--task-definition", "ecs-migrate"]));
    expect(start[start.indexOf("--placement-strategy") + 1]).toBe('[{"field":"memory","type":"binpack"}]');
    expect(describe).toEqual(
      expect.arrayContaining(["--region", "ap-northeast-2", "--cluster", "ecs", "--tasks", TASK]),
    );
    expect(log).toEqual(
      expect.arrayContaining(["/ecs/ecs/migrate", "migrate/migrate/0123456789abcdef0123456789abcdef"]),
    );
  });

  it("fails with the exit code of the migration's own container", async () => {
    const { status, output } = await script("run", { ...STARTED, "describe-tasks": [ended(3)] });
    expect(output).toContain(
      "migrate failed with exit code 3: EssentialContainerExited, Essential container in task exited\n",
    );
    expect(status).toBe(1);
  });

  it("fails with the reason of a task that did not start", async () => {
    const task = { stopCode: "TaskFailedToStart", stoppedReason: "CannotPullContainerError" };
    const { status, output } = await script("run", { ...STARTED, "describe-tasks": [stopped(task)] });
    expect(output).toContain("migrate failed with exit code none: TaskFailedToStart, CannotPullContainerError\n");
    expect(status).toBe(1);
  });

  it("fails with the reason of a call that starts no task", async () => {
    const failures = [{ arn: "arn:i-1", reason: "RESOURCE:MEMORY" }];
    const { status, output } = await script("run", { "run-task": [{ tasks: [], failures }] });
    expect(output).toContain("ECS started no task: RESOURCE:MEMORY arn:i-1");
    expect(status).toBe(1);
  });

  it("stops a task that takes longer than the limit", async () => {
    const running = { tasks: [{ lastStatus: "RUNNING", containers: [{ name: "migrate" }] }] };
    const answers = { ...STARTED, "describe-tasks": [running], "stop-task": [{}] };
    const { status, output, calls } = await script("run", answers, { RUN_TASK_MINUTES: "0" });
    expect(output).toContain(`Stopped ${TASK} after 0 minutes.`);
    expect(calls.at(-1)).toEqual(expect.arrayContaining(["stop-task", "--task", TASK]));
    expect(status).toBe(1);
  });
});
