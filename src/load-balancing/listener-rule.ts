import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { listenerIdentityOf } from "../cluster/cluster-identity";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { serviceNameRules } from "../validation/aws-rules";
import type { Problem } from "../validation/problem";
import { wholeNumber } from "../validation/rule";
import { number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { show } from "../validation/show";
import { isToken } from "../validation/token";
import { throwIfInvalid, validate } from "../validation/validate";
import {
  listenerOf,
  missingLoadBalancer,
  type RouteListener,
  type RouteLoadBalancer,
  routeLoadBalancerField,
} from "./route-listener";
import {
  conditionFields,
  covers,
  MOST_VALUES,
  MOST_WILDCARDS,
  normalized,
  PRIORITIES,
  type RuleConditions,
  rulePriority,
} from "./rule-priority";

/** The requests that a service receives: those with one of the paths and one of the hosts. Set at least one of the two. */
export interface Route extends RuleConditions {
  /**
   * The priority of the rule. The load balancer evaluates the lowest number first. Two services can have equal conditions if
   * one of them has a priority, so that one can replace the other without a gap.
   * @default - follows from the conditions and the service: a more specific rule has a lower number
   */
  readonly priority?: number;
  /**
   * The load balancer: its name in `loadBalancers` of the cluster, a construct such as `ApplicationLoadBalancer.fromListenerArn(…)`, or
   * one of its `listeners`. Each load balancer has its own target group.
   * @default - `loadBalancer` of the cluster
   */
  readonly loadBalancer?: RouteLoadBalancer;
}

export const routeSchema = schemaOf<Route>()(
  {
    ...conditionFields,
    priority: plain(
      number(
        wholeNumber(PRIORITIES.lowest, PRIORITIES.highest, "", "Remove it, and it follows from the paths and hosts."),
      ),
    ).optional(),
    loadBalancer: routeLoadBalancerField.optional(),
  },
  pathsOrHosts,
  conditionLimits,
);

function* pathsOrHosts(_: Known<Route>, given: Given<Route>): Findings<Route> {
  if (!given("paths") && !given("hosts")) {
    yield { at: "paths", must: "be set, or hosts", fix: 'For example paths: ["/api/users*"].' };
  }
}

/** The limits of one rule, and patterns that match nothing new. An undefined pattern is a token, or wrong. */
export function* conditionLimits({ paths = [], hosts = [] }: Known<Route>): Findings<Route> {
  const values = [...paths, ...hosts];
  const at = paths.length > 0 ? "paths" : "hosts";
  const fix = "Split the rule in two with routes.";
  if (values.length > MOST_VALUES && paths.length <= MOST_VALUES && hosts.length <= MOST_VALUES) {
    yield { at, must: `have at most ${MOST_VALUES} values, together with hosts`, fix, received: values };
  }
  if (values.join("").replace(/[^*?]/g, "").length > MOST_WILDCARDS) {
    yield {
      at,
      must: `have at most ${MOST_WILDCARDS} wildcards (* and ?), together with hosts`,
      fix,
      received: values,
    };
  }
  for (const [list, patterns] of Object.entries({ paths, hosts }) as ["paths" | "hosts", typeof paths][]) {
    for (const [index, pattern] of patterns.entries()) {
      if (pattern === undefined) continue;
      const wider = patterns.find((other) => other !== undefined && other !== pattern && covers(other, pattern));
      if (wider === undefined) continue;
      yield { at: [list, index], must: `match requests that ${show(wider)} does not match`, fix: "Remove it." };
    }
  }
}

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
 */
export function placedRule(
  path: string,
  owner: { readonly name: string; readonly ruleId: string },
  { paths, hosts, priority }: Route,
): PlacedRule {
  const isKnown = ![owner.name, ...(paths ?? []), ...(hosts ?? [])].some(isToken);
  const own = isKnown ? rulePriority({ ...owner, paths, hosts }) : undefined;
  return { name: path, paths, hosts, priority: priority ?? own, hasOwnPriority: priority !== undefined };
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

/** The default quota. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const RULES_PER_LOAD_BALANCER = 100;

/**
 * Returns why a rule cannot join other rules of the listener.
 *
 * @param setting the path of the route in the caller's settings: `routes.admin`. @default - the settings are the route
 */
export function conflicts(rule: PlacedRule, others: readonly PlacedRule[], setting = ""): Problem[] {
  const problems: Problem[] = [];
  const report = (name: string, must: string, received: string, fix: string) =>
    problems.push({ path: setting === "" ? name : `${setting}.${name}`, rule: `must ${must}`, received, fix });
  const conditions = rule.paths ? "paths" : "hosts";
  if (rule.priority === undefined) {
    const must = "be set, because a path, a host or the service's name is a token";
    report("priority", must, "nothing", `Set a number from ${PRIORITIES.lowest} to ${PRIORITIES.highest}.`);
  }
  if (others.length >= RULES_PER_LOAD_BALANCER) {
    const must = `be one of at most ${RULES_PER_LOAD_BALANCER} rules of the load balancer, which is AWS's default quota`;
    const fix = "Combine the paths of a service in one rule, or use another load balancer for some services.";
    report(conditions, must, `rule number ${others.length + 1}`, fix);
  }
  for (const other of others) {
    const same = shared(rule, other);
    const replaces = hasSameConditions(rule, other);
    if (same.length > 0 && !(replaces && (rule.hasOwnPriority || other.hasOwnPriority))) {
      const fix = `Remove it from one of the two rules.${replaces ? REPLACE : ""}`;
      report(conditions, `differ from the ${conditions} of ${other.name}`, `${list(same)}, which both rules have`, fix);
    } else if (rule.priority === other.priority) {
      const fix = `Set priority of one of the two rules, from ${PRIORITIES.lowest} to ${PRIORITIES.highest}. The load balancer evaluates the lowest number first.`;
      const received = `${rule.priority}, which ${other.name} also has (${values(other)})`;
      if (rule.priority !== undefined) report("priority", "be unique on the listener", received, fix);
    } else if (!replaces && rule.priority !== undefined && other.priority !== undefined) {
      const [first, second] = rule.priority < other.priority ? [rule, other] : [other, rule];
      const hidden = hiddenValues(first, second);
      if (hidden.length === 0) continue;
      const received = `${list(hidden)} of ${second.name} (priority ${second.priority}), which can never match, because ${values(first)} of ${first.name} (priority ${first.priority}) matches all its requests first`;
      const fix = "Remove it, move it to another rule with routes, or set priority of one of the two rules.";
      report(conditions, "leave requests for every rule", received, fix);
    }
  }
  return problems;
}

/** Two services can have equal conditions while one of them replaces the other. */
const REPLACE =
  " If one service replaces the other, set priority of one of the two rules until the other rule is gone.";

const hasSameConditions = (one: RuleConditions, other: RuleConditions): boolean =>
  JSON.stringify(normalized(one)) === JSON.stringify(normalized(other));

const list = (patterns: readonly string[]): string => patterns.map(show).join(" and ");
const values = ({ paths = [], hosts = [] }: RuleConditions): string => [...hosts, ...paths].map(show).join(", ");

/** Returns the conditions that both rules have. Rules with the same path and different hosts share none. */
function shared(one: RuleConditions, other: RuleConditions): string[] {
  const [a, b] = [normalized(one), normalized(other)];
  const both = (x: readonly string[], y: readonly string[]) =>
    x.length === 0 && y.length === 0 ? undefined : x.filter((value) => y.includes(value));
  const hosts = both(a.hosts, b.hosts);
  const paths = both(a.paths, b.paths);
  return hosts?.length === 0 || paths?.length === 0 ? [] : [...(hosts ?? []), ...(paths ?? [])];
}

/** Returns the values of the later rule whose requests the earlier rule matches, whatever the other condition is. */
function hiddenValues(earlier: RuleConditions, later: RuleConditions): readonly string[] {
  const [first, second] = [normalized(earlier), normalized(later)];
  const hosts = covered(first.hosts, second.hosts, "*");
  // The path of every request begins with a slash.
  const paths = covered(first.paths, second.paths, "/*");
  if (hosts.some.length === 0 || paths.some.length === 0) return [];
  if (hosts.all) return second.paths.length === 0 ? hosts.some : paths.some;
  return paths.all ? hosts.some : [];
}

/** Returns the patterns that other patterns certainly cover. @param any the pattern that means the same as no pattern */
function covered(by: readonly string[], patterns: readonly string[], any: string) {
  const later = patterns.length === 0 ? [any] : patterns;
  const earlier = by.length === 0 ? [any] : by;
  const some = later.filter((pattern) => earlier.some((other) => covers(other, pattern)));
  return { some, all: some.length === later.length };
}

/** A listener rule that forwards to a target group. */
export interface ListenerRuleProps extends Route {
  /** The service's cluster. It must have a load balancer. */
  readonly cluster: EcsClusterTarget;
  /** The service's name. */
  readonly name: string;
  /** The ARN of the service's target group. */
  readonly targetGroupArn: string;
  /** The path of the route in your code, for messages about other rules: `routes.admin`. @default - none */
  readonly setting?: string;
}

export const listenerRulePropsSchema = schemaOf<ListenerRuleProps>()(
  {
    ...routeSchema.shape,
    cluster: clusterTargetField,
    name: string(...serviceNameRules),
    targetGroupArn: string(),
    setting: plain(string()).optional(),
  },
  ...routeSchema.rules,
  withLoadBalancer,
);

function* withLoadBalancer(
  { cluster, loadBalancer }: Known<ListenerRuleProps>,
  given: Given<ListenerRuleProps>,
): Findings<ListenerRuleProps> {
  if (!cluster) return;
  for (const finding of missingLoadBalancer(cluster as EcsClusterTarget, loadBalancer as RouteLoadBalancer)) {
    yield { at: "loadBalancer", ...finding };
  }
  if (cluster.loadBalancer || given("loadBalancer")) return;
  const fix = "Add a load balancer to the cluster, or remove the rule.";
  yield { at: ["cluster", "loadBalancer"], must: "be set", fix };
}

/** A rule on a listener of the cluster. It forwards requests to one service. */
export class ListenerRule extends Construct {
  /** The rule's priority. */
  readonly priority: number;
  /** The resource. The service depends on it, because a target group without a rule has no load balancer yet. */
  readonly rule: ITerraformDependable;

  /** @throws {SettingsError} with every problem of the props, or with every conflict with the listener's other rules */
  constructor(scope: Construct, id: string, props: ListenerRuleProps) {
    super(scope, id);
    const settings = validate(this, listenerRulePropsSchema, props);
    const { cluster, name, targetGroupArn, paths, hosts, setting } = settings;
    const { listener } = listenerOf(cluster, settings.loadBalancer) as RouteListener;
    const placed = placedRule(this.node.path, { name, ruleId: id }, settings);
    const others = rulesOn(listener);
    throwIfInvalid(this, conflicts(placed, others, setting));
    others.push(placed);
    this.priority = placed.priority as number;

    const literals = (patterns: readonly string[]) => patterns.map((pattern) => literal(pattern));
    const rule = new LbListenerRule(this, "resource", {
      listenerArn: listener.listenerArn,
      priority: this.priority,
      condition: [
        ...(hosts ? [{ hostHeader: { values: literals(hosts) } }] : []),
        ...(paths ? [{ pathPattern: { values: literals(paths) } }] : []),
      ],
      action: [{ type: "forward", targetGroupArn: literal(targetGroupArn) }],
      tags: purposeTags(`${cluster.cluster.clusterName}-${name}`, `Sends requests to ${name}`),
      // Another listener replaces the rule. The new rule comes first, so that no request is lost.
      lifecycle: { createBeforeDestroy: true },
    });
    this.rule = rule;
    this.node.defaultChild = rule;
  }
}
