import { markedPage, markedSettings } from "../../../scripts/docs/marked-page";
import { Places } from "../../../scripts/docs/places";
import { findSchemas } from "../../../scripts/docs/schemas";
import { readLibrary } from "../../../scripts/docs/source";

const marked = (name: string, between: string) => `<!-- settings: ${name} -->\n${between}<!-- end of settings -->`;

describe("a page with tables between markers", () => {
  it("gets the tables between its markers, and keeps its own text", () => {
    const source = readLibrary();
    const library = { source, schemas: findSchemas(source, require) };
    const page = `# Title\n\n${marked("AccessLogs", "old\n")}\n\nText.\n\n${marked("PortRangeProps", "")}\n`;
    const text = markedPage(library, "docs/page.md", page, new Places());
    expect(text).toMatch(/^# Title\n\n<!-- settings: AccessLogs -->\n### AccessLogs\n[\s\S]+\| `bucket` \|/);
    expect(text).toMatch(
      /<!-- end of settings -->\n\nText\.\n\n<!-- settings: PortRangeProps -->\n### PortRangeProps\n/,
    );
    expect(text).not.toContain("old");
    expect(markedPage(library, "docs/page.md", text, new Places())).toBe(text);
  });

  it("names the interfaces of its tables", () => {
    expect(markedSettings(`${marked("A", "")}\n${marked("B", "text\n")}`, "docs/page.md")).toEqual(["A", "B"]);
  });

  it("must end each table", () => {
    const page = `<!-- settings: A -->\n\n${marked("B", "")}`;
    expect(() => markedSettings(page, "docs/page.md")).toThrow(
      "docs/page.md: <!-- settings: A --> needs <!-- end of settings -->.",
    );
  });
});

describe("a table", () => {
  it("is on one page only", () => {
    const places = new Places();
    places.add("AccessLogs", "docs/settings.md", "AccessLogs");
    expect(() => places.add("AccessLogs", "docs/capacity.md", "AccessLogs")).toThrow(
      "AccessLogs has a table in docs/settings.md and in docs/capacity.md. Remove one of them.",
    );
  });

  it.each([
    ["docs/settings.md", "#accesslogs"],
    ["docs/capacity.md", "settings.md#accesslogs"],
    ["docs/constructs/alarms.md", "../settings.md#accesslogs"],
  ])("has an address from %s", (page, address) => {
    const places = new Places();
    places.add("AccessLogs", "docs/settings.md", "AccessLogs");
    expect(places.linkFrom(page)("AccessLogs")).toBe(address);
    expect(places.linkFrom(page)("Other")).toBeUndefined();
  });
});
