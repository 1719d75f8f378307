import { TerraformElement, TerraformOutput, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { isRecord, resolverIn } from "./resolved";

/** Terraform JSON, or a part of it. */
export interface Json {
  readonly [key: string]: unknown;
}

/**
 * A stack's Terraform JSON, the same bytes that CDKTF writes. CDKTF resolves each element, and then all of them once more:
 * that is most of the time of a synth.
 *
 * @returns undefined where an override changes what an element wrote, or takes it away
 * @throws Error as CDKTF does, but without the place in the stack
 */
export function stackJson(stack: TerraformStack): Json | undefined {
  // CDKTF has no other way to read them.
  const { rawOverrides, cdktfVersion } = stack as unknown as { rawOverrides: Json; cdktfVersion: string };
  const sections = Object.keys(rawOverrides);
  const metadata: Json = {
    version: cdktfVersion,
    stackName: stack.node.id,
    // A backend has its own.
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

/** The elements below a construct, but those of a stack that it holds. */
function elementsOf({ node }: IConstruct): TerraformElement[] {
  return node.children
    .filter((child) => !TerraformStack.isStack(child))
    .flatMap((child) => [...(TerraformElement.isTerraformElement(child) ? [child] : []), ...elementsOf(child)]);
}

/** An output's name in Terraform where its construct stands: what `cdktf output` reads. */
const idByPath = (output: TerraformOutput): Json =>
  output.node.path
    .split("/")
    .reduceRight<unknown>((inner, part) => ({ [part]: inner }), output.friendlyUniqueId) as Json;

/** All of an override stands where nothing is yet. */
const isNewTo = (there: unknown, override: unknown): boolean =>
  there === undefined ||
  (isRecord(there) && isRecord(override) && Object.keys(override).every((key) => isNewTo(there[key], override[key])));

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

/** Among what is resolved: `isRecord` would look at every key of what grows. */
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
