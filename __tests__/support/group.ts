import { Testing } from "cdktf";
import type { AsgCapacityProviderProps } from "../../src";
import { Parts, type PartsProps } from "./parts";
import { emptyStack } from "./synthesized";

/** Returns the JSON of a stack with one Auto Scaling group. */
export function groupJson(
  capacity: Partial<AsgCapacityProviderProps> = {},
  parts: Omit<PartsProps, "capacity"> = {},
): string {
  const stack = emptyStack();
  void new Parts(stack, { ...parts, capacity }).capacity;
  return Testing.synth(stack, true);
}
