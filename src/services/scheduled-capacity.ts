import { AppautoscalingScheduledAction } from "@cdktf/provider-aws/lib/appautoscaling-scheduled-action";
import type { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import type { Construct } from "constructs";
import { Expression, hcl, literal, numberText } from "../terraform/expression";
import { ALWAYS, type Guard } from "../terraform/guard";
import { wholeNumber } from "../validation/rule";
import { number, type Parsed, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { knownTimeZone } from "../validation/time-zone";
import { isToken } from "../validation/token";
import { scheduleExpressionRules } from "./schedule";

/** Limits of the number of tasks from a point in time on. A limit that is not set does not change. */
export interface ScheduledCapacity {
  /** When the limits apply: `cron(0 20 ? * MON-FRI *)`, `rate(1 day)` or `at(2027-01-01T08:00:00)`. */
  readonly schedule: string;
  /** The time zone of the schedule, as its IANA name: `Asia/Seoul`. @default "UTC" */
  readonly timeZone?: string;
  /** The fewest tasks from then on. If fewer run, AWS starts the others. @default - no change */
  readonly minCapacity?: number;
  /** The most tasks from then on. If more run, AWS stops the others. @default - no change */
  readonly maxCapacity?: number;
}

const tasks = wholeNumber(0, 5000, "tasks", "For example 2.");

/** https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html */
export const scheduledCapacitySchema = schemaOf<ScheduledCapacity>()(
  {
    schedule: string(...scheduleExpressionRules),
    timeZone: string().default("UTC"),
    minCapacity: number(tasks).optional(),
    maxCapacity: number(tasks).optional(),
  },
  knownTimeZone,
  atLeastOneLimit,
  maxNotBelowMin,
);

function* atLeastOneLimit(_: Known<ScheduledCapacity>, given: Given<ScheduledCapacity>): Findings<ScheduledCapacity> {
  if (given("minCapacity") || given("maxCapacity")) return;
  yield { at: "minCapacity", must: "be set, or maxCapacity", fix: "A schedule changes at least one limit." };
}

/** Limits of the number of tasks. */
interface Limits {
  readonly minCapacity?: number;
  readonly maxCapacity?: number;
}

/** The most tasks are at least the fewest. */
export function* maxNotBelowMin({ minCapacity: min, maxCapacity: max }: Known<Limits>): Findings<Limits> {
  if (min === undefined || max === undefined || max >= min) return;
  yield {
    at: "maxCapacity",
    must: `not be below minCapacity, which is ${min}`,
    fix: "Raise it, or lower minCapacity.",
  };
}

type Schedules = Readonly<Record<string, Parsed<typeof scheduledCapacitySchema>>>;

/** Returns the limits that schedules change. AWS then has other values than the settings. */
export const scheduledLimits = (schedules: Readonly<Record<string, ScheduledCapacity>>) =>
  (["minCapacity", "maxCapacity"] as const).filter((limit) =>
    Object.values(schedules).some((schedule) => schedule[limit] !== undefined),
  );

/** Creates the scheduled actions of a service. @param limits the limits of the service without schedules */
export function createScheduledCapacities(
  scope: Construct,
  target: AppautoscalingTarget,
  schedules: Schedules,
  limits: Required<Limits>,
): void {
  for (const [name, schedule] of Object.entries(schedules)) {
    const text = (value: number | undefined) => (value === undefined ? undefined : numberText(value));
    const guards = scheduleGuards(name, schedules, limits);
    new AppautoscalingScheduledAction(scope, `schedule_${name}`, {
      name: name.replace(/_/g, "-"),
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      schedule: literal(schedule.schedule),
      timezone: literal(schedule.timeZone),
      scalableTargetAction: { minCapacity: text(schedule.minCapacity), maxCapacity: text(schedule.maxCapacity) },
      lifecycle: guards.length > 0 ? { precondition: guards } : undefined,
    });
  }
}

/** Returns guards that compare a scheduled limit with the other limit of the service, if no schedule changes that one. */
function scheduleGuards(name: string, schedules: Schedules, limits: Required<Limits>): Guard[] {
  const changed = scheduledLimits(schedules);
  const guard = (key: keyof Limits, operator: "<=" | ">=", other: keyof Limits): Guard[] => {
    const value = schedules[name]?.[key];
    if (value === undefined || changed.includes(other)) return [];
    const condition = hcl`${value} ${new Expression([operator], [])} ${limits[other]}`;
    const isKnown = !isToken(value) && !isToken(limits[other]);
    return [
      {
        condition: (isKnown ? hcl`${condition} && ${ALWAYS}` : condition).string,
        errorMessage: `scaling.schedules.${name}.${key} must be at ${operator === "<=" ? "most" : "least"} ${other}, which no schedule changes; received ${numberText(value)}, and ${other} is ${numberText(limits[other])}. Set ${other} of the schedule too, or change the service's.`,
      },
    ];
  };
  return [...guard("minCapacity", "<=", "maxCapacity"), ...guard("maxCapacity", ">=", "minCapacity")];
}
