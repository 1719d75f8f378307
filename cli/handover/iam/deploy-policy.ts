import { type Configuration, type Element, HandoverError, strings } from "../terraform-json/configuration";
import type { References } from "../terraform-json/references";
import { WARM_POOL_GRANT } from "./cluster-grants";
import { LOOKUP_GRANTS } from "./data-source-grants";
import type { Grant } from "./grant";
import { type NamePatterns, namePatterns } from "./name-patterns";
import { RESOURCE_GRANTS } from "./resource-grants";

/** A statement of an IAM policy, as AWS writes it. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };
}

/** The statements that applying and destroying the stack takes. @throws HandoverError naming a type with no known actions */
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
  return joinedAlike(
    [...bySid.values()].map((statement) => ({ ...statement, Resource: byPrefix(statement.Resource) })),
  );
}

/** Statements on the same things under the same condition are one; but what only reads stays apart. */
function joinedAlike(statements: readonly Statement[]): Statement[] {
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

/** As many ARNs of one kind as are named one by one; more are named by what they have in common. */
const MOST_NAMED = 2;

/**
 * Ten services' roles would make a policy that IAM refuses as too long, and a new service another policy: several ARNs
 * that start with the stack's name are `…/NAME-*` together.
 */
function byPrefix(arns: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const arn of arns) {
    const [stem = arn] = /^.*?\bNAME/.exec(arn) ?? [];
    groups.set(stem, [...(groups.get(stem) ?? []), arn]);
  }
  return [...groups].flatMap(([stem, group]) => {
    if (group.length <= MOST_NAMED) return group;
    const separator = ["-", "/"].find((character) => group.every((arn) => arn.startsWith(stem + character))) ?? "";
    return [`${stem}${separator}*`];
  });
}

/** The provider asks who it is before anything else. */
const readStatement = (): Statement => ({
  Sid: "Read",
  Effect: "Allow",
  Action: ["sts:GetCallerIdentity"],
  Resource: ["*"],
  Condition: { StringEquals: { "aws:RequestedRegion": ["REGION"] } },
});

function grantsOf({ mode, type, address, body }: Element): readonly Grant[] {
  const grants = (mode === "data" ? LOOKUP_GRANTS : RESOURCE_GRANTS)[type];
  // Few groups have a pool, and a policy may be only so long.
  if (grants) return type === "aws_autoscaling_group" && body.warm_pool ? [...grants, WARM_POOL_GRANT] : grants;
  const [kind, file] =
    mode === "data" ? ["data source", "iam/data-source-grants.ts"] : ["resource", "iam/resource-grants.ts"];
  throw new HandoverError(
    `The hand-over doesn't know which IAM actions the ${kind} type "${type}" (${address}) takes, and a deploy policy without ` +
      `them would fail in the middle of an apply. Add the type to cli/handover/${file}.`,
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
  // Without a tag that everything has there is nothing to tell the stack's own things by.
  if (when === undefined || tag === undefined) return undefined;
  const key = when.kind === "tagged" ? "aws:ResourceTag" : "aws:RequestTag";
  return { StringEquals: { [`${key}/${tag.key}`]: [tag.placeholder] } };
}

const filledCondition = (condition: Conditions, filled: (text: string) => string[]): Conditions =>
  mapConditions(condition, (values) => [...new Set(values.flatMap(filled))]);

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

/** The tag that the provider puts on everything, with the cluster's name as its value: `{ Cluster = var.name }`. */
export function clusterTag({ providers }: Configuration): ClusterTag | undefined {
  const tags = strings(providers.flatMap(({ body }) => body.default_tags ?? [])).map(({ text }) => text);
  const [, key, variable] = /\b([A-Za-z]\w*)"?\s*[=:]\s*var\.(\w+)/.exec(tags.join("\n")) ?? [];
  return key && variable ? { key, placeholder: variable.toUpperCase() } : undefined;
}
