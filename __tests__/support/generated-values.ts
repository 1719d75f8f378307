import fc from "fast-check";
import type { Kind } from "../../src/validation/token";

/** The Terraform type of a variable. */
export type TerraformType = "string" | "number" | "list(string)" | "map(string)";

/** The Terraform type of each kind of field. */
export const TERRAFORM_TYPES = {
  string: "string",
  number: "number",
  boolean: "string",
  list: "list(string)",
  map: "map(string)",
} as const satisfies Readonly<Record<Kind, TerraformType>>;

/** Valid and invalid networks. */
export const CIDRS = [
  ["0.0.0.0/0", "::/0", "1.2.3.4/0", "0:0::/0", "0.0.0.0/00", "::/00", "::/000", "10.0.0.0/8"],
  ["10.0.0.0/08", "10.0.0.1/8", "10.0.0.1/32", "203.0.113.0/24", "203.0.113.7/24", "255.255.255.255/32"],
  ["256.0.0.0/8", "1.2.3/8", "1.2.3.4", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/", "/8", "", " 10.0.0.0/8", "10.0.0.0/8 "],
  ["010.0.0.0/8", "10.00.0.0/16", "192.168.010.0/24", "10.0.0.08/32", "10.0.0.0/8\n", "abc", "10.0.0.0 /8"],
  ["2001:db8::/32", "2001:DB8::/32", "2001:db8::1/32", "2001:db8::1/128", "2001:db8:0:0:0:0:0:0/32", "2001:0db8::/32"],
  [
    "::1/128",
    "fe80::/10",
    "fe80::%eth0/64",
    "2001:db8::1.2.3.4/64",
    "::ffff:10.0.0.0/104",
    "::ffff:a00:0/104",
    "::ffff:0:0/96",
    "1::2::3/64",
  ],
  [
    "12345::/16",
    "::/129",
    "1:2:3:4:5:6:7:8/128",
    "1:2:3:4:5:6:7:8:9/128",
    "1:2:3:4:5:6:7/64",
    ":::/0",
    ":/0",
    "1:2::/0064",
  ],
  ["1:2:3:4:5:6:7::/112", "::2:3:4:5:6:7:8/128", "1:2:3:4::5:6:7:8/128", "::0/0", "0::0/1", "8000::/1", "4000::/1"],
];

/** Texts with characters that have a meaning in JSON, HCL, HTML or a regular expression. */
export const TEXTS = [
  "",
  "a",
  'it\'s "quoted"',
  "back\\slash",
  "line\nbreak",
  "tab\t",
  "$",
  "$${a}",
  "<&>",
  "\u0000",
  "\u007f",
  "ſ",
];

/** Any code point but surrogates. fast-check has such a unit, but it lists a million code points first. */
const codePoint = fc
  .integer({ min: 0, max: 0x10_ffff })
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point));

const byType: Readonly<Record<TerraformType, fc.Arbitrary<unknown>>> = {
  string: fc.oneof(
    fc.string({ unit: "grapheme-ascii", maxLength: 30 }),
    fc.constantFrom(...TEXTS),
    fc.string({ unit: codePoint }),
  ),
  number: fc.oneof(
    fc.integer({ min: -10, max: 6000 }),
    fc.integer({ min: -100, max: 100 }).map((whole) => whole / 8),
  ),
  "list(string)": fc.array(
    fc.oneof(
      fc.constantFrom(...CIDRS.flat(), ...TEXTS),
      fc.tuple(fc.ipV4(), fc.nat(34)).map(([address, prefix]) => `${address}/${prefix}`),
      fc.tuple(fc.ipV6(), fc.nat(130)).map(([address, prefix]) => `${address}/${prefix}`),
      fc.string({ maxLength: 12 }),
    ),
    { maxLength: 4 },
  ),
  "map(string)": fc.dictionary(
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.string({ unit: "grapheme", maxLength: 8 }),
    { maxKeys: 4 },
  ),
};

/**
 * Returns a value as Terraform stores it: with text in Unicode's composed form, and without lone surrogates. Otherwise
 * a rule at synth and the same rule at plan would get different texts.
 */
const composed = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .normalize("NFC")
      .replace(/\\ud[89a-f][0-9a-f]{2}/gi, "?"),
  );

/** Returns `count` values of a Terraform type. The same seed gives the same values. */
export const generated = (type: TerraformType, count: number, seed: number): unknown[] =>
  fc.sample(byType[type], { numRuns: count, seed }).map(composed);
