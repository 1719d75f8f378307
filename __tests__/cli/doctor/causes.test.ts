import { rootsOf } from "../../../cli/doctor/causes";
import { type Cause, command, type Finding, found } from "../../../cli/doctor/check";
import { CHECKS } from "../../../cli/doctor/checks";

const cause = (id: string, ...explains: string[]): Cause => ({ id, title: `${id}.`, fix: `Fix ${id}.`, explains });
const finding = (of: Cause, problem: string, about?: Finding["about"]) =>
  found(of, { problem, evidence: ["e"], commands: [], about });
/** Returns `root > explained, explained` for each root. */
const grouped = (...findings: Finding[]) =>
  rootsOf(findings).map(({ finding: root, explains }) =>
    [root.problem, explains.map(({ problem }) => problem).join(", ")].filter(Boolean).join(" > "),
  );

const A = cause("a", "b");
const B = cause("b", "c");
const C = cause("c");

describe("the findings", () => {
  it("are grouped by their cause, also through another finding", () => {
    expect(grouped(finding(C, "c"), finding(B, "b"), finding(A, "a"))).toEqual(["a > c, b"]);
    expect(grouped(finding(C, "c"), finding(A, "a"))).toEqual(["c", "a"]);
  });

  it("are below each cause that explains them", () => {
    expect(grouped(finding(A, "a1"), finding(A, "a2"), finding(B, "b"))).toEqual(["a1 > b", "a2 > b"]);
  });

  it("are explained only by a cause about the same resources", () => {
    const on = (...instances: string[]) => ({ instances });
    expect(grouped(finding(A, "a", on("i-1")), finding(B, "b", on("i-2")))).toEqual(["a", "b"]);
    expect(grouped(finding(A, "a", on("i-1", "i-2")), finding(B, "b", on("i-2")))).toEqual(["a > b"]);
    expect(grouped(finding(A, "a"), finding(B, "b", on("i-2")))).toEqual(["a > b"]);
    // Resources of another kind say nothing about each other.
    expect(grouped(finding(A, "a", on("i-1")), finding(B, "b", { services: ["web"] }))).toEqual(["a > b"]);
  });

  it("are not explained by a cause of a part of their resources, but by several causes together", () => {
    const b = finding(B, "b", { instances: ["i-1", "i-2"] });
    const on = (id: string) => finding(A, id, { instances: [id] });
    expect(grouped(on("i-1"), b)).toEqual(["i-1", "b"]);
    expect(grouped(on("i-1"), on("i-2"), b)).toEqual(["i-1 > b", "i-2 > b"]);
  });
});

describe("the causes of all checks", () => {
  const causes = CHECKS.flatMap((check) => check.causes);
  const byId = new Map(causes.map((one) => [one.id, one]));

  it("have an ID of their own, or are the same cause", () => {
    expect(causes.filter((one) => byId.get(one.id) !== one)).toEqual([]);
    expect(causes.filter(({ id }) => !/^[a-z][a-z0-9-]+$/.test(id))).toEqual([]);
  });

  it("have a title and a fix in sentences", () => {
    expect(causes.filter(({ title, fix }) => !/^[A-Z].*[.]$/.test(title) || !/^[A-Z].*[.]$/.test(fix))).toEqual([]);
  });

  it("explain causes that exist, and never themselves", () => {
    const reached = (id: string): string[] =>
      (byId.get(id)?.explains ?? []).flatMap((other) => {
        if (!byId.has(other)) throw new Error(`${id} explains ${other}, which no check has.`);
        return [other, ...reached(other)];
      });
    // Without an end, a cycle exceeds the stack.
    expect(causes.filter(({ id }) => reached(id).includes(id))).toEqual([]);
  });
});

describe("a command", () => {
  it("has its values, quoted where a shell requires it", () => {
    expect(command`aws x --port ${80} --name ${"web-1"} --arn ${"arn:aws:iam::1:role/a"}`).toBe(
      "aws x --port 80 --name web-1 --arn arn:aws:iam::1:role/a",
    );
    expect(command`aws x --ids ${["i-1", "i 2"]}`).toBe("aws x --ids i-1 'i 2'");
    expect(command`aws x --name ${"it's; rm"}`).toBe("aws x --name 'it'\\''s; rm'");
  });

  it("accepts no value that can be missing", () => {
    const missing: string | undefined = [].at(0);
    // @ts-expect-error: the type of the value contains undefined.
    expect(command`aws x --group-id ${missing}`).toContain("undefined");
  });
});
