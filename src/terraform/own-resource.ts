import {
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  StringConcat,
  TerraformStack,
  Tokenization,
} from "cdktf";
import type { IConstruct } from "constructs";
import { originOf } from "./cross-stack-references";

const MANAGED = /(?<![\w.])(?:aws_\w+|module)\.[\w-]+/;

/**
 * Returns the address of a managed AWS resource or a module of the same stack that a value refers to, or undefined.
 * Terraform knows their attributes only after the apply that creates them, so no `for_each` can use them.
 */
export function ownResource(scope: IConstruct, value: unknown): string | undefined {
  const resolver = new WithoutOtherStacks(new StringConcat());
  const resolved: unknown = Tokenization.resolve(value, { scope, resolver, preparing: false });
  return MANAGED.exec(JSON.stringify(resolved) ?? "")?.[0];
}

/** Omits references to other stacks: they are data sources. */
class WithoutOtherStacks extends DefaultTokenResolver {
  override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    const origin = originOf(token) ?? TerraformStack.of(context.scope);
    return origin === TerraformStack.of(context.scope) ? super.resolveToken(token, context, postProcessor) : "";
  }
}
