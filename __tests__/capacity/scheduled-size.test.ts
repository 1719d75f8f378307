import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingSchedule } from "@cdktf/provider-aws/lib/autoscaling-schedule";
import { Testing } from "cdktf";
import { type AsgCapacityProviderProps, hcl, type ScheduledSize } from "../../src";
import { groupJson } from "../support/group";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { at, ofType } from "../support/synthesized";

Testing.setupJest();

type Schedules = NonNullable<AsgCapacityProviderProps["schedules"]>;

const EXAMPLE = 'For example "0 20 * * MON-FRI", which is 8 p.m. on weekdays.';
const night = { recurrence: "0 20 * * *", minSize: 0 };
const problems = (schedules: object) => problemsOf(() => groupJson({ schedules: schedules as Schedules }));
const problemsOfNight = (schedule: object) => problems({ night: { ...night, ...schedule } });

describe("scheduled sizes", () => {
  it("create one action for each schedule, which keeps the sizes that it does not set", () => {
    const json = groupJson({
      schedules: {
        night: { recurrence: "0 20 * * MON-FRI", timeZone: "Asia/Seoul", minSize: 0, maxSize: 1, desiredSize: 0 },
        morning: { recurrence: "0 7 * * MON-FRI", minSize: 2 },
      },
    });
    expect(json).toHaveResourceWithProperties(AutoscalingSchedule, {
      scheduled_action_name: "night",
      autoscaling_group_name: "${aws_autoscaling_group.capacity.name}",
      recurrence: "0 20 * * MON-FRI",
      time_zone: "Asia/Seoul",
      min_size: 0,
      max_size: 1,
      desired_capacity: 0,
    });
    expect(json).toHaveResourceWithProperties(AutoscalingSchedule, {
      scheduled_action_name: "morning",
      recurrence: "0 7 * * MON-FRI",
      time_zone: "Etc/UTC",
      min_size: 2,
      max_size: -1,
      desired_capacity: -1,
    });
    expect(resourceCounts(json).aws_autoscaling_schedule).toBe(2);
  });

  it.each<[Schedules | undefined, readonly string[]]>([
    [undefined, ["desired_capacity", "initial_lifecycle_hook"]],
    [{ night }, ["desired_capacity", "min_size", "max_size", "initial_lifecycle_hook"]],
  ])("change sizes that Terraform then ignores: %j", (schedules, ignored) => {
    expect(groupJson({ schedules })).toHaveResourceWithProperties(AutoscalingGroup, {
      lifecycle: expect.objectContaining({ ignore_changes: ignored }),
    });
  });
});

describe("the guards of a scheduled size", () => {
  const guards = (schedules: Schedules) => {
    const json = groupJson({ schedules, minSize: hcl`var.min_size`.number, maxSize: hcl`var.max_size`.number });
    return Object.values(ofType(JSON.parse(json), "aws_autoscaling_schedule")).flatMap(
      (schedule) => (at(schedule, "lifecycle", "precondition") ?? []) as { condition: string; error_message: string }[],
    );
  };
  const recurrence = "0 7 * * *";

  it("compare it with the largest size of the group", () => {
    expect(guards({ morning: { recurrence, minSize: 5, desiredSize: 6 } })).toEqual([
      {
        condition: "${5 <= var.max_size}",
        error_message:
          "schedules.morning.minSize must be at most the group's maxSize, which no schedule changes; received 5, and maxSize is ${var.max_size}. Set maxSize of the schedule too, or change the group's.",
      },
      {
        condition: "${6 <= var.max_size}",
        error_message:
          "schedules.morning.desiredSize must be at most the group's maxSize, which no schedule changes; received 6, and maxSize is ${var.max_size}. Set maxSize of the schedule too, or change the group's.",
      },
    ]);
  });

  it("compare it with the smallest size of the group", () => {
    expect(guards({ night: { recurrence, maxSize: 0, desiredSize: 0 } })).toEqual([
      {
        condition: "${0 >= var.min_size}",
        error_message:
          "schedules.night.maxSize must be at least the group's minSize, which no schedule changes; received 0, and minSize is ${var.min_size}. Set minSize of the schedule too, or change the group's.",
      },
      {
        condition: "${0 >= var.min_size}",
        error_message: expect.stringMatching(/^schedules\.night\.desiredSize must be at least the group's minSize/),
      },
    ]);
  });

  it("do not compare it with a size that a schedule changes", () => {
    expect(guards({ night: { recurrence: "0 20 * * *", maxSize: 0 }, morning: { recurrence, minSize: 5 } })).toEqual(
      [],
    );
  });
});

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
  ])("can be %j", (recurrence) => {
    expect(problemsOfNight({ recurrence })).toEqual([]);
  });

  it.each(["every night", "0 20 * *", "0 20 * * * 2027", "0  20 * *", " 0 20 * * *", "0\t20\t*\t*\t*", ""])(
    "must have five fields, unlike %j",
    (recurrence) => {
      expect(problemsOfNight({ recurrence })).toEqual([
        `schedules.night.recurrence must have five fields of cron; received ${JSON.stringify(recurrence)}. ${EXAMPLE}`,
      ]);
    },
  );

  it.each<[string, string]>([
    ["60 20 * * *", "a minute from 0 to 59 in field 1"],
    ["0 24 * * *", "an hour from 0 to 23 in field 2"],
    ["0 20 0 * *", "a day of month from 1 to 31 in field 3"],
    ["0 20 32 * *", "a day of month from 1 to 31 in field 3"],
    ["0 20 L * *", "a day of month from 1 to 31 in field 3"],
    ["0 20 ? * *", "a day of month from 1 to 31 in field 3"],
    ["0 20 * 13 *", "a month from 1 to 12 or JAN to DEC in field 4"],
    ["0 20 * MON *", "a month from 1 to 12 or JAN to DEC in field 4"],
    ["0 20 * * 8", "a day of week from 0 to 7 or SUN to SAT in field 5"],
    ["0 20 * * Monday", "a day of week from 0 to 7 or SUN to SAT in field 5"],
    ["0 20 * * FRI-MON", "a day of week from 0 to 7 or SUN to SAT in field 5"],
    ["0 20 * * 5#2", "a day of week from 0 to 7 or SUN to SAT in field 5"],
    ["*/0 20 * * *", "a minute from 0 to 59 in field 1"],
    ["5/10 20 * * *", "a minute from 0 to 59 in field 1"],
    ["*-5 20 * * *", "a minute from 0 to 59 in field 1"],
    ["1,,2 20 * * *", "a minute from 0 to 59 in field 1"],
    ["-1 20 * * *", "a minute from 0 to 59 in field 1"],
    ["0x1 20 * * *", "a minute from 0 to 59 in field 1"],
  ])("rejects %j", (recurrence, rule) => {
    expect(problemsOfNight({ recurrence })).toEqual([
      `schedules.night.recurrence must have ${rule}, or *, a range, a list or a step; received ${JSON.stringify(recurrence)}. ${EXAMPLE}`,
    ]);
  });

  it("reports every wrong field", () => {
    expect(problemsOfNight({ recurrence: "60 24 0 13 8" })).toHaveLength(5);
  });

  it("differs from the others in one time zone, because Auto Scaling runs one action at a time", () => {
    expect(problems({ night, weekend: { ...night, timeZone: "Etc/UTC" } })).toEqual([
      'schedules must differ from each other in their recurrence; received {"weekend": "0 20 * * *"}. Auto Scaling runs one action at a time. Combine the schedules in one.',
    ]);
    expect(problems({ night, seoul: { ...night, timeZone: "Asia/Seoul" } })).toEqual([]);
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
  ])("can be %s", (timeZone) => {
    expect(problemsOfNight({ timeZone })).toEqual([]);
  });

  it.each<[string, string]>([
    ["seoul", 'Did you mean "Asia/Seoul"?'],
    ["Asia/seoul", 'Did you mean "Asia/Seoul"?'],
    ["Asia/Soul", 'Did you mean "Asia/Seoul"?'],
    ["KST", 'For example "Asia/Seoul".'],
    ["etc/GMT+9", 'For example "Asia/Seoul".'],
    ["+09:00", 'For example "Asia/Seoul".'],
    ["Mars/Olympus_Mons", 'For example "Asia/Seoul".'],
    ["", 'For example "Asia/Seoul".'],
  ])("cannot be %j", (timeZone, fix) => {
    expect(problemsOfNight({ timeZone })).toEqual([
      `schedules.night.timeZone must be the IANA name of a time zone; received ${JSON.stringify(timeZone)}. ${fix}`,
    ]);
  });
});

describe("the sizes of a schedule", () => {
  const { recurrence } = night;

  it.each<[Partial<ScheduledSize>, string]>([
    [
      {},
      "schedules.night.minSize must be set, or maxSize, or desiredSize; received nothing. A schedule changes at least one size.",
    ],
    [
      { minSize: 2, maxSize: 1 },
      "schedules.night.maxSize must be at least minSize, which is 2; received 1. Raise it, or lower minSize.",
    ],
    [
      { maxSize: 1, desiredSize: 2 },
      "schedules.night.desiredSize must be at most maxSize, which is 1; received 2. Lower it, or raise maxSize.",
    ],
    [
      { minSize: 3, desiredSize: 2 },
      "schedules.night.desiredSize must be at least minSize, which is 3; received 2. Raise it, or lower minSize.",
    ],
    [
      { maxSize: 5001 },
      "schedules.night.maxSize must be a whole number from 0 to 5000 (instances); received 5001. For example 2.",
    ],
  ])("cannot be %j", (sizes, message) => {
    expect(problems({ night: { recurrence, ...sizes } })).toEqual([message]);
  });

  it.each([{ minSize: 0 }, { maxSize: 0 }, { desiredSize: 1 }, { minSize: 1, maxSize: 1, desiredSize: 1 }])(
    "can be %j",
    (sizes) => {
      expect(problems({ night: { recurrence, ...sizes } })).toEqual([]);
    },
  );
});

describe("schedules", () => {
  it("have names that fit into Terraform addresses", () => {
    expect(problems({ "at-night": night })).toEqual([
      'schedules.at-night must have a name of 1 to 32 lower-case letters, digits and underscores that starts with a letter; received "at-night". The name is part of a Terraform address.',
    ]);
  });

  it("are at most 125", () => {
    const schedules = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `n${index}`,
          { ...night, recurrence: `${index % 60} ${Math.floor(index / 60)} * * *` },
        ]),
      );
    expect(problems(schedules(125))).toEqual([]);
    expect(problems(schedules(126))).toEqual([
      "schedules must have at most 125 entries; received 126. Combine some of them.",
    ]);
  });
});
