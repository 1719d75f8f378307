import { Construct } from "constructs";
import { hcl } from "../../src";
import { checkProps, isToken, leastBytes } from "../../src/validation/check-props";
import { bounded, wholeNumber } from "../../src/validation/rule";
import { emptyStack, mistakesOf } from "../support/synthesized";

class Widget extends Construct {}

const small = wholeNumber(1, 9, "pieces", "Take fewer.");
const check = (props: Parameters<typeof checkProps>[1]) => checkProps(new Widget(emptyStack(), "mine"), props);

describe("checkProps", () => {
  it("names the construct, its path, and every mistake at once", () => {
    expect(() => check({ one: [0, [small]], two: [2, [small]], three: [10, [small]] })).toThrow(
      [
        'Widget "test/mine": 2 settings are wrong',
        "  - one must be a whole number from 1 to 9 (pieces); received 0. Take fewer.",
        "  - three must be a whole number from 1 to 9 (pieces); received 10. Take fewer.",
      ].join("\n"),
    );
  });

  it("lets good props pass", () => {
    expect(() => check({ one: [1, [small]], nine: [9, [small]] })).not.toThrow();
  });

  it("leaves what is undefined to its default, and a token to Terraform", () => {
    expect(() => check({ none: [undefined, [small]], token: [hcl`var.x`.number, [small]] })).not.toThrow();
  });

  it("shows a rule the other props", () => {
    const rule = bounded("most", ">=", "least", "Raise it.");
    expect(mistakesOf(() => check({ least: [3, []], most: [2, [rule]] }))).toEqual([
      'most must be at least least; received {"least":3,"most":2}. Raise it.',
    ]);
  });
});

describe("isToken", () => {
  it("finds a token as the whole, in a text, and in a list", () => {
    const token = hcl`var.x`;
    expect([token.string, `a-${token}`, token.number, token.list, ["a", token.string]].map(isToken)).toEqual(
      Array(5).fill(true),
    );
  });

  it("takes plain values for what they are", () => {
    expect(["a", "${var.x}", 1, ["a"], [], undefined].map(isToken)).toEqual(Array(6).fill(false));
  });
});

describe("leastBytes", () => {
  it("counts a text's bytes, and nothing for what Terraform alone knows", () => {
    expect(leastBytes({ a: "é" })).toBe('{"a":"é"}'.length + 1);
    expect(leastBytes({ a: `x${hcl`var.long`}y`, b: [hcl`var.other`.string] })).toBe('{"a":"xy","b":[""]}'.length);
  });
});
