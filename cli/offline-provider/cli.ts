import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { isatty } from "node:tty";
import { errorText, UsageError } from "../command-line";
import { typesInFolder } from "./configuration";
import type { Fixtures } from "./data/fixtures";
import { exampleVariables } from "./examples";
import { type Options, parseOptions, USAGE } from "./options";
import { type ProviderEnv, type RunningProvider, startOfflineProvider } from "./start";
import { synthesize } from "./synthesize";
import { offlineEnv, Terraform } from "./terraform";
import { TerraformBinaryError, terraformBinary, terraformVersion } from "./terraform-binary";

/** What the command has around it. */
export interface Surroundings {
  /** The file descriptors that it and Terraform write to. */
  readonly stdout: number;
  readonly stderr: number;
  readonly start: () => Promise<RunningProvider>;
}

const OWN: Surroundings = { stdout: 1, stderr: 2, start: startOfflineProvider };

/** Runs the command and gives its exit code. What is wrong is written, never thrown. */
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
  const fixtures = readFixtures(options.fixtures);
  const provider = await around.start();
  // Ctrl-C reaches Terraform too, which ends in good order; then this ends with it.
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

/** The plan of a synthesized app, in a folder that goes with the provider: the project's own folders stay as they are. */
async function planApp(
  options: Options,
  provider: RunningProvider,
  fixtures: Partial<Fixtures>,
  around: Surroundings,
): Promise<number> {
  const { folder, configuration } = await synthesize(options.app, join(provider.folder, "cdktf.out"), options.stack);
  await provider.serve({ configuration, fixtures });
  const terraform = new Terraform({ env: provider.env, folder, within: provider.folder });
  const variables = exampleVariables(configuration, process.env);
  const plan = ["plan", "-input=false", ...(isatty(around.stdout) ? [] : ["-no-color"]), ...options.terraformArgs];
  return (
    (await init(terraform, around)) || (await pass(plan, terraform.folder, await terraform.env(), around, variables))
  );
}

async function runInFolder(
  dir: string,
  { copy, terraformArgs }: Options,
  provider: RunningProvider,
  fixtures: Partial<Fixtures>,
  around: Surroundings,
): Promise<number> {
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    throw new UsageError(`--dir must name a folder; "${dir}" is none.`);
  await provider.serve({ types: typesInFolder(dir), fixtures });
  if (!copy) return pass(terraformArgs, dir, provider.env, around);
  const terraform = new Terraform({ env: provider.env, folder: dir, within: provider.folder });
  return (
    (await init(terraform, around)) || (await pass(terraformArgs, terraform.folder, await terraform.env(), around))
  );
}

/** `init` says nothing of interest when it works. */
async function init(terraform: Terraform, around: Surroundings): Promise<number> {
  const { status, stdout, stderr } = await terraform.init();
  if (status !== 0) writeSync(around.stderr, `${stdout}${stderr}`);
  return status ?? 1;
}

/** Runs Terraform where the command writes, and gives its exit code. */
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

function readFixtures(file: string | undefined): Partial<Fixtures> {
  if (file === undefined) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Partial<Fixtures>;
  } catch (error) {
    throw new UsageError(`--fixtures must name a JSON file of fixtures: ${(error as Error).message}`);
  }
}

if (require.main === module) {
  offlineCommand(process.argv.slice(2)).then((status) => {
    process.exitCode = status;
  });
}
