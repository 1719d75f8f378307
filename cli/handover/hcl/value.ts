import { isObject, type Json } from "../terraform-json/configuration";
import { orderedEntries } from "../terraform-json/key-order";
import { expressionText, numberText, quotedTemplate } from "./expression";
import { literalString, stringEnd, templateParts } from "./template";

/** Whether a string is a template, plain text, or an expression without quotes. */
export type StringKind = "template" | "literal" | "expression";

const STEP = "  ";
const WIDTH = 100;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Renders a value as lines. The first follows `name =`. The indentation of the others is relative to the name's. */
export function valueLines(value: Json, kind: StringKind): string[] {
  if (typeof value === "string") return stringLines(value, kind);
  if (Array.isArray(value)) return listLines(value, kind);
  if (!isObject(value)) return [numberText(JSON.stringify(value))];
  if (Object.keys(value).length === 0) return ["{}"];
  const entries = orderedEntries(value).map(([key, inner]) => [keyText(key, kind), valueLines(inner, kind)] as const);
  return ["{", ...indented(aligned(entries)), "}"];
}

function stringLines(value: string, kind: StringKind): string[] {
  if (kind === "expression") return [value];
  if (kind === "literal") return [literalString(value)];
  const parts = templateParts(value);
  const [only] = parts;
  if (parts.length === 1 && only && "expression" in only && only.opening === "${") {
    return reindented(expressionText(only.expression.trim()).split("\n"));
  }
  const isText = value.endsWith("\n") && value.indexOf("\n") < value.length - 1;
  if (isText) return heredoc(value);
  return [quotedTemplate(parts)];
}

/**
 * Indents the lines of an expression like `terraform fmt`: one step for each line that opens more brackets than it closes.
 * https://github.com/hashicorp/hcl/blob/main/hclwrite/format.go
 */
function reindented(lines: readonly string[]): string[] {
  const open: number[] = [];
  return lines.map((line) => {
    const net = openedBrackets(line);
    const before = open.length;
    if (net > 0) open.push(net);
    for (let closed = -net; closed > 0 && open.length > 0; ) {
      const last = open.pop() as number;
      if (last > closed) open.push(last - closed);
      closed -= last;
    }
    const depth = net > 0 ? before : open.length;
    return line.trim() === "" ? "" : `${STEP.repeat(depth)}${line.trim()}`;
  });
}

function openedBrackets(line: string): number {
  let net = 0;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] as string;
    if (character === '"') at = stringEnd(line, at + 1);
    else if ("([{".includes(character)) net += 1;
    else if (")]}".includes(character)) net -= 1;
  }
  return net;
}

/** Renders text of several lines, such as user data, as a heredoc. A heredoc has only the escapes of templates. */
function heredoc(value: string): string[] {
  const lines = value.slice(0, -1).split("\n");
  let end = "EOT";
  // For python-hcl2, a heredoc can end inside a line.
  while (value.includes(end)) end += "_";
  return [`<<${end}`, ...lines.map((line) => `${FLUSH_LEFT}${line}`), `${FLUSH_LEFT}${end}`];
}

/** Marks a line of a heredoc, which must not be indented. `withoutMarks` removes it. */
const FLUSH_LEFT = "\u0000";

function listLines(values: readonly Json[], kind: StringKind): string[] {
  const items = values.map((value) => valueLines(value, kind));
  const line = `[${items.map((lines) => lines.join(" ")).join(", ")}]`;
  if (items.every((lines) => lines.length === 1) && line.length <= WIDTH) return [line];
  return ["[", ...indented(items.flatMap((lines) => [...lines.slice(0, -1), `${lines.at(-1)},`])), "]"];
}

function keyText(key: string, kind: StringKind): string {
  if (IDENTIFIER.test(key)) return key;
  const [text = ""] = stringLines(key, kind);
  // An expression needs parentheses. Without them, it would be the name of the key.
  return text.startsWith('"') ? text : `(${text})`;
}

/** Aligns the equals signs of neighboring one-line arguments, like `terraform fmt`. */
export function aligned(entries: readonly (readonly [name: string, value: readonly string[]])[]): string[] {
  const result: string[] = [];
  for (let from = 0; from < entries.length; ) {
    let to = from;
    while (to < entries.length && entries[to]?.[1].length === 1) to += 1;
    const chain = entries.slice(from, to);
    const width = Math.max(0, ...chain.map(([name]) => name.length));
    result.push(...chain.map(([name, [value]]) => `${name.padEnd(width)} = ${value}`));
    const long = entries[to];
    if (long) result.push(`${long[0]} = ${long[1][0]}`, ...long[1].slice(1));
    from = to + 1;
  }
  return result;
}

export const indented = (lines: readonly string[]): string[] =>
  lines.map((line) => (line === "" || line.startsWith(FLUSH_LEFT) ? line : `${STEP}${line}`));

export const withoutMarks = (lines: readonly string[]): string =>
  `${lines.map((line) => line.replace(FLUSH_LEFT, "")).join("\n")}\n`;
