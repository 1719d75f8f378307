import {
  cidr,
  noHostBits,
  noPartOfTheInternet,
  notTheWholeInternet,
  SHORTEST_SSH_PREFIX,
} from "../../src/network/cidr-rules";
import { MOST_SSH_CIDRS } from "../../src/network/port-rules";
import type { Rule } from "../../src/validation/rule";
import { fc } from "../support/seeded";

const keeps = <T>(rule: Rule<T>, value: T) => rule.check(value, {});

// Terraform's decisions are tested in integration/rule-parity.test.ts.
describe("the rules of networks", () => {
  it.each([
    [
      cidr,
      ["10.0.0.0/8", "::/0", "2001:db8::1/128", "10.0.0.0/08"],
      ["10.0.0.0", "1.2.3.4/33", "::/129", "010.0.0.0/8", "x"],
    ],
    [
      cidr,
      ["0.0.0.0/0", "255.255.255.255/32"],
      ["::ffff:10.0.0.0/104", "fe80::%eth0/64", "1::2::3/64", " ::/0", "::/0\n"],
    ],
    [noHostBits, ["10.0.0.0/8", "10.0.0.1/32", "::/0", "nonsense"], ["10.0.0.1/8", "1.2.3.4/0", "2001:db8::1/32"]],
    [notTheWholeInternet, ["0.0.0.0/1", "10.0.0.0/10"], ["0.0.0.0/0", "::/0", "1.2.3.4/0", "0:0::/0", "::/00"]],
    [
      noPartOfTheInternet,
      [
        "10.0.0.0/8",
        "0.0.0.0/8",
        "10.0.0.0/08",
        "10.0.0.0/10",
        "1.2.3.4/32",
        "2001::/16",
        "fd00::/16",
        "2001:db8::/32",
      ],
      [
        "0.0.0.0/1",
        "128.0.0.0/1",
        "128.0.0.0/01",
        "12.0.0.0/7",
        "2000::/3",
        "::/1",
        "2000::/03",
        "2a00::/12",
        "2a00::/15",
      ],
    ],
    // Other rules reject text that is no network, and the whole internet, so that each problem has one message.
    [noPartOfTheInternet, ["0.0.0.0/0", "::/0", "::/000", "nonsense", "10.0.0.0"], ["/7"]],
  ] as [Rule<string>, string[], string[]][])("accept and reject at their limits: must $must", (rule, good, bad) => {
    expect(good.filter((value) => !keeps(rule, value))).toEqual([]);
    expect(bad.filter((value) => keeps(rule, value))).toEqual([]);
  });

  it("accept every IPv4 network without host bits", () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const network = prefix === 0 ? 0 : (address & (-1 << (32 - prefix))) >>> 0;
        const write = (bits: number) => `${[24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".")}/${prefix}`;
        expect(keeps(cidr, write(address))).toBe(true);
        expect(keeps(noHostBits, write(network))).toBe(true);
        expect(keeps(noHostBits, write(address))).toBe(address === network);
      }),
    );
  });

  it("keep SSH closed to the internet in parts, because a list cannot have enough parts", () => {
    expect(MOST_SSH_CIDRS).toBeLessThan(2 ** SHORTEST_SSH_PREFIX.ipv4);
    // An eighth of IPv6 is assigned.
    expect(MOST_SSH_CIDRS).toBeLessThan(2 ** (SHORTEST_SSH_PREFIX.ipv6 - 3));
  });
});
