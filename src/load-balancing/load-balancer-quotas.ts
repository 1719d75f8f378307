import { loadBalancerIdentityOf } from "../cluster/cluster-identity";
import type { ListenerTarget } from "../cluster/ecs-cluster-target";
import type { Problem } from "../validation/problem";
import type { LoadBalancerListener } from "./route-listener";
import { firstCondition, type RuleConditions } from "./rule-conditions";

/** What a load balancer has on all its listeners. */
export interface LoadBalancerUse {
  rules: number;
  targetGroups: number;
}

const USES = new WeakMap<object, LoadBalancerUse>();

/** Returns what the app has created on a listener's load balancer, in any of its stacks. Resources of other apps are unknown. */
export function useOf(listener: LoadBalancerListener): LoadBalancerUse {
  const balancer = loadBalancerIdentityOf(listener);
  const use = USES.get(balancer) ?? { rules: 0, targetGroups: 0 };
  USES.set(balancer, use);
  return use;
}

/** The default quota of rules, which AWS raises. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const RULES = 100;
/** The quota of target groups, which AWS does not raise. */
const TARGET_GROUPS = 100;

/** Returns why a load balancer cannot have another rule. @param setting the path of the route: `routes.admin` */
export function ruleQuotaProblems(
  rule: RuleConditions,
  { ruleQuota = RULES }: Pick<ListenerTarget, "ruleQuota">,
  { rules }: LoadBalancerUse,
  setting = "",
): Problem[] {
  if (rules < ruleQuota) return [];
  const condition = firstCondition(rule);
  return [
    {
      path: setting === "" ? condition : `${setting}.${condition}`,
      rule: `must be one of at most ${ruleQuota} rules of the load balancer, which is ${ruleQuota === RULES ? "AWS's default quota" : "its ruleQuota"}`,
      received: `rule number ${rules + 1}`,
      fix: "Combine the paths of a service in one rule, use another load balancer for some services, or set ruleQuota of the load balancer after AWS raised its quota.",
    },
  ];
}

/** Returns why a load balancer cannot have another target group. */
export function targetGroupQuotaProblems({ targetGroups }: LoadBalancerUse): Problem[] {
  if (targetGroups < TARGET_GROUPS) return [];
  return [
    {
      path: "loadBalancer",
      rule: `must be a load balancer with fewer than ${TARGET_GROUPS} target groups, because AWS does not raise this quota`,
      received: `a load balancer with ${targetGroups}`,
      fix: "Add another load balancer to loadBalancers of the cluster, and use it for some services.",
    },
  ];
}
