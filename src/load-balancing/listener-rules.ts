import { covers, normalized, PRIORITIES, type RuleConditions, rulePriority } from "./rule-priority";

/** A rule that stands on a listener. */
export interface PlacedRule extends RuleConditions {
  /** Which rule it is, for messages: the path of its construct. */
  readonly name: string;
  readonly priority: number;
}

/** The default quota. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
export const RULES_PER_LOAD_BALANCER = 100;

/** What stands on a listener in another app's state can't be seen from here. */
const PLACED = new WeakMap<object, PlacedRule[]>();

/**
 * The rules on one listener, in whichever stack of the app.
 *
 * @param listener the object that stands for the listener: the load balancer, or what was looked up
 */
export function rulesOn(listener: object): PlacedRule[] {
  const rules = PLACED.get(listener) ?? [];
  PLACED.set(listener, rules);
  return rules;
}

/** What a rule's priority is: the one given, or the one that follows from its conditions. */
export const priorityOf = (conditions: RuleConditions, priority?: number): number =>
  priority ?? rulePriority(conditions);

/**
 * Every reason why a rule can't stand beside those that are there.
 *
 * @param setting what the rule is called in the caller's code, for instance `routes.admin`
 */
export function conflicts(setting: string, rule: PlacedRule, others: readonly PlacedRule[]): string[] {
  const mistakes: string[] = [];
  if (others.length + 1 > RULES_PER_LOAD_BALANCER) {
    mistakes.push(
      `${setting} must be one of at most ${RULES_PER_LOAD_BALANCER} rules, which is the load balancer's quota; received number ${others.length + 1}. Join paths of one service in one rule (up to 5 values), or put services on another load balancer.`,
    );
  }
  for (const other of others) {
    const same = shared(rule, other);
    if (same.length > 0) {
      mistakes.push(
        `${setting} must match something that no other rule does; received ${same.join(" and ")}, which ${other.name} has too. Remove it from one of them.`,
      );
    } else if (rule.priority === other.priority) {
      mistakes.push(
        `${setting} must have a priority of its own; received ${rule.priority}, which ${other.name} has too (${show(other)}). Give one of them a priority: ${PRIORITIES.lowest} to ${PRIORITIES.highest}, where the lower is asked first.`,
      );
    } else {
      const [first, second] = rule.priority < other.priority ? [rule, other] : [other, rule];
      const hidden = hiddenValues(first, second);
      if (hidden.length > 0) {
        mistakes.push(
          `${setting} must leave each rule something to match; received ${hidden.join(" and ")} of ${second.name} at priority ${second.priority}, all of which ${first.name} takes before at priority ${first.priority} (${show(first)}). Remove it, make a rule of its own of it (routes), or give one of them a priority.`,
        );
      }
    }
  }
  return mistakes;
}

const show = ({ paths = [], hosts = [] }: RuleConditions): string => [...hosts, ...paths].join(", ");

/** The conditions that both rules have word for word. Other hosts make another rule of the same path. */
function shared(one: RuleConditions, other: RuleConditions): string[] {
  const [a, b] = [normalized(one), normalized(other)];
  const both = (x: readonly string[], y: readonly string[]) =>
    x.length === 0 && y.length === 0 ? undefined : x.filter((value) => y.includes(value));
  const hosts = both(a.hosts, b.hosts);
  const paths = both(a.paths, b.paths);
  if (hosts?.length === 0 || paths?.length === 0) return [];
  return [...(hosts ?? []), ...(paths ?? [])].map((value) => JSON.stringify(value));
}

/** The values of the later rule that the earlier one takes, whatever the rest of the request is. */
function hiddenValues(earlier: RuleConditions, later: RuleConditions): string[] {
  const [first, second] = [normalized(earlier), normalized(later)];
  const hosts = taken(first.hosts, second.hosts, "*");
  // Every request's path begins with a slash.
  const paths = taken(first.paths, second.paths, "/*");
  if (hosts.some.length === 0 || paths.some.length === 0) return [];
  const quoted = (values: readonly string[]) => values.map((value) => JSON.stringify(value));
  if (hosts.all) return quoted(second.paths.length === 0 ? hosts.some : paths.some);
  return paths.all ? quoted(hosts.some) : [];
}

/** Which of the patterns are surely matched by others. No pattern at all is what `any` is. */
function taken(by: readonly string[], patterns: readonly string[], any: string): { some: string[]; all: boolean } {
  const asked = patterns.length === 0 ? [any] : patterns;
  const takers = by.length === 0 ? [any] : by;
  const some = asked.filter((pattern) => takers.some((taker) => covers(taker, pattern)));
  return { some, all: some.length === asked.length };
}
