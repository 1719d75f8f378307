import type { Command } from "commander";

/** The options of `init`. */
export interface InitOptions {
  readonly name: string;
  readonly region: string;
  readonly cdktn?: boolean;
  readonly json?: boolean;
}

/** Defines the command `init`. */
export const defineInit = (command: Command): Command =>
  command
    .summary("write a minimal project")
    .description(
      "Writes a minimal project: cdktf.json, main.ts, stack.ts, package.json, tsconfig.json, a test and .gitignore. It changes no " +
        "existing file, except that it adds missing entries to an existing package.json.",
    )
    .argument("[dir]", "the folder of the project", ".")
    .option("--name <name>", "the name of the cluster, which is also the id of the stack", "shop")
    .option("--region <region>", "the region", "eu-west-1")
    .option("--cdktn", "use cdktn, the continuation of CDKTF")
    .option("--json", "print the result as JSON");
