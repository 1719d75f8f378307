import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Configuration, Terraform, terraformVersion } from "../../cli/offline-provider";
import { type Fixtures, resolveFixtures } from "../../cli/offline-provider/data/fixtures";
import { exampleValues } from "../../cli/offline-provider/examples";
import { OfflinePlan } from "./offline-plan";
import { withSharedProvider } from "./shared-provider";
import { bindingsOf, type Tree } from "./stack-bindings";

/** A stack of CDKTF or of cdktn. */
export interface Stack {
  readonly node: { readonly id: string; readonly root: object } & Tree["node"];
  readonly synthesizer: { synthesize(session: never): void };
  prepareStack(): void;
}

/** The manifest of an app, which lists the folders of its stacks. */
interface Manifest {
  forStack(stack: Stack): { readonly workingDirectory: string };
}

/** The values and the account of an offline plan. */
export interface PlanOfflineOptions {
  /** Values of Terraform variables, by name: `{ max_size: 4 }`. @default - the defaults, and example values for the others */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** What the made-up account has. @default - a default VPC with a subnet in each zone, in the region of the stack */
  readonly fixtures?: Partial<Fixtures>;
  /**
   * The folder whose `node_modules` has the package of the AWS provider from which the stack has its resources.
   * @default - the place of this library, then the current folder
   */
  readonly projectDirectory?: string;
}

/** Terraform rejects the plan. The message is Terraform's, such as the message of a failed precondition. */
export class OfflinePlanError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "OfflinePlanError";
  }
}

/**
 * Plans a stack with Terraform, without an AWS account, a network or a download. Validations of variables, preconditions and
 * checks run. The made-up account is empty, so each resource is created. Variables of the environment (`TF_VAR_…`) have no effect.
 *
 * Terraform 1.10 or newer must be installed, or OpenTofu as `tofu`. The first call of a process takes about a second more than
 * the others.
 * @throws {OfflinePlanError} with Terraform's message when the plan fails
 * @throws {Error} for a variable that the stack does not have, and when the package of the stack's AWS resources is not found
 */
export async function planOffline(stack: Stack, options: PlanOfflineOptions = {}): Promise<OfflinePlan> {
  await terraformVersion();
  const output = mkdtempSync(join(tmpdir(), "plan-offline-"));
  try {
    const folder = synthesize(stack, output);
    const configuration = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Configuration;
    const { projectDirectory = __dirname } = options;
    const folders = [resolve(projectDirectory), process.cwd()];
    return await plan(folder, configuration, options, bindingsOf(stack, folders));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** Synthesizes a stack as its app does, with Aspects, validations and assets. Returns the folder of the stack. */
export function synthesize(stack: Stack, output: string): string {
  const { manifest } = stack.node.root as { readonly manifest?: object };
  if (!manifest) throw new Error("The stack must be in an App. Create it with new EcsClusterStack(Testing.app(), …).");
  // The package imports neither cdktf nor cdktn, because a project has one of them. The app of the stack has its class.
  const Manifest = manifest.constructor as new (version: string, outdir: string) => Manifest;
  const session = { outdir: output, skipValidation: false, manifest: new Manifest("", output) };
  stack.prepareStack();
  stack.synthesizer.synthesize(session as never);
  return join(output, session.manifest.forStack(stack).workingDirectory);
}

/** @throws {Error} for a variable that the stack does not have, of which Terraform would only warn */
export function rejectUnknown(variables: object, names: readonly string[]): void {
  const unknown = Object.keys(variables).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new Error(`The stack has no variable "${unknown}". Its variables are ${names.join(", ")}.`);
}

async function plan(
  folder: string,
  configuration: Configuration,
  { variables = {}, fixtures: given = {} }: PlanOfflineOptions,
  bindings: string | undefined,
): Promise<OfflinePlan> {
  rejectUnknown(variables, Object.keys((configuration.variable ?? {}) as object));
  const texts = Object.entries(variables).map(([name, value]) => [
    `TF_VAR_${name}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const { env, fixtures } = exampleValues(configuration, resolveFixtures(given), {
    env: Object.fromEntries(texts),
    args: [],
  });
  const examples = Object.fromEntries(Object.entries(env).map(([name, text]) => [name.replace("TF_VAR_", ""), text]));
  return withSharedProvider(bindings, async ({ folder: within, open }) => {
    const session = await open({ configuration, fixtures });
    const terraform = new Terraform({
      ...{ env: session.env, folder, within },
      variables: { ...parsed(examples), ...variables },
    });
    try {
      return new OfflinePlan(await terraform.planJson());
    } catch (error) {
      throw new OfflinePlanError((error as Error).message.trim());
    } finally {
      terraform.remove();
    }
  });
}

/** Example values of lists are JSON, as Terraform reads them from the environment. */
const parsed = (values: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, text.startsWith("[") ? JSON.parse(text) : text]),
  );
