import { containsNetwork } from "../network/cidr-rules";
import type { QueryString, RuleConditions } from "./rule-conditions";

/** The name of a condition: a setting, or `headers.` with a header in lower case. */
type ConditionName = string;

/** Returns a value of a condition as text: `version=2` for a query string. */
export const textOf = (value: unknown): string => {
  if (typeof value !== "object" || value === null) return String(value);
  const { key = "", value: text } = value as QueryString;
  return `${key}=${text}`;
};

/** Returns equal conditions in one form, whatever the order of the values and the case of a text that AWS reads without it. */
export function conditionsOf({
  hosts,
  paths,
  headers = {},
  methods,
  queryStrings,
  sourceIps,
}: RuleConditions): ReadonlyMap<ConditionName, readonly string[]> {
  const lower = (some?: readonly unknown[]) => some?.map((value) => textOf(value).toLowerCase());
  const all: [ConditionName, readonly string[] | undefined][] = [
    ["hosts", lower(hosts)],
    ["paths", paths],
    ...Object.entries(headers).map(([name, some]): [string, readonly string[] | undefined] => [
      `headers.${name.toLowerCase()}`,
      lower(some),
    ]),
    ["methods", methods],
    ["queryStrings", lower(queryStrings)],
    ["sourceIps", sourceIps],
  ];
  return new Map(all.flatMap(([name, some]) => (some ? [[name, [...new Set(some)].sort()] as const] : [])));
}

/** The patterns that mean the same as no condition. The path of every request begins with a slash. */
const ANY: Readonly<Record<ConditionName, string>> = { hosts: "*", paths: "/*" };

/** Returns the values of a condition for messages: `x-version: 2` for a header, and `2` for a query string with any key. */
export const shown = (name: ConditionName, values: readonly string[]): readonly string[] => {
  const [, header] = name.split(/^headers[.]/);
  return values.map((value) => (header === undefined ? value.replace(/^=/, "") : `${header}: ${value}`));
};

/** Returns the values that both rules have. Rules with the same path and different hosts share none. */
export function sharedValues(one: RuleConditions, other: RuleConditions): string[] {
  const [a, b] = [conditionsOf(one), conditionsOf(other)];
  const both = [...new Set([...a.keys(), ...b.keys()])].map((name) =>
    shown(
      name,
      (a.get(name) ?? []).filter((value) => b.get(name)?.includes(value)),
    ),
  );
  return both.some((values) => values.length === 0) ? [] : both.flat();
}

/** Returns true when two rules match the same requests. */
export const hasSameConditions = (one: RuleConditions, other: RuleConditions): boolean =>
  JSON.stringify([...conditionsOf(one)]) === JSON.stringify([...conditionsOf(other)]);

/** Returns the values of the later rule whose requests the earlier rule matches, whatever the other conditions are. */
export function hiddenValues(earlier: RuleConditions, later: RuleConditions): readonly string[] {
  const [first, second] = [conditionsOf(earlier), conditionsOf(later)];
  const hidden = new Map<ConditionName, readonly string[]>();
  const partly: ConditionName[] = [];
  for (const name of new Set([...first.keys(), ...second.keys()])) {
    const any = ANY[name] === undefined ? [] : [ANY[name]];
    // Without the condition, the later rule matches requests that no pattern of the earlier rule covers, except for "any".
    const values = second.get(name) ?? any;
    const by = first.get(name);
    const some = by ? values.filter((value) => by.some((pattern) => covers(name, pattern, value))) : values;
    if (some.length < values.length || values.length === 0) partly.push(name);
    hidden.set(name, shown(name, some));
  }
  if (partly.length > 1) return [];
  const reported = partly[0] ?? (second.has("paths") ? "paths" : second.keys().next().value) ?? "";
  return hidden.get(reported) ?? [];
}

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
