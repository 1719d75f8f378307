import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import type { RouteLoadBalancer } from "../load-balancing/route-listener";
import { checkProtocolProblems, type TargetGroupSettings, targetGroupSchema } from "../load-balancing/target-group";
import type { Container } from "../tasks/container";
import { portsOf } from "../tasks/container-network";
import { fixedPorts, type NetworkMode, type Port } from "../tasks/port-mapping";
import type { Problem } from "../validation/problem";
import { partOf } from "../validation/schema";
import { show } from "../validation/show";
import { balancerOf, MAIN_BALANCER, type NamedRoute, routesOf } from "./service-routes";

type Ported = Pick<Container, "containerPort" | "portMappings">;

/** The settings that decide which ports of a task receive requests. */
export type TargetSettings = Parameters<typeof routesOf>[0] &
  Ported & {
    readonly cluster: EcsClusterTarget;
    readonly sidecars: readonly (Ported & Pick<Container, "name">)[];
  };

/** A port of a container behind a load balancer. Routes with the same key share a target group. */
export interface RouteTarget {
  /** What ends the id of the target group. `main` for `containerPort` of the service behind the cluster's own load balancer. */
  readonly key: string;
  /** The name of the load balancer. */
  readonly balancer: string;
  readonly loadBalancer?: RouteLoadBalancer;
  /** The name of a sidecar. Undefined for the container of the service. */
  readonly sidecar?: string;
  readonly containerPort: number | undefined;
  /** The port with its settings. Undefined for a port that the container does not have. */
  readonly port?: Port & { readonly isMain: boolean };
  /** The settings of the target group that differ from those of the service. */
  readonly group: Partial<TargetGroupSettings>;
  /** The port of the health checks, if it is not the port of the requests. */
  readonly healthCheckPort?: number;
}

/** Returns the target of a route. */
export function targetOf(settings: TargetSettings, route: NamedRoute): RouteTarget {
  const { cluster, sidecars, containerPort: main } = settings;
  const sidecar = sidecars.find(({ name }) => name === route.container);
  const containerPort = route.containerPort ?? (sidecar ?? settings).containerPort;
  const balancer = balancerOf(cluster, route);
  const isMain = sidecar === undefined && containerPort === main;
  const parts = [
    ...(balancer === MAIN_BALANCER && !isMain ? [] : [balancer]),
    ...(isMain ? [] : [sidecar?.name, containerPort].filter((part) => part !== undefined)),
  ];
  return {
    key: parts.join("_"),
    balancer,
    loadBalancer: route.loadBalancer,
    sidecar: sidecar?.name,
    containerPort,
    port: portsOf(sidecar ?? settings).find((port) => port.containerPort === containerPort && port.protocol === "tcp"),
    group: given(partOf(targetGroupSchema, route)),
  };
}

/** Returns the settings that are set. */
const given = (group: Partial<TargetGroupSettings>): Partial<TargetGroupSettings> =>
  Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined));

/** Returns the targets of a service, each with the settings of the route that has them. */
export function targetsOf(settings: TargetSettings): RouteTarget[] {
  const targets = new Map<string, RouteTarget>();
  for (const { route } of routesOf(settings)) {
    const target = targetOf(settings, route);
    const first = targets.get(target.key) ?? target;
    targets.set(target.key, { ...first, group: { ...first.group, ...target.group } });
  }
  return [...targets.values()].map((target) => ({
    ...target,
    healthCheckPort: (target.group.healthCheck ?? settings.healthCheck).port,
  }));
}

/** Returns why routes cannot forward to the ports that they name. @param own the name of the service's container */
export function targetProblems(own: string, settings: TargetSettings): Problem[] {
  const configured = new Set<string>();
  return Object.entries(settings.routes).flatMap(([name, route]) => {
    const target = targetOf(settings, route);
    const problem = (setting: string, must: string, received: unknown, fix: string): Problem[] => [
      { path: `routes.${name}.${setting}`, rule: `must ${must}`, received: show(received), fix },
    ];
    const names = [own, ...settings.sidecars.map((sidecar) => sidecar.name)];
    const { container = own } = route;
    if (!names.includes(container)) {
      const must = `be the name of a container of the task: ${names.map(show).join(", ")}`;
      return problem("container", must, container, "Add the container to sidecars, or correct the name.");
    }
    if (target.containerPort === undefined) {
      const must = `be set, because the container ${show(container)} has no containerPort`;
      return problem("containerPort", must, undefined, "Use the port that the process in the container listens on.");
    }
    if (target.port === undefined) {
      const must = `be a TCP port of the container ${show(container)}`;
      return problem("containerPort", must, target.containerPort, "Add it to portMappings of the container.");
    }
    const [setting] = Object.keys(target.group);
    if (setting === undefined) return [];
    const value = target.group[setting as keyof TargetGroupSettings];
    if (target.port.isMain && target.sidecar === undefined) {
      const fix = "Set it on the service. The routes to containerPort of the service share a target group.";
      return problem(setting, "not be set for a route to containerPort of the service", value, fix);
    }
    if (configured.has(target.key)) {
      return problem(
        setting,
        "be set in one route of a port",
        value,
        "Set all settings of the target group in one of the routes.",
      );
    }
    configured.add(target.key);
    return [];
  });
}

/** Returns why the health checks of routes cannot use their ports and protocols. */
export function healthCheckProblems(settings: TargetSettings & { readonly networkMode: NetworkMode }): Problem[] {
  return targetsOf(settings).flatMap(({ key, port, group, healthCheckPort }) => {
    if (port === undefined) return [];
    const [route] = Object.entries(settings.routes).find(
      ([, one]) => one.healthCheck && targetOf(settings, one).key === key,
    ) ?? [""];
    const setting = group.healthCheck ? `routes.${route}.` : "";
    if (healthCheckPort === undefined) return checkProtocolProblems({ ...settings, ...group }, setting);
    return checkPortProblems(`${setting}healthCheck.port`, port, healthCheckPort, settings);
  });
}

/**
 * Returns why a health check cannot use a port.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-health-check.html
 *
 * @param port the port that receives the requests
 */
export function checkPortProblems(
  path: string,
  port: Port,
  healthCheckPort: number,
  { networkMode, sidecars, ...main }: TargetSettings & { readonly networkMode: NetworkMode },
): Problem[] {
  const problem = { path, received: show(healthCheckPort) };
  if (!fixedPorts(port, networkMode)) {
    const rule = "must not be set with a dynamic host port, because ECS rejects it";
    const fix = `Set hostPort of port ${port.containerPort} in portMappings, or networkMode "awsvpc" or "host".`;
    return [{ ...problem, rule, fix }];
  }
  const ports = [main, ...sidecars]
    .flatMap(portsOf)
    .flatMap((one) => fixedPorts(one, networkMode) ?? [])
    .filter(({ protocol }) => protocol === "tcp");
  if (ports.some(({ from, to }) => from <= healthCheckPort && healthCheckPort <= to)) return [];
  const [mapped, at] = networkMode === "bridge" ? ["port of the instance", "hostPort"] : ["port", "containerPort"];
  const rule = `must be a TCP ${mapped} that a container of the task uses`;
  return [{ ...problem, rule, fix: `Add it to portMappings of the container that answers the checks, as ${at}.` }];
}
