import { findSchemas } from "../../../scripts/docs/schemas";
import { settingsSection, settingsTable } from "../../../scripts/docs/settings-table";
import { wholeNumber } from "../../../src/validation/rule";
import {
  boolean,
  choice,
  custom,
  list,
  map,
  number,
  plain,
  referable,
  schemaOf,
  string,
  unavailable,
  variable,
  withDefaults,
} from "../../../src/validation/schema";
import { sourceOf } from "./source-of";

type Field = object;

/** Returns the table of an interface `Props` that has the given properties and fields. */
function tableOf(properties: string, fields: Readonly<Record<string, Field>>): string {
  const source = sourceOf(`export interface Props { ${properties} } export const propsSchema = schemaOf<Props>()({});`);
  const schemas = findSchemas(source, () => ({ propsSchema: { shape: fields } }));
  return settingsTable({ source, schemas }, "Props", () => undefined);
}

/** Returns the cells of the only row of a table. */
const rowOf = (property: string, field: Field): string[] => {
  const lines = tableOf(property, { only: field }).split("\n");
  return (lines.at(-1) ?? "").split(" | ").map((cell) => cell.replace(/^\| | \|$/g, ""));
};

describe("a table of settings", () => {
  it("has the name, type, default, meaning and limits of each setting", () => {
    const seconds = number(wholeNumber(5, 300, "seconds", "For example 30.")).default(30);
    expect(
      tableOf("/** Seconds between checks. @default 30 */ readonly interval?: number;", { interval: seconds }),
    ).toBe(
      [
        "| Setting | Type | Default | Meaning | Limits |",
        "| --- | --- | --- | --- | --- |",
        "| `interval` | `number` | `30` | Seconds between checks. | 5 to 300 (seconds) |",
      ].join("\n"),
    );
  });

  it("lists required settings first, and leaves out names that only have an explanation", () => {
    const table = tableOf("/** A. @default - none */ readonly a?: string; /** B. */ readonly b: string;", {
      a: string().optional(),
      b: string(),
      ...unavailable(["c"], "AWS does not support it."),
    });
    expect(table.split("\n").map((line) => line.split(" | ")[0])).toEqual(["| Setting", "| ---", "| `b`", "| `a`"]);
    expect(table).toContain("| `b` | `string` | **required** | B. |");
  });

  it("has inherited settings", () => {
    const source = sourceOf(`
      interface Base { /** Of the base. */ readonly inherited: string; }
      export interface Props extends Base { /** Its own. */ readonly own: string; }
      export const propsSchema = schemaOf<Props>()({});`);
    const shape = { inherited: string(), own: string() };
    const schemas = findSchemas(source, () => ({ propsSchema: { shape } }));
    expect(settingsTable({ source, schemas }, "Props", () => undefined)).toMatch(/`own`[\s\S]*`inherited`/);
  });

  it("links to the table of an inherited interface on the same page instead", () => {
    const source = sourceOf(`
      /** The base. */
      export interface Base { /** Of the base. */ readonly inherited: string; }
      interface Middle extends Base {}
      /** The props. */
      export interface Props extends Middle { /** Its own. */ readonly own: string; }
      export const baseSchema = schemaOf<Base>()({});
      export const propsSchema = schemaOf<Props>()({});`);
    const base = { inherited: string() };
    const schemas = findSchemas(source, () => ({
      baseSchema: { shape: base },
      propsSchema: { shape: { ...base, own: string() } },
    }));
    const section = settingsSection({ source, schemas }, "Props", "## Settings", (name) => `#${name}`, ["Base"]);
    expect(section).toMatch(
      /^## Settings\n\nThe props\.\n\nIt also has every setting of \[`Base`\]\(#Base\)\.\n\n\| Setting/,
    );
    expect(section).not.toContain("inherited");
  });

  it("links from the type to the table of a nested interface, and finds its schema inside the field", () => {
    const source = sourceOf(`
      export interface Inner { /** A size. @default 1 */ readonly size?: number; }
      export interface Props { /** By name. @default - none */ readonly inner?: Readonly<Record<string, Inner>>; }
      export const propsSchema = schemaOf<Props>()({});`);
    const inner = schemaOf<{ readonly size?: number }>()({ size: number().default(1) });
    const schemas = findSchemas(source, () => ({ propsSchema: { shape: { inner: map(inner).default({}) } } }));
    const link = (name: string) => (name === "Inner" ? "other.md#inner" : undefined);
    expect(settingsTable({ source, schemas }, "Props", link)).toContain(
      "| `inner` | [`Record<string, Inner>`](other.md#inner) | none | By name. |",
    );
    expect(settingsTable({ source, schemas }, "Inner", link)).toContain("| `size` | `number` | `1` | A size. |");
  });

  it("shows only the limits that every use of an interface has", () => {
    const source = sourceOf(`
      export interface Amount { /** The least. */ readonly min: number; }
      export interface Props { /** CPUs. */ readonly cpu: Amount; /** MiB. */ readonly memory: Amount; }
      export const propsSchema = schemaOf<Props>()({});`);
    const amount = (least: number) =>
      schemaOf<{ readonly min: number }>()({ min: number(wholeNumber(least, 9000, "", "For example 9000.")) });
    const schemas = findSchemas(source, () => ({ propsSchema: { shape: { cpu: amount(1), memory: amount(512) } } }));
    const table = settingsTable({ source, schemas }, "Amount", () => undefined);
    expect(table.split("\n").at(-1)).toBe("| `min` | `number` | **required** | The least. |");
  });

  it("shows long unions as string, with the values among the limits", () => {
    const values = Array.from({ length: 12 }, (_, index) => `value-${index}`);
    const union = values.map((value) => `"${value}"`).join(" | ");
    const [, type, , , limits] = rowOf(`/** One. */ readonly only: ${union};`, choice(...values));
    expect(type).toBe("`string`");
    expect(limits).toBe(`one of ${values.map((value) => `\`"${value}"\``).join(", ")}`);
  });

  it("shows a type without a name by its properties, and a part of a type by the name of the type", () => {
    const any = custom<object>("an object", "Use one.", () => true);
    const type = (text: string) =>
      rowOf(`/** It. */ readonly only: ${text}; } interface Named { readonly a: string; readonly b: string;`, any)[1];
    expect(type('Pick<Named, "a">')).toBe("`Named`");
    expect(type("{ readonly a: string; readonly b?: number }")).toBe("`{ a, b }`");
    expect(type('Pick<{ readonly a: string; readonly b: number }, "a" | "b">')).toBe("`{ a, b }`");
  });

  it("shows the values of a short union in the order of the schema", () => {
    const [, type] = rowOf('/** One. */ readonly only: "b" | "a" | false;', choice(false, "a", "b"));
    expect(type).toBe('`false`, `"a"` or `"b"`');
  });

  it("names the variable of each value instead of repeating it in the meaning", () => {
    const table = tableOf("/** `min_size`: the fewest instances. @default 1 */ readonly minSize?: number;", {
      minSize: variable(number().default(1), "The fewest instances."),
    });
    expect(table).toMatch(/^\| Setting \| Variable \| Type \|/);
    expect(table).toContain("| `minSize` | `min_size` | `number` | `1` | The fewest instances. | no token |");
  });

  it("says which settings cannot be tokens, once when it is all of them", () => {
    const properties = "/** A. @default false */ readonly a?: boolean; /** B. */ readonly b: string;";
    const a = plain(boolean()).default(false);
    expect(tableOf(properties, { a, b: string() })).toContain("| `a` | `boolean` | `false` | A. | no token |");
    const all = tableOf(properties, { a, b: plain(string()) });
    expect(all).toMatch(/^None of these settings can be a token\.\n\n/);
    expect(all).not.toContain("no token");
  });

  it("says which values can be a reference", () => {
    const arn = referable(variable(string(), "The ARN."));
    expect(rowOf("/** It. */ readonly only: string;", arn).at(-1)).toBe("or a reference to a resource");
  });

  it("does not mention tokens for a list of settings", () => {
    const parts = plain(list(schemaOf<{ readonly a: string }>()({ a: string() })));
    const cells = rowOf("/** It. */ readonly only: readonly { readonly a: string }[];", parts);
    expect(cells).toEqual(["`only`", "`{ a }[]`", "**required**", "It."]);
  });

  it("does not mention tokens for objects, where nobody expects one", () => {
    const construct = custom<object>("a cluster", "Use a Cluster.", () => true);
    expect(rowOf("/** It. */ readonly only: object;", construct)).toEqual([
      "`only`",
      "`object`",
      "**required**",
      "It.",
    ]);
  });

  it("shows a limit that ends at the largest number as open", () => {
    const size = number(wholeNumber(-1, Number.MAX_SAFE_INTEGER, "", "For example 1."));
    expect(rowOf("/** It. */ readonly only: number;", size).at(-1)).toBe("-1 or more");
  });

  it("shows every limit, and each once", () => {
    const limit = (index: number) => ({ must: `have ${"x".repeat(90)} ${index}`, fix: "", check: () => true });
    const limits = rowOf("/** It. */ readonly only: string;", string(limit(1), limit(2), limit(2), limit(3))).at(-1);
    expect(limits).toMatch(/^x+ 1; x+ 2; x+ 3$/);
  });

  it("says which limits apply to each element", () => {
    const element = { must: "be the id of a subnet", fix: "", check: () => true };
    const [, type, , , limits] = rowOf("/** Ids. */ readonly only: readonly string[];", list(string(element)));
    expect([type, limits]).toEqual(["`string[]`", "each: the id of a subnet"]);
  });

  it("escapes pipes, which would end a cell", () => {
    expect(rowOf('/** A | b. */ readonly only: readonly ("a" | "b")[];', list(choice("a", "b"))).slice(1)).toEqual([
      '`("a" \\| "b")[]`',
      "**required**",
      "A \\| b.",
    ]);
  });
});

describe("the docs are not written for", () => {
  const optional = number().default(30);

  it.each<[what: string, property: string, field: Field, message: string]>([
    ["a setting without a docstring", "readonly only?: number;", optional, "Props.only has no docstring."],
    [
      "a default that differs from the schema",
      "/** It. @default 60 */ readonly only?: number;",
      optional,
      "Props.only needs @default 30, as in its schema. It has 60.",
    ],
    [
      "a default that only the schema has",
      "/** It. */ readonly only?: number;",
      optional,
      "Props.only needs @default 30, as in its schema. It has undefined.",
    ],
    [
      "words in place of a value",
      "/** It. @default - thirty */ readonly only?: number;",
      optional,
      "Props.only needs @default 30, as in its schema. It has - thirty.",
    ],
    [
      "a default of a required setting",
      "/** It. @default 30 */ readonly only: number;",
      number(),
      "Props.only is required. Remove its @default 30.",
    ],
    [
      "an optional setting without a default and without words",
      "/** It. @default 30 */ readonly only?: number;",
      number().optional(),
      'Props.only needs "@default - " and words: its schema has no default.',
    ],
    [
      "two defaults",
      "/** It. @default 30 @default 30 */ readonly only?: number;",
      optional,
      "Props.only has more than one @default.",
    ],
  ])("%s", (_, property, field, message) => {
    expect(() => rowOf(property, field)).toThrow(message);
  });

  it("a setting that the schema does not have", () => {
    expect(() => tableOf("/** It. */ readonly only: string;", {})).toThrow("The schema of Props has no field only.");
  });

  it("an interface without a schema", () => {
    const library = { source: sourceOf("export interface Props {}"), schemas: new Map() };
    expect(() => settingsTable(library, "Props", () => undefined)).toThrow("No file exports a schema of Props.");
  });

  it.each([
    [
      "an object",
      withDefaults(schemaOf<{ readonly a?: number }>()({ a: number().default(1) })),
      "{ readonly a?: number }",
    ],
    ["a list", list(string()).default([]), "readonly string[]"],
  ])("but are with a default in words of %s, whose parts have defaults of their own", (_, field, type) => {
    expect(rowOf(`/** It. @default - none */ readonly only?: ${type};`, field)[2]).toBe("none");
  });
});
