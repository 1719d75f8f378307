import { suggestion } from "../validation/zod-mistakes";
import { type GroupSettings, type LifecycleHook, WARM_POOL_STATES } from "./group-settings";
import { type Buying, usesSpot } from "./instances-distribution";
import { refreshMistakes } from "./refresh-rules";
import { scheduleMistakes } from "./schedule-rules";

/** Limits of a group. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html */
export const GROUP_LIMITS = {
  schedules: 125,
  /** Of 50 a group, ECS makes one for managed draining itself. */
  lifecycleHooks: 49,
  lifetimeDays: 365,
  heartbeatSeconds: { min: 30, max: 7_200 },
  metadata: 1_023,
  /** Of managed scaling, in seconds and instances. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ManagedScaling.html */
  scalingWarmupSeconds: 10_000,
  stepSize: { min: 1, max: 10_000 },
} as const;

const NAME = /^[a-z][a-z0-9_]{0,31}$/;
/** Of what a hook tells, and of the role in which it does. */
const ARNS = { notificationTargetArn: /^arn:aws[a-z-]*:(sns|sqs):/, roleArn: /^arn:aws[a-z-]*:iam:/ } as const;
const ARN_EXAMPLES = {
  notificationTargetArn: "arn:aws:sns:REGION:ACCOUNT:TOPIC",
  roleArn: "arn:aws:iam::ACCOUNT:role/NAME",
};
/** What Auto Scaling has, and ECS can't. */
const HIBERNATED: string = "hibernated";
const json = (value: unknown): string => JSON.stringify(value);

/** Every way in which a group's settings break a rule. @param at the name of a setting where it was given */
export function groupMistakes(
  settings: GroupSettings & Buying & { readonly agent?: { readonly warmPoolsCheck?: boolean } },
  at: (setting: keyof GroupSettings) => string,
): string[] {
  const { instanceRefresh, schedules = {}, lifecycleHooks = {} } = settings;
  return [
    ...scalingMistakes(settings, at("managedScaling")),
    ...(instanceRefresh ? refreshMistakes(instanceRefresh, at("instanceRefresh")) : []),
    ...namesMistakes(Object.keys(schedules), at("schedules"), GROUP_LIMITS.schedules, "a group takes"),
    ...scheduleMistakes(schedules, at("schedules")),
    ...warmPoolMistakes(settings, at("warmPool")),
    ...namesMistakes(
      Object.keys(lifecycleHooks),
      at("lifecycleHooks"),
      GROUP_LIMITS.lifecycleHooks,
      "a group takes beside ECS's own",
    ),
    ...Object.entries(lifecycleHooks).flatMap(([name, hook]) => hookMistakes(hook, `${at("lifecycleHooks")}.${name}`)),
  ];
}

function scalingMistakes({ managedScaling = {} }: GroupSettings, at: string): string[] {
  const { minimumStepSize, maximumStepSize } = managedScaling;
  if (minimumStepSize === undefined || maximumStepSize === undefined || minimumStepSize <= maximumStepSize) return [];
  return [
    `${at}.maximumStepSize must be at least minimumStepSize; received ${json({ maximumStepSize, minimumStepSize })}. Raise it, or lower minimumStepSize.`,
  ];
}

function hookMistakes({ notificationTargetArn, roleArn }: LifecycleHook, at: string): string[] {
  const given = { notificationTargetArn, roleArn };
  const mistakes = (["notificationTargetArn", "roleArn"] as const)
    .filter((key) => given[key] !== undefined && !ARNS[key].test(given[key]))
    .map(
      (key) =>
        `${at}.${key} must be an ARN of ${key === "roleArn" ? "a role" : "SNS or SQS"}; received ${json(given[key])}. For example ${ARN_EXAMPLES[key]}.`,
    );
  if ((notificationTargetArn === undefined) !== (roleArn === undefined)) {
    mistakes.push(
      `${at}.notificationTargetArn must come with roleArn; received ${json(given)}. Auto Scaling tells the target in that role: give both, or neither.`,
    );
  }
  return mistakes;
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

function warmPoolMistakes(
  settings: GroupSettings & Buying & { readonly agent?: { readonly warmPoolsCheck?: boolean } },
  at: string,
): string[] {
  const { warmPool, agent = {}, instanceRequirements } = settings;
  if (!warmPool) return [];
  const { minSize = 0, maxPreparedCapacity, state } = warmPool;
  const { reuseOnScaleIn } = warmPool as { readonly reuseOnScaleIn?: unknown };
  const mistakes: string[] = [];
  if (reuseOnScaleIn !== undefined && reuseOnScaleIn !== false) {
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-warm-pool.html
    mistakes.push(
      `${at}.reuseOnScaleIn must be left out, since ECS can't have instances go back to a pool on scale-in; received ${json(reuseOnScaleIn)}. They end, and new ones boot into the pool.`,
    );
  }
  if (state === HIBERNATED) {
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hibernating-prerequisites.html, https://github.com/bottlerocket-os/bottlerocket/issues/2964
    mistakes.push(
      `${at}.state must not be "${HIBERNATED}", since EC2 hibernates no instance that ECS uses; received "${HIBERNATED}". Take stopped, or running for those that have to be there at once.`,
    );
  } else if (state !== undefined && !WARM_POOL_STATES.includes(state)) {
    mistakes.push(
      `${at}.state must be one of ${WARM_POOL_STATES.map(json).join(", ")}; received ${json(state)}. ${suggestion(state, WARM_POOL_STATES)}`,
    );
  }
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
