import { type PortSources, portSourcesSchema } from "../network/port-sources";
import { matches, type Rule, wholeNumber } from "../validation/rule";
import { choice, number, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import { amount, text, withoutUndefined } from "./ecs-json";

/** A port of a container. */
export interface PortMapping {
  /** The port that the process listens on. Set it or `containerPortRange`. @default - none */
  readonly containerPort?: number;
  /**
   * The first and the last port that the process listens on: `"8000-8010"`. In bridge mode, the ports on the instance are
   * dynamic. Host mode does not support it.
   * @default - none
   */
  readonly containerPortRange?: string;
  /**
   * The port on the instance. Only one task on each instance can use it. In `awsvpc` and `host` mode it is always
   * `containerPort`.
   * @default - a dynamic port, in bridge mode
   */
  readonly hostPort?: number;
  /** The protocol. ECS rejects a change for a service with Service Connect. @default "tcp" */
  readonly protocol?: "tcp" | "udp";
  /** The name of the port, for Service Connect. @default - the service's name for its `containerPort`, otherwise none */
  readonly name?: string;
  /** The protocol that the proxy of Service Connect reads. It requires `name`. ECS rejects a change. @default - TCP */
  readonly appProtocol?: "http" | "http2" | "grpc";
  /**
   * Who can connect, besides the load balancer of a route and the clients of Service Connect. In bridge mode, it requires
   * `hostPort`.
   * @default - nobody else. Containers on the same instance reach its ports without a rule.
   */
  readonly allowFrom?: PortSources;
}

/** SSH, Docker and the ECS agent. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html */
const RESERVED_PORTS: readonly number[] = [22, 2375, 2376, 51_678, 51_679, 51_680];

export const portNumber: Rule<number> = wholeNumber(
  1,
  65_535,
  "",
  "Use the port that the process in the container listens on.",
);
export const notReserved: Limit<number> = {
  must: `not be ${RESERVED_PORTS.join(", ")}`,
  fix: "SSH, Docker and the ECS agent use these ports. Use another port.",
  check: (port) => !RESERVED_PORTS.includes(port),
};
const RANGE = /^([1-9][0-9]{0,4})-([1-9][0-9]{0,4})$/;
const ascendingRange: Limit<string> = {
  must: "be two ports with a hyphen between them, the lower one first",
  fix: 'For example "8000-8010".',
  check: (range) => {
    const [, from, to] = RANGE.exec(range) ?? [];
    return Number(from) < Number(to) && Number(to) <= 65_535;
  },
};
const portName = matches(
  "^[a-z0-9_][a-z0-9_-]{0,63}$",
  "have 1 to 64 lower-case letters, digits, underscores and hyphens, and not start with a hyphen",
  'For example "http" or "metrics".',
);

export const portMappingSchema = schemaOf<PortMapping>()(
  {
    containerPort: plain(number(portNumber)).optional(),
    containerPortRange: plain(string(ascendingRange)).optional(),
    hostPort: plain(number(wholeNumber(1, 65_535, "", "Remove it for a dynamic port."), notReserved)).optional(),
    protocol: plain(choice("tcp", "udp")).default("tcp"),
    name: plain(string(portName)).optional(),
    appProtocol: plain(choice("http", "http2", "grpc")).optional(),
    allowFrom: portSourcesSchema.optional(),
  },
  portOrRange,
  ofServiceConnect,
);

function* portOrRange(_: Known<PortMapping>, given: Given<PortMapping>): Findings<PortMapping> {
  if (given("containerPort") === given("containerPortRange")) {
    const must = given("containerPort") ? "not be set with containerPortRange" : "be set, or containerPortRange";
    yield { at: "containerPort", must, fix: "Set one of the two." };
  }
  if (given("containerPortRange") && given("hostPort")) {
    yield {
      at: "hostPort",
      must: "not be set with containerPortRange",
      fix: "Remove it, or list the ports one by one.",
    };
  }
}

function* ofServiceConnect({ protocol }: Known<PortMapping>, given: Given<PortMapping>): Findings<PortMapping> {
  if (!given("appProtocol")) return;
  if (protocol === "udp") {
    yield { at: "appProtocol", must: "not be set with udp", fix: "Service Connect supports only TCP. Remove it." };
  }
  if (!given("name")) {
    yield { at: "appProtocol", must: "not be set without name", fix: 'Set name, for example to "http".' };
  }
}

/** A port of a container with the defaults of its settings. */
export type Port = Parsed<typeof portMappingSchema>;

export const NETWORK_MODES = ["bridge", "awsvpc", "host", "none"] as const;

/** How the containers of a task reach the network. */
export type NetworkMode = (typeof NETWORK_MODES)[number];

/** Ports of one protocol, with both ends. */
export interface Ports {
  readonly protocol: "tcp" | "udp";
  readonly from: number;
  readonly to: number;
}

/** Returns the ports that the process listens on. */
export function containerPorts(port: Known<PortMapping>): Ports | undefined {
  const { containerPort, containerPortRange, protocol = "tcp" } = port;
  const [, from = containerPort, to = containerPort] = RANGE.exec(containerPortRange ?? "") ?? [];
  return from === undefined || to === undefined ? undefined : { protocol, from: Number(from), to: Number(to) };
}

/** Returns the ports that a task occupies on its instance or on its own network interface, or undefined for dynamic ones. */
export function fixedPorts(port: Known<PortMapping>, mode: NetworkMode): Ports | undefined {
  if (mode === "none") return undefined;
  if (mode !== "bridge") return containerPorts(port);
  const { hostPort, protocol = "tcp" } = port;
  return hostPort === undefined ? undefined : { protocol, from: hostPort, to: hostPort };
}

/** Returns true when two ranges of the same protocol have a port in common. */
export const overlap = (one: Ports, other: Ports): boolean =>
  one.protocol === other.protocol && one.from <= other.to && other.from <= one.to;

/** Returns ports as text: `8125/udp`, `8000-8010/tcp`. */
export const portsText = ({ protocol, from, to }: Ports): string =>
  `${from === to ? from : `${from}-${to}`}/${protocol}`;

/** Returns the port as the API of ECS names it. @param name the name of the port in Service Connect, if it has none of its own */
export function portMappingJson(port: Omit<Port, "allowFrom">, mode: NetworkMode, name?: string): object {
  const { containerPort, containerPortRange, hostPort, protocol, appProtocol } = port;
  // Host port 0 is a dynamic port, so that several tasks fit on one instance. In the other modes ECS adds a host port that is
  // left out, and Terraform would see a change in each plan.
  const onHost = mode === "bridge" ? (hostPort ?? 0) : amount(containerPort);
  return withoutUndefined({
    name: port.name ?? text(name),
    containerPort: amount(containerPort),
    hostPort: containerPortRange === undefined ? onHost : undefined,
    protocol,
    containerPortRange,
    appProtocol,
  });
}
