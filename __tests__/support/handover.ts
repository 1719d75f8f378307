import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Handover, handoverFiles } from "../../cli/handover/folder/files";
import { writeFolder } from "../../cli/handover/folder/write-folder";
import type { HandoverOptions } from "../../cli/handover/stack";
import type { Json } from "../../cli/handover/terraform-json/configuration";
import type { Files } from "../../cli/handover/terraform-json/portable-json";
import type { Configuration } from "../../cli/offline-provider";
import { synthesizeApp } from "./examples";

const synthesized = new Map<string, Configuration>();

/** Returns the JSON of the default app, or of an example with a stack of its name. Tests share it, and must not change it. */
export function stackJson(name: string): Configuration {
  const known = synthesized.get(name);
  if (known) return known;
  const stacks = synthesizeApp(name === "ecs" ? "main.ts" : `examples/${name}.ts`);
  for (const [stack, json] of Object.entries(stacks)) synthesized.set(stack, json);
  const json = synthesized.get(name);
  if (!json) throw new Error(`The app ${name} has no stack with its name. It has ${Object.keys(stacks).join(", ")}.`);
  return json;
}

const folders = new Map<string, Promise<Handover>>();

/** Returns what the command writes for a stack. Tests share it. */
function handoverOf(name: string, options: Partial<HandoverOptions>): Promise<Handover> {
  const key = JSON.stringify([name, options]);
  const written = folders.get(key) ?? handoverFiles(stackJson(name) as Json, { name, ...options });
  folders.set(key, written);
  return written;
}

/** Returns the files of a stack's folder. Tests share them. */
export const filesOf = async (name: string, options: Partial<HandoverOptions> = {}): Promise<Files> =>
  (await handoverOf(name, options)).files;

const temporary: string[] = [];

/** Creates a folder in the system's temporary folder. `removeFolders` removes it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "handover-test-"));
  temporary.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of temporary.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Writes a stack's folder to disk. */
export async function folderOf(name: string, options: Partial<HandoverOptions> = {}): Promise<string> {
  const folder = join(temporaryFolder(), name);
  const { files, history } = await handoverOf(name, options);
  writeFolder(folder, files, undefined, history);
  return folder;
}
