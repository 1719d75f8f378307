import { defined, parsed } from "../support/container";
import { problemsOf } from "../support/problems";

describe("restartPolicy", () => {
  it("is enabled by an object, with the default of ECS for the period", () => {
    expect(defined({ restartPolicy: {} })).toMatchObject({
      restartPolicy: { enabled: true, restartAttemptPeriod: 300 },
    });
    expect(defined()).not.toHaveProperty("restartPolicy");
  });

  it("renders exit codes and the period", () => {
    const restartPolicy = { ignoredExitCodes: [0, 143], restartAttemptPeriodSeconds: 60 };
    expect(defined({ restartPolicy })).toMatchObject({
      restartPolicy: { enabled: true, ignoredExitCodes: [0, 143], restartAttemptPeriod: 60 },
    });
  });

  it.each<[string, object, string]>([
    [
      "a period below that of ECS",
      { restartAttemptPeriodSeconds: 59 },
      "restartPolicy.restartAttemptPeriodSeconds must be a whole number from 60 to 1800 (seconds); received 59. For example 300.",
    ],
    [
      "an exit code that no process has",
      { ignoredExitCodes: [256] },
      "restartPolicy.ignoredExitCodes[0] must be a whole number from 0 to 255; received 256. For example 0.",
    ],
    [
      "more exit codes than ECS accepts",
      { ignoredExitCodes: Array.from({ length: 51 }, (_, code) => code) },
      "restartPolicy.ignoredExitCodes must have at most 50 exit codes; received 51. Remove some.",
    ],
  ])("rejects %s", (_, restartPolicy, message) => {
    expect(problemsOf(() => parsed({ restartPolicy }))).toEqual([message]);
  });
});
