import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { PlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import { Testing } from "cdktf";
import {
  type AsgCapacityProviderProps,
  DefaultVpc,
  hcl,
  InstanceRequirements,
  type InstanceRequirementsSettings,
} from "../../src";
import { groupJson } from "../support/group";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { at, emptyStack, resource } from "../support/synthesized";

Testing.setupJest();

type Settings = Partial<AsgCapacityProviderProps>;
const REQUIREMENTS: InstanceRequirementsSettings = { vCpuCount: { min: 2 }, memoryMiB: { min: 4096 } };

/** Returns the JSON of a group whose instance types AWS chooses. */
function withRequirements(capacity: Settings, requirements: InstanceRequirementsSettings = REQUIREMENTS): string {
  const stack = emptyStack();
  const instanceTypes = new InstanceRequirements(
    requirements,
    new DefaultVpc(stack, "other_vpc", { region: "eu-west-1" }),
  );
  void new Parts(stack, { image: { instanceTypes }, template: { instanceTypes }, capacity }).capacity;
  return Testing.synth(stack, true);
}

describe("a placement group", () => {
  it.each<[Settings, string, object]>([
    [{ placementGroup: "cluster" }, "prod-instances-cluster", {}],
    [{ placementGroup: "spread" }, "prod-instances-spread", {}],
    [{ placementGroup: "partition" }, "prod-instances-partition-2", { partition_count: 2 }],
    [{ placementGroup: "partition", partitionCount: 7 }, "prod-instances-partition-7", { partition_count: 7 }],
  ])("has everything that AWS cannot change in its name: %j", (settings, name, partitions) => {
    expect(groupJson(settings)).toHaveResourceWithProperties(PlacementGroup, {
      name,
      strategy: settings.placementGroup,
      lifecycle: { create_before_destroy: true },
      tags: { Name: name, Purpose: "Placement of the container instances" },
      ...partitions,
    });
  });

  it("has no number of partitions with another strategy", () => {
    expect(groupJson({ placementGroup: "spread" })).not.toContain("partition_count");
  });

  it("is the group's, and a change of it replaces the instances", () => {
    expect(groupJson({ placementGroup: "spread" })).toHaveResourceWithProperties(AutoscalingGroup, {
      placement_group: "${aws_placement_group.capacity_placement_group.name}",
      instance_refresh: expect.objectContaining({ triggers: ["placement_group"] }),
    });
  });

  it("does not exist by default", () => {
    expect(resourceCounts(groupJson()).aws_placement_group).toBeUndefined();
    expect(groupJson()).not.toContain("triggers");
  });

  it("has one zone with cluster, because Auto Scaling rejects several", () => {
    expect(groupJson({ placementGroup: "cluster" })).toHaveResourceWithProperties(AutoscalingGroup, {
      vpc_zone_identifier: expect.stringMatching(/^\$\{slice\(.*, 0, min\(1, length\(.*\)\)\)\}$/),
    });
  });
});

describe("the guards of a placement group", () => {
  const guards = (json: string) =>
    (
      at(resource(JSON.parse(json), "aws_autoscaling_group.capacity"), "lifecycle", "precondition") as {
        condition: string;
        error_message: string;
      }[]
    ).slice(1);
  const maxSize = hcl`var.max_size`.number;

  it("check that the instance types support the strategy", () => {
    const wrong =
      '[for name, type in data.aws_ec2_instance_type.types : name if !contains(type.supported_placement_strategies, "partition")]';
    expect(guards(groupJson({ placementGroup: "partition" }))).toEqual([
      {
        condition: `\${length(${wrong}) == 0}`,
        error_message: `instance_types must support placement groups with the strategy partition; received \${join(", ", ${wrong})}. List the types that do: aws ec2 describe-instance-types --filters Name=placement-group-info.supported-strategies,Values=partition --query InstanceTypes[].InstanceType`,
      },
    ]);
  });

  it("compare the largest size with the most instances of a spread group", () => {
    const [, spread] = guards(groupJson({ placementGroup: "spread", maxSize }));
    expect(spread).toEqual({
      condition: expect.stringMatching(/^\$\{max\(\[var\.max_size\]\.\.\.\) <= 7 \* length\(\[for zone in /),
      error_message: expect.stringMatching(
        /^max_size and maxSize of schedules must be at most \$\{7 \* length\(.*\)\} with placementGroup spread, which runs 7 instances in each zone; received \$\{max\(\[var\.max_size\]\.\.\.\)\} in \$\{join\(", ", .*\)\}\. Lower it, or use partition\.$/,
      ),
    });
  });

  it("compare the sizes of schedules too", () => {
    const schedules = { rush: { recurrence: "0 7 * * *", maxSize: 30 } };
    const [, spread] = guards(groupJson({ placementGroup: "spread", schedules, maxSize }));
    expect(spread?.condition).toMatch(/^\$\{max\(\[var\.max_size, 30\]\.\.\.\) <= 7 /);
  });

  it("name maxSize for instance types that AWS chooses", () => {
    const all = guards(withRequirements({ placementGroup: "spread" }));
    expect(all).toEqual([
      { condition: expect.anything(), error_message: expect.stringMatching(/^maxSize and maxSize of schedules must/) },
    ]);
  });

  it("do not exist without a placement group", () => {
    expect(guards(groupJson())).toEqual([]);
  });
});

describe("the settings of a placement group", () => {
  it.each<[string, Settings, string]>([
    [
      "too many partitions",
      { placementGroup: "partition", partitionCount: 8 },
      "partitionCount must be a whole number from 1 to 7 (partitions of a zone); received 8. For example 2.",
    ],
    [
      "half a partition",
      { placementGroup: "partition", partitionCount: 1.5 },
      "partitionCount must be a whole number from 1 to 7 (partitions of a zone); received 1.5. For example 2.",
    ],
    [
      "partitions of a spread group",
      { placementGroup: "spread", partitionCount: 3 },
      'partitionCount must be used with placementGroup "partition"; received 3. Set placementGroup to "partition", or remove it.',
    ],
    [
      "partitions without a placement group",
      { partitionCount: 3 },
      'partitionCount must be used with placementGroup "partition"; received 3. Set placementGroup to "partition", or remove it.',
    ],
    [
      "an unknown strategy, which says nothing about the partitions",
      { placementGroup: "partitions" as "partition", partitionCount: 3 },
      'placementGroup must be one of "cluster", "spread", "partition"; received "partitions". Choose one of these.',
    ],
  ])("reject %s", (_, settings, message) => {
    expect(problemsOf(() => groupJson(settings))).toEqual([message]);
  });

  it.each(["included", "required"] as const)("reject burstable types in a cluster that are %s", (burstable) => {
    const requirements = { ...REQUIREMENTS, burstablePerformance: burstable };
    expect(problemsOf(() => withRequirements({ placementGroup: "cluster" }, requirements))).toEqual([
      `placementGroup must not be "cluster" with burstablePerformance "${burstable}"; received "cluster". EC2 cannot start burstable types in a cluster placement group. Remove burstablePerformance, or use spread.`,
    ]);
  });
});
