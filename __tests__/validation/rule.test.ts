import {
  bounded,
  distinctElements,
  each,
  eachKey,
  eachValue,
  length,
  matches,
  matchesNot,
  nullable,
  oneOf,
  type Rule,
  violationTemplate,
  wholeNumber,
} from "../../src/validation/rule";

const satisfies = <T>(rule: Rule<T>, value: T, all: Record<string, unknown> = {}) => rule.check(value, all);
const offending = <T>(rule: Rule<T>, value: T, all: Record<string, unknown> = {}) => rule.offending?.of(value, all);
const fix = "Change it.";
const lower = matches("^[a-z]+$", "be lower-case", fix);

/** Terraform's side of each rule is tested in __tests__/integration/rule-parity.test.ts. */
describe("a rule", () => {
  it("has a message whose value Terraform fills in", () => {
    expect(violationTemplate("size", wholeNumber(1, 9, "GiB", fix), "var.size")).toBe(
      "size must be a whole number from 1 to 9 (GiB); received ${jsonencode(var.size)}. Change it.",
    );
  });

  it("shows only the elements of a list that break it", () => {
    expect(offending(each(lower), ["a", "B", "c", "D"])).toEqual(["B", "D"]);
  });

  it("shows only the keys or the values of a map that break it, in the order of the keys", () => {
    const map = { b: "X", A: "Y", c: "z" };
    expect(offending(eachKey(lower), map)).toEqual(["A"]);
    expect(offending(eachValue(lower), map)).toEqual(["Y", "X"]);
  });

  it("sorts keys by their bytes, as Terraform does", () => {
    expect(offending(eachValue(lower), { "\u{1f600}": "X", "\ufb00": "Y" })).toEqual(["Y", "X"]);
  });

  it.each([
    [length(2, 3, fix), ["ab", "abc", "éé", "\u{1f600}\u{1f600}"], ["a", "abcd", "", "a\u0488"]],
    [matchesNot("^aws", "x", fix), ["a", "xaws"], ["aws", "awsx"]],
    [wholeNumber(1, 9, "", fix), [1, 9], [0, 10, 1.5, Number.NaN, Number.POSITIVE_INFINITY]],
    [oneOf([1, 3], fix), [1, 3], [2, 0]],
    [distinctElements(1, 2, "x", fix), [["a"], ["a", "b"]], [[], ["a", "a"], ["a", "b", "c"]]],
    [nullable(lower), [null, "a"], ["A", ""]],
  ] as [Rule<unknown>, unknown[], unknown[]][])(
    "accepts and rejects values by its limits: must $must",
    (rule, valid, invalid) => {
      expect(valid.filter((value) => !satisfies(rule, value))).toEqual([]);
      expect(invalid.filter((value) => satisfies(rule, value))).toEqual([]);
    },
  );

  it("compares a number with another variable, and shows both", () => {
    const rule = bounded("max", ">=", "min", fix);
    expect([1, 2, 3].map((value) => satisfies(rule, value, { min: 2 }))).toEqual([false, true, true]);
    expect(offending(rule, 1, { min: 2 })).toEqual({ max: 1, min: 2 });
    expect(satisfies(bounded("min", "<=", "max", fix), 3, { max: 2 })).toBe(false);
    expect(rule.reads).toEqual(["min"]);
  });
});
