import { execFileSync } from "node:child_process";
import { inspect } from "node:util";
import { type Problem, SettingsError } from "../../src";
import { pathText, sentence, suggestion } from "../../src/validation/problem";

const problem: Problem = {
  path: "healthCheck.path",
  rule: "must be a path that begins with /",
  received: '"health"',
  fix: 'For example "/health".',
};
const LINE = 'healthCheck.path must be a path that begins with /; received "health". For example "/health".';

describe("SettingsError", () => {
  it("names the subject and lists each problem on a line", () => {
    expect(new SettingsError("PortRange", [problem]).message).toBe(`PortRange has 1 problem:\n  - ${LINE}`);
    expect(new SettingsError("PortRange", [problem, problem]).message).toBe(
      `PortRange has 2 problems:\n  - ${LINE}\n  - ${LINE}`,
    );
  });

  it("has the problems for programs", () => {
    expect(new SettingsError("PortRange", [problem]).problems).toEqual([problem]);
  });

  it("prints its text once", () => {
    const printed = inspect(new SettingsError("PortRange", [problem]));
    expect(printed.split(LINE)).toHaveLength(2);
    expect(printed).toMatch(/^SettingsError: PortRange has 1 problem:/);
  });

  it("prints its text once when Node ends with it", () => {
    const script = "const { PortRange } = require('./src'); new PortRange({ from: 1 });";
    let printed = "";
    try {
      execFileSync(process.execPath, ["--require", "tsx/cjs", "-e", script], { stdio: "pipe" });
    } catch (error) {
      printed = String((error as { readonly stderr: Buffer }).stderr);
    }
    expect(printed.split("from must be a whole number from 1024 to 65535; received 1.")).toHaveLength(2);
  });
});

describe("a problem", () => {
  it("is one line", () => {
    expect(sentence(problem)).toBe(LINE);
    expect(sentence({ ...problem, path: "" })).toMatch(/^settings must be a path/);
  });

  it.each([
    [["a", "b"], "a.b"],
    [["sidecars", 0, "cpu"], "sidecars[0].cpu"],
    [["environment", "A B"], 'environment["A B"]'],
    [["environment", "${TfToken[TOKEN.1]}"], 'environment["<token>"]'],
  ] as const)("has the path %j", (keys, path) => {
    expect(pathText(keys)).toBe(path);
  });

  it("suggests the nearest name, or lists at most ten", () => {
    const names = Array.from({ length: 12 }, (_, index) => `setting${String.fromCharCode(97 + index)}`);
    expect(suggestion("amiFamly", ["amiFamily", "spot"])).toBe('Did you mean "amiFamily"?');
    expect(suggestion("x", ["spot", "agent"])).toBe("The settings are spot, agent.");
    expect(suggestion("x", names)).toBe(`The settings are ${names.slice(0, 10).join(", ")} and 2 more.`);
    expect(suggestion("x", [])).toBe("Remove it.");
  });
});
