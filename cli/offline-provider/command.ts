import { spawn } from "node:child_process";
import { existsSync, statSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import { UsageError } from "../command-line";
import { type StackJson, type SynthesizedStack, withStack } from "../project";
import { type Configuration, typesInFolder } from "./configuration";
import { type Fixtures, resolveFixtures } from "./data/fixtures";
import { type ExampleValues, exampleValues } from "./examples";
import { type PlanOptions, terraformArguments } from "./options";
import { type ProviderEnv, type RunningProvider, startOfflineProvider } from "./start";
import { offlineEnv, Terraform } from "./terraform";
import { terraformBinary, terraformVersion } from "./terraform-binary";

/** Where the command writes, and how it starts the provider. */
export interface Surroundings {
  /** The file descriptors that the command and Terraform write to. */
  readonly stdout: number;
  readonly stderr: number;
  readonly start: () => Promise<RunningProvider>;
}

const OWN: Surroundings = { stdout: 1, stderr: 2, start: startOfflineProvider };

/**
 * Runs `plan`. Returns the exit code of Terraform.
 * @param root the folder of the project
 * @param args the arguments after `--`
 * @throws {UsageError} for options that do not fit, and when Terraform is missing or too old
 */
export async function plan(
  root: string,
  options: PlanOptions,
  args: readonly string[],
  around: Surroundings = OWN,
): Promise<number> {
  const terraformArgs = terraformArguments(options, args);
  await terraformVersion();
  const fixtures = await readFixtures(options.fixtures);
  const provider = await around.start();
  // Terraform also receives Ctrl-C, and ends. Then this command ends.
  const waitForTerraform = () => {};
  process.on("SIGINT", waitForTerraform);
  try {
    const { dir } = options;
    return dir === undefined
      ? await withStack(root, options, (stack) =>
          planStack(stack, options.json === true, terraformArgs, { provider, fixtures, around }),
        )
      : await runInFolder(dir, options, terraformArgs, { provider, fixtures, around });
  } finally {
    await provider.stop();
    process.off("SIGINT", waitForTerraform);
  }
}

/** What a plan needs besides the stack. */
interface Offline {
  readonly provider: RunningProvider;
  readonly fixtures: Partial<Fixtures>;
  readonly around: Surroundings;
}

async function planStack(
  { id, folder, json }: SynthesizedStack,
  asJson: boolean,
  args: readonly string[],
  { provider, fixtures, around }: Offline,
): Promise<number> {
  rejectOtherStates(id, json);
  const values = exampleValues(json, resolveFixtures(fixtures), { env: process.env, args });
  await provider.serve({ configuration: json, fixtures: values.fixtures });
  writeSync(around.stderr, banner(id, json, values));
  const terraform = new Terraform({ env: provider.env, folder, within: provider.folder });
  const failed = await init(terraform, around);
  if (failed) return failed;
  const env = { ...(await terraform.env()) };
  const color = isatty(around.stdout) && !asJson ? [] : ["-no-color"];
  const command = ["plan", "-input=false", ...color, ...args];
  if (!asJson) return pass(command, terraform.folder, env, around, values.env);
  const file = "-out=offline.tfplan";
  const status = await pass(
    [...command, file],
    terraform.folder,
    env,
    { ...around, stdout: around.stderr },
    values.env,
  );
  if (status === 1) return status;
  return (await pass(["show", "-json", "offline.tfplan"], terraform.folder, env, around)) || status;
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
  { provider, fixtures, around }: Offline,
): Promise<number> {
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    throw new UsageError(`--dir must be a folder; received "${dir}". Use a folder with Terraform files.`);
  await provider.serve({ types: typesInFolder(dir), fixtures });
  if (!copy) return pass(args, dir, provider.env, around);
  const terraform = new Terraform({ env: provider.env, folder: dir, within: provider.folder });
  return (await init(terraform, around)) || (await pass(args, terraform.folder, await terraform.env(), around));
}

/** Runs `init`, and prints its output only when it fails. */
async function init(terraform: Terraform, around: Surroundings): Promise<number> {
  const { status, stdout, stderr } = await terraform.init();
  if (status !== 0) writeSync(around.stderr, `${stdout}${stderr}`);
  return status ?? 1;
}

/** Runs Terraform with the output of the command, and returns its exit code. */
function pass(
  args: readonly string[],
  cwd: string,
  env: ProviderEnv,
  { stdout, stderr }: Surroundings,
  more: NodeJS.ProcessEnv = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const stdio = ["inherit", stdout, stderr] as const;
    const child = spawn(terraformBinary(), args, { cwd, env: { ...offlineEnv(env), ...more }, stdio: [...stdio] });
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
}

async function readFixtures(file: string | undefined): Promise<Partial<Fixtures>> {
  if (file === undefined) return {};
  // It loads CDKTF, which takes longer than the rest of the command.
  const { fixturesIn } = await import("./fixtures-file.js");
  return fixturesIn(file);
}
