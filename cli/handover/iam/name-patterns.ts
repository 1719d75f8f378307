import { templateParts } from "../hcl/template";
import { type Element, HandoverError, type Json, type JsonObject, objects } from "../terraform-json/configuration";
import type { References } from "../terraform-json/references";

/** Names of elements as patterns for ARNs: `NAME-alb`, `/ecs/NAME`, or `*` if AWS generates the name. */
export interface NamePatterns {
  /** Returns the patterns of a token such as `{name}` or `{cluster}`. */
  of(token: string, element: Element): readonly string[];
}

const NAMES = [
  ...["name", "key_name", "family", "cluster_name", "service_name"],
  ...["repository_name", "alarm_name", "dashboard_name", "bucket"],
];
const PREFIXES = ["name_prefix", "key_name_prefix", "bucket_prefix"];
/** Types whose generated names start with `terraform-`. */
const GENERATED = ["aws_secretsmanager_secret", "aws_s3_bucket"];

export function namePatterns(references: References): NamePatterns {
  const pattern = (value: Json | undefined): string => {
    if (typeof value !== "string") return "*";
    const parts = templateParts(value).map((part) => ("text" in part ? part.text : expressionPattern(part.expression)));
    return parts.join("").replace(/\*{2,}/g, "*");
  };
  const expressionPattern = (expression: string): string => {
    const [, variable] = /^\s*var\.(\w+)\s*$/.exec(expression) ?? [];
    if (variable) return placeholder(variable);
    if (/^\s*(data\.aws_partition\.\w+\.partition|split\(":", [\w.]+\.arn\)\[1\])\s*$/.test(expression))
      return "PARTITION";
    const [, address = "", attribute = ""] = /^\s*((?:data\.)?\w+\.\w+)\.(\w+)\s*$/.exec(expression) ?? [];
    const other = references.find(address);
    if (!other) return "*";
    if (other.type === "aws_iam_policy" && attribute === "arn")
      return `arn:PARTITION:iam::ACCOUNT_ID:policy/${name(other)}`;
    return NAMES.includes(attribute) || attribute === "id" ? name(other) : "*";
  };
  /** Returns the ARN of a policy. A wildcard could match AdministratorAccess. @throws HandoverError for an unknown ARN */
  const policyArn = ({ address, body }: Element): string => {
    const arn = pattern(body.policy_arn);
    const resource = arn.split(":").slice(5).join(":");
    const isOwn = references.in(body.policy_arn ?? null).some(({ type }) => type === "aws_iam_policy");
    if (isOwn ? resource !== "policy/*" && arn !== "*" : arn !== "*" && !resource.includes("*")) return arn;
    throw new HandoverError(
      `The hand-over cannot read the ARN of the policy that ${address} attaches, so the deploy policy would allow other policies too. ` +
        "Write the ARN as text, or pass it as a variable.",
    );
  };
  const name = ({ body, type }: Element): string => {
    // The ARN of a role, a profile or a policy has the path before the name.
    const path = type.startsWith("aws_iam_") ? pattern(body.path ?? "/").slice(1) : "";
    const own = NAMES.find((key) => body[key] !== undefined);
    if (own) return `${path}${pattern(body[own])}`;
    const prefix = PREFIXES.find((key) => body[key] !== undefined);
    if (prefix) return `${path}${pattern(body[prefix])}*`.replace(/\*{2,}/g, "*");
    return GENERATED.includes(type) ? "terraform-*" : "*";
  };
  /** Returns the region, the account and the name of a secret: its own, or that of another state whose ARN it is. */
  const secretOf = (element: Element): string => {
    const { secret_id: id = null } = element.body;
    const isOwn = ({ mode, type }: Element) => mode === "resource" && type === "aws_secretsmanager_secret";
    const own = isOwn(element) ? element : references.in(id).find(isOwn);
    if (own) return `REGION:ACCOUNT_ID:secret:${name(own)}-??????`;
    const text = references.expanded(id);
    const [, given] = /arn:[\w-]+:secretsmanager:([\w-]+:\d+:secret:[\w/+=.@-]+)/.exec(text) ?? [];
    if (given) return given;
    return text.includes("${") || text.startsWith("arn:") ? "*:*:secret:*" : `REGION:ACCOUNT_ID:secret:${text}-??????`;
  };
  /** Returns the region, the account and the name of a parameter that a data source reads, unless it is a public one of AWS. */
  const ownParameter = ({ body }: Element): string[] => {
    const own = references
      .in(body.name ?? null)
      .find(({ mode, type }) => mode === "resource" && type === "aws_ssm_parameter");
    if (own) return [`REGION:ACCOUNT_ID:parameter/${name(own).replace(/^\//, "")}`];
    const text = references.expanded(body.name ?? null);
    if (text.includes("/aws/service/")) return [];
    const [, given] = /arn:[\w-]+:ssm:([\w-]+:\d+:parameter\/[\w/.-]+)/.exec(text) ?? [];
    if (given) return [given];
    return [text.includes("${") ? "*:*:parameter/*" : `REGION:ACCOUNT_ID:parameter/${text.replace(/^\//, "")}`];
  };
  /** Returns the name of a bucket. @throws HandoverError for an unknown bucket, because the pattern would match all buckets */
  const bucketOf = (element: Element): string => {
    const bucket = element.type === "aws_s3_bucket" ? name(element) : pattern(element.body.bucket);
    if (bucket !== "*") return bucket;
    throw new HandoverError(
      `The hand-over cannot read the name of the bucket of ${element.address}, so the deploy policy would allow all buckets. ` +
        "Write the name as text, or pass it as a variable.",
    );
  };
  /** Returns the nearest element of a type along references, such as the load balancer of a rule's listener. */
  const nearest = (element: Element, type: string, seen = new Set<Element>()): Element | undefined => {
    if (seen.has(element)) return undefined;
    seen.add(element);
    const direct = references.of(element);
    return (
      direct.find((other) => other.type === type) ?? direct.map((other) => nearest(other, type, seen)).find(Boolean)
    );
  };
  const namesOf = (element: Element, type: string): string[] => {
    const other = nearest(element, type) ?? (element.type === type ? element : undefined);
    return [other ? name(other) : "*"];
  };
  /** Returns the part of an ARN that names the type of a load balancer. A listener of another state's load balancer has its protocol. */
  const balancerType = (element: Element): "app" | "net" => {
    const balancer = element.type === "aws_lb" ? element : nearest(element, "aws_lb");
    const listener = element.type === "aws_lb_listener" ? element : nearest(element, "aws_lb_listener");
    const isNetwork =
      balancer?.mode === "resource"
        ? balancer.body.load_balancer_type === "network"
        : /^(TCP|UDP|TCP_UDP|TLS)$/.test(String(listener?.body.protocol));
    return isNetwork ? "net" : "app";
  };
  /** Returns the roles that an argument refers to, and the role of another state whose ARN it is. */
  const rolesOf = (value: Json = null): string[] => {
    const [, existing] = /^arn:[^:]+:iam::\d+:role\/(.+)$/.exec(typeof value === "string" ? value : "") ?? [];
    const own = references.in(value).filter(({ type }) => type === "aws_iam_role");
    return existing === undefined ? own.map(name) : [existing];
  };
  /** Returns the data sources of hosted zones that records of an element are in. The element can be a record, or its certificate. */
  const zonesOf = (element: Element): Element[] =>
    element.type === "aws_route53_zone"
      ? [element]
      : [element, ...references.to(element)].flatMap(({ body }) =>
          references.in(body.zone_id ?? null).filter(({ type }) => type === "aws_route53_zone"),
        );
  /** Returns the ids of the hosted zones of an element: placeholders, such as ZONE_ID beside ZONE_NAME. */
  const zoneIds = (element: Element): string[] => {
    const { zone_id: id } = element.body;
    if (typeof id === "string" && !id.includes("${")) return [id];
    const zones = zonesOf(element);
    if (zones.length === 0) return [pattern(id)];
    return zones.map(({ mode, body }) => {
      if (mode === "resource") return "*";
      const zone = pattern(body.name);
      return /^[A-Z0-9_]*ZONE_NAME$/.test(zone) ? zone.replace(/NAME$/, "ID") : "ZONE_ID";
    });
  };
  /** Returns the types of a record: `CNAME` for the records that validate a certificate. */
  const recordType = ({ type }: JsonObject): string =>
    typeof type === "string" && !type.includes("${") ? type : "CNAME";
  /** Returns the id of a user pool, or a wildcard for a pool that the code refers to. */
  const poolOf = ({ user_pool_arn: arn }: JsonObject): string => /:userpool\/(.+)$/.exec(pattern(arn))?.[1] ?? "*";
  return {
    of: (token, element) => {
      const { body } = element;
      if (token === "name") return [name(element)];
      if (token === "cluster") return namesOf(element, "aws_ecs_cluster");
      if (token === "balancer") return namesOf(element, "aws_lb");
      if (token === "balancerType") return [balancerType(element)];
      if (token === "group") return namesOf(element, "aws_autoscaling_group");
      if (token === "hookRole") return references.in(body.role_arn ?? null).map(name);
      if (token === "webAcl") return namesOf(element, "aws_wafv2_web_acl");
      if (token === "eventRule") return namesOf(element, "aws_cloudwatch_event_rule");
      if (token === "repository") return namesOf(element, "aws_ecr_repository");
      if (token === "role") return references.in(body.role ?? null).map(name);
      if (token === "policy") return [policyArn(element)];
      if (token === "secret") return [secretOf(element)];
      if (token === "zoneId") return zoneIds(element);
      if (token === "zoneName") return zonesOf(element).map(({ body: zone }) => pattern(zone.name));
      if (token === "recordType") return [recordType(body)];
      if (token === "ownParameter") return ownParameter(element);
      if (token === "parameter") return [name(element).replace(/^\//, "")];
      if (token === "bucket") return [bucketOf(element)];
      if (token === "service") return [pattern(body.aws_service_name)];
      if (token === "boundary") return [pattern(body.permissions_boundary)];
      if (token === "volumeRole") return valuesOf(body.volume_configuration, "role_arn").flatMap(rolesOf);
      if (token === "tlsRole") return valuesOf(body.service_connect_configuration, "role_arn").flatMap(rolesOf);
      if (token === "schedulerRole") return valuesOf(body.target, "role_arn").flatMap(rolesOf);
      if (token === "scheduleGroup") return [pattern(body.group_name ?? "default")];
      if (token === "deploymentRole")
        return valuesOf([body.deployment_configuration ?? null, body.load_balancer ?? null], "role_arn").flatMap(
          rolesOf,
        );
      if (token === "userPool")
        return objects(body.action).flatMap((action) => objects(action.authenticate_cognito).map(poolOf));
      if (token === "taskRole") return [body.execution_role_arn, body.task_role_arn].flatMap(rolesOf);
      throw new Error(`A grant in cli/handover/iam has the unknown token {${token}}.`);
    },
  };
}

/** Returns the placeholder of a variable: `REGION` for `var.region`. */
export const placeholder = (variable: string): string => variable.toUpperCase();

/** Returns the values of an argument in blocks and in the blocks inside them. */
function valuesOf(blocks: Json = null, name: string): Json[] {
  if (Array.isArray(blocks)) return blocks.flatMap((block) => valuesOf(block, name));
  if (typeof blocks !== "object" || blocks === null) return [];
  return Object.entries(blocks).flatMap(([key, value]) => (key === name ? [value] : valuesOf(value, name)));
}
