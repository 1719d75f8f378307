import type { Construct } from "constructs";
import type { ListenerTarget } from "../cluster/ecs-cluster-target";
import {
  type LoadBalancerUse,
  ruleQuotaProblems,
  targetGroupQuotaProblems,
  useOf,
} from "../load-balancing/load-balancer-quotas";
import { listenerOf, type RouteListener } from "../load-balancing/route-listener";
import { checkProblems } from "../load-balancing/rule-actions";
import { conflicts, type PlacedRule, placedRule, rulesOn } from "../load-balancing/rule-conflicts";
import { grpcProblems } from "../load-balancing/target-group";
import type { NetworkMode } from "../tasks/port-mapping";
import type { Problem } from "../validation/problem";
import { type RouteTarget, targetOf, targetsOf } from "./route-targets";
import { isShifted, priorityOffset, type shiftProblems, testRouteOf } from "./service-deployment";
import { routesOf } from "./service-routes";

/** The settings of a service that decide its rules and target groups. */
type RoutedSettings = Parameters<typeof shiftProblems>[0] & { readonly networkMode?: NetworkMode };

/** The path of the test route, for messages. */
export const TEST_ROUTE = "deployment.testRoute";

/** Returns the id of a rule whose requests ECS moves. No other service has an address that ends so. */
export const shiftedId = (id: string): string => id.replace(/^rule/, "rules_production");

/** Returns how much lower the priorities of the rules of a target are, whose requests ECS moves. */
export function offsetOf(settings: RoutedSettings, key: string): number {
  const group = targetsOf(settings).find((target) => target.key === key)?.group;
  return priorityOffset({ ...settings, ...group }, settings.networkMode === "awsvpc" ? "ip" : "instance");
}

/**
 * Returns the problems of a service's listener rules and target groups, compared with those of other services and with the quotas of
 * the load balancers.
 * @param isShiftValid whether the settings of the deployment strategy have no problems
 */
export function problemsOfRules(
  service: Construct,
  name: string,
  settings: RoutedSettings,
  isShiftValid: boolean,
): { readonly rules: readonly Problem[]; readonly targets: readonly Problem[] } {
  const placed = new Map<object, PlacedRule[]>();
  const uses = new Map<LoadBalancerUse, LoadBalancerUse>();
  const useAfter = (listener: ListenerTarget): LoadBalancerUse => {
    const use = useOf(listener);
    const after = uses.get(use) ?? { ...use };
    uses.set(use, after);
    return after;
  };
  const isMoved = isShifted(settings);
  const testRoute = isShiftValid && isMoved ? testRouteOf(settings) : undefined;
  const rules = [
    ...routesOf(settings).map((one) => ({ ...one, ruleId: one.id, id: isMoved ? shiftedId(one.id) : one.id })),
    ...(testRoute ? [{ id: "rules_test", ruleId: "rules_test", setting: TEST_ROUTE, route: testRoute }] : []),
  ].flatMap(({ id, ruleId, setting, route }) => {
    const { listener } = listenerOf(settings.cluster, route.loadBalancer) as RouteListener;
    const others = placed.get(listener) ?? [...rulesOn(listener)];
    placed.set(listener, others);
    const { key } = setting === TEST_ROUTE ? (targetsOf(settings)[0] as RouteTarget) : targetOf(settings, route);
    const offset = isMoved ? offsetOf(settings, key) : 0;
    const rule = placedRule(`${service.node.path}/${id}`, { name, ruleId }, route, offset);
    const use = useAfter(listener);
    const problems = [
      ...checkProblems(listener, route, setting),
      ...ruleQuotaProblems(route, listener, use, setting),
      ...conflicts(rule, others, setting),
    ];
    others.push(rule);
    use.rules++;
    return problems;
  });
  const targets = targetsOf(settings).flatMap(({ loadBalancer, group }) => {
    const { listener } = listenerOf(settings.cluster, loadBalancer) as RouteListener;
    const use = useAfter(listener);
    // With a strategy, each target has two target groups.
    const more = isMoved ? 1 : 0;
    const after = { ...use, targetGroups: use.targetGroups + more };
    const problems = [...grpcProblems(listener, { ...settings, ...group }), ...targetGroupQuotaProblems(after)];
    use.targetGroups += 1 + more;
    return problems;
  });
  return { rules, targets };
}
