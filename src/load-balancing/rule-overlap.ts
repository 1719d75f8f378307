import { type ConditionName, covers, shown, textOf } from "./condition-values";
import type { RuleConditions } from "./rule-conditions";

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
