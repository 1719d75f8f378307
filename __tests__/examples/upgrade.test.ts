import { EXAMPLE_FIXTURES } from "../support/examples";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";
import {
  byType,
  currentStacks,
  deploy,
  documentedChanges,
  RELEASED_APPS,
  releasedStacks,
  unique,
  upgrade,
} from "../support/upgrade";

describeTerraform("the upgrade from version 0.1.0", (lab) => {
  const changes: string[] = [];

  it.each(RELEASED_APPS)("converges in one apply: %s", async (app) => {
    const next = currentStacks(app);
    const states = await deploy(await RunningSystem.start(lab, EXAMPLE_FIXTURES), releasedStacks(app));
    expect(Object.keys(next).sort()).toEqual(Object.keys(states).sort());
    for (const [name, state] of Object.entries(states)) changes.push(...byType(await upgrade(state, next[name])));
  });

  it("changes what docs/upgrading.md lists, and nothing else", () => {
    expect(unique(changes)).toEqual(documentedChanges());
  });
});
