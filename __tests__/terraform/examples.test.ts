import { type Applied, applied, expectFormatted, expectTakenOver } from "../support/example-life";
import { APPS, distinctStacks } from "../support/examples";
import { removeFolders, temporaryFolder } from "../support/handover";
import { expectSafe } from "../support/safe-state";
import { describeTerraform } from "../support/terraform";

describeTerraform("an example", (lab) => {
  const within = temporaryFolder();
  afterAll(removeFolders);

  const lives = new Map<string, Applied>();
  const lifeOf = (name: string) => lives.get(name) as Applied;

  it.each(distinctStacks(APPS.others))("is applied, and its hand-over as HCL changes nothing: %s", async (...stack) => {
    const life = await applied(lab, stack);
    lives.set(stack[0], life);
    expectSafe(life.state);
    await expectTakenOver(lab, life, { within, hcl: true });
  });

  it("is handed over as terraform fmt leaves it", () => expectFormatted(lab, within));

  it("is handed over as Terraform JSON that changes nothing either: ecs", async () => {
    const folder = temporaryFolder();
    await expectTakenOver(lab, lifeOf("ecs"), { within: folder, hcl: false });
    await expectFormatted(lab, folder);
  });

  // Clusters and services of every other kind are destroyed by the suites of their lives.
  it.each(["hardened", "service-stack"])("is destroyed in one run: %s", async (name) => {
    expect((await lifeOf(name).terraform.destroy()).stdout).toContain("Destroy complete!");
  });
});
