import type { TerraformLab } from "./terraform";

/** Returns the values of outputs by name, which Terraform evaluates in one run, without a provider. */
export async function evaluated(
  lab: TerraformLab,
  outputs: Readonly<Record<string, unknown>>,
  types: Readonly<Record<string, string>> = {},
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Record<string, unknown>> {
  const terraform = await lab.terraform({
    configuration: {
      // Terraform rejects an empty block.
      ...(Object.keys(types).length > 0 && {
        variable: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }])),
      }),
      output: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value }])),
    },
    variables,
  });
  const { status, stderr } = await terraform.apply();
  expect([status, stderr]).toEqual([0, ""]);
  const values = terraform.state().outputs;
  return Object.fromEntries(Object.keys(outputs).map((name) => [name, values[name]?.value]));
}
