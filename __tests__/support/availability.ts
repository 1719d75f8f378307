import type { Operation, Resource } from "../../cli/offline-provider";
import { serviceGroups, targetGroups } from "../../cli/offline-provider/account/uses";
import { blocksOf, type ObjectValue, textsOf, type Value } from "../../cli/offline-provider/wire/values";

/** The types whose absence interrupts a running system. */
const NEEDED = [
  ...["aws_ecs_service", "aws_autoscaling_group", "aws_ecs_capacity_provider", "aws_ecs_cluster", "aws_lb"],
  "aws_lb_listener",
];

/** The resources of the account at a moment, by type and id. */
type Moment = Map<string, { readonly type: string; readonly values: ObjectValue; readonly earlier: readonly string[] }>;

/**
 * Returns what existed before and after some operations, but was missing at a moment between them: resources by type and
 * name, such as `aws_ecs_service web`, and routes, such as `route ecs-alb:80 example.com/shop`. A route exists while its rule
 * forwards to the target group of a service that exists.
 */
export function missingBetween(before: readonly Resource[], operations: readonly Operation[]): string[] {
  const moment: Moment = new Map(before.map(({ type, values }) => [key(type, values), { type, values, earlier: [] }]));
  const first = available(moment);
  const later = operations.map((operation) => {
    change(moment, operation);
    return available(moment);
  });
  const last = later.at(-1) ?? first;
  return [...first].filter((one) => last.has(one) && later.some((some) => !some.has(one))).sort();
}

function change(moment: Moment, { operation, type, id, values, rejected }: Operation): void {
  if (rejected !== undefined) return;
  const at = key(type, values ?? { id });
  const existing = moment.get(at);
  if (operation === "delete") moment.delete(at);
  else if (operation === "settle" && existing) moment.set(at, { ...existing, earlier: [] });
  else if (values) {
    // The tasks of the earlier revision stay in their target groups until the deployment ends.
    const earlier = existing && values.wait_for_steady_state !== true ? groupsOf(existing) : [];
    moment.set(at, { type, values, earlier });
  }
}

const key = (type: string, { id }: ObjectValue): string => `${type} ${id}`;

const groupsOf = ({
  values,
  earlier,
}: {
  readonly values: ObjectValue;
  readonly earlier: readonly string[];
}): string[] => [...serviceGroups(values), ...earlier];

function available(moment: Moment): Set<string> {
  const all = [...moment.values()];
  const needed = all.filter(({ type }) => NEEDED.includes(type));
  const served = new Set(all.flatMap((one) => (one.type === "aws_ecs_service" ? groupsOf(one) : [])));
  const routes = all
    .filter(({ type, values }) => {
      const groups = targetGroups(values.action);
      return type === "aws_lb_listener_rule" && (groups.length === 0 || groups.some((group) => served.has(group)));
    })
    .flatMap(({ values }) => routesOf(values, moment));
  return new Set([...needed.map(({ type, values }) => `${type} ${labelOf(type, values, moment)}`), ...routes]);
}

function labelOf(type: string, values: ObjectValue, moment: Moment): string {
  return type === "aws_lb_listener" ? listenerOf(values.arn, moment) : String(values.name ?? values.id);
}

/** Returns a listener as `ecs-alb:80`. */
function listenerOf(arn: Value | undefined, moment: Moment): string {
  const { port = "?" } = moment.get(key("aws_lb_listener", { id: arn ?? null }))?.values ?? {};
  const [, name = arn] = /\/(?:app|net)\/([^/]+)\//.exec(String(arn)) ?? [];
  return `${name}:${port}`;
}

/** Returns each combination of a host and a path that a rule matches, with its other conditions. */
function routesOf({ listener_arn, condition }: ObjectValue, moment: Moment): string[] {
  const conditions = blocksOf(condition);
  const valuesOf = (name: string) =>
    conditions.flatMap((one) => blocksOf(one[name]).flatMap(({ values }) => textsOf(values)));
  const [hosts, paths] = [valuesOf("host_header"), valuesOf("path_pattern")];
  const others = conditions
    .map((one) =>
      Object.entries(one).filter(
        ([name, value]) => !/^(host_header|path_pattern)$/.test(name) && blocksOf(value).length > 0,
      ),
    )
    .filter((some) => some.length > 0)
    .map((some) => ` ${JSON.stringify(Object.fromEntries(some))}`)
    .sort()
    .join("");
  const listener = listenerOf(listener_arn, moment);
  return (hosts.length > 0 ? hosts : [""]).flatMap((host) =>
    (paths.length > 0 ? paths : ["/*"]).map((path) => `route ${listener} ${host}${path}${others}`),
  );
}
