import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Construct } from "constructs";
import { constructPages } from "../../../scripts/docs/construct-pages";
import * as library from "../../../src";

const FOLDER = join(__dirname, "../../../docs/constructs");
const pages = constructPages();

/** docs/api.md, which takes a compiler to make, is held by `npm run docs -- --check` in CI. */
describe("the constructs' pages that npm run docs writes", () => {
  it.each(pages)("show what the code gives: %s", (name, text) => {
    expect(readFileSync(join(FOLDER, name), "utf8")).toBe(text);
    // A page that shows nothing proves nothing.
    expect(text).not.toContain("```json\n{}\n");
  });

  it("are one for each construct", () => {
    const constructs = Object.entries(library as Readonly<Record<string, { prototype?: unknown } | readonly unknown[]>>)
      .filter(([, value]) => "prototype" in value && value.prototype instanceof Construct)
      .map(([name]) => name)
      // Stacks have docs/settings.md and the examples.
      .filter((name) => !name.endsWith("Stack"));
    const titles = pages.flatMap(([, text]) => /^# (\w+)$/m.exec(text)?.[1] ?? []);
    expect(titles.sort()).toEqual(constructs.sort());
  });
});
