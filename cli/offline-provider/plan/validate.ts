import type { Block } from "../schema/types";
import { isObject, type Value } from "../wire/values";

/** A mistake in a configuration, and where it is: attribute names, and indexes of repeated blocks. */
export interface Mistake {
  readonly summary: string;
  readonly detail: string;
  readonly path: readonly (string | number)[];
}

/**
 * What Terraform leaves to the provider's validation and the schema alone decides: attributes that only AWS sets. In the
 * words of the provider's own SDK.
 */
export function mistakesIn(block: Block, config: Value, path: Mistake["path"] = []): Mistake[] {
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
    if (!Array.isArray(items)) return mistakesIn(inner, items, [...path, name]);
    // An item of a set has no index to point at: the block as a whole is named.
    return items.flatMap((item, index) =>
      mistakesIn(inner, item, [...path, name, ...(nesting === "set" ? [] : [index])]),
    );
  });
  return [...own, ...nested];
}
