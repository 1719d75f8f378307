import { PortRange } from "../../../src/network/port-range";

/** A range of ports, with both ends. */
export interface Ports {
  readonly from: number;
  readonly to: number;
}

/** The protocol of a security group rule. */
export type Transport = "tcp" | "udp";

/** Returns the protocols of the rules that a listener or a target group needs: both for `TCP_UDP`, and TCP for HTTP and TLS. */
export const transportsOf = (protocol = "HTTP"): Transport[] => {
  if (protocol === "TCP_UDP") return ["tcp", "udp"];
  return protocol === "UDP" ? ["udp"] : ["tcp"];
};

/** The ephemeral ports of Linux, which the agent uses by default. */
const LINUX_RANGE = { from: 32768, to: 60999 } as const;

/**
 * Returns the host ports that the ECS agent gives to containers, from the user data of an instance. Bottlerocket has no
 * setting for them, so the result is the range of all its versions.
 */
export function agentRange(userData: string): Ports & { readonly source: string } {
  // The last line counts, as it does for the agent.
  const set = [...userData.matchAll(/^\s*ECS_DYNAMIC_HOST_PORT_RANGE=["']?([0-9]+)-([0-9]+)/gm)].at(-1);
  if (set) return { from: Number(set[1]), to: Number(set[2]), source: "ECS_DYNAMIC_HOST_PORT_RANGE in the user data" };
  if (/^\s*\[settings\.ecs\]/m.test(userData)) {
    const { from, to } = PortRange.defaultOf("bottlerocket");
    return { from, to, source: "the range of Bottlerocket" };
  }
  return { ...LINUX_RANGE, source: "the default of Linux, because the user data sets no range" };
}

/** Returns the parts of `wanted` that no range covers, in order. */
export function uncovered(wanted: Ports, ranges: readonly Ports[]): Ports[] {
  const gaps: Ports[] = [];
  let next = wanted.from;
  for (const { from, to } of [...ranges].sort((one, other) => one.from - other.from)) {
    if (to < next) continue;
    if (from > wanted.to) break;
    if (from > next) gaps.push({ from: next, to: from - 1 });
    next = to + 1;
  }
  if (next <= wanted.to) gaps.push({ from: next, to: wanted.to });
  return gaps;
}

/** Returns ranges as text: `80, 31000-61000`. */
export const portsText = (ports: readonly Ports[]): string =>
  ports.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(", ");
