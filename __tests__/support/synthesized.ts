import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from "cdktf";
import { ReadableStack } from "../../src/terraform/readable-stack";
import { testApp } from "./test-app";

/** A part of synthesized Terraform JSON. */
export type Part = { readonly [key: string]: unknown };

/** A stack with a provider and nothing else, for a construct on its own. */
export function emptyStack(id = "test"): ReadableStack {
  const stack = new ReadableStack(testApp(), id);
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  return stack;
}

/** A stack's Terraform JSON without CDKTF's metadata, validated: `Testing.synth`, but for the text and the time that takes. */
export function synthesized(stack: TerraformStack): Part {
  stack.runAllValidations();
  return withoutMetadata(stack.toTerraform()) as Part;
}

function withoutMetadata(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "//");
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutMetadata(inner)]));
}

/** What is at a path of keys, or undefined. */
export function at(json: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], json);
}

/** A managed resource by its address: `aws_lb.load_balancer`. */
export function resource(json: Part, address: string): Part {
  return found(json, "resource", address);
}

/** A data source by its address without `data.`: `aws_vpcs.vpc`. */
export function data(json: Part, address: string): Part {
  return found(json, "data", address);
}

/** The resources of a type by name; none for a type that isn't there. */
export function ofType(json: Part, type: string): { readonly [name: string]: Part } {
  return (at(json, "resource", type) ?? {}) as { readonly [name: string]: Part };
}

/** How many resources of a type there are. */
export function count(json: Part, type: string): number {
  return Object.keys(ofType(json, type)).length;
}

function found(json: Part, kind: "resource" | "data", address: string): Part {
  const block = at(json, kind, ...address.split("."));
  if (block === undefined) throw new Error(`There is no ${kind} ${address} in the synthesized JSON.`);
  return block as Part;
}

/** A token as it is written into the JSON of its stack. */
export function resolved(stack: TerraformStack, value: unknown): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(value, { scope: stack, resolver, preparing: false });
}
