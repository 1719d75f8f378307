import { existsSync } from "node:fs";
import { join } from "node:path";

const LongestFirst = require("../support/sequencer");

const TESTS = join(__dirname, "..");
const names: readonly string[] = LongestFirst.LONGEST;
/** Jest's own order of what it has never run goes by the files' sizes. */
const hasteFS = { getSize: (path: string) => (path.includes("rule") ? 9 : 1) };
const at = (name: string) => ({ path: join(TESTS, `${name}.test.ts`), context: { config: { id: "none" }, hasteFS } });

describe("the tests' sequencer", () => {
  it.each(names)("names an existing test file: %s", (name) => {
    expect(existsSync(at(name).path)).toBe(true);
  });

  it("runs the longest test files first, and the others in Jest's order", async () => {
    const sequencer = new LongestFirst({ contexts: [], globalConfig: {} });
    const sorted = await sequencer.sort([at("show"), at("rule"), ...[...names].reverse().map(at)]);
    expect(sorted.map(({ path }: { path: string }) => path)).toEqual(
      [...names, "rule", "show"].map((name) => at(name).path),
    );
  });
});
