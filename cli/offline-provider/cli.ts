import { spawn } from "node:child_process";
import { existsSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { isatty } from "node:tty";
import { errorText, UsageError } from "../command-line";
import { type Configuration, typesInFolder } from "./configuration";
import { type Fixtures, resolveFixtures } from "./data/fixtures";
import { type ExampleValues, exampleValues } from "./examples";
import { type Options, parseOptions, USAGE } from "./options";
import { type ProviderEnv, type RunningProvider, startOfflineProvider } from "./start";
import { synthesize } from "./synthesize";
import { offlineEnv, Terraform } from "./terraform";
import { TerraformBinaryError, terraformBinary, terraformVersion } from "./terraform-binary";

/** Where the command writes, and how it starts the provider. */
export interface Surroundings {
  /** The file descriptors that the command and Terraform write to. */
  readonly stdout: number;
  readonly stderr: number;
  readonly start: () => Promise<RunningProvider>;
}

const OWN: Surroundings = { stdout: 1, stderr: 2, start: startOfflineProvider };

/** Runs the command, and returns its exit code. Writes errors, and never throws one. */
export async function offlineCommand(args: readonly string[], around: Surroundings = OWN): Promise<number> {
  try {
    return await run(parseOptions(args), around);
  } catch (error) {
    writeSync(around.stderr, `${error instanceof TerraformBinaryError ? error.message : errorText(error)}\n`);
    return 1;
  }
}

async function run(options: Options, around: Surroundings): Promise<number> {
  if (options.help) {
    writeSync(around.stdout, USAGE);
    return 0;
  }
  await terraformVersion();
  const fixtures = await readFixtures(options.fixtures);
  const provider = await around.start();
  // Terraform also receives Ctrl-C, and ends. Then this command ends.
  const waitForTerraform = () => {};
  process.on("SIGINT", waitForTerraform);
  try {
    return options.dir === undefined
      ? await planApp(options, provider, fixtures, around)
      : await runInFolder(options.dir, options, provider, fixtures, around);
  } finally {
    await provider.stop();
    process.off("SIGINT", waitForTerraform);
  }
}

/** Synthesizes an app into a temporary folder, and plans it there. */
async function planApp(
  options: Options,
  provider: RunningProvider,
  fixtures: Partial<Fixtures>,
  around: Surroundings,
): Promise<number> {
  const { id, folder, configuration } = await synthesize(
    options.app,
    join(provider.folder, "cdktf.out"),
    options.stack,
  );
  const values = exampleValues(configuration, resolveFixtures(fixtures), {
    env: process.env,
    args: options.terraformArgs,
  });
  await provider.serve({ configuration, fixtures: values.fixtures });
  writeSync(around.stderr, banner(id, configuration, values));
  const terraform = new Terraform({ env: provider.env, folder, within: provider.folder });
  const plan = ["plan", "-input=false", ...(isatty(around.stdout) ? [] : ["-no-color"]), ...options.terraformArgs];
  return (
    (await init(terraform, around)) || (await pass(plan, terraform.folder, await terraform.env(), around, values.env))
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
  { copy, terraformArgs }: Options,
  provider: RunningProvider,
  fixtures: Partial<Fixtures>,
  around: Surroundings,
): Promise<number> {
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    throw new UsageError(`--dir must be a folder; received "${dir}". Use a folder with Terraform files.`);
  await provider.serve({ types: typesInFolder(dir), fixtures });
  if (!copy) return pass(terraformArgs, dir, provider.env, around);
  const terraform = new Terraform({ env: provider.env, folder: dir, within: provider.folder });
  return (
    (await init(terraform, around)) || (await pass(terraformArgs, terraform.folder, await terraform.env(), around))
  );
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

if (require.main === module) {
  offlineCommand(process.argv.slice(2)).then((status) => {
    process.exitCode = status;
  });
}
