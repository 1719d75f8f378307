import { hcl } from "./expression";

/** A condition that Terraform checks at plan, and the message that it prints when the condition is false. */
export interface Guard {
  readonly condition: string;
  readonly errorMessage: string;
}

/** An expression that is always true. Terraform rejects a precondition that refers to nothing: this refers to the module. */
export const ALWAYS = hcl`path.module != ""`;
