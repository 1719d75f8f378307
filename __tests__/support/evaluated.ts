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
  // A plan knows all of it already, since nothing is made.
  const { output_changes = {} } = await terraform.planJson();
  return Object.fromEntries(Object.entries(output_changes).map(([name, { after }]) => [name, after]));
}
