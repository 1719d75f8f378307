import type { Command } from "commander";

/** The options of commands that read a synthesized stack. */
export interface ProjectOptions {
  /** The command that synthesizes, or the file that replaces the last word of the command. @default - `app` of cdktf.json */
  readonly app?: string;
  /** The folder of the synthesized stacks, or of one stack. Only with `skipSynth`. @default - `output` of cdktf.json, or cdktf.out */
  readonly output?: string;
  /** Reads the stacks that an earlier command synthesized. */
  readonly skipSynth?: boolean;
  /** The id of the stack, if the app has several. */
  readonly stack?: string;
}

/** Adds the options of commands that read a synthesized stack. */
export const projectOptions = (command: Command): Command =>
  command
    .option("--stack <id>", "the id of the stack, if the app has several")
    .option(
      "--app <command>",
      "the command that synthesizes, or a file for the app of cdktf.json (default: app of cdktf.json)",
    )
    .option("--skip-synth", "read the existing synthesized stacks instead of running the app")
    .option(
      "--output <dir>",
      "with --skip-synth: the folder of the stacks, or of one stack (default: output of cdktf.json, or cdktf.out)",
    );
