import ipaddr from "ipaddr.js";
import { matchesNot, quote, type Rule } from "../validation/rule";

/**
 * What both renderings take for a CIDR at first sight: plain IPv4 or IPv6 text, no zone, no embedded IPv4, and no octet
 * with a leading zero, which Terraform reads as decimal, ipaddr.js as octal, and AWS not at all.
 */
const CIDR = "^((0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}/[0-9]{1,2}|[0-9a-fA-F:]*:[0-9a-fA-F:]*/[0-9]{1,3})$";

function parseCidr(value: string): { address: string; network: string } | undefined {
  if (!new RegExp(CIDR).test(value)) return undefined;
  const kind = value.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
  try {
    const [address] = kind.parseCIDR(value);
    // ::ffff:0:0/96 is the whole of IPv4 in other clothes, and Terraform would make a rule for IPv4 of it.
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

/** A network without host bits: `10.0.0.1/8` is nearly always a typing mistake, and AWS would silently change it. */
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

/** Not the whole internet, however its prefix of length 0 is written (`0.0.0.0/0`, `::/0`, `1.2.3.4/0`, `::/00`). */
export const notTheWholeInternet: Rule<string> = matchesNot(
  "/0+$",
  "not be the whole internet",
  "Name the networks that may connect, such as your office's address with /32, or use Session Manager, which needs no open port.",
);

/** The shortest prefixes of an IPv4 and an IPv6 network that SSH is opened to. */
export const SHORTEST_SSH_PREFIX = { ipv4: 8, ipv6: 16 } as const;

/**
 * Not the internet in parts: as many networks as there may be (50) of this size are a fifth of IPv4's addresses and less
 * than a hundredth of those that IPv6 gives out (2000::/3), while 10.0.0.0/8 and whatever a provider has are no wider.
 * The whole internet is left to the rule above.
 * @see https://www.iana.org/assignments/ipv6-unicast-address-assignments/ipv6-unicast-address-assignments.xhtml
 */
export const noPartOfTheInternet: Rule<string> = matchesNot(
  "^[^:]*/0*[1-7]$|:.*/0*([1-9]|1[0-5])$",
  `not be wider than /${SHORTEST_SSH_PREFIX.ipv4}, or /${SHORTEST_SSH_PREFIX.ipv6} of IPv6`,
  "Two halves are the whole internet too: name the networks that may connect, or use Session Manager, which needs no open port.",
);
