import type { Json, JsonObject } from "./configuration";
import { isObject } from "./configuration";

/** What stands first in a block: how often there is one, its name, what it is, from where to where. */
const FIRST = [
  ...["for_each", "count", "provider", "iterator", "labels", "content"],
  ...["type", "description", "default", "nullable", "sensitive", "validation"],
  ...["source", "version"],
  ...["condition", "error_message"],
  ...["key", "name", "name_prefix", "family", "key_name", "key_name_prefix", "capacity_provider", "value", "values"],
  ...["protocol", "ip_protocol", "port", "from_port", "to_port", "cidr_ipv4", "cidr_ipv6"],
  ...["security_group_id", "referenced_security_group_id"],
  ...["max_size", "min_size", "desired_capacity"],
];
const LAST = ["dynamic", "tags", "tag_specifications", "timeouts", "lifecycle", "depends_on"];

const rank = (key: string, value: Json): number => {
  const first = FIRST.indexOf(key);
  if (first >= 0) return first;
  const last = LAST.indexOf(key);
  if (last >= 0) return FIRST.length + 2 + last;
  // What fits on a line before what takes several.
  return FIRST.length + (isLong(value) ? 1 : 0);
};

const isLong = (value: Json): boolean => isObject(value) || (Array.isArray(value) && value.some(isLong));

/** The entries of a block in the order in which a person reads them. */
export function orderedEntries(body: JsonObject): [string, Json][] {
  return Object.entries(body).sort(
    ([a, left], [b, right]) => rank(a, left) - rank(b, right) || (a < b ? -1 : a > b ? 1 : 0),
  );
}

/** The same value with its keys in reading order, all the way down. Lists keep theirs, which may mean something. */
export function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  return Object.fromEntries(orderedEntries(value).map(([key, inner]) => [key, ordered(inner)]));
}
