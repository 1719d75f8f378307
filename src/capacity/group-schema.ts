import { z } from "zod";
import { LIMITS } from "../validation/values";
import { GROUP_LIMITS } from "./group-rules";
import { HOOK_RESULTS, HOOK_TRANSITIONS } from "./group-settings";
import { REFRESH_LIMITS } from "./refresh-rules";

const whole = (min: number, max: number) => z.int().min(min).max(max).optional();
const size = whole(LIMITS.groupSize.min, LIMITS.groupSize.max);

/** The shape of how a group's instances come, are replaced and go. */
export const groupShape = {
  managedScaling: z
    .strictObject({
      instanceWarmupSeconds: whole(0, GROUP_LIMITS.scalingWarmupSeconds),
      minimumStepSize: whole(GROUP_LIMITS.stepSize.min, GROUP_LIMITS.stepSize.max),
      maximumStepSize: whole(GROUP_LIMITS.stepSize.min, GROUP_LIMITS.stepSize.max),
    })
    .optional(),
  instanceRefresh: z
    .union([
      z.literal(false),
      z.strictObject({
        minHealthyPercentage: whole(0, 100),
        maxHealthyPercentage: whole(100, 200),
        instanceWarmupSeconds: whole(0, REFRESH_LIMITS.warmupSeconds),
        checkpointPercentages: z.array(z.int().min(1).max(100)).optional(),
        checkpointDelaySeconds: whole(0, REFRESH_LIMITS.pauseSeconds),
        autoRollback: z.boolean().optional(),
        alarms: z.array(z.string().min(1)).optional(),
        skipMatching: z.boolean().optional(),
        // Known, so that a rule can say why not and what instead.
        bakeTime: z.unknown().optional(),
        bakeTimeSeconds: z.unknown().optional(),
      }),
    ])
    .optional(),
  maxInstanceLifetimeDays: whole(1, GROUP_LIMITS.lifetimeDays),
  schedules: z
    .record(
      z.string(),
      z.strictObject({
        recurrence: z.string(),
        timeZone: z.string().optional(),
        minSize: size,
        maxSize: size,
        desiredSize: size,
      }),
    )
    .optional(),
  warmPool: z
    .strictObject({
      minSize: size,
      maxPreparedCapacity: size,
      // Which there are is a rule, that says of others why not.
      state: z.string().optional(),
      reuseOnScaleIn: z.unknown().optional(),
    })
    .optional(),
  lifecycleHooks: z
    .record(
      z.string(),
      z.strictObject({
        transition: z.enum(HOOK_TRANSITIONS),
        heartbeatTimeoutSeconds: whole(GROUP_LIMITS.heartbeatSeconds.min, GROUP_LIMITS.heartbeatSeconds.max),
        defaultResult: z.enum(HOOK_RESULTS).optional(),
        notificationTargetArn: z.string().optional(),
        roleArn: z.string().optional(),
        notificationMetadata: z.string().max(GROUP_LIMITS.metadata).optional(),
      }),
    )
    .optional(),
};
