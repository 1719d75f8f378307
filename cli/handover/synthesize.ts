import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../command-line";
import { readStackFile } from "./stack-file";
import type { Json } from "./terraform-json/configuration";

/**
 * Synthesizes a stack into a folder of its own, reads its JSON and removes the folder: `cdktf.out` stays as it is.
 *
 * @param root the repository
 * @param name `ecs` for `main.ts`, or an example's
 * @throws UsageError for a name that isn't there, or with the app's own words when it fails
 */
export function synthesize(root: string, name: string): Json {
  const app = appOf(root, name);
  const folder = mkdtempSync(join(tmpdir(), "handover-"));
  try {
    const run = spawnSync(process.execPath, [join(root, "scripts/synth/app.js"), app], {
      cwd: root,
      env: { ...process.env, CDKTF_OUTDIR: join(folder, "out"), CDKTF_LOG_LEVEL: "warn" },
      encoding: "utf8",
    });
    if (run.status !== 0) throw new UsageError((run.stderr || run.stdout || String(run.error)).trim());
    return readStackFile(join(folder, "out"), name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function appOf(root: string, name: string): string {
  if (name === "ecs") return "main.ts";
  const file = join("examples", `${name}.ts`);
  if (existsSync(join(root, file))) return file;
  const examples = readdirSync(join(root, "examples"))
    .filter((entry) => entry.endsWith(".ts"))
    .map((entry) => entry.slice(0, -".ts".length))
    .sort();
  throw new UsageError(
    `--stack must be "ecs" or the name of a file in examples/; received "${name}". There are ${examples.join(", ")}.`,
  );
}
