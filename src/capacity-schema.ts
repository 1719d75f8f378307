import { z } from "zod";
import { IMAGE_PULL_BEHAVIORS, LOG_LEVELS } from "./agent-config";
import { AMI_FAMILIES } from "./ami-family";
import { CAPACITY_LIMITS } from "./capacity-rules";

const agent = z.strictObject({
  imagePullBehavior: z.enum(IMAGE_PULL_BEHAVIORS).optional(),
  taskCleanupWaitSeconds: z.int().min(60).optional(),
  containerStopTimeoutSeconds: z.int().min(1).optional(),
  logLevel: z.enum(LOG_LEVELS).optional(),
  reservedMemoryMiB: z.int().min(0).optional(),
  warmPoolsCheck: z.boolean().optional(),
  instanceAttributes: z.record(z.string(), z.string()).optional(),
  variables: z.record(z.string(), z.string()).optional(),
});

/** The shape of what each capacity may say. */
const capacity = {
  amiFamily: z.enum(AMI_FAMILIES).optional(),
  spot: z.boolean().optional(),
  agent: agent.optional(),
  extraUserData: z.array(z.string()).optional(),
  targetCapacity: z.int().min(1).max(100).optional(),
  terminationProtection: z.boolean().optional(),
};

/** The shape of the settings that are about capacity. */
export const capacityShape = {
  ...capacity,
  capacityProviders: z
    .record(z.string(), z.strictObject({ ...capacity, values: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
  defaultStrategy: z
    .array(
      z.strictObject({
        capacityProvider: z.string(),
        base: z.int().min(0).max(CAPACITY_LIMITS.base).optional(),
        weight: z.int().min(0).max(CAPACITY_LIMITS.weight).optional(),
      }),
    )
    .optional(),
};
