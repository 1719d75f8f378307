import { isDeepStrictEqual } from "node:util";
import type { TerraformStack } from "cdktf";
import { synthesized } from "../support/synthesized";
import { type Change, type Given, propsOnSide } from "./area";

/** What only Terraform reads. */
const OF_TERRAFORM = ["lifecycle", "depends_on"];

/**
 * Returns the arguments that a change of a setting changes, by type and name: `aws_lb_listener.ssl_policy`.
 * @param build builds a stack with the props, which `propsOf` gets from what the stack shares
 */
export function changedArguments<C>(
  path: string,
  change: Change,
  build: (propsOf: (shared: C) => Given) => TerraformStack,
): string[] {
  const propsOf = (side: "from" | "to") => (shared: C) => propsOnSide(change, path, side, shared);
  const [before, after] = [argumentsOf(build(propsOf("from"))), argumentsOf(build(propsOf("to")))];
  const addresses = [...new Set([...before.keys(), ...after.keys()])];
  const changed = addresses.filter((address) => !isDeepStrictEqual(before.get(address), after.get(address)));
  return [...new Set(changed.map((address) => address.replace(/\..*\./, ".")))].sort();
}

function argumentsOf(stack: TerraformStack): ReadonlyMap<string, unknown> {
  const { resource = {} } = synthesized(stack) as { resource?: Record<string, Record<string, object>> };
  const entries = Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).flatMap(([name, body]) =>
      Object.entries(body).map(([argument, value]) => [`${type}.${name}.${argument}`, value] as const),
    ),
  );
  return new Map(entries.filter(([address]) => !OF_TERRAFORM.includes(address.split(".")[2] ?? "")));
}
