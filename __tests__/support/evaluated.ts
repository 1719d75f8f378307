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
  const { status, stderr, stdout } = await terraform.apply();
  if (status !== 0) throw new Error(stderr || stdout);
  const read = await terraform.run(["output", "-json"]);
  const values = JSON.parse(read.stdout) as Record<string, { readonly value: unknown }>;
  return Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value]));
}
