/**
 * Facts about the AWS provider's schema, from its documentation, not from the bindings. R is required, O is optional, and
 * C is computed. The tests compare only the listed attributes of a block.
 */
export interface BlockFacts {
  readonly attributes: { readonly [name: string]: string };
  readonly blocks?: { readonly [name: string]: NestedFacts };
}

export type NestedFacts = readonly [shape: string, facts: BlockFacts];
