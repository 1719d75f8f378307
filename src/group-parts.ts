import type {
  AutoscalingGroupInitialLifecycleHook,
  AutoscalingGroupInstanceRefresh,
  AutoscalingGroupWarmPool,
} from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { AutoscalingSchedule } from "@cdktf/provider-aws/lib/autoscaling-schedule";
import type { Construct } from "constructs";
import { literal } from "./expression";
import { type GroupSettings, INSTANCE_REFRESH_DEFAULTS, type LifecycleHook, type WarmPool } from "./group-settings";

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

/** The scheduled sizes and the hooks of a group. */
export function groupParts(scope: Construct, autoscalingGroupName: string, settings: GroupSettings): void {
  for (const [name, schedule] of Object.entries(settings.schedules ?? {})) {
    new AutoscalingSchedule(scope, `schedule_${name}`, {
      autoscalingGroupName,
      scheduledActionName: name,
      recurrence: schedule.recurrence,
      timeZone: schedule.timeZone ?? "Etc/UTC",
      // -1 leaves a size as it is; left out it would be 0.
      minSize: schedule.minSize ?? -1,
      maxSize: schedule.maxSize ?? -1,
      desiredCapacity: schedule.desiredSize ?? -1,
    });
  }
  for (const [name, hook] of Object.entries(settings.lifecycleHooks ?? {})) {
    new AutoscalingLifecycleHook(scope, `hook_${name}`, { autoscalingGroupName, ...hookOf(name, hook) });
  }
}
