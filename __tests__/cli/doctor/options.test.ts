import { UsageError } from "../../../cli/command-line";
import { parseOptions } from "../../../cli/doctor/command";

describe("the doctor's options", () => {
  const given = ["--cluster", "ecs", "--region", "eu-west-1"];

  it("are the cluster and its region, with text output and AWS as defaults", () => {
    const options = { cluster: "ecs", region: "eu-west-1", json: false, endpoint: undefined };
    expect(parseOptions(given)).toEqual(options);
    const more = { json: true, endpoint: "http://127.0.0.1:9" };
    expect(parseOptions([...given, "--json", "--endpoint", more.endpoint])).toEqual({ ...options, ...more });
  });

  it.each(["--help", "-h"])("are undefined for %s", (help) => {
    expect(parseOptions([...given, help])).toBeUndefined();
  });

  it.each([
    [[], "--cluster is required"],
    [["--cluster", "ecs"], "--region is required"],
    [
      ["--cluster", "ecs", "--region", "eu-west-1a"],
      '--region must be the code of an AWS region; received "eu-west-1a"',
    ],
    [[...given, "--endpoint", "x"], '--endpoint must be a URL; received "x"'],
    [["--clutser", "ecs"], "--clutser"],
  ])("are rejected: %j", (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });
});
