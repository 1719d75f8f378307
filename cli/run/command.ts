import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { type CommandResult, UsageError } from "../command-line";
import { explainAwsError } from "../doctor/aws-error";
import { printable } from "../doctor/report-text";
import { checkedRegion } from "../region";
import { logOf, readLog } from "./log";
import { environmentOf, type RunOptions } from "./options";
import { describeTask, readDefinition, startTask, type TaskState } from "./task";

/** The exit code when there is no exit code of the container, as in `docker run`. */
const NO_EXIT_CODE = 125;
const SECONDS = 3;

/** What the command uses besides its options. Tests replace it. */
export interface Around {
  readonly ecs: ECSClient;
  readonly logs: CloudWatchLogsClient;
  /** Waits between two reads. */
  wait(): Promise<unknown>;
  /** Writes the lines of the log. */
  out(text: string): unknown;
  /** Writes the progress. */
  progress(text: string): unknown;
}

/**
 * Runs `run`: starts a task, follows its log, and returns the exit code of its container.
 * @param command replaces the command of the container, unless it is empty
 * @throws {UsageError} for a wrong option, and for a task that the options do not fit
 */
export async function run(
  family: string,
  options: RunOptions,
  command: readonly string[],
  around: Around = aroundAws(options),
): Promise<CommandResult> {
  checkedRegion(options.region);
  const environment = environmentOf(options.env);
  try {
    const definition = await readDefinition(around.ecs, family, options);
    const task = await startTask(around.ecs, definition, options, { command, environment });
    around.progress(`Started task ${task.id} of ${definition.name} on cluster ${options.cluster}.\n`);
    return await follow(task.arn, around, definition, options);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return { status: NO_EXIT_CODE, stdout: "", stderr: `${explainAwsError(error, options.region)}\n` };
  }
}

async function follow(
  arn: string,
  around: Around,
  definition: Awaited<ReturnType<typeof readDefinition>>,
  { cluster, json = false }: RunOptions,
): Promise<CommandResult> {
  const log = logOf(definition, arn);
  let token: string | undefined;
  let shown = "";
  const lines: string[] = [];
  const readLines = async () => {
    // A page has up to 1 MB. The last one has no lines.
    while (log) {
      const page = await readLog(around.logs, log, token);
      token = page.token ?? token;
      lines.push(...page.lines);
      if (!json) for (const line of page.lines) around.out(`${line}\n`);
      if (page.lines.length === 0) return;
    }
  };
  for (;;) {
    const task = await describeTask(around.ecs, cluster, arn);
    if (task.status !== shown) around.progress(`${task.status}\n`);
    shown = task.status;
    await readLines();
    if (task.status === "STOPPED") {
      // CloudWatch Logs shows the last lines some seconds after the end.
      await around.wait();
      await readLines();
      return resultOf(task, definition.container, json ? lines : undefined);
    }
    await around.wait();
  }
}

/** @param lines the log, for output in JSON */
function resultOf(task: TaskState, container: string, lines: readonly string[] | undefined): CommandResult {
  const found = task.containers.find(({ name }) => name === container);
  const status = found?.exitCode ?? NO_EXIT_CODE;
  const reasons = [task.stoppedReason, found?.reason].filter(Boolean).map((reason) => printable(String(reason)));
  if (lines) {
    const report = { version: 1, task: task.id, container, exitCode: found?.exitCode ?? null, reasons, log: lines };
    return { status, stdout: `${JSON.stringify(report, null, 2)}\n`, stderr: "" };
  }
  if (status === 0) return { status, stdout: "", stderr: "" };
  const what = found?.exitCode === undefined ? "has no exit code" : `exited with ${found.exitCode}`;
  return { status, stdout: "", stderr: `${[`Container ${container} ${what}.`, ...reasons].join("\n")}\n` };
}

function aroundAws({ region, endpoint }: RunOptions): Around {
  const settings = { region, endpoint, requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000 } };
  return {
    ecs: new ECSClient(settings),
    logs: new CloudWatchLogsClient(settings),
    wait: () => sleep(SECONDS * 1000),
    out: (text) => process.stdout.write(text),
    progress: (text) => process.stderr.write(text),
  };
}
