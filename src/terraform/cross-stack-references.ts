import {
  DefaultTokenResolver,
  type IResolvable,
  StringConcat,
  TerraformElement,
  TerraformStack,
  Tokenization,
} from "cdktf";
import { Expression } from "./expression";

/**
 * Finds what a stack takes from other stacks, and has CDKTF bring it: an output there, the state to read here.
 *
 * CDKTF does this by resolving all that a stack holds, before it does so once more to write it. A token leads to the
 * same place wherever it stands: here each is resolved once, and nothing else is.
 */
export function findCrossStackReferences(stack: TerraformStack): void {
  const resolver = new DefaultTokenResolver(new StringConcat());
  const resolved = new Set<IResolvable>();
  const visit = (value: unknown): void => {
    const tokens = tokensOf(value);
    for (const token of tokens) {
      if (resolved.has(token)) continue;
      resolved.add(token);
      if (token instanceof Expression) token.operands.forEach(visit);
      else if (originOf(token) !== stack) Tokenization.resolve(token, { scope: stack, resolver, preparing: true });
    }
    if (tokens.length > 0 || typeof value !== "object" || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      visit(key);
      visit(item);
    }
  };
  for (const node of stack.node.findAll()) {
    if (TerraformElement.isTerraformElement(node) && TerraformStack.of(node) === stack) visit(node.toTerraform());
  }
}

/** The stack that a reference leads to, where CDKTF says so: one to its own stack is most of all tokens. */
export const originOf = (token: IResolvable): unknown => (token as { readonly originStack?: unknown }).originStack;

/** The tokens that a value is or, as a text, holds; those of its elements are not looked for. */
function tokensOf(value: unknown): readonly IResolvable[] {
  // Texts are most of what there is, and most of them hold none.
  if (typeof value === "string" && !value.includes("{TfToken[")) return [];
  // A list that is a token has one element, of a kind that CDKTF doesn't check before it reads it.
  if (Array.isArray(value) && typeof value[0] === "number") {
    const token = Tokenization.reverseNumberList(value);
    return token ? [token] : [];
  }
  if (Array.isArray(value) && typeof value[0] !== "string") return [];
  return Tokenization.reverse(value);
}
