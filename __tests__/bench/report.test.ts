import { readFileSync } from "node:fs";
import { CASES, LIMITS } from "../../bench/cases";
import { measure, median, ratio } from "../../bench/measure";
import { measuredLimits, report } from "../../bench/report";

/** Times of 100 ms for each case, but for those given. */
const timesWith = (given: Readonly<Record<string, number>>) =>
  new Map(CASES.map(({ name }) => [name, [given[name] ?? 100, given[name] ?? 100]]));

describe("the benchmark", () => {
  it("calculates the median", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([1, 9, 5, 7])).toBe(6);
    expect(() => median([])).toThrow("no median");
  });

  it("runs the cases in turn, each in its rounds, after a round that is not counted", () => {
    const turns: string[] = [];
    // A shell starts faster than Node.
    const one = (name: string, rounds?: number) => ({
      ...{ name, rounds, file: "sh", args: ["-c", ":"] },
      before: () => turns.push(name),
    });
    const silent = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const times = measure([one("a"), one("b", 1)], 2, __dirname);
    silent.mockRestore();
    expect(turns.join("")).toBe("ababa");
    expect([...times].map(([name, own]) => [name, own.length])).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
  });

  it("compares two cases in the rounds in which both ran", () => {
    expect(ratio([80, 100], [10, 20, 1, 1, 1])).toBe(6);
  });

  it("says whether the help of the command takes at most 0.1 seconds more than Node", () => {
    const measured = (help: number) => report(timesWith({ "ecs-default-vpc --help": help }), "Node 0.0.0");
    expect(measured(199)).toContain("| ecs-default-vpc --help | Node without a script | 0.1 s more | 0.10 | yes |");
    expect(measured(230)).toContain("| ecs-default-vpc --help | Node without a script | 0.1 s more | 0.13 | **no** |");
  });

  it("fails with the output of a process that fails", () => {
    const failing = { name: "bad", args: ["-e", "console.log('why'); process.exit(3)"] };
    expect(() => measure([failing], 1, __dirname)).toThrow('"bad" ended with 3:\nwhy');
    const silent = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(measure([{ ...failing, status: 3 }], 1, __dirname).get("bad")).toHaveLength(1);
    silent.mockRestore();
  });

  it("says of each limit whether it is met", () => {
    const times = timesWith({ "app command, after an edit": 201, "app command, sources unchanged": 199 });
    expect(measuredLimits(times).map(({ measured }) => measured)).toEqual([1.99, 2.01, 1, 0]);
    const page = report(times, "Node 0.0.0");
    expect(page).toContain("| app command, sources unchanged | node -e 'require(\"cdktf\")' | 2 times | 1.99 | yes |");
    expect(page).toContain("| app command, after an edit | node -e 'require(\"cdktf\")' | 2 times | 2.01 | **no** |");
    expect(page).toContain("| app command, after an edit | 0.20 s | 2.01 | 2 |");
    expect(() => report(new Map(), "")).toThrow("was not measured");
  });

  it("has the limits and the cases of this version in its results", () => {
    const page = readFileSync("bench/results.md", "utf8");
    for (const { name, most, unit } of LIMITS)
      expect(page).toMatch(new RegExp(`^\\| ${name} \\| .+ \\| ${most} ${unit} \\|`, "m"));
    for (const { name } of CASES) expect(page).toContain(`\n| ${name} | `);
  });
});
