import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Configuration } from "./configuration";
import type { PlanJson } from "./plan-json";
import type { ProviderEnv } from "./start";
import { readState, type State, stateAddress } from "./states";
import { terraformBinary } from "./terraform-binary";

export interface TerraformOptions {
  /** The environment of a running provider: `provider.env`. */
  readonly env: ProviderEnv;
  /** Parsed Terraform JSON, written as `main.tf.json`. @default - none */
  readonly configuration?: Configuration;
  /** The folder of the working folder, such as `provider.folder`. @default - the system's temporary folder */
  readonly within?: string;
  /** A folder whose files are copied to the working folder, such as a synthesized stack. @default - none */
  readonly folder?: string;
  /** More files, by name. @default - none */
  readonly files?: { readonly [name: string]: string };
  /** Values of the variables, for every command. @default - none */
  readonly variables?: { readonly [name: string]: unknown };
}

/** The result of a Terraform command. */
export interface TerraformResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PLAN_FILE = "offline.tfplan";
/** The file with the backend. Without modules, and with a provider that runs already, `init` writes nothing else. */
const BACKEND_FILE = join(".terraform", "terraform.tfstate");
/** The file with the folder of each module. Terraform finds the modules in it without `init`. */
const MODULES_FILE = join(".terraform", "modules", "modules.json");
const MODULE = /^\s*module\s+"|"module"\s*:/m;

/** A temporary working folder for Terraform. Its commands do not block this process. */
export class Terraform {
  /** The backend file of the first `init` of this process. It is the same for every folder, because the backend is. */
  private static backend: Buffer | undefined;

  public readonly folder: string;
  private initialized: Promise<TerraformResult> | undefined;

  public constructor(private readonly options: TerraformOptions) {
    const { folder, files = {}, configuration, within = tmpdir() } = options;
    this.folder = mkdtempSync(join(within, "offline-terraform-"));
    if (folder)
      cpSync(folder, this.folder, {
        recursive: true,
        filter: (path) => !/^\.terraform|\.tfstate/.test(basename(path)),
      });
    if (configuration) this.write("main.tf.json", JSON.stringify(configuration, null, 2));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    // The configured backend can be a bucket or another folder. This override keeps the state in the working folder.
    this.write("offline_override.tf.json", JSON.stringify({ terraform: { backend: { http: {} } } }));
    this.write("offline.auto.tfvars.json", JSON.stringify(options.variables ?? {}));
  }

  /** Replaces the configuration, as another synth does. The state stays. The provider must serve the new types. */
  public configure(configuration: Configuration): void {
    this.write("main.tf.json", JSON.stringify(configuration, null, 2));
  }

  /** Installs modules without `init`. Each is a subfolder with the name of its call, and calls no other module. */
  public install(modules: readonly string[]): void {
    const calls = modules.map((name) => ({ Key: name, Source: `./${name}`, Dir: name }));
    mkdirSync(join(this.folder, dirname(MODULES_FILE)), { recursive: true });
    this.write(MODULES_FILE, JSON.stringify({ Modules: [{ Key: "", Source: "", Dir: "." }, ...calls] }));
  }

  /** Replaces the values of the variables. */
  public setVariables(variables: { readonly [name: string]: unknown }): void {
    this.write("offline.auto.tfvars.json", JSON.stringify(variables));
  }

  public init(): Promise<TerraformResult> {
    this.initialized ??= this.run(["init", "-input=false", "-no-color"]).then((result) => {
      if (result.status === 0) Terraform.backend ??= this.backendFile();
      return result;
    });
    return this.initialized;
  }

  public validate(): Promise<TerraformResult> {
    return this.initializedRun(["validate", "-no-color"]);
  }

  /** Plans. Status 0 means no changes, 2 means changes, and 1 means an error. */
  public plan(...args: string[]): Promise<TerraformResult> {
    return this.initializedRun(["plan", "-input=false", "-no-color", "-detailed-exitcode", ...args]);
  }

  /** Plans, and returns the plan in the format of `terraform show -json`. @throws {Error} with Terraform's error */
  public async planJson(...args: string[]): Promise<PlanJson> {
    const planned = await this.plan(`-out=${PLAN_FILE}`, ...args);
    if (planned.status === 1) throw new Error(planned.stderr || planned.stdout);
    return JSON.parse((await this.run(["show", "-json", PLAN_FILE])).stdout) as PlanJson;
  }

  /** Applies the plan of `planJson`. */
  public applyPlanned(): Promise<TerraformResult> {
    return this.run(["apply", "-input=false", "-no-color", PLAN_FILE]);
  }

  public apply(...args: string[]): Promise<TerraformResult> {
    return this.initializedRun(["apply", "-input=false", "-no-color", "-auto-approve", ...args]);
  }

  public destroy(...args: string[]): Promise<TerraformResult> {
    return this.initializedRun(["destroy", "-input=false", "-no-color", "-auto-approve", ...args]);
  }

  /** Prints the graph of the resources in DOT. */
  public graph(...args: string[]): Promise<TerraformResult> {
    return this.initializedRun(["graph", ...args]);
  }

  /** Runs `terraform test`. Set the `*.tftest.hcl` files in `files`. */
  public test(...args: string[]): Promise<TerraformResult> {
    return this.initializedRun(["test", "-no-color", ...args]);
  }

  /** Returns the state. It reads the file, which is faster than a Terraform command. */
  public state(): State {
    return readState(this.folder);
  }

  /** Returns the state in the format of `terraform show -json`. */
  public async stateJson(): Promise<Record<string, unknown>> {
    return JSON.parse((await this.initializedRun(["show", "-json"])).stdout) as Record<string, unknown>;
  }

  public async run(args: readonly string[]): Promise<TerraformResult> {
    return runTerraform(args, this.folder, await this.env());
  }

  /** Returns the environment variables for a Terraform process in this folder. */
  public async env(): Promise<ProviderEnv & { readonly TF_HTTP_ADDRESS: string }> {
    return { ...this.options.env, TF_HTTP_ADDRESS: await stateAddress(this.folder) };
  }

  /** Removes the working folder and the state in it. */
  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async initializedRun(args: readonly string[]): Promise<TerraformResult> {
    if (this.initialized === undefined && Terraform.backend && !this.hasModules()) this.initialize(Terraform.backend);
    const init = await this.init();
    // `init` also reports errors of the configuration. The caller expects status 1 for them.
    if (init.status !== 0) return { ...init, status: 1 };
    return this.run(args);
  }

  /** Writes what `init` writes. */
  private initialize(backend: Buffer): void {
    mkdirSync(join(this.folder, ".terraform"), { recursive: true });
    writeFileSync(join(this.folder, BACKEND_FILE), backend);
    this.initialized = Promise.resolve({ status: 0, stdout: "", stderr: "" });
  }

  private backendFile(): Buffer | undefined {
    const file = join(this.folder, BACKEND_FILE);
    return existsSync(file) ? readFileSync(file) : undefined;
  }

  private hasModules(): boolean {
    if (existsSync(join(this.folder, MODULES_FILE))) return false;
    return readdirSync(this.folder)
      .filter((name) => /\.tf(\.json)?$/.test(name))
      .some((name) => MODULE.test(readFileSync(join(this.folder, name), "utf8")));
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }
}

/** Runs Terraform in a folder with the offline provider and without credentials. */
export function runTerraform(args: readonly string[], folder: string, env: ProviderEnv): Promise<TerraformResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(terraformBinary(), args, {
      cwd: folder,
      env: withoutVariables(offlineEnv(env)),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (status) => {
      resolve({ status, stdout: Buffer.concat(out).toString("utf8"), stderr: Buffer.concat(err).toString("utf8") });
    });
  });
}

/** Removes the values of variables. A working folder has its own. */
const withoutVariables = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("TF_VAR_")));

/** Returns the environment of Terraform with the offline provider, without credentials and other settings. */
export function offlineEnv(env: ProviderEnv): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|TF_)(?!VAR_|LOG)/.test(name));
  // Fewer garbage collections make Terraform a quarter faster. It ends before it needs much memory.
  return { GOGC: "400", ...Object.fromEntries(inherited), TF_IN_AUTOMATION: "1", ...env };
}
