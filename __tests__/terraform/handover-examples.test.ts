import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../src/handover/configuration";
import { handoverFolder } from "../../src/handover/folder";
import { writeFolder } from "../../src/handover/write-folder";
import { typesInFolder } from "../../tools/offline-provider";
import { EXAMPLE_FIXTURES, EXAMPLES, exampleValues, synthesizeApp } from "../support/examples";
import { removeFolders, temporaryFolder } from "../support/handover";
import { describeTerraform } from "../support/terraform";

describeTerraform("every example, handed over as HCL", (lab) => {
  afterAll(removeFolders);

  it.each(EXAMPLES)(
    "%s plans the same, is formatted, and passes its own test",
    async (example) => {
      const { outdir, stacks } = synthesizeApp(`examples/${example}.ts`);
      rmSync(outdir, { recursive: true, force: true });
      for (const [name, configuration] of Object.entries(stacks)) {
        const written = join(temporaryFolder(), name);
        writeFolder(written, await handoverFolder(configuration as Json, { name, hcl: true }));
        const fixtures = EXAMPLE_FIXTURES;
        const variables = exampleValues(configuration);
        const stack = await lab.terraform({ configuration, fixtures, variables });
        const folder = await lab.terraform({ folder: written, fixtures, variables, types: typesInFolder(written) });
        const [expected, actual] = [await stack.planJson(), await folder.planJson()];
        expect(actual.resource_changes).toEqual(expected.resource_changes);
        expect(actual.output_changes).toEqual(expected.output_changes);
        expect(await folder.run(["fmt", "-check", "-recursive", "-diff"])).toMatchObject({ status: 0, stdout: "" });

        const fresh = await lab.terraform({ folder: written, types: typesInFolder(written) });
        const tested = await fresh.test();
        expect([name, tested.stderr, tested.status]).toEqual([name, "", 0]);
        expect(tested.stdout).toMatch(/Success! [1-9]\d* passed, 0 failed/);
      }
    },
    180_000,
  );
});
