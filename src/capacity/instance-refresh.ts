import type { AutoscalingGroupInstanceRefresh } from "@cdktf/provider-aws/lib/autoscaling-group";
import { literal } from "../terraform/expression";
import { distinctElements, length, wholeNumber } from "../validation/rule";
import {
  anyOf,
  boolean,
  choice,
  list,
  number,
  type Parsed,
  plain,
  schemaOf,
  string,
  unavailable,
} from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import { isToken } from "../validation/token";

const PROTECTED_INSTANCES = ["refresh", "ignore", "wait"] as const;
const STANDBY_INSTANCES = ["terminate", "ignore", "wait"] as const;

/**
 * How Auto Scaling replaces the instances when the launch template changes. There is no setting for a bake time, because
 * the AWS provider has no argument for it.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
 */
export interface InstanceRefresh {
  /** Percent of the group that stays in service during the refresh. @default 100 */
  readonly minHealthyPercentage?: number;
  /** Percent of the group that can exist during the refresh, at most 100 above `minHealthyPercentage`. @default 110 */
  readonly maxHealthyPercentage?: number;
  /** Seconds until a new instance counts as healthy. @default - the health check grace period of the group */
  readonly instanceWarmupSeconds?: number;
  /** Percentages of replaced instances at which the refresh pauses. The last one is 100, because a refresh ends at its last checkpoint. @default - no pause */
  readonly checkpointPercentages?: readonly number[];
  /** Seconds of each pause. @default - 3600, the default of AWS */
  readonly checkpointDelaySeconds?: number;
  /** Return to the previous launch template when the refresh fails or an alarm goes off. @default - false, the default of AWS */
  readonly autoRollback?: boolean;
  /** CloudWatch alarms that fail the refresh, by name. With `autoRollback` it rolls back, otherwise it stops. @default - none */
  readonly alarms?: readonly string[];
  /** Keep instances that already match the launch template. @default - false, the default of AWS */
  readonly skipMatching?: boolean;
  /**
   * What happens to instances with scale-in protection. `refresh` replaces them. `ignore` keeps them, and the refresh ends without
   * them. `wait` waits one hour until you remove the protection, and the refresh fails otherwise.
   * @default - "refresh" with `terminationProtection`, otherwise "ignore"
   */
  readonly scaleInProtectedInstances?: (typeof PROTECTED_INSTANCES)[number];
  /** What happens to instances in standby. `wait` waits one hour until you return them to service, and the refresh fails otherwise. @default - "ignore" */
  readonly standbyInstances?: (typeof STANDBY_INSTANCES)[number];
}

const ascending: Limit<readonly number[]> = {
  must: "be ascending percentages",
  fix: "For example [20, 50, 100].",
  check: (points) => points.length > 0 && points.every((point, index) => point > (points[index - 1] ?? 0)),
};
const endsWith100: Limit<readonly number[]> = {
  must: "end with 100",
  fix: "End the list with 100. A refresh ends at its last checkpoint, and does not replace the other instances.",
  check: (points) => points.length === 0 || points.at(-1) === 100,
};
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const alarmName = length(1, 255, "List the alarms: aws cloudwatch describe-alarms --query MetricAlarms[].AlarmName");
const DEFAULT = "Remove it for the default of AWS.";

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html */
export const instanceRefreshSchema = schemaOf<InstanceRefresh>()(
  {
    minHealthyPercentage: number(wholeNumber(0, 100, "percent", "For example 100.")).default(100),
    maxHealthyPercentage: number(wholeNumber(100, 200, "percent", "For example 110.")).default(110),
    instanceWarmupSeconds: number(wholeNumber(0, 3600, "seconds", DEFAULT)).optional(),
    checkpointPercentages: list(
      number(wholeNumber(1, 100, "percent", "For example 50.")),
      ascending,
      endsWith100,
    ).optional(),
    checkpointDelaySeconds: number(wholeNumber(0, 172_800, "seconds", DEFAULT)).optional(),
    autoRollback: boolean().optional(),
    alarms: list(
      string(alarmName),
      distinctElements(1, 10, "alarms", "Remove the setting for none, or combine alarms in a composite alarm."),
    ).optional(),
    skipMatching: boolean().optional(),
    scaleInProtectedInstances: plain(choice(...PROTECTED_INSTANCES)).optional(),
    standbyInstances: plain(choice(...STANDBY_INSTANCES)).optional(),
    ...unavailable(
      ["bakeTime", "bakeTimeSeconds"],
      "The AWS provider has no argument for a bake time. Pause before the last instances with checkpointPercentages ([90, 100]) and checkpointDelaySeconds, and let alarms with autoRollback undo a bad change.",
    ),
  },
  roomToReplace,
  delayNeedsCheckpoints,
);

function* roomToReplace({
  minHealthyPercentage: least,
  maxHealthyPercentage: most,
}: Known<InstanceRefresh>): Findings<InstanceRefresh> {
  if (least === undefined || most === undefined) return;
  const fix = "For example 110, with a minHealthyPercentage of 100.";
  if (most - least > 100) {
    yield { at: "maxHealthyPercentage", must: `be at most 100 above minHealthyPercentage, which is ${least}`, fix };
  } else if (most === 100 && least === 100) {
    yield { at: "maxHealthyPercentage", must: "be above 100 when minHealthyPercentage is 100", fix };
  }
}

function* delayNeedsCheckpoints(_: Known<InstanceRefresh>, given: Given<InstanceRefresh>): Findings<InstanceRefresh> {
  if (!given("checkpointDelaySeconds") || given("checkpointPercentages")) return;
  const fix = "Without a checkpoint there is no pause. Set checkpointPercentages too, or remove it.";
  yield { at: "checkpointDelaySeconds", must: "be used with checkpointPercentages", fix };
}

const inAwsWords = (word: string | undefined): string | undefined =>
  word && `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** The field of an `instanceRefresh` setting. `false` leaves the replacement to you. */
export const instanceRefreshField = plain(anyOf(choice(false), instanceRefreshSchema));

/**
 * Returns the refresh in the provider's words, or undefined for `false`.
 * @param hasPlacementGroup whether the group has a placement group
 */
export function instanceRefreshBlock(
  settings: Parsed<typeof instanceRefreshField>,
  { terminationProtection, hasPlacementGroup }: { terminationProtection: boolean; hasPlacementGroup: boolean },
): AutoscalingGroupInstanceRefresh | undefined {
  if (settings === false) return undefined;
  const { checkpointPercentages, alarms } = settings;
  return {
    strategy: "Rolling",
    // A change of the launch template always starts a refresh. A change of the placement group does so only as a trigger.
    triggers: hasPlacementGroup ? ["placement_group"] : undefined,
    preferences: {
      minHealthyPercentage: settings.minHealthyPercentage,
      maxHealthyPercentage: settings.maxHealthyPercentage,
      instanceWarmup: settings.instanceWarmupSeconds?.toString(),
      checkpointPercentages: checkpointPercentages && [...checkpointPercentages],
      checkpointDelay: settings.checkpointDelaySeconds?.toString(),
      autoRollback: settings.autoRollback,
      alarmSpecification: alarms && { alarms: isToken(alarms) ? [...alarms] : alarms.map(literal) },
      skipMatching: settings.skipMatching,
      // Without it, a refresh waits forever for instances with scale-in protection.
      // https://github.com/hashicorp/terraform-provider-aws/issues/29827
      scaleInProtectedInstances: inAwsWords(
        settings.scaleInProtectedInstances ?? (terminationProtection ? "refresh" : undefined),
      ),
      standbyInstances: inAwsWords(settings.standbyInstances),
    },
  };
}
