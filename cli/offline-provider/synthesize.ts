import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "../command-line";
import type { Configuration } from "./configuration";

export interface Synthesized {
  readonly folder: string;
  readonly configuration: Configuration;
}

/**
 * Runs an app in a process of its own, as `cdktf synth` does, and gives the folder of its stack.
 * @param stack the stack's id, needed where the app has several
 * @throws UsageError when there is no such app or stack, or when the app fails, with what it printed
 */
export async function synthesize(app: string, outdir: string, stack?: string): Promise<Synthesized> {
  if (!existsSync(app)) throw new UsageError(`--app must name a TypeScript file; there is no ${app}.`);
  const { status, output } = await run(app, outdir);
  if (status !== 0) throw new UsageError(`${output.trim()}\n${app} could not be synthesized.`);
  const stacks = join(outdir, "stacks");
  const ids = existsSync(stacks) ? readdirSync(stacks).sort() : [];
  const [only, another] = ids;
  const id = stack ?? (another === undefined ? only : undefined);
  if (id === undefined || !ids.includes(id)) {
    throw new UsageError(`--stack must name a stack of ${app}, which has ${ids.join(", ") || "none"}.`);
  }
  const folder = join(stacks, id);
  return { folder, configuration: JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Configuration };
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
