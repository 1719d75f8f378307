import { isObject, type ObjectValue, type Value } from "../wire/values";
import { decodingError } from "./go-json";
import type { Problem } from "./validate";

/** Returns the error of the AWS provider about a JSON argument, if there is one. */
type JsonCheck = (text: string, argument: string) => string | undefined;

const containerDefinitions: JsonCheck = (text) => {
  const error = withJson(text, (value) => decodingError(value, "[]types.ContainerDefinition"));
  return error && `ECS Task Definition container_definitions is invalid: decoding JSON: ${error}`;
};

const anyJson: JsonCheck = (text, argument) => {
  const error = withJson(text, () => undefined);
  return error && `"${argument}" contains an invalid JSON: ${error}`;
};

const policy: JsonCheck = (text, argument) => {
  const problem = (what: string) => `"${argument}" contains an invalid JSON policy: ${what}`;
  if (text === "") return `"${argument}" is an empty string, which is not a valid JSON value`;
  if (/^\s/.test(text)) return problem("leading space characters are not allowed");
  if (text.startsWith('"')) return problem("contains a JSON-encoded string, not a JSON-encoded object");
  if (text.startsWith("[")) return problem("contains a JSON array, not a JSON object");
  if (!text.startsWith("{")) return problem("not a JSON object");
  const error = withJson(text, () => undefined);
  return error && problem(error);
};

/** The JSON arguments by type. */
const JSON_ARGUMENTS: { readonly [type: string]: { readonly [argument: string]: JsonCheck } } = {
  aws_cloudwatch_dashboard: { dashboard_body: anyJson },
  aws_cloudwatch_event_rule: { event_pattern: anyJson },
  aws_cloudwatch_log_resource_policy: { policy_document: policy },
  aws_ecr_lifecycle_policy: { policy: anyJson },
  aws_ecs_task_definition: { container_definitions: containerDefinitions },
  aws_efs_file_system_policy: { policy },
  aws_iam_policy: { policy },
  aws_iam_role: { assume_role_policy: policy },
  aws_iam_role_policy: { policy },
  aws_kms_key: { policy },
};

/** Returns the AWS provider's errors about a resource's JSON. An unknown text is validated at apply. */
export function problemsInJson(type: string, values: ObjectValue): Problem[] {
  return Object.entries(JSON_ARGUMENTS[type] ?? {}).flatMap(([argument, check]) => {
    const text = values[argument];
    const summary = typeof text === "string" ? check(text, argument) : undefined;
    return summary === undefined ? [] : [{ summary, detail: "", path: [argument] }];
  });
}

function withJson(text: string, check: (value: Value) => string | undefined): string | undefined {
  try {
    return check(JSON.parse(text) as Value);
  } catch (error) {
    return (error as Error).message;
  }
}

/** Returns AWS's error about the policies of a resource. The AWS provider does not validate their statements. */
export function policyError(type: string, values: ObjectValue): string | undefined {
  const texts = Object.entries(JSON_ARGUMENTS[type] ?? {}).flatMap(([argument, check]) => {
    const text = values[argument];
    return check === policy && typeof text === "string" ? [text] : [];
  });
  return texts.every((text) => isPolicy(JSON.parse(text)))
    ? undefined
    : "MalformedPolicyDocument: Syntax errors in policy.";
}

/** Returns whether each statement of a policy has strings where AWS requires strings. */
function isPolicy(document: Value): boolean {
  const { Statement } = isObject(document) ? document : {};
  const statements = Array.isArray(Statement) ? Statement : [Statement ?? null];
  const isText = (value: Value | undefined) =>
    value === undefined || [value].flat().every((item) => typeof item === "string");
  const names = ["Action", "NotAction", "Resource", "NotResource"];
  return statements.every(
    (statement) =>
      isObject(statement) &&
      (statement.Effect === "Allow" || statement.Effect === "Deny") &&
      names.every((name) => isText(statement[name])),
  );
}
