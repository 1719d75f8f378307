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
 * @throws {UsageError} when the app or the stack does not exist, when the stack reads the state of another stack, or when the
 * app fails, with the app's output
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
  const configuration = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Configuration;
  const { terraform_remote_state: states = {} } = (configuration.data ?? {}) as Readonly<Record<string, object>>;
  // CDKTF names them so. The state that a user's own data source reads can be a file that exists.
  const others = Object.keys(states).filter((name) => /^cross.stack.reference.input/.test(name));
  if (others.length > 0) {
    throw new UsageError(
      `Stack "${id}" reads the state of another stack (${others.join(", ")}), which does not exist without an AWS account. Plan the other stack offline, or pass its values to this stack as variables.`,
    );
  }
  return { id, folder, configuration };
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
