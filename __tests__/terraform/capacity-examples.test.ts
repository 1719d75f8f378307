import { applied, expectFormatted, expectTakenOver } from "../support/example-life";
import { APPS, distinctStacks } from "../support/examples";
import { removeFolders, temporaryFolder } from "../support/handover";
import { expectSafe } from "../support/safe-state";
import { describeTerraform } from "../support/terraform";

describeTerraform("an example of capacity", (lab) => {
  const within = temporaryFolder();
  afterAll(removeFolders);

  it.each(distinctStacks(APPS.capacity))(
    "is applied, and its hand-over as HCL changes nothing: %s",
    async (...stack) => {
      const life = await applied(lab, stack);
      expectSafe(life.state);
      await expectTakenOver(lab, life, { within, hcl: true });
    },
  );

  it("is handed over as terraform fmt leaves it", () => expectFormatted(lab, within));
});
