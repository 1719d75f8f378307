import type { EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { Parts } from "../support/parts";
import { at, emptyStack, mistakesOf, ofType, resource, synthesized } from "../support/synthesized";

const made = (settings: EcsClusterSettings) => synthesized(clusterStack(settings));
const mistakes = (settings: object) => mistakesOf(() => clusterStack(settings as EcsClusterSettings));
const ADDRESS = "aws_placement_group.capacity_placement_group";
const group = (settings: EcsClusterSettings) => resource(made(settings), "aws_autoscaling_group.capacity");

describe("a placement group", () => {
  it.each<[EcsClusterSettings, string, number | undefined]>([
    [{ placementGroup: "cluster" }, "cluster", undefined],
    [{ placementGroup: "spread" }, "spread", undefined],
    [{ placementGroup: "partition" }, "partition-2", 2],
    [{ placementGroup: "partition", partitionCount: 7 }, "partition-7", 7],
  ])("has what can't be changed in its name, so that another is there before it goes: %j", (settings, kind, count) => {
    expect(resource(made(settings), ADDRESS)).toMatchObject({
      name: `\${var.name}-instances-${kind}`,
      strategy: settings.placementGroup,
      lifecycle: { create_before_destroy: true },
    });
    expect(resource(made(settings), ADDRESS).partition_count).toBe(count);
  });

  it("has the group's instances replaced when it is another one", () => {
    expect(at(group({ placementGroup: "spread" }), "instance_refresh", "triggers")).toEqual(["placement_group"]);
    expect(at(group({}), "instance_refresh", "triggers")).toBeUndefined();
  });

  it("is one for each provider that asks for it", () => {
    const json = made({ placementGroup: "partition", capacityProviders: { main: {}, db: { partitionCount: 3 } } });
    expect(Object.values(ofType(json, "aws_placement_group")).map(({ name }) => name)).toEqual([
      "${var.name}-instances-partition-2",
      "${var.name}-db-instances-partition-3",
    ]);
  });
});

describe("spread instances", () => {
  const guard = (settings: EcsClusterSettings) => {
    const preconditions = at(group(settings), "lifecycle", "precondition") as { error_message: string }[];
    return preconditions.find(({ error_message }) => error_message.includes("with placementGroup spread"));
  };

  it("are held against what a zone runs, at plan, which knows the zones", () => {
    expect(guard({ placementGroup: "spread" })).toMatchObject({
      condition: expect.stringMatching(/^\$\{max\(\[var\.max_size\]\.\.\.\) <= 7 \* length\(\[for zone in /),
    });
    for (const placementGroup of ["cluster", "partition", undefined] as const) {
      expect(guard({ placementGroup })).toBeUndefined();
    }
  });

  it("are so with the sizes of schedules, and with types that are asked for", () => {
    const schedules = { rush: { recurrence: "0 7 * * *", maxSize: 30 } };
    expect(guard({ placementGroup: "spread", schedules })).toMatchObject({
      condition: expect.stringMatching(/^\$\{max\(\[var\.max_size, 30\]\.\.\.\) <= 7 /),
    });
    const instanceRequirements = { vCpuCount: { min: 2 }, memoryMiB: { min: 4096 } };
    expect(guard({ placementGroup: "spread", instanceRequirements })?.error_message).toMatch(/^maxSize and maxSize of/);
  });
});

describe("bad settings of a placement", () => {
  it.each<[object, string]>([
    [
      { placementGroup: "partition", partitionCount: 8 },
      "partitionCount must be a whole number from 1 to 7, which is what a zone has of partitions; received 8. For example 2.",
    ],
    [
      { placementGroup: "partition", partitionCount: 1.5 },
      "partitionCount must be a whole number from 1 to 7, which is what a zone has of partitions; received 1.5. For example 2.",
    ],
    [
      { placementGroup: "spread", partitionCount: 3 },
      'partitionCount must come with placementGroup "partition"; received 3 and "spread". Set that too, or leave it out.',
    ],
    [
      { capacityProviders: { db: { partitionCount: 3 } } },
      'capacityProviders.db.partitionCount must come with placementGroup "partition"; received 3 and none. Set that too, or leave it out.',
    ],
  ])("say setting, rule, value received and fix: %j", (settings, message) => {
    expect(mistakes(settings)).toEqual([message]);
  });

  it("are refused by the construct on its own too", () => {
    const capacity = { placementGroup: "partition", partitionCount: 0 } as const;
    expect(mistakesOf(() => new Parts(emptyStack(), { capacity }).capacity)).toEqual([
      expect.stringMatching(/^partitionCount must be a whole number from 1 to 7/),
    ]);
  });
});
