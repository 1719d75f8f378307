import { join, relative, resolve } from "node:path";
import { type CommandResult, jsonText, UsageError } from "../command-line";
import { withStack } from "../project";
import { differences } from "./folder/differences";
import { historyOfJson } from "./folder/earlier-json";
import { handoverFiles } from "./folder/files";
import { ownFiles, readMarker, recover, writeFolder } from "./folder/write-folder";
import type { HandoverOptions } from "./options";
import type { Json } from "./terraform-json/configuration";

/** The folders of a call. */
export interface Place {
  /** The folder of the project. */
  readonly root: string;
  /** Messages name folders relative to this folder. */
  readonly cwd: string;
  /** `--out` is relative to this folder. */
  readonly from: string;
}

const VERSION = /^[\w.+-]{1,40}$/;

/**
 * Runs `handover`.
 * @throws {UsageError} for a folder that it must not write, and for JSON that it cannot hand over
 */
export async function handover(options: HandoverOptions, place: Place): Promise<CommandResult> {
  const { out, hcl = false, module = false, check = false, release } = options;
  if (release !== undefined && !VERSION.test(release)) {
    throw new UsageError(
      `--release must be 1 to 40 letters, digits, dots, plus signs and hyphens; received ${JSON.stringify(release)}. For example --release 1.4.0.`,
    );
  }
  if (release !== undefined && check) throw new UsageError("--check writes nothing. Remove --release.");
  if (out?.trim() === "") {
    throw new UsageError(
      `--out must be a folder; received ${JSON.stringify(out)}. Give a folder, or omit --out to write to handover/STACK.`,
    );
  }
  const own = out === undefined ? undefined : resolve(place.from, out);
  const nameOf = (folder: string) => relative(place.cwd, folder) || ".";
  // Rejects the folder of another program before the slow synthesis.
  if (own !== undefined) withFileErrors(nameOf(own), () => ownFiles(own));
  return withStack(place.root, options, async ({ id, json }) => {
    const folder = own ?? join(place.root, "handover", id);
    const name = nameOf(folder);
    withFileErrors(name, () => ownFiles(folder));
    const stack = { name: id, hcl, module };
    if (!check) withFileErrors(name, () => recover(folder));
    const previous = readMarker(folder)?.history ?? historyOfJson(folder, stack);
    const { files, history } = await handoverFiles(json as Json, stack, previous, release);
    const difference = check ? differences(folder, files, history) : "";
    if (!check) withFileErrors(name, () => writeFolder(folder, files, undefined, history));
    const status = difference === "" ? 0 : 1;
    if (options.json) {
      const report = { version: 1, stack: id, folder: name, files: Object.keys(files).sort(), upToDate: status === 0 };
      return { status, stdout: jsonText(report), stderr: "" };
    }
    const text = check
      ? checked(name, difference)
      : `Wrote ${Object.keys(files).length} files to ${name}. Start with its README.md.\n`;
    return { status, stdout: text, stderr: "" };
  });
}

const checked = (name: string, difference: string): string =>
  difference === ""
    ? `${name} is up to date.\n`
    : `${difference}\n${name} is out of date. To update it, run the same command without --check.\n`;

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
