import { readFileSync } from "node:fs";
import { isNamed, namedSettings, needsAttention, outerPaths, readEffects } from "../../scripts/docs/effects-table";
import { anchor } from "../../scripts/docs/markdown";
import { readPage } from "../support/pages";

/** The tests that run the steps of each section, by file in `__tests__` and title. */
const TESTED: Readonly<Record<string, Readonly<Record<string, readonly [file: string, title: string]>>>> = {
  "docs/changes.md": {
    "remove-a-capacity-provider": [
      "integration/transitions-capacity-providers",
      "removes one that services use in two applies: first from the strategies, then from the cluster",
    ],
    "rename-a-capacity-provider": [
      "integration/transitions-steps",
      "rename a capacity provider that services use in two applies",
    ],
    "rename-a-route": ["integration/transitions-steps", "rename a route without a gap in three applies"],
    "change-the-placement-group": [
      "integration/transitions-removal",
      "changes or removes a placement group in two applies, because its instances must be replaced first",
    ],
    "switch-the-customer-key-off": [
      "integration/transitions-steps",
      "stays in AWS for a repository that was created with it",
    ],
    "change-the-encryption-of-a-repository": [
      "integration/transitions-steps",
      "changes when the repository is created again",
    ],
    "remove-permissions-of-tasks": [
      "integration/transitions-steps",
      "remove a permission after the tasks that need it",
    ],
    "remove-a-file-system": ["integration/transitions-steps", "remove a file system from the code and keep its files"],
    "change-the-key-of-a-file-system": [
      "integration/transitions-steps",
      "move files to a file system with another key",
    ],
    "change-the-subnets-of-a-file-system": [
      "integration/transitions-file-systems",
      "stay while the instances move %s, with the subnets that they are in",
    ],
    "keep-logs": [
      "integration/transitions-protection",
      "keeps the log group of a removed service, which the service imports when it is created again",
    ],
    "destroy-a-protected-cluster": [
      "integration/transitions-protection",
      "fails a destroy at the plan, before anything is deleted, until it is switched off",
    ],
    "switch-the-service-linked-role-off": [
      "integration/transitions-removal",
      "keeps AWSServiceRoleForECS, which IAM does not delete while a cluster exists, with retain",
    ],
    "two-states-with-one-name": ["integration/transitions-steps", "name the cluster of a second state differently"],
    "remove-a-service-with-a-repository": [
      "integration/transitions-repositories",
      "is deleted with its images after forceDelete was applied",
    ],
    "without-waiting": [
      "integration/transitions-removal",
      "is switched off in two applies when the service does not wait for its deployment",
    ],
  },
  "docs/traffic.md": {
    "rename-a-service": [
      "integration/transitions-routes",
      "follow a service that is renamed in four applies, without a gap",
    ],
    "move-a-route-to-another-port": ["integration/transitions-routes", "change in four applies without a gap"],
    "move-a-route-to-another-service": [
      "integration/transitions-routes",
      "move from one service to another in four applies, without a gap",
    ],
    "exchange-given-priorities": [
      "integration/transitions-routes",
      "exchange their given priorities in three applies, also after one apply failed",
    ],
    "move-a-service-to-another-stack": [
      "integration/transitions-routes",
      "runs all the time when its resources move between the states first",
    ],
    "rename-a-cluster": [
      "integration/transitions-routes",
      "changes while services of another state use it: destroy these, rename, and apply them again",
    ],
    "make-a-load-balancer-internal-or-public": [
      "integration/transitions-load-balancers",
      "get an internal one beside the public one, and a service is behind both, and back",
    ],
    "replace-a-network-load-balancer": [
      "integration/transitions-network-load-balancers",
      "are replaced without a gap beside each other",
    ],
    "rename-a-listener-of-a-network-load-balancer": [
      "integration/transitions-network-load-balancers",
      "rename a listener in two applies, because a port has one listener",
    ],
    "exchange-ports-of-a-network-load-balancer": [
      "integration/transitions-network-load-balancers",
      "exchange the ports of their listeners in three applies, also after one apply failed",
    ],
    "change-the-vpc": ["integration/transitions-steps", "replace a cluster by a second one without a gap"],
    "change-the-port-range-or-the-ami-family": [
      "integration/transitions-network",
      "changes with %s, and stays open for old instances until they are replaced",
    ],
    "change-between-http-and-https": [
      "integration/transitions-listeners",
      "change to HTTPS with a redirect: the other state's routes stay on HTTP until it is applied",
    ],
  },
  "docs/upgrading.md": {
    "before-you-upgrade": ["examples/upgrade-steps", "converges in one apply, and so does the way back: %s"],
    "upgrade-a-project-that-uses-the-package": [
      "examples/upgrade-steps",
      "converges in one apply, and so does the way back: %s",
    ],
    "upgrade-a-hand-over": [
      "examples/upgrade-steps",
      "converges in the folder of a hand-over, and its command lists what the plan replaces",
    ],
    "upgrade-a-module": ["examples/upgrade-steps", "converges in a root module that uses the hand-over as a module"],
    "roll-back": ["examples/upgrade-steps", "converges in one apply, and so does the way back: %s"],
  },
};

/** Returns the anchors of the sections that have numbered steps. */
function sectionsWithSteps(page: string): string[] {
  const [, ...sections] = readPage(page).split(/^## /m);
  return sections.filter((text) => /^1\. /m.test(text)).map((text) => anchor(text.split("\n")[0] ?? ""));
}

describe.each(Object.entries(TESTED))("%s", (page, tested) => {
  it("has steps only in sections whose steps a test runs", () => {
    expect(sectionsWithSteps(page).sort()).toEqual(Object.keys(tested).sort());
  });

  it.each(Object.entries(tested))("has a test that runs the steps of #%s", (_, [file, title]) => {
    expect(readFileSync(`__tests__/${file}.test.ts`, "utf8")).toContain(`"${title}"`);
  });
});

describe("the effects of settings", () => {
  it("are in the table of changes that need attention, unless they interrupt nothing", () => {
    const named = namedSettings(readPage("docs/changes.md"));
    const effects = [...readEffects("__tests__/transitions/effects")].flatMap(([construct, own]) =>
      Object.entries(own).map(([path, effect]) => ({ construct, path, effect })),
    );
    expect(effects.length).toBeGreaterThan(100);
    const interrupting = effects.filter(({ effect }) => !("never" in effect) && needsAttention(effect));
    expect(interrupting.length).toBeGreaterThan(3);
    // A setting within another one is named with it.
    const missing = interrupting.filter(
      ({ construct, path }) => ![path, ...outerPaths(path)].some((one) => isNamed(named, construct, one)),
    );
    expect(missing.map(({ construct, path }) => `${construct}.${path}`)).toEqual([]);
  });
});

describe("docs/upgrading.md", () => {
  it("names each breaking change of the changelog", () => {
    const [, changelog = ""] = readPage("CHANGELOG.md").split("### Breaking changes\n");
    const [, table = ""] = readPage("docs/upgrading.md").split("## Breaking changes\n");
    const changes = (changelog.split(/^### /m)[0] ?? "").split(/^- /m).slice(1);
    expect(changes.length).toBeGreaterThan(15);
    // The first code of a change is what it is about.
    const names = changes.flatMap((text) => /`([^`]+)`/.exec(text)?.[1] ?? []);
    expect(names.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
  });
});
