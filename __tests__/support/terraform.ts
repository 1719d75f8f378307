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

/** The offline provider of this test worker, which ends with the worker. Its sessions share nothing. */
let shared: Promise<RunningProvider> | undefined;

/** Working folders for Terraform. They are removed after the suite. */
export interface TerraformLab {
  /** Returns a working folder with its own session of the provider, so that tests do not share fixtures. */
  terraform(options: LabOptions): Promise<Terraform & { readonly session: OfflineSession }>;
  /** Serves a configuration to any Terraform with the environment of this process, such as that of CDKTF's matchers. */
  serve(options: ServeOptions): Promise<void>;
  /** Returns the provider. Call it in a test. */
  provider(): RunningProvider;
}

export type LabOptions = Omit<TerraformOptions, "env"> & Pick<ServeOptions, "fixtures" | "types">;

/** The reasons by the path of the binary, because each suite needs them. */
const reasons = new Map<string, string | undefined>();

/** Returns why Terraform cannot run here, if it cannot. */
function reasonToSkip(): string | undefined {
  const binary = terraformBinary();
  if (!reasons.has(binary)) reasons.set(binary, reasonOf(binary));
  return reasons.get(binary);
}

function reasonOf(binary: string): string | undefined {
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
 * A `describe` for tests that run Terraform. Without Terraform it skips the tests and prints why. In CI (`CI=true`) it
 * fails instead.
 */
export function describeTerraform(name: string, body: (lab: TerraformLab) => void): void {
  const reason = reasonToSkip();
  if (reason && process.env.CI === "true") {
    describe(name, () => {
      it("needs Terraform", () => {
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
