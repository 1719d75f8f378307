import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXAMPLES } from "../support/examples";

const ROOT = join(__dirname, "../..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");

describe("an example", () => {
  it.each(EXAMPLES)("says in its first lines what it is and when to use it: %s", (name) => {
    const [about = ""] = /^(\/\/ .+\n)+/.exec(readFileSync(join(ROOT, `examples/${name}.ts`), "utf8")) ?? [];
    const text = about.replace(/^\/\/ /gm, "").replace(/\n/g, " ");
    expect(text).toMatch(/^[A-Z].+\. Use it when .+\. ?/);
    expect(about.split("\n").length - 1).toBeLessThanOrEqual(3);
  });

  it.each(EXAMPLES)("is among those that the README lists: %s", (name) => {
    expect(readme).toContain(`](examples/${name}.ts)`);
  });
});
