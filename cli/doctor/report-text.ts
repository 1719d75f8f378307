import { jsonText } from "../command-line";
import { wrapText } from "../wrap-text";
import { counted } from "./check";
import type { CheckReport, Report, Status } from "./report";

/** Marks of one width, so that problems are easy to see without colors. */
const MARKS: Readonly<Record<Status, string>> = {
  ok: "  ok   ",
  wrong: "WRONG  ",
  unknown: "  ?    ",
  skipped: "  -    ",
};
const INDENT = " ".repeat(MARKS.ok.length);
const COLUMNS = 100;

/** Renders the report for the terminal. */
export function reportText(report: Report): string {
  const { cluster, region, account, error, checks } = report;
  if (error !== undefined) return `Cannot check the cluster "${cluster}" in ${region}.\n${wrapped(error, "")}\n`;
  const head = `ECS cluster "${cluster}" in ${region}, account ${account}\n`;
  return [head, ...checks.flatMap(checkLines), "", wrapped(summary(report), ""), ""].join("\n");
}

/** Renders the report as JSON. Its keys are a contract: releases add keys and never remove one. */
export const reportJson = (report: Report): string => jsonText({ version: 1, ...report });

function checkLines({ question, status, findings, notes, reason }: CheckReport): string[] {
  return [
    `${MARKS[status]}${question}`,
    ...(reason ? [wrapped(reason, INDENT)] : []),
    ...findings.flatMap(({ problem, evidence, fix, commands }) => [
      "",
      wrapped(problem, INDENT),
      ...evidence.map((line) => wrapped(`- ${line}`, `${INDENT}  `)),
      wrapped(`Fix: ${fix}`, INDENT),
      // A wrapped command cannot be copied.
      ...commands.map((command) => `${INDENT}  $ ${printable(command)}`),
      "",
    ]),
    ...notes.map((note) => wrapped(note, `${INDENT}  `)),
  ];
}

function summary({ exitCode, checks }: Report): string {
  const findings = checks.reduce((sum, check) => sum + check.findings.length, 0);
  const unknown = checks.filter(({ status }) => status === "unknown").length;
  const failed = unknown > 0 ? ` ${counted(unknown, "check")} could not run.` : "";
  if (exitCode === 0) return "Nothing is wrong.";
  if (exitCode === 2) return `No problem found.${failed}`;
  const order = findings > 1 ? " Start with the first: it often explains the others." : "";
  return `${counted(findings, "problem")} found.${order}${failed}`;
}

const wrapped = (text: string, indent: string): string =>
  wrapText(printable(text), COLUMNS - indent.length)
    .map((line) => indent + line)
    .join("\n");

/** Removes control characters: messages of ECS can contain a container's text, which can contain escape sequences. */
export const printable = (text: string): string => text.replace(/\s+/g, " ").replace(/[\p{Cc}\p{Cf}]/gu, "");
