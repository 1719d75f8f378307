import { isPlainObject, isToken, withTokensNamed } from "./token";

const MOST_CHARACTERS = 80;
const MOST_ENTRIES = 10;
const DEEPEST = 2;

/**
 * Renders a value for an error message: like JSON, shortened. Tokens, functions and instances are named, because their
 * text means nothing to a reader. A private key is not shown, because error messages end up in logs.
 */
export function show(value: unknown): string {
  const text = written(value, 0);
  if (text.includes("PRIVATE KEY")) return "a private key, which is not shown";
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

function written(value: unknown, depth: number): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return quoted(value);
  if (isToken(value)) return "a token";
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return entries(value, depth, "[]", (element) => written(element, depth + 1));
  if (!isPlainObject(value)) return `an instance of ${value.constructor?.name || "a class"}`;
  return entries(Object.keys(value), depth, "{}", (key) => `${quoted(key)}: ${written(value[key], depth + 1)}`);
}

function entries<T>(all: readonly T[], depth: number, [open, close]: string, write: (one: T) => string): string {
  const shown = depth < DEEPEST ? all.slice(0, MOST_ENTRIES).map(write) : [];
  return `${open}${[...shown, ...(shown.length < all.length ? ["…"] : [])].join(", ")}${close}`;
}

function quoted(text: string): string {
  const readable = withTokensNamed(text);
  return readable === "<token>" ? "a token" : JSON.stringify(readable);
}
