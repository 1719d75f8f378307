import { deployStatements } from "../../cli/handover/iam/deploy-policy";
import type { Statement } from "../../cli/handover/iam/statement";
import { type Json, readConfiguration } from "../../cli/handover/terraform-json/configuration";
import { referencesOf } from "../../cli/handover/terraform-json/references";

/** Returns the statements of the deploy policy of a stack. */
export function statementsOf(json: Json): Statement[] {
  const configuration = readConfiguration(json);
  return deployStatements(configuration, referencesOf(configuration));
}

/** Returns the statement with a name. */
export function statementNamed(statements: readonly Statement[], name: string): Statement {
  const found = statements.find(({ Sid }) => Sid === name);
  if (!found) throw new Error(`${name} is not among ${statements.map(({ Sid }) => Sid).join(", ")}`);
  return found;
}

export const actionsOf = (statements: readonly Statement[]): string[] => statements.flatMap(({ Action }) => Action);

/** Fills in the placeholders of statements, as the commands of the README do. */
export function filled(statements: readonly Statement[], name: string, values: object = {}): Statement[] {
  const all = {
    ...{ PARTITION: "aws", ACCOUNT_ID: "111122223333", REGION: "eu-west-1" },
    ...{ LOWERCASE_CLUSTER_NAME: name, CLUSTER_NAME: name, LOWERCASE_NAME: name, NAME: name },
    ...values,
  };
  const text = Object.entries(all)
    .sort(([a], [b]) => b.length - a.length)
    .reduce((before, [from, to]) => before.replaceAll(from, to), JSON.stringify(statements));
  return JSON.parse(text) as Statement[];
}

/** A request as IAM sees it: an action on a resource, with the values of condition keys. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context: { readonly [key: string]: string };
}

const pattern = (text: string, wildcards: boolean): RegExp => {
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/[*?]/g, wildcards ? "$&" : "\\$&");
  return new RegExp(`^${wildcards ? escaped.replace(/\*/g, ".*").replace(/\?/g, ".") : escaped}$`);
};

const PATTERNS = new Map<string, RegExp>();
const matches = (text: string, given: string, wildcards = true): boolean => {
  const key = `${wildcards}${text}`;
  const known = PATTERNS.get(key) ?? pattern(text, wildcards);
  PATTERNS.set(key, known);
  return known.test(given);
};

/** Returns whether a statement applies to a request. The keys that the caller chooses freely are not in the context. */
export function applies(statement: Statement, { action, resource, context }: Request): boolean {
  if (!statement.Action.includes(action)) return false;
  if (!statement.Resource.some((arn) => matches(arn, resource))) return false;
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => {
      const given = context[key];
      if (operator === "Null") return String(given === undefined) === values[0];
      if (isFree(key)) return true;
      if (given === undefined) return operator.startsWith("ForAllValues:");
      return values.some((value) => matches(value, given, /Like$/.test(operator)));
    }),
  );
}

/** The keys whose values a caller chooses, such as the tags of a request. */
const isFree = (key: string): boolean =>
  /^(aws:RequestTag\/|aws:RequestedRegion$|iam:|acm:|route53:|ec2:LaunchTemplate$)/.test(key);
