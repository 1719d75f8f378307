import { AwsError } from "../aws-error";
import type { Block } from "../schema/types";
import { blocksOf, equal, isObject, type ObjectValue, textsOf, type Value } from "../wire/values";
import { filtered, hasTags } from "./filters";
import type { Answer, Question } from "./fixtures";
import { routeTables, subnets, vpcs } from "./network";

/** Plural data sources: the type that they list, and the attribute of the resources in each of their lists. */
const PLURALS: {
  readonly [type: string]: { readonly of: string; readonly lists: { readonly [list: string]: string } };
} = {
  aws_vpcs: { of: "aws_vpc", lists: { ids: "id" } },
  aws_subnets: { of: "aws_subnet", lists: { ids: "id" } },
  aws_security_groups: { of: "aws_security_group", lists: { ids: "id", arns: "arn", vpc_ids: "vpc_id" } },
  aws_route_tables: { of: "aws_route_table", lists: { ids: "id" } },
  aws_lbs: { of: "aws_lb", lists: { arns: "arn" } },
  aws_ecs_clusters: { of: "aws_ecs_cluster", lists: { cluster_arns: "arn" } },
  aws_autoscaling_groups: { of: "aws_autoscaling_group", lists: { names: "name", arns: "arn" } },
  aws_instances: { of: "aws_instance", lists: { ids: "id", private_ips: "private_ip", public_ips: "public_ip" } },
  aws_iam_roles: { of: "aws_iam_role", lists: { names: "name", arns: "arn" } },
  aws_cloudwatch_log_groups: { of: "aws_cloudwatch_log_group", lists: { log_group_names: "name", arns: "arn" } },
};

/** Singular data sources, which find one resource. */
const SINGULARS: ReadonlySet<string> = new Set([
  ...Object.values(PLURALS).map(({ of }) => of),
  "aws_ecs_service",
  "aws_ecs_task_definition",
  "aws_lb_listener",
  "aws_lb_target_group",
  "aws_key_pair",
  "aws_launch_template",
  "aws_acm_certificate",
  "aws_secretsmanager_secret_version",
]);

/** Returns the answer of a data source that finds resources, or nothing for another type. */
export function lookupOf(type: string, block: Block): Answer | undefined {
  const plural = PLURALS[type];
  if (plural) {
    return (question) => {
      const found = filtered(existing(question, plural.of), question.config, type);
      const lists = Object.entries(plural.lists).map(([list, attribute]): [string, Value] => [
        list,
        found.map((record) => record[attribute] ?? null),
      ]);
      return { id: question.region, ...Object.fromEntries(lists) };
    };
  }
  return SINGULARS.has(type) ? (question) => single(question, block) : undefined;
}

/** Returns the resources of a type: those in `existing`, or else those that were applied in the account. */
export function existing(question: Question, type: string): ObjectValue[] {
  const { fixtures, account, region } = question;
  const given = (fixtures.existing[type] ??
    account.of(type, region).map(({ values }) => asLookedUp(type, values))) as ObjectValue[];
  if (type === "aws_vpc") return [...vpcs(question), ...given];
  if (type === "aws_route_table") return [...routeTables(question), ...given];
  return type === "aws_subnet" ? [...subnets(question), ...given] : [...given];
}

/** Returns a subnet, or nothing for a subnet that the fixtures do not have. */
export function subnetWithId(id: string, network: Pick<Question, "fixtures" | "region">): ObjectValue | undefined {
  const given = (network.fixtures.existing.aws_subnet ?? []) as ObjectValue[];
  return [...subnets(network), ...given].find((one) => one.id === id);
}

/** Returns the attributes of a resource's data source. It has all tags, and some arguments in another form. */
function asLookedUp(type: string, { tag, vpc_zone_identifier: subnetIds, ...values }: ObjectValue): ObjectValue {
  const blocks = blocksOf(tag).map(({ key, value }): [string, Value] => [String(key), value ?? null]);
  const found: ObjectValue = { ...values, tags: values.tags_all ?? Object.fromEntries(blocks) };
  if (type === "aws_autoscaling_group") found.vpc_zone_identifier = textsOf(subnetIds).join();
  if (type === "aws_ecs_cluster") found.cluster_name = values.name ?? null;
  return found;
}

function single(question: Question, block: Block): ObjectValue {
  const { type, config } = question;
  const wanted = Object.entries(config).filter(
    ([name, value]) =>
      value !== null && name !== "region" && name !== "tags" && block.attributes[name] && !isObject(value),
  );
  const found = filtered(existing(question, type), config, type).filter(
    (record) =>
      hasTags(record, config.tags) && wanted.every(([name, value]) => !(name in record) || equal(record[name], value)),
  );
  const [one, another] = found;
  if (one && !another) return one;
  const filter = wanted.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(", ") || "its filters";
  throw new AwsError(
    `${another ? "multiple" : "no"} ${type} matched ${filter} (offline provider: the fixtures list them in existing.${type})`,
  );
}
