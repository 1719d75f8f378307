/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-groups.html */
export const PLACEMENT_GROUPS = ["cluster", "spread", "partition"] as const;

/** Where AWS puts the instances of a group. */
export type PlacementGroupStrategy = (typeof PLACEMENT_GROUPS)[number];

/** Requirements that admit types which can't be placed so. */
export const placementMistakes = (
  strategy: PlacementGroupStrategy | undefined,
  requirements: { readonly burstablePerformance?: string } | undefined,
  at: string,
): string[] =>
  strategy === "cluster" && ["included", "required"].includes(requirements?.burstablePerformance ?? "")
    ? [
        `${at} must not be "cluster" with burstable types, which EC2 starts in none; received "cluster" and burstablePerformance "${requirements?.burstablePerformance}". Leave burstablePerformance out, or choose spread.`,
      ]
    : [];
