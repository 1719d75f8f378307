import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scripts } from "../../package.json";

const ROOT = join(__dirname, "../..");
const WORKFLOWS = join(ROOT, ".github/workflows");

/** Workflows are copied by others: what is wrong here goes on being wrong elsewhere. */
describe.each(readdirSync(WORKFLOWS))("the workflow %s", (file) => {
  const text = readFileSync(join(WORKFLOWS, file), "utf8");

  it("pins every action to a commit and says which version that is", () => {
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action ?? "");
    expect(uses).not.toHaveLength(0);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("begins with no more than the right to read", () => {
    expect(text).toMatch(/^permissions:( \{\}|\n {2}contents: read)\n(?! )/m);
  });

  it("never gives the checkout's token to what runs later", () => {
    const checkouts = text.match(/actions\/checkout@/g)?.length ?? 0;
    expect(text.match(/persist-credentials: false/g)?.length ?? 0).toBe(checkouts);
  });

  it("puts nothing of a pull request into a shell's text", () => {
    const shell = [...text.matchAll(/run: (\|\n(?: {10,}.*\n)*|.*\n)/g)].map(([, script]) => script);
    expect(shell.join("")).not.toContain("${{");
  });

  it("runs scripts that there are", () => {
    for (const [, script = ""] of text.matchAll(/npm run (?:--silent )?([\w:]+)/g))
      expect(Object.keys(scripts)).toContain(script);
  });
});

it("lets no workflow but the one for branches have credentials", () => {
  const withToken = readdirSync(WORKFLOWS).filter((file) =>
    /id-token: write/.test(readFileSync(join(WORKFLOWS, file), "utf8")),
  );
  expect(withToken).toEqual(["plan.yml"]);
});
