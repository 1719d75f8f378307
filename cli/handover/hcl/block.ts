import { type Json, type JsonObject, objects } from "../terraform-json/configuration";
import { orderedEntries } from "../terraform-json/key-order";
import type { BlockNames } from "./block-names";
import { aligned, indented, type StringKind, valueLines, withoutMarks } from "./value";

/** Arguments whose strings are addresses. */
const EXPRESSIONS = ["depends_on", "ignore_changes", "replace_triggered_by", "provider", "from", "to"];

/** The kind of the strings of each argument. The key `""` is for all other arguments. */
export type Kinds = { readonly [name: string]: StringKind };

/**
 * Renders a block of Terraform JSON as lines.
 *
 * @param head the keyword and the labels
 * @param names the parts of the body that are blocks, not arguments with an object
 */
export function block(
  [keyword = "", ...labels]: readonly string[],
  body: JsonObject,
  names: BlockNames,
  kinds: Kinds = {},
) {
  const head = [keyword, ...labels.map((label) => JSON.stringify(label)), "{"].join(" ");
  const content = bodyLines(body, names, kinds);
  return content.length === 0 ? [`${head}\n}`.replace("\n", "")] : [head, ...indented(content), "}"];
}

/** Renders the body of a block: neighboring arguments together, and each nested block after an empty line. */
function bodyLines(body: JsonObject, names: BlockNames, kinds: Kinds): string[] {
  const groups: string[][] = [];
  let row: [string, string[]][] = [];
  const endRow = () => {
    if (row.length > 0) groups.push(aligned(row));
    row = [];
  };
  for (const [key, value] of orderedEntries(body)) {
    const inner = names[key];
    if (key === "dynamic" || inner) {
      endRow();
      groups.push(...(key === "dynamic" ? dynamicBlocks(value, names) : nested(key, value, inner as BlockNames)));
      continue;
    }
    const kind = kinds[key] ?? (EXPRESSIONS.includes(key) ? "expression" : (kinds[""] ?? "template"));
    const lines = valueLines(value, kind);
    if (lines.length === 1) {
      row.push([key, lines]);
      continue;
    }
    endRow();
    groups.push(aligned([[key, lines]]));
  }
  endRow();
  return groups.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

const nested = (key: string, value: Json, names: BlockNames): string[][] =>
  objects(value).map((body) => block([key], body, names, key === "required_providers" ? { "": "literal" } : {}));

const dynamicBlocks = (value: Json, names: BlockNames): string[][] =>
  objects(value).flatMap((byLabel) =>
    Object.entries(byLabel).flatMap(([label, bodies]) =>
      objects(bodies).map((body) =>
        block(["dynamic", label], body, { content: names[label] ?? {} }, { iterator: "expression" }),
      ),
    ),
  );

/** Renders blocks as a file, with an empty line between them. */
export const joined = (blocks: readonly string[][]): string =>
  withoutMarks(blocks.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines])));
