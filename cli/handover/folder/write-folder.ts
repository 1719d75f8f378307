import * as nodeFs from "node:fs";
import { basename, dirname, join } from "node:path";
import { HandoverError } from "../terraform-json/configuration";
import type { Files } from "../terraform-json/portable-json";

/** Says that the folder is a hand-over, and which files are: what else is there belongs to whoever put it there. */
export const MARKER = ".handover.json";

export type FileSystem = Pick<
  typeof nodeFs,
  "existsSync" | "linkSync" | "lstatSync" | "mkdirSync" | "readFileSync" | "readdirSync" | "readlinkSync" | "renameSync"
> &
  Pick<typeof nodeFs, "rmSync" | "symlinkSync" | "writeFileSync" | "fsyncSync" | "openSync" | "closeSync">;

interface Marker {
  readonly handover: 1;
  readonly files: readonly string[];
}

/**
 * Writes a folder as a whole: beside, then by two renames. Whenever it ends, by an error, a full disk or a kill, the old
 * folder is whole, under its own name or, between the renames, under the one that the next run takes it back from.
 * Files in the folder that aren't the hand-over's, such as `terraform.tfvars`, a state or `.terraform`, stay.
 *
 * @param folder an absolute path
 * @param fs for tests, which let it fail at every step
 * @throws HandoverError when the folder is there and no hand-over
 */
export function writeFolder(folder: string, files: Files, fs: FileSystem = nodeFs): void {
  const { next, old } = besides(folder);
  recover(folder, fs);
  const written = ownFiles(folder, fs);
  fs.rmSync(next, { recursive: true, force: true });
  makeFolder(next, fs);
  try {
    for (const [path, text] of Object.entries(marked(files))) write(join(next, path), text, fs);
    if (written) keep(folder, next, new Set([...written, ...Object.keys(files), MARKER]), fs);
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

/** The files with the marker that names them. */
export function marked(files: Files): Files {
  const marker: Marker = { handover: 1, files: Object.keys(files).sort() };
  return { ...files, [MARKER]: `${JSON.stringify(marker, null, 2)}\n` };
}

/** The files of a hand-over that is there, or nothing where there is no folder. @throws HandoverError for any other */
export function ownFiles(folder: string, fs: FileSystem = nodeFs): readonly string[] | undefined {
  if (!fs.existsSync(folder)) return undefined;
  const marker = join(folder, MARKER);
  try {
    if (fs.readdirSync(folder).length === 0) return [];
    const { handover, files } = JSON.parse(fs.readFileSync(marker, "utf8")) as Marker;
    if (handover === 1 && Array.isArray(files)) return files;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && code !== "ENOENT" && code !== "ENOTDIR") throw error;
  }
  throw new HandoverError(
    `--out must be a new folder, an empty one or an earlier hand-over, which has a ${MARKER}; received "${basename(folder)}", ` +
      "which was not written by npm run handover. Give another folder, or move that one away.",
  );
}

/** Finishes what a killed run began: a folder that was put aside and not replaced comes back. */
export function recover(folder: string, fs: FileSystem = nodeFs): void {
  const { old } = besides(folder);
  if (!fs.existsSync(old)) return;
  if (fs.existsSync(folder)) fs.rmSync(old, { recursive: true, force: true });
  else fs.renameSync(old, folder);
}

function besides(folder: string) {
  const beside = (suffix: string) => join(dirname(folder), `.${basename(folder)}.handover-${suffix}`);
  return { next: beside("new"), old: beside("old") };
}

/**
 * A folder with those above it, from the top down: where a file system says of a folder to be made that it isn't there, as
 * /proc does, Node's own `recursive` goes up and down for ever.
 */
function makeFolder(path: string, fs: FileSystem): void {
  if (fs.existsSync(path)) return;
  makeFolder(dirname(path), fs);
  fs.mkdirSync(path);
}

function write(path: string, text: string, fs: FileSystem): void {
  makeFolder(dirname(path), fs);
  fs.writeFileSync(path, text);
  // A rename may reach the disk before the text does: a power cut would leave empty files under the right names.
  const file = fs.openSync(path, "r");
  try {
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

/** Takes over what is not the hand-over's by hard links: nothing is copied, and the old folder keeps all of it. */
function keep(from: string, to: string, own: ReadonlySet<string>, fs: FileSystem, below = ""): void {
  for (const name of fs.readdirSync(join(from, below)).sort()) {
    const path = below ? `${below}/${name}` : name;
    const source = join(from, path);
    const kind = fs.lstatSync(source);
    if (kind.isDirectory()) {
      const isOwn = [...own].some((file) => file.startsWith(`${path}/`));
      if (!isOwn) makeFolder(join(to, path), fs);
      keep(from, to, own, fs, path);
    } else if (!own.has(path)) {
      makeFolder(dirname(join(to, path)), fs);
      if (kind.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(source), join(to, path));
      else fs.linkSync(source, join(to, path));
    }
  }
}
