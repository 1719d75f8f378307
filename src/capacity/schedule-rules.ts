import { suggestion } from "../validation/zod-mistakes";
import { DEFAULT_TIME_ZONE, type ScheduledSize } from "./group-settings";

/** The fields of a recurrence in their order. Auto Scaling takes crontab's own, and no `?`, `L`, `W`, `#` of other schedulers. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html */
const FIELDS: readonly {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: string;
}[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, names: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC" },
  { name: "day of week", min: 0, max: 7, names: "SUN MON TUE WED THU FRI SAT" },
];

const EXAMPLE = 'For example "0 20 * * MON-FRI", at eight in the evening on weekdays.';
const json = (value: unknown): string => JSON.stringify(value);

/** Every way in which the scheduled sizes of a group break a rule. @param at what the caller calls them */
export function scheduleMistakes(schedules: Readonly<Record<string, ScheduledSize>>, at: string): string[] {
  const all = Object.entries(schedules);
  const times = all.map(([, { recurrence, timeZone = DEFAULT_TIME_ZONE }]) => json([recurrence, timeZone]));
  return all.flatMap(([name, schedule], index) => {
    const first = times.indexOf(times[index] as string);
    return [
      ...oneMistakes(schedule, `${at}.${name}`),
      // Of two actions at one time Auto Scaling takes one, and says of neither which.
      ...(first < index
        ? [
            `${at}.${name}.recurrence must be a time of its own; received ${json(schedule.recurrence)}, which ${all[first]?.[0]} has too. Join them in one.`,
          ]
        : []),
    ];
  });
}

function oneMistakes({ recurrence, timeZone, minSize, maxSize, desiredSize }: ScheduledSize, at: string): string[] {
  const mistakes = recurrenceMistakes(recurrence, `${at}.recurrence`);
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    mistakes.push(`${at}.timeZone must be a time zone's IANA name; received ${json(timeZone)}. ${meantZone(timeZone)}`);
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

function recurrenceMistakes(recurrence: string, at: string): string[] {
  const fields = recurrence.split(" ");
  if (fields.length !== FIELDS.length || fields.includes("")) {
    return [`${at} must be five fields of cron; received ${json(recurrence)}. ${EXAMPLE}`];
  }
  return FIELDS.flatMap(({ name, min, max, names = "" }, index) => {
    const field = fields[index] as string;
    if (field.split(",").every((part) => isPart(part, min, max, names.split(" ")))) return [];
    const words = names === "" ? "" : ` or ${names.slice(0, 3)} to ${names.slice(-3)}`;
    return [
      `${at} must have ${name === "hour" ? "an" : "a"} ${name} from ${min} to ${max}${words}, *, ranges, lists and steps; received ${json(field)} in ${json(recurrence)}. ${EXAMPLE}`,
    ];
  });
}

/** `*`, `5`, `1-5`, `MON-FRI`, and each with a step behind it. */
function isPart(part: string, min: number, max: number, names: readonly string[]): boolean {
  const [, from, to, step] = /^(\*|[0-9A-Za-z]+)(?:-([0-9A-Za-z]+))?(?:\/([0-9]+))?$/.exec(part) ?? [];
  if (from === undefined) return false;
  // A step of what is a single value would be that value.
  if (step !== undefined && (Number(step) < 1 || Number(step) > max || (from !== "*" && to === undefined)))
    return false;
  if (from === "*") return to === undefined;
  const value = (text: string): number => {
    const index = names.indexOf(text.toUpperCase());
    return index >= 0 && text !== "" ? index + min : /^[0-9]{1,2}$/.test(text) ? Number(text) : Number.NaN;
  };
  const [first, last] = [value(from), value(to ?? from)];
  return first >= min && last <= max && first <= last;
}

const ZONES = Intl.supportedValuesOf("timeZone");

/** Node lists each zone by one name and takes its others too (Etc/UTC, Asia/Kolkata), in any case; AWS takes its own case only. */
function isTimeZone(name: string): boolean {
  if (ZONES.includes(name)) return true;
  if (!/^[A-Z]/.test(name) || ZONES.some((zone) => zone.toLowerCase() === name.toLowerCase())) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** What was meant: the zone in another case, the zone of that city, or one of nearly that name. */
function meantZone(name: string): string {
  const lower = name.toLowerCase();
  const same = ZONES.find((zone) => zone.toLowerCase() === lower || zone.toLowerCase().endsWith(`/${lower}`));
  const near = same ? `Did you mean ${same}?` : suggestion(name, ZONES);
  return near.startsWith("Did you mean") ? near : 'For example "Asia/Seoul".';
}
