import "cdktf/lib/testing/adapters/jest";
import { Testing } from "cdktf";
import { EXAMPLE_FIXTURES, EXAMPLES, exampleValues, keepStateLocal, synthesizeApp } from "../support/examples";
import { describeTerraform } from "../support/terraform";

describeTerraform("real Terraform, by cdktf's own matchers,", (lab) => {
  Testing.setupJest();

  it.each(["main", ...EXAMPLES.map((name) => `examples/${name}`)])("accepts %s.ts and plans it", async (file) => {
    const synthesized = synthesizeApp(`${file}.ts`);
    keepStateLocal(synthesized);
    const stacks = Object.values(synthesized.stacks);
    for (const [name, value] of stacks.flatMap((configuration) => Object.entries(exampleValues(configuration)))) {
      process.env[`TF_VAR_${name}`] = typeof value === "string" ? value : JSON.stringify(value);
    }
    // One provider for all stacks of the app: their types taken together.
    await lab.serve({ configuration: stacks, fixtures: EXAMPLE_FIXTURES });
    expect(synthesized.outdir).toBeValidTerraform();
    expect(synthesized.outdir).toPlanSuccessfully();
  });
});
