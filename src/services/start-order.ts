import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { Problem } from "../validation/problem";
import { custom, list } from "../validation/schema";

const resourceOf = (service: Construct): EcsService | undefined => {
  const { defaultChild } = service.node;
  return defaultChild instanceof EcsService ? defaultChild : undefined;
};

/** The field of the services that a service starts after. */
export const startAfterField = <S extends Construct>() =>
  list(
    custom<S>(
      "an Ec2Service",
      "Use an Ec2Service that you create before this one.",
      (value) => Construct.isConstruct(value) && resourceOf(value) !== undefined,
    ),
  );

/** Returns the resources of the services that a service starts after. */
export const startedBefore = (services: readonly Construct[]): EcsService[] =>
  [...new Set(services)].flatMap((service) => resourceOf(service) ?? []);

/** Finds services that this one cannot start after. */
export function startProblems(scope: Construct, services: readonly Construct[]): Problem[] {
  const stack = TerraformStack.of(scope);
  return services.flatMap((service, index) => {
    const problem = (rule: string, fix: string): Problem[] => [
      { path: `startAfter[${index}]`, rule: `must ${rule}`, received: service.node.path, fix },
    ];
    if (service.node.root !== scope.node.root) {
      return problem("be a service of the same app", "Apply the other app first, and remove it here.");
    }
    if (resourceOf(service)?.waitForSteadyStateInput === false) {
      const fix = `Remove waitForSteadyState: false of ${service.node.id}. Without it, Terraform does not wait for its deployment.`;
      return problem("wait for a steady state", fix);
    }
    const other = TerraformStack.of(service);
    if (other === stack || !other.dependsOn(stack)) return [];
    const fix = `The stack ${other.node.id} already depends on this one, so Terraform can apply neither first. Move one of the services.`;
    return problem("not be in a stack that depends on the stack of this service", fix);
  });
}
