import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apiPage } from "../../tools/docs/api";
import { constructPages } from "../../tools/docs/construct-pages";

const DOCS = join(__dirname, "../../docs");
// typedoc starts a compiler, on machines of any speed.
jest.setTimeout(120_000);

describe("the pages that npm run docs writes", () => {
  it("list the API as the docstrings tell it, and each export has one", () => {
    expect(readFileSync(join(DOCS, "api.md"), "utf8")).toBe(apiPage());
  });

  it.each(constructPages())("show what the code gives: %s", (name, text) => {
    expect(readFileSync(join(DOCS, "constructs", name), "utf8")).toBe(text);
  });
});
