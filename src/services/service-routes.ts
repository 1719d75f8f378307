import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { type Route, routeSchema } from "../load-balancing/listener-rule";
import { listenerOf, missingLoadBalancer, type RouteLoadBalancer } from "../load-balancing/route-listener";
import { actionsIn, oneCheck, ROUTE_ACTIONS } from "../load-balancing/rule-actions";
import { CONDITIONS, conditionLimits, conditionsIn, regexNeeds } from "../load-balancing/rule-conditions";
import { type TargetGroupSettings, targetGroupSchema } from "../load-balancing/target-group";
import { portNumber } from "../tasks/port-mapping";
import { matches, matchesNot, wholeNumber } from "../validation/rule";
import { map, number, type Parsed, plain, schemaOf, string, withoutDefaults } from "../validation/schema";
import type { Finding, Findings, Given, Known } from "../validation/settings-rule";

/**
 * A route of `routes`. It can forward to another port of the task, which has its own target group. The settings of that target
 * group are those of the service, unless the route has them.
 */
export interface NamedRoute extends Route, TargetGroupSettings {
  /** The name of the container that receives the requests, such as a sidecar. @default - the container of the service */
  readonly container?: string;
  /** The TCP port of the container: its `containerPort`, or one of its `portMappings`. @default - `containerPort` of the container */
  readonly containerPort?: number;
  /** The protocol of requests. Changing it replaces the target group. @default - `targetProtocol` of the service */
  readonly targetProtocol?: "HTTP" | "HTTPS";
}

const namedRouteSchema = schemaOf<NamedRoute>()(
  {
    ...routeSchema.shape,
    ...withoutDefaults(targetGroupSchema.shape),
    container: plain(string()).optional(),
    containerPort: plain(number(portNumber)).optional(),
  },
  ...routeSchema.rules,
  ...targetGroupSchema.rules,
);

/** The requests that a service receives from the load balancer. */
export interface ServiceRoutes extends Route, TargetGroupSettings {
  /** More rules, by name. The addresses of the rules end with the names. @default - none */
  readonly routes?: Readonly<Record<string, NamedRoute>>;
  /** Seconds after the start of a task in which failed health checks do not count. It requires a route. @default 60 */
  readonly healthCheckGracePeriodSeconds?: number;
}

const routeName = matches(
  "^[a-z][a-z0-9_]{0,31}$",
  "have a name of 1 to 32 lower-case letters, digits and underscores that starts with a letter",
  "Rename the route. The address of its rule ends with the name.",
);
const notRule = matchesNot(
  "^rule(_|$)",
  "not be named rule, nor start with rule_",
  "Rename the route. The rule of another service can have the same address.",
);
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html */
const MOST_TARGET_GROUPS = 5;
const grace = wholeNumber(0, 2_147_483_647, "seconds", "For example 60.");

export const serviceRoutesSchema = schemaOf<ServiceRoutes>()(
  {
    ...targetGroupSchema.shape,
    ...routeSchema.shape,
    routes: map(namedRouteSchema, { names: [routeName, notRule] }).default({}),
    healthCheckGracePeriodSeconds: number(grace).default(60),
  },
  ...targetGroupSchema.rules,
  conditionLimits,
  regexNeeds,
  oneCheck,
);

/** What a service with routes needs besides them. */
export interface Routed extends ServiceRoutes {
  readonly cluster: EcsClusterTarget;
  readonly containerPort?: number;
  readonly scaling?: object;
  readonly taskDefinition?: object;
  readonly listeners?: Readonly<Record<string, object>>;
}

/** Returns true when the service itself has conditions, apart from those of `routes`. */
const hasConditions = (given: Given<Routed>): boolean => CONDITIONS.some((name) => given(name));

/** Returns whether a service has a route, or undefined when `routes` has a problem. */
export const hasRoute = ({ routes }: Known<Routed>, given: Given<Routed>): boolean | undefined =>
  hasConditions(given) || (routes && Object.keys(routes).length > 0);

export function* routeNeeds(settings: Known<Routed>, given: Given<Routed>): Findings<Routed> {
  for (const at of ["priority", "loadBalancer", ...ROUTE_ACTIONS] as const) {
    if (!given(at) || hasConditions(given)) continue;
    const must = "not be set without a condition such as paths";
    yield { at, must, fix: `Set paths or hosts, or set the ${at} of a route in routes.` };
  }
  const listeners = Object.keys(settings.listeners ?? {});
  if (listeners.length > MOST_TARGET_GROUPS) yield tooManyTargetGroups("listeners", listeners);
  if (!hasRoute(settings, given)) return;
  const usesOwnPort =
    hasConditions(given) ||
    Object.values(settings.routes ?? {}).some((route) => !route?.containerPort && !route?.container);
  if (usesOwnPort && !given("containerPort") && !given("taskDefinition")) {
    const fix = "Use the port that the process in the container listens on.";
    yield { at: "containerPort", must: "be set for a service with a route", fix };
  }
  const { cluster } = settings as { readonly cluster?: EcsClusterTarget };
  if (!cluster) return;
  const all = givenRoutes(settings, given);
  for (const { at, loadBalancer } of all) {
    for (const finding of missingLoadBalancer(cluster, loadBalancer as RouteLoadBalancer)) yield { at, ...finding };
  }
  const groups = new Set(
    all.map(({ loadBalancer, container, containerPort }) =>
      [balancerOf(cluster, { loadBalancer: loadBalancer as RouteLoadBalancer }), container, containerPort]
        .filter((part) => part !== undefined)
        .join(" "),
    ),
  );
  if (listeners.length <= MOST_TARGET_GROUPS && groups.size + listeners.length > MOST_TARGET_GROUPS) {
    yield tooManyTargetGroups("routes", [...groups, ...listeners]);
  }
  if (cluster.loadBalancer || all.every(({ loadBalancer }) => loadBalancer !== undefined)) return;
  const fix = "Give the cluster a load balancer, or remove paths, hosts and routes.";
  yield { at: ["cluster", "loadBalancer"], must: "be set for a service with a route", fix };
}

const tooManyTargetGroups = (at: "routes" | "listeners", received: readonly string[]): Finding<Routed> => ({
  at,
  must: `have at most ${MOST_TARGET_GROUPS} target groups, one for each load balancer and port, because ECS allows no more for a service`,
  fix: "Create another service for the others.",
  received,
});

/** Returns where each route has its load balancer, and what it is. */
export function givenRoutes(
  { routes = {}, loadBalancer }: Known<Routed>,
  given: Given<Routed>,
): { at: Finding<Routed>["at"]; loadBalancer: unknown; container?: string; containerPort?: number }[] {
  return [
    ...(hasConditions(given) ? [{ at: "loadBalancer" as const, loadBalancer }] : []),
    ...Object.entries(routes).map(([name, route]) => ({
      at: ["routes", name, "loadBalancer"] as const,
      loadBalancer: route?.loadBalancer,
      container: route?.container,
      containerPort: route?.containerPort,
    })),
  ];
}

const OF_ROUTES = [
  ...(Object.keys(targetGroupSchema.shape) as (keyof TargetGroupSettings)[]),
  "healthCheckGracePeriodSeconds",
] as const;

/** The settings that listeners of Network Load Balancers have too. */
const OF_LISTENERS: readonly string[] = ["deregistrationDelaySeconds", "healthCheckGracePeriodSeconds"];

export function* settingsOfRoutes(settings: Known<Routed>, given: Given<Routed>): Findings<Routed> {
  if (hasRoute(settings, given) !== false) return;
  const must = "not be set for a service without a route";
  const fix = "Set paths, hosts or routes, or remove it.";
  const hasListener = Object.keys(settings.listeners ?? {}).length > 0;
  for (const at of OF_ROUTES) {
    if (hasListener && OF_LISTENERS.includes(at)) continue;
    const more = at === "healthCheck" ? " Docker's own check is containerHealthCheck." : "";
    if (given(at)) yield { at, must, fix: `${fix}${more}` };
  }
  if (given("scaling", "requestsPerTarget")) yield { at: ["scaling", "requestsPerTarget"], must, fix };
}

/** A rule of a service: the id of its construct, its setting for messages, and its conditions. */
export interface ServiceRoute {
  readonly id: string;
  readonly setting?: string;
  readonly route: NamedRoute;
}

/** Returns the rules of a service. */
export function routesOf(settings: Parsed<typeof serviceRoutesSchema>): ServiceRoute[] {
  const { priority, loadBalancer, routes } = settings;
  const conditions = conditionsIn(settings);
  const own =
    Object.keys(conditions).length > 0
      ? [{ id: "rule", route: { ...conditions, ...actionsIn(settings), priority, loadBalancer } }]
      : [];
  const more = Object.entries(routes).map(([name, route]) => ({
    id: `rule_${name}`,
    setting: `routes.${name}`,
    route,
  }));
  return [...own, ...more];
}

/** The name of the cluster's own load balancer among the target groups of a service. */
export const MAIN_BALANCER = "main";

/** Returns the name of a route's load balancer. The routes of a service with equal names share a target group. */
export const balancerOf = (cluster: EcsClusterTarget, { loadBalancer }: Pick<Route, "loadBalancer">): string =>
  listenerOf(cluster, loadBalancer)?.name ?? MAIN_BALANCER;
