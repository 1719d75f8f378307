import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { typesInFolder } from "./configuration";
import type { Fixtures } from "./data/fixtures";
import { exampleVariables } from "./examples";
import { type Options, parseOptions, USAGE, UsageError } from "./options";
import { type RunningProvider, startOfflineProvider } from "./start";
import { synthesize } from "./synthesize";
import { offlineEnv, Terraform } from "./terraform";
import { TerraformBinaryError, terraformBinary, terraformVersion } from "./terraform-binary";

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  await terraformVersion();
  const fixtures = readFixtures(options.fixtures);
  const provider = await startOfflineProvider();
  // Ctrl-C reaches Terraform too, which ends in good order; then this ends with it.
  process.on("SIGINT", () => {});
  try {
    return options.dir === undefined
      ? await planApp(options, provider, fixtures)
      : await runInFolder(options.dir, options, provider, fixtures);
  } finally {
    await provider.stop();
  }
}

/** The plan of a synthesized app, in a folder that goes with the provider: the project's own folders stay as they are. */
async function planApp(options: Options, provider: RunningProvider, fixtures: Partial<Fixtures>): Promise<number> {
  const { folder, configuration } = await synthesize(options.app, join(provider.folder, "cdktf.out"), options.stack);
  await provider.serve({ configuration, fixtures });
  const terraform = new Terraform({ env: provider.env, folder, within: provider.folder });
  const variables = exampleVariables(configuration, process.env);
  const plan = ["plan", "-input=false", ...(process.stdout.isTTY ? [] : ["-no-color"]), ...options.terraformArgs];
  return (await init(terraform)) || (await pass(plan, terraform.folder, provider, variables));
}

async function runInFolder(
  dir: string,
  { copy, terraformArgs }: Options,
  provider: RunningProvider,
  fixtures: Partial<Fixtures>,
): Promise<number> {
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    throw new UsageError(`--dir must name a folder; "${dir}" is none.`);
  await provider.serve({ types: typesInFolder(dir), fixtures });
  if (!copy) return pass(terraformArgs, dir, provider);
  const terraform = new Terraform({ env: provider.env, folder: dir, within: provider.folder });
  return (await init(terraform)) || (await pass(terraformArgs, terraform.folder, provider));
}

/** `init` says nothing of interest when it works. */
async function init(terraform: Terraform): Promise<number> {
  const { status, stdout, stderr } = await terraform.init();
  if (status !== 0) process.stderr.write(`${stdout}${stderr}`);
  return status ?? 1;
}

/** Runs Terraform on this terminal and gives its exit code. */
function pass(
  args: readonly string[],
  cwd: string,
  { env }: RunningProvider,
  more: NodeJS.ProcessEnv = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(terraformBinary(), args, { cwd, env: { ...offlineEnv(env), ...more }, stdio: "inherit" });
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

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const known = error instanceof UsageError || error instanceof TerraformBinaryError;
    process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
