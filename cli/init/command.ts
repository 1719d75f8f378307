import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { clusterNameRules } from "../../src/validation/aws-rules";
import { show } from "../../src/validation/show";
import { type CommandResult, jsonText, UsageError } from "../command-line";
import { checkedRegion } from "../region";
import type { InitOptions } from "./options";
import { manifestOf, projectFiles } from "./project-files";

const MANIFEST = "package.json";

/**
 * Runs `init`: writes a minimal project.
 * @param from the folder to which `dir` is relative
 * @throws {UsageError} for a wrong option, and when a file that it would write exists
 */
export async function init(dir: string, options: InitOptions, from: string): Promise<CommandResult> {
  checkedRegion(options.region);
  const rule = clusterNameRules.find(({ check }) => !check(options.name, {}));
  if (rule) throw new UsageError(`--name must ${rule.must}; received ${show(options.name)}. ${rule.fix}`);
  const folder = resolve(from, dir);
  const files = projectFiles(options);
  const existing = Object.keys(files).filter((name) => existsSync(join(folder, name)));
  if (existing.length > 0) {
    throw new UsageError(
      `${existing.join(", ")} already ${existing.length === 1 ? "exists" : "exist"} in ${relative(from, folder) || "this folder"}. Use an empty folder, or move the files.`,
    );
  }
  // Read before anything is written.
  const manifest = manifestOf(readManifest(join(folder, MANIFEST)), options);
  const all = { ...files, [MANIFEST]: `${JSON.stringify(manifest, null, 2)}\n` };
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text);
  } catch (error) {
    throw new UsageError(`The project cannot be written: ${(error as Error).message}. Give another folder.`);
  }
  const names = Object.keys(all).sort();
  if (options.json) {
    const report = { version: 1, folder: relative(from, folder) || ".", files: names };
    return { status: 0, stdout: jsonText(report), stderr: "" };
  }
  const enter = folder === from ? "" : `  cd ${relative(from, folder)}\n`;
  const next = `${enter}  npm install\n  npm test\n  npm run plan:offline\n`;
  return { status: 0, stdout: `Wrote ${names.join(", ")}. Next:\n\n${next}`, stderr: "" };
}

function readManifest(file: string): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) return {};
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof manifest === "object" && manifest !== null && !Array.isArray(manifest)) return { ...manifest };
    throw new Error("it is not an object");
  } catch (error) {
    throw new UsageError(`${MANIFEST} is not valid JSON: ${(error as Error).message}.`);
  }
}
