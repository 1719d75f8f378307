/**
 * Facts about the AWS provider's schema, from its documentation, not from the bindings: R required, O optional, C
 * computed. Of a block only what is listed is looked at.
 */
export interface BlockFacts {
  readonly attributes: { readonly [name: string]: string };
  readonly blocks?: { readonly [name: string]: NestedFacts };
}

export type NestedFacts = readonly [shape: string, facts: BlockFacts];
