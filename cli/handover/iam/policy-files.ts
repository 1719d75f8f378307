import type { Files } from "../terraform-json/portable-json";
import type { Statement } from "./deploy-policy";

/** What IAM takes for a managed policy, spaces not counted. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const POLICY_LIMIT = 6_144;

/** As long as a placeholder's value may be: the document must still fit when it is filled in. */
const LONGEST: { readonly [placeholder: string]: number } = { PARTITION: 10, ACCOUNT_ID: 12, REGION: 14 };
const LONGEST_OTHER = 24;
const PLACEHOLDER = /(?<![A-Za-z_])[A-Z]{2,}(?:_[A-Z]+)*(?![A-Za-z_])/g;

/** `deploy-policy.json`, and where IAM would refuse that as too long, `deploy-policy-2.json` and so on: all are needed. */
export function policyFiles(statements: readonly Statement[]): Files {
  const parts: Statement[][] = [[]];
  for (const statement of statements) {
    const last = parts.at(-1) as Statement[];
    if (filledLength([...last, statement]) <= POLICY_LIMIT) last.push(statement);
    else parts.push([statement]);
  }
  return Object.fromEntries(
    parts.map((part, index) => [
      index === 0 ? "deploy-policy.json" : `deploy-policy-${index + 1}.json`,
      `${JSON.stringify(document(part), null, 2)}\n`,
    ]),
  );
}

const document = (statements: readonly Statement[]) => ({ Version: "2012-10-17", Statement: statements });

function filledLength(statements: readonly Statement[]): number {
  const text = JSON.stringify(document(statements));
  return text.replace(PLACEHOLDER, (word) => "x".repeat(Math.max(word.length, LONGEST[word] ?? LONGEST_OTHER))).length;
}
