import { type Configuration, type Element, HandoverError } from "../terraform-json/configuration";
import type { References } from "../terraform-json/references";
import { ALARM_GRANTS } from "./alarm-grants";
import { BOUNDARY_GRANTS, CLUSTER_GRANTS, CREATE_ROLE_GRANT, WARM_POOL_GRANT } from "./cluster-grants";
import { conditionsOf } from "./conditions";
import { DATA_SOURCE_GRANTS } from "./data-source-grants";
import { type Grant, iam } from "./grant";
import { LOWERCASE, namePatterns } from "./name-patterns";
import { HEALTH_CHECK_GRANT, SERVICE_GRANTS } from "./service-grants";
import { mapConditions, mergedByName, mergedByScope, type Statement } from "./statement";
import { STORAGE_GRANTS } from "./storage-grants";

/** The grants of each resource type: what version 6 of the provider calls to create, read, update and delete it. */
const RESOURCE_GRANTS: { readonly [type: string]: readonly Grant[] } = {
  ...CLUSTER_GRANTS,
  ...SERVICE_GRANTS,
  ...STORAGE_GRANTS,
  ...ALARM_GRANTS,
};

/** The grants of arguments that most stacks do not have, and those without the argument. The length of the policy is limited. */
const FURTHER_GRANTS: readonly (readonly [
  type: string,
  argument: string,
  grants: readonly Grant[],
  otherwise?: readonly Grant[],
])[] = [
  ["aws_autoscaling_group", "warm_pool", [WARM_POOL_GRANT]],
  ["aws_launch_template", "iam_instance_profile", [iam.passProfileRole]],
  ["aws_iam_role", "permissions_boundary", BOUNDARY_GRANTS, [CREATE_ROLE_GRANT]],
  ["aws_service_discovery_service", "health_check_config", [HEALTH_CHECK_GRANT]],
  ["aws_ecs_service", "volume_configuration", [iam.passVolumeRole]],
  ["aws_ecs_service", "service_connect_configuration", [iam.passTlsRole]],
  ["aws_ecs_service", "deployment_configuration", [iam.passDeploymentRole]],
];

/** The provider calls GetCallerIdentity in every run. */
const READ_STATEMENT: Statement = {
  Sid: "Read",
  Effect: "Allow",
  Action: ["sts:GetCallerIdentity"],
  Resource: ["*"],
  Condition: { StringEquals: { "aws:RequestedRegion": ["REGION"] } },
};

/** Returns the statements that `terraform apply` and `destroy` need. @throws HandoverError for a type without grants */
export function deployStatements(configuration: Configuration, references: References): Statement[] {
  const names = namePatterns(references);
  const conditions = conditionsOf(configuration, names);
  const expanded = (text: string, element: Element): string[] => {
    const [whole, token] = /\{(\w+)\}/.exec(text) ?? [];
    if (whole === undefined || token === undefined) return [text];
    return names.of(token, element).flatMap((name) =>
      expanded(
        text.replace(whole, () => name),
        element,
      ),
    );
  };
  const isUnknown = ({ on }: Grant, element: Element): boolean =>
    on.some((arn) => [...arn.matchAll(/\{(\w+)\}/g)].some(([, token = ""]) => names.of(token, element).includes("*")));
  const statementOf = (grant: Grant, element: Element): Statement => {
    const [service = "", actions = ""] = grant.actions.split(/:(.*)/);
    const when = grant.ifUnknown && isUnknown(grant, element) ? grant.ifUnknown : grant.when;
    const condition = mapConditions(conditions(grant, when, element), (values) => [
      ...new Set(values.flatMap((value) => expanded(value, element))),
    ]);
    return {
      Sid: `${grant.isBounded && names.of("boundary", element).length > 0 ? "Bounded" : ""}${grant.sid}`,
      Effect: grant.effect ?? "Allow",
      Action: actions.split(" ").map((action) => `${service}:${action}`),
      Resource: grant.on.flatMap((arn) =>
        expanded(arn === "*" || arn === "{otherBoundary}" ? arn : `arn:PARTITION:${arn}`, element),
      ),
      ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
    };
  };
  const all = configuration.elements.flatMap((element) =>
    grantsOf(element).map((grant) => statementOf(grant, element)),
  );
  const merged = mergedByName([READ_STATEMENT, ...all.filter(({ Resource }) => Resource.length > 0)]);
  const clusters = configuration.elements.filter(({ mode, type }) => mode === "resource" && type === "aws_ecs_cluster");
  const owned = clusters.flatMap((cluster) => names.of("name", cluster));
  return mergedByScope(merged.map((statement) => ({ ...statement, Resource: inClusters(statement.Resource, owned) })));
}

/** Returns the statements with the actions that read, which `terraform plan` needs. */
export function planStatements(statements: readonly Statement[]): Statement[] {
  const reading = statements.map((statement) => ({
    ...statement,
    Action: statement.Action.filter((action) => /:(Describe|Get|List)/.test(action)),
  }));
  return mergedByScope(reading.filter(({ Effect, Action }) => Effect === "Allow" && Action.length > 0));
}

/** The most ARNs that a statement lists before `inClusters` merges them. */
const MOST_LISTED = 2;

/**
 * Merges more services, log groups and repositories of the stack's own cluster into `…/NAME/*`. The slash keeps out those of a
 * cluster whose name starts with the same text.
 */
function inClusters(arns: readonly string[], clusters: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const arn of arns) {
    const [stem] = /^[^/]*:(service[\w-]*|repository|log-group:\/ecs)\/[^/]+\//.exec(arn) ?? [];
    const isOwned = clusters.some((name) => stem?.replace(LOWERCASE, "").endsWith(`/${name}/`));
    const key = stem && isOwned ? stem : arn;
    groups.set(key, [...(groups.get(key) ?? []), arn]);
  }
  return [...groups].flatMap(([stem, group]) => (group.length <= MOST_LISTED ? group : [`${stem}*`]));
}

function grantsOf({ mode, type, address, body }: Element): readonly Grant[] {
  const grants = (mode === "data" ? DATA_SOURCE_GRANTS : RESOURCE_GRANTS)[type];
  const further = FURTHER_GRANTS.flatMap(([of, argument, found, otherwise]) =>
    mode === "resource" && of === type ? ((body[argument] ? found : otherwise) ?? []) : [],
  );
  if (grants) return [...grants, ...further];
  const kind = mode === "data" ? "data source" : "resource";
  throw new HandoverError(
    `The hand-over does not know the IAM actions of the ${kind} type "${type}" (${address}). Without them, the deploy policy ` +
      `would fail during the apply. Add its grants in cli/handover/iam.`,
  );
}
