import ipaddr from "ipaddr.js";
import { distinctElements, each, matchesNot, quote, type Rule } from "../validation/rule";

/**
 * What JavaScript and Terraform both accept before they parse it: plain IPv4 or IPv6 text, with no zone, no embedded IPv4
 * and no leading zero in an octet. Terraform reads such an octet as decimal, ipaddr.js reads it as octal, and AWS rejects it.
 */
const CIDR = "^((0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}/[0-9]{1,2}|[0-9a-fA-F:]*:[0-9a-fA-F:]*/[0-9]{1,3})$";

function parseCidr(value: string): { address: string; network: string } | undefined {
  if (!new RegExp(CIDR).test(value)) return undefined;
  const kind = value.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
  try {
    const [address] = kind.parseCIDR(value);
    // ::ffff:0:0/96 is all of IPv4, and Terraform would create an IPv4 rule from it.
    if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()) return undefined;
    return { address: address.toString(), network: kind.networkAddressFromCIDR(value).toString() };
  } catch {
    return undefined;
  }
}

/** An IPv4 or IPv6 network in CIDR notation. */
export const cidr: Rule<string> = {
  must: "be networks in CIDR notation",
  fix: 'Write an IPv4 or IPv6 network such as "203.0.113.7/32" or "2001:db8::/48".',
  check: (value) => parseCidr(value) !== undefined,
  condition: (reference) =>
    `can(regex(${quote(CIDR)}, ${reference})) && try(strcontains(cidrhost(${reference}, 0), ":") == strcontains(${reference}, ":"), false)`,
};

/** A network without host bits. `10.0.0.1/8` is nearly always a typing error, and AWS silently changes it. */
export const noHostBits: Rule<string> = {
  must: "have no host bits set",
  fix: 'Write the network itself ("10.0.0.0/8"), or the one address with its full prefix ("10.0.0.1/32").',
  check: (value) => {
    const parsed = parseCidr(value);
    return parsed === undefined || parsed.address === parsed.network;
  },
  condition: (reference) => {
    const address = `split("/", ${reference})[0]`;
    const self = `join("", [${address}, strcontains(${reference}, ":") ? "/128" : "/32"])`;
    return `!(${cidr.condition(reference)}) || try(cidrhost(${reference}, 0) == cidrhost(${self}, 0), false)`;
  },
};

/** Rejects each spelling of a prefix of length 0: `0.0.0.0/0`, `::/0`, `1.2.3.4/0` and `::/00`. */
export const notTheWholeInternet: Rule<string> = matchesNot(
  "/0+$",
  "not be the whole internet",
  "Name the networks that may connect, such as your office's address with /32, or use Session Manager, which needs no open port.",
);

/** The shortest prefixes of networks that SSH is open to. */
export const SHORTEST_SSH_PREFIX = { ipv4: 8, ipv6: 16 } as const;

/**
 * Rejects the internet in parts. The 50 networks that a list can have are then at most a fifth of IPv4, and less than a
 * hundredth of the assigned part of IPv6 (2000::/3). No private network and no provider's network is wider.
 * `notTheWholeInternet` reports a prefix of length 0.
 * @see https://www.iana.org/assignments/ipv6-unicast-address-assignments/ipv6-unicast-address-assignments.xhtml
 */
export const noPartOfTheInternet: Rule<string> = matchesNot(
  "^[^:]*/0*[1-7]$|:.*/0*([1-9]|1[0-5])$",
  `be /${SHORTEST_SSH_PREFIX.ipv4} or narrower (IPv6: /${SHORTEST_SSH_PREFIX.ipv6} or narrower)`,
  "Two halves add up to the whole internet. Name the networks that may connect, or use Session Manager, which needs no open port.",
);

/** Rejects IPv6: a rule for IPv6 has no effect on a load balancer that only has IPv4 addresses. */
export const onlyIpv4: Rule<string> = matchesNot(
  ":",
  "be IPv4 networks",
  "The load balancer has only IPv4 addresses, so a rule for IPv6 has no effect. Remove these networks, or set dualStack of the load balancer.",
);

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups */
export const MOST_RULES = 60;

/** Returns the rules of a list of networks. */
export const networksRules = (max: number, ...rules: readonly Rule<string>[]): readonly Rule<readonly string[]>[] => [
  distinctElements(0, max, "networks", "Each network is a rule, and a security group has at most 60."),
  ...[cidr, noHostBits, ...rules].map(each),
];

/** Returns true when the network `by` contains all of another network. */
export function containsNetwork(by: string, network: string): boolean {
  if (!parseCidr(by) || !parseCidr(network)) return false;
  const [[first, length], [other, otherLength]] = [ipaddr.parseCIDR(by), ipaddr.parseCIDR(network)];
  return first.kind() === other.kind() && length <= otherLength && other.match(first, length);
}
