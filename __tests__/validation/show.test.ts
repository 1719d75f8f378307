import { TerraformStack } from "cdktf";
import { hcl } from "../../src";
import { show } from "../../src/validation/show";
import { testApp } from "../support/test-app";

const cycle: Record<string, unknown> = { name: "cycle" };
cycle.self = cycle;

describe("a value in a message", () => {
  it.each<[value: unknown, text: string]>([
    ["a", '"a"'],
    [5, "5"],
    [12n, "12n"],
    [Number.NaN, "NaN"],
    [null, "null"],
    [undefined, "nothing"],
    [["a", 1], '["a", 1]'],
    [{ a: 1 }, '{"a": 1}'],
    [{ a: { b: { c: 1 } } }, '{"a": {"b": {…}}}'],
    [cycle, '{"name": "cycle", "self": {"name": "cycle", "self": {…}}}'],
    [Array.from({ length: 12 }, (_, index) => index), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …]"],
    ["x".repeat(200), `"${"x".repeat(79)}…`],
    [() => 5, "a function"],
    [new Map(), "an instance of Map"],
    [new TerraformStack(testApp(), "stack"), "an instance of TerraformStack"],
    [hcl`a`.string, "a token"],
    [hcl`a`.number, "a token"],
    [hcl`a`.list, "a token"],
    [hcl`a`.map, "a token"],
    [hcl`a`, "a token"],
    [`a-${hcl`a`}`, '"a-<token>"'],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIE", "a private key, which is not shown"],
    [{ a: ["-----BEGIN RSA PRIVATE KEY-----"] }, "a private key, which is not shown"],
    ["ssh-rsa AAAA", '"ssh-rsa AAAA"'],
  ])("is readable, short and safe: %#", (value, text) => {
    expect(show(value)).toBe(text);
  });
});
