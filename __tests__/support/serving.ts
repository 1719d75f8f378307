import type { Operation, Resource } from "../../cli/offline-provider";
import { targetGroups } from "../../cli/offline-provider/account/uses";
import { blocksOf, type ObjectValue, textsOf } from "../../cli/offline-provider/wire/values";
import { coversPattern } from "../../src/load-balancing/condition-values";

/**
 * Returns who answered requests for a path before, between and after some operations: the service of the rule that the load
 * balancer evaluates first, or "nobody". Equal neighbours are one. A path is given as the rules have it.
 */
export function servingDuring(before: readonly Resource[], operations: readonly Operation[], path: string): string[] {
  const existing = new Map(before.map(({ type, values }) => [key(type, values), values]));
  const moments = [serving(existing, path)];
  for (const { type, id, values, operation, rejected } of operations) {
    if (rejected !== undefined || operation === "settle") continue;
    if (operation === "delete") existing.delete(key(type, { id }));
    else if (values) existing.set(key(type, values), values);
    moments.push(serving(existing, path));
  }
  return moments.filter((one, index) => one !== moments[index - 1]);
}

const key = (type: string, { id }: ObjectValue): string => `${type} ${id}`;

/** Returns the path patterns of a rule. */
const pathPatterns = (condition: ObjectValue[string] | undefined): string[] =>
  blocksOf(condition).flatMap(({ path_pattern }) => blocksOf(path_pattern).flatMap(({ values }) => textsOf(values)));

function serving(existing: ReadonlyMap<string, ObjectValue>, path: string): string {
  const of = (type: string) => [...existing].flatMap(([at, values]) => (at.startsWith(`${type} `) ? [values] : []));
  const [first] = of("aws_lb_listener_rule")
    .filter(({ condition }) => pathPatterns(condition).some((pattern) => coversPattern(pattern, path)))
    .sort((a, b) => Number(a.priority) - Number(b.priority));
  const groups = targetGroups(first?.action);
  const service = of("aws_ecs_service").find(({ load_balancer }) =>
    textsOf(blocksOf(load_balancer).map(({ target_group_arn }) => target_group_arn ?? null)).some((group) =>
      groups.includes(group),
    ),
  );
  return service ? String(service.name) : "nobody";
}
