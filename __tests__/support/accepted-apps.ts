import "cdktf/lib/testing/adapters/jest";
import { Testing } from "cdktf";
import { EXAMPLE_FIXTURES, exampleValues, synthesizeApp, writeApp } from "./examples";
import { removeFolders, temporaryFolder } from "./handover";
import type { TerraformLab } from "./terraform";

/** Each app's stacks are valid and are planned, by cdktf's own matchers, which run Terraform with this process's environment. */
export function itAcceptsAndPlans(lab: TerraformLab, apps: readonly string[]): void {
  Testing.setupJest();
  const before = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith("TF_VAR_")) delete process.env[name];
    if (before.GOGC === undefined) delete process.env.GOGC;
  });
  afterAll(removeFolders);

  it.each(apps)("accepts %s and plans it", async (file) => {
    const outdir = temporaryFolder();
    writeApp(file, outdir);
    const stacks = Object.values(synthesizeApp(file));
    for (const [name, value] of stacks.flatMap((configuration) => Object.entries(exampleValues(configuration)))) {
      process.env[`TF_VAR_${name}`] = typeof value === "string" ? value : JSON.stringify(value);
    }
    // As every other Terraform of the tests has it.
    process.env.GOGC ??= "400";
    // One provider for all stacks of the app: their types taken together.
    await lab.serve({ configuration: stacks, fixtures: EXAMPLE_FIXTURES });
    expect(outdir).toBeValidTerraform();
    expect(outdir).toPlanSuccessfully();
  });
}
