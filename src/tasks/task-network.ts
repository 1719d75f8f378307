import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { subnetIdsRules } from "../network/default-vpc";
import { securityGroupIdRule } from "../network/port-sources";
import { distinctElements, each } from "../validation/rule";
import { boolean, choice, list, plain, schemaOf, string } from "../validation/schema";
import type { Finding, Findings, Given, Known } from "../validation/settings-rule";
import type { ContainerProps } from "./container";
import { placedPorts } from "./container-network";
import { fixedPorts, NETWORK_MODES, type NetworkMode, notReserved, overlap, portsText } from "./port-mapping";
import { isOfIpc } from "./system-control";

/** How the containers of a task reach the network, and what they share with each other and with the instance. */
export interface TaskNetwork {
  /**
   * - `bridge`: ports are dynamic, so that several tasks fit on one instance.
   * - `awsvpc`: each task has a network interface and a security group of its own. In a default VPC it has no public
   *   address, so it reaches the internet only through a NAT gateway or VPC endpoints.
   * - `host`: the containers use the network of the instance. It requires `allowInstanceCredentials`.
   * - `none`: the containers have no network.
   * @default "bridge"
   */
  readonly networkMode?: NetworkMode;
  /**
   * Accept that the containers can read the credentials of the instance role, which containers in host mode always can.
   * @default false
   */
  readonly allowInstanceCredentials?: boolean;
  /** The subnets of the tasks in `awsvpc` mode. They must be in the zones of the instances. @default - the subnets of the instances */
  readonly subnetIds?: readonly string[];
  /** More security groups of the tasks in `awsvpc` mode, such as one that a database admits. @default - none */
  readonly securityGroupIds?: readonly string[];
  /** `host`: the containers see all processes of the instance. `task`: they see each other's. @default - each container sees its own */
  readonly pidMode?: "host" | "task";
  /** The shared memory and message queues that the containers use. @default - the Docker daemon's: each container has its own */
  readonly ipcMode?: "host" | "task" | "none";
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
export const MOST_SUBNETS = 16;

export const taskNetworkSchema = schemaOf<TaskNetwork>()(
  {
    networkMode: plain(choice(...NETWORK_MODES)).default("bridge"),
    allowInstanceCredentials: plain(boolean()).default(false),
    subnetIds: list(
      string(),
      distinctElements(
        1,
        MOST_SUBNETS,
        "subnets",
        "Name each subnet once, or remove the setting for those of the instances.",
      ),
      ...subnetIdsRules.slice(1),
    ).optional(),
    securityGroupIds: plain(
      list(
        string(),
        distinctElements(
          0,
          3,
          "security groups",
          "Name each once. A task has at most 5, and this library adds up to two.",
        ),
        each(securityGroupIdRule),
      ),
    ).default([]),
    pidMode: plain(choice("host", "task")).optional(),
    ipcMode: plain(choice("host", "task", "none")).optional(),
  },
  credentialsInHostMode,
  interfaceInAwsvpcMode,
);

function* credentialsInHostMode(settings: Known<TaskNetwork>): Findings<TaskNetwork> {
  const { networkMode, allowInstanceCredentials: isAllowed } = settings;
  if (networkMode === undefined || isAllowed === undefined || (networkMode === "host") === isAllowed) return;
  yield isAllowed
    ? { at: "allowInstanceCredentials", must: "not be true without networkMode host", fix: "Remove it." }
    : {
        at: "allowInstanceCredentials",
        must: "be true with networkMode host",
        fix: "In this mode, the containers can read the credentials of the instance role. Set it to true to accept that, or use networkMode awsvpc.",
      };
}

function* interfaceInAwsvpcMode({ networkMode }: Known<TaskNetwork>, given: Given<TaskNetwork>): Findings<TaskNetwork> {
  if (networkMode === undefined || networkMode === "awsvpc") return;
  for (const at of ["subnetIds", "securityGroupIds"] as const) {
    const fix = "Only tasks in this mode have a network interface. Set networkMode to awsvpc, or remove it.";
    if (given(at)) yield { at, must: "not be set without networkMode awsvpc", fix };
  }
}

type Path = readonly (string | number)[];
type KnownContainer = Known<ContainerProps>;
/** A problem at the keys below a container's index, or below a setting of the task. */
type NetworkFinding = Omit<Finding<never>, "at"> & { readonly at: Path };

/** What the rules of the network read besides. */
interface OfTask {
  readonly cluster: EcsClusterTarget;
  readonly enableExecuteCommand?: boolean;
  readonly enableFaultInjection?: boolean;
}

/** Compares the ports and the links of the containers of a task with its network mode, its cluster and each other. */
export function* networkOfTask(
  containers: readonly (KnownContainer | undefined)[],
  task: Known<TaskNetwork & OfTask>,
  given: (index: number, name: keyof ContainerProps) => boolean,
): Iterable<NetworkFinding> {
  const { networkMode: mode, cluster, subnetIds, enableExecuteCommand, enableFaultInjection } = task;
  yield* namesOfPorts(containers);
  if (mode === undefined) return;
  if (mode === "awsvpc" && !subnetIds && cluster?.vpc && !cluster.vpc.instanceSubnetIds) {
    const must = "be set for tasks in awsvpc mode, unless subnetIds is set";
    yield { at: ["cluster", "vpc", "instanceSubnetIds"], must, fix: "Set one of the two." };
  }
  if (mode === "none" && enableExecuteCommand) {
    const fix = "ECS Exec needs a network. Remove it, or use another networkMode.";
    yield { at: ["enableExecuteCommand"], must: "not be true with networkMode none", fix };
  }
  if (enableExecuteCommand && containers[0]?.disableNetworking) {
    const fix = "ECS Exec needs a network. Remove one of the two.";
    yield { at: [0, "disableNetworking"], must: "not be true with enableExecuteCommand", fix };
  }
  if (enableFaultInjection && mode !== "awsvpc" && mode !== "host") {
    const fix = "Set networkMode to awsvpc or host, or remove it.";
    yield { at: ["enableFaultInjection"], must: `not be true with networkMode ${mode}`, fix };
  }
  for (const [index, container] of containers.entries()) {
    if (!container) continue;
    for (const name of ["hostname", "extraHosts"] as const) {
      if (mode !== "awsvpc" || !given(index, name)) continue;
      const fix = "ECS does not support it in this mode. Remove it.";
      yield { at: [index, name], must: "not be set with networkMode awsvpc", fix };
    }
    if (mode === "none" && container.logging?.driver === "awsfirelens") {
      const fix = "The log router needs a network to send output on. Use another log driver, or another networkMode.";
      yield { at: [index, "logging"], must: "not be LogDriver.fireLens with networkMode none", fix };
    }
    yield* controlsInMode(container, index, task);
    for (const { at, ...finding } of portsInMode(container, mode, cluster?.portRules)) {
      yield { ...finding, at: [index, ...at] };
    }
    if (mode !== "bridge" && (container.links?.length ?? 0) > 0) {
      const fix = mode === "none" ? "The containers have no network. Remove it." : SHARED;
      yield { at: [index, "links"], must: `not be set with networkMode ${mode}`, fix };
    }
  }
  yield* distinctPorts(containers, mode);
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_SystemControl.html */
function* controlsInMode(
  { systemControls = [] }: KnownContainer,
  index: number,
  { networkMode, ipcMode }: Known<TaskNetwork>,
): Iterable<NetworkFinding> {
  for (const [place, control] of systemControls.entries()) {
    const name = control?.namespace;
    const mode = name !== undefined && isOfIpc(name) ? ["ipcMode", ipcMode] : ["networkMode", networkMode];
    if (name === undefined || mode[1] !== "host") continue;
    const fix = "The container shares the parameter with the instance. Set it on the instance, in extraUserData.";
    yield { at: [index, "systemControls", place, "namespace"], must: `not be ${name} with ${mode.join(" ")}`, fix };
  }
}

const SHARED = "The containers share localhost and reach each other there. Remove it.";

type PortRules = Known<EcsClusterTarget["portRules"]>;

/** Compares the ports of a container with the network mode. */
function* portsInMode(container: KnownContainer, mode: NetworkMode, portRules?: PortRules): Iterable<NetworkFinding> {
  for (const { port, at } of placedPorts(container)) {
    const { hostPort, containerPort, containerPortRange, allowFrom } = port;
    const must = `not be set with networkMode ${mode}`;
    const fixed = fixedPorts(port, mode);
    if (mode === "none") {
      yield { at, must, fix: "The containers have no network. Remove it, or use another networkMode." };
    } else if (mode !== "bridge" && hostPort !== undefined && hostPort !== containerPort) {
      const fix = "The containers listen on the ports themselves in this mode. Remove it.";
      yield { at: [...at, "hostPort"], must: `be containerPort with networkMode ${mode}`, fix };
    } else if (mode === "host" && containerPortRange !== undefined) {
      yield { at: [...at, "containerPortRange"], must, fix: "List the ports one by one." };
    } else if (mode === "host" && port.name !== undefined) {
      yield { at: [...at, "name"], must, fix: "Service Connect does not support this mode. Remove it." };
    } else if (mode === "bridge" && allowFrom && !fixed) {
      const fix = "A security group cannot admit a dynamic port alone. Set hostPort, or use networkMode awsvpc.";
      yield { at: [...at, "allowFrom"], must: "not be set without hostPort in bridge mode", fix };
    } else if (mode !== "awsvpc" && fixed) {
      const key = mode === "bridge" ? "hostPort" : "containerPort";
      const path = at[0] === "containerPort" ? at : [...at, key];
      for (const problem of problemsOnInstance(fixed.from, portRules)) yield { at: path, ...problem };
    }
  }
}

/** The ports that the kernel gives to connections of the instance, and Docker to containers by default. */
const EPHEMERAL_PORTS = { from: 32_768, to: 60_999 };

/** Finds the reasons why the containers of a task cannot always use a port of the instance. */
function* problemsOnInstance(port: number, portRules: PortRules = {}): Iterable<Pick<Finding<never>, "must" | "fix">> {
  // The schema of a host port already rejects these. In host mode, the port is a container port.
  if (!notReserved.check(port, {})) yield { must: `${notReserved.must} on the instance`, fix: notReserved.fix };
  const ranges = [portRules.portRange, portRules.previousPortRange, EPHEMERAL_PORTS];
  for (const { from = 0, to = 0 } of ranges.filter((range) => range !== undefined)) {
    if (port < from || port > to) continue;
    const fix =
      "The ECS agent and the kernel assign these ports, so another container can already have it. Use another port.";
    yield { must: `not be a dynamic port of the instances, which include ${from}-${to}`, fix };
    return;
  }
}

/** Names in Service Connect are unique in a task. */
function* namesOfPorts(containers: readonly (KnownContainer | undefined)[]): Iterable<NetworkFinding> {
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    for (const { port, at, isMain } of container ? placedPorts(container) : []) {
      const name = port.name ?? (isMain ? container?.portName : undefined);
      if (name === undefined) continue;
      if (names.has(name)) {
        const must = "differ from the names of the other ports of the task";
        yield { at: [index, ...at, ...(port.name ? ["name"] : [])], must, fix: "Use another name.", received: name };
      }
      names.add(name);
    }
  }
}

/** Containers of a task cannot have one port of the instance, or of their common network interface. */
function* distinctPorts(
  containers: readonly (KnownContainer | undefined)[],
  mode: NetworkMode,
): Iterable<NetworkFinding> {
  const placed = containers.flatMap((container, index) =>
    (container ? placedPorts(container) : []).flatMap(({ port, at }) => {
      const ports = fixedPorts(port, mode);
      return ports ? [{ ports, index, at }] : [];
    }),
  );
  for (const [place, { ports, index, at }] of placed.entries()) {
    // A container's own ports are compared with each other in any mode.
    const others = placed.slice(0, place).filter((other) => mode === "bridge" || other.index !== index);
    if (!others.some((other) => overlap(ports, other.ports))) continue;
    const must = "differ from the other ports of the task";
    const fix = mode === "bridge" ? "Use another hostPort." : "The containers share one network. Use another port.";
    const key = mode === "bridge" ? ["hostPort"] : [];
    yield { at: [index, ...at, ...key], must, fix, received: portsText(ports) };
  }
}

/** Returns the warning that tasks with a network interface cannot reach the internet, unless the caller chose the subnets. */
export function addressWarnings(
  { name, cluster, networkMode, subnetIds }: TaskNetwork & Pick<OfTask, "cluster"> & { readonly name: string },
  hasRouter: boolean,
): string[] {
  const { hasPrivateSubnets } = cluster.vpc;
  if (networkMode !== "awsvpc" || subnetIds || hasPrivateSubnets) return [];
  const from =
    hasPrivateSubnets === false
      ? "From the public subnets of the cluster"
      : "If the subnets of the cluster are public,";
  const router = hasRouter
    ? " The log router sends its output through the same network, and loses what it cannot send."
    : "";
  return [
    `The tasks of ${name} have no public address in awsvpc mode. ${from} they cannot reach the internet, APIs of AWS or ECS Exec, unless the VPC has endpoints for them.${router} Set subnetIds to subnets with a NAT gateway, or use networkMode bridge. See docs/containers.md.`,
  ];
}
