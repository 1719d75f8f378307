import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Configuration,
  type PlanJson,
  type State,
  type Terraform,
  type TerraformResult,
  typesIn,
} from "../../cli/offline-provider";
import { unwrapped } from "./cluster";
import type { LabOptions, TerraformLab } from "./terraform";

/** A stack that becomes a module: its JSON, and the values of its variables. */
export interface StackCase {
  readonly configuration: Configuration;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Returns a working folder with a module for each case, `module.case_0` and so on, so that one plan covers all of them. */
export async function casesAsModules(
  lab: TerraformLab,
  cases: readonly StackCase[],
  { fixtures, region = "ap-northeast-2" }: Pick<LabOptions, "fixtures"> & { readonly region?: string } = {},
): Promise<Terraform> {
  // The values are variables of the root module, because Terraform validates literal values before it plans.
  const values = Object.fromEntries(cases.map(({ variables = {} }, index) => [caseName(index), variables]));
  const calls = Object.entries(values).map(([name, variables]) => {
    const given = Object.keys(variables).map((variable) => [variable, `\${var.${name}.${variable}}`]);
    return [name, { source: `./${name}`, ...Object.fromEntries(given) }] as const;
  });
  const root = await lab.terraform({
    configuration: {
      terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
      provider: { aws: { region } },
      variable: Object.fromEntries(Object.keys(values).map((name) => [name, {}])),
      module: Object.fromEntries(calls),
      output: Object.fromEntries(calls.map(([name]) => [name, { value: `\${module.${name}}` }])),
    },
    types: typesIn(...cases.map(({ configuration }) => configuration)),
    variables: values,
    fixtures,
  });
  for (const [index, { configuration }] of cases.entries()) {
    const { provider: _, terraform: __, ...rest } = configuration;
    mkdirSync(join(root.folder, caseName(index)));
    // Several lines, because Terraform's errors quote the line.
    writeFileSync(join(root.folder, caseName(index), "main.tf.json"), JSON.stringify(rest, null, 2));
  }
  root.install(Object.keys(values));
  return root;
}

/** Returns Terraform's errors in a case, each without line breaks. */
export const errorsOf = (stderr: string, index: number): readonly string[] =>
  stderr
    .split(/^Error: /m)
    .filter((error) => new RegExp(`(in module\\.| on )${caseName(index)}\\b`).test(error))
    .map(unwrapped);

/** Returns Terraform's errors in a case as one text. */
export const errorTextOf = (stderr: string, index: number): string => errorsOf(stderr, index).join(" ");

/** Expects that a plan failed, with one error in a case that contains the message, or with none for an empty message. */
export function expectError({ status, stderr }: TerraformResult, index: number, message: string): void {
  expect(errorsOf(stderr, index)).toEqual(message === "" ? [] : [expect.stringContaining(message)]);
  expect(status).toBe(1);
}

/** Returns the resource changes and the outputs of a case in a plan. The addresses are those of the stack without a module. */
export function planOf({ resource_changes = [], output_changes = {} }: PlanJson, index: number) {
  const prefix = `module.${caseName(index)}.`;
  const resources = resource_changes
    .filter(({ address }) => address.startsWith(prefix))
    .map(({ address, ...rest }) => ({ ...rest, address: address.slice(prefix.length) }));
  const outputs = (output_changes[caseName(index)]?.after ?? {}) as Readonly<Record<string, unknown>>;
  return { resources, outputs };
}

/** Returns the resources of a case in a state. */
export const resourcesOf = ({ resources }: State, index: number): State["resources"] =>
  resources.filter(({ address }) => address.startsWith(`module.${caseName(index)}.`));

const caseName = (index: number): string => `case_${index}`;
