import type { Command } from "commander";
import { type ClusterOptions, clusterOptions } from "../cluster-options";
import { UsageError } from "../command-line";

/** The options of `run`. */
export interface RunOptions extends ClusterOptions {
  readonly container?: string;
  readonly env?: readonly string[];
  readonly capacityProvider?: string;
  readonly subnets?: string;
  readonly securityGroups?: string;
  readonly group?: string;
}

/** Defines the command `run`. */
export const defineRun = (command: Command): Command =>
  clusterOptions(
    command
      .summary("run a task once, follow its log, and exit with the exit code of its container")
      .description(
        "Runs a task definition once on a cluster, follows its log, and exits with the exit code of the container. The command " +
          "after -- replaces the command of the container.",
      )
      .argument("<task-definition>", "the family, such as NAME-migrate, or family:revision, or the ARN")
      .usage("[options] TASK_DEFINITION [-- COMMAND]"),
  )
    .option(
      "--container <name>",
      "the container whose command is replaced, and whose log and exit code are used (default: the first essential one)",
    )
    .option("--env <name=value>", "an environment variable of the container; can be repeated", collect)
    .option("--capacity-provider <name>", "the capacity provider to use (default: the default strategy of the cluster)")
    .option("--subnets <ids>", "the subnets of a task in awsvpc mode, separated by commas")
    .option("--security-groups <ids>", "the security groups of a task in awsvpc mode, separated by commas")
    .option("--group <name>", "the task group, for placement constraints")
    .addHelpText(
      "after",
      "\nExit code: that of the container. 125 if the task did not start, or the container has no exit code. 2 for wrong options.",
    );

const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

/** Returns the environment variables. @throws {UsageError} for text without a name */
export function environmentOf(env: readonly string[] = []): { name: string; value: string }[] {
  return env.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw new UsageError(`--env must be NAME=VALUE; received ${JSON.stringify(text)}.`);
    return { name: text.slice(0, at), value: text.slice(at + 1) };
  });
}
