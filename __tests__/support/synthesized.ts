import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from "cdktf";
import { ReadableStack } from "../../src/terraform/readable-stack";
import { testApp } from "./test-app";

/** A part of synthesized Terraform JSON. */
export type Part = { readonly [key: string]: unknown };

/** Returns a stack with only a provider, for tests of one construct. */
export function emptyStack(id = "test"): ReadableStack {
  const stack = new ReadableStack(testApp(), id);
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  return stack;
}

/** Validates a stack and returns its Terraform JSON without CDKTF's metadata. `Testing.synth` returns text, which takes longer. */
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

/** Returns the value at a path of keys, if there is one. */
export function at(json: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], json);
}

/** Returns a managed resource by its address: `aws_lb.load_balancer`. */
export function resource(json: Part, address: string): Part {
  const block = at(json, "resource", ...address.split("."));
  if (block === undefined) throw new Error(`There is no resource ${address} in the synthesized JSON.`);
  return block as Part;
}

/** Returns the resources of a type by name. */
export function ofType(json: Part, type: string): { readonly [name: string]: Part } {
  return (at(json, "resource", type) ?? {}) as { readonly [name: string]: Part };
}

/** Returns the number of resources of a type. */
export function count(json: Part, type: string): number {
  return Object.keys(ofType(json, type)).length;
}

/** Returns a value as CDKTF resolves it for the JSON of a stack. */
export function resolved(stack: TerraformStack, value: unknown): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(value, { scope: stack, resolver, preparing: false });
}
