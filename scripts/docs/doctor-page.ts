import { type Check, distinct } from "../../cli/doctor/check";
import { cell, table } from "./markdown";

/** Returns the IAM actions of checks, in alphabetical order. */
export const actionsIn = (checks: readonly Check[]): string[] =>
  distinct(checks.flatMap(({ actions }) => actions)).sort();

/** Returns a page with the checks and the IAM policy between its markers. @throws {Error} for a page without markers */
export function doctorPage(page: string, text: string, checks: readonly Check[]): string {
  const sections: Readonly<Record<string, string>> = { checks: checkSections(checks), policy: policyBlock(checks) };
  return Object.entries(sections).reduce((all, [name, section]) => {
    const marked = new RegExp(`^<!-- ${name} -->$[\\s\\S]*^<!-- end of ${name} -->$`, "m");
    if (!marked.test(all)) throw new Error(`${page} needs <!-- ${name} --> and <!-- end of ${name} -->.`);
    return all.replace(marked, () => `<!-- ${name} -->\n\n${section}\n\n<!-- end of ${name} -->`);
  }, text);
}

/** Returns a section for each check. A cause that several checks have is in the section of the first one. */
function checkSections(checks: readonly Check[]): string {
  const sections = checks.map((check, index) => {
    const { id, question, actions, causes } = check;
    const earlier = checks.slice(0, index);
    const first = (cause: string) => earlier.find((other) => other.causes.some((one) => one.id === cause));
    const own = causes.filter((cause) => first(cause.id) === undefined);
    const shared = causes.filter((cause) => first(cause.id) !== undefined);
    const rows = own.map(({ id: name, title, fix, explains = [] }) => ({
      Cause: `\`${name}\``,
      "What is wrong": cell(title),
      Fix: cell(fix),
      Explains: explains.map(code).join(", "),
    }));
    return [
      `### ${id}`,
      question,
      table(rows),
      ...distinct(shared.flatMap((cause) => first(cause.id) ?? [])).map((other) => {
        const names = shared.filter((cause) => first(cause.id) === other).map((cause) => code(cause.id));
        return `It also finds ${names.join(", ")} of [\`${other.id}\`](#${other.id}).`;
      }),
      `Rights: ${actions.map(code).join(", ")}`,
    ].join("\n\n");
  });
  return sections.join("\n\n");
}

const code = (text: string): string => `\`${text}\``;

function policyBlock(checks: readonly Check[]): string {
  const statement = { Sid: "EcsDoctorReads", Effect: "Allow", Action: actionsIn(checks), Resource: "*" };
  return `\`\`\`json\n${JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, null, 2)}\n\`\`\``;
}
