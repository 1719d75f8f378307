import type { Json, JsonObject } from "./configuration";
import { isObject } from "./configuration";

/** The keys at the start of a block: repetition, then name, then the main arguments. */
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
/** The keys at the end of a block. */
const LAST = ["dynamic", "tags", "tag_specifications", "timeouts", "lifecycle", "depends_on"];

const rank = (key: string, value: Json): number => {
  const first = FIRST.indexOf(key);
  if (first >= 0) return first;
  const last = LAST.indexOf(key);
  if (last >= 0) return FIRST.length + 2 + last;
  // Values on one line before longer values.
  return FIRST.length + (isLong(value) ? 1 : 0);
};

const isLong = (value: Json): boolean => isObject(value) || (Array.isArray(value) && value.some(isLong));

/** Returns the entries of a block in reading order. */
export function orderedEntries(body: JsonObject): [string, Json][] {
  return Object.entries(body).sort(
    ([a, left], [b, right]) => rank(a, left) - rank(b, right) || (a < b ? -1 : a > b ? 1 : 0),
  );
}

/** Returns a value with all keys in reading order, at any depth. Lists keep their order. */
export function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  return Object.fromEntries(orderedEntries(value).map(([key, inner]) => [key, ordered(inner)]));
}
