import { list, number, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Known, Limit } from "../validation/settings-rule";
import { some } from "./ecs-json";
import {
  containerPorts,
  type NetworkMode,
  overlap,
  type Port,
  type PortMapping,
  portMappingJson,
  portMappingSchema,
  portNumber,
  portsText,
} from "./port-mapping";

/** How a container is reached, and which containers it reaches. */
export interface ContainerNetwork {
  /**
   * The TCP port that the process listens on, which the load balancer and Service Connect use. Its port on the instance is
   * dynamic, unless `portMappings` has the same port with a `hostPort`.
   * @default - no port
   */
  readonly containerPort?: number;
  /** More ports, and more about `containerPort`. @default - `containerPort` alone */
  readonly portMappings?: readonly PortMapping[];
  /**
   * Containers of the same task that this one reaches by name, or by an alias: `db:database`. It requires bridge mode, in which containers do not share
   * `localhost`.
   * @default - none
   */
  readonly links?: readonly string[];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html */
const MOST_MAPPINGS = 100;
const fewMappings: Limit<readonly unknown[]> = {
  must: `have at most ${MOST_MAPPINGS} elements`,
  fix: "Join ports to ranges with containerPortRange.",
  check: (mappings) => mappings.length <= MOST_MAPPINGS,
  offending: { of: (mappings) => mappings.length },
};

export const containerNetworkSchema = schemaOf<ContainerNetwork>()(
  {
    containerPort: number(portNumber).optional(),
    portMappings: list(portMappingSchema, fewMappings).default([]),
    links: list(plain(string())).default([]),
  },
  distinctPorts,
);

function* distinctPorts({ portMappings = [] }: Known<ContainerNetwork>): Findings<ContainerNetwork> {
  const ports = portMappings.map((mapping) => mapping && containerPorts(mapping));
  for (const [index, port] of ports.entries()) {
    if (!port || !ports.slice(0, index).some((other) => other && overlap(port, other))) continue;
    const must = "have ports that no other element has";
    yield { at: ["portMappings", index], must, fix: "Remove one of the two.", received: portsText(port) };
  }
}

type Network = Parsed<typeof containerNetworkSchema>;

/** Returns true for the element of `portMappings` that describes `containerPort`. */
const describes = (
  { containerPort: main }: Known<ContainerNetwork>,
  mapping: Known<PortMapping> | undefined,
): boolean => main !== undefined && mapping?.containerPort === main && mapping.protocol !== "udp";

/** A port of a container, and the keys that lead to it from the settings of the container. */
interface PlacedPort {
  readonly port: Known<PortMapping>;
  readonly at: readonly (string | number)[];
  /** Whether it is `containerPort`, which the load balancer and Service Connect use. */
  readonly isMain: boolean;
}

/** Returns the ports of a container as rules see them. */
export function placedPorts(container: Known<ContainerNetwork>): PlacedPort[] {
  const { containerPort, portMappings = [] } = container;
  const described = portMappings.some((mapping) => describes(container, mapping));
  const main = { port: { containerPort, protocol: "tcp" }, at: ["containerPort"], isMain: true } as const;
  return [
    ...(containerPort === undefined || described ? [] : [main]),
    ...portMappings.flatMap((port, index) =>
      port ? [{ port, at: ["portMappings", index], isMain: describes(container, port) }] : [],
    ),
  ];
}

/** A port of a container with the defaults of its settings. */
interface ContainerPort extends Port {
  /** Whether it is `containerPort`, which the load balancer and Service Connect use. */
  readonly isMain: boolean;
}

/** Returns the ports of a container. */
export function portsOf({
  containerPort,
  portMappings,
}: Pick<Network, "containerPort" | "portMappings">): ContainerPort[] {
  const isMain = (mapping: Port) => describes({ containerPort }, mapping);
  const main = { containerPort, protocol: "tcp", isMain: true } as ContainerPort;
  return [
    ...(containerPort === undefined || portMappings.some(isMain) ? [] : [main]),
    ...portMappings.map((mapping) => ({ ...mapping, isMain: isMain(mapping) })),
  ];
}

/**
 * Returns the ports as the API of ECS names them.
 * @param name the name of `containerPort` in Service Connect, unless `portMappings` names it
 */
export const portMappingsJson = (network: Network, mode: NetworkMode, name: string | undefined) => ({
  portMappings: some(
    portsOf(network).map(({ isMain, ...port }) => portMappingJson(port, mode, isMain ? name : undefined)),
  ),
});

export const linksJson = ({ links }: Network) => ({ links: some(links) });
