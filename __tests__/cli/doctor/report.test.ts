import { ACTION, explainAwsError } from "../../../cli/doctor/aws-error";
import { type Cause, type Check, type CheckResult, command, type Finding, found } from "../../../cli/doctor/check";
import type { Account } from "../../../cli/doctor/facts";
import { runChecks } from "../../../cli/doctor/report";
import { reportJson, reportText } from "../../../cli/doctor/report-text";

const account = { clusterName: "ecs", region: "eu-west-1", accountId: async () => "123456789012" } as Account;
const nothing: CheckResult = { findings: [], notes: [] };
const BROKEN: Cause = { id: "broken", title: "Something is broken.", fix: "Repair it." };
const broken = (change: Partial<Finding> = {}): Finding =>
  found(BROKEN, {
    problem: "It is broken.",
    evidence: ["i-1", "i-2"],
    commands: [command`repair it`, command`repair ${"x".repeat(120)}`],
    ...change,
  });
const wrong: CheckResult = { findings: [broken()], notes: ["a note"] };
const check = (id: string, read: () => CheckResult): Check<CheckResult> => ({
  id,
  question: `Is ${id} right?`,
  actions: [],
  causes: [BROKEN],
  read: async () => read(),
  decide: (result) => result,
});
const accessDenied = (action: string) =>
  Object.assign(new Error("You are not authorized"), { name: "UnauthorizedOperation", [ACTION]: action });
const denied = () => {
  throw accessDenied("iam:GetRole");
};

describe("the report", () => {
  it.each([
    ["nothing is wrong", [() => nothing, () => nothing], 0],
    ["something is wrong", [() => nothing, () => wrong], 1],
    ["a check cannot read", [() => nothing, denied, () => nothing], 2],
    ["something is wrong and a check cannot read", [() => nothing, denied, () => wrong], 1],
  ])("has the right exit code if %s", async (_, reads, exitCode) => {
    const report = await runChecks(
      account,
      reads.map((read, index) => check(`c${index}`, read)),
    );
    expect(report.exitCode).toBe(exitCode);
  });

  it.each([
    [() => wrong, "the cluster does not exist or is not active", 1],
    [denied, "the cluster cannot be read", 2],
  ])("skips all other checks if the check of the cluster fails: %s %s", async (read, reason, exitCode) => {
    const other = jest.fn(() => nothing);
    const report = await runChecks(account, [check("cluster", read), check("other", other)]);
    expect(report.checks[1]).toMatchObject({ status: "skipped", reason });
    expect(other).not.toHaveBeenCalled();
    expect(report.exitCode).toBe(exitCode);
  });

  it("throws a bug of the doctor instead of reporting it as an error of AWS", async () => {
    const bug = check("bug", () => {
      throw new TypeError("x is not a function");
    });
    await expect(runChecks(account, [bug])).rejects.toThrow(TypeError);
  });

  it("says what a check could not read, and which right it lacks, and keeps its other findings", async () => {
    const partly = (result: CheckResult): Check<CheckResult> => ({
      ...check("a", () => result),
      read: async (_, optional) => {
        const part = await optional(Promise.reject(accessDenied("logs:FilterLogEvents")));
        expect(part).toBeUndefined();
        return result;
      },
    });
    for (const [result, status, exitCode] of [
      [wrong, "wrong", 1],
      [{ findings: [], notes: ["a note"] }, "unknown", 2],
    ] as const) {
      const report = await runChecks(account, [partly(result), check("b", () => nothing)]);
      expect(report.checks[0]).toEqual({
        ...{ id: "a", question: "Is a right?", status, ...result, lacks: ["logs:FilterLogEvents"] },
        reason:
          "The credentials lack logs:FilterLogEvents (You are not authorized). Attach the policy in docs/doctor.md.",
      });
      expect(report.exitCode).toBe(exitCode);
      expect(reportText(report)).toMatch(
        / found\. 1 check could not read everything\. The credentials lack logs:Filter/,
      );
      expect(JSON.parse(reportJson(report)).checks[0].lacks).toEqual(["logs:FilterLogEvents"]);
    }
  });

  it("shows a cause with the problems that it explains", async () => {
    const cause = { ...BROKEN, id: "cause", explains: ["broken"] };
    const report = await runChecks(account, [
      check("c", () => nothing),
      check("a", () => wrong),
      check("b", () => ({ findings: [found(cause, { problem: "Why.", evidence: ["b"], commands: [] })], notes: [] })),
    ]);
    expect(reportText(report)).toMatch(
      /^CAUSE {2}Why\.\n {9}- b\n {7}Fix: Repair it\.\n {7}Explains: It is broken\.\n {9}- i-1\n {9}- i-2\n\n {2}ok/m,
    );
    expect(reportText(report)).toMatch(/\n1 cause found, which explains 1 other problem\.\n$/);
    expect(JSON.parse(reportJson(report)).causes).toEqual([
      {
        ...{ check: "b", cause: "cause", problem: "Why." },
        explains: [{ check: "a", cause: "broken", problem: "It is broken." }],
      },
    ]);
  });

  it("is text with marked problems, in lines of at most 100 characters", async () => {
    const long = broken({ problem: "word ".repeat(60).trim() });
    const report = await runChecks(account, [
      check("a", () => ({ findings: [], notes: ["a fact"] })),
      check("b", () => wrong),
      check("c", denied),
      check("d", () => ({ findings: [long], notes: [] })),
    ]);
    const text = reportText(report);
    expect(text.slice(0, text.indexOf("CAUSE  word"))).toBe(`ECS cluster "ecs" in eu-west-1, account 123456789012

CAUSE  It is broken.
         - i-1
         - i-2
       Fix: Repair it.
         $ repair it
         $ repair ${"x".repeat(120)}

`);
    expect(text.slice(text.indexOf("  ok   "))).toBe(`  ok   Is a right?
         a fact
WRONG  Is b right?
         a note
  ?    Is c right?
       The credentials lack iam:GetRole (You are not authorized). Attach the policy in
       docs/doctor.md.
WRONG  Is d right?

2 causes found. 1 check could not read everything. The credentials lack iam:GetRole.
`);
    // A command is never wrapped, so that it can be copied.
    const prose = text.split("\n").filter((line) => !line.includes("$ "));
    expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("removes control characters, which messages of containers can contain", async () => {
    const text = "\u001b[2Jgone\u009b31m \u202eback\u0007";
    const hostile = broken({ problem: text, evidence: [text], fix: text, commands: [command`${text}`] });
    const report = await runChecks(account, [check("a", () => ({ findings: [hostile], notes: [text] }))]);
    expect(reportText(report).match(/[^\P{Cc}\n]|\p{Cf}/u)).toBeNull();
    expect(reportText(report).match(/\[2Jgone31m back/g)).toHaveLength(5);
    expect(JSON.parse(reportJson(report)).checks[0].notes).toEqual([text]);
  });

  it("is JSON with keys in a fixed order", async () => {
    const report = await runChecks(account, [check("a", () => wrong)]);
    const { evidence, fix, commands } = broken();
    expect(JSON.parse(reportJson(report))).toEqual({
      ...{ version: 1, cluster: "ecs", region: "eu-west-1", account: "123456789012" },
      causes: [{ check: "a", cause: "broken", problem: "It is broken.", explains: [] }],
      checks: [
        {
          ...{ id: "a", question: "Is a right?", status: "wrong", notes: ["a note"] },
          findings: [{ problem: "It is broken.", evidence, fix, commands, cause: "broken" }],
        },
      ],
      exitCode: 1,
    });
    expect(Object.keys(JSON.parse(reportJson(report)))[0]).toBe("version");
  });
});

describe("an error of AWS", () => {
  const error = (name: string, message: string, more: object = {}) =>
    Object.assign(new Error(message), { name, ...more });
  it.each([
    [
      error("CredentialsProviderError", "Could not load credentials from any providers"),
      /^No AWS credentials found .*AWS_PROFILE/,
    ],
    [error("ExpiredTokenException", "The security token included in the request is expired"), /have expired/],
    [error("InvalidClientTokenId", "The security token included in the request is invalid"), /rejects the credentials/],
    [error("AuthFailure", "not able to validate"), /is enabled in the account/],
    [error("UnauthorizedOperation", "You are not authorized"), /docs\/doctor\.md/],
    [
      error("Error", "getaddrinfo ENOTFOUND sts.eu-west-9.amazonaws.com", { code: "ENOTFOUND" }),
      /cannot be resolved .*Check the region's name/,
    ],
    [error("Error", "socket", { cause: { code: "ECONNRESET" } }), /cannot be reached \(ECONNRESET/],
    [error("AggregateError", "", { errors: [{ code: "ECONNREFUSED" }] }), /cannot be reached \(ECONNREFUSED/],
    [error("TimeoutError", "Connection timed out"), /cannot be reached \(TimeoutError/],
    [error("ThrottlingException", "Rate exceeded"), /in a minute/],
    [error("ServerException", "oops"), /^AWS returned an error \(ServerException: oops\)\.$/],
  ])("is explained: %s", (thrown, text) => {
    expect(explainAwsError(thrown, "eu-west-9")).toMatch(text);
  });
});
