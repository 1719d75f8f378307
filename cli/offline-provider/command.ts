import { type StdioOptions, spawn } from "node:child_process";
import { existsSync, statSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import { type CommandResult, UsageError } from "../command-line";
import { type StackJson, type SynthesizedStack, withStack } from "../project";
import { type Configuration, typesInFolder } from "./configuration";
import { type Fixtures, resolveFixtures } from "./data/fixtures";
import { type ExampleValues, exampleValues } from "./examples";
import { type PlanOptions, terraformArguments } from "./options";
import { type ProviderEnv, type RunningProvider, startOfflineProvider } from "./start";
import { offlineEnv, Terraform } from "./terraform";
import { terraformBinary, terraformVersion } from "./terraform-binary";

/** What the command uses besides its options. Tests replace it. */
export interface Dependencies {
  /** The file descriptors that the command and Terraform write to. */
  readonly stdout: number;
  readonly stderr: number;
  readonly start: () => Promise<RunningProvider>;
}

const DEFAULTS: Dependencies = { stdout: 1, stderr: 2, start: startOfflineProvider };

/**
 * Runs `plan`. Terraform prints by itself. Returns its exit code, and with `--json` its error.
 * @param root the folder of the project
 * @param args the arguments after `--`
 * @throws {UsageError} for options that do not fit, and when Terraform is missing or too old
 */
export async function plan(
  root: string,
  options: PlanOptions,
  args: readonly string[],
  dependencies: Dependencies = DEFAULTS,
): Promise<CommandResult> {
  const terraformArgs = terraformArguments(options, args);
  await terraformVersion();
  const fixtures = await readFixtures(options.fixtures);
  const provider = await dependencies.start();
  // Terraform also receives Ctrl-C, and ends. Then this command ends.
  const waitForTerraform = () => {};
  process.on("SIGINT", waitForTerraform);
  try {
    const { dir } = options;
    return dir === undefined
      ? await withStack(root, options, (stack) =>
          planStack(stack, options.json === true, terraformArgs, { provider, fixtures, dependencies }),
        )
      : await runInFolder(dir, options, terraformArgs, { provider, fixtures, dependencies });
  } finally {
    await provider.stop();
    process.off("SIGINT", waitForTerraform);
  }
}

/** What a plan needs besides the stack. */
interface Offline {
  readonly provider: RunningProvider;
  readonly fixtures: Partial<Fixtures>;
  readonly dependencies: Dependencies;
}

async function planStack(
  { id, folder, json }: SynthesizedStack,
  asJson: boolean,
  args: readonly string[],
  { provider, fixtures, dependencies }: Offline,
): Promise<CommandResult> {
  rejectOtherStates(id, json);
  const values = exampleValues(json, resolveFixtures(fixtures), { env: process.env, args });
  await provider.serve({ configuration: json, fixtures: values.fixtures });
  writeSync(dependencies.stderr, banner(id, json, values));
  const terraform = new Terraform({ env: provider.env, folder, within: provider.folder });
  const failed = await init(terraform);
  if (failed) return failed;
  const env = { ...(await terraform.env()) };
  const color = isatty(dependencies.stdout) && !asJson ? [] : ["-no-color"];
  const command = ["plan", "-input=false", ...color, ...args];
  if (!asJson) return pass(command, terraform.folder, env, dependencies, values.env);
  // Standard output has only the JSON.
  const streams = { stdout: dependencies.stderr, stderr: "pipe" } as const;
  const planned = await pass([...command, "-out=offline.tfplan"], terraform.folder, env, streams, values.env);
  if (planned.status === 1) return planned;
  writeSync(dependencies.stderr, planned.stderr);
  const show = ["show", "-json", "offline.tfplan"];
  const shown = await pass(show, terraform.folder, env, { ...dependencies, stderr: "pipe" });
  return shown.status === 0 ? { ...planned, stderr: "" } : shown;
}

/** @throws {UsageError} for a stack that reads the state of another stack of the app */
function rejectOtherStates(id: string, json: StackJson): void {
  const { terraform_remote_state: states = {} } = (json.data ?? {}) as Readonly<Record<string, object>>;
  // CDKTF names them so. The state that a user's own data source reads can be a file that exists.
  const others = Object.keys(states).filter((name) => /^cross.stack.reference.input/.test(name));
  if (others.length === 0) return;
  throw new UsageError(
    `Stack "${id}" reads the state of another stack (${others.join(", ")}), which does not exist without an AWS account. Plan the other stack offline, or pass its values to this stack as variables.`,
  );
}

/** Returns what a reader of the plan must know. */
function banner(id: string, configuration: Configuration, { region, env }: ExampleValues): string {
  const blocks = Object.values((configuration.resource ?? {}) as Readonly<Record<string, object>>);
  const count = blocks.flatMap(Object.keys).length;
  const examples = Object.keys(env);
  return [
    `Offline plan of stack "${id}" in ${region}. The AWS account is made up: Terraform uses no network and no credentials.`,
    ...(examples.length > 0 ? [`These variables have example values: ${examples.join(", ")}.`] : []),
    `The stack has ${count} resource blocks. A block with for_each adds one resource for each of its elements, and none without an element.`,
    "",
    "",
  ].join("\n");
}

async function runInFolder(
  dir: string,
  { copy }: PlanOptions,
  args: readonly string[],
  { provider, fixtures, dependencies }: Offline,
): Promise<CommandResult> {
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    throw new UsageError(`--dir must be a folder; received "${dir}". Use a folder with Terraform files.`);
  await provider.serve({ types: typesInFolder(dir), fixtures });
  if (!copy) return pass(args, dir, provider.env, dependencies);
  const terraform = new Terraform({ env: provider.env, folder: dir, within: provider.folder });
  return (await init(terraform)) ?? pass(args, terraform.folder, await terraform.env(), dependencies);
}

/** Runs `init`. Returns its output only when it fails. */
async function init(terraform: Terraform): Promise<CommandResult | undefined> {
  const { status, stdout, stderr } = await terraform.init();
  return status === 0 ? undefined : { status: status ?? 1, stdout: "", stderr: `${stdout}${stderr}` };
}

/** Runs Terraform with the output of the command. Returns its exit code, and what it wrote to a pipe. */
function pass(
  args: readonly string[],
  cwd: string,
  env: ProviderEnv,
  { stdout, stderr }: { readonly stdout: number; readonly stderr: number | "pipe" },
  more: NodeJS.ProcessEnv = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const stdio: StdioOptions = ["inherit", stdout, stderr];
    const child = spawn(terraformBinary(), args, { cwd, env: { ...offlineEnv(env), ...more }, stdio });
    const errors: Buffer[] = [];
    child.stderr?.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", reject);
    child.on("close", (status) =>
      resolve({ status: status ?? 1, stdout: "", stderr: Buffer.concat(errors).toString("utf8") }),
    );
  });
}

async function readFixtures(file: string | undefined): Promise<Partial<Fixtures>> {
  if (file === undefined) return {};
  // It loads CDKTF, which takes longer than the rest of the command.
  const { fixturesIn } = await import("./fixtures-file.js");
  return fixturesIn(file);
}
