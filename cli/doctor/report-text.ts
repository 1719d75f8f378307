import type { CheckReport, Report, Status } from "./report";

/** Two columns wide at the left, so that an eye finds what is wrong without colours. */
const MARKS: Readonly<Record<Status, string>> = {
  ok: "  ok   ",
  wrong: "WRONG  ",
  unknown: "  ?    ",
  skipped: "  -    ",
};
const INDENT = " ".repeat(MARKS.ok.length);

/** Wide enough for a sentence, narrow enough for any terminal. */
const COLUMNS = 100;

/** The report for a person. */
export function inWords(report: Report): string {
  const { cluster, region, account, error, checks } = report;
  if (error !== undefined) return `Could not look at the cluster "${cluster}" in ${region}.\n${wrapped(error, "")}\n`;
  const head = `ECS cluster "${cluster}" in ${region}, account ${account}\n`;
  return [head, ...checks.flatMap(checkInWords), "", wrapped(summary(report), ""), ""].join("\n");
}

/** The report for a program. Its keys are contract: what is there stays, and what is new is added. */
export function inJson(report: Report): string {
  return `${JSON.stringify({ version: 1, ...report }, null, 2)}\n`;
}

function checkInWords({ question, status, findings, notes, reason }: CheckReport): string[] {
  return [
    `${MARKS[status]}${question}`,
    ...(reason ? [wrapped(reason, INDENT)] : []),
    ...findings.flatMap(({ problem, evidence, fix, commands }) => [
      "",
      wrapped(problem, `${INDENT}`),
      ...evidence.map((line) => wrapped(`- ${line}`, `${INDENT}  `)),
      wrapped(`Fix: ${fix}`, INDENT),
      // Never wrapped: half a command can't be copied.
      ...commands.map((command) => `${INDENT}  $ ${visible(command)}`),
      "",
    ]),
    ...notes.map((note) => wrapped(note, `${INDENT}  `)),
  ];
}

function summary({ exitCode, checks }: Report): string {
  const findings = checks.reduce((sum, check) => sum + check.findings.length, 0);
  const unknown = checks.filter(({ status }) => status === "unknown").length;
  const unseen = unknown > 0 ? ` ${unknown} ${unknown === 1 ? "check" : "checks"} could not look.` : "";
  if (exitCode === 0) return "Nothing is wrong.";
  if (exitCode === 2) return `Nothing wrong was seen, but not everything could be.${unseen}`;
  const first = findings > 1 ? " From the cluster to its services: one often explains another." : "";
  return `${findings} ${findings === 1 ? "thing is" : "things are"} wrong.${first}${unseen}`;
}

/**
 * Text of containers and images comes here by way of ECS's reasons: what would steer the terminal, such as escape
 * sequences, is left out. JSON escapes it.
 */
const visible = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, "");

/** Breaks text into lines; a word that is longer, such as an ARN, stays whole so that it can be copied. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).map(visible)) {
    if (line !== "" && indent.length + line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((one) => `${indent}${one}`).join("\n");
}
