import { z } from "zod";
import { IMAGE_PULL_BEHAVIORS, LOG_LEVELS } from "../instances/agent-options";
import { AMI_FAMILIES } from "../instances/ami-family";
import { bottlerocketShape } from "../instances/bottlerocket";
import { volumesShape } from "../instances/volumes";
import { LIMITS } from "../validation/values";
import { CAPACITY_LIMITS } from "./capacity-rules";
import { groupShape } from "./group-schema";
import { ON_DEMAND_ALLOCATION_STRATEGIES, SPOT_ALLOCATION_STRATEGIES } from "./instances-distribution";
import { PLACEMENT_GROUPS } from "./placement-rules";

const agent = z.strictObject({
  imagePullBehavior: z.enum(IMAGE_PULL_BEHAVIORS).optional(),
  // Their limits are rules of AgentConfig.
  taskCleanupWaitSeconds: z.number().optional(),
  containerStopTimeoutSeconds: z.number().optional(),
  logLevel: z.enum(LOG_LEVELS).optional(),
  reservedMemoryMiB: z.number().optional(),
  warmPoolsCheck: z.boolean().optional(),
  instanceAttributes: z.record(z.string(), z.string()).optional(),
  variables: z.record(z.string(), z.string()).optional(),
});

const amount = (least: number) => z.strictObject({ min: z.int().min(least), max: z.int().min(least).optional() });

/** The shape of what each capacity may say. */
const capacity = {
  amiFamily: z.enum(AMI_FAMILIES).optional(),
  spot: z.boolean().optional(),
  instancesDistribution: z
    .strictObject({
      onDemandBaseCapacity: z.int().min(0).max(LIMITS.groupSize.max).optional(),
      onDemandPercentageAboveBaseCapacity: z.int().min(0).max(100).optional(),
      onDemandAllocationStrategy: z.enum(ON_DEMAND_ALLOCATION_STRATEGIES).optional(),
      spotAllocationStrategy: z.enum(SPOT_ALLOCATION_STRATEGIES).optional(),
    })
    .optional(),
  capacityRebalance: z.boolean().optional(),
  instanceRequirements: z
    .strictObject({
      vCpuCount: amount(1),
      memoryMiB: amount(512),
      architecture: z.enum(["x86_64", "arm64"]).optional(),
      instanceGenerations: z.array(z.enum(["current", "previous"])).optional(),
      burstablePerformance: z.enum(["included", "excluded", "required"]).optional(),
      excludedInstanceTypes: z.array(z.string()).optional(),
    })
    .optional(),
  ...groupShape,
  agent: agent.optional(),
  bottlerocket: bottlerocketShape,
  volumes: volumesShape,
  placementGroup: z.enum(PLACEMENT_GROUPS).optional(),
  // Its limits are a rule, which the construct on its own has too.
  partitionCount: z.number().optional(),
  detailedMonitoring: z.boolean().optional(),
  extraUserData: z.array(z.string()).optional(),
  targetCapacity: z.int().min(CAPACITY_LIMITS.targetCapacity.min).max(CAPACITY_LIMITS.targetCapacity.max).optional(),
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
