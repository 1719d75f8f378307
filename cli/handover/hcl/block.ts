import { type Json, type JsonObject, objects } from "../terraform-json/configuration";
import { orderedEntries } from "../terraform-json/key-order";
import type { BlockNames } from "./block-names";
import { aligned, indented, type StringKind, valueLines, withoutMarks } from "./value";

/** Arguments whose text is an address or a type and no string. */
const EXPRESSIONS = ["depends_on", "ignore_changes", "replace_triggered_by", "provider", "from", "to"];

/** How the strings of arguments are to be taken, by the argument's name; `""` is all others. */
export type Kinds = { readonly [name: string]: StringKind };

/**
 * A block's lines, from Terraform JSON.
 *
 * @param head the keyword and the labels
 * @param names which parts of the body are blocks, and not arguments with an object
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

/** Arguments first, in a row, then the blocks, each after an empty line; what orders and guards comes last anyway. */
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
      objects(bodies).map((body) => block(["dynamic", label], body, { content: names[label] ?? {} })),
    ),
  );

/** Blocks as a file, with an empty line between them. */
export const joined = (blocks: readonly string[][]): string =>
  withoutMarks(blocks.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines])));
