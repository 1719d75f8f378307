/** A statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Conditions;
}

/** The values of condition keys by operator. */
export interface Conditions {
  readonly [operator: string]: { readonly [key: string]: readonly string[] };
}

/**
 * Merges statements with the same name, effect and kinds of conditions. Statements of the same name with other conditions stay
 * apart, and get a number.
 */
export function mergedByName(statements: readonly Statement[]): Statement[] {
  const byName = new Map<string, Statement>();
  for (const statement of statements) {
    const key = JSON.stringify([statement.Sid, statement.Effect, kindsOf(statement.Condition)]);
    const before = byName.get(key);
    byName.set(key, before ? union(before, statement) : statement);
  }
  const counts = new Map<string, number>();
  return [...byName.values()].map((statement) => {
    const count = (counts.get(statement.Sid) ?? 0) + 1;
    counts.set(statement.Sid, count);
    return count === 1 ? statement : { ...statement, Sid: `${statement.Sid}${count}` };
  });
}

/** Merges statements with the same effect, resources and condition. Keeps `Read` apart. */
export function mergedByScope(statements: readonly Statement[]): Statement[] {
  const byScope = new Map<string, Statement>();
  for (const statement of statements) {
    const { Sid, Effect, Resource, Condition } = statement;
    const scope = JSON.stringify([Sid === "Read", Effect, Resource, Condition]);
    const before = byScope.get(scope);
    byScope.set(scope, before ? { ...before, Action: sortedUnion(before.Action, statement.Action) } : statement);
  }
  return [...byScope.values()];
}

const kindsOf = (conditions: Conditions = {}): string[] =>
  Object.entries(conditions).flatMap(([operator, keys]) => Object.keys(keys).map((key) => `${operator} ${key}`));

const sortedUnion = (left: readonly string[], right: readonly string[]): string[] =>
  [...new Set([...left, ...right])].sort();

const union = (a: Statement, b: Statement): Statement => ({
  ...a,
  Action: sortedUnion(a.Action, b.Action),
  Resource: sortedUnion(a.Resource, b.Resource),
  ...(a.Condition
    ? {
        Condition: mapConditions(a.Condition, (values, op, key) => sortedUnion(values, b.Condition?.[op]?.[key] ?? [])),
      }
    : {}),
});

/** Returns conditions with other values. A key without a value is left out. */
export function mapConditions(
  conditions: Conditions,
  map: (values: readonly string[], operator: string, key: string) => readonly string[],
): Conditions {
  const mapped = Object.entries(conditions).map(([operator, keys]) => {
    const values = Object.entries(keys).map(([key, before]) => [key, map(before, operator, key)] as const);
    return [operator, Object.fromEntries(values.filter(([, after]) => after.length > 0))] as const;
  });
  return Object.fromEntries(mapped.filter(([, keys]) => Object.keys(keys).length > 0));
}
