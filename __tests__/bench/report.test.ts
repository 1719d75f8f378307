import { readFileSync } from "node:fs";
import { measure, median, ratio } from "../../bench/measure";
import { plot } from "../../bench/plot";
import { limits, type Results, report } from "../../bench/report";

const measured = (name: string, milliseconds: number) => ({ name, milliseconds, times: Array(3).fill(milliseconds) });
const grown = (milliseconds: readonly number[]) =>
  milliseconds.map((time, index) => ({ ...measured("x", time), services: 10 ** index }));

const RESULTS: Results = {
  versions: { Node: "20.0.0" },
  reference: "reference",
  ways: [
    measured("reference", 200),
    measured("app command, sources unchanged", 210),
    measured("app command, after an edit", 500),
    measured("npm run synth", 300),
  ],
  tests: [measured("npm test", 60_000), measured("npm run test:unit", 17_000)],
  growth: grown([200, 220, 400, 2000]),
  routed: grown([200, 240, 600, 3000]),
  memory: new Map([1, 10, 100, 1000].map((services) => [services, 90_000 + services * 100])),
};

describe("the benchmark", () => {
  it("returns the median of the times", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([1, 9, 5, 7])).toBe(6);
    expect(() => median([])).toThrow("no median of nothing");
  });

  it("runs the cases in turn, each for its number of rounds, after one round that does not count", () => {
    const turns: string[] = [];
    const one = (name: string, rounds?: number) => ({
      name,
      // It starts in less time than Node.
      file: "sh",
      args: ["-c", ":"],
      rounds,
      before: () => turns.push(name),
    });
    const silent = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const results = measure([one("a"), one("b", 1)], 2, __dirname);
    silent.mockRestore();
    expect(turns.join("")).toBe("ababa");
    expect(results.map(({ name, times }) => [name, times.length])).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
  });

  it("compares two cases by the rounds of both", () => {
    const slow = { name: "slow", milliseconds: 90, times: [80, 100] };
    expect(ratio(slow, { name: "reference", milliseconds: 1, times: [10, 20, 1, 1, 1] })).toBe(6);
  });

  it("fails with the output of a process that fails", () => {
    const failing = { name: "bad", args: ["-e", "console.log('why'); process.exit(3)"] };
    expect(() => measure([failing], 1, __dirname)).toThrow('"bad" ended with 3:\nwhy');
  });

  it("reports for each promise whether it is kept", () => {
    expect(limits(RESULTS).map(({ measured: value }) => value)).toEqual([1.05, 2.5, 1.5, 5, 10, 100, 300, 85]);
    const page = report(RESULTS);
    expect(page).toContain("| 1,000 services without routes against one | 12 times | 10.0 | kept |");
    expect(page).toContain('after an edit, against `require("cdktf")` | 2.3 times | 2.50 | **missed** |');
    // 60 s and 15 s where the reference takes 0.18 s.
    expect(page).toContain('| npm test, on two cores, against `require("cdktf")` | 333 times | 300 | kept |');
    expect(page).toContain(
      '| npm run test:unit, on two cores, against `require("cdktf")` | 83 times | 85.0 | **missed** |',
    );
    expect(page).toMatch(/\n## Tests\n[\s\S]+\n\| npm test \| 60\.00 s \| 300 \| 3 \|\n/);
    expect(() => report({ ...RESULTS, growth: [] })).toThrow("lack a case");
  });

  it("draws each point at its number and its time", () => {
    const svg = plot("a < b", [{ name: "one", color: "#000", points: RESULTS.growth }]);
    const [, points = ""] = /<polyline [^>]*points="([^"]*)"/.exec(svg) ?? [];
    const [first, second, third, last] = points.split(" ").map((point) => point.split(",").map(Number));
    // Each power of ten has the same distance to the right. More time is higher.
    expect((second?.[0] ?? 0) - (first?.[0] ?? 0)).toBeCloseTo((last?.[0] ?? 0) - (third?.[0] ?? 0), 0);
    // The height of 300 is two powers of ten. The last point takes ten times as long as the first.
    expect((first?.[1] ?? 0) - (last?.[1] ?? 0)).toBeCloseTo(150);
    expect(svg).toContain("a &lt; b");
  });

  it("has a result for each promise in the last run", () => {
    const page = readFileSync("bench/results.md", "utf8");
    // The benchmark runs these tests before it writes the page.
    const promised = process.env.BENCH_RUNS === undefined ? limits(RESULTS) : [];
    for (const { name } of promised) expect(page).toContain(`| ${name} |`);
    expect(page).toContain("1,000 services");
  });
});
