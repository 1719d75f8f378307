import type { Block, CtyType } from "../schema/types";
import { isObject, type ObjectValue, type Value } from "../wire/values";

/**
 * Returns a value in the exact form of the block, as Terraform requires it. It has every attribute of the schema and no
 * other. A missing attribute is null. A missing block is empty.
 */
export function conform(block: Block, value: Value | undefined): ObjectValue {
  const given = isObject(value) ? value : {};
  const result: ObjectValue = {};
  for (const [name, { type }] of Object.entries(block.attributes)) result[name] = conformTo(type, given[name]);
  for (const [name, nested] of Object.entries(block.blocks)) {
    const item = given[name];
    if (nested.nesting === "single") result[name] = isObject(item) ? conform(nested.block, item) : null;
    else result[name] = Array.isArray(item) ? item.map((each) => conform(nested.block, each)) : [];
  }
  return result;
}

function conformTo(type: CtyType, value: Value | undefined): Value {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(type)) return value;
  if (type[0] === "object") {
    if (!isObject(value)) return value;
    return mapValues(type[1] as { [name: string]: CtyType }, (field, name) => conformTo(field, value[name]));
  }
  const item = type[1] as CtyType;
  if (Array.isArray(value)) return value.map((each) => conformTo(item, each));
  return isObject(value) ? mapValues(value, (each) => conformTo(item, each)) : value;
}

function mapValues<T>(object: { readonly [name: string]: T }, change: (value: T, name: string) => Value): ObjectValue {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}
