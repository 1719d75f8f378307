import type { AutoscalingGroupMixedInstancesPolicyInstancesDistribution } from "@cdktf/provider-aws/lib/autoscaling-group";
import { matches, wholeNumber } from "../validation/rule";
import { choice, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { sizeRule } from "./capacity-values";

/** How on-demand instances are chosen among the types. `prioritized` follows the order of `instance_types`. */
const ON_DEMAND_ALLOCATION_STRATEGIES = ["prioritized", "lowest-price"] as const;
/** How Spot instances are chosen among the types and zones. */
const SPOT_ALLOCATION_STRATEGIES = [
  "price-capacity-optimized",
  "capacity-optimized",
  "capacity-optimized-prioritized",
  "lowest-price",
] as const;

/**
 * The shares of on-demand and Spot instances.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/mixed-instances-groups-set-up-overview.html
 */
export interface InstancesDistribution {
  /** The first instances, which are always on demand. The percentage applies to the others. @default 0 */
  readonly onDemandBaseCapacity?: number;
  /** Percent of the instances beyond the base that are on demand. The others are Spot instances. @default - 100, or 0 with `spot` */
  readonly onDemandPercentageAboveBaseCapacity?: number;
  /** How on-demand instances are chosen among the types. @default - "prioritized", or "lowest-price" with `instanceRequirements` */
  readonly onDemandAllocationStrategy?: (typeof ON_DEMAND_ALLOCATION_STRATEGIES)[number];
  /** How Spot instances are chosen among the types and zones. @default - "price-capacity-optimized" */
  readonly spotAllocationStrategy?: (typeof SPOT_ALLOCATION_STRATEGIES)[number];
  /** The number of the cheapest Spot pools that instances are spread over, with the strategy `lowest-price`. @default - 2 */
  readonly spotInstancePools?: number;
  /**
   * The most that a Spot instance may cost per hour, in US dollars: `"0.05"`. You pay the Spot price. AWS advises against it, because
   * instances are interrupted more often.
   * @default - the on-demand price
   */
  readonly spotMaxPrice?: string;
}

export const instancesDistributionSchema = schemaOf<InstancesDistribution>()({
  onDemandBaseCapacity: plain(number(sizeRule)).default(0),
  onDemandPercentageAboveBaseCapacity: plain(number(wholeNumber(0, 100, "percent", "For example 50."))).optional(),
  onDemandAllocationStrategy: choice(...ON_DEMAND_ALLOCATION_STRATEGIES).optional(),
  spotAllocationStrategy: choice(...SPOT_ALLOCATION_STRATEGIES).optional(),
  spotInstancePools: number(wholeNumber(1, 20, "pools", "Remove it for the default of AWS.")).optional(),
  spotMaxPrice: string(
    matches(
      "^([1-9][0-9]*([.][0-9]+)?|0[.]0{0,2}[1-9][0-9]*)$",
      "be a price in US dollars of at least 0.001",
      'For example "0.05".',
    ),
  ).optional(),
});

/** The settings that decide how instances are purchased. */
export interface Purchasing {
  readonly spot?: boolean;
  readonly instancesDistribution?: InstancesDistribution;
  /** @default - the types are named */
  readonly instanceRequirements?: object;
}

/** Returns the percentage of on-demand instances beyond the base. */
const onDemandPercentage = ({ spot, instancesDistribution }: Purchasing): number =>
  instancesDistribution?.onDemandPercentageAboveBaseCapacity ?? (spot ? 0 : 100);

/** Returns true when any instance can be a Spot instance. The agent then drains it on an interruption notice. */
export const usesSpot = (purchasing: Purchasing): boolean => onDemandPercentage(purchasing) < 100;

/** What the distribution of instances excludes. */
export function* instancesDistributionRules(
  settings: Known<Purchasing>,
  given: Given<Purchasing>,
): Findings<Pick<Purchasing, "instancesDistribution">> {
  const { spot, instancesDistribution: distribution, instanceRequirements } = settings;
  const percentage = distribution?.onDemandPercentageAboveBaseCapacity;
  const isKnown =
    spot !== undefined &&
    given("instancesDistribution", "onDemandPercentageAboveBaseCapacity") === (percentage !== undefined);
  if (spot && percentage !== undefined) {
    yield {
      at: ["instancesDistribution", "onDemandPercentageAboveBaseCapacity"],
      must: "not be set with spot, which buys only Spot instances beyond the base",
      fix: "Remove one of the two.",
    };
  }
  for (const setting of ["spotAllocationStrategy", "spotInstancePools", "spotMaxPrice"] as const) {
    if (!isKnown || usesSpot(settings as Purchasing) || distribution?.[setting] === undefined) continue;
    yield {
      at: ["instancesDistribution", setting],
      must: "be used with Spot capacity",
      fix: "Set spot, or an onDemandPercentageAboveBaseCapacity below 100.",
    };
  }
  const { spotInstancePools: pools, spotAllocationStrategy: strategy } = distribution ?? {};
  const isStrategyKnown = given("instancesDistribution", "spotAllocationStrategy") === (strategy !== undefined);
  if (pools !== undefined && isStrategyKnown && strategy !== "lowest-price") {
    yield {
      at: ["instancesDistribution", "spotInstancePools"],
      must: 'be used with spotAllocationStrategy "lowest-price"',
      fix: "The other strategies choose the pools themselves. Remove it.",
    };
  }
  for (const strategy of ["onDemandAllocationStrategy", "spotAllocationStrategy"] as const) {
    if (!instanceRequirements || !distribution?.[strategy]?.includes("prioritized")) continue;
    yield {
      at: ["instancesDistribution", strategy],
      must: "not use priorities with instanceRequirements",
      fix: "Instance types that AWS chooses have no order. Remove it, or name the types.",
    };
  }
}

/** Returns the distribution in the provider's words, without arguments that have no effect. */
export function instancesDistributionBlock(
  purchasing: Purchasing,
): AutoscalingGroupMixedInstancesPolicyInstancesDistribution {
  const { onDemandBaseCapacity = 0, ...strategies } = purchasing.instancesDistribution ?? {};
  const onDemandPercentageAboveBaseCapacity = onDemandPercentage(purchasing);
  const onDemand = onDemandBaseCapacity > 0 || onDemandPercentageAboveBaseCapacity > 0;
  return {
    onDemandBaseCapacity,
    onDemandPercentageAboveBaseCapacity,
    ...(onDemand && {
      onDemandAllocationStrategy:
        // Instance requirements have no order that could express a preference.
        strategies.onDemandAllocationStrategy ?? (purchasing.instanceRequirements ? "lowest-price" : "prioritized"),
    }),
    ...(usesSpot(purchasing) && {
      spotAllocationStrategy: strategies.spotAllocationStrategy ?? "price-capacity-optimized",
      // The AWS provider keeps the last number without this.
      spotInstancePools:
        strategies.spotAllocationStrategy === "lowest-price" ? (strategies.spotInstancePools ?? 2) : undefined,
      spotMaxPrice: strategies.spotMaxPrice,
    }),
  };
}
