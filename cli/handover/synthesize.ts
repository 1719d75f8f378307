import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../command-line";
import type { Json } from "./terraform-json/configuration";

/**
 * Synthesizes a stack in a temporary folder, and returns its JSON. `cdktf.out` does not change.
 *
 * @param root the repository
 * @param name `ecs` for `main.ts`, or the name of an example
 * @throws UsageError for an unknown name, or with the app's error message
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
    return readStackJson(join(folder, "out"), name);
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
    `--stack must be "ecs" or the name of a file in examples/; received "${name}". The examples are ${examples.join(", ")}.`,
  );
}

interface Manifest {
  readonly stacks: { readonly [name: string]: { readonly synthesizedStackPath: string } };
}

/** Reads the JSON of a stack from the output of an app. @throws UsageError if the app has no stack with this name */
export function readStackJson(outdir: string, name: string): Json {
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as Manifest;
  const stack = stacks[name];
  if (!stack) {
    throw new UsageError(
      `--stack must be the name of an app that has a stack with this name; received "${name}", whose app has the stacks ` +
        `${Object.keys(stacks).sort().join(", ")}. Add an app with only the stack that you want to examples/.`,
    );
  }
  return JSON.parse(readFileSync(join(outdir, stack.synthesizedStackPath), "utf8")) as Json;
}
