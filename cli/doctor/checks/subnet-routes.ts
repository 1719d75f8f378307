import type { RouteFacts, RouteTableFacts } from "../network-facts";

/** Returns the route table of a subnet: its own, or the main table of its VPC. */
export const tableOf = (
  tables: readonly RouteTableFacts[],
  subnet: { readonly id: string; readonly vpcId: string },
): RouteTableFacts | undefined =>
  tables.find(({ subnetIds }) => subnetIds.includes(subnet.id)) ??
  tables.find(({ vpcId, isMain }) => isMain && vpcId === subnet.vpcId);

/** Returns the route for all IPv4 addresses, or for all IPv6 addresses. */
export const defaultRoute = (
  table: RouteTableFacts,
  destination: "0.0.0.0/0" | "::/0" = "0.0.0.0/0",
): RouteFacts | undefined => table.routes.find((route) => route.destination === destination);

/** Whether a route table has a route out of the VPC that is not for everything, such as one to a data center with a proxy. */
export const hasOtherRoute = ({ routes }: RouteTableFacts): boolean =>
  routes.some(({ target, isBlackhole }) => !isBlackhole && !/^(local$|vpce-)/.test(target));

export const isInternetGateway = ({ target }: RouteFacts): boolean => target.startsWith("igw-");

/** Returns the routes of a table as evidence: `rtb-1: 172.31.0.0/16 to local, 0.0.0.0/0 to igw-1 (blackhole)`. */
export const routesText = ({ id, routes }: RouteTableFacts): string =>
  `${id}: ${
    routes
      .map(({ destination, target, isBlackhole }) => `${destination} to ${target}${isBlackhole ? " (blackhole)" : ""}`)
      .join(", ") || "no routes"
  }`;
