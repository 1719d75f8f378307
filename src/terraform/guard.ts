/** A condition that Terraform checks at plan, and the message that it prints when the condition is false. */
export interface Guard {
  readonly condition: string;
  readonly errorMessage: string;
}
