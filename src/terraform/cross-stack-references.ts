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
 * Finds the references of a stack to other stacks. For each of them, CDKTF adds an output to the other stack and a remote
 * state to this one.
 *
 * CDKTF finds them by resolving the whole stack, before it resolves it again to write the JSON. This function resolves
 * only the tokens, and each of them once.
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

/** Returns the stack that a token refers to, if CDKTF knows it. Most tokens refer to their own stack. */
export const originOf = (token: IResolvable): unknown => (token as { readonly originStack?: unknown }).originStack;

/** Returns the token that a value is, and the tokens in a text. It does not look into the elements of a list or an object. */
function tokensOf(value: unknown): readonly IResolvable[] {
  // Most values are texts, and most texts have no token.
  if (typeof value === "string" && !value.includes("{TfToken[")) return [];
  // A list token has one element. CDKTF does not check the element's type before it reads it.
  if (Array.isArray(value) && typeof value[0] === "number") {
    const token = Tokenization.reverseNumberList(value);
    return token ? [token] : [];
  }
  if (Array.isArray(value) && typeof value[0] !== "string") return [];
  return Tokenization.reverse(value);
}
