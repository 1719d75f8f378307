import type { TerraformLab } from "./terraform";

/** What the real Terraform makes of some outputs: one run, no provider, no resource. */
export async function evaluated(
  lab: TerraformLab,
  outputs: Readonly<Record<string, unknown>>,
  types: Readonly<Record<string, string>> = {},
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Record<string, unknown>> {
  const terraform = await lab.terraform({
    configuration: {
      // Terraform refuses an empty block.
      ...(Object.keys(types).length > 0 && {
        variable: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }])),
      }),
      output: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value }])),
    },
    variables,
  });
  const { status, stderr } = await terraform.apply();
  expect([status, stderr]).toEqual([0, ""]);
  const there = terraform.state().outputs;
  return Object.fromEntries(Object.keys(outputs).map((name) => [name, there[name]?.value]));
}
