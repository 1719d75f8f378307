import { stringEnd, templateParts } from "../hcl/template";
import { type Element, HandoverError, type Json, type JsonObject, objects } from "../terraform-json/configuration";
import type { References } from "../terraform-json/references";

/** Names of elements as patterns for ARNs: `NAME-alb`, `/ecs/NAME`, or `*` if AWS generates the name. */
export interface NamePatterns {
  /** Returns the patterns of a token such as `{name}` or `{cluster}`. */
  of(token: string, element: Element): readonly string[];
  /** Returns the pattern of a value, such as a tag. */
  pattern(value: Json | undefined): string;
  /** Returns the nearest element of a type along references. */
  nearest(element: Element, type: string): Element | undefined;
}

/**
 * What Terraform appends to a prefix: the time and a counter, in 26 digits. A pattern with this length never matches a name of
 * a stack whose name continues with the prefix, such as `shop-prod-web-exec-…` for `shop-`.
 */
const GENERATED_SUFFIX = `20${"?".repeat(24)}`;

const NAMES = [
  ...["name", "key_name", "family", "cluster_name", "service_name"],
  ...["repository_name", "alarm_name", "dashboard_name", "bucket"],
];
const PREFIXES = ["name_prefix", "key_name_prefix", "bucket_prefix"];
/** Types whose generated names start with `terraform-`. */
const GENERATED = ["aws_secretsmanager_secret", "aws_s3_bucket"];

export function namePatterns(references: References): NamePatterns {
  const pattern = (value: Json | undefined, isLower = false): string => {
    if (typeof value !== "string") return "*";
    const parts = templateParts(value).map((part) => {
      if ("expression" in part) return expressionPattern(part.expression, isLower);
      return isLower ? part.text.toLowerCase() : part.text;
    });
    return parts.join("").replace(/\*{2,}/g, "*");
  };
  const expressionPattern = (expression: string, isLower: boolean): string => {
    const text = expression.trim();
    if (text.startsWith('"') && stringEnd(text, 1) === text.length - 1) return pattern(text.slice(1, -1), isLower);
    const [, lowered] = /^lower\((.*)\)$/s.exec(text) ?? [];
    if (lowered !== undefined) return expressionPattern(lowered, true);
    const [, variable] = /^var\.(\w+)$/.exec(text) ?? [];
    if (variable) return `${isLower ? LOWERCASE : ""}${placeholder(variable)}`;
    if (/^(data\.aws_partition\.\w+\.partition|split\(":", [\w.]+\.arn\)\[1\])$/.test(text)) return "PARTITION";
    const [, address = "", attribute = ""] = /^((?:data\.)?\w+\.\w+)\.(\w+)$/.exec(text) ?? [];
    const other = references.find(address);
    if (!other) return "*";
    if (other.type === "aws_iam_policy" && attribute === "arn")
      return `arn:PARTITION:iam::ACCOUNT_ID:policy/${name(other)}`;
    return NAMES.includes(attribute) || attribute === "id" ? name(other, isLower) : "*";
  };
  const isOwnPolicy = (arn: Json = null): boolean => references.in(arn).some(({ type }) => type === "aws_iam_policy");
  /** Returns the ARN of a policy. A wildcard could match AdministratorAccess. @throws HandoverError for an unknown ARN */
  const policyArn = ({ address, body }: Element): string => {
    const arn = pattern(body.policy_arn);
    const resource = arn.split(":").slice(5).join(":");
    if (isOwnPolicy(body.policy_arn) ? resource !== "policy/*" && arn !== "*" : arn !== "*" && !resource.includes("*"))
      return arn;
    throw new HandoverError(
      `The hand-over cannot read the ARN of the policy that ${address} attaches, so the deploy policy would allow other policies too. ` +
        "Write the ARN as text, or pass it as a variable.",
    );
  };
  const name = ({ body, type }: Element, isLower = false): string => {
    // The ARN of a role, a profile or a policy has the path before the name.
    const path = type.startsWith("aws_iam_") ? pattern(body.path ?? "/").slice(1) : "";
    const own = NAMES.find((key) => body[key] !== undefined);
    if (own) return `${path}${pattern(body[own], isLower)}`;
    const prefix = PREFIXES.find((key) => body[key] !== undefined);
    if (prefix) return `${path}${pattern(body[prefix], isLower)}${GENERATED_SUFFIX}`;
    return GENERATED.includes(type) ? `terraform-${GENERATED_SUFFIX}` : "*";
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
  const namesOf = (element: Element, type: string, given?: Json): string[] => {
    const other = nearest(element, type) ?? (element.type === type ? element : undefined);
    return [other ? name(other) : pattern(given)];
  };
  /** Returns the name of the cluster of an element: of the stack, of a data source, or of the ARN or the variable that it is found by. */
  const clusterOf = (element: Element): string => {
    const [own = "*"] = namesOf(element, "aws_ecs_cluster");
    if (own !== "*") return own;
    const text = references.expanded(element.body.cluster ?? null);
    const [, given] = /^(?:arn:[\w-]+:ecs:[\w-]*:\d*:cluster\/)?([\w-]+)$/.exec(text) ?? [];
    const [, variable] = /element\(split\("\/", \w+\), 1\) == var\.(\w+)/.exec(text) ?? [];
    return given ?? (variable ? placeholder(variable) : "*");
  };
  /** Returns the type and the name of a load balancer as in its ARN. A listener of another state has its ARN or its protocol. */
  const balancerOf = (element: Element): { readonly type: string; readonly name: string } => {
    const balancer = element.type === "aws_lb" ? element : nearest(element, "aws_lb");
    if (balancer?.mode === "resource")
      return { type: balancer.body.load_balancer_type === "network" ? "net" : "app", name: name(balancer) };
    const listener = element.type === "aws_lb_listener" ? element : nearest(element, "aws_lb_listener");
    const arns = [element, listener].map(
      (one) => one && [one.body.listener_arn, one.body.load_balancer_arn, one.body.arn],
    );
    const [, type, given] =
      /:(?:listener|loadbalancer)\/(app|net)\/([\w-]+)\//.exec(
        references.expanded(arns.flat().map((arn) => arn ?? null)),
      ) ?? [];
    if (type && given) return { type, name: given };
    return { type: /^(TCP|UDP|TCP_UDP|TLS)$/.test(String(listener?.body.protocol)) ? "net" : "app", name: "*" };
  };
  /** Returns the roles that an argument refers to, and the role of another state whose ARN it is. */
  const rolesOf = (value: Json = null): string[] => {
    const [, existing] = /^arn:[^:]+:iam::\d+:role\/(.+)$/.exec(typeof value === "string" ? value : "") ?? [];
    const own = references.in(value).filter(({ type }) => type === "aws_iam_role");
    return existing === undefined ? own.map((role) => name(role)) : [existing];
  };
  /** Returns the permissions boundary of a role, or of the role of a policy. @throws HandoverError for an unknown boundary */
  const boundaryOf = (element: Element): string[] =>
    [element, ...references.in(element.body.role ?? null)].flatMap(({ type, address, body }) => {
      if (type !== "aws_iam_role" || !body.permissions_boundary) return [];
      const boundary = pattern(body.permissions_boundary);
      if (!/[*?]/.test(boundary)) return [boundary];
      throw new HandoverError(
        `The hand-over cannot read the ARN of the permissions boundary of ${address}, so the deploy policy would allow other boundaries ` +
          "too. Write the ARN as text, pass it as a variable, or refer to a policy with a name.",
      );
    });
  /** Returns the ID of a file system, or a wildcard for one of the stack, which has its tag. */
  const fileSystemOf = ({ body: { file_system_id: id } }: Element): string =>
    references.in(id ?? null).length > 0 ? "*" : pattern(id);
  /** Returns what Application Auto Scaling scales, `service/NAME/web`. A policy has it from its target. */
  const scalableOf = (element: Element): string => {
    const target = nearest(element, "aws_appautoscaling_target") ?? element;
    return pattern(target.body.resource_id);
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
  /** Whether the profile of a launch template is a resource of the configuration, whose grants have its role. */
  const ofOwnProfile = ({ iam_instance_profile: profile }: JsonObject): boolean =>
    references.in(profile ?? null).some(({ mode, type }) => mode === "resource" && type === "aws_iam_instance_profile");
  /** Returns the id of a user pool, or a wildcard for a pool that the code refers to. */
  const poolOf = ({ user_pool_arn: arn }: JsonObject): string => /:userpool\/(.+)$/.exec(pattern(arn))?.[1] ?? "*";
  return {
    pattern: (value) => pattern(value),
    nearest: (element, type) => nearest(element, type),
    of: (token, element) => {
      const { body } = element;
      if (token === "name") return [name(element)];
      if (token === "cluster") return [clusterOf(element)];
      if (token === "balancer") return [balancerOf(element).name];
      if (token === "balancerType") return [balancerOf(element).type];
      if (token === "group") return namesOf(element, "aws_autoscaling_group", body.autoscaling_group_name);
      if (token === "hookRole") return references.in(body.role_arn ?? null).map((role) => name(role));
      if (token === "webAcl") return namesOf(element, "aws_wafv2_web_acl");
      if (token === "eventRule") return namesOf(element, "aws_cloudwatch_event_rule", body.rule);
      if (token === "repository") return namesOf(element, "aws_ecr_repository", body.repository);
      if (token === "profileRole") return ofOwnProfile(body) ? [] : ["PROFILE_ROLE"];
      if (token === "role") return references.in(body.role ?? null).map((role) => name(role));
      if (token === "policy") return [policyArn(element)];
      if (token === "secret") return [secretOf(element)];
      if (token === "zoneId") return zoneIds(element);
      if (token === "zoneName") return zonesOf(element).map(({ body: zone }) => pattern(zone.name));
      if (token === "recordType") return [recordType(body)];
      if (token === "ownParameter") return ownParameter(element);
      if (token === "parameter") return [name(element).replace(/^\//, "")];
      if (token === "bucket") return [bucketOf(element)];
      if (token === "service") return [pattern(body.aws_service_name)];
      if (token === "boundary") return boundaryOf(element);
      if (token === "otherBoundary") return isOwnPolicy(body.permissions_boundary) ? [] : boundaryOf(element);
      if (token === "unknownBalancer") return balancerOf(element).name === "*" ? ["*"] : [];
      if (token === "fileSystem") return [fileSystemOf(element)];
      if (token === "scalable") return [scalableOf(element)];
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

/** The start of the placeholder of a variable in lower case: `LOWERCASE_NAME` for `lower(var.name)`. */
export const LOWERCASE = "LOWERCASE_";

/** Returns the placeholder of a variable: `REGION` for `var.region`. */
export const placeholder = (variable: string): string => variable.toUpperCase();

/** Returns the values of an argument in blocks and in the blocks inside them. */
function valuesOf(blocks: Json = null, name: string): Json[] {
  if (Array.isArray(blocks)) return blocks.flatMap((block) => valuesOf(block, name));
  if (typeof blocks !== "object" || blocks === null) return [];
  return Object.entries(blocks).flatMap(([key, value]) => (key === name ? [value] : valuesOf(value, name)));
}
