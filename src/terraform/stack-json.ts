import { TerraformElement, TerraformOutput, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { isRecord, resolverIn } from "./resolved";

/** Terraform JSON, or a part of it. */
export interface Json {
  readonly [key: string]: unknown;
}

/**
 * Returns the Terraform JSON of a stack, with the same bytes as CDKTF. CDKTF resolves each element, and then all of them
 * again, which takes most of the time of a synth.
 *
 * @returns undefined when an override of the stack changes or removes a part of an element
 * @throws {Error} when CDKTF does, but without the path of the construct
 */
export function stackJson(stack: TerraformStack): Json | undefined {
  // They are private in CDKTF, which has no getter for them.
  const { rawOverrides, cdktfVersion } = stack as unknown as { rawOverrides: Json; cdktfVersion: string };
  const sections = Object.keys(rawOverrides);
  const metadata: Json = {
    version: cdktfVersion,
    stackName: stack.node.id,
    // A backend replaces it.
    backend: "local",
    ...(sections.length > 0 ? { overrides: { stack: sections } } : {}),
  };
  const elements = elementsOf(stack);
  const resolved = resolverIn(stack) as (part: unknown) => Json;
  const json: Json = {
    "//": {
      metadata: elements.reduce((all, element) => merged(all, resolved(element.toMetadata())), metadata),
      outputs: elements.filter(TerraformOutput.isTerraformOutput).map(idByPath).reduce(merged, {}),
    },
  };
  for (const element of elements) merged(json, resolved(element.toTerraform()));
  return isNewTo(json, rawOverrides) ? merged(json, resolved(rawOverrides)) : undefined;
}

/** Returns the elements below a construct, without those of a stack inside it. */
function elementsOf({ node }: IConstruct): TerraformElement[] {
  return node.children
    .filter((child) => !TerraformStack.isStack(child))
    .flatMap((child) => [...(TerraformElement.isTerraformElement(child) ? [child] : []), ...elementsOf(child)]);
}

/** Returns an output's name in Terraform at the path of its construct. `cdktf output` reads it. */
const idByPath = (output: TerraformOutput): Json =>
  output.node.path
    .split("/")
    .reduceRight<unknown>((inner, part) => ({ [part]: inner }), output.friendlyUniqueId) as Json;

/** Returns true when an override adds values and changes none. */
const isNewTo = (json: unknown, override: unknown): boolean =>
  json === undefined ||
  (isRecord(json) && isRecord(override) && Object.keys(override).every((key) => isNewTo(json[key], override[key])));

function merged(into: Json, other: Json): Json {
  const result: { [key: string]: unknown } = into;
  for (const [key, value] of Object.entries(other)) {
    const own = result[key];
    if (isObject(own) && isObject(value)) merged(own, value);
    else if (Array.isArray(own) && Array.isArray(value)) result[key] = [...own, ...value];
    else result[key] = value;
  }
  return result;
}

/** Returns true for an object of resolved JSON. `isRecord` would also read each key of a growing object. */
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
