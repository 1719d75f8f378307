import { rulePriority } from "../../src";
import { covers, PRIORITIES } from "../../src/load-balancing/rule-priority";
import { fc } from "../support/seeded";

/** Every path of up to four characters of an alphabet: all of them take less time than to find by chance those that matter. */
function paths(alphabet: string): string[] {
  const longer = (shorter: readonly string[]) =>
    shorter.flatMap((path) => [...alphabet].map((character) => path + character));
  const levels = [["/"]];
  for (let length = 1; length <= 4; length += 1) levels.push(longer(levels[length - 1] as string[]));
  return levels.flat();
}

const PATTERNS = paths("ab*?");
/** Of those, each pair where everything that the second matches is surely matched by the first. */
const COVERED = PATTERNS.flatMap((by) =>
  PATTERNS.filter((one) => covers(by, one)).map((one): [by: string, one: string] => [by, one]),
);
const path = fc.stringMatching(/^\/[A-Za-z0-9_.$/~@:+&*?-]{0,127}$/);
const host = fc.stringMatching(/^[a-z0-9*?-]{1,40}\.[a-z0-9.*?-]{0,40}[a-z]{2,5}$/);
const conditions = fc
  .record({ paths: fc.array(path, { maxLength: 5 }), hosts: fc.array(host, { maxLength: 5 }) })
  .filter(({ paths, hosts }) => paths.length + hosts.length > 0);

/** What of some texts matches, by a way that has nothing to do with the one under test. */
function matching(glob: string, texts: readonly string[]): string[] {
  const expression = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  const whole = new RegExp(`^${expression}$`, "s");
  return texts.filter((text) => whole.test(text));
}

describe("rulePriority", () => {
  it("is a priority that a listener has, whatever the conditions", () => {
    fc.assert(
      fc.property(conditions, (rule) => {
        const priority = rulePriority(rule);
        expect(Number.isInteger(priority)).toBe(true);
        expect(priority).toBeGreaterThanOrEqual(PRIORITIES.lowest);
        expect(priority).toBeLessThanOrEqual(PRIORITIES.highest);
      }),
    );
  });

  it("has room for the longest conditions that AWS takes", () => {
    const longest = { paths: [`/${"x".repeat(127)}`], hosts: [`${"x".repeat(124)}.com`] };
    expect(rulePriority(longest)).toBeGreaterThanOrEqual(PRIORITIES.lowest);
    expect(rulePriority(longest)).toBeLessThan(rulePriority({ paths: [`/${"x".repeat(126)}*`], hosts: longest.hosts }));
  });

  it("doesn't depend on the order of the values, nor on a value that is there twice, nor on a host's case", () => {
    fc.assert(
      fc.property(conditions, ({ paths, hosts }) => {
        const turned = {
          paths: [...paths].reverse().concat(paths.slice(0, 1)),
          hosts: [...hosts].reverse().map((name) => name.toUpperCase()),
        };
        expect(rulePriority(turned)).toBe(rulePriority({ paths, hosts }));
      }),
    );
  });

  it("puts a path before another that matches all that it matches, and more", () => {
    const priorities = new Map(PATTERNS.map((pattern) => [pattern, rulePriority({ paths: [pattern] })]));
    const both = new Set(COVERED.map((pair) => pair.join(" ")));
    // With as many fixed characters and a wildcard in both, the order is the hash's, and the listener's rules are looked
    // at as a whole: see listener-rules.test.ts.
    const fixed = (text: string) => text.replace(/[*?]/g, "").length;
    const narrower = COVERED.filter(
      ([by, one]) => !both.has(`${one} ${by}`) && (fixed(one) !== fixed(by) || !/[*?]/.test(one)),
    );
    expect(narrower.length).toBeGreaterThan(1000);
    expect(narrower.filter(([by, one]) => Number(priorities.get(one)) >= Number(priorities.get(by)))).toEqual([]);
  });

  it("puts a rule before another that matches all that it matches, with hosts too", () => {
    fc.assert(
      fc.property(path, host, (narrow, name) => {
        const rule = { paths: [narrow], hosts: [name] };
        expect(rulePriority(rule)).toBeLessThan(rulePriority({ paths: [narrow] }));
        expect(rulePriority(rule)).toBeLessThan(rulePriority({ hosts: [name] }));
      }),
    );
  });

  it.each([
    ["/api/users*", "/api*"],
    ["/api/users*", "/*"],
    ["/api/users", "/api/users*"],
    ["/api/users/?", "/api/*"],
  ])("asks %s before %s", (first, second) => {
    expect(rulePriority({ paths: [first] })).toBeLessThan(rulePriority({ paths: [second] }));
  });

  it("puts an exact host before a path of as many characters, and both before each", () => {
    const host = rulePriority({ hosts: ["a.example.com"] });
    const path = rulePriority({ paths: ["/abcdefghijkl*"] });
    expect(host).toBeLessThan(path);
    expect(rulePriority({ hosts: ["a.example.com"], paths: ["/abc*"] })).toBeLessThan(host);
  });

  it("is as late as the broadest of its values asks for", () => {
    const broad = rulePriority({ paths: ["/api/orders/history*", "/a*"] });
    expect(broad).toBeGreaterThan(rulePriority({ paths: ["/api*"] }));
    expect(broad).toBeLessThan(rulePriority({ paths: ["/*"] }));
    expect(rulePriority({ paths: ["/api/orders*", "/z*"] })).toBeGreaterThan(rulePriority({ paths: ["/api*"] }));
  });

  it("never changes: what stands on people's listeners has these numbers", () => {
    const numbers = [
      { paths: ["/api/users*"] },
      { paths: ["/api*"] },
      { paths: ["/"], hosts: ["admin.example.com"] },
      { paths: ["/api/v?/users"] },
    ].map((rule) => rulePriority(rule));
    expect(numbers).toEqual([41033, 48952, 29809, 38862]);
  });

  it("gives every rule of twenty services with paths of one length a number of its own, nearly always", () => {
    const collisions = Array.from({ length: 200 }, (_, round) => {
      const priorities = Array.from({ length: 20 }, (_, index) =>
        rulePriority({ paths: [`/api/${round + 100}-${index + 10}*`] }),
      );
      return 20 - new Set(priorities).size;
    });
    const all = collisions.reduce((sum, count) => sum + count, 0);
    // 200 rounds of 190 pairs with 900 numbers each: about 42 pairs meet.
    expect(all).toBeLessThan(60);
  });
});

describe("covers", () => {
  it("is never wrong when it says that everything is matched", () => {
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
  ])("says of %s and %s: %s", (by, one, expected) => {
    expect(covers(by, one)).toBe(expected);
  });
});
