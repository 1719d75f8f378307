import { join, relative, resolve } from "node:path";
import { toldOf, UsageError } from "../command-line";
import { differences } from "./folder/differences";
import { handoverFolder } from "./folder/files";
import { ownFiles, writeFolder } from "./folder/write-folder";
import { parseOptions, USAGE } from "./options";
import { synthesize } from "./synthesize";
import type { Json } from "./terraform-json/configuration";

/** Where a command runs. */
export interface Place {
  /** The repository. */
  readonly root: string;
  /** What folders are shown relative to. */
  readonly cwd: string;
  /** What `--out` is relative to. */
  readonly from: string;
  /** Gives a stack's JSON. @default a process of its own runs the stack's app */
  readonly synthesize?: (root: string, stack: string) => Json;
}

/** What a command gave. */
export interface Told {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run handover`: synthesizes, makes the folder in memory, and writes it or compares it. */
export async function handover(args: readonly string[], place: Place): Promise<Told> {
  try {
    return { stderr: "", ...(await run(args, place)) };
  } catch (error) {
    // What the library refuses is told in its own words too.
    const text = error instanceof Error && error.name === "HandoverError" ? error.message : toldOf(error);
    return { status: 1, stdout: "", stderr: `${text}\n` };
  }
}

async function run(args: readonly string[], place: Place): Promise<Pick<Told, "status" | "stdout">> {
  const { root, cwd, from } = place;
  const { help, stack, out, hcl, module, check } = parseOptions(args);
  if (help) return { status: 0, stdout: USAGE };
  const folder = out ? resolve(from, out) : join(root, "handover", stack);
  const shown = relative(cwd, folder) || ".";
  // A folder of somebody's own is refused before anybody waits for a synth.
  atPlace(shown, () => ownFiles(folder));
  const json = (place.synthesize ?? synthesize)(root, stack);
  const files = await handoverFolder(json, { name: stack, hcl, module });
  if (!check) {
    atPlace(shown, () => writeFolder(folder, files));
    const count = Object.keys(files).length;
    return { status: 0, stdout: `Wrote ${shown}: ${count} files. Its README.md says how to plan and apply it.\n` };
  }
  const difference = differences(folder, files);
  if (difference === "") return { status: 0, stdout: `${shown} is what the code gives.\n` };
  const flags = args.filter((arg) => arg !== "--check").join(" ");
  return {
    status: 1,
    stdout: `${difference}\n${shown} differs from what the code gives. Write it anew: npm run handover${flags && ` -- ${flags}`}\n`,
  };
}

/** Does what a file system may refuse, and says then that it is the place that is wrong. @throws UsageError */
function atPlace(shown: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new UsageError(
      `--out must be a place that can be written; received ${JSON.stringify(shown)}: ${message}. Give another folder, or mend that one.`,
    );
  }
}
