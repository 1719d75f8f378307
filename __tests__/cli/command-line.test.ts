import { toldOf, UsageError, valuesOf } from "../../cli/command-line";
import { docs } from "../../scripts/docs/cli";

const OPTIONS = { check: { type: "boolean" }, out: { type: "string" } } as const;

describe("a command's options", () => {
  it("are given by name", () => {
    expect({ ...valuesOf(["--check", "--out", "here"], OPTIONS, "") }).toEqual({ check: true, out: "here" });
  });

  it.each([
    ["an option that there isn't", ["--chekc"], "Unknown option '--chekc'"],
    ["an argument", ["here"], "Unexpected argument 'here'"],
    ["an option without its value", ["--out"], "Option '--out <value>' argument missing"],
    ["a value for what takes none", ["--check=yes"], "Option '--check' does not take an argument"],
  ])("don't take %s, and tell the usage", (_, args, message) => {
    const refused = () => valuesOf(args, OPTIONS, "the usage\n");
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(message);
    expect(refused).toThrow(/\n\nthe usage\n$/);
  });
});

describe("an error", () => {
  it("is told in its own words where it is a mistake, and where it is a defect by its place", () => {
    expect(toldOf(new UsageError("Give a name."))).toBe("Give a name.");
    expect(toldOf(new Error("broken"))).toMatch(/^Error: broken\n {4}at .*command-line\.test\.ts/);
    expect(toldOf("thrown")).toBe("thrown");
  });
});

describe("npm run docs", () => {
  /** What it says, without making a page: that takes seconds. */
  const said = (...args: string[]) => {
    const texts = { stdout: "", stderr: "" };
    const to = (name: "stdout" | "stderr") => ({ write: (text: string) => (texts[name] += text) });
    return { status: docs(args, { stdout: to("stdout"), stderr: to("stderr") }), ...texts };
  };

  it("writes nothing for an option that it doesn't know, and says which there are", () => {
    const { status, stdout, stderr } = said("--chekc");
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^Unknown option '--chekc'[\s\S]+\n {2}--check {2}write nothing; /);
    expect(said("--help")).toEqual({ status: 0, stdout: stderr.slice(stderr.indexOf("npm run docs"), -1), stderr: "" });
  });
});
