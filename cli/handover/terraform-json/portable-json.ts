import type { Element, Json, JsonObject } from "./configuration";
import { ordered } from "./key-order";
import type { Portable } from "./portable";

/** The text of files, by path in the folder. */
export type Files = { readonly [path: string]: string };

/** Returns the stack as Terraform JSON, without files that would be empty. */
export function portableJson(stack: Portable): Files {
  const main = {
    ...(stack.providers.length > 0 ? { provider: providers(stack.providers) } : {}),
    ...byType("data", stack),
    ...(Object.keys(stack.locals).length > 0 ? { locals: stack.locals } : {}),
    ...byType("resource", stack),
    ...(Object.keys(stack.checks).length > 0 ? { check: ordered(stack.checks) } : {}),
    ...stack.moves,
  };
  return {
    "main.tf.json": text(main),
    ...(stack.variables.length > 0 ? { "variables.tf.json": text({ variable: named(stack.variables) }) } : {}),
    ...(stack.outputs.length > 0 ? { "outputs.tf.json": text({ output: named(stack.outputs) }) } : {}),
    "versions.tf.json": text({ terraform: ordered(stack.versions) }),
  };
}

const text = (value: Json): string => `${JSON.stringify(value, null, 2)}\n`;

const named = (entries: Portable["variables"]): JsonObject =>
  Object.fromEntries(entries.map(([name, body]) => [name, ordered(body)]));

function providers(configured: Portable["providers"]): JsonObject {
  const byName: { [name: string]: Json[] } = {};
  for (const { name, body } of configured) {
    byName[name] ??= [];
    byName[name].push(ordered(body));
  }
  return byName;
}

/** Groups elements by type, in the order of each type's first element. */
function byType(mode: Element["mode"], { elements, bodyOf }: Portable): JsonObject {
  const types: { [type: string]: { [name: string]: Json } } = {};
  for (const element of elements.filter((candidate) => candidate.mode === mode)) {
    types[element.type] ??= {};
    (types[element.type] as { [name: string]: Json })[element.name] = ordered(bodyOf(element));
  }
  return Object.keys(types).length > 0 ? { [mode]: types } : {};
}
