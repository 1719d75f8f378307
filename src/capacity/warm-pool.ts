import type { AutoscalingGroupWarmPool } from "@cdktf/provider-aws/lib/autoscaling-group";
import { choice, number, type Parsed, plain, schemaOf, unavailable } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { sizeRule } from "./capacity-values";
import { type Purchasing, usesSpot } from "./instances-distribution";

/** What the instances in a warm pool do. */
const WARM_POOL_STATES = ["stopped", "running"] as const;

/**
 * Instances that have booted before they are needed. They do not join the cluster until they leave the pool.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-warm-pool.html
 */
export interface WarmPool {
  /** The fewest instances in the pool. @default 0 */
  readonly minSize?: number;
  /** The most instances in the pool and in service together. @default - `max_size` */
  readonly maxPreparedCapacity?: number;
  /** Stopped instances cost only their volumes. Running instances are available sooner. @default "stopped" */
  readonly state?: (typeof WARM_POOL_STATES)[number];
}

export const warmPoolSchema = schemaOf<WarmPool>()(
  {
    minSize: number(sizeRule).default(0),
    maxPreparedCapacity: number(sizeRule).optional(),
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hibernating-prerequisites.html
    // https://github.com/bottlerocket-os/bottlerocket/issues/2964
    state: plain(choice(...WARM_POOL_STATES))
      .with({ fix: "Choose one of these. EC2 cannot hibernate instances that ECS uses." })
      .default("stopped"),
    ...unavailable(
      ["reuseOnScaleIn"],
      "ECS cannot return instances to a warm pool on scale-in. They terminate, and new instances boot into the pool.",
    ),
  },
  preparedCapacityIncludesThePool,
);

function* preparedCapacityIncludesThePool({ minSize, maxPreparedCapacity }: Known<WarmPool>): Findings<WarmPool> {
  if (minSize === undefined || maxPreparedCapacity === undefined || maxPreparedCapacity >= minSize) return;
  const fix = "Raise it, or lower minSize.";
  yield { at: "maxPreparedCapacity", must: `be at least minSize, which is ${minSize}`, fix };
}

/** A warm pool, and the settings that it excludes. */
interface Pooled extends Purchasing {
  readonly warmPool?: WarmPool;
}

/** Auto Scaling keeps a warm pool only of on-demand instances of one type. */
export function* warmPoolRules(settings: Known<Pooled>, given: Given<Pooled>): Findings<{ warmPool?: WarmPool }> {
  if (!given("warmPool")) return;
  if (usesSpot(settings as Purchasing)) {
    const fix = "Use on-demand instances, or a separate capacity provider for Spot instances.";
    yield { at: "warmPool", must: "not be set with Spot capacity", fix };
  }
  if (settings.instanceRequirements) {
    const fix = "A warm pool has one instance type. Set that in instance_types instead.";
    yield { at: "warmPool", must: "not be set with instanceRequirements", fix };
  }
}

/** Returns the warm pool in the provider's words. */
export const warmPoolBlock = (settings: Parsed<typeof warmPoolSchema>): AutoscalingGroupWarmPool => ({
  minSize: settings.minSize,
  maxGroupPreparedCapacity: settings.maxPreparedCapacity,
  poolState: settings.state === "running" ? "Running" : "Stopped",
});
