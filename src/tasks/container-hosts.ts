import { isValid } from "ipaddr.js";
import { matches } from "../validation/rule";
import { boolean, list, map, type Parsed, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import type { ContainerNetwork } from "./container-network";
import { flag, some, sortedEntries, text, texts } from "./ecs-json";

/** The names that a container has and knows. */
export interface ContainerHosts {
  /** The name of the container's host. ECS rejects it with `networkMode: "awsvpc"`. @default - an id of Docker */
  readonly hostname?: string;
  /** More lines of `/etc/hosts`: the IP address by the name. ECS rejects it with `networkMode: "awsvpc"`. @default - none */
  readonly extraHosts?: Readonly<Record<string, string>>;
  /** The IP addresses of the DNS servers. @default - the instance's */
  readonly dnsServers?: readonly string[];
  /** The domains that complete a short name. @default - the instance's */
  readonly dnsSearchDomains?: readonly string[];
  /** Run the container without a network. It cannot have a port or a link. @default - false */
  readonly disableNetworking?: boolean;
}

const label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const hostname = matches(
  `^${label}([.]${label})*$`,
  "be a host name of letters, digits, hyphens and dots",
  'For example "users" or "db.internal".',
);
const address: Limit<string> = {
  must: "be an IP address",
  fix: 'For example "10.0.0.2".',
  check: (value) => isValid(value),
};

export const containerHostsSchema = schemaOf<ContainerHosts>()({
  hostname: string(hostname).optional(),
  extraHosts: map(string(address), { names: [hostname] }).default({}),
  dnsServers: list(string(address)).default([]),
  dnsSearchDomains: list(string(hostname)).default([]),
  disableNetworking: boolean().optional(),
});

/** A container without a network has no port, and no link. */
export function* networkForPorts(
  { disableNetworking, portMappings = [], links = [] }: Known<ContainerHosts & ContainerNetwork>,
  given: Given<ContainerHosts & ContainerNetwork>,
): Findings<ContainerNetwork> {
  if (!disableNetworking) return;
  const needs = {
    containerPort: given("containerPort"),
    portMappings: portMappings.length > 0,
    links: links.length > 0,
  };
  for (const at of ["containerPort", "portMappings", "links"] as const) {
    if (needs[at]) yield { at, must: "not be set with disableNetworking", fix: "Remove one of the two." };
  }
}

/** Returns the names as the API of ECS names them. */
export const hostsJson = (hosts: Parsed<typeof containerHostsSchema>) => ({
  hostname: text(hosts.hostname),
  extraHosts: some(
    sortedEntries(hosts.extraHosts).map(([hostname, ipAddress]) => ({
      hostname: text(hostname),
      ipAddress: text(ipAddress),
    })),
  ),
  dnsServers: texts(some(hosts.dnsServers)),
  dnsSearchDomains: texts(some(hosts.dnsSearchDomains)),
  disableNetworking: flag(hosts.disableNetworking),
});
