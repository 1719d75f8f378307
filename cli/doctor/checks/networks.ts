import ipaddr from "ipaddr.js";

/** Whether an IPv4 CIDR block contains another. */
export function contains(outer: string, inner: string): boolean {
  if (outer.includes(":") || inner.includes(":")) return false;
  const [network, length] = ipaddr.IPv4.parseCIDR(outer);
  const [address, innerLength] = ipaddr.IPv4.parseCIDR(inner);
  return innerLength >= length && address.match(network, length);
}
