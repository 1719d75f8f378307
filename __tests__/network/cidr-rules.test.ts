import { resolveSettings } from "../../src";
import {
  cidr,
  noHostBits,
  noPartOfTheInternet,
  notTheWholeInternet,
  SHORTEST_SSH_PREFIX,
} from "../../src/network/cidr-rules";
import type { Rule } from "../../src/validation/rule";
import { LIMITS } from "../../src/validation/values";
import { fc } from "../support/seeded";
import { mistakesOf } from "../support/synthesized";

const keeps = <T>(rule: Rule<T>, value: T) => rule.check(value, {});

/** What Terraform decides is tested by Terraform: __tests__/terraform/rule-parity.test.ts. */
describe("a rule about networks", () => {
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
    // What is no network, or all of them, is the other rules' affair: one mistake, one message.
    [noPartOfTheInternet, ["0.0.0.0/0", "::/0", "::/000", "nonsense", "10.0.0.0"], ["/7"]],
  ] as [Rule<string>, string[], string[]][])("decides by its limits: must $must", (rule, good, bad) => {
    expect(good.filter((value) => !keeps(rule, value))).toEqual([]);
    expect(bad.filter((value) => keeps(rule, value))).toEqual([]);
  });

  it("takes every IPv4 network once its host bits are cleared", () => {
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

  it("leaves no way to open SSH to the internet in parts, since there are too many parts", () => {
    expect(LIMITS.sshCidrs.max).toBeLessThan(2 ** SHORTEST_SSH_PREFIX.ipv4);
    // Of IPv6 an eighth is given out.
    expect(LIMITS.sshCidrs.max).toBeLessThan(2 ** (SHORTEST_SSH_PREFIX.ipv6 - 3));
  });

  it("refuses the halves of the internet for SSH, and not for HTTP", () => {
    const halves = ["0.0.0.0/1", "128.0.0.0/1"];
    expect(mistakesOf(() => resolveSettings({ values: { sshCidrs: [...halves, "203.0.113.7/32"] } }))).toEqual([
      'values.sshCidrs: ssh_cidrs must not be wider than /8, or /16 of IPv6; received ["0.0.0.0/1","128.0.0.0/1"]. Two halves are the whole internet too: name the networks that may connect, or use Session Manager, which needs no open port.',
    ]);
    expect(mistakesOf(() => resolveSettings({ values: { httpCidrs: halves } }))).toEqual([]);
  });
});
