import type { Command } from "commander";
import { type ProjectOptions, projectOptions } from "../project-options";

/** The options of `handover`. */
export interface HandoverOptions extends ProjectOptions {
  /** Relative to the folder in which the user calls the command. @default handover/<stack> in the project */
  readonly out?: string;
  readonly hcl?: boolean;
  readonly module?: boolean;
  readonly check?: boolean;
  /** The version that is handed over, such as 1.4.0. */
  readonly release?: string;
  readonly json?: boolean;
}

/** Defines the command `handover`. */
export const defineHandover = (command: Command): Command =>
  projectOptions(
    command
      .summary("write a folder of plain Terraform for a team without Node.js")
      .description("Writes a folder of plain Terraform, with a README, diagrams and tests, from a synthesized stack."),
  )
    .option("--out <dir>", "the folder to write (default: handover/STACK)")
    .option("--hcl", "write HCL instead of Terraform JSON")
    .option("--module", "write a module: no provider configuration and no backend")
    .option(
      "--check",
      "write nothing; print the differences from the existing folder, and exit with 1 if there are any",
    )
    .option("--release <version>", "the version that you hand over; CHANGES.md then starts a new list")
    .option("--json", "print the result as JSON");
