import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXAMPLES } from "../support/examples";

const ROOT = join(__dirname, "../..");

describe("an example", () => {
  it.each(EXAMPLES)("describes itself in at most three lines, and says when to use it: %s", (name) => {
    const [about = ""] = /^(\/\/ .+\n)+/.exec(readFileSync(join(ROOT, `examples/${name}.ts`), "utf8")) ?? [];
    const text = about.replace(/^\/\/ /gm, "").replace(/\n/g, " ");
    expect(text).toMatch(/^[A-Z].+\. Use it when .+\. ?/);
    expect(about.split("\n").length - 1).toBeLessThanOrEqual(3);
  });
});
