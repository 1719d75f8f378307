/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-groups.html */
export const PLACEMENT_GROUPS = ["cluster", "spread", "partition"] as const;

/** Where AWS puts the instances of a group. */
export type PlacementGroupStrategy = (typeof PLACEMENT_GROUPS)[number];

/** Limits of placement groups. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/limitations-placement-groups.html */
export const PLACEMENT_LIMITS = {
  /** Running instances of a spread group in one zone. */
  spreadPerZone: 7,
  partitions: { min: 1, max: 7 },
} as const;

/** What AWS takes where nothing is said. */
export const DEFAULT_PARTITION_COUNT = 2;

/** What decides where the instances are placed. */
export interface Placement {
  readonly placementGroup?: PlacementGroupStrategy;
  readonly partitionCount?: number;
}

/** Every way in which settings contradict the placement. @param at the name of a setting where it was given */
export function placementMistakes(
  { placementGroup, partitionCount }: Placement,
  requirements: { readonly burstablePerformance?: string } | undefined,
  at: (setting: keyof Placement) => string,
): string[] {
  const mistakes: string[] = [];
  if (placementGroup === "cluster" && ["included", "required"].includes(requirements?.burstablePerformance ?? "")) {
    mistakes.push(
      `${at("placementGroup")} must not be "cluster" with burstable types, which EC2 starts in none; received "cluster" and burstablePerformance "${requirements?.burstablePerformance}". Leave burstablePerformance out, or choose spread.`,
    );
  }
  if (partitionCount === undefined) return mistakes;
  const { min, max } = PLACEMENT_LIMITS.partitions;
  if (!Number.isInteger(partitionCount) || partitionCount < min || partitionCount > max) {
    mistakes.push(
      `${at("partitionCount")} must be a whole number from ${min} to ${max}, which is what a zone has of partitions; received ${JSON.stringify(partitionCount)}. For example ${DEFAULT_PARTITION_COUNT}.`,
    );
  }
  if (placementGroup !== "partition") {
    mistakes.push(
      `${at("partitionCount")} must come with placementGroup "partition"; received ${JSON.stringify(partitionCount)} and ${JSON.stringify(placementGroup) ?? "none"}. Set that too, or leave it out.`,
    );
  }
  return mistakes;
}
