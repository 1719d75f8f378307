import { bindingsVersion } from "../../cli/offline-provider/schema/bindings";
import { deriveBlock } from "../../cli/offline-provider/schema/derive";
import type { Block } from "../../cli/offline-provider/schema/types";
import type { FieldList } from "./field-list";

/** The bindings accept them for every type. The provider's documentation does not list them as arguments. */
const NO_ARGUMENTS = ["id", "tags_all"];

/** Returns the arguments of a resource type, from the installed bindings of the provider. */
export const providerArguments = (type: string): FieldList => ({
  source: `@cdktf/provider-aws ${bindingsVersion()}: ${type}`,
  fields: argumentsOf(deriveBlock("resource", type))
    .filter((argument) => !NO_ARGUMENTS.includes(argument))
    .sort(),
});

/** Returns the paths of what a block accepts. A nested block that can occur several times has `[]` in its path. */
export function argumentsOf({ attributes, blocks }: Block, path = ""): string[] {
  const own = Object.entries(attributes).flatMap(([name, { optional, required }]) =>
    optional || required ? `${path}${name}` : [],
  );
  const nested = Object.entries(blocks).flatMap(([name, { block, maxItems }]) =>
    argumentsOf(block, `${path}${name}${maxItems === 1 ? "" : "[]"}.`),
  );
  return [...own, ...nested];
}
