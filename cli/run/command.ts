import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { type CommandResult, jsonText, UsageError } from "../command-line";
import { explainAwsError } from "../doctor/aws-error";
import { printable } from "../doctor/report-text";
import { checkedRegion } from "../region";
import { logOf, readLog } from "./log";
import { environmentOf, type RunOptions } from "./options";
import { type Definition, describeTask, idOf, readDefinition, type Started, startTask, type TaskState } from "./task";

/** The exit code when there is no exit code of the container, as in `docker run`. */
const NO_EXIT_CODE = 125;
const SECONDS = 3;
/** How often the state of a task can be unreadable, one time after the other. */
const RETRIES = 5;

/** What the command uses besides its options. Tests replace it. */
export interface Dependencies {
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
  dependencies: Dependencies = awsDependencies(options),
): Promise<CommandResult> {
  checkedRegion(options.region);
  const environment = environmentOf(options.env);
  let definition: Definition;
  let started: Started;
  try {
    definition = await readDefinition(dependencies.ecs, family, options);
    started = await startTask(dependencies.ecs, definition, options, { command, environment });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return failure(explainAwsError(error, options.region));
  }
  if (started.arn === undefined) return failure(started.reason);
  dependencies.progress(`Started task ${idOf(started.arn)} of ${definition.name} on cluster ${options.cluster}.\n`);
  return follow(started.arn, dependencies, definition, options);
}

const failure = (text: string): CommandResult => ({ status: NO_EXIT_CODE, stdout: "", stderr: `${text}\n` });

async function follow(
  arn: string,
  dependencies: Dependencies,
  definition: Definition,
  options: RunOptions,
): Promise<CommandResult> {
  const { cluster, region, json = false } = options;
  const lines: string[] = [];
  const write = (line: string) => (json ? lines.push(line) : dependencies.out(`${line}\n`));
  const fail = (error: string): CommandResult => {
    if (!json) return failure(error);
    const report = { version: 1, task: idOf(arn), container: definition.container, exitCode: null, log: lines, error };
    return { status: NO_EXIT_CODE, stdout: jsonText(report), stderr: "" };
  };
  const readLines = logReader(arn, dependencies, definition, region, write);
  let shown = "";
  let failures = 0;
  for (;;) {
    let task: TaskState | undefined;
    try {
      task = await describeTask(dependencies.ecs, cluster, arn);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures > RETRIES) {
        return fail(
          `${explainAwsError(error, region)}\nThe task still runs. To stop it: aws ecs stop-task --cluster ${cluster} --task ${arn} --region ${region}`,
        );
      }
    }
    // ECS shows a new task only after some seconds, and forgets a stopped one after an hour.
    if (task === undefined && failures === 0 && shown !== "") {
      return fail(`ECS no longer shows the task ${idOf(arn)}, so its exit code is unknown.`);
    }
    if (task && task.status !== shown) {
      dependencies.progress(`${task.status}\n`);
      shown = task.status;
    }
    await readLines();
    if (task?.status === "STOPPED") {
      // CloudWatch Logs shows the last lines some seconds after the end.
      await dependencies.wait();
      await readLines();
      return resultOf(task, definition.container, json ? lines : undefined);
    }
    await dependencies.wait();
  }
}

/** Returns a function that writes the next lines of the log. It reports a log that it cannot read once, and the task goes on. */
function logReader(
  arn: string,
  { logs, progress }: Dependencies,
  definition: Definition,
  region: string,
  write: (line: string) => unknown,
): () => Promise<void> {
  let log = logOf(definition, arn, region);
  let token: string | undefined;
  if (!log) progress(`The log of container ${definition.container} is not in CloudWatch Logs of ${region}.\n`);
  return async () => {
    while (log) {
      try {
        const page = await readLog(logs, log, token);
        for (const line of page.lines) write(line);
        // The last page has the token of the call. A page before it can be empty.
        if (page.token === undefined || page.token === token) return;
        token = page.token;
      } catch (error) {
        progress(`The log cannot be read, and the task goes on. ${explainAwsError(error, region)}\n`);
        log = undefined;
      }
    }
  };
}

/** @param lines the log, for output in JSON */
function resultOf(task: TaskState, container: string, lines: readonly string[] | undefined): CommandResult {
  const found = task.containers.find(({ name }) => name === container);
  const status = found?.exitCode ?? NO_EXIT_CODE;
  const reasons = [task.stoppedReason, found?.reason].filter(Boolean).map((reason) => printable(String(reason)));
  if (lines) {
    const report = { version: 1, task: task.id, container, exitCode: found?.exitCode ?? null, reasons, log: lines };
    return { status, stdout: jsonText(report), stderr: "" };
  }
  if (status === 0) return { status, stdout: "", stderr: "" };
  const what = found?.exitCode === undefined ? "has no exit code" : `exited with ${found.exitCode}`;
  return { status, stdout: "", stderr: `${[`Container ${container} ${what}.`, ...reasons].join("\n")}\n` };
}

function awsDependencies({ region, endpoint }: RunOptions): Dependencies {
  const settings = { region, endpoint, requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000 } };
  return {
    ecs: new ECSClient(settings),
    logs: new CloudWatchLogsClient(settings),
    wait: () => sleep(SECONDS * 1000),
    out: (text) => process.stdout.write(text),
    progress: (text) => process.stderr.write(text),
  };
}
