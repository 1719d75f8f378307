import type { Command } from "commander";
import { UsageError } from "../command-line";
import { type ProjectOptions, projectOptions } from "../project-options";

/** The options of `plan`. */
export interface PlanOptions extends ProjectOptions {
  /** The folder to run Terraform in. @default - an app is synthesized and planned */
  readonly dir?: string;
  /** Runs in a temporary copy of the folder, with a local state. */
  readonly copy?: boolean;
  /** A JSON file of fixtures. */
  readonly fixtures?: string;
  /** Prints the plan in the format of `terraform show -json`. */
  readonly json?: boolean;
}

/** Defines the command `plan`. */
export const definePlan = (command: Command): Command =>
  projectOptions(
    command
      .summary("plan a stack without an AWS account")
      .description(
        "Synthesizes an app and prints Terraform's plan, without a registry, a network or an AWS account. Variables without a " +
          "default get example values. Arguments after -- go to `terraform plan`.",
      )
      .usage("[options] [-- ARGUMENTS]"),
  )
    .option("--fixtures <file>", "a JSON file that describes the account")
    .option("--json", "print the plan as JSON, in the format of `terraform show -json`")
    .option("--dir <dir>", "instead of a plan, run the Terraform command after -- in this folder of Terraform files")
    .option("--copy", "with --dir: run in a temporary copy of the folder, with a local state")
    .addHelpText(
      "after",
      "\nExamples:\n  ecs-default-vpc plan --stack prod -- -var name=demo\n  ecs-default-vpc plan --dir handover/prod --copy -- validate",
    );

/** @throws {UsageError} when options exclude each other. @returns the arguments for Terraform */
export function terraformArguments(
  { dir, copy, app, output, stack, skipSynth, json }: PlanOptions,
  passed: readonly string[],
): readonly string[] {
  if (dir === undefined) {
    if (copy) throw new UsageError("--copy requires --dir. Set --dir to the folder to copy.");
    return passed;
  }
  if ((app ?? output ?? stack ?? skipSynth ?? json) !== undefined)
    throw new UsageError("--dir excludes --app, --output, --stack, --skip-synth and --json. Remove them.");
  const args = passed[0] === "terraform" ? passed.slice(1) : passed;
  if (args.length === 0)
    throw new UsageError(
      `--dir requires a Terraform command after "--". For example: --dir ${dir} -- terraform validate`,
    );
  return args;
}
