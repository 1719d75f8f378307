import { jsonText } from "../command-line";
import { wrapText } from "../wrap-text";
import type { Root } from "./causes";
import { counted, distinct, type Finding } from "./check";
import type { CheckReport, Report, Status } from "./report";

/** Marks of one width, so that problems are easy to see without colors. */
const MARKS: Readonly<Record<Status, string>> = {
  ok: "  ok   ",
  wrong: "WRONG  ",
  unknown: "  ?    ",
  skipped: "  -    ",
};
const CAUSE = "CAUSE  ";
const INDENT = " ".repeat(CAUSE.length);
const COLUMNS = 100;

/** Renders the report for the terminal: the causes with their fixes, then the checks. */
export function reportText(report: Report): string {
  const { cluster, region, account, error, causes, checks } = report;
  if (error !== undefined) return `Cannot check the cluster "${cluster}" in ${region}.\n${wrapped(error, "")}\n`;
  const head = `ECS cluster "${cluster}" in ${region}, account ${account}\n`;
  return [
    head,
    ...causes.flatMap(causeLines),
    ...checks.flatMap(checkLines),
    "",
    wrapped(summary(report), ""),
    "",
  ].join("\n");
}

/** Renders the report as JSON. Its keys are a contract: releases add keys and never remove one. */
export function reportJson({ causes, checks, ...report }: Report): string {
  const checkOf = (finding: Finding) => checks.find(({ findings }) => findings.includes(finding))?.id;
  const named = (finding: Finding) => ({ check: checkOf(finding), cause: finding.cause.id, problem: finding.problem });
  const { exitCode, ...rest } = report;
  return jsonText({
    ...{ version: 1, ...rest },
    causes: causes.map(({ finding, explains }) => ({ ...named(finding), explains: explains.map(named) })),
    checks: checks.map(({ findings, ...check }) => ({
      ...{ id: check.id, question: check.question, status: check.status },
      findings: findings.map(({ problem, evidence, fix, commands, cause }) => ({
        ...{ problem, evidence, fix, commands, cause: cause.id },
      })),
      ...{ notes: check.notes, reason: check.reason, lacks: check.lacks },
    })),
    exitCode,
  });
}

function causeLines({ finding: { problem, evidence, fix, commands }, explains }: Root): string[] {
  return [
    `${CAUSE}${wrapped(problem, INDENT).trimStart()}`,
    ...evidenceLines(evidence),
    wrapped(`Fix: ${fix}`, INDENT),
    // A wrapped command cannot be copied.
    ...commands.map((line) => `${INDENT}  $ ${printable(line)}`),
    ...explains.flatMap((symptom) => [
      wrapped(`Explains: ${symptom.problem}`, INDENT),
      ...evidenceLines(symptom.evidence),
    ]),
    "",
  ];
}

const evidenceLines = (evidence: readonly string[]): string[] =>
  evidence.map((line) => wrapped(`- ${line}`, `${INDENT}  `));

const checkLines = ({ question, status, notes, reason }: CheckReport): string[] => [
  `${MARKS[status]}${question}`,
  ...(reason ? [wrapped(reason, INDENT)] : []),
  ...notes.map((note) => wrapped(note, `${INDENT}  `)),
];

function summary({ exitCode, causes, checks }: Report): string {
  const explained = distinct(causes.flatMap(({ explains }) => explains)).length;
  const incomplete = checks.filter(({ status, reason }) => status !== "skipped" && reason !== undefined).length;
  const lacks = distinct(checks.flatMap((check) => check.lacks ?? [])).sort();
  const failed = [
    ...(incomplete > 0 ? [`${counted(incomplete, "check")} could not read everything.`] : []),
    ...(lacks.length > 0 ? [`The credentials lack ${lacks.join(", ")}.`] : []),
  ];
  if (exitCode === 0) return "Nothing is wrong.";
  if (exitCode === 2) return ["No problem found.", ...failed].join(" ");
  const others =
    explained > 0
      ? `, which ${causes.length === 1 ? "explains" : "explain"} ${counted(explained, "other problem")}`
      : "";
  return [`${counted(causes.length, "cause")} found${others}.`, ...failed].join(" ");
}

const wrapped = (text: string, indent: string): string =>
  wrapText(printable(text), COLUMNS - indent.length)
    .map((line) => indent + line)
    .join("\n");

/** Removes control characters: messages of ECS can contain a container's text, which can contain escape sequences. */
export const printable = (text: string): string => text.replace(/\s+/g, " ").replace(/[\p{Cc}\p{Cf}]/gu, "");
