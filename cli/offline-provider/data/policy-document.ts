import { digest } from "../plan/fake";
import { isObject, type ObjectValue, type Value } from "../wire/values";
import type { Answer } from "./fixtures";

/** Returns policy JSON in the format of `aws_iam_policy_document`. One value is a string, several are a sorted list. */
export const policyDocument: Answer = ({ config }) => {
  const sources = list(config.source_policy_documents).map((json) => JSON.parse(String(json)) as ObjectValue);
  const statements = [...sources.flatMap((source) => list(source.Statement)), ...list(config.statement).map(statement)];
  const document = {
    Version: config.version ?? "2012-10-17",
    ...(config.policy_id ? { Id: config.policy_id } : {}),
    Statement: statements,
  };
  const minified = JSON.stringify(document);
  return {
    id: digest(minified, 10),
    json: JSON.stringify(document, null, 2),
    minified_json: minified,
    version: document.Version,
  };
};

function statement(block: Value): ObjectValue {
  const given = isObject(block) ? block : {};
  const result: ObjectValue = {};
  if (given.sid) result.Sid = given.sid;
  result.Effect = given.effect ?? "Allow";
  put(result, "Action", given.actions);
  put(result, "NotAction", given.not_actions);
  put(result, "Resource", given.resources);
  put(result, "NotResource", given.not_resources);
  putPrincipals(result, "Principal", list(given.principals));
  putPrincipals(result, "NotPrincipal", list(given.not_principals));
  const conditions: { [test: string]: ObjectValue } = {};
  for (const condition of list(given.condition).filter(isObject)) {
    const test = String(condition.test);
    conditions[test] = { ...conditions[test], [String(condition.variable)]: oneOrSorted(condition.values) };
  }
  if (Object.keys(conditions).length > 0) result.Condition = conditions;
  return result;
}

function putPrincipals(result: ObjectValue, key: string, principals: Value[]): void {
  const byType: ObjectValue = {};
  for (const principal of principals.filter(isObject)) {
    byType[String(principal.type)] = oneOrSorted(principal.identifiers);
  }
  if (Object.keys(byType).length === 0) return;
  result[key] = byType["*"] === "*" ? "*" : byType;
}

function put(result: ObjectValue, key: string, values: Value | undefined): void {
  if (list(values).length > 0) result[key] = oneOrSorted(values);
}

function oneOrSorted(values: Value | undefined): Value {
  const texts = list(values).map(String).sort();
  return texts.length === 1 ? (texts[0] ?? null) : texts;
}

function list(value: Value | undefined): Value[] {
  return Array.isArray(value) ? value : [];
}
