import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "../command-line";
import type { Configuration } from "./configuration";

/** A synthesized stack. */
export interface Synthesized {
  readonly id: string;
  readonly folder: string;
  readonly configuration: Configuration;
}

/**
 * Runs an app in its own process, as `cdktf synth` does, and returns its stack.
 * @param stack the stack's id, if the app has several stacks
 * @throws {UsageError} when the app or the stack does not exist, or when the app fails, with the app's output
 */
export async function synthesize(app: string, outdir: string, stack?: string): Promise<Synthesized> {
  if (!existsSync(app)) throw new UsageError(`--app must be a TypeScript file; received ${app}, which does not exist.`);
  const { status, output } = await run(app, outdir);
  if (status !== 0) throw new UsageError(`${output.trim()}\n${app} could not be synthesized.`);
  const stacks = join(outdir, "stacks");
  const ids = existsSync(stacks) ? readdirSync(stacks).sort() : [];
  const [only, another] = ids;
  const id = stack ?? (another === undefined ? only : undefined);
  if (id === undefined || !ids.includes(id)) {
    throw new UsageError(`--stack must be the id of a stack of ${app}. The stacks are ${ids.join(", ") || "none"}.`);
  }
  const folder = join(stacks, id);
  return { id, folder, configuration: JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Configuration };
}

function run(app: string, outdir: string): Promise<{ readonly status: number | null; readonly output: string }> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [join(__dirname, "../../scripts/synth/app.js"), resolve(app)], {
      env: { ...process.env, CDKTF_OUTDIR: outdir },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => output.push(data));
    child.stderr.on("data", (data: Buffer) => output.push(data));
    child.on("error", reject);
    child.on("close", (status) => done({ status, output: Buffer.concat(output).toString("utf8") }));
  });
}
