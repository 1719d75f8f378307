import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { handoverFolder } from "../../cli/handover/folder/files";
import { writeFolder } from "../../cli/handover/folder/write-folder";
import type { HandoverOptions } from "../../cli/handover/stack";
import type { Json } from "../../cli/handover/terraform-json/configuration";
import type { Files } from "../../cli/handover/terraform-json/portable-json";
import type { Configuration } from "../../cli/offline-provider";
import { synthesizeApp } from "./examples";

const synthesized = new Map<string, Configuration>();

/** The JSON of the default app or of an example with one stack, synthesized once a worker: nobody changes it. */
export function stackJson(name: string): Configuration {
  const known = synthesized.get(name);
  if (known) return known;
  const stacks = synthesizeApp(name === "ecs" ? "main.ts" : `examples/${name}.ts`);
  for (const [stack, json] of Object.entries(stacks)) synthesized.set(stack, json);
  const json = synthesized.get(name);
  if (!json) throw new Error(`${name} has no stack of its own name; it has ${Object.keys(stacks).join(", ")}.`);
  return json;
}

const folders = new Map<string, Promise<Files>>();

/** The folder's files of a stack, made once a worker. */
export function filesOf(name: string, options: Partial<HandoverOptions> = {}): Promise<Files> {
  const key = JSON.stringify([name, options]);
  const files = folders.get(key) ?? handoverFolder(stackJson(name) as Json, { name, ...options });
  folders.set(key, files);
  return files;
}

const made: string[] = [];

/** A new folder in the system's temporary folder. `removeFolders` removes it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "handover-test-"));
  made.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A stack's folder on disk. */
export async function folderOf(name: string, options: Partial<HandoverOptions> = {}): Promise<string> {
  const folder = join(temporaryFolder(), name);
  writeFolder(folder, await filesOf(name, options));
  return folder;
}
