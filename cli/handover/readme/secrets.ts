import { ofType, type Stack } from "../stack";
import { code, section, table } from "./markdown";

/** A secret in the expression of the containers: the name of its variable, and where ECS reads it. */
const NAMED = /"name" = "((?:[^"\\]|\\.)*)", "valueFrom" = (.+?) \}/g;
const CREDENTIALS = /"credentialsParameter" = (.+?) \}/g;

/** The secrets that must exist before the apply, because ECS reads them when it starts a container. */
export function secrets(stack: Stack): string {
  const rows = ofType(stack, "aws_ecs_task_definition").flatMap(({ address, body }) => {
    const text = String(body.container_definitions);
    return [
      ...[...text.matchAll(NAMED)].map(([, name = "", from = ""]) => [code(address), code(name), code(sourceOf(from))]),
      ...[...text.matchAll(CREDENTIALS)].map(([, from = ""]) => [code(address), "the registry", code(sourceOf(from))]),
    ];
  });
  return section(
    "Secrets",
    rows.length > 0 &&
      "ECS reads these secrets when it starts a container. They must exist before the first apply. Terraform never reads their values.",
    table(["Task definition", "Used as", "Secret"], rows),
    ...clientSecrets(stack),
  );
}

/** The client secrets that Terraform reads for the load balancer. */
function clientSecrets(stack: Stack): string[] {
  const rows = [
    ...ofType(stack, "aws_secretsmanager_secret_version", "data").map(({ address, body }) => [address, body.secret_id]),
    ...ofType(stack, "aws_ssm_parameter", "data")
      .filter(({ name }) => name.endsWith("_client_secret"))
      .map(({ address, body }) => [address, body.name]),
  ].map(([address, secret]) => [code(String(address)), code(String(secret))]);
  return rows.length === 0
    ? []
    : [
        "Terraform reads these secrets in each plan, for the listener rules. They must exist before the first plan. Terraform stores their " +
          "values in its state, so give only a few people access to the state.",
        table(["Data source", "Secret"], rows),
      ];
}

/** Returns the ARN, the name of the parameter, or the reference in an expression. */
function sourceOf(expression: string): string {
  const texts = [...expression.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text);
  const whole = texts.find((text) => text.startsWith("arn:") || text.startsWith("parameter/"));
  return whole?.replace(/^parameter(?=\/)/, "") ?? expression;
}

const TEXT = String.raw`("(?:[^"\\]|\\.)*"|[^,}]+?)`;
const ENVIRONMENT_FILE = new RegExp(`"value" = ${TEXT}, "type" = "s3"`, "g");
const ROUTER_FILE = new RegExp(`"config-file-type" = "s3", "config-file-value" = ${TEXT}(?=[,} ])`, "g");

/** The objects in S3 that must exist before the apply, because ECS reads them when it starts a container. */
export function files(stack: Stack): string {
  const rows = ofType(stack, "aws_ecs_task_definition").flatMap(({ address, body }) => {
    const text = String(body.container_definitions);
    const rowsOf = (pattern: RegExp, use: string) =>
      [...text.matchAll(pattern)].map(([, from = ""]) => [code(address), use, code(sourceOf(from))]);
    return [...rowsOf(ENVIRONMENT_FILE, "environment file"), ...rowsOf(ROUTER_FILE, "configuration of the log router")];
  });
  return section(
    "Files in S3",
    rows.length > 0 &&
      "ECS reads these objects when it starts a container. They must exist before the first apply, unless this folder creates them.",
    table(["Task definition", "Used as", "Object"], rows),
  );
}
