import "cdktf/lib/testing/adapters/jest";
import { rmSync } from "node:fs";
import { Testing } from "cdktf";
import {
  EXAMPLE_FIXTURES,
  EXAMPLES,
  exampleValues,
  keepStateLocal,
  type Synthesized,
  synthesizeApp,
} from "../support/examples";
import { describeTerraform } from "../support/terraform";

describeTerraform("real Terraform, by cdktf's own matchers,", (lab) => {
  Testing.setupJest();
  const written: Synthesized[] = [];
  const before = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(process.env))
      if (name.startsWith("TF_VAR_") && !(name in before)) delete process.env[name];
    for (const { outdir } of written.splice(0)) rmSync(outdir, { recursive: true, force: true });
  });

  it.each(["main", ...EXAMPLES.map((name) => `examples/${name}`)])("accepts %s.ts and plans it", async (file) => {
    const synthesized = synthesizeApp(`${file}.ts`);
    written.push(synthesized);
    keepStateLocal(synthesized);
    for (const configuration of Object.values(synthesized.stacks)) {
      for (const [name, value] of Object.entries(exampleValues(configuration))) {
        process.env[`TF_VAR_${name}`] = typeof value === "string" ? value : JSON.stringify(value);
      }
    }
    // One provider for all stacks of the app: their types taken together.
    const types = Object.values(synthesized.stacks);
    await lab.serve({ configuration: merged(types), fixtures: EXAMPLE_FIXTURES });
    expect(synthesized.outdir).toBeValidTerraform();
    expect(synthesized.outdir).toPlanSuccessfully();
  });
});

type Blocks = Record<string, Record<string, unknown>>;

/** One configuration that uses every type that the given ones use. */
function merged(configurations: readonly Record<string, unknown>[]): Record<string, unknown> {
  const join = (kind: string) =>
    Object.assign({}, ...configurations.map((configuration) => (configuration[kind] ?? {}) as Blocks));
  return { ...configurations[0], resource: join("resource"), data: join("data") };
}
