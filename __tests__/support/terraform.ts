import { execFileSync } from "node:child_process";
import {
  type OfflineSession,
  type RunningProvider,
  type ServeOptions,
  startOfflineProvider,
  Terraform,
  type TerraformOptions,
} from "../../cli/offline-provider";
import { supportedVersion, terraformBinary } from "../../cli/offline-provider/terraform-binary";

/** The offline provider of this test worker: started once, and gone with the worker. Sessions of it share nothing. */
let shared: Promise<RunningProvider> | undefined;

/** A test's way to Terraform: the provider runs once a worker, and everything that is opened is removed after the suite. */
export interface TerraformLab {
  /** A working folder with its own provider socket, so that tests don't share fixtures. */
  terraform(options: LabOptions): Promise<Terraform & { readonly session: OfflineSession }>;
  /** Serves a configuration to whatever runs Terraform with this process's environment, as cdktf's jest matchers do. */
  serve(options: ServeOptions): Promise<void>;
  /** The provider itself, once tests run; it goes with the worker. */
  provider(): RunningProvider;
}

export type LabOptions = Omit<TerraformOptions, "env"> & Pick<ServeOptions, "fixtures" | "types">;

/** What a worker knows of binaries: each suite asks, and mostly for the same. */
const reasons = new Map<string, string | undefined>();

/** Why Terraform can't be run here, or nothing when it can. */
function whyNot(): string | undefined {
  const binary = terraformBinary();
  if (!reasons.has(binary)) reasons.set(binary, whyNotBy(binary));
  return reasons.get(binary);
}

function whyNotBy(binary: string): string | undefined {
  try {
    const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
    const out = execFileSync(binary, ["version", "-json"], { env, stdio: ["ignore", "pipe", "ignore"] });
    supportedVersion((JSON.parse(out.toString()) as { terraform_version: string }).terraform_version);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "terraform is not installed" : (error as Error).message;
  }
}

/**
 * A `describe` for tests that run the real `terraform`. Without it they are skipped, with a line that says so; in CI
 * (`CI=true`) that is a failure, because nobody reads that line there.
 */
export function describeTerraform(name: string, body: (lab: TerraformLab) => void): void {
  const reason = whyNot();
  if (reason && process.env.CI === "true") {
    describe(name, () => {
      it("needs terraform, which CI must have", () => {
        throw new Error(reason);
      });
    });
    return;
  }
  if (reason) process.stderr.write(`skipped: "${name}", because ${reason}\n`);
  (reason ? describe.skip : describe)(name, () => {
    let provider: RunningProvider;
    const folders: Terraform[] = [];
    const before = { ...process.env };
    beforeAll(async () => {
      shared ??= startOfflineProvider();
      provider = await shared;
      Object.assign(process.env, provider.env);
    });
    afterAll(async () => {
      for (const folder of folders) folder.remove();
      for (const key of Object.keys(provider?.env ?? {})) restore(key, before[key]);
    });
    body({
      terraform: async ({ fixtures, types, ...options }) => {
        const session = await provider.open({ configuration: options.configuration, types, fixtures });
        const terraform = Object.assign(new Terraform({ within: provider.folder, ...options, env: session.env }), {
          session,
        });
        folders.push(terraform);
        return terraform;
      },
      serve: (options) => provider.serve(options),
      provider: () => provider,
    });
  });
}

function restore(key: string, value: string | undefined): void {
  if (value === undefined) delete process.env[key];
  else process.env[key] = value;
}
