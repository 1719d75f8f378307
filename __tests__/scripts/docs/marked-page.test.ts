import { markedPage, markedSettings } from "../../../scripts/docs/marked-page";
import { Places } from "../../../scripts/docs/places";
import { findSchemas } from "../../../scripts/docs/schemas";
import { string } from "../../../src/validation/schema";
import { sourceOf } from "./source-of";

const marked = (name: string, between: string) => `<!-- settings: ${name} -->\n${between}<!-- end of settings -->`;

describe("a page with tables between markers", () => {
  it("gets the tables between its markers, and keeps its own text", () => {
    const source = sourceOf(`
      /** A bucket. */
      export interface Bucket { /** Its name. */ readonly name: string; }
      /** A key. */
      export interface Key { /** Its id. */ readonly id: string; }
      export const bucketSchema = schemaOf<Bucket>()({});
      export const keySchema = schemaOf<Key>()({});`);
    const schemas = findSchemas(source, () => ({
      bucketSchema: { shape: { name: string() } },
      keySchema: { shape: { id: string() } },
    }));
    const page = `# Title\n\n${marked("Bucket", "old\n")}\n\nText.\n\n${marked("Key", "")}\n`;
    const text = markedPage({ source, schemas }, "docs/page.md", page, new Places());
    expect(text).toMatch(/^# Title\n\n<!-- settings: Bucket -->\n### Bucket\n\nA bucket\.\n[\s\S]+\| `name` \|/);
    expect(text).toMatch(/<!-- end of settings -->\n\nText\.\n\n<!-- settings: Key -->\n### Key\n/);
    expect(text).not.toContain("old");
    expect(markedPage({ source, schemas }, "docs/page.md", text, new Places())).toBe(text);
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
