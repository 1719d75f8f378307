import { containsNetwork } from "../network/cidr-rules";

/** The name of a condition: a setting, or `headers.` with a header in lower case. */
export type ConditionName = string;

/** Returns a value of a condition as text: `version=2` for a query string. */
export const textOf = (value: unknown): string => {
  if (typeof value !== "object" || value === null) return String(value);
  const { key = "", value: text } = value as { readonly key?: string; readonly value: string };
  return `${key}=${text}`;
};

/** Returns the values of a condition for messages: `x-version: 2` for a header, and `2` for a query string with any key. */
export const shown = (name: ConditionName, values: readonly string[]): readonly string[] => {
  const [, header] = name.split(/^headers[.]/);
  return values.map((value) => (header === undefined ? value.replace(/^=/, "") : `${header}: ${value}`));
};

/** Returns true when a value of a condition certainly matches everything that another one matches. */
export function covers(name: ConditionName, by: string, value: string): boolean {
  if (name === "methods") return by === value;
  if (name === "sourceIps") return by === value || containsNetwork(by, value);
  if (name !== "queryStrings") return coversPattern(by, value);
  const [[key, text], [otherKey, otherText]] = [keyAndValue(by), keyAndValue(value)];
  // A query string without a key matches any key.
  return (key === "" || (otherKey !== "" && coversPattern(key, otherKey))) && coversPattern(text, otherText);
}

/** No key contains an equals sign. */
const keyAndValue = (text: string): [string, string] => {
  const end = text.indexOf("=");
  return [text.slice(0, end), text.slice(end + 1)];
};

/** Returns true when the pattern `by` certainly matches everything that `pattern` matches. */
export function coversPattern(by: string, pattern: string): boolean {
  // Most pairs differ before the first wildcard.
  const wildcard = by.search(/[*?]/);
  // A backslash escapes a wildcard of a header and of a query string.
  if (wildcard < 0 || by.includes("\\") || pattern.includes("\\")) return by === pattern;
  if (!pattern.startsWith(by.slice(0, wildcard))) return false;
  // reach[i] is true when the first i characters of `by` can match the characters of `pattern` read so far.
  let reach = closure(by, [true, ...Array<boolean>(by.length).fill(false)]);
  for (const character of pattern) {
    const next = reach.map(() => false);
    reach.forEach((reached, index) => {
      if (!reached) return;
      const expected = by[index];
      if (expected === "*") next[index] = true;
      else if (character !== "*" && (expected === "?" || expected === character)) next[index + 1] = true;
    });
    reach = closure(by, next);
  }
  return reach[by.length] === true;
}

/** Returns the positions that can also be reached because a `*` matches the empty string. */
function closure(by: string, reach: boolean[]): boolean[] {
  for (let index = 0; index < by.length; index++) if (reach[index] && by[index] === "*") reach[index + 1] = true;
  return reach;
}
