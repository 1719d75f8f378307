import { readFileSync } from "node:fs";
import { version } from "../../../package.json";
import { defaultStrategyItemSchema } from "../../../src/capacity/capacity-provider-strategy";
import { capacityProvidersSchema } from "../../../src/capacity/capacity-settings";
import { capacityValuesSchema, capacityVariables } from "../../../src/capacity/capacity-values";
import { instanceRefreshSchema } from "../../../src/capacity/instance-refresh";
import { lifecycleHookSchema } from "../../../src/capacity/lifecycle-hook";
import { scheduledSizeSchema } from "../../../src/capacity/scheduled-size";
import { instanceVolumeSchema } from "../../../src/instances/instance-volume";
import { describe as describeField, type Schema } from "../../../src/validation/schema";
import { check } from "../../../src/validation/validate";

type Shape = Readonly<Record<string, Schema>>;

/** The settings of the elements of maps and lists. */
const ELEMENTS: Readonly<Record<string, Shape>> = {
  schedules: scheduledSizeSchema.shape,
  lifecycleHooks: lifecycleHookSchema.shape,
  volumes: instanceVolumeSchema.shape,
  defaultStrategy: defaultStrategyItemSchema.shape,
};

/** Returns a setting and all settings in it by their names, without those that only explain why they do not exist. */
function namesIn(name: string, field: Schema): string[] {
  const inner = (ELEMENTS[name] ?? field.facts.shape ?? {}) as Shape;
  const offered = Object.entries(inner).filter(([, { facts }]) => facts.type !== "left out");
  return [name, ...offered.flatMap(([key, one]) => namesIn(`${name}.${key}`, one))];
}

const page = readFileSync("docs/capacity.md", "utf8");
const rows = new Map(
  [...page.matchAll(/^\| (`.+) \|$/gm)].flatMap(([, row = ""]) => {
    const [names = "", ...cells] = row.split(" | ");
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => [name, cells] as const);
  }),
);
const row = (name: string): readonly string[] => rows.get(name) ?? [];

const SETTINGS: Shape = capacityProvidersSchema.shape;
const values = check(capacityValuesSchema, {}).settings as never;
const VARIABLES = Object.values(capacityVariables({ name: "main", values }));
const NAMES = [
  ...Object.entries(SETTINGS).flatMap(([name, field]) => namesIn(name, field)),
  ...VARIABLES.map(({ name }) => name),
];

describe("the tables of docs/capacity.md", () => {
  it("are compared with all settings and variables", () => {
    expect(NAMES).toEqual(expect.arrayContaining(["spot", "instanceRefresh.alarms", "schedules.timeZone", "min_size"]));
    expect(NAMES).not.toContain("instanceRefresh.bakeTime");
    expect(NAMES.length).toBeGreaterThan(60);
  });

  it.each(NAMES)("have a default, an effect and a version: %s", (name) => {
    expect(row(name)).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S{2}/), expect.any(String)]);
    const since = row(name)[2] ?? "";
    expect(since).toMatch(/^\d+\.\d+\.\d+$/);
    expect(since.localeCompare(version, "en", { numeric: true })).toBeLessThanOrEqual(0);
  });

  it("name only settings of a capacity that exist", () => {
    const known = [...rows.keys()].filter((name) => Object.hasOwn(SETTINGS, name.split(".")[0] ?? ""));
    expect(known.filter((name) => !NAMES.includes(name))).toEqual([]);
  });

  const defaultOf = (shape: object, name: string) => [name, describeField((shape as Shape)[name] as Schema).fallback];
  it.each([
    ...["amiFamily", "spot", "targetCapacity", "terminationProtection", "detailedMonitoring"].map((name) =>
      defaultOf(SETTINGS, name),
    ),
    ...["minHealthyPercentage", "maxHealthyPercentage"].map((name) => [
      `instanceRefresh.${name}`,
      defaultOf(instanceRefreshSchema.shape, name)[1],
    ]),
    ...VARIABLES.filter(({ value }) => value !== null).map(({ name, value }) => [name, value]),
  ] as [string, unknown][])("have the default of the schema: %s", (name, value) => {
    expect(row(name)[0]).toBe(`\`${Array.isArray(value) ? JSON.stringify(value) : value}\``);
  });
});
