import type { Block } from "../schema/types";
import { isObject, type Value } from "../wire/values";

/** A problem of a configuration. */
export interface Problem {
  readonly summary: string;
  readonly detail: string;
  /** The place: names of attributes, and indexes of repeated blocks. */
  readonly path: readonly (string | number)[];
}

/**
 * Returns a problem for each configured attribute that only AWS can set. Terraform does not validate this itself. The
 * texts are those of the AWS provider.
 */
export function problemsIn(block: Block, config: Value, path: Problem["path"] = []): Problem[] {
  if (!isObject(config)) return [];
  const own = Object.entries(block.attributes)
    .filter(([name, { optional, required }]) => !optional && !required && (config[name] ?? null) !== null)
    .map(([name]) => ({
      summary: "Value for unconfigurable attribute",
      detail:
        `Can't configure a value for "${name}": its value will be decided automatically based on the result of ` +
        "applying this configuration.",
      path: [...path, name],
    }));
  const nested = Object.entries(block.blocks).flatMap(([name, { nesting, block: inner }]) => {
    const items = config[name] ?? null;
    if (!Array.isArray(items)) return problemsIn(inner, items, [...path, name]);
    // An item of a set has no index, so the path ends at the block.
    return items.flatMap((item, index) =>
      problemsIn(inner, item, [...path, name, ...(nesting === "set" ? [] : [index])]),
    );
  });
  return [...own, ...nested];
}
