import type { EcsClusterTarget, NetworkLoadBalancerTarget } from "../cluster/ecs-cluster-target";
import {
  type ListenerLoadBalancer,
  listenerLoadBalancerField,
  missingNetworkLoadBalancer,
  networkLoadBalancerOf,
} from "../load-balancing/listener-load-balancer";
import {
  networkListenerNameRule,
  networkListenerProblems,
  networkListenersOn,
  transportsOf,
} from "../load-balancing/network-listener";
import { type NetworkListenerSettings, networkListenerSchema } from "../load-balancing/network-listener-settings";
import { portsOf } from "../tasks/container-network";
import { fixedPorts, type NetworkMode, type Port, portNumber } from "../tasks/port-mapping";
import type { Problem } from "../validation/problem";
import { map, number, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { show } from "../validation/show";
import { checkPortProblems, type TargetSettings } from "./route-targets";
import type { ServiceDeployment } from "./service-deployment";

/** A port of a Network Load Balancer that forwards to the tasks of a service. */
export interface ServiceListener extends NetworkListenerSettings {
  /** The load balancer: its name in `networkLoadBalancers` of the cluster, or a construct such as `NetworkLoadBalancer.fromLoadBalancerArn(…)`. */
  readonly loadBalancer: ListenerLoadBalancer;
  /** The name of the container that receives the connections, such as a sidecar. @default - the container of the service */
  readonly container?: string;
  /** The port of the container: its `containerPort`, or one of its `portMappings`. @default - `containerPort` of the container */
  readonly containerPort?: number;
}

export const serviceListenerSchema = schemaOf<ServiceListener>()(
  {
    ...networkListenerSchema.shape,
    loadBalancer: listenerLoadBalancerField,
    container: plain(string()).optional(),
    containerPort: plain(number(portNumber)).optional(),
  },
  ...networkListenerSchema.rules,
);

/** The connections that a service receives from Network Load Balancers. */
export interface ServiceListeners {
  /**
   * Ports of Network Load Balancers, by name. Each has its own target group. Variables and addresses contain the names.
   * @default - none
   */
  readonly listeners?: Readonly<Record<string, ServiceListener>>;
}

export const listenersField = map(serviceListenerSchema, { names: [networkListenerNameRule] }).default({});

/** Finds load balancers that the cluster does not have. */
export function* balancersOfListeners({
  listeners = {},
  ...settings
}: Known<ServiceListeners & { readonly cluster: EcsClusterTarget }>): Findings<ServiceListeners> {
  const cluster = settings.cluster as EcsClusterTarget | undefined;
  if (!cluster) return;
  for (const [name, listener] of Object.entries(listeners)) {
    const loadBalancer = listener?.loadBalancer as ListenerLoadBalancer | undefined;
    for (const finding of missingNetworkLoadBalancer(cluster, loadBalancer)) {
      yield { at: ["listeners", name, "loadBalancer"], ...finding };
    }
  }
}

/** ECS would need two target groups, and a role that changes the listener. */
export function* listenersRoll({
  listeners = {},
  deployment,
}: Known<ServiceListeners & Pick<ServiceDeployment, "deployment">>): Findings<ServiceListeners> {
  const { strategy = "ROLLING" } = deployment ?? {};
  if (strategy === "ROLLING" || Object.keys(listeners).length === 0) return;
  const must = `not be set with the strategy ${strategy}, which this library supports for routes only`;
  yield { at: "listeners", must, fix: "Use the strategy ROLLING, or another service for the listeners." };
}

/** The settings that decide which ports of a task receive connections. */
export type ListenerSettings = TargetSettings & {
  readonly networkMode: NetworkMode;
  readonly listeners: Readonly<Record<string, Parsed<typeof serviceListenerSchema>>>;
};

/** A port of a container behind a listener. */
export interface BalancedListener {
  /** The name of the listener. */
  readonly name: string;
  /** The name of the load balancer, which addresses have. */
  readonly balancerName: string;
  readonly balancer: NetworkLoadBalancerTarget;
  readonly listener: Parsed<typeof serviceListenerSchema>;
  /** The name of a sidecar. Undefined for the container of the service. */
  readonly sidecar?: string;
  readonly containerPort: number | undefined;
  /** The port with its settings, once for each protocol. Without those that the container does not have. */
  readonly ports: readonly Port[];
}

/** Returns the targets of the listeners of a service. */
export function listenerTargetsOf({ cluster, sidecars, listeners, ...main }: ListenerSettings): BalancedListener[] {
  return Object.entries(listeners).map(([name, listener]) => {
    const sidecar = sidecars.find((one) => one.name === listener.container);
    const container = sidecar ?? main;
    const containerPort = listener.containerPort ?? container.containerPort;
    const protocols = transportsOf(listener.protocol);
    const { name: balancerName, balancer } = networkLoadBalancerOf(cluster, listener.loadBalancer) as {
      name: string;
      balancer: NetworkLoadBalancerTarget;
    };
    return {
      name,
      balancerName,
      balancer,
      listener,
      sidecar: sidecar?.name,
      containerPort,
      ports: protocols.flatMap(
        (protocol) =>
          portsOf(container).find((port) => port.containerPort === containerPort && port.protocol === protocol) ?? [],
      ),
    };
  });
}

/** Returns why the listeners of a service cannot forward to the ports that they name. @param own the name of the service's container */
export function listenerProblems(own: string, owner: string, settings: ListenerSettings): Problem[] {
  const names = [own, ...settings.sidecars.map((sidecar) => sidecar.name)];
  const placed = new Map<object, ReturnType<typeof networkListenersOn>>();
  return listenerTargetsOf(settings).flatMap(({ name, balancer, listener, containerPort, ports }) => {
    const setting = `listeners.${name}.`;
    const problem = (at: string, must: string, received: unknown, fix: string): Problem[] => [
      { path: `${setting}${at}`, rule: `must ${must}`, received: show(received), fix },
    ];
    const others = placed.get(balancer) ?? [...networkListenersOn(balancer)];
    placed.set(balancer, others);
    const conflicts = networkListenerProblems(balancer, listener, setting, others);
    others.push({ owner: `${owner}/listener_${name}`, ...listener });
    const { container = own, protocol, healthCheck } = listener;
    if (!names.includes(container)) {
      const must = `be the name of a container of the task: ${names.map(show).join(", ")}`;
      return [
        ...problem("container", must, container, "Add the container to sidecars, or correct the name."),
        ...conflicts,
      ];
    }
    if (containerPort === undefined) {
      const must = `be set, because the container ${show(container)} has no containerPort`;
      const fix = "Use the port that the process in the container listens on.";
      return [...problem("containerPort", must, undefined, fix), ...conflicts];
    }
    const missing = transportsOf(protocol).filter((one) => !ports.some((port) => port.protocol === one));
    if (missing.length > 0) {
      const kinds = missing.map((one) => one.toUpperCase()).join(" and ");
      const must = `be a ${kinds} port of the container ${show(container)}, for protocol ${protocol}`;
      const fix = `Add ${missing.map((one) => `{ containerPort: ${containerPort}, protocol: "${one}" }`).join(" and ")} to portMappings of the container.`;
      return [...problem("containerPort", must, containerPort, fix), ...conflicts];
    }
    return [...targetProblems(setting, { containerPort, ports, protocol, healthCheck }, settings), ...conflicts];
  });
}

/** Finds ports that AWS rejects for the protocol of a listener. */
function targetProblems(
  setting: string,
  {
    containerPort,
    ports,
    protocol,
    healthCheck,
  }: Pick<BalancedListener, "ports"> & { containerPort: number } & Pick<
      BalancedListener["listener"],
      "protocol" | "healthCheck"
    >,
  settings: ListenerSettings,
): Problem[] {
  const { networkMode } = settings;
  const fixed = ports.map((port) => fixedPorts(port, networkMode));
  if (protocol === "UDP" || protocol === "TCP_UDP") {
    if (fixed.some((port) => port === undefined)) {
      const rule = `must have a fixed port for protocol ${protocol}, because ECS rejects a dynamic host port`;
      const fix = `Set hostPort of port ${containerPort} in portMappings, or networkMode "awsvpc" or "host".`;
      return [{ path: `${setting}containerPort`, rule, received: show(containerPort), fix }];
    }
    const [one, other = one] = fixed;
    if (one?.from !== other?.from) {
      const rule = "must be one port of the instance for TCP and UDP, because a target has one port";
      const fix = `Set the same hostPort for both elements of portMappings with port ${containerPort}.`;
      return [{ path: `${setting}containerPort`, rule, received: show(containerPort), fix }];
    }
  }
  const [port] = ports;
  if (healthCheck.port === undefined && protocol !== "UDP") return [];
  const [traffic] = fixed;
  // A load balancer checks UDP targets by TCP.
  const checked = healthCheck.port ?? (traffic?.from as number);
  const problems = checkPortProblems(`${setting}healthCheck.port`, port as Port, checked, settings);
  if (healthCheck.port !== undefined) return problems;
  return problems.map(({ fix: _, ...problem }) => ({
    ...problem,
    rule: "must be set with protocol UDP, because load balancers check by TCP, and the task has no TCP port with this number",
    fix: "Set it to a TCP port that a container of the task answers on.",
  }));
}
