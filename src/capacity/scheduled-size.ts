import { AutoscalingSchedule } from "@cdktf/provider-aws/lib/autoscaling-schedule";
import type { Construct } from "constructs";
import { Expression, hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { map, number, type Parsed, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import { knownTimeZone } from "../validation/time-zone";
import { sizeRule, sizesInOrder } from "./capacity-values";
import { partNames } from "./part-names";

/** Sizes of the group from a point in time on. A size that is not set does not change. */
export interface ScheduledSize {
  /** When the sizes apply, as five fields of cron: `0 20 * * MON-FRI`. */
  readonly recurrence: string;
  /** The time zone of the recurrence, as its IANA name: `Asia/Seoul`. @default "Etc/UTC" */
  readonly timeZone?: string;
  /** The fewest instances from then on. @default - no change */
  readonly minSize?: number;
  /** The most instances from then on. @default - no change */
  readonly maxSize?: number;
  /** The instances at that time. Managed scaling decides afterwards. @default - no change */
  readonly desiredSize?: number;
}

/**
 * The fields of a recurrence. Auto Scaling accepts the fields of crontab, without the `?`, `L`, `W` and `#` of other schedulers.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
 */
const CRON = [
  { name: "a minute", min: 0, max: 59, words: [] },
  { name: "an hour", min: 0, max: 23, words: [] },
  { name: "a day of month", min: 1, max: 31, words: [] },
  { name: "a month", min: 1, max: 12, words: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ") },
  { name: "a day of week", min: 0, max: 7, words: "SUN MON TUE WED THU FRI SAT".split(" ") },
] as const satisfies readonly CronField[];

interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words: readonly string[];
}

const EXAMPLE = 'For example "0 20 * * MON-FRI", which is 8 p.m. on weekdays.';
const fieldsOf = (recurrence: string) => recurrence.split(" ");
const hasFiveFields = (recurrence: string) =>
  fieldsOf(recurrence).length === CRON.length && !fieldsOf(recurrence).includes("");

const recurrenceLimits: readonly Limit<string>[] = [
  { must: "have five fields of cron", fix: EXAMPLE, check: hasFiveFields },
  ...CRON.map((field: CronField, index) => ({
    must: `have ${field.name} from ${field.min} to ${field.max}${field.words.length > 0 ? ` or ${field.words[0]} to ${field.words.at(-1)}` : ""} in field ${index + 1}, or *, a range, a list or a step`,
    fix: EXAMPLE,
    check: (recurrence: string) =>
      !hasFiveFields(recurrence) ||
      (fieldsOf(recurrence)[index] as string).split(",").every((part) => isPart(part, field)),
  })),
];

/** Returns true for `*`, `5`, `1-5`, `MON-FRI`, and for `*` and ranges with a step. */
function isPart(part: string, { min, max, words }: CronField): boolean {
  const [, from, to, step] = /^(\*|[0-9A-Za-z]+)(?:-([0-9A-Za-z]+))?(?:\/([0-9]+))?$/.exec(part) ?? [];
  if (from === undefined) return false;
  // A single value with a step would be that value.
  if (step !== undefined && (Number(step) < 1 || Number(step) > max || (from !== "*" && to === undefined)))
    return false;
  if (from === "*") return to === undefined;
  const value = (text: string): number => {
    const index = words.indexOf(text.toUpperCase());
    return index >= 0 ? index + min : /^[0-9]{1,2}$/.test(text) ? Number(text) : Number.NaN;
  };
  const [first, last] = [value(from), value(to ?? from)];
  return first >= min && last <= max && first <= last;
}

export const scheduledSizeSchema = schemaOf<ScheduledSize>()(
  {
    recurrence: string(...recurrenceLimits),
    timeZone: string().default("Etc/UTC"),
    minSize: number(sizeRule).optional(),
    maxSize: number(sizeRule).optional(),
    desiredSize: number(sizeRule).optional(),
  },
  knownTimeZone,
  atLeastOneSize,
  sizesInOrder,
);

const SIZES = ["minSize", "maxSize", "desiredSize"] as const;

function* atLeastOneSize(_: Known<ScheduledSize>, given: Given<ScheduledSize>): Findings<ScheduledSize> {
  if (SIZES.some((size) => given(size))) return;
  yield {
    at: "minSize",
    must: "be set, or maxSize, or desiredSize",
    fix: "A schedule changes at least one size.",
  };
}

type Schedules = Readonly<Record<string, ScheduledSize>>;

/** Returns the recurrences of the schedules that apply at the same time as an earlier one, by the name of the schedule. */
const simultaneous = (schedules: Schedules): Readonly<Record<string, string>> => {
  const times = Object.values(schedules).map(({ recurrence, timeZone = "Etc/UTC" }) => `${recurrence} ${timeZone}`);
  const later = Object.entries(schedules).filter((_, index) => times.indexOf(times[index] as string) < index);
  return Object.fromEntries(later.map(([name, { recurrence }]) => [name, recurrence]));
};

/** The field of a `schedules` setting. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html */
export const schedulesField = map(scheduledSizeSchema, {
  ...partNames(125),
  limits: [
    ...partNames(125).limits,
    {
      must: "differ from each other in their recurrence",
      fix: "Auto Scaling runs one action at a time. Combine the schedules in one.",
      check: (schedules: Schedules) => Object.keys(simultaneous(schedules)).length === 0,
      offending: { of: simultaneous },
    },
  ],
});

/** A group, and the sizes that it has without a schedule. */
export interface SizedGroup {
  readonly autoscalingGroupName: string;
  readonly minSize: number;
  readonly maxSize: number;
}

/** Creates the scheduled actions of a group. */
export function createSchedules(
  scope: Construct,
  group: SizedGroup,
  schedules: Parsed<typeof schedulesField> = {},
): void {
  for (const [name, schedule] of Object.entries(schedules)) {
    const guards = scheduleGuards(name, schedules, group);
    new AutoscalingSchedule(scope, `schedule_${name}`, {
      autoscalingGroupName: group.autoscalingGroupName,
      scheduledActionName: name,
      recurrence: schedule.recurrence,
      timeZone: schedule.timeZone,
      // -1 keeps a size. An omitted size would become 0.
      minSize: schedule.minSize ?? -1,
      maxSize: schedule.maxSize ?? -1,
      desiredCapacity: schedule.desiredSize ?? -1,
      lifecycle: guards.length > 0 ? { precondition: guards.map((guard) => ({ ...guard })) } : undefined,
    });
  }
}

/**
 * Returns guards that compare a scheduled size with a size of the group that no schedule changes. Auto Scaling rejects
 * such an action only when it is due, and reports that only in the activities of the group.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
 */
function scheduleGuards(name: string, schedules: Schedules, group: SizedGroup): Guard[] {
  const guard = (key: (typeof SIZES)[number], operator: "<=" | ">=", other: "minSize" | "maxSize"): Guard[] => {
    const value = schedules[name]?.[key];
    const isChanged = Object.values(schedules).some((schedule) => schedule[other] !== undefined);
    if (value === undefined || isChanged) return [];
    const limit = other === "maxSize" ? "most" : "least";
    return [
      {
        condition: hcl`${value} ${new Expression([operator], [])} ${group[other]}`.string,
        errorMessage: `schedules.${name}.${key} must be at ${limit} the group's ${other}, which no schedule changes; received ${value}, and ${other} is ${hcl`${group[other]}`}. Set ${other} of the schedule too, or change the group's.`,
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
