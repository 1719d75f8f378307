import { couldNotLook } from "../../../cli/doctor/aws-error";
import type { AnyCheck, Verdict } from "../../../cli/doctor/check";
import type { Account } from "../../../cli/doctor/facts";
import { examine } from "../../../cli/doctor/report";
import { inJson, inWords } from "../../../cli/doctor/report-text";

const account = { clusterName: "ecs", region: "eu-west-1", accountId: async () => "123456789012" } as Account;
const nothing: Verdict = { findings: [], notes: [] };
const wrong: Verdict = {
  findings: [
    {
      problem: "It is broken.",
      evidence: ["i-1", "i-2"],
      fix: "Mend it.",
      commands: ["mend it", `mend ${"x".repeat(120)}`],
    },
  ],
  notes: ["a note"],
};
const check = (id: string, look: () => Verdict | Promise<Verdict>): AnyCheck => ({
  id,
  question: `Is ${id} right?`,
  look: async () => look(),
});
const refused = () => {
  throw Object.assign(new Error("not authorized to perform: iam:GetRole"), { name: "AccessDenied" });
};

describe("an examination", () => {
  it.each([
    ["nothing is wrong", [() => nothing, () => nothing], 0],
    ["something is wrong", [() => nothing, () => wrong], 1],
    ["it could not look", [() => nothing, refused, () => nothing], 2],
    ["something is wrong and it could not look", [() => nothing, refused, () => wrong], 1],
  ])("where %s", async (_, looks, exitCode) => {
    const report = await examine(
      account,
      looks.map((look, index) => check(`c${index}`, look)),
    );
    expect(report.exitCode).toBe(exitCode);
  });

  it.each([
    [() => wrong, "there is no such cluster", 1],
    [refused, "the cluster can't be read", 2],
  ])("skips what is left without the cluster", async (look, reason, exitCode) => {
    const asked = jest.fn(() => nothing);
    const report = await examine(account, [check("cluster", look), check("other", asked)]);
    expect(report.checks[1]).toMatchObject({ status: "skipped", reason });
    expect(asked).not.toHaveBeenCalled();
    expect(report.exitCode).toBe(exitCode);
  });

  it("shows a mistake of its own as such", async () => {
    const broken = check("broken", () => {
      throw new TypeError("x is not a function");
    });
    await expect(examine(account, [broken])).rejects.toThrow(TypeError);
  });

  it("is printed so that what is wrong stands out, in lines that a terminal holds", async () => {
    const long = { problem: "word ".repeat(60).trim(), evidence: ["e"], fix: "f", commands: [] };
    const report = await examine(account, [
      check("a", () => ({ findings: [], notes: ["seen"] })),
      check("b", () => wrong),
      check("c", refused),
      check("d", () => ({ findings: [long], notes: [] })),
    ]);
    const text = inWords(report);
    expect(text.slice(0, text.indexOf("WRONG  Is d"))).toBe(`ECS cluster "ecs" in eu-west-1, account 123456789012

  ok   Is a right?
         seen
WRONG  Is b right?

       It is broken.
         - i-1
         - i-2
       Fix: Mend it.
         $ mend it
         $ mend ${"x".repeat(120)}

         a note
  ?    Is c right?
       The credentials may not look (not authorized to perform: iam:GetRole). Give them the policy
       in docs/doctor.md.
`);
    expect(text.replace(/\s+/g, " ")).toMatch(
      / 2 things are wrong\. From the cluster to its services: .* 1 check could not look\. $/,
    );
    // A command stays whole, since half of one can't be copied.
    const prose = text.split("\n").filter((line) => !line.includes("$ "));
    expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("leaves out what would steer the terminal, which a container's own words may hold", async () => {
    const text = "\u001b[2Jgone\u009b31m \u202eback\u0007";
    const hostile = { problem: text, evidence: [text], fix: text, commands: [text] };
    const report = await examine(account, [check("a", () => ({ findings: [hostile], notes: [text] }))]);
    expect(inWords(report).match(/[^\P{Cc}\n]|\p{Cf}/u)).toBeNull();
    expect(inWords(report).match(/\[2Jgone31m back/g)).toHaveLength(5);
    expect(JSON.parse(inJson(report)).checks[0].notes).toEqual([text]);
  });

  it("is printed as JSON with keys in a fixed order", async () => {
    const report = await examine(account, [check("a", () => wrong)]);
    expect(JSON.parse(inJson(report))).toEqual({
      ...{ version: 1, cluster: "ecs", region: "eu-west-1", account: "123456789012" },
      checks: [{ id: "a", question: "Is a right?", status: "wrong", ...wrong }],
      exitCode: 1,
    });
    expect(Object.keys(JSON.parse(inJson(report)))[0]).toBe("version");
  });
});

describe("why it could not look", () => {
  const error = (name: string, message: string, more: object = {}) =>
    Object.assign(new Error(message), { name, ...more });
  it.each([
    [
      error("CredentialsProviderError", "Could not load credentials from any providers"),
      /no AWS credentials .*AWS_PROFILE/,
    ],
    [error("ExpiredTokenException", "The security token included in the request is expired"), /have expired/],
    [error("InvalidClientTokenId", "The security token included in the request is invalid"), /refuses the credentials/],
    [error("AuthFailure", "not able to validate"), /may not be enabled in the account/],
    [error("UnauthorizedOperation", "You are not authorized"), /docs\/doctor\.md/],
    [
      error("Error", "getaddrinfo ENOTFOUND sts.eu-west-9.amazonaws.com", { code: "ENOTFOUND" }),
      /Is there such a region/,
    ],
    [error("Error", "socket", { cause: { code: "ECONNRESET" } }), /can't be reached \(ECONNRESET/],
    [error("AggregateError", "", { errors: [{ code: "ECONNREFUSED" }] }), /can't be reached \(ECONNREFUSED/],
    [error("TimeoutError", "Connection timed out"), /can't be reached \(TimeoutError/],
    [error("ThrottlingException", "Rate exceeded"), /in a minute/],
    [error("ServerException", "oops"), /^AWS answered with an error \(ServerException: oops\)\.$/],
  ])("is told: %s", (thrown, words) => {
    expect(couldNotLook(thrown, "eu-west-9")).toMatch(words);
  });
});
