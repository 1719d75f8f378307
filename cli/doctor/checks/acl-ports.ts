import type { AclEntry, AclFacts } from "../network-facts";
import { contains } from "./networks";
import { type Ports, type Transport, uncovered } from "./port-ranges";

/** What a network ACL should admit. */
export interface Wanted {
  readonly transport: Transport;
  readonly ports: Ports;
  /** The network at the other end. @default - any network */
  readonly cidr?: string;
}

/** Returns the ports that a network ACL blocks in one direction. The first rule that matches counts. */
export function blockedPorts(entries: readonly AclEntry[], { transport, ports, cidr }: Wanted): Ports[] {
  let rest: Ports[] = [ports];
  const blocked: Ports[] = [];
  for (const entry of [...entries].sort((one, other) => one.number - other.number)) {
    if (entry.protocol !== "-1" && entry.protocol !== transport) continue;
    const isWhole = cidr !== undefined && contains(entry.cidr, cidr);
    // A rule for a part of the network decides nothing if it denies, such as for one attacker. If it allows, the part can be enough.
    const isPart = cidr === undefined || contains(cidr, entry.cidr);
    if (!isWhole && !(isPart && (entry.allows || isEverywhere(entry)))) continue;
    const left = rest.flatMap((one) => uncovered(one, [entry]));
    if (!entry.allows) blocked.push(...rest.flatMap((one) => overlap(one, entry)));
    rest = left;
  }
  return [...blocked, ...rest].sort((one, other) => one.from - other.from);
}

const isEverywhere = ({ cidr }: AclEntry): boolean => cidr === "0.0.0.0/0";

const overlap = (one: Ports, other: Ports): Ports[] => {
  const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
  return from <= to ? [{ from, to }] : [];
};

/** Returns up to `count` numbers for rules that count before the first one that blocks a port. */
export function freeNumbers(
  entries: readonly AclEntry[],
  { transport, ports: { from } }: Pick<Wanted, "transport" | "ports">,
  count: number,
): number[] {
  const taken = new Set(entries.map(({ number }) => number));
  const denies = entries.filter(
    ({ allows, protocol, ...ports }) =>
      !allows && (protocol === "-1" || protocol === transport) && ports.from <= from && from <= ports.to,
  );
  // The last rule of each network ACL denies everything.
  const end = Math.min(LAST, ...denies.map(({ number }) => number));
  const free: number[] = [];
  for (let number = end - 1; number > 0 && free.length < count; number--) if (!taken.has(number)) free.push(number);
  return free.reverse();
}

const LAST = 32_767;

/** Returns the rules of one direction as evidence: `acl-1 outbound: 100 allows tcp 80 to 10.0.0.0/8`. */
export function entriesText(acl: AclFacts, direction: "inbound" | "outbound"): string {
  const rules = [...acl[direction]]
    .sort((one, other) => one.number - other.number)
    .filter(({ number }) => number < LAST)
    .map(({ number, allows, protocol, from, to, cidr }) => {
      const what = protocol === "-1" ? "everything" : `${protocol} ${from === to ? from : `${from}-${to}`}`;
      return `${number} ${allows ? "allows" : "denies"} ${what} ${direction === "inbound" ? "from" : "to"} ${cidr}`;
    });
  return `${acl.id} ${direction}: ${rules.join(", ") || "allows nothing"}`;
}
