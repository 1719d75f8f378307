import { SettingsError } from "../../src";

describe("SettingsError", () => {
  it("names what was configured and lists one mistake", () => {
    const error = new SettingsError('EcsClusterStack "prod"', ["spot must be a boolean."]);
    expect(error.message).toBe('EcsClusterStack "prod": 1 setting is wrong\n  - spot must be a boolean.');
  });

  it("lists every mistake on a line of its own", () => {
    const error = new SettingsError("PortRange", ["one", "two"]);
    expect(error.message).toBe("PortRange: 2 settings are wrong\n  - one\n  - two");
    expect(error.mistakes).toEqual(["one", "two"]);
  });

  it("is known by its name, so that the command line shows it without a stack", () => {
    expect(new SettingsError("x", ["y"])).toMatchObject({ name: "SettingsError" });
    expect(new SettingsError("x", ["y"])).toBeInstanceOf(Error);
  });
});
