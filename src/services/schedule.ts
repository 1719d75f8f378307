import { type RoleReference, roleReferenceField } from "../iam/role";
import { type Expression, hcl } from "../terraform/expression";
import { matches, type Rule, wholeNumber } from "../validation/rule";
import { anyOf, attributeOf, boolean, interfaceOf, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { knownTimeZone } from "../validation/time-zone";

/** A queue of Amazon SQS that exists, or that the app creates. */
export interface QueueReference {
  /** The queue's ARN. */
  readonly queueArn: string;
}

/** When a task starts, and what happens when it cannot start. */
export interface Schedule {
  /**
   * When the task starts, as EventBridge Scheduler writes it: `cron(0 3 * * ? *)` is 3 a.m. each day, `rate(12 hours)` starts now,
   * and `at(2027-01-31T03:00:00)` is one time. The default of the variable `<task>_schedule_expression`.
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly scheduleExpression: string;
  /** The time zone of the expression, as its IANA name: `Asia/Seoul`. Daylight saving time counts. @default "UTC" */
  readonly timeZone?: string;
  /** Minutes after the time of the expression within which the task starts, so that many tasks do not start at once. @default - none */
  readonly flexibleTimeWindowMinutes?: number;
  /** Whether the schedule starts tasks. The default of the variable `<task>_schedule_enabled`. @default true */
  readonly enabled?: boolean;
  /**
   * The first time that a recurring schedule can start the task, in UTC: `2027-01-31T00:00:00Z`. The default of the variable
   * `<task>_start_date`. A schedule at one time ignores it.
   * @default - at once
   */
  readonly startDate?: string;
  /**
   * The time after which a recurring schedule starts no task, in UTC: `2027-12-31T00:00:00Z`. The default of the variable
   * `<task>_end_date`. A schedule at one time ignores it.
   * @default - no end
   */
  readonly endDate?: string;
  /**
   * The name of a schedule group that exists. Every schedule of the group can then use the schedule's role, and CloudWatch
   * counts the runs of the whole group.
   * @default - a group of its own
   */
  readonly scheduleGroup?: string;
  /** How often Scheduler repeats a call of `RunTask` that fails. It does not repeat a task that ends with an error. @default 185 */
  readonly maximumRetryAttempts?: number;
  /** Seconds after which Scheduler gives up, and sends the run to the dead-letter queue. @default 3600 */
  readonly maximumEventAgeSeconds?: number;
  /**
   * Where Scheduler sends the runs that it could not start. `true` creates an encrypted queue that keeps them for 14 days. A
   * queue that exists, other than a FIFO queue, is its ARN, or an object with its `queueArn`. With `false`, such a run is lost.
   * @default true
   */
  readonly deadLetterQueue?: boolean | string | QueueReference;
  /**
   * A role that exists, with which Scheduler starts the task. It needs `runTaskStatements`, and `sqs:SendMessage` on the
   * dead-letter queue.
   * @default - a role with exactly these permissions
   */
  readonly schedulerRole?: string | RoleReference;
}

const EXAMPLE = 'For example "cron(0 3 * * ? *)", "rate(12 hours)" or "at(2027-01-31T03:00:00)".';

/** A value, a range or `*`, each with a step, or a list of these. */
const cronField = (value: string, more = ""): string => {
  const part = `(([*]|${value}(-${value})?)(/[0-9]+)?${more})`;
  return `${part}(,${part})*`;
};
const MINUTE = cronField("[0-5]?[0-9]");
const HOUR = cronField("([01]?[0-9]|2[0-3])");
const DAY = "(0?[1-9]|[12][0-9]|3[01])";
const DAY_OF_MONTH = cronField(DAY, `|L|LW|${DAY}W`);
const MONTH = cronField("(0?[1-9]|1[0-2]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)");
const WEEKDAY = "([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)";
const DAY_OF_WEEK = cronField(WEEKDAY, `|L|${WEEKDAY}L|${WEEKDAY}#[1-5]`);
const YEAR = cronField("(19[7-9][0-9]|2[01][0-9][0-9])");
const CRON = `cron\\(${MINUTE} ${HOUR} (${DAY_OF_MONTH} ${MONTH} [?]|[?] ${MONTH} ${DAY_OF_WEEK}) ${YEAR}\\)`;
const RATE = "rate\\((1 (minute|hour|day)|([2-9]|[1-9][0-9]+) (minutes|hours|days))\\)";
const DATE = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";

/** Returns a rule of expressions of one kind. Expressions of other kinds satisfy it. */
const ofKind = (kind: string, pattern: string, must: string, fix: string): Rule<string> => {
  const rule = matches(`^${pattern}$`, must, fix);
  const other = matches(`^${kind}\\(`, must, fix);
  return {
    ...rule,
    check: (value, all) => !other.check(value, all) || rule.check(value, all),
    condition: (reference) => `!${other.condition(reference)} || ${rule.condition(reference)}`,
  };
};

export const scheduleExpressionRules: readonly Rule<string>[] = [
  matches("^(cron|rate|at)\\(.{1,250}\\)$", "be a cron, rate or at expression", EXAMPLE),
  ofKind(
    "cron",
    CRON,
    "have the six fields minute, hour, day of month, month, day of week and year in cron(…), of which one of the two days is ?",
    'For example "cron(0 3 * * ? *)", which is 3 a.m. each day, or "cron(0 3 ? * MON-FRI *)".',
  ),
  ofKind(
    "rate",
    RATE,
    "have a number and a unit in rate(…)",
    'For example "rate(1 hour)", "rate(30 minutes)" or "rate(7 days)".',
  ),
  ofKind(
    "at",
    `at\\(${DATE}\\)`,
    "have a date and a time without a zone in at(…)",
    'For example "at(2027-01-31T03:00:00)". Set timeZone for its zone.',
  ),
];

/** The provider reads dates in UTC. It would show another form as a change in each plan. */
const dateRule = matches(`^${DATE}Z$`, "be a date and a time in UTC", 'For example "2027-01-31T03:00:00Z".');

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
const attempts = wholeNumber(0, 185, "attempts", "With 0, Scheduler tries once.");
const age = wholeNumber(60, 86_400, "seconds", "For example 3600.");
const minutes = wholeNumber(1, 1440, "minutes", "For example 15. Remove it for an exact time.");

const groupName = matches(
  "^[0-9A-Za-z_.-]{1,64}$",
  "be the name of a schedule group",
  "List the groups: aws scheduler list-schedule-groups --query ScheduleGroups[].Name",
);

const QUEUE = "Use the ARN of a standard queue, or an object with queueArn.";
const queueArn = string(
  matches(
    "^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,80}$",
    "be the ARN of an SQS queue that is not a FIFO queue",
    "List your queues: aws sqs list-queues",
  ),
);

export const scheduleSchema = schemaOf<Schedule>()(
  {
    scheduleExpression: string(...scheduleExpressionRules),
    timeZone: string().default("UTC"),
    flexibleTimeWindowMinutes: number(minutes).optional(),
    enabled: boolean().default(true),
    startDate: string(dateRule).optional(),
    endDate: string(dateRule).optional(),
    scheduleGroup: string(groupName).optional(),
    maximumRetryAttempts: number(attempts).default(185),
    maximumEventAgeSeconds: number(age).default(3600),
    deadLetterQueue: anyOf(
      plain(boolean()),
      queueArn,
      attributeOf(interfaceOf<QueueReference>("a queue", QUEUE)({ queueArn }), "queueArn"),
    )
      .with<boolean | string | QueueReference, boolean | string>({ type: "true, false or a queue", fix: QUEUE })
      .default(true),
    schedulerRole: roleReferenceField.optional(),
  },
  knownTimeZone,
  function* endAfterStart({ startDate, endDate }: Known<Schedule>): Findings<Schedule> {
    if (startDate === undefined || endDate === undefined || endDate > startDate) return;
    yield {
      at: "endDate",
      must: `be after startDate, which is ${startDate}`,
      fix: "The schedule would start no task.",
    };
  },
);

/** An end that is after the start, which is a variable too. */
export const afterStart = (start: string): Rule<string> => ({
  must: `be after ${start}`,
  fix: "The schedule would start no task.",
  // The schema compares the defaults.
  check: () => true,
  condition: (reference) => `try(timecmp(${reference}, var.${start}) > 0, false)`,
});

/** Returns the state of a schedule as AWS names it. */
export const stateOf = (enabled: boolean | Expression): string => hcl`${enabled} ? "ENABLED" : "DISABLED"`.string;
