import { type Configuration, type Element, HandoverError, strings } from "../terraform-json/configuration";
import type { Files } from "../terraform-json/portable-json";
import type { References } from "../terraform-json/references";
import { ALARM_GRANTS } from "./alarm-grants";
import { BOUNDARY_GRANT, CLUSTER_GRANTS, CREATE_ROLE_GRANT, WARM_POOL_GRANT } from "./cluster-grants";
import { DATA_SOURCE_GRANTS } from "./data-source-grants";
import { type Grant, iam } from "./grant";
import { type NamePatterns, namePatterns } from "./name-patterns";
import { SERVICE_GRANTS } from "./service-grants";
import { STORAGE_GRANTS } from "./storage-grants";

/** The grants of each resource type: what version 6 of the provider calls to create, read, update and delete it. */
const RESOURCE_GRANTS: { readonly [type: string]: readonly Grant[] } = {
  ...CLUSTER_GRANTS,
  ...SERVICE_GRANTS,
  ...STORAGE_GRANTS,
  ...ALARM_GRANTS,
};

/** The grants of arguments that most stacks do not have, and those without the argument. The length of the policy is limited. */
const FURTHER_GRANTS: readonly (readonly [type: string, argument: string, grant: Grant, otherwise?: Grant])[] = [
  ["aws_autoscaling_group", "warm_pool", WARM_POOL_GRANT],
  ["aws_iam_role", "permissions_boundary", BOUNDARY_GRANT, CREATE_ROLE_GRANT],
  ["aws_ecs_service", "volume_configuration", iam.passVolumeRole],
  ["aws_ecs_service", "service_connect_configuration", iam.passTlsRole],
  ["aws_ecs_service", "deployment_configuration", iam.passDeploymentRole],
];

/** A statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };
}

/** Returns the statements that `terraform apply` and `destroy` need. @throws HandoverError for a type without grants */
export function deployStatements(configuration: Configuration, references: References): Statement[] {
  const names = namePatterns(references);
  const tag = clusterTag(configuration);
  const bySid = new Map<string, Statement>([["Read", readStatement()]]);
  for (const element of configuration.elements) {
    for (const grant of grantsOf(element)) {
      const statement = statementOf(grant, element, names, tag);
      const before = bySid.get(grant.sid);
      if (statement.Resource.length > 0) bySid.set(grant.sid, before ? union(before, statement) : statement);
    }
  }
  return mergedByScope(
    [...bySid.values()].map((statement) => ({ ...statement, Resource: byPrefix(statement.Resource) })),
  );
}

/** Merges statements with the same resources and condition. Keeps `Read` apart. */
function mergedByScope(statements: readonly Statement[]): Statement[] {
  const byScope = new Map<string, Statement>();
  for (const statement of statements) {
    const scope = JSON.stringify([statement.Sid === "Read", statement.Resource, statement.Condition]);
    const before = byScope.get(scope);
    byScope.set(scope, before ? { ...before, Action: sortedUnion(before.Action, statement.Action) } : statement);
  }
  return [...byScope.values()];
}

const sortedUnion = (left: readonly string[], right: readonly string[]): string[] =>
  [...new Set([...left, ...right])].sort();

/** The most ARNs that a statement lists before `byPrefix` merges them. */
const MOST_LISTED = 2;

/**
 * Merges more ARNs that start with the stack's name into `…/NAME-*`. Otherwise, the policy of ten services would exceed
 * IAM's limit, and each new service would change it.
 */
function byPrefix(arns: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const arn of arns) {
    const [stem = arn] = /^.*?\bNAME/.exec(arn) ?? [];
    groups.set(stem, [...(groups.get(stem) ?? []), arn]);
  }
  return [...groups].flatMap(([stem, group]) => {
    if (group.length <= MOST_LISTED) return group;
    const separator = ["-", "/"].find((character) => group.every((arn) => arn.startsWith(stem + character))) ?? "";
    return [`${stem}${separator}*`];
  });
}

/** The provider calls GetCallerIdentity in every run. */
const readStatement = (): Statement => ({
  Sid: "Read",
  Effect: "Allow",
  Action: ["sts:GetCallerIdentity"],
  Resource: ["*"],
  Condition: { StringEquals: { "aws:RequestedRegion": ["REGION"] } },
});

function grantsOf({ mode, type, address, body }: Element): readonly Grant[] {
  const grants = (mode === "data" ? DATA_SOURCE_GRANTS : RESOURCE_GRANTS)[type];
  const further = FURTHER_GRANTS.flatMap(([of, argument, grant, otherwise]) =>
    of === type ? ((body[argument] ? grant : otherwise) ?? []) : [],
  );
  if (grants) return [...grants, ...further];
  const kind = mode === "data" ? "data source" : "resource";
  throw new HandoverError(
    `The hand-over does not know the IAM actions of the ${kind} type "${type}" (${address}). Without them, the deploy policy ` +
      `would fail during the apply. Add its grants in cli/handover/iam.`,
  );
}

function statementOf(grant: Grant, element: Element, names: NamePatterns, tag: ClusterTag | undefined): Statement {
  const [service = "", actions = ""] = [
    grant.actions.split(":")[0],
    grant.actions.slice(grant.actions.indexOf(":") + 1),
  ];
  const condition = conditionOf(grant, tag);
  const filled = (text: string): string[] => expanded(text, element, names);
  return {
    Sid: grant.sid,
    Effect: "Allow",
    Action: actions.split(" ").map((action) => `${service}:${action}`),
    Resource: grant.on.flatMap((arn) => (arn === "*" ? ["*"] : filled(`arn:PARTITION:${arn}`))),
    ...(condition ? { Condition: filledCondition(condition, filled) } : {}),
  };
}

function expanded(text: string, element: Element, names: NamePatterns): string[] {
  const [whole, token] = /\{(\w+)\}/.exec(text) ?? [];
  if (whole === undefined || token === undefined) return [text];
  return names.of(token, element).flatMap((name) =>
    expanded(
      text.replace(whole, () => name),
      element,
      names,
    ),
  );
}

type Conditions = NonNullable<Statement["Condition"]>;

function conditionOf({ when }: Grant, tag: ClusterTag | undefined): Conditions | undefined {
  if (when?.kind === "fixed") return when.test;
  if (when?.kind === "region") return { StringEquals: { "aws:RequestedRegion": ["REGION"] } };
  // Without a common tag, no condition can match the stack's resources.
  if (when === undefined || tag === undefined) return undefined;
  const key = when.kind === "tagged" ? "aws:ResourceTag" : "aws:RequestTag";
  return { StringEquals: { [`${key}/${tag.key}`]: [tag.placeholder] } };
}

/** Fills in the placeholders of a condition. A key without a value is left out. */
const filledCondition = (condition: Conditions, filled: (text: string) => string[]): Conditions => {
  const whole = mapConditions(condition, (values) => [...new Set(values.flatMap(filled))]);
  const parts = Object.entries(whole).map(([operator, keys]) => {
    const used = Object.entries(keys).filter(([, values]) => values.length > 0);
    return [operator, Object.fromEntries(used)] as const;
  });
  return Object.fromEntries(parts.filter(([, keys]) => Object.keys(keys).length > 0));
};

const mapConditions = (condition: Conditions, map: (values: readonly string[]) => readonly string[]): Conditions =>
  Object.fromEntries(
    Object.entries(condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, map(listOf(values))])),
    ]),
  );

const listOf = (values: string | readonly string[]): readonly string[] =>
  typeof values === "string" ? [values] : values;

function union(a: Statement, b: Statement): Statement {
  const conditions = a.Condition
    ? Object.fromEntries(
        Object.entries(a.Condition).map(([operator, keys]) => [
          operator,
          Object.fromEntries(
            Object.entries(keys).map(([key, values]) => [
              key,
              sortedUnion(listOf(values), listOf(b.Condition?.[operator]?.[key] ?? [])),
            ]),
          ),
        ]),
      )
    : undefined;
  return {
    ...a,
    Action: sortedUnion(a.Action, b.Action),
    Resource: sortedUnion(a.Resource, b.Resource),
    ...(conditions ? { Condition: conditions } : {}),
  };
}

interface ClusterTag {
  readonly key: string;
  readonly placeholder: string;
}

/** Returns the default tag of the provider that has the cluster's name as its value: `{ Cluster = var.name }`. */
export function clusterTag({ providers }: Configuration): ClusterTag | undefined {
  const tags = strings(providers.flatMap(({ body }) => body.default_tags ?? [])).map(({ text }) => text);
  const [, key, variable] = /\b([A-Za-z]\w*)"?\s*[=:]\s*var\.(\w+)/.exec(tags.join("\n")) ?? [];
  return key && variable ? { key, placeholder: variable.toUpperCase() } : undefined;
}

/**
 * The most characters of a managed policy, without spaces.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const POLICY_LIMIT = 6_144;

/** The lengths of the longest values of placeholders. The policy must also fit with these values. */
const LONGEST: { readonly [placeholder: string]: number } = { PARTITION: 10, ACCOUNT_ID: 12, REGION: 14 };
const LONGEST_OTHER = 24;
const PLACEHOLDER = /(?<![A-Za-z_])[A-Z]{2,}(?:_[A-Z]+)*(?![A-Za-z_])/g;

/** Returns `deploy-policy.json`, and `deploy-policy-2.json` and so on if one policy would exceed IAM's limit. */
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
