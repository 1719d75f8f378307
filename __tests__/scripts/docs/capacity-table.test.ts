import { readFileSync } from "node:fs";
import { version } from "../../../package.json";
import { capacityShape } from "../../../src/capacity/capacity-schema";
import { CAPACITY_DEFAULTS, CAPACITY_VALUE_DEFAULTS } from "../../../src/capacity/capacity-settings";
import { capacityValueTable } from "../../../src/capacity/capacity-value-table";
import { INSTANCE_REFRESH_DEFAULTS } from "../../../src/capacity/group-settings";

interface Definition {
  readonly type: string;
  readonly innerType?: { readonly def: Definition };
  readonly options?: readonly { readonly def: Definition }[];
  readonly valueType?: { readonly def: Definition };
  readonly element?: { readonly def: Definition };
  readonly shape?: Readonly<Record<string, { readonly def: Definition }>>;
}

/** A setting and all that is in it, by their names; what is only known so that a rule can refuse it isn't one. */
function namesIn(name: string, { def }: { readonly def: Definition }): string[] {
  const inner = [def.innerType, def.valueType, def.element, ...(def.options ?? [])].flatMap((one) => one ?? []);
  const shape = Object.entries(def.shape ?? {}).filter(([, { def: own }]) => own.innerType?.def.type !== "unknown");
  return [
    name,
    ...inner.flatMap((one) => namesIn(name, one)),
    ...shape.flatMap(([key, one]) => namesIn(`${name}.${key}`, one)),
  ];
}

const page = readFileSync("docs/capacity.md", "utf8");
const rows = new Map(
  [...page.matchAll(/^\| (`.+) \|$/gm)].flatMap(([, row = ""]) => {
    const [names = "", ...cells] = row.split(" | ");
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => [name, cells] as const);
  }),
);
const row = (name: string): readonly string[] => rows.get(name) ?? [];

const { capacityProviders: _, ...ofEach } = capacityShape;
const NAMES = [
  ...new Set(Object.entries(ofEach).flatMap(([name, schema]) => namesIn(name, schema as { readonly def: Definition }))),
  "capacityProviders",
  ...Object.values(capacityValueTable({ name: "main", amiFamily: "amazon-linux-2023" })).map(({ name }) => name),
];

describe("the tables of docs/capacity.md", () => {
  it("are held against what there is", () => {
    expect(NAMES).toEqual(expect.arrayContaining(["spot", "instanceRefresh.alarms", "schedules.timeZone", "min_size"]));
    expect(NAMES).not.toContain("instanceRefresh.bakeTime");
    expect(NAMES.length).toBeGreaterThan(60);
  });

  it.each(NAMES)("have default, what it makes and since when: %s", (name) => {
    expect(row(name)).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S{2}/), expect.any(String)]);
    const since = row(name)[2] ?? "";
    expect(since).toMatch(/^\d+\.\d+\.\d+$/);
    expect(since.localeCompare(version, "en", { numeric: true })).toBeLessThanOrEqual(0);
  });

  it("name no setting of a capacity that isn't there", () => {
    const settings = Object.keys(capacityShape);
    const known = [...rows.keys()].filter((name) => settings.includes(name.split(".")[0] ?? ""));
    expect(known.filter((name) => !NAMES.includes(name))).toEqual([]);
  });

  it.each([
    ["amiFamily", CAPACITY_DEFAULTS.amiFamily],
    ["spot", CAPACITY_DEFAULTS.spot],
    ["targetCapacity", CAPACITY_DEFAULTS.targetCapacity],
    ["terminationProtection", CAPACITY_DEFAULTS.terminationProtection],
    ["detailedMonitoring", CAPACITY_DEFAULTS.detailedMonitoring],
    ["instanceRefresh.minHealthyPercentage", INSTANCE_REFRESH_DEFAULTS.minHealthyPercentage],
    ["instanceRefresh.maxHealthyPercentage", INSTANCE_REFRESH_DEFAULTS.maxHealthyPercentage],
    ["instance_types", `["${CAPACITY_VALUE_DEFAULTS.instanceTypes[0]}"]`],
    ["min_size", CAPACITY_VALUE_DEFAULTS.minSize],
    ["max_size", CAPACITY_VALUE_DEFAULTS.maxSize],
    ["root_volume_gib", CAPACITY_VALUE_DEFAULTS.rootVolumeGib],
    ["ami_version", CAPACITY_VALUE_DEFAULTS.amiVersion],
  ])("have the default of the source: %s", (name, value) => {
    expect(row(name)[0]).toBe(`\`${value}\``);
  });
});
