import { join, relative, resolve } from "node:path";
import { type CommandResult, errorText, parseArguments, UsageError } from "../command-line";
import { differences } from "./folder/differences";
import { handoverFiles } from "./folder/files";
import { ownFiles, writeFolder } from "./folder/write-folder";
import { synthesize } from "./synthesize";
import { HandoverError, type Json } from "./terraform-json/configuration";

const USAGE = `Usage: npm run handover [-- OPTIONS]

Writes a folder of plain Terraform, with a README and diagrams, from a synthesized stack.

  --stack NAME  "ecs" for main.ts, or the name of a file in examples/ (default: ecs)
  --out DIR     the folder to write (default: handover/NAME)
  --hcl         write HCL instead of Terraform JSON
  --module      write a module: no provider configuration and no backend
  --check       write nothing; print the differences from the existing folder, and exit with 1 if there are any
  --help        print this help
`;

export interface Options {
  readonly stack: string;
  /** Relative to the folder in which the user calls the command. @default handover/<stack> in the repository */
  readonly out?: string;
  readonly hcl: boolean;
  readonly module: boolean;
  readonly check: boolean;
  readonly help: boolean;
}

/** The folders of a call. */
export interface Place {
  /** The repository. */
  readonly root: string;
  /** Messages name folders relative to this folder. */
  readonly cwd: string;
  /** `--out` is relative to this folder. */
  readonly from: string;
  /** Returns the JSON of a stack. @default runs the app of the stack in a new process */
  readonly synthesize?: (root: string, stack: string) => Json;
}

/** Runs `npm run handover`. */
export async function handover(args: readonly string[], place: Place): Promise<CommandResult> {
  try {
    return { stderr: "", ...(await run(args, place)) };
  } catch (error) {
    const text = error instanceof HandoverError ? error.message : errorText(error);
    return { status: 1, stdout: "", stderr: `${text}\n` };
  }
}

async function run(args: readonly string[], place: Place): Promise<Pick<CommandResult, "status" | "stdout">> {
  const { root, cwd, from } = place;
  const { help, stack, out, hcl, module, check } = parseOptions(args);
  if (help) return { status: 0, stdout: USAGE };
  const folder = out ? resolve(from, out) : join(root, "handover", stack);
  const name = relative(cwd, folder) || ".";
  // Rejects the folder of another program before the slow synthesis.
  withFileErrors(name, () => ownFiles(folder));
  const json = (place.synthesize ?? synthesize)(root, stack);
  const files = await handoverFiles(json, { name: stack, hcl, module });
  if (!check) {
    withFileErrors(name, () => writeFolder(folder, files));
    return { status: 0, stdout: `Wrote ${Object.keys(files).length} files to ${name}. Start with its README.md.\n` };
  }
  const difference = differences(folder, files);
  if (difference === "") return { status: 0, stdout: `${name} is up to date.\n` };
  const flags = args.filter((arg) => arg !== "--check").join(" ");
  const fix = `npm run handover${flags && ` -- ${flags}`}`;
  return { status: 1, stdout: `${difference}\n${name} is out of date. To update it, run: ${fix}\n` };
}

/** @throws UsageError */
export function parseOptions(args: readonly string[]): Options {
  const string = { type: "string" } as const;
  const boolean = { type: "boolean" } as const;
  const options = { stack: string, out: string, hcl: boolean, module: boolean, check: boolean } as const;
  const values = parseArguments(args, { ...options, help: { ...boolean, short: "h" } }, USAGE);
  const { stack = "ecs", out, hcl = false, module = false, check = false, help = false } = values;
  if (!/^[a-z0-9][a-z0-9-]*$/i.test(stack)) {
    throw new UsageError(
      `--stack must contain only letters, digits and hyphens; received ${JSON.stringify(stack)}. For example --stack ecs.`,
    );
  }
  if (out?.trim() === "") {
    throw new UsageError(
      `--out must be a folder; received ${JSON.stringify(out)}. Give a folder, or omit --out to write to handover/${stack}.`,
    );
  }
  return { stack, out, hcl, module, check, help };
}

/** Turns an error of the file system into an error of `--out`. @throws UsageError */
function withFileErrors(name: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new UsageError(
      `--out must be a folder that you can write to; received ${JSON.stringify(name)}: ${message}. Give another folder, or fix its permissions.`,
    );
  }
}
