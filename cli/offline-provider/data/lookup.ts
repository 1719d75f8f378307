import type { Block } from "../schema/types";
import { equal, isObject, type ObjectValue, type Value } from "../wire/values";
import { filtered, hasTags } from "./filters";
import { type Answer, type Question, RefusedError } from "./fixtures";
import { subnets, vpcs } from "./network";

/** Plural data sources: the type that they list, and the attribute of each one that every list holds. */
const PLURALS: {
  readonly [type: string]: { readonly of: string; readonly lists: { readonly [list: string]: string } };
} = {
  aws_vpcs: { of: "aws_vpc", lists: { ids: "id" } },
  aws_subnets: { of: "aws_subnet", lists: { ids: "id" } },
  aws_security_groups: { of: "aws_security_group", lists: { ids: "id", arns: "arn", vpc_ids: "vpc_id" } },
  aws_lbs: { of: "aws_lb", lists: { arns: "arn" } },
  aws_ecs_clusters: { of: "aws_ecs_cluster", lists: { cluster_arns: "arn" } },
  aws_autoscaling_groups: { of: "aws_autoscaling_group", lists: { names: "name", arns: "arn" } },
  aws_instances: { of: "aws_instance", lists: { ids: "id", private_ips: "private_ip", public_ips: "public_ip" } },
  aws_iam_roles: { of: "aws_iam_role", lists: { names: "name", arns: "arn" } },
  aws_cloudwatch_log_groups: { of: "aws_cloudwatch_log_group", lists: { log_group_names: "name", arns: "arn" } },
};

/** Singular data sources that find one thing among those that are there. */
const SINGULARS: ReadonlySet<string> = new Set([
  ...Object.values(PLURALS).map(({ of }) => of),
  "aws_ecs_service",
  "aws_ecs_task_definition",
  "aws_lb_listener",
  "aws_lb_target_group",
  "aws_key_pair",
  "aws_launch_template",
  "aws_acm_certificate",
]);

/** How a data source of this type looks things up, or nothing if it doesn't. */
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

/** The resources of a type that the fixtures hold, the account's network among them. */
export function existing(question: Question, type: string): ObjectValue[] {
  const given = (question.fixtures.existing[type] ?? []) as ObjectValue[];
  if (type === "aws_vpc") return [...vpcs(question), ...given];
  return type === "aws_subnet" ? [...subnets(question), ...given] : [...given];
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
  const asked = wanted.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(", ") || "its filters";
  throw new RefusedError(
    `${another ? "multiple" : "no"} ${type} matched ${asked} (offline provider: fixtures.existing.${type} holds those that are there)`,
  );
}
