import { wholeNumber } from "../validation/rule";
import { list, number, type Parsed, plain, schemaOf, string } from "../validation/schema";
import { amount, some, text, withoutUndefined } from "./ecs-json";

/** How a container is reached, and which containers it reaches. */
export interface ContainerNetwork {
  /** The port that the process listens on. Its port on the instance is dynamic. @default - no port */
  readonly containerPort?: number;
  /**
   * Containers of the same task that this one reaches by name. In bridge mode, containers do not share `localhost`.
   * @default - none
   */
  readonly links?: readonly string[];
}

export const containerNetworkSchema = schemaOf<ContainerNetwork>()({
  containerPort: number(
    wholeNumber(1, 65_535, "", "Use the port that the process in the container listens on."),
  ).optional(),
  links: list(plain(string())).default([]),
});

type Network = Parsed<typeof containerNetworkSchema>;

/** Returns the ports as the API of ECS names them. @param name the name of the port in Service Connect */
export function portMappingsJson({ containerPort: port }: Network, name: string | undefined) {
  const containerPort = amount(port);
  if (containerPort === undefined) return {};
  // Host port 0 is a dynamic port, so that several tasks fit on one instance.
  return { portMappings: [withoutUndefined({ name: text(name), containerPort, hostPort: 0, protocol: "tcp" })] };
}

export const linksJson = ({ links }: Network) => ({ links: some(links) });
