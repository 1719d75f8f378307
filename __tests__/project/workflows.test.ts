import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scripts } from "../../package.json";

const ROOT = join(__dirname, "../..");
const WORKFLOWS = join(ROOT, ".github/workflows");

/** Other repositories copy the workflows, with their errors. */
describe.each(readdirSync(WORKFLOWS))("the workflow %s", (file) => {
  const text = readFileSync(join(WORKFLOWS, file), "utf8");

  it("pins every action to a commit, and names its version", () => {
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action ?? "");
    expect(uses).not.toHaveLength(0);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("starts with the permission to read, or with none", () => {
    expect(text).toMatch(/^permissions:( \{\}|\n {2}contents: read)\n(?! )/m);
  });

  it("never leaves the token of the checkout to later steps", () => {
    const checkouts = text.match(/actions\/checkout@/g)?.length ?? 0;
    expect(text.match(/persist-credentials: false/g)?.length ?? 0).toBe(checkouts);
  });

  it("inserts no expression into a shell script", () => {
    const shell = [...text.matchAll(/run: (\|\n(?: {10,}.*\n)*|.*\n)/g)].map(([, script]) => script);
    expect(shell.join("")).not.toContain("${{");
  });

  it("runs only scripts that exist", () => {
    for (const [, script = ""] of text.matchAll(/npm run (?:--silent )?([\w:]+)/g))
      expect(Object.keys(scripts)).toContain(script);
  });
});

it("gives credentials only to the workflows for branches and for deployments", () => {
  const withToken = readdirSync(WORKFLOWS).filter((file) =>
    /id-token: write/.test(readFileSync(join(WORKFLOWS, file), "utf8")),
  );
  expect(withToken).toEqual(["deploy-service.yml", "plan.yml"]);
});

it("runs everything under Node 22, 24 and 26, and the unit tests under Node 24 in any case", () => {
  const workflow = readFileSync(join(WORKFLOWS, "ci.yml"), "utf8");
  expect(workflow).toContain("\n        node: [22, 24, 26]\n");
  expect(workflow).toContain("node-version: ${{ matrix.node }}\n");
  expect(workflow).toContain("- run: .ci/run\n");
  const script = readFileSync(join(ROOT, ".ci/run"), "utf8");
  // The script prints the version, so that its output shows which one ran.
  expect(script).toMatch(/npx --yes --package=node@24 -- sh -c 'node --version && npm run test:unit'\n/);
});
