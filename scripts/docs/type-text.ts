import ts from "typescript-6";
import { cell, codeLink } from "./markdown";
import type { Link } from "./places";
import type { Source } from "./source";

/** A union of texts that is longer than this is shown as `string`. */
const LONGEST_UNION = 60;

/** A type, as a table shows it. */
export interface TypeText {
  readonly text: string;
  /** Whether it shows `string` for a union of many texts. */
  readonly isShortened: boolean;
}

/**
 * Returns a type as code, with links to what the docs say about its parts. It leaves out `undefined` and `readonly`.
 *
 * @param order a text that names the values of a union in their order. The compiler's order depends on other files
 */
export function typeText({ checker }: Source, type: ts.Type, link: Link, order = ""): TypeText {
  const { NoTruncation, InTypeAlias, None } = ts.TypeFormatFlags;
  const text = checker
    // Of a named union the values, and not the name.
    .typeToString(type, undefined, NoTruncation | (type.isUnion() ? InTypeAlias : None))
    .replaceAll(/\breadonly /g, "")
    .replaceAll(/\bReadonly<((?:[^<>]|<[^<>]*>)*)>/g, "$1")
    .replaceAll(/\{ \[\w+: string\]: ([^;{}]+); \}/g, "Record<string, $1>")
    .replaceAll(/\bPick<(\w+), [^<>]*>/g, "$1")
    // Of an object without a name, the names of its properties.
    .replaceAll(
      /\bPick<\{.*\}, ("[^<>]*)>/g,
      (_, keys: string) => `{ ${keys.replaceAll('"', "").replaceAll(" | ", ", ")} }`,
    )
    .replaceAll(/\{ \w+\??: [^{}]*\}/g, (object) =>
      object.replaceAll(/(\w+)\??: [^;]*;/g, "$1,").replace(/, \}$/, " }"),
    );
  const inOrder = (values: string[]) =>
    values.every((value) => order.includes(value))
      ? values.sort((a, b) => order.indexOf(a) - order.indexOf(b))
      : values;
  const sorted = text.replaceAll(/"[^"]*"(?: \| "[^"]*")+/g, (union) => inOrder(union.split(" | ")).join(" | "));
  const members = inOrder(split(sorted).filter((member) => member !== "undefined"));
  if (members.every((member) => member.startsWith('"')) && members.join(", ").length > LONGEST_UNION) {
    return { text: "`string`", isShortened: true };
  }
  const shown = members.map((member) => withLink(member, link));
  const last = shown.pop() ?? "";
  return { text: shown.length === 0 ? last : `${shown.join(", ")} or ${last}`, isShortened: false };
}

/** Splits a union at its top level. */
function split(union: string): string[] {
  const members = [""];
  let depth = 0;
  for (const part of union.split(/( \| |[<>(){}[\]])/)) {
    if (/^[<({[]$/.test(part)) depth++;
    if (/^[>)}\]]$/.test(part)) depth--;
    if (part === " | " && depth === 0) members.push("");
    else members[members.length - 1] += part;
  }
  return members;
}

/** Returns a type as code, with a link when the docs describe one of its names. */
function withLink(type: string, link: Link): string {
  const addresses = new Set([...type.matchAll(/\b[A-Z]\w+/g)].flatMap(([name]) => link(name) ?? []));
  return codeLink(cell(type), addresses.size === 1 ? [...addresses][0] : undefined);
}
