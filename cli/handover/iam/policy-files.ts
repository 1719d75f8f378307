import type { Files } from "../terraform-json/portable-json";
import type { Statement } from "./statement";

/**
 * The most characters of a managed policy, without spaces.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const POLICY_LIMIT = 6_144;

/** The most managed policies of a role, unless AWS raised the quota. */
export const POLICIES_OF_ROLE = 10;

/** The lengths of the longest values of placeholders. The policy must also fit with these values. */
const LONGEST: { readonly [placeholder: string]: number } = { PARTITION: 10, ACCOUNT_ID: 12, REGION: 14 };
const LONGEST_OTHER = 24;
const LONGEST_ARN = 128;
const PLACEHOLDER = /(?<![A-Za-z_])[A-Z]{2,}(?:_[A-Z]+)*(?![A-Za-z_])/g;

/** Returns `NAME.json`, and `NAME-2.json` and so on if one policy would exceed IAM's limit. */
export function policyFiles(name: string, statements: readonly Statement[]): Files {
  const parts: Statement[][] = [];
  for (const statement of statements.flatMap(fitting)) {
    const part = parts.find((before) => filledLength([...before, statement]) <= POLICY_LIMIT);
    if (part) part.push(statement);
    else parts.push([statement]);
  }
  return Object.fromEntries(
    parts.map((part, index) => [
      index === 0 ? `${name}.json` : `${name}-${index + 1}.json`,
      `${JSON.stringify(document(part), null, 2)}\n`,
    ]),
  );
}

/** Splits the resources of a statement that would exceed the limit alone. */
function fitting(statement: Statement): Statement[] {
  const { Sid, Resource } = statement;
  const parts = Math.ceil(filledLength([statement]) / (POLICY_LIMIT / 2));
  if (filledLength([statement]) <= POLICY_LIMIT || Resource.length < 2) return [statement];
  const size = Math.ceil(Resource.length / parts);
  return Array.from({ length: Math.ceil(Resource.length / size) }, (_, index) => ({
    ...statement,
    Sid: index === 0 ? Sid : `${Sid}Part${index + 1}`,
    Resource: Resource.slice(index * size, (index + 1) * size),
  }));
}

const document = (statements: readonly Statement[]) => ({ Version: "2012-10-17", Statement: statements });

/** Returns the length of a policy with the longest values for its placeholders, without spaces. */
function filledLength(statements: readonly Statement[]): number {
  const text = JSON.stringify(document(statements));
  const longest = (word: string) => LONGEST[word] ?? (/_(ARN|BOUNDARY)$/.test(word) ? LONGEST_ARN : LONGEST_OTHER);
  return text.replace(PLACEHOLDER, (word) => "x".repeat(Math.max(word.length, longest(word)))).length;
}
