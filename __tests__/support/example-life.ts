import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../src/handover/configuration";
import { handoverFolder } from "../../src/handover/folder";
import { writeFolder } from "../../src/handover/write-folder";
import { type Terraform, typesInFolder } from "../../tools/offline-provider";
import { type AppStack, EXAMPLE_FIXTURES, exampleValues } from "./examples";
import type { TerraformLab } from "./terraform";

/** What Terraform's own file of a state holds, without what every run counts or orders anew. */
export interface State {
  readonly outputs: unknown;
  readonly resources: readonly StateResource[];
  /** What checks, conditions and validations came to, by address. */
  readonly checks: Readonly<Record<string, unknown>>;
}

export interface StateResource {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
}

/** A stack after its apply. */
export interface Applied {
  readonly stack: AppStack;
  readonly terraform: Terraform;
  readonly state: State;
}

const STATE_FILE = "terraform.tfstate";

/** Applies a stack as the Terraform JSON that it is. */
export async function applied(lab: TerraformLab, stack: AppStack): Promise<Applied> {
  const [, configuration] = stack;
  const variables = exampleValues(configuration);
  const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
  return { stack, terraform, state: await appliedState(terraform) };
}

/** Applies what a folder holds, without an error. */
export async function appliedState(terraform: Terraform): Promise<State> {
  const { status, stderr } = await terraform.apply();
  expect([status, stderr]).toEqual([0, ""]);
  return stateOf(terraform);
}

/**
 * Hands the stack over, into a folder within another one, and applies that on the state of the stack, which it has to leave
 * as it is: then the stack has settled, and what was handed over has its resources, values, outputs, checks and conditions.
 */
export async function expectTakenOver(
  lab: TerraformLab,
  { stack: [name, configuration], terraform, state }: Applied,
  { within, hcl }: { readonly within: string; readonly hcl: boolean },
): Promise<void> {
  const folder = join(within, name);
  writeFolder(folder, await handoverFolder(configuration as Json, { name, hcl }));
  const variables = exampleValues(configuration);
  const copy = await lab.terraform({ folder, types: typesInFolder(folder), variables, fixtures: EXAMPLE_FIXTURES });
  copyFileSync(join(terraform.folder, STATE_FILE), join(copy.folder, STATE_FILE));
  const { status, stdout, stderr } = await copy.apply();
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("No changes.");
  expect(stateOf(copy)).toEqual(state);
}

function stateOf({ folder }: Terraform): State {
  const { outputs, resources, check_results } = JSON.parse(readFileSync(join(folder, STATE_FILE), "utf8"));
  const checks = (check_results as { config_addr: string }[]).map((check) => [check.config_addr, check] as const);
  return { outputs, resources, checks: Object.fromEntries(checks) };
}

/** `terraform fmt` leaves the folders in this one as they are, and the examples of a backend and of variables in them too. */
export async function expectFormatted(lab: TerraformLab, within: string): Promise<void> {
  const all = await lab.terraform({ folder: within });
  const folders = readdirSync(within).map((name) => join(all.folder, name));
  expect(folders.length).toBeGreaterThan(0);
  for (const folder of folders) {
    const example = (name: string) => readFileSync(join(folder, `${name}.example`), "utf8");
    writeFileSync(join(folder, "example.tf"), example("backend.tf"));
    writeFileSync(join(folder, "example.tfvars"), example("terraform.tfvars"));
  }
  expect(await all.run(["fmt", "-check", "-recursive", "-diff"])).toMatchObject({ status: 0, stdout: "" });
}
