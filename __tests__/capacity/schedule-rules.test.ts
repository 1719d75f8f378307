import type { ScheduledSize } from "../../src/capacity/group-settings";
import { scheduleMistakes } from "../../src/capacity/schedule-rules";

const EXAMPLE = 'For example "0 20 * * MON-FRI", at eight in the evening on weekdays.';
const mistakes = (schedule: Partial<ScheduledSize>) =>
  scheduleMistakes({ night: { recurrence: "0 20 * * *", minSize: 0, ...schedule } }, "schedules");

describe("a recurrence", () => {
  it.each([
    "* * * * *",
    "0 20 * * MON-FRI",
    "59 23 31 12 7",
    "0 0 1 1 0",
    "*/15 * * * *",
    "0 8-18/2 * * 1,3,5",
    "0,30 7 1-7 jan,JUL sun",
    "5 4 * JAN-DEC SUN-SAT",
  ])("may be %j", (recurrence) => {
    expect(mistakes({ recurrence })).toEqual([]);
  });

  it.each(["every night", "0 20 * *", "0 20 * * * 2027", "0  20 * *", " 0 20 * * *", "0\t20\t*\t*\t*", ""])(
    "must have five fields: %j",
    (recurrence) => {
      expect(mistakes({ recurrence })).toEqual([
        `schedules.night.recurrence must be five fields of cron; received ${JSON.stringify(recurrence)}. ${EXAMPLE}`,
      ]);
    },
  );

  it.each<[string, string, string]>([
    ["60 20 * * *", "60", "minute from 0 to 59"],
    ["0 24 * * *", "24", "hour from 0 to 23"],
    ["0 20 0 * *", "0", "day of month from 1 to 31"],
    ["0 20 32 * *", "32", "day of month from 1 to 31"],
    ["0 20 L * *", "L", "day of month from 1 to 31"],
    ["0 20 ? * *", "?", "day of month from 1 to 31"],
    ["0 20 * 13 *", "13", "month from 1 to 12 or JAN to DEC"],
    ["0 20 * MON *", "MON", "month from 1 to 12 or JAN to DEC"],
    ["0 20 * * 8", "8", "day of week from 0 to 7 or SUN to SAT"],
    ["0 20 * * Monday", "Monday", "day of week from 0 to 7 or SUN to SAT"],
    ["0 20 * * FRI-MON", "FRI-MON", "day of week from 0 to 7 or SUN to SAT"],
    ["0 20 * * 5#2", "5#2", "day of week from 0 to 7 or SUN to SAT"],
    ["*/0 20 * * *", "*/0", "minute from 0 to 59"],
    ["5/10 20 * * *", "5/10", "minute from 0 to 59"],
    ["*-5 20 * * *", "*-5", "minute from 0 to 59"],
    ["1,,2 20 * * *", "1,,2", "minute from 0 to 59"],
    ["-1 20 * * *", "-1", "minute from 0 to 59"],
    ["0x1 20 * * *", "0x1", "minute from 0 to 59"],
  ])("is refused by its field: %j", (recurrence, field, range) => {
    expect(mistakes({ recurrence })).toEqual([
      `schedules.night.recurrence must have ${range.startsWith("hour") ? "an" : "a"} ${range}, *, ranges, lists and steps; received ${JSON.stringify(field)} in ${JSON.stringify(recurrence)}. ${EXAMPLE}`,
    ]);
  });

  it("names every field that is wrong", () => {
    expect(mistakes({ recurrence: "60 24 0 13 8" })).toHaveLength(5);
  });

  it("is one of its own, since Auto Scaling takes no two actions at a time", () => {
    const one = { recurrence: "0 20 * * *", minSize: 0 };
    expect(scheduleMistakes({ night: one, weekend: { ...one, timeZone: "Etc/UTC" } }, "schedules")).toEqual([
      'schedules.weekend.recurrence must be a time of its own; received "0 20 * * *", which night has too. Join them in one.',
    ]);
    expect(scheduleMistakes({ night: one, seoul: { ...one, timeZone: "Asia/Seoul" } }, "schedules")).toEqual([]);
  });
});

describe("a time zone", () => {
  it.each([
    "Asia/Seoul",
    "Etc/UTC",
    "UTC",
    "Etc/GMT+9",
    "Asia/Kolkata",
    "Asia/Calcutta",
    "America/Argentina/Buenos_Aires",
    "America/Port-au-Prince",
  ])("may be %s", (timeZone) => {
    expect(mistakes({ timeZone })).toEqual([]);
  });

  it.each<[string, string]>([
    ["seoul", "Did you mean Asia/Seoul?"],
    ["Asia/seoul", "Did you mean Asia/Seoul?"],
    ["Asia/Soul", "Did you mean Asia/Seoul?"],
    ["KST", 'For example "Asia/Seoul".'],
    ["etc/GMT+9", 'For example "Asia/Seoul".'],
    ["+09:00", 'For example "Asia/Seoul".'],
    ["Mars/Olympus_Mons", 'For example "Asia/Seoul".'],
    ["", 'For example "Asia/Seoul".'],
  ])("must be one that there is: %j", (timeZone, fix) => {
    expect(mistakes({ timeZone })).toEqual([
      `schedules.night.timeZone must be a time zone's IANA name; received ${JSON.stringify(timeZone)}. ${fix}`,
    ]);
  });
});

describe("the sizes", () => {
  const sizes = (given: Partial<ScheduledSize>) =>
    scheduleMistakes({ night: { recurrence: "0 20 * * *", ...given } }, "schedules");

  it.each<[Partial<ScheduledSize>, string]>([
    [{}, "schedules.night must have minSize, maxSize or desiredSize; received none of them. Say what begins then."],
    [
      { minSize: 2, maxSize: 1 },
      'schedules.night.maxSize must be at least minSize; received {"minSize":2,"maxSize":1}. Raise it, or lower minSize.',
    ],
    [
      { maxSize: 1, desiredSize: 2 },
      'schedules.night.desiredSize must be from minSize to maxSize; received {"maxSize":1,"desiredSize":2}. Choose one between them.',
    ],
    [
      { minSize: 3, desiredSize: 2 },
      'schedules.night.desiredSize must be from minSize to maxSize; received {"minSize":3,"desiredSize":2}. Choose one between them.',
    ],
  ])("go from least to most: %j", (given, message) => {
    expect(sizes(given)).toEqual([message]);
  });

  it.each([{ minSize: 0 }, { maxSize: 0 }, { desiredSize: 1 }, { minSize: 1, maxSize: 1, desiredSize: 1 }])(
    "may be %j",
    (given) => {
      expect(sizes(given)).toEqual([]);
    },
  );
});
