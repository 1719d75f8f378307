import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { Testing } from "cdktf";
import type { AsgCapacityProviderProps, InstancesDistribution } from "../../src";
import { usesSpot } from "../../src/capacity/instances-distribution";
import { groupJson } from "../support/group";
import { problemsOf } from "../support/problems";

Testing.setupJest();

type AsgSettings = Pick<AsgCapacityProviderProps, "spot" | "instancesDistribution">;

/** The agent of these groups always drains, which only Spot instances require. */
const synthesize = (capacity: Partial<AsgCapacityProviderProps> = {}): string =>
  groupJson(capacity, { agent: { spotDraining: true } });
/** Returns the properties of a group with a distribution. */
const groupWith = (distribution: object) => ({
  mixed_instances_policy: expect.objectContaining({ instances_distribution: distribution }),
});

describe("the distribution of instances", () => {
  it("buys only on-demand instances by default", () => {
    expect(synthesize()).toHaveResourceWithProperties(
      AutoscalingGroup,
      groupWith({
        on_demand_base_capacity: 0,
        on_demand_percentage_above_base_capacity: 100,
        on_demand_allocation_strategy: "prioritized",
      }),
    );
  });

  it("buys only Spot instances with spot", () => {
    expect(synthesize({ spot: true })).toHaveResourceWithProperties(
      AutoscalingGroup,
      groupWith({
        on_demand_base_capacity: 0,
        on_demand_percentage_above_base_capacity: 0,
        spot_allocation_strategy: "price-capacity-optimized",
      }),
    );
  });

  it("buys a base and a percentage on demand, and Spot instances for the rest", () => {
    const instancesDistribution = { onDemandBaseCapacity: 2, onDemandPercentageAboveBaseCapacity: 25 };
    expect(synthesize({ instancesDistribution })).toHaveResourceWithProperties(
      AutoscalingGroup,
      groupWith({
        on_demand_base_capacity: 2,
        on_demand_percentage_above_base_capacity: 25,
        on_demand_allocation_strategy: "prioritized",
        spot_allocation_strategy: "price-capacity-optimized",
      }),
    );
  });

  it("can keep a base on demand with spot", () => {
    expect(synthesize({ spot: true, instancesDistribution: { onDemandBaseCapacity: 1 } })).toHaveResourceWithProperties(
      AutoscalingGroup,
      groupWith({
        on_demand_base_capacity: 1,
        on_demand_percentage_above_base_capacity: 0,
        on_demand_allocation_strategy: "prioritized",
        spot_allocation_strategy: "price-capacity-optimized",
      }),
    );
  });

  it("renders the allocation strategies", () => {
    const instancesDistribution = {
      onDemandPercentageAboveBaseCapacity: 50,
      onDemandAllocationStrategy: "lowest-price",
      spotAllocationStrategy: "capacity-optimized",
    } as const;
    expect(synthesize({ instancesDistribution })).toHaveResourceWithProperties(
      AutoscalingGroup,
      groupWith({
        on_demand_base_capacity: 0,
        on_demand_percentage_above_base_capacity: 50,
        on_demand_allocation_strategy: "lowest-price",
        spot_allocation_strategy: "capacity-optimized",
      }),
    );
  });

  it("renders the Spot pools and the highest Spot price", () => {
    const instancesDistribution = {
      spotAllocationStrategy: "lowest-price",
      spotInstancePools: 4,
      spotMaxPrice: "0.05",
    } as const;
    expect(synthesize({ spot: true, instancesDistribution })).toHaveResourceWithProperties(
      AutoscalingGroup,
      groupWith({
        on_demand_base_capacity: 0,
        on_demand_percentage_above_base_capacity: 0,
        spot_allocation_strategy: "lowest-price",
        spot_instance_pools: 4,
        spot_max_price: "0.05",
      }),
    );
  });

  it.each<[AsgSettings, boolean]>([
    [{}, false],
    [{ instancesDistribution: { onDemandBaseCapacity: 3 } }, false],
    [{ instancesDistribution: { onDemandPercentageAboveBaseCapacity: 99 } }, true],
    [{ instancesDistribution: { onDemandPercentageAboveBaseCapacity: 100 } }, false],
    [{ spot: true }, true],
  ])("enables rebalancing for any use of Spot: %j", (settings, isSpot) => {
    expect(usesSpot(settings)).toBe(isSpot);
    expect(synthesize(settings)).toHaveResourceWithProperties(AutoscalingGroup, { capacity_rebalance: isSpot });
  });

  it("can disable rebalancing", () => {
    expect(synthesize({ spot: true, capacityRebalance: false })).toHaveResourceWithProperties(AutoscalingGroup, {
      capacity_rebalance: false,
    });
  });

  it("requires an agent that drains for Spot instances", () => {
    expect(problemsOf(() => groupJson({ spot: true }, { agent: { spotDraining: false } }))).toEqual([
      'launchTemplate must drain instances on a Spot interruption notice; received {"spotDraining": false}. Set spotDraining of AgentConfig to true.',
    ]);
  });

  it.each<[string, boolean, InstancesDistribution, string]>([
    [
      "a percentage with spot",
      true,
      { onDemandPercentageAboveBaseCapacity: 20 },
      "onDemandPercentageAboveBaseCapacity must not be set with spot, which buys only Spot instances beyond the base; received 20. Remove one of the two.",
    ],
    [
      "a strategy for Spot instances without any",
      false,
      { spotAllocationStrategy: "lowest-price" },
      'spotAllocationStrategy must be used with Spot capacity; received "lowest-price". Set spot, or an onDemandPercentageAboveBaseCapacity below 100.',
    ],
    [
      "a base of more than 5000 instances",
      false,
      { onDemandBaseCapacity: 5001 },
      "onDemandBaseCapacity must be a whole number from 0 to 5000 (instances); received 5001. For example 2.",
    ],
    [
      "a percentage above 100, which says nothing about the strategies",
      false,
      { onDemandPercentageAboveBaseCapacity: 101, spotAllocationStrategy: "lowest-price" },
      "onDemandPercentageAboveBaseCapacity must be a whole number from 0 to 100 (percent); received 101. For example 50.",
    ],
    [
      "an unknown strategy for Spot instances",
      false,
      { onDemandPercentageAboveBaseCapacity: 50, spotAllocationStrategy: "cheapest" as "lowest-price" },
      'spotAllocationStrategy must be one of "price-capacity-optimized", "capacity-optimized", "capacity-optimized-prioritized", "lowest-price"; received "cheapest". Choose one of these.',
    ],
    [
      "an unknown strategy for on-demand instances",
      false,
      { onDemandAllocationStrategy: "cheapest" as "lowest-price" },
      'onDemandAllocationStrategy must be one of "prioritized", "lowest-price"; received "cheapest". Choose one of these.',
    ],
  ])("rejects %s", (_, spot, instancesDistribution, message) => {
    expect(problemsOf(() => synthesize({ spot, instancesDistribution }))).toEqual([`instancesDistribution.${message}`]);
  });
});
