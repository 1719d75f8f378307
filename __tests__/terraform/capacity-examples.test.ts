import type { Configuration } from "../../tools/offline-provider";
import { EXAMPLE_FIXTURES, exampleValues, synthesizeApp } from "../support/examples";
import { describeTerraform } from "../support/terraform";

describeTerraform("an example of capacity", (lab) => {
  it.each(["bottlerocket", "capacity-providers", "existing-vpc", "gpu", "mixed-instances", "scaling", "shared-files"])(
    "%s.ts is applied, and then plans no changes",
    async (name) => {
      const stacks = synthesizeApp(`examples/${name}.ts`);
      const settled = Object.values(stacks).map(async (configuration: Configuration) => {
        const variables = exampleValues(configuration);
        const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
        expect(await terraform.apply()).toMatchObject({ status: 0, stderr: "" });
        const { status, stdout } = await terraform.plan();
        expect(stdout).toContain("No changes.");
        expect(status).toBe(0);
      });
      await Promise.all(settled);
    },
  );
});
