import { isObject, type Json } from "../terraform-json/configuration";
import { orderedEntries } from "../terraform-json/key-order";
import { literalString, quotedText, stringEnd, templateParts } from "./template";

/** Whether strings are templates, text as it stands, or expressions written without quotes. */
export type StringKind = "template" | "literal" | "expression";

const STEP = "  ";
const WIDTH = 100;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** A value's lines: the first stands after `name =`, the others are indented from where the name stands. */
export function valueLines(value: Json, kind: StringKind): string[] {
  if (typeof value === "string") return stringLines(value, kind);
  if (Array.isArray(value)) return listLines(value, kind);
  if (!isObject(value)) return [JSON.stringify(value)];
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
    return reindented(spaced(only.expression.trim()).split("\n"));
  }
  const isText = value.endsWith("\n") && value.indexOf("\n") < value.length - 1;
  if (isText) return heredoc(value);
  const text = parts.map((part) =>
    "text" in part ? quotedText(part.text) : `${part.opening}${spaced(part.expression.trim())}}`,
  );
  return [`"${text.join("")}"`];
}

/**
 * Lines of an expression as `terraform fmt` indents them: one step for each line that opens more brackets than it closes.
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

/** A space after each comma, as `terraform fmt` has it; lists that were made as JSON have none. */
function spaced(expression: string): string {
  let result = "";
  for (let at = 0; at < expression.length; at += 1) {
    const end = expression[at] === '"' ? stringEnd(expression, at + 1) : at;
    result += expression.slice(at, end + 1);
    if (expression[at] === "," && !/\s/.test(expression[at + 1] ?? " ")) result += " ";
    at = end;
  }
  return result;
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

/** Several lines of text, such as user data, stand as they are; a heredoc knows no escapes but the template's own. */
function heredoc(value: string): string[] {
  const lines = value.slice(0, -1).split("\n");
  let end = "EOT";
  while (lines.some((line) => line.trim() === end)) end += "_";
  return [`<<${end}`, ...lines.map((line) => `${FLUSH_LEFT}${line}`), `${FLUSH_LEFT}${end}`];
}

/** Marks a line that no indentation may be put before. It is no character of any text, and is gone from the result. */
const FLUSH_LEFT = "\u0000";

function listLines(values: readonly Json[], kind: StringKind): string[] {
  const items = values.map((value) => valueLines(value, kind));
  const line = `[${items.map((lines) => lines.join(" ")).join(", ")}]`;
  if (items.every((lines) => lines.length === 1) && line.length <= WIDTH) return [line];
  return ["[", ...indented(items.flatMap((lines) => [...lines.slice(0, -1), `${lines.at(-1)},`])), "]"];
}

const keyText = (key: string, kind: StringKind): string =>
  IDENTIFIER.test(key) ? key : (stringLines(key, kind)[0] as string);

/** `terraform fmt` puts the equals signs of neighbouring lines below each other, and lets long values stand apart. */
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
