import type { Limit } from "./settings-rule";

/** A field of a cron expression. */
interface CronField {
  readonly min: number;
  readonly max: number;
  readonly words: readonly string[];
  /** The letters and signs with a meaning in this field only. */
  readonly more?: RegExp;
}

const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const WEEKDAYS = "SUN MON TUE WED THU FRI SAT".split(" ");

/** https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html */
const FIELDS: readonly CronField[] = [
  { min: 0, max: 59, words: [] },
  { min: 0, max: 23, words: [] },
  { min: 1, max: 31, words: [], more: /^(L|LW|\?|([1-9]|[12][0-9]|3[01])W)$/ },
  { min: 1, max: 12, words: MONTHS },
  { min: 1, max: 7, words: WEEKDAYS, more: /^(L|\?|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/ },
  { min: 1970, max: 2199, words: [] },
];

/** Returns true for `*`, a value, a range, and each of them with a step. */
function isPart(part: string, { min, max, words, more }: CronField): boolean {
  if (more?.test(part)) return true;
  const [, from, to, step] = /^(\*|[0-9A-Z]+)(?:-([0-9A-Z]+))?(?:\/([0-9]+))?$/.exec(part) ?? [];
  if (from === undefined || (step !== undefined && Number(step) < 1)) return false;
  if (from === "*") return to === undefined;
  const isValue = (text: string) =>
    words.includes(text) || (/^[0-9]+$/.test(text) && Number(text) >= min && Number(text) <= max);
  return isValue(from) && (to === undefined || isValue(to));
}

function isCron(text: string): boolean {
  const fields = text.split(" ");
  if (fields.length !== FIELDS.length) return false;
  // One of the two days says which days. The other has no meaning.
  if ((fields[2] === "?") === (fields[4] === "?")) return false;
  return FIELDS.every((field, index) => (fields[index] as string).split(",").every((part) => isPart(part, field)));
}

/** Returns true for a date and a time that exist. */
function isTime(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text)) return false;
  const time = new Date(`${text}Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

function isSchedule(expression: string): boolean {
  const [, kind, inner = ""] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "cron") return isCron(inner);
  if (kind === "at") return isTime(inner);
  const [, count, unit] = /^([1-9][0-9]{0,5}) (minute|hour|day)s?$/.exec(inner) ?? [];
  // AWS requires the singular for 1, and the plural for other values.
  return kind === "rate" && unit !== undefined && inner.endsWith("s") === (count !== "1");
}

/**
 * The limit of a schedule expression, as EventBridge Scheduler and Application Auto Scaling read it. Both have six fields
 * of cron.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export const scheduleExpression: Limit<string> = {
  must: "be cron(minute hour day-of-month month day-of-week year), rate(number unit) or at(yyyy-mm-ddThh:mm:ss)",
  fix: 'For example "cron(0 20 ? * MON-FRI *)", which is 8 p.m. on weekdays. One of the two days is ?.',
  check: isSchedule,
};
