import { markedCoverage, markedPage, markedSettings } from "../../../scripts/docs/marked-page";
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

describe("a page with a table of covered fields", () => {
  const page = "# Title\n\n<!-- coverage: aws_ecs_task_definition -->\nold\n<!-- end of coverage -->\n";

  it("gets each field of the list with a link to what sets it, or with the reason why nothing does", () => {
    const places = new Places();
    places.add("TaskSettings", "docs/page.md", "TaskSettings");
    const text = markedPage({ source: sourceOf(""), schemas: new Map() }, "docs/page.md", page, places);
    expect(text).not.toContain("old");
    expect(text).toMatch(/The fields are those of @cdktf\/provider-aws \d+\.\d+\.\d+: aws_ecs_task_definition\./);
    expect(text).toContain("| `skip_destroy` | [`TaskSettings.keepRevisions`](#tasksettings) |");
    expect(text).toContain("| `family` | `TaskDefinitionProps.name` |");
    expect(text).toContain("| `requires_compatibilities` | Always `EC2`. |");
    expect(text).toContain("| `ephemeral_storage.size_in_gib` | Out of scope. It is for Fargate. |");
  });

  it("names the lists, which are no settings", () => {
    expect(markedCoverage(page, "docs/page.md")).toEqual(["aws_ecs_task_definition"]);
    expect(markedSettings(page, "docs/page.md")).toEqual([]);
    expect(() => markedCoverage("<!-- coverage: a -->\n", "docs/page.md")).toThrow(
      "docs/page.md: <!-- coverage: a --> needs <!-- end of coverage -->.",
    );
  });
});

describe("a page with a table of symptoms", () => {
  const page = (name: string) => `# Title\n\n<!-- symptoms: ${name} -->\nold\n<!-- end of symptoms -->\n`;
  const text = (name: string) =>
    markedPage({ source: sourceOf(""), schemas: new Map() }, "docs/page.md", page(name), new Places());

  it("gets each symptom with its cause, its fix and the commands of the fix", () => {
    expect(text("task-starts")).not.toContain("old");
    expect(text("task-starts")).toContain(
      "| `marked for deletion` | Somebody deleted the secret. Secrets Manager keeps it for 7 to 30 days. | Restore it with the command. `aws secretsmanager restore-secret --secret-id SECRET` |",
    );
  });

  it("names a table that exists", () => {
    expect(() => text("tasks")).toThrow(
      'docs/page.md: there is no table of symptoms "tasks". The tables are stopped-tasks,',
    );
  });
});
