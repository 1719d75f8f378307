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

/** A stack as one of several in a plan: its JSON, and the values of its variables. */
export interface StackCase {
  readonly configuration: Configuration;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** A working folder in which each case is a module: `module.case_0`, `module.case_1`, … in one plan, of one account. */
export async function casesAsModules(
  lab: TerraformLab,
  cases: readonly StackCase[],
  { fixtures, region = "ap-northeast-2" }: Pick<LabOptions, "fixtures"> & { readonly region?: string } = {},
): Promise<Terraform> {
  // By variables of the root, which Terraform knows no sooner than a stack's own: at plan, after it has validated.
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
    // By lines, of which Terraform quotes the one that it complains of.
    writeFileSync(join(root.folder, caseName(index), "main.tf.json"), JSON.stringify(rest, null, 2));
  }
  root.install(Object.keys(values));
  return root;
}

/** What Terraform complains of in one of the cases, each in one line. */
export const allComplaintsOf = (stderr: string, index: number): readonly string[] =>
  stderr
    .split(/^Error: /m)
    .filter((complaint) => new RegExp(`(in module\\.| on )${caseName(index)}\\b`).test(complaint))
    .map(unwrapped);

/** All of that in one line. */
export const complaintsOf = (stderr: string, index: number): string => allComplaintsOf(stderr, index).join(" ");

/** A plan that fails complains of one of the cases in these words and no others, or of nothing in it. */
export function expectComplaint({ status, stderr }: TerraformResult, index: number, message: string): void {
  expect(allComplaintsOf(stderr, index)).toEqual(message === "" ? [] : [expect.stringContaining(message)]);
  expect(status).toBe(1);
}

/** What a plan does in one of the cases, with the addresses and the outputs that the stack has on its own. */
export function planOf({ resource_changes = [], output_changes = {} }: PlanJson, index: number) {
  const prefix = `module.${caseName(index)}.`;
  const resources = resource_changes
    .filter(({ address }) => address.startsWith(prefix))
    .map(({ address, ...rest }) => ({ ...rest, address: address.slice(prefix.length) }));
  const outputs = (output_changes[caseName(index)]?.after ?? {}) as Readonly<Record<string, unknown>>;
  return { resources, outputs };
}

/** What an apply left of one of the cases. */
export const madeIn = ({ resources }: State, index: number): State["resources"] =>
  resources.filter(({ address }) => address.startsWith(`module.${caseName(index)}.`));

const caseName = (index: number): string => `case_${index}`;
