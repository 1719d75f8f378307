import type { Rule } from "./rule";

/** One variable: what Terraform declares and what a value given in TypeScript is checked by. */
export interface ValueDefinition {
  /** The variable's name in Terraform. */
  readonly name: string;
  readonly type: "string" | "number" | "list(string)" | "map(string)";
  readonly description: string;
  /** `undefined`: the variable is required. */
  readonly default?: unknown;
  /** Whether null is a value too. */
  readonly nullable?: boolean;
  readonly rules: readonly Rule<never>[];
  /** What may be a secret pasted by mistake: never printed, and checked by a precondition where it is used. */
  readonly sensitive?: boolean;
}
