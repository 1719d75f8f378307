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
  violation,
  violationTemplate,
  wholeNumber,
} from "../../src/validation/rule";

const keeps = <T>(rule: Rule<T>, value: T, all: Record<string, unknown> = {}) => rule.check(value, all);
const fix = "Change it.";
const lower = matches("^[a-z]+$", "be lower-case", fix);

/** What Terraform decides is tested by Terraform: __tests__/terraform/rule-parity.test.ts. */
describe("a rule", () => {
  it("says name, rule, value received and fix", () => {
    expect(violation("size", wholeNumber(1, 9, "GiB", fix), 10)).toBe(
      "size must be a whole number from 1 to 9 (GiB); received 10. Change it.",
    );
  });

  it("says the same in Terraform, which fills the value in", () => {
    expect(violationTemplate("size", wholeNumber(1, 9, "GiB", fix), "var.size")).toBe(
      "size must be a whole number from 1 to 9 (GiB); received ${jsonencode(var.size)}. Change it.",
    );
  });

  it("says so where nothing was received", () => {
    expect(violation("size", lower, undefined as never)).toBe("size must be lower-case; received nothing. Change it.");
  });

  it("shows of a list those elements alone that break it", () => {
    expect(violation("types", each(lower), ["a", "B", "c", "D"])).toBe(
      'types must be lower-case; received ["B","D"]. Change it.',
    );
  });

  it("shows of a map the keys or the values that break it, in the order of the keys", () => {
    const map = { b: "X", A: "Y", c: "z" };
    expect(violation("tags", eachKey(lower), map)).toContain('received ["A"]');
    expect(violation("tags", eachValue(lower), map)).toContain('received ["Y","X"]');
  });

  it("sorts keys by their bytes, as Terraform does", () => {
    const map = { "\u{1f600}": "X", "\ufb00": "Y" };
    expect(violation("tags", eachValue(lower), map)).toContain('received ["Y","X"]');
  });

  it.each([
    [length(2, 3, fix), ["ab", "abc", "éé", "\u{1f600}\u{1f600}"], ["a", "abcd", "", "a\u0488"]],
    [matchesNot("^aws", "x", fix), ["a", "xaws"], ["aws", "awsx"]],
    [wholeNumber(1, 9, "", fix), [1, 9], [0, 10, 1.5, Number.NaN, Number.POSITIVE_INFINITY]],
    [oneOf([1, 3], fix), [1, 3], [2, 0]],
    [distinctElements(1, 2, "x", fix), [["a"], ["a", "b"]], [[], ["a", "a"], ["a", "b", "c"]]],
    [nullable(lower), [null, "a"], ["A", ""]],
  ] as [Rule<unknown>, unknown[], unknown[]][])("decides by its limits: must $must", (rule, good, bad) => {
    expect(good.filter((value) => !keeps(rule, value))).toEqual([]);
    expect(bad.filter((value) => keeps(rule, value))).toEqual([]);
  });

  it("holds a number against another variable, and shows both", () => {
    const rule = bounded("max", ">=", "min", fix);
    expect([1, 2, 3].map((value) => keeps(rule, value, { min: 2 }))).toEqual([false, true, true]);
    expect(violation("max", rule, 1, { min: 2 })).toBe(
      'max must be at least min; received {"max":1,"min":2}. Change it.',
    );
    expect(keeps(bounded("min", "<=", "max", fix), 3, { max: 2 })).toBe(false);
    expect(rule.reads).toEqual(["min"]);
  });
});
