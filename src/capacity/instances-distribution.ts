/** How on-demand instances are chosen among the types. `prioritized` follows the order of `instance_types`. */
export const ON_DEMAND_ALLOCATION_STRATEGIES = ["prioritized", "lowest-price"] as const;
/** How Spot instances are chosen among the types and zones. */
export const SPOT_ALLOCATION_STRATEGIES = [
  "price-capacity-optimized",
  "capacity-optimized",
  "capacity-optimized-prioritized",
  "lowest-price",
] as const;

/**
 * How much is bought on demand and how much on the Spot market.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/mixed-instances-groups-set-up-overview.html
 */
export interface InstancesDistribution {
  /** Instances that are always bought on demand, before the percentage counts. 0 to 5000. @default 0 */
  readonly onDemandBaseCapacity?: number;
  /** Percent of the instances beyond the base that are bought on demand, 0 to 100; the rest is Spot. @default 100; 0 with `spot` */
  readonly onDemandPercentageAboveBaseCapacity?: number;
  /** @default "prioritized"; "lowest-price" with `instanceRequirements` */
  readonly onDemandAllocationStrategy?: (typeof ON_DEMAND_ALLOCATION_STRATEGIES)[number];
  /** @default "price-capacity-optimized" */
  readonly spotAllocationStrategy?: (typeof SPOT_ALLOCATION_STRATEGIES)[number];
}

/** What decides how instances are bought. */
export interface Buying {
  readonly spot?: boolean;
  readonly instancesDistribution?: InstancesDistribution;
  /** Undefined where the types are named. */
  readonly instanceRequirements?: object;
}

/** The percentage that is bought on demand beyond the base. */
const percentage = ({ spot, instancesDistribution }: Buying): number =>
  instancesDistribution?.onDemandPercentageAboveBaseCapacity ?? (spot ? 0 : 100);

/** Whether any instance may be a Spot one: the agent then drains on an interruption notice. */
export const usesSpot = (buying: Buying): boolean => percentage(buying) < 100;

/** The distribution in the provider's words, without what has no effect. */
export function distributionOf(buying: Buying) {
  const {
    onDemandBaseCapacity = 0,
    onDemandAllocationStrategy,
    spotAllocationStrategy,
  } = buying.instancesDistribution ?? {};
  const onDemandPercentageAboveBaseCapacity = percentage(buying);
  const onDemand = onDemandBaseCapacity > 0 || onDemandPercentageAboveBaseCapacity > 0;
  return {
    onDemandBaseCapacity,
    onDemandPercentageAboveBaseCapacity,
    ...(onDemand && {
      onDemandAllocationStrategy:
        // Requirements have no order that could be one of preference.
        onDemandAllocationStrategy ?? (buying.instanceRequirements ? "lowest-price" : "prioritized"),
    }),
    ...(usesSpot(buying) && { spotAllocationStrategy: spotAllocationStrategy ?? "price-capacity-optimized" }),
  };
}

/** Every way in which settings about buying contradict each other. @param at the name of a setting where it was given */
export function buyingMistakes(buying: Buying, at: (setting: keyof Buying) => string): string[] {
  const { spot, instancesDistribution: given = {}, instanceRequirements } = buying;
  const distribution = at("instancesDistribution");
  const mistakes: string[] = [];
  const { onDemandPercentageAboveBaseCapacity: percent, spotAllocationStrategy, onDemandAllocationStrategy } = given;
  if (spot && percent !== undefined) {
    mistakes.push(
      `${distribution}.onDemandPercentageAboveBaseCapacity must be left out with spot, which is 0 percent on demand; received ${percent}. Leave one of the two out.`,
    );
  }
  if (!usesSpot(buying) && spotAllocationStrategy !== undefined) {
    mistakes.push(
      `${distribution}.spotAllocationStrategy must come with Spot capacity; received "${spotAllocationStrategy}" and 100 percent on demand. Set onDemandPercentageAboveBaseCapacity under 100 too.`,
    );
  }
  for (const [name, value] of Object.entries({ onDemandAllocationStrategy, spotAllocationStrategy })) {
    if (instanceRequirements && value?.includes("prioritized")) {
      mistakes.push(
        `${distribution}.${name} must not go by priority with instanceRequirements, which have no order; received "${value}". Leave it out, or name the types.`,
      );
    }
  }
  return mistakes;
}
