import { quotedTemplate } from "../hcl/expression";
import { templateParts } from "../hcl/template";
import {
  type Configuration,
  type Element,
  HandoverError,
  isObject,
  type Json,
  type JsonObject,
  objects,
} from "./configuration";

/**
 * The types of resources with the argument `tags`. Terraform JSON does not say which arguments a resource can have. A test
 * compares the list with the schema of the provider.
 */
export const TAGGED: readonly string[] = (
  "aws_acm_certificate aws_appautoscaling_target aws_cloudwatch_event_rule aws_cloudwatch_log_group " +
  "aws_cloudwatch_metric_alarm aws_ecr_repository aws_ecs_capacity_provider aws_ecs_cluster aws_ecs_service " +
  "aws_ecs_task_definition aws_efs_access_point aws_efs_file_system aws_eip aws_iam_instance_profile aws_iam_policy " +
  "aws_iam_role aws_iam_service_linked_role aws_key_pair aws_kms_key aws_launch_template aws_lb aws_lb_listener " +
  "aws_lb_listener_rule aws_lb_target_group aws_placement_group aws_s3_bucket aws_s3_object " +
  "aws_scheduler_schedule_group aws_secretsmanager_secret aws_security_group aws_service_discovery_http_namespace " +
  "aws_service_discovery_private_dns_namespace aws_service_discovery_service aws_sns_topic aws_sqs_queue " +
  "aws_ssm_parameter aws_vpc_endpoint aws_vpc_security_group_egress_rule aws_vpc_security_group_ingress_rule " +
  "aws_wafv2_web_acl"
).split(" ");

/** What the files of a module have in place of the stack's. */
interface Module {
  readonly terraform: JsonObject;
  readonly locals: JsonObject;
  /** Returns the body of a resource or a data source. */
  bodyOf(element: Element): JsonObject;
}

/**
 * Returns what makes a stack a module, apart from the configuration of the provider, which it does not have: the provider's
 * default tags on each resource, and a range of provider versions instead of one version.
 *
 * @throws HandoverError for a stack with several configurations of a provider
 */
export function asModule(configuration: Configuration): Module {
  throwIfAliases(configuration.providers);
  const { terraform, locals } = configuration;
  const [tags] = configuration.providers.flatMap(({ body }) => objects(body.default_tags).map((block) => block.tags));
  const local = localName(locals);
  return {
    terraform: withVersionRanges(terraform),
    locals: tags === undefined ? locals : { ...locals, [local]: tags },
    bodyOf: ({ mode, type, body }) =>
      tags !== undefined && mode === "resource" && TAGGED.includes(type) ? withTags(body, `local.${local}`) : body,
  };
}

/** A module with aliases would have to declare them, and each of its users would have to pass them. */
function throwIfAliases(providers: Configuration["providers"]): void {
  const aliases = providers.flatMap(({ name, body }) => (body.alias === undefined ? [] : [`${name}.${body.alias}`]));
  if (aliases.length === 0) return;
  throw new HandoverError(
    `--module requires a stack with one configuration of each provider; received also ${aliases.join(", ")}. ` +
      "Omit --module, or use one stack for each region.",
  );
}

function localName(locals: JsonObject): string {
  let name = "default_tags";
  while (name in locals) name += "_";
  return name;
}

/** Adds tags below the resource's own, as the provider does with default tags. */
function withTags(body: JsonObject, defaults: string): JsonObject {
  // An object in S3 can have its own default tags, because it can have only 10.
  if (body.override_provider !== undefined) return body;
  const { tags } = body;
  const all = tags === undefined || tags === null ? defaults : `merge(${defaults}, ${expressionOf(tags)})`;
  return { ...body, tags: `\${${all}}` };
}

/** Renders a value of Terraform JSON inside an expression. */
function expressionOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(expressionOf).join(", ")}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, inner]) => `${expressionOf(key)} = ${expressionOf(inner)}`);
    return `{ ${entries.join(", ")} }`;
  }
  if (typeof value !== "string") return JSON.stringify(value);
  const parts = templateParts(value);
  const [only] = parts;
  if (parts.length === 1 && only && "expression" in only && only.opening === "${") return `(${only.expression.trim()})`;
  return quotedTemplate(parts);
}

/** `6.25.0` becomes `>= 6.25.0, < 7.0.0`, because all modules of a configuration share one version of a provider. */
function withVersionRanges(terraform: JsonObject): JsonObject {
  if (!isObject(terraform.required_providers)) return terraform;
  const ranges = Object.entries(terraform.required_providers).map(([name, requirement]): [string, Json] => {
    const version = isObject(requirement) ? /^=?\s*((\d+)\.\d+\.\d+)$/.exec(String(requirement.version)) : null;
    if (!version) return [name, requirement];
    const [, from, major] = version;
    return [name, { ...(requirement as JsonObject), version: `>= ${from}, < ${Number(major) + 1}.0.0` }];
  });
  return { ...terraform, required_providers: Object.fromEntries(ranges) };
}
