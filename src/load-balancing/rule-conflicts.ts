import { listenerIdentityOf } from "../cluster/cluster-identity";
import type { Problem } from "../validation/problem";
import { show } from "../validation/show";
import { isToken } from "../validation/token";
import { shown, textOf } from "./condition-values";
import { conditionsIn, firstCondition, hasRegex, type RuleConditions } from "./rule-conditions";
import { hasSameConditions, hiddenValues, sharedValues } from "./rule-overlap";
import { PRIORITIES, rulePriority } from "./rule-priority";

/** A rule that a listener has. */
export interface PlacedRule extends RuleConditions {
  /** The path of the rule's construct, for messages. */
  readonly name: string;
  /** Undefined when it must be set, because it cannot follow from tokens. */
  readonly priority: number | undefined;
  /** Whether the route gives the priority. */
  readonly hasOwnPriority: boolean;
}

/**
 * Returns the rule of a route.
 * @param path the path of the rule's construct
 * @param owner the service's name, and the id of the rule's construct
 * @param offset how much lower the priority is than the one that follows from the conditions
 */
export function placedRule(
  path: string,
  owner: { readonly name: string; readonly ruleId: string },
  { priority, ...route }: RuleConditions & { readonly priority?: number },
  offset = 0,
): PlacedRule {
  const { pathRegexes, hostRegexes, headerRegexes, ...conditions } = conditionsIn(route);
  const values = Object.values(conditions).flatMap((some) => (Array.isArray(some) ? some : Object.values(some).flat()));
  const isKnown = !hasRegex(route) && ![owner.name, ...values.map(textOf)].some(isToken);
  const own = isKnown ? Math.max(rulePriority({ ...owner, ...conditions }) - offset, PRIORITIES.lowest) : undefined;
  return { ...conditionsIn(route), name: path, priority: priority ?? own, hasOwnPriority: priority !== undefined };
}

const PLACED = new WeakMap<object, PlacedRule[]>();

/**
 * Returns the rules that the app has placed on a listener, in any of its stacks. Rules of other apps are unknown.
 *
 * @param loadBalancer the `loadBalancer` of a cluster, or another listener
 */
export function rulesOn(loadBalancer: object): PlacedRule[] {
  const listener = listenerIdentityOf(loadBalancer);
  const rules = PLACED.get(listener) ?? [];
  PLACED.set(listener, rules);
  return rules;
}

/**
 * Returns why a rule cannot join other rules of the listener.
 *
 * @param setting the path of the route in the caller's settings: `routes.admin`. @default - the settings are the route
 */
export function conflicts(rule: PlacedRule, others: readonly PlacedRule[], setting = ""): Problem[] {
  const problems: Problem[] = [];
  const report = (name: string, must: string, received: string, fix: string) =>
    problems.push({ path: setting === "" ? name : `${setting}.${name}`, rule: `must ${must}`, received, fix });
  const conditions = firstCondition(rule);
  if (rule.priority === undefined) {
    const must = "be set, because a value of a condition or the service's name is a token";
    report("priority", must, "nothing", `Set a number from ${PRIORITIES.lowest} to ${PRIORITIES.highest}.`);
  }
  for (const other of others) {
    const isCompared = !hasRegex(rule) && !hasRegex(other);
    const same = isCompared ? sharedValues(rule, other) : [];
    const replaces = isCompared && hasSameConditions(rule, other);
    if (same.length > 0 && !(replaces && (rule.hasOwnPriority || other.hasOwnPriority))) {
      const fix = `Remove it from one of the two rules.${replaces ? REPLACE : ""}`;
      report(
        conditions,
        `differ from the ${conditions} of ${other.name}`,
        `${listed(same)}, which both rules have`,
        fix,
      );
    } else if (rule.priority === other.priority) {
      const fix = `Set priority of one of the two rules, from ${PRIORITIES.lowest} to ${PRIORITIES.highest}. The load balancer evaluates the lowest number first.`;
      const received = `${rule.priority}, which ${other.name} also has (${values(other)})`;
      if (rule.priority !== undefined) report("priority", "be unique on the listener", received, fix);
    } else if (isCompared && !replaces && rule.priority !== undefined && other.priority !== undefined) {
      const [first, second] = rule.priority < other.priority ? [rule, other] : [other, rule];
      const hidden = hiddenValues(first, second);
      if (hidden.length === 0) continue;
      const received = `${listed(hidden)} of ${second.name} (priority ${second.priority}), which can never match, because ${values(first)} of ${first.name} (priority ${first.priority}) matches all its requests first`;
      const fix = "Remove it, move it to another rule with routes, or set priority of one of the two rules.";
      report(conditions, "leave requests for every rule", received, fix);
    }
  }
  return problems;
}

/** Two services can have equal conditions while one of them replaces the other. */
const REPLACE =
  " If one service replaces the other, set priority of one of the two rules until the other rule is gone.";

const listed = (patterns: readonly string[]): string => patterns.map(show).join(" and ");
/** Returns all values of a rule. */
const values = (rule: RuleConditions): string =>
  Object.entries(conditionsIn(rule))
    .flatMap(([name, some]) =>
      Array.isArray(some)
        ? shown(name, some.map(textOf))
        : Object.entries(some).flatMap(([header, own]) => shown(`headers.${header}`, own as readonly string[])),
    )
    .map(show)
    .join(", ");
