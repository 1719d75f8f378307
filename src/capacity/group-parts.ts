import type {
  AutoscalingGroupInitialLifecycleHook,
  AutoscalingGroupInstanceRefresh,
  AutoscalingGroupWarmPool,
} from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { AutoscalingSchedule } from "@cdktf/provider-aws/lib/autoscaling-schedule";
import type { EcsCapacityProviderAutoScalingGroupProviderManagedScaling } from "@cdktf/provider-aws/lib/ecs-capacity-provider";
import type { Construct } from "constructs";
import { Expression, hcl, literal } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import {
  DEFAULT_TIME_ZONE,
  type GroupSettings,
  INSTANCE_REFRESH_DEFAULTS,
  type LifecycleHook,
  type ManagedScaling,
  type WarmPool,
} from "./group-settings";

/** The refresh in the provider's words; undefined where there is to be none. @param placed whether there is a placement group */
export function refreshOf(
  settings: GroupSettings["instanceRefresh"],
  { terminationProtection, placed }: { readonly terminationProtection: boolean; readonly placed: boolean },
): AutoscalingGroupInstanceRefresh | undefined {
  if (settings === false) return undefined;
  const { minHealthyPercentage, maxHealthyPercentage, ...rest } = { ...INSTANCE_REFRESH_DEFAULTS, ...settings };
  const { instanceWarmupSeconds, checkpointPercentages, checkpointDelaySeconds, autoRollback, alarms } = rest;
  return {
    strategy: "Rolling",
    // Another template starts one anyway; another placement group wouldn't, and its instances would stay where they are.
    triggers: placed ? ["placement_group"] : undefined,
    preferences: {
      minHealthyPercentage,
      maxHealthyPercentage,
      instanceWarmup: instanceWarmupSeconds?.toString(),
      checkpointPercentages: checkpointPercentages && [...checkpointPercentages],
      checkpointDelay: checkpointDelaySeconds?.toString(),
      autoRollback,
      alarmSpecification: alarms && { alarms: alarms.map(literal) },
      skipMatching: rest.skipMatching,
      // Without it a refresh waits for ever for instances that are protected.
      // https://github.com/hashicorp/terraform-provider-aws/issues/29827
      scaleInProtectedInstances: terminationProtection ? "Refresh" : undefined,
    },
  };
}

/** Managed scaling in the provider's words. */
export const managedScalingOf = (
  targetCapacity: number,
  { instanceWarmupSeconds, minimumStepSize, maximumStepSize }: ManagedScaling = {},
): EcsCapacityProviderAutoScalingGroupProviderManagedScaling => ({
  status: "ENABLED",
  targetCapacity,
  instanceWarmupPeriod: instanceWarmupSeconds,
  minimumScalingStepSize: minimumStepSize,
  maximumScalingStepSize: maximumStepSize,
});

/** The warm pool in the provider's words. */
export const warmPoolOf = ({ minSize = 0, maxPreparedCapacity, state }: WarmPool): AutoscalingGroupWarmPool => ({
  minSize,
  maxGroupPreparedCapacity: maxPreparedCapacity,
  poolState: state === "running" ? "Running" : "Stopped",
});

/** A hook in the words that its resource and the group's own block share. */
const hookOf = (name: string, hook: LifecycleHook): AutoscalingGroupInitialLifecycleHook => ({
  name,
  lifecycleTransition: `autoscaling:EC2_INSTANCE_${hook.transition.toUpperCase()}`,
  heartbeatTimeout: hook.heartbeatTimeoutSeconds ?? 3600,
  defaultResult: (hook.defaultResult ?? "abandon").toUpperCase(),
  notificationTargetArn: hook.notificationTargetArn && literal(hook.notificationTargetArn),
  roleArn: hook.roleArn && literal(hook.roleArn),
  notificationMetadata: hook.notificationMetadata && literal(hook.notificationMetadata),
});

/**
 * The launching hooks, which have to be there before the first instances: the provider then makes the group empty, puts
 * the hooks, and gives it its size. It reads and updates these blocks never again, so each hook is a resource too, which
 * puts the same hook of the same name once more, and any change of it afterwards.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/autoscaling_lifecycle_hook
 */
export const initialHooksOf = (hooks: GroupSettings["lifecycleHooks"] = {}): AutoscalingGroupInitialLifecycleHook[] =>
  Object.entries(hooks)
    .filter(([, { transition }]) => transition === "launching")
    .map(([name, hook]) => hookOf(name, hook));

/** Without a guard the resource has no lifecycle at all. */
const preconditions = (guards: readonly Guard[]) =>
  guards.length > 0 ? { precondition: guards.map((guard) => ({ ...guard })) } : undefined;

/** A group with the sizes that it is made with. */
interface SizedGroup {
  readonly autoscalingGroupName: string;
  readonly minSize: number;
  readonly maxSize: number;
}

/**
 * A size that contradicts one that no schedule moves: Auto Scaling refuses the action when it is due, and says so in the
 * group's activities alone. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
 */
function scheduleGuards(name: string, schedules: NonNullable<GroupSettings["schedules"]>, group: SizedGroup): Guard[] {
  const moved = (size: "minSize" | "maxSize") => Object.values(schedules).some((one) => one[size] !== undefined);
  const guard = (key: "minSize" | "maxSize" | "desiredSize", operator: "<=" | ">=", other: "minSize" | "maxSize") => {
    const value = schedules[name]?.[key];
    if (value === undefined || moved(other)) return [];
    const limit = other === "maxSize" ? "most" : "least";
    return [
      {
        condition: hcl`${value} ${new Expression([operator], [])} ${group[other]}`.string,
        errorMessage: `schedules.${name}.${key} must be at ${limit} the group's ${other}, which no schedule moves; received ${value}, with ${hcl`${group[other]}`}. Give the schedule a ${other} too, or change the group's.`,
      },
    ];
  };
  return [
    ...guard("minSize", "<=", "maxSize"),
    ...guard("desiredSize", "<=", "maxSize"),
    ...guard("maxSize", ">=", "minSize"),
    ...guard("desiredSize", ">=", "minSize"),
  ];
}

/** The scheduled sizes and the hooks of a group. */
export function groupParts(scope: Construct, group: SizedGroup, settings: GroupSettings): void {
  const { autoscalingGroupName } = group;
  for (const [name, schedule] of Object.entries(settings.schedules ?? {})) {
    new AutoscalingSchedule(scope, `schedule_${name}`, {
      autoscalingGroupName,
      scheduledActionName: name,
      recurrence: schedule.recurrence,
      timeZone: schedule.timeZone ?? DEFAULT_TIME_ZONE,
      // -1 leaves a size as it is; left out it would be 0.
      minSize: schedule.minSize ?? -1,
      maxSize: schedule.maxSize ?? -1,
      desiredCapacity: schedule.desiredSize ?? -1,
      lifecycle: preconditions(scheduleGuards(name, settings.schedules ?? {}, group)),
    });
  }
  for (const [name, hook] of Object.entries(settings.lifecycleHooks ?? {})) {
    new AutoscalingLifecycleHook(scope, `hook_${name}`, { autoscalingGroupName, ...hookOf(name, hook) });
  }
}
