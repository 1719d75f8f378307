import * as nodeFs from "node:fs";
import { basename, dirname, join } from "node:path";
import { HandoverError } from "../terraform-json/configuration";
import type { Files } from "../terraform-json/portable-json";
import type { History } from "./history";

/** Marks a folder as a hand-over and lists the files that the command owns. All other files belong to the user. */
export const MARKER = ".handover.json";

export type FileSystem = Pick<
  typeof nodeFs,
  "existsSync" | "linkSync" | "lstatSync" | "mkdirSync" | "readFileSync" | "readdirSync" | "readlinkSync" | "renameSync"
> &
  Pick<typeof nodeFs, "rmSync" | "symlinkSync" | "writeFileSync" | "fsyncSync" | "openSync" | "closeSync">;

interface Marker {
  readonly handover: 1;
  readonly files: readonly string[];
  readonly history?: History;
}

/**
 * Writes a new folder beside the old one and swaps them with two renames, so that an error or a kill never leaves a
 * half-written folder. After a kill between the renames, the next run restores the old folder (see `recover`).
 * Keeps files that the command does not own, such as `terraform.tfvars`, a state or `.terraform`.
 *
 * @param folder an absolute path
 * @param fs the file system; tests inject errors with it
 * @param history the versions of the folder, for its marker
 * @throws HandoverError if another program wrote the folder
 */
export function writeFolder(folder: string, files: Files, fs: FileSystem = nodeFs, history?: History): void {
  const { next, old } = siblings(folder);
  recover(folder, fs);
  const written = ownFiles(folder, fs);
  fs.rmSync(next, { recursive: true, force: true });
  makeFolder(next, fs);
  try {
    for (const [path, text] of Object.entries(withMarker(files, history))) write(join(next, path), text, fs);
    if (written) keepOthers(folder, next, new Set([...written, ...Object.keys(files), MARKER]), fs);
  } catch (error) {
    fs.rmSync(next, { recursive: true, force: true });
    throw error;
  }
  if (written) fs.renameSync(folder, old);
  try {
    fs.renameSync(next, folder);
  } catch (error) {
    recover(folder, fs);
    throw error;
  }
  fs.rmSync(old, { recursive: true, force: true });
}

/** Adds the marker to the files. */
export function withMarker(files: Files, history?: History): Files {
  const marker: Marker = { handover: 1, files: Object.keys(files).sort(), ...(history ? { history } : {}) };
  return { ...files, [MARKER]: `${JSON.stringify(marker, null, 2)}\n` };
}

/**
 * Returns the files that the command owns in a folder, or undefined if the folder does not exist.
 *
 * @throws HandoverError if another program wrote the folder
 */
export function ownFiles(folder: string, fs: FileSystem = nodeFs): readonly string[] | undefined {
  return readMarker(folder, fs)?.files;
}

/**
 * Returns the marker of a folder, or undefined if the folder does not exist.
 *
 * @throws HandoverError if another program wrote the folder
 */
export function readMarker(folder: string, fs: FileSystem = nodeFs): Marker | undefined {
  if (!fs.existsSync(folder)) return undefined;
  const marker = join(folder, MARKER);
  try {
    if (fs.readdirSync(folder).length === 0) return { handover: 1, files: [] };
    const found = JSON.parse(fs.readFileSync(marker, "utf8")) as Marker;
    if (found.handover === 1 && Array.isArray(found.files)) return found;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && code !== "ENOENT" && code !== "ENOTDIR") throw error;
  }
  throw new HandoverError(
    `--out must be a new folder, an empty folder or an earlier hand-over with a ${MARKER}; received "${basename(folder)}", ` +
      "which `handover` did not write. Give another folder, or move this one.",
  );
}

/** Cleans up after a run that was killed between the renames: restores the old folder if there is no new one. */
export function recover(folder: string, fs: FileSystem = nodeFs): void {
  const { old } = siblings(folder);
  if (!fs.existsSync(old)) return;
  if (fs.existsSync(folder)) fs.rmSync(old, { recursive: true, force: true });
  else fs.renameSync(old, folder);
}

function siblings(folder: string) {
  const sibling = (suffix: string) => join(dirname(folder), `.${basename(folder)}.handover-${suffix}`);
  return { next: sibling("new"), old: sibling("old") };
}

/**
 * Creates a folder and its parents. Node's `recursive` never ends on file systems such as /proc, which answer ENOENT for a
 * folder that cannot be created.
 */
function makeFolder(path: string, fs: FileSystem): void {
  if (fs.existsSync(path)) return;
  makeFolder(dirname(path), fs);
  fs.mkdirSync(path);
}

function write(path: string, text: string, fs: FileSystem): void {
  makeFolder(dirname(path), fs);
  fs.writeFileSync(path, text);
  // The rename may reach the disk before the text. Without fsync, a power failure could leave empty files.
  const file = fs.openSync(path, "r");
  try {
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

/** Adds the user's files to the new folder as hard links, so that the old folder keeps them too. */
function keepOthers(from: string, to: string, own: ReadonlySet<string>, fs: FileSystem, below = ""): void {
  for (const name of fs.readdirSync(join(from, below)).sort()) {
    const path = below ? `${below}/${name}` : name;
    const source = join(from, path);
    const kind = fs.lstatSync(source);
    if (kind.isDirectory()) {
      const isOwn = [...own].some((file) => file.startsWith(`${path}/`));
      if (!isOwn) makeFolder(join(to, path), fs);
      keepOthers(from, to, own, fs, path);
    } else if (!own.has(path)) {
      makeFolder(dirname(join(to, path)), fs);
      if (kind.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(source), join(to, path));
      else fs.linkSync(source, join(to, path));
    }
  }
}
