import { scheduleExpression } from "../../src/validation/schedule-expression";

const isValid = (expression: string): boolean => scheduleExpression.check(expression, {});

describe("a schedule expression", () => {
  it.each([
    "cron(0 20 ? * MON-FRI *)",
    "cron(0/15 8-17 * * ? *)",
    "cron(30 6 1,15 JAN-JUN ? 2027-2030)",
    "cron(0 8 L * ? *)",
    "cron(0 8 LW * ? *)",
    "cron(0 8 3W * ? *)",
    "cron(0 8 ? * 6L *)",
    "cron(0 8 ? * TUE#2 *)",
    "cron(*/5 * * * ? *)",
    "rate(1 minute)",
    "rate(15 minutes)",
    "rate(1 hour)",
    "rate(7 days)",
    "at(2028-02-29T23:59:59)",
  ])("can be %s", (expression) => {
    expect(isValid(expression)).toBe(true);
  });

  it.each([
    "",
    "0 20 * * *",
    "cron(0 20 * * *)",
    "cron(0 20 * * MON *)",
    "cron(0 20 ? * ? *)",
    "cron(60 20 ? * MON *)",
    "cron(0 24 ? * MON *)",
    "cron(0 20 32 * ? *)",
    "cron(0 20 * 13 ? *)",
    "cron(0 20 ? * 0 *)",
    "cron(0 20 ? * MOON *)",
    "cron(0 20 ? * MON 1969)",
    "cron(0 20 ? * MON *) ",
    "cron(0/0 20 ? * MON *)",
    "cron(*-5 20 ? * MON *)",
    "cron(0  20 ? * MON *)",
    "rate(1 minutes)",
    "rate(2 minute)",
    "rate(0 minutes)",
    "rate(1 week)",
    "rate(1.5 hours)",
    "at(2027-02-29T00:00:00)",
    "at(2027-02-28T24:00:01)",
    "at(2027-02-28)",
    "at(2027-02-28T00:00:00Z)",
    "every(1 day)",
  ])("cannot be %j", (expression) => {
    expect(isValid(expression)).toBe(false);
  });
});
