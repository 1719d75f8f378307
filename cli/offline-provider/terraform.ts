import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Configuration } from "./configuration";
import type { ProviderEnv } from "./start";
import { readState, type State, stateAddress } from "./states";
import { terraformBinary } from "./terraform-binary";

export interface TerraformOptions {
  /** The environment of a running provider: `provider.env`. */
  readonly env: ProviderEnv;
  /** Parsed Terraform JSON, written as `main.tf.json`. @default - none */
  readonly configuration?: Configuration;
  /** Where the working folder is made, such as `provider.folder`. @default - the system's temporary folder */
  readonly within?: string;
  /** A folder whose files are copied beside it, such as a synthesized stack. @default - none */
  readonly folder?: string;
  /** More files, by name. @default - none */
  readonly files?: { readonly [name: string]: string };
  /** Values of the configuration's variables, for every command. @default - none */
  readonly variables?: { readonly [name: string]: unknown };
}

/** What a run of Terraform gave. */
export interface TerraformResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The parts of `terraform show -json` that tests look at. */
export interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly type: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: Record<string, unknown> | null;
      readonly after: Record<string, unknown> | null;
      readonly after_unknown: Record<string, unknown>;
      readonly replace_paths?: readonly unknown[][];
    };
  }[];
  readonly output_changes?: Record<string, { readonly actions: readonly string[]; readonly after?: unknown }>;
  readonly checks?: readonly unknown[];
  readonly [part: string]: unknown;
}

const PLAN_FILE = "offline.tfplan";
/** All that `init` leaves where there are no modules and the provider is already there: which backend was chosen. */
const BACKEND_FILE = join(".terraform", "terraform.tfstate");
/** What `init` leaves of modules: where each call's is. Whoever writes it has them installed. */
const MODULES_FILE = join(".terraform", "modules", "modules.json");
const MODULE = /^\s*module\s+"|"module"\s*:/m;

/** A working folder of Terraform's own in the system's temporary folder, with commands that never block this process. */
export class Terraform {
  /** What the first `init` of this process left. Every folder here has the same backend, so it is the same for all. */
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
    // A backend leads elsewhere, to a bucket or a folder of the user's; here the state stays in the working folder.
    this.write("offline_override.tf.json", JSON.stringify({ terraform: { backend: { http: {} } } }));
    this.write("offline.auto.tfvars.json", JSON.stringify(options.variables ?? {}));
  }

  /** Replaces the configuration, as after another synth; the state stays. Types it brings must be served as well. */
  public configure(configuration: Configuration): void {
    this.write("main.tf.json", JSON.stringify(configuration, null, 2));
  }

  /** Installs modules that are folders in this one and call none themselves, by the names of their calls, as `init` would. */
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

  /** Status 0 is "no changes", 2 is "changes", 1 an error. */
  public plan(...args: string[]): Promise<TerraformResult> {
    return this.initializedRun(["plan", "-input=false", "-no-color", "-detailed-exitcode", ...args]);
  }

  /** The plan as `terraform show -json` gives it. @throws Error with Terraform's own text when there is no plan */
  public async planJson(...args: string[]): Promise<PlanJson> {
    const planned = await this.plan(`-out=${PLAN_FILE}`, ...args);
    if (planned.status === 1) throw new Error(planned.stderr || planned.stdout);
    return JSON.parse((await this.run(["show", "-json", PLAN_FILE])).stdout) as PlanJson;
  }

  /** Applies what `planJson` planned, without planning it again. */
  public applyPlanned(): Promise<TerraformResult> {
    return this.run(["apply", "-input=false", "-no-color", PLAN_FILE]);
  }

  public apply(...args: string[]): Promise<TerraformResult> {
    return this.initializedRun(["apply", "-input=false", "-no-color", "-auto-approve", ...args]);
  }

  public destroy(...args: string[]): Promise<TerraformResult> {
    return this.initializedRun(["destroy", "-input=false", "-no-color", "-auto-approve", ...args]);
  }

  /** The graph of resources in DOT. */
  public graph(...args: string[]): Promise<TerraformResult> {
    return this.initializedRun(["graph", ...args]);
  }

  /** `terraform test`: `files` holds the `*.tftest.hcl`. */
  public test(...args: string[]): Promise<TerraformResult> {
    return this.initializedRun(["test", "-no-color", ...args]);
  }

  /** What the last apply left, read off the state's file: that takes no run of Terraform. */
  public state(): State {
    return readState(this.folder);
  }

  /** The state as Terraform's own JSON. */
  public async stateJson(): Promise<Record<string, unknown>> {
    return JSON.parse((await this.initializedRun(["show", "-json"])).stdout) as Record<string, unknown>;
  }

  public async run(args: readonly string[]): Promise<TerraformResult> {
    return runTerraform(args, this.folder, await this.env());
  }

  /** What Terraform has to find in its environment where something else starts it in this folder. */
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
    // Terraform reports mistakes of a configuration from `init` on: the caller sees them as the command's own.
    if (init.status !== 0) return { ...init, status: 1 };
    return this.run(args);
  }

  /** As `init` would leave the folder, without running it again. */
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

/** Runs Terraform in a folder with the provider in reach and without whatever credentials are around. */
export function runTerraform(args: readonly string[], folder: string, env: ProviderEnv): Promise<TerraformResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(terraformBinary(), args, {
      cwd: folder,
      env: offlineEnv(env),
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

/** The environment for a Terraform that must not find anything but the offline provider. */
export function offlineEnv(env: ProviderEnv): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|TF_)(?!VAR_|LOG)/.test(name));
  // Terraform is done before its memory matters: collecting it less often saves a quarter of its time.
  return { GOGC: "400", ...Object.fromEntries(inherited), TF_IN_AUTOMATION: "1", ...env };
}
