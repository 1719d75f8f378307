import { INSTANCE_REFRESH_DEFAULTS, type InstanceRefresh } from "./group-settings";

/** Limits of an instance refresh. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html */
export const REFRESH_LIMITS = {
  pauseSeconds: 172_800,
  warmupSeconds: 3_600,
  /** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AlarmSpecification.html */
  alarms: 10,
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
  alarmName: 255,
} as const;

/** What AWS has and the pinned provider has no argument for: `instance_refresh.preferences` of version 6.25. */
export const BAKE_TIMES = ["bakeTime", "bakeTimeSeconds"] as const;

const json = (value: unknown): string => JSON.stringify(value);

/** Every way in which an instance refresh breaks a rule. */
export function refreshMistakes(refresh: InstanceRefresh, at: string): string[] {
  const { minHealthyPercentage: min, maxHealthyPercentage: max } = { ...INSTANCE_REFRESH_DEFAULTS, ...refresh };
  const { checkpointPercentages: points, checkpointDelaySeconds, alarms } = refresh;
  const mistakes = BAKE_TIMES.filter((name) => name in refresh).map(
    (name) =>
      `${at}.${name} must be left out: the AWS provider has no argument for a bake time; received ${json((refresh as Readonly<Record<string, unknown>>)[name])}. Pause before the last instances with checkpointPercentages ([90, 100]) and checkpointDelaySeconds, give each instance instanceWarmupSeconds, and let alarms with autoRollback undo what goes wrong.`,
  );
  if (max - min > 100 || (max === 100 && min === 100)) {
    mistakes.push(
      `${at}.maxHealthyPercentage must be over minHealthyPercentage or over 100, by 100 at most; received ${json({ maxHealthyPercentage: max, minHealthyPercentage: min })}. For example 110 and 100.`,
    );
  }
  if (points && (points.length === 0 || points.some((point, index) => point <= (points[index - 1] ?? 0)))) {
    mistakes.push(
      `${at}.checkpointPercentages must be percentages that grow; received ${json(points)}. For example [20, 50, 100].`,
    );
  } else if (points && points.at(-1) !== 100) {
    mistakes.push(
      `${at}.checkpointPercentages must end with 100, since a refresh ends at its last checkpoint and leaves the other instances as they were; received ${json(points)}. Write ${json([...points, 100])}.`,
    );
  }
  if (checkpointDelaySeconds !== undefined && !points) {
    mistakes.push(
      `${at}.checkpointDelaySeconds must come with checkpointPercentages; received ${checkpointDelaySeconds}. Without a checkpoint there is no pause.`,
    );
  }
  return [...mistakes, ...alarmMistakes(alarms, `${at}.alarms`)];
}

/** AWS takes alarms with and without a rollback: https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html */
function alarmMistakes(alarms: readonly string[] | undefined, at: string): string[] {
  if (!alarms) return [];
  const mistakes: string[] = [];
  if (alarms.length < 1 || alarms.length > REFRESH_LIMITS.alarms) {
    mistakes.push(
      `${at} must be 1 to ${REFRESH_LIMITS.alarms}, which is what a refresh watches; received ${alarms.length}. ${alarms.length === 0 ? "Leave the setting out for none." : "Join some of them in a composite alarm."}`,
    );
  }
  const twice = [...new Set(alarms.filter((alarm, index) => alarms.indexOf(alarm) < index))];
  if (twice.length > 0) {
    mistakes.push(`${at} must name each alarm once; received ${json(twice)} twice. Remove one of them.`);
  }
  const long = alarms.filter((alarm) => alarm.length > REFRESH_LIMITS.alarmName);
  if (long.length > 0) {
    mistakes.push(
      `${at} must be names of at most ${REFRESH_LIMITS.alarmName} characters; received ${json(long)}. List those there are: aws cloudwatch describe-alarms --query MetricAlarms[].AlarmName`,
    );
  }
  return mistakes;
}
