import { UsageError } from "../../../cli/command-line";
import { parseOptions } from "../../../cli/doctor/options";

describe("the doctor's options", () => {
  const asked = ["--cluster", "ecs", "--region", "eu-west-1"];

  it("are the cluster and its region, in words and from AWS unless said otherwise", () => {
    const options = { cluster: "ecs", region: "eu-west-1", json: false, endpoint: undefined };
    expect(parseOptions(asked)).toEqual(options);
    const more = { json: true, endpoint: "http://127.0.0.1:9" };
    expect(parseOptions([...asked, "--json", "--endpoint", more.endpoint])).toEqual({ ...options, ...more });
  });

  it.each(["--help", "-h"])("are none where help is asked for by %s", (help) => {
    expect(parseOptions([...asked, help])).toBeUndefined();
  });

  it.each([
    [[], "--cluster must name the cluster"],
    [["--cluster", "ecs"], "--region must name the cluster's region"],
    [
      ["--cluster", "ecs", "--region", "eu-west-1a"],
      '--region must be the code of an AWS region; received "eu-west-1a"',
    ],
    [[...asked, "--endpoint", "x"], '--endpoint must be a URL; received "x"'],
    [["--clutser", "ecs"], "--clutser"],
  ])("are refused: %j", (args, words) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(words);
  });
});
