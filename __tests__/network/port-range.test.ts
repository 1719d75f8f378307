import { PortRange } from "../../src";
import { PORT_RANGE_LIMITS } from "../../src/network/port-range";
import { fc } from "../support/seeded";
import { mistakesOf } from "../support/synthesized";

const mistakes = (from: number, to: number) => mistakesOf(() => new PortRange({ from, to }));

describe("PortRange", () => {
  it("reads as the agent wants it", () => {
    expect(`${new PortRange({ from: 40000, to: 50000 })}`).toBe("40000-50000");
  });

  it("is 31000-61000 for Amazon Linux, as the tutorial that the project came from had it", () => {
    expect(`${PortRange.defaultOf("amazon-linux-2023")} ${PortRange.defaultOf("amazon-linux-2")}`).toBe(
      "31000-61000 31000-61000",
    );
  });

  it("covers what every Bottlerocket version may pick, since it can't be told", () => {
    const { from, to } = PortRange.defaultOf("bottlerocket");
    expect({ from, to }).toEqual({ from: 32768, to: 65535 });
  });

  it.each([
    [1023, 61000],
    [31000, 65536],
    [0, 65535],
    [-1, 2000],
    [31000.5, 61000],
    [Number.NaN, 61000],
  ])("refuses ports out of 1024-65535: %d-%d", (from, to) => {
    expect(mistakes(from, to)).toEqual([
      `portRange must lie within 1024 and 65535; received ${from}-${to}. Ports below 1024 belong to the system; use for instance 31000-61000.`,
    ]);
  });

  it("refuses a reversed range, and says how it was meant", () => {
    expect(mistakes(61000, 31000)).toEqual([
      "portRange must not be reversed; received 61000-31000. Write the lower port as from: 31000-61000.",
    ]);
  });

  it("refuses fewer than 100 ports", () => {
    expect(mistakes(31000, 31098)).toEqual([
      "portRange must hold at least 100 ports; received 31000-31098, which holds 99. Each container takes one, and a rolling deployment twice as many.",
    ]);
  });

  it.each([
    [31000, 31099],
    [1024, 65535],
  ])("takes a range at the limits: %d-%d", (from, to) => {
    expect(mistakes(from, to)).toEqual([]);
  });

  it("takes exactly the ranges within its limits", () => {
    const { lowest, highest, fewest } = PORT_RANGE_LIMITS;
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 70000 }), fc.integer({ min: -10, max: 70000 }), (from, to) => {
        const valid = from >= lowest && to <= highest && to - from + 1 >= fewest;
        expect(mistakes(from, to)).toHaveLength(valid ? 0 : 1);
      }),
    );
  });
});
