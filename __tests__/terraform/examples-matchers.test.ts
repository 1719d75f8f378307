import "cdktf/lib/testing/adapters/jest";
import { Testing } from "cdktf";
import { EXAMPLE_FIXTURES, EXAMPLES, exampleValues, synthesizeApp, writeApp } from "../support/examples";
import { removeFolders, temporaryFolder } from "../support/handover";
import { describeTerraform } from "../support/terraform";

describeTerraform("real Terraform, by cdktf's own matchers,", (lab) => {
  Testing.setupJest();
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith("TF_VAR_")) delete process.env[name];
  });
  afterAll(removeFolders);

  it.each(["main", ...EXAMPLES.map((name) => `examples/${name}`)])("accepts %s.ts and plans it", async (file) => {
    const outdir = temporaryFolder();
    writeApp(`${file}.ts`, outdir);
    const stacks = Object.values(synthesizeApp(`${file}.ts`));
    for (const [name, value] of stacks.flatMap((configuration) => Object.entries(exampleValues(configuration)))) {
      process.env[`TF_VAR_${name}`] = typeof value === "string" ? value : JSON.stringify(value);
    }
    // One provider for all stacks of the app: their types taken together.
    await lab.serve({ configuration: stacks, fixtures: EXAMPLE_FIXTURES });
    expect(outdir).toBeValidTerraform();
    expect(outdir).toPlanSuccessfully();
  });
});
