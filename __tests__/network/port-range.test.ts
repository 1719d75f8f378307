import { AMI_FAMILIES, type AmiFamily, PortRange } from "../../src";
import { problemsOf } from "../support/problems";
import { fc } from "../support/seeded";

const problems = (from: number, to: number) => problemsOf(() => new PortRange({ from, to }));

describe("PortRange", () => {
  it("renders as the ECS agent reads it", () => {
    expect(`${new PortRange({ from: 40000, to: 50000 })}`).toBe("40000-50000");
  });

  it.each<[AmiFamily, string]>([
    ["amazon-linux-2023", "31000-61000"],
    ["amazon-linux-2", "31000-61000"],
    ["bottlerocket", "32768-65535"],
  ])("has the default range of %s", (family, range) => {
    expect(`${PortRange.defaultOf(family)}`).toBe(range);
  });

  it("has a default range for every AMI family", () => {
    expect(AMI_FAMILIES.map((family) => problemsOf(() => PortRange.defaultOf(family)))).toEqual([[], [], []]);
  });

  it("rejects an unknown AMI family", () => {
    expect(problemsOf(() => PortRange.defaultOf("windows" as AmiFamily))).toEqual([
      'family must be one of "amazon-linux-2023", "amazon-linux-2", "bottlerocket"; received "windows". Choose one of these.',
    ]);
  });

  it.each([1023, 65536, 0, -1, 31000.5])("rejects %d as a port", (port) => {
    const message = (name: string) =>
      `${name} must be a whole number from 1024 to 65535; received ${port}. Ports below 1024 belong to the system. For example 31000 to 61000.`;
    expect(problems(port, 61000)).toEqual([message("from")]);
    expect(problems(31000, port)).toEqual([message("to")]);
  });

  it("rejects a value that is not a number", () => {
    expect(problems(Number.NaN, 61000)).toEqual(["from must be a number; received NaN. Write it without quotes."]);
  });

  it("rejects a reversed range and names the order", () => {
    expect(problems(61000, 31000)).toEqual([
      "to must not be below from, which is 61000; received 31000. Swap them: 31000 to 61000.",
    ]);
  });

  it("rejects fewer than 100 ports", () => {
    expect(problems(31000, 31098)).toEqual([
      "to must be at least 31099, so that the range has 100 ports; received 31098. Each container uses one port, and a rolling deployment uses twice as many.",
    ]);
  });

  it.each([
    [31000, 31099],
    [1024, 65535],
  ])("accepts a range at the limits: %d-%d", (from, to) => {
    expect(problems(from, to)).toEqual([]);
  });

  it("accepts exactly the ranges within the limits", () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 70000 }), fc.integer({ min: -10, max: 70000 }), (from, to) => {
        const outside = [from, to].filter((port) => port < 1024 || port > 65535).length;
        const tooFew = outside === 0 && to - from + 1 < 100;
        expect(problems(from, to)).toHaveLength(tooFew ? 1 : outside);
      }),
    );
  });
});
