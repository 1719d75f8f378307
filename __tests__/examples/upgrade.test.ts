import { describeTerraform } from "../support/terraform";
import {
  asDocumented,
  currentStacks,
  deployReleased,
  documentedChanges,
  type PlannedChange,
  RELEASED_APPS,
  releasedStacks,
  upgrade,
} from "../support/upgrade";

describeTerraform("the upgrade from version 0.1.0", (lab) => {
  const changes: PlannedChange[] = [];

  it.each(RELEASED_APPS)("converges in one apply: %s", async (app) => {
    const next = currentStacks(app);
    const released = releasedStacks(app);
    expect(Object.keys(next).sort()).toEqual(Object.keys(released).sort());
    const deployed = await deployReleased(lab, released, next);
    for (const [name, stack] of Object.entries(deployed)) {
      changes.push(...(await upgrade(stack, next[name] ?? {})));
      stack.terraform.remove();
    }
  });

  it("changes what docs/upgrading.md lists, and nothing else", () => {
    expect([...new Set(changes.map(asDocumented))].sort()).toEqual(documentedChanges().sort());
  });
});
