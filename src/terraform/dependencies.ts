import { type ITerraformDependable, TerraformElement, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * Returns what a resource can depend on within its stack. Terraform cannot wait for a resource of another stack, so for
 * such a dependency the whole stack depends on the other one, and `cdktf deploy` applies that first.
 */
export function dependenciesWithin(
  scope: Construct,
  dependencies: readonly ITerraformDependable[],
): ITerraformDependable[] {
  const stack = TerraformStack.of(scope);
  return dependencies.filter((dependency) => {
    const other = TerraformElement.isTerraformElement(dependency) ? dependency.cdktfStack : stack;
    if (other !== stack) stack.addDependency(other);
    return other === stack;
  });
}
