import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { progress, UsageError } from "./command-line";
import type { ProjectOptions } from "./project-options";

/** A parsed file of Terraform JSON. */
export type StackJson = { readonly [block: string]: unknown };

/** A synthesized stack. */
export interface SynthesizedStack {
  readonly id: string;
  /** The folder with cdk.tf.json, and with the stack's assets. */
  readonly folder: string;
  readonly json: StackJson;
}

/** The file of a project of CDKTF, and of cdktn. */
const CONFIGURATION = "cdktf.json";

interface Configuration {
  readonly app?: string;
  readonly output?: string;
  readonly context?: object;
}

/**
 * Synthesizes the app of a CDKTF project, and calls a function with one of its stacks. The stacks are in a temporary folder,
 * which is deleted afterwards, so `cdktf.out` does not change.
 * @param root the folder with cdktf.json
 * @throws {UsageError} when there is no app or no such stack, and with the app's output when the app fails
 */
export async function withStack<T>(
  root: string,
  options: ProjectOptions,
  use: (stack: SynthesizedStack) => Promise<T>,
): Promise<T> {
  const configuration = readConfiguration(root);
  if (options.output !== undefined && !options.skipSynth)
    throw new UsageError("--output requires --skip-synth. Without it, the app writes to a temporary folder.");
  if (options.skipSynth && options.app !== undefined)
    throw new UsageError("--skip-synth does not run an app. Remove --app or --skip-synth.");
  if (options.skipSynth) {
    const output = options.output ?? configuration?.output ?? "cdktf.out";
    return use(stackIn(resolve(root, output), output, options.stack));
  }
  const command = commandOf(root, options.app, configuration);
  const folder = mkdtempSync(join(tmpdir(), "synthesized-"));
  try {
    const output = join(folder, "cdktf.out");
    await synthesize(root, command, output, configuration?.context);
    return await use(stackIn(output, command, options.stack));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readConfiguration(root: string): Configuration | undefined {
  const file = join(root, CONFIGURATION);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Configuration;
  } catch (error) {
    throw new UsageError(`${CONFIGURATION} is not valid JSON: ${(error as Error).message}.`);
  }
}

/** Returns the command that synthesizes the app. */
function commandOf(root: string, app: string | undefined, configuration: Configuration | undefined): string {
  const configured = configuration?.app?.trim();
  if (app !== undefined && !isFile(root, app)) {
    if (/^\S+\.[cm]?[jt]s$/.test(app)) throw new UsageError(`--app names the file ${app}, which does not exist.`);
    return app;
  }
  if (configured === undefined) {
    throw new UsageError(
      `There is no app in ${CONFIGURATION} of this folder. Run the command in the folder of a CDKTF project. Or set --app to ` +
        'the command that synthesizes, such as "npx tsx main.ts". Or use --skip-synth for stacks that are synthesized.',
    );
  }
  return app === undefined ? configured : [...configured.split(" ").slice(0, -1), JSON.stringify(app)].join(" ");
}

const isFile = (root: string, path: string): boolean => /\.[cm]?[jt]s$/.test(path) && existsSync(resolve(root, path));

async function synthesize(root: string, command: string, output: string, context: object = {}): Promise<void> {
  progress(`Synthesizing: ${command}`);
  const { status, text } = await run(root, command, {
    CDKTF_OUTDIR: output,
    CDKTF_CONTEXT_JSON: JSON.stringify(context),
    CDKTF_LOG_LEVEL: "warn",
  });
  if (status !== 0) throw new UsageError(`${text.trim()}\nThe app could not be synthesized: ${command}`);
}

/** Runs a command in a shell, as `cdktf synth` does. Returns its output. */
function run(
  cwd: string,
  command: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly text: string }> {
  return new Promise((done, reject) => {
    const child = spawn(command, {
      ...{ cwd, shell: true, env: { ...process.env, ...env } },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => output.push(data));
    child.stderr.on("data", (data: Buffer) => output.push(data));
    child.on("error", reject);
    child.on("close", (status) => done({ status, text: Buffer.concat(output).toString("utf8") }));
  });
}

/** Returns a stack of a synthesized folder. @param from what the folder comes from, for messages */
function stackIn(output: string, from: string, wanted: string | undefined): SynthesizedStack {
  // A folder of one stack, such as cdktf.out/stacks/ecs.
  if (existsSync(join(output, "cdk.tf.json"))) {
    const id = basename(resolve(output));
    if (wanted === undefined || wanted === id) return readStack(output, id);
    throw new UsageError(
      `--stack must be the stack of ${from}, which is ${id}; received ${JSON.stringify(wanted)}. Remove it.`,
    );
  }
  const stacks = join(output, "stacks");
  const ids = existsSync(stacks) ? readdirSync(stacks).sort() : [];
  if (ids.length === 0) throw new UsageError(`${from} has no synthesized stack. Synthesize the app: npx cdktf synth`);
  const id = wanted ?? (ids.length === 1 ? ids[0] : undefined);
  if (id === undefined || !ids.includes(id)) {
    const received = wanted === undefined ? "received nothing" : `received ${JSON.stringify(wanted)}`;
    throw new UsageError(`--stack must be the id of a stack; ${received}. The stacks are ${ids.join(", ")}.`);
  }
  return readStack(join(stacks, id), id);
}

function readStack(folder: string, id: string): SynthesizedStack {
  return { id, folder, json: JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as StackJson };
}
