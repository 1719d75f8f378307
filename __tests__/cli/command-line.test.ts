import { errorText, parseArguments, UsageError } from "../../cli/command-line";
import { docs } from "../../scripts/docs/cli";

const OPTIONS = { check: { type: "boolean" }, out: { type: "string" } } as const;

describe("the options of a command", () => {
  it("are parsed by name", () => {
    expect({ ...parseArguments(["--check", "--out", "here"], OPTIONS, "") }).toEqual({ check: true, out: "here" });
  });

  it.each([
    ["an unknown option", ["--chekc"], "Unknown option '--chekc'"],
    ["a positional argument", ["here"], "Unexpected argument 'here'"],
    ["an option without its value", ["--out"], "Option '--out <value>' argument missing"],
    ["a value of an option without value", ["--check=yes"], "Option '--check' does not take an argument"],
  ])("are rejected with the help of the command: %s", (_, args, message) => {
    const parse = () => parseArguments(args, OPTIONS, "the usage\n");
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(/\n\nthe usage\n$/);
  });
});

describe("the text of an error", () => {
  it("is the message of a UsageError, and the stack trace of any other error", () => {
    expect(errorText(new UsageError("Give a name."))).toBe("Give a name.");
    expect(errorText(new Error("broken"))).toMatch(/^Error: broken\n {4}at .*command-line\.test\.ts/);
    expect(errorText("thrown")).toBe("thrown");
  });
});

describe("npm run docs", () => {
  /** Runs the command without writing a page, which takes seconds. */
  const run = (...args: string[]) => {
    const texts = { stdout: "", stderr: "" };
    const to = (name: "stdout" | "stderr") => ({ write: (text: string) => (texts[name] += text) });
    return { status: docs(args, { stdout: to("stdout"), stderr: to("stderr") }), ...texts };
  };

  it("rejects an unknown option with its help, and writes nothing", () => {
    const { status, stdout, stderr } = run("--chekc");
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^Unknown option '--chekc'[\s\S]+\n {2}--check {2}write nothing; /);
    expect(run("--help")).toEqual({ status: 0, stdout: stderr.slice(stderr.indexOf("npm run docs"), -1), stderr: "" });
  });
});
