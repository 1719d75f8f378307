import { Lazy } from "cdktf";
import { type RuleConditions, type RulePriorityProps, rulePriority } from "../../src";
import { coversPattern as covers } from "../../src/load-balancing/condition-values";
import { PRIORITIES } from "../../src/load-balancing/rule-priority";
import { problemsOf } from "../support/problems";
import { fc } from "../support/seeded";

/** Returns every path of up to four characters of an alphabet. All of them take less time than a random search for the few that matter. */
function paths(alphabet: string): string[] {
  const longer = (shorter: readonly string[]) =>
    shorter.flatMap((path) => [...alphabet].map((character) => path + character));
  const levels = [["/"]];
  for (let length = 1; length <= 4; length += 1) levels.push(longer(levels[length - 1] as string[]));
  return levels.flat();
}

const PATTERNS = paths("ab*?");
/** The pairs of them where the first certainly matches everything that the second matches. */
const COVERED = PATTERNS.flatMap((by) =>
  PATTERNS.filter((one) => covers(by, one)).map((one): [by: string, one: string] => [by, one]),
);
const path = fc.stringMatching(/^\/[A-Za-z0-9_.$/~@:+&*?-]{0,127}$/);
const host = fc.stringMatching(/^[a-z0-9*?-]{1,40}\.([a-z0-9.*?-]{1,40}\.)?[a-z]{2,5}$/);
const conditions = fc
  .record({
    paths: fc.option(fc.uniqueArray(path, { minLength: 1, maxLength: 5 }), { nil: undefined }),
    hosts: fc.option(fc.uniqueArray(host, { minLength: 1, maxLength: 5 }), { nil: undefined }),
  })
  .filter(({ paths, hosts }) => paths !== undefined || hosts !== undefined);

/** Returns the priority of a service's rule with these conditions. */
const priorityOf = (conditions: RuleConditions, name = "users") => rulePriority({ name, ...conditions });

/** Returns the texts that a pattern matches, by a regular expression instead of the code under test. */
function matching(glob: string, texts: readonly string[]): string[] {
  const expression = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  const whole = new RegExp(`^${expression}$`, "s");
  return texts.filter((text) => whole.test(text));
}

describe("rulePriority", () => {
  it("uses each priority of a listener for the specificity of some rule", () => {
    // The longest path and host, and then rules with more conditions.
    expect(priorityOf({ paths: ["*"] })).toBeGreaterThan(PRIORITIES.highest - 50);
    const longest = priorityOf({ paths: [`/${"x".repeat(127)}`], hosts: [`${"x".repeat(124)}.com`] });
    expect(longest).toBeGreaterThan(110);
    expect(longest).toBeLessThanOrEqual(110 + 24 + 4 * 12);
  });

  it("depends on the service and on the rule's id, so that a path can move to another service", () => {
    const paths = ["/api/users*"];
    const priorities = [
      rulePriority({ name: "users", paths }),
      rulePriority({ name: "people", paths }),
      rulePriority({ name: "users", ruleId: "rule_admin", paths }),
    ];
    expect(new Set(priorities).size).toBe(3);
    expect(Math.max(...priorities) - Math.min(...priorities)).toBeLessThan(800);
    expect(rulePriority({ name: "users", ruleId: "rule", paths })).toBe(priorities[0]);
  });

  it("is within the priorities of a listener for all conditions", () => {
    fc.assert(
      fc.property(conditions, (rule) => {
        const priority = priorityOf(rule);
        expect(Number.isInteger(priority)).toBe(true);
        expect(priority).toBeGreaterThanOrEqual(PRIORITIES.lowest);
        expect(priority).toBeLessThanOrEqual(PRIORITIES.highest);
      }),
    );
  });

  it("has room for the longest conditions that AWS accepts", () => {
    const longest = { paths: [`/${"x".repeat(127)}`], hosts: [`${"x".repeat(124)}.com`] };
    expect(priorityOf(longest)).toBeGreaterThanOrEqual(PRIORITIES.lowest);
    expect(priorityOf(longest)).toBeLessThan(priorityOf({ paths: [`/${"x".repeat(126)}*`], hosts: longest.hosts }));
  });

  it("does not depend on the order of the values, nor on a host's case", () => {
    fc.assert(
      fc.property(conditions, ({ paths, hosts }) => {
        const turned = {
          paths: paths && [...paths].reverse(),
          hosts: hosts?.map((name) => name.toUpperCase()).reverse(),
        };
        expect(priorityOf(turned)).toBe(priorityOf({ paths, hosts }));
      }),
    );
  });

  it("is lower for a path than for another path that matches the same and more", () => {
    const priorities = new Map(PATTERNS.map((pattern) => [pattern, priorityOf({ paths: [pattern] })]));
    const both = new Set(COVERED.map((pair) => pair.join(" ")));
    // With as many fixed characters and a wildcard in both, the hash decides. The listener then compares its rules, see
    // listener-rule.test.ts.
    const fixed = (text: string) => text.replace(/[*?]/g, "").length;
    const narrower = COVERED.filter(
      ([by, one]) => !both.has(`${one} ${by}`) && (fixed(one) !== fixed(by) || !/[*?]/.test(one)),
    );
    expect(narrower.length).toBeGreaterThan(1000);
    expect(narrower.filter(([by, one]) => Number(priorities.get(one)) >= Number(priorities.get(by)))).toEqual([]);
  });

  it("is lower for a path with a host than for one of both", () => {
    fc.assert(
      fc.property(path, host, (narrow, name) => {
        const rule = { paths: [narrow], hosts: [name] };
        expect(priorityOf(rule)).toBeLessThan(priorityOf({ paths: [narrow] }));
        expect(priorityOf(rule)).toBeLessThan(priorityOf({ hosts: [name] }));
      }),
    );
  });

  it.each([
    ["/api/users*", "/api*"],
    ["/api/users*", "/*"],
    ["/api/users", "/api/users*"],
    ["/api/users/?", "/api/*"],
  ])("is lower for %s than for %s", (first, second) => {
    expect(priorityOf({ paths: [first] })).toBeLessThan(priorityOf({ paths: [second] }));
  });

  it("is lower for an exact host than for a path of the same length, and lowest for both", () => {
    const host = priorityOf({ hosts: ["a.example.com"] });
    const path = priorityOf({ paths: ["/abcdefghijkl*"] });
    expect(host).toBeLessThan(path);
    expect(priorityOf({ hosts: ["a.example.com"], paths: ["/abc*"] })).toBeLessThan(host);
  });

  it("follows from the broadest value of a rule", () => {
    const broad = priorityOf({ paths: ["/api/orders/history*", "/a*"] });
    expect(broad).toBeGreaterThan(priorityOf({ paths: ["/api*"] }));
    expect(broad).toBeLessThan(priorityOf({ paths: ["/*"] }));
    expect(priorityOf({ paths: ["/api/orders*", "/z*"] })).toBeGreaterThan(priorityOf({ paths: ["/api*"] }));
  });

  it("never changes, because existing listeners have these numbers", () => {
    const numbers = [
      { paths: ["/api/users*"] },
      { paths: ["/api*"] },
      { paths: ["/"], hosts: ["admin.example.com"] },
      { paths: ["/api/v?/users"] },
    ].map((rule) => priorityOf(rule));
    expect(numbers).toEqual([42110, 49379, 31532, 39369]);
  });

  it("is lower with another condition than without it", () => {
    const others = [
      { methods: ["GET"] },
      { headers: { "X-A": ["1"] } },
      { queryStrings: [{ value: "1" }] },
      { sourceIps: ["10.0.0.0/8"] },
    ];
    fc.assert(
      fc.property(path, fc.constantFrom(...others), (narrow, other) => {
        expect(priorityOf({ paths: [narrow], ...other })).toBeLessThan(priorityOf({ paths: [narrow] }));
      }),
    );
    const [get, header] = others;
    expect(priorityOf({ ...get, ...header })).toBeLessThan(priorityOf(get as RuleConditions));
    expect(priorityOf({ headers: { A: ["1"], B: ["1"] } })).toBeLessThan(priorityOf({ headers: { A: ["1"] } }));
  });

  it("depends on the values of each condition, without the case of a header", () => {
    const rules = [
      { methods: ["GET"] },
      { methods: ["PUT"] },
      { headers: { A: ["1"] } },
      { headers: { A: ["2"] } },
      { queryStrings: [{ value: "1" }] },
      { sourceIps: ["10.0.0.0/8"] },
    ];
    expect(new Set(rules.map((rule) => priorityOf({ paths: ["/api/users*"], ...rule }))).size).toBe(rules.length);
    expect(priorityOf({ headers: { "X-A": ["b", "C"] } })).toBe(priorityOf({ headers: { "x-a": ["c", "B"] } }));
  });

  it("does not accept regular expressions, which nothing orders", () => {
    const props = { name: "users", pathRegexes: ["^/a"] } as RulePriorityProps;
    expect(problemsOf(() => rulePriority(props))).toEqual([expect.stringMatching(/^Unknown setting "pathRegexes"/)]);
  });

  it("rarely gives two of twenty services with paths of one length the same number", () => {
    const collisions = Array.from({ length: 200 }, (_, round) => {
      const priorities = Array.from({ length: 20 }, (_, index) =>
        priorityOf({ paths: [`/api/${round + 100}-${index + 10}*`] }),
      );
      return 20 - new Set(priorities).size;
    });
    const all = collisions.reduce((sum, count) => sum + count, 0);
    // In 200 rounds of 190 pairs with 657 numbers each, about 58 pairs collide.
    expect(all).toBeLessThan(75);
  });
});

describe("the conditions of rulePriority", () => {
  it.each<[string, unknown, string]>([
    ["no conditions at all", null, "settings must be an object; received null. Set it."],
    [
      "a path without a list",
      { name: "a", paths: "/a" },
      'paths must be a list; received "/a". Write it in brackets: ["/api/users*"].',
    ],
    [
      "a path that is too long",
      { name: "a", paths: [`/${"x".repeat(128)}`] },
      `paths[0] must be a path pattern of at most 128 characters that begins with / or a wildcard; received "/${"x".repeat(78)}…. For example "/api/users*". Use letters, digits, the wildcards * and ?, and _ - . $ / ~ " ' @ : + &. Match a query with queryStrings.`,
    ],
    [
      "a token",
      { name: "a", hosts: [Lazy.stringValue({ produce: () => "a.example.com" })] },
      "hosts[0] must be known when the code runs; received a token. Write the value itself instead of a token.",
    ],
  ])("cannot be %s", (_, conditions, message) => {
    expect(problemsOf(() => rulePriority(conditions as RulePriorityProps))).toEqual([message]);
  });
});

describe("coversPattern", () => {
  it("never returns true when a text matches only the second pattern", () => {
    const texts = paths("abx");
    const matched = new Map(PATTERNS.map((pattern) => [pattern, new Set(matching(pattern, texts))]));
    const wrong = COVERED.filter(([by, one]) => {
      const byFirst = matched.get(by) as Set<string>;
      return [...(matched.get(one) as Set<string>)].some((text) => !byFirst.has(text));
    });
    expect(COVERED.length).toBeGreaterThan(10_000);
    expect(wrong).toEqual([]);
  });

  it.each([
    ["/api*", "/api/users*", true],
    ["/api/users*", "/api*", false],
    ["/*", "/a?c", true],
    ["/a?c", "/abc", true],
    ["/a?c", "/a*c", false],
    ["/a*c", "/abbc", true],
    ["*", "", true],
    ["/a**", "/a*", true],
  ])("returns for %s and %s: %s", (by, one, expected) => {
    expect(covers(by, one)).toBe(expected);
  });
});
