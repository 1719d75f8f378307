import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { serviceNameRules } from "../validation/aws-rules";
import { wholeNumber } from "../validation/rule";
import { number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { throwIfInvalid, validate } from "../validation/validate";
import {
  listenerOf,
  missingLoadBalancer,
  type RouteListener,
  type RouteLoadBalancer,
  routeLoadBalancerField,
} from "./route-listener";
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

/** The requests that a service receives. Set at least one condition. */
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
      number(wholeNumber(PRIORITIES.lowest, PRIORITIES.highest, "", "Remove it, and it follows from the conditions.")),
    ).optional(),
    loadBalancer: routeLoadBalancerField.optional(),
  },
  someCondition,
  conditionLimits,
  regexNeeds,
);

function* someCondition(_: Known<Route>, given: Given<Route>): Findings<Route> {
  if (CONDITIONS.some((name) => given(name))) return;
  yield { at: "paths", must: "be set, or another condition such as hosts", fix: 'For example paths: ["/api/users*"].' };
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
    const { cluster, name, targetGroupArn, setting } = settings;
    const { listener } = listenerOf(cluster, settings.loadBalancer) as RouteListener;
    const placed = placedRule(this.node.path, { name, ruleId: id }, settings);
    const others = rulesOn(listener);
    throwIfInvalid(this, conflicts(placed, others, setting));
    others.push(placed);
    this.priority = placed.priority as number;

    const rule = new LbListenerRule(this, "resource", {
      listenerArn: listener.listenerArn,
      priority: this.priority,
      condition: conditionBlocks(settings),
      action: [{ type: "forward", targetGroupArn: literal(targetGroupArn) }],
      tags: purposeTags(`${cluster.cluster.clusterName}-${name}`, `Sends requests to ${name}`),
      // Another listener replaces the rule. The new rule comes first, so that no request is lost.
      lifecycle: { createBeforeDestroy: true },
    });
    this.rule = rule;
    this.node.defaultChild = rule;
  }
}
