import {
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  StringConcat,
  TerraformDataSource,
  TerraformLocal,
  TerraformStack,
  Tokenization,
} from "cdktf";
import type { IConstruct } from "constructs";
import { originOf } from "./cross-stack-references";

const REFERENCE = /(?<![\w.])(?:local|(?:data\.)?(?:aws_\w+|module))\.[\w-]+/g;

/**
 * Returns the address of a managed AWS resource or a module of the same stack that a value refers to, or undefined. It
 * follows local values and data sources of the stack. Terraform knows such a value only after the apply that creates the
 * resource, so no `for_each` can use it.
 */
export function ownResource(scope: IConstruct, value: unknown): string | undefined {
  const resolver = new WithoutOtherStacks(new StringConcat());
  const elements = TerraformStack.of(scope).node.findAll().filter(isIndirect);
  const followed = new Set<string>();
  const search = (inner: unknown): string | undefined => {
    const resolved: unknown = Tokenization.resolve(inner, { scope, resolver, preparing: false });
    for (const [address] of (JSON.stringify(resolved) ?? "").matchAll(REFERENCE)) {
      if (!/^(local|data)\./.test(address)) return address;
      if (followed.has(address)) continue;
      followed.add(address);
      const found = search(elements.find((element) => addressOf(element) === address)?.toTerraform());
      if (found) return found;
    }
    return undefined;
  };
  return search(value);
}

const isIndirect = (node: IConstruct): node is TerraformLocal | TerraformDataSource =>
  node instanceof TerraformLocal || TerraformDataSource.isTerraformDataSource(node);

const addressOf = (element: TerraformLocal | TerraformDataSource): string =>
  element instanceof TerraformLocal
    ? `local.${element.friendlyUniqueId}`
    : `data.${element.terraformResourceType}.${element.friendlyUniqueId}`;

/** Omits references to other stacks: they are data sources. */
class WithoutOtherStacks extends DefaultTokenResolver {
  override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    const origin = originOf(token) ?? TerraformStack.of(context.scope);
    return origin === TerraformStack.of(context.scope) ? super.resolveToken(token, context, postProcessor) : "";
  }
}
