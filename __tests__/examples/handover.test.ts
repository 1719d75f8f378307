import type { HandoverOptions } from "../../cli/handover/stack";
import { typesInFolder } from "../../cli/offline-provider";
import { HANDOVER_TESTS } from "../support/examples";
import { folderOf, removeFolders } from "../support/handover";
import { describeTerraform } from "../support/terraform";

/** The module is HCL, because its JSON differs from that of the folder only by the configuration of the provider. */
const FLAVORS: readonly (readonly [name: string, flavor: Omit<HandoverOptions, "name">])[] = [
  ["Terraform JSON", {}],
  ["HCL", { hcl: true }],
  ["a module", { hcl: true, module: true }],
];
const STACKS = Object.entries(HANDOVER_TESTS).map(([name, runs]) => ({ name, runs }));

describeTerraform("the folder of a hand-over", (lab) => {
  afterAll(removeFolders);

  describe.each(FLAVORS)("as %s", (_, flavor) => {
    it.each(STACKS)("has the format of Terraform, is valid, and passes its test: $name", async ({ name, runs }) => {
      const folder = await folderOf(name, flavor);
      const terraform = await lab.terraform({ folder, types: typesInFolder(folder) });
      const formatted = await terraform.run(["fmt", "-check", "-recursive", "-diff"]);
      expect(formatted).toEqual({ status: 0, stdout: "", stderr: "" });
      expect((await terraform.validate()).stdout).toBe("Success! The configuration is valid.\n\n");
      const tested = await terraform.test();
      expect([tested.stderr, tested.stdout]).toEqual([
        "",
        expect.stringContaining(`Success! ${runs} passed, 0 failed`),
      ]);
    });
  });
});
