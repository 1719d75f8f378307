import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { DataResource, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { serviceNameRules } from "../validation/aws-rules";
import { wholeNumber } from "../validation/rule";
import { boolean, list, number, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import { isPlainObject } from "../validation/token";
import { throwIfInvalid, validate } from "../validation/validate";
import { ruleQuotaProblems, useOf } from "./load-balancer-quotas";
import {
  listenerOf,
  missingLoadBalancer,
  type RouteListener,
  type RouteLoadBalancer,
  routeLoadBalancerField,
} from "./route-listener";
import {
  checkActions,
  checkGuards,
  checkProblems,
  oneCheck,
  type RouteActions,
  routeActionFields,
  transformBlocks,
} from "./rule-actions";
import {
  CONDITIONS,
  conditionBlocks,
  conditionFields,
  conditionLimits,
  type RuleConditions,
  regexNeeds,
} from "./rule-conditions";
import { conflicts, placedRule, rulesOn } from "./rule-conflicts";
import { PRIORITIES } from "./rule-priority";
import {
  type FixedResponse,
  fixedResponseAction,
  fixedResponseSchema,
  type Redirect,
  redirectAction,
  redirectGuards,
  redirectProblems,
  redirectSchema,
} from "./rule-responses";
import { addressOf } from "./target-group";

/** The requests that a service receives. Set at least one condition. */
export interface Route extends RuleConditions, RouteActions {
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
      number(wholeNumber(PRIORITIES.lowest, PRIORITIES.highest, "", "Remove it, and it follows from the conditions.")),
    ).optional(),
    loadBalancer: routeLoadBalancerField.optional(),
    ...routeActionFields,
  },
  someCondition,
  conditionLimits,
  regexNeeds,
  oneCheck,
);

function* someCondition(_: Known<Route>, given: Given<Route>): Findings<Route> {
  if (CONDITIONS.some((name) => given(name))) return;
  yield { at: "paths", must: "be set, or another condition such as hosts", fix: 'For example paths: ["/api/users*"].' };
}

/** A target group with its share of the requests. */
export interface WeightedTargetGroup {
  /** The ARN of the target group. */
  readonly targetGroupArn: string;
  /** The share: 0 to 999. With 0, the target group gets no requests. */
  readonly weight: number;
}

/**
 * A listener rule. Set one of `targetGroupArn`, `targetGroups`, `redirect` and `fixedResponse`.
 */
export interface ListenerRuleProps extends Route {
  /** The service's cluster. It must have a load balancer. */
  readonly cluster: EcsClusterTarget;
  /** The service's name, or a name for a rule without a service. @default - the construct's id, with `-` in place of `_` */
  readonly name?: string;
  /** The ARN of the service's target group. @default - none */
  readonly targetGroupArn?: string;
  /** Target groups that share the requests by weight. Each also needs a rule of its service. @default - none */
  readonly targetGroups?: readonly WeightedTargetGroup[];
  /** With `targetGroups`, seconds that a client stays with the same target group, by a cookie. @default - each request is distributed */
  readonly stickinessSeconds?: number;
  /**
   * ECS moves the requests between the `targetGroups`, as a deployment strategy of the service does. Terraform then ignores the actions
   * of the rule, and other target groups replace it.
   * @default false
   * @see https://github.com/hashicorp/terraform-provider-aws/issues/43905
   */
  readonly isShiftedByEcs?: boolean;
  /**
   * How much lower the priority is than the one that follows from the conditions, from 0 to 12. A rule and its replacement exist at the
   * same time, so they need different priorities.
   * @default 0
   */
  readonly priorityOffset?: number;
  /** Redirect to another URL. @default - none */
  readonly redirect?: Redirect;
  /** Return a response without a service. @default - none */
  readonly fixedResponse?: FixedResponse;
  /** The id that the priority follows from, with the conditions and the service. @default - the construct's id */
  readonly ruleId?: string;
  /** The path of the route in your code, for messages about other rules: `routes.admin`. @default - none */
  readonly setting?: string;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html */
const someWeight: Limit<readonly WeightedTargetGroup[]> = {
  must: "have 1 to 5 target groups, with at least one weight above 0",
  fix: "For example [{ targetGroupArn, weight: 90 }, { targetGroupArn: other, weight: 10 }].",
  check: (groups) => groups.length >= 1 && groups.length <= 5 && groups.some(({ weight }) => weight > 0),
  offending: { of: (groups) => groups.map(({ weight }) => ({ weight })) },
};

export const listenerRulePropsSchema = schemaOf<ListenerRuleProps>()(
  {
    ...routeSchema.shape,
    cluster: clusterTargetField,
    name: string(...serviceNameRules).optional(),
    targetGroupArn: string().optional(),
    targetGroups: plain(
      list(
        schemaOf<WeightedTargetGroup>()({
          targetGroupArn: string(),
          weight: number(wholeNumber(0, 999, "", "For example 50.")),
        }),
        someWeight,
      ),
    ).optional(),
    stickinessSeconds: number(wholeNumber(1, 604_800, "seconds", "For example 86400, which is a day.")).optional(),
    isShiftedByEcs: plain(boolean()).default(false),
    priorityOffset: plain(number(wholeNumber(0, 12, "", "Remove it for 0."))).default(0),
    redirect: redirectSchema.optional(),
    fixedResponse: fixedResponseSchema.optional(),
    ruleId: plain(string()).optional(),
    setting: plain(string()).optional(),
  },
  ...routeSchema.rules,
  withLoadBalancer,
  oneTarget,
);

const TARGETS = ["targetGroupArn", "targetGroups", "redirect", "fixedResponse"] as const;

/** A rule has one action that answers requests. Only a target group gets a rewritten request. */
function* oneTarget(_: Known<ListenerRuleProps>, given: Given<ListenerRuleProps>): Findings<ListenerRuleProps> {
  const [first, ...others] = TARGETS.filter((name) => given(name));
  for (const at of others)
    yield { at, must: `not be set with ${first}`, fix: "A rule has one of them. Remove the other." };
  if (first === undefined) {
    const fix = "Set one of them. Ec2Service creates a rule for each of its routes itself.";
    yield { at: "targetGroupArn", must: "be set, or targetGroups, redirect or fixedResponse", fix };
  }
  if (given("stickinessSeconds") && !given("targetGroups")) {
    const fix = "Set stickinessSeconds of the service or the target group.";
    yield { at: "stickinessSeconds", must: "not be set without targetGroups", fix };
  }
  if (given("isShiftedByEcs") && !given("targetGroups")) {
    const fix = "Set targetGroups to the two target groups of the service, with the weights 100 and 0.";
    yield { at: "isShiftedByEcs", must: "not be set without targetGroups", fix };
  }
  if (given("priorityOffset") && given("priority")) {
    yield { at: "priorityOffset", must: "not be set with priority", fix: "Remove one of the two." };
  }
  if (first !== "redirect" && first !== "fixedResponse") return;
  for (const at of ["urlRewrite", "hostHeaderRewrite"] as const) {
    if (given(at)) yield { at, must: `not be set with ${first}`, fix: "No target gets the request. Remove it." };
  }
}

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

/**
 * A rule on a listener of the cluster. It forwards requests to a service or to several, redirects them, or answers them.
 *
 * @example new ListenerRule(stack, "old-site", { cluster: stack, hosts: ["old.example.com"], redirect: { host: "example.com" } })
 */
export class ListenerRule extends Construct {
  /** The rule's priority. */
  readonly priority: number;
  /** The rule's ARN. */
  readonly ruleArn: string;
  /** The resource. The service depends on it, because a target group without a rule has no load balancer yet. */
  readonly rule: ITerraformDependable;

  /** @throws {SettingsError} with every problem of the props, or with every conflict with the listener's other rules */
  constructor(scope: Construct, id: string, props: ListenerRuleProps) {
    super(scope, id);
    const settings = validate(this, listenerRulePropsSchema, withName(props, id));
    const { cluster, name = id, ruleId = id, setting } = settings;
    const { listener } = listenerOf(cluster, settings.loadBalancer) as RouteListener;
    const placed = placedRule(this.node.path, { name, ruleId }, settings, settings.priorityOffset);
    const others = rulesOn(listener);
    const use = useOf(listener);
    throwIfInvalid(this, [
      ...checkProblems(listener, settings, setting),
      ...redirectProblems(listener, settings.redirect, setting),
      ...ruleQuotaProblems(settings, listener, use, setting),
      ...conflicts(placed, others, setting),
    ]);
    others.push(placed);
    use.rules++;
    this.priority = placed.priority as number;

    const owner = setting === undefined ? name : `${setting} of ${name}`;
    const guards = [...checkGuards(listener, settings, owner), ...redirectGuards(listener, settings.redirect, owner)];
    // Terraform ignores the actions, so another target group must replace the rule.
    const trigger = settings.isShiftedByEcs
      ? new DataResource(this, "target_groups", {
          input: { target_group_arns: settings.targetGroups?.map(({ targetGroupArn }) => literal(targetGroupArn)) },
        })
      : undefined;
    const rule = new LbListenerRule(this, "resource", {
      listenerArn: listener.listenerArn,
      priority: this.priority,
      condition: conditionBlocks(settings),
      action: [...checkActions(this, settings, cluster.cluster.clusterArn), lastAction(settings)],
      transform: transformBlocks(settings),
      tags: purposeTags(`${cluster.cluster.clusterName}-${name}`, purposeOf(settings, name)),
      // Another listener replaces the rule. The new rule comes first, so that no request is lost.
      lifecycle: {
        createBeforeDestroy: true,
        precondition: guards.length > 0 ? guards : undefined,
        ignoreChanges: trigger && ["action"],
        replaceTriggeredBy: trigger && [addressOf(trigger)],
      },
    });
    this.rule = rule;
    this.ruleArn = rule.arn;
    this.node.defaultChild = rule;
  }
}

type Settings = Parsed<typeof listenerRulePropsSchema>;

/** Returns the props with a name that follows from the id, so that the rules of names apply to it. */
function withName(props: ListenerRuleProps, id: string): ListenerRuleProps {
  try {
    return isPlainObject(props) && props.name === undefined ? { ...props, name: id.replaceAll("_", "-") } : props;
  } catch {
    // A getter of the caller threw. `validate` reports it.
    return props;
  }
}

const purposeOf = ({ redirect, fixedResponse }: Settings, name: string): string => {
  if (redirect) return "Redirects requests";
  return fixedResponse ? "Answers requests" : `Sends requests to ${name}`;
};

/** Returns the action that answers requests. */
function lastAction({ targetGroupArn, targetGroups = [], stickinessSeconds, redirect, fixedResponse }: Settings) {
  if (redirect) return redirectAction(redirect);
  if (fixedResponse) return fixedResponseAction(fixedResponse);
  if (targetGroupArn !== undefined) return { type: "forward", targetGroupArn: literal(targetGroupArn) };
  return {
    type: "forward",
    forward: {
      targetGroup: targetGroups.map(({ targetGroupArn: arn, weight }) => ({ arn: literal(arn), weight })),
      // Always set, so that stickiness can be switched off. AWS requires a duration in any case.
      stickiness: { enabled: stickinessSeconds !== undefined, duration: stickinessSeconds ?? 86_400 },
    },
  };
}
