import { AwsError } from "../aws-error";
import { isObject, type ObjectValue, type Value } from "../wire/values";

/** The attributes for names of AWS filters that differ from the attribute's name. */
const ALIASES: { readonly [filter: string]: string } = {
  "is-default": "default",
  isDefault: "default",
  defaultForAz: "default_for_az",
  cidr: "cidr_block",
  "cidr-block": "cidr_block",
  "vpc-id": "vpc_id",
  "subnet-id": "id",
  "group-id": "id",
  "group-name": "name",
  "instance-id": "id",
  "instance-state-name": "instance_state",
  "auto-scaling-group": "name",
};

/**
 * Returns the records that match every `filter` block and have every tag.
 * @throws {AwsError} for a filter without values or with an unknown name, which EC2 also rejects
 */
export function filtered(records: readonly ObjectValue[], config: ObjectValue, type: string): ObjectValue[] {
  const filters = Array.isArray(config.filter) ? config.filter.filter(isObject) : [];
  return records.filter(
    (record) => filters.every((filter) => passes(record, filter, type)) && hasTags(record, config.tags),
  );
}

function passes(record: ObjectValue, filter: ObjectValue, type: string): boolean {
  const name = String(filter.name);
  const values = Array.isArray(filter.values) ? filter.values.map(String) : [];
  if (values.length === 0) {
    throw new AwsError(`api error InvalidParameterValue: the filter '${name}' of ${type} has no values`);
  }
  const actual = valueBehind(record, name);
  if (actual === undefined) {
    throw new AwsError(`api error InvalidParameterValue: The filter '${name}' is invalid (${type}, offline provider)`);
  }
  return values.some((value) => wildcard(value).test(String(actual)));
}

function valueBehind(record: ObjectValue, filter: string): Value | undefined {
  const tags = isObject(record.tags) ? record.tags : {};
  if (filter.startsWith("tag:")) return tags[filter.slice("tag:".length)] ?? "";
  if (filter === "tag-key") return Object.keys(tags).join();
  // `vpc-id` is the id of a VPC, or the VPC of another resource.
  if (filter === "vpc-id" && !("vpc_id" in record)) return record.id;
  return record[ALIASES[filter] ?? filter.replaceAll("-", "_")];
}

export function hasTags(record: ObjectValue, tags: Value | undefined): boolean {
  const own = isObject(record.tags) ? record.tags : {};
  return !isObject(tags) || Object.entries(tags).every(([key, value]) => own[key] === value);
}

/** Returns the expression for a pattern with AWS's wildcards `*` and `?`. */
function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}
