import type { GroupSettings, InstanceRefresh, ScheduledSize } from "./group-settings";
import { INSTANCE_REFRESH_DEFAULTS } from "./group-settings";
import { type Buying, usesSpot } from "./instances-distribution";

/** Limits of a group. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html */
export const GROUP_LIMITS = {
  schedules: 125,
  /** Of 50 a group, ECS makes one for managed draining itself. */
  lifecycleHooks: 49,
  lifetimeDays: 365,
  pauseSeconds: 172_800,
  heartbeatSeconds: { min: 30, max: 7_200 },
  warmupSeconds: 3_600,
  metadata: 1_023,
} as const;

const NAME = /^[a-z][a-z0-9_]{0,31}$/;
/** Of what a hook tells, and of the role in which it does. */
const ARNS = { notificationTargetArn: /^arn:aws[a-z-]*:(sns|sqs):/, roleArn: /^arn:aws[a-z-]*:iam:/ } as const;
const ARN_EXAMPLES = {
  notificationTargetArn: "arn:aws:sns:REGION:ACCOUNT:TOPIC",
  roleArn: "arn:aws:iam::ACCOUNT:role/NAME",
};
const json = (value: unknown): string => JSON.stringify(value);

/** Every way in which a group's settings break a rule. @param at the name of a setting where it was given */
export function groupMistakes(
  settings: GroupSettings & Buying & { readonly agent?: { readonly warmPoolsCheck?: boolean } },
  at: (setting: keyof GroupSettings) => string,
): string[] {
  const { instanceRefresh, schedules = {}, lifecycleHooks = {} } = settings;
  return [
    ...(instanceRefresh ? refreshMistakes(instanceRefresh, at("instanceRefresh")) : []),
    ...namesMistakes(Object.keys(schedules), at("schedules"), GROUP_LIMITS.schedules, "a group takes"),
    ...Object.entries(schedules).flatMap(([name, schedule]) =>
      scheduleMistakes(schedule, `${at("schedules")}.${name}`),
    ),
    ...warmPoolMistakes(settings, at("warmPool")),
    ...namesMistakes(
      Object.keys(lifecycleHooks),
      at("lifecycleHooks"),
      GROUP_LIMITS.lifecycleHooks,
      "a group takes beside ECS's own",
    ),
    ...Object.entries(lifecycleHooks).flatMap(([name, { notificationTargetArn, roleArn }]) => {
      const hook = `${at("lifecycleHooks")}.${name}`;
      const given = { notificationTargetArn, roleArn };
      const wrong = (["notificationTargetArn", "roleArn"] as const).filter(
        (key) => given[key] !== undefined && !ARNS[key].test(given[key]),
      );
      const mistakes = wrong.map(
        (key) =>
          `${hook}.${key} must be an ARN of ${key === "roleArn" ? "a role" : "SNS or SQS"}; received ${json(given[key])}. For example ${ARN_EXAMPLES[key]}.`,
      );
      if ((notificationTargetArn === undefined) !== (roleArn === undefined)) {
        mistakes.push(
          `${hook}.notificationTargetArn must come with roleArn; received ${json({ notificationTargetArn, roleArn })}. Auto Scaling tells the target in that role: give both, or neither.`,
        );
      }
      return mistakes;
    }),
  ];
}

function namesMistakes(names: readonly string[], at: string, most: number, why: string): string[] {
  const mistakes = names
    .filter((name) => !NAME.test(name))
    .map(
      (name) =>
        `${at} must be named with 1 to 32 lower-case letters, digits and underscores, a letter first; received ${json(name)}. The name is part of an address.`,
    );
  if (names.length > most) {
    mistakes.push(`${at} must be at most ${most}, which is what ${why}; received ${names.length}. Join some of them.`);
  }
  return mistakes;
}

function refreshMistakes(refresh: InstanceRefresh, at: string): string[] {
  const { minHealthyPercentage: min, maxHealthyPercentage: max } = { ...INSTANCE_REFRESH_DEFAULTS, ...refresh };
  const { checkpointPercentages: points, checkpointDelaySeconds, alarms, autoRollback } = refresh;
  const mistakes: string[] = [];
  if (max - min > 100 || (max === 100 && min === 100)) {
    mistakes.push(
      `${at}.maxHealthyPercentage must be over minHealthyPercentage or over 100, by 100 at most; received ${json({ maxHealthyPercentage: max, minHealthyPercentage: min })}. For example 110 and 100.`,
    );
  }
  if (points && (points.length === 0 || points.some((point, index) => point <= (points[index - 1] ?? 0)))) {
    mistakes.push(
      `${at}.checkpointPercentages must be percentages that grow; received ${json(points)}. For example [20, 50, 100].`,
    );
  }
  if (checkpointDelaySeconds !== undefined && !points) {
    mistakes.push(
      `${at}.checkpointDelaySeconds must come with checkpointPercentages; received ${checkpointDelaySeconds}. Without a checkpoint there is no pause.`,
    );
  }
  if (alarms && !autoRollback) {
    mistakes.push(
      `${at}.alarms must come with autoRollback; received ${json(alarms)}. Set it to true, or a refresh that an alarm stops leaves two kinds of instances.`,
    );
  }
  return mistakes;
}

function scheduleMistakes(
  { recurrence, timeZone, minSize, maxSize, desiredSize }: ScheduledSize,
  at: string,
): string[] {
  const mistakes: string[] = [];
  if (!/^(\S+ ){4}\S+$/.test(recurrence) || /[^0-9A-Za-z*,/? -]/.test(recurrence)) {
    mistakes.push(
      `${at}.recurrence must be five fields of cron; received ${json(recurrence)}. For example "0 20 * * MON-FRI", at eight in the evening on weekdays.`,
    );
  }
  if (timeZone !== undefined && !/^[A-Z][A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/.test(timeZone)) {
    mistakes.push(`${at}.timeZone must be a time zone's name; received ${json(timeZone)}. For example "Asia/Seoul".`);
  }
  const sizes = { minSize, maxSize, desiredSize };
  const received = json(sizes);
  if (Object.values(sizes).every((size) => size === undefined)) {
    mistakes.push(`${at} must have minSize, maxSize or desiredSize; received none of them. Say what begins then.`);
  }
  if ((minSize ?? 0) > (maxSize ?? Number.POSITIVE_INFINITY)) {
    mistakes.push(`${at}.maxSize must be at least minSize; received ${received}. Raise it, or lower minSize.`);
  } else if (
    desiredSize !== undefined &&
    (desiredSize < (minSize ?? 0) || desiredSize > (maxSize ?? Number.POSITIVE_INFINITY))
  ) {
    mistakes.push(`${at}.desiredSize must be from minSize to maxSize; received ${received}. Choose one between them.`);
  }
  return mistakes;
}

function warmPoolMistakes(
  settings: GroupSettings & Buying & { readonly agent?: { readonly warmPoolsCheck?: boolean } },
  at: string,
): string[] {
  const { warmPool, agent = {}, instanceRequirements } = settings;
  if (!warmPool) return [];
  const { minSize = 0, maxPreparedCapacity } = warmPool;
  const mistakes: string[] = [];
  if (usesSpot(settings)) {
    mistakes.push(
      `${at} must be left out where Spot is bought, which Auto Scaling keeps no pool of; received ${json(warmPool)}. Buy on demand, or give Spot a capacity provider of its own.`,
    );
  }
  if (instanceRequirements) {
    mistakes.push(
      `${at} must be left out with instanceRequirements, since a pool has one type; received ${json(warmPool)}. Name one type in instance_types.`,
    );
  }
  if (agent.warmPoolsCheck === false) {
    mistakes.push(
      `${at} must come with the agent's warmPoolsCheck; received false. Leave that out: without it instances of the pool join the cluster and tasks are placed on them.`,
    );
  }
  if (maxPreparedCapacity !== undefined && maxPreparedCapacity < minSize) {
    mistakes.push(
      `${at}.maxPreparedCapacity must be at least minSize; received ${json({ maxPreparedCapacity, minSize })}. Raise it, or lower minSize.`,
    );
  }
  return mistakes;
}
