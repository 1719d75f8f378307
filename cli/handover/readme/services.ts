import { ofType, type Stack } from "../stack";
import type { Element } from "../terraform-json/configuration";
import { displayName } from "../terraform-json/display-name";
import { clusterArgument } from "./argument";

/** AWS describes at most 10 services in a call. */
const LIMIT = 10;

/** Returns the name of a service in AWS. */
export const serviceName = ({ configuration }: Stack, { name, body }: Element): string =>
  displayName(body.name, configuration.variables) ?? name;

/** Returns the names of all services. */
export const serviceNames = (stack: Stack): string[] =>
  ofType(stack, "aws_ecs_service").map((service) => serviceName(stack, service));

/** Returns the commands that show the tasks and the last deployment of each service. */
export function describeServices(stack: Stack): string[] {
  const names = serviceNames(stack);
  const calls = Array.from({ length: Math.ceil(names.length / LIMIT) }, (_, at) =>
    names.slice(at * LIMIT, (at + 1) * LIMIT),
  );
  return calls.flatMap((some) => [
    `aws ecs describe-services --cluster ${clusterArgument(stack)} --services ${some.join(" ")} --output table \\`,
    "  --query 'services[].[serviceName,runningCount,desiredCount,deployments[0].rolloutState,deployments[0].rolloutStateReason]'",
  ]);
}

/** Returns the services for whose deployments an apply waits, and the others. */
export function waitingServices(stack: Stack): { readonly waiting: string[]; readonly others: string[] } {
  const names = (isWaiting: boolean) =>
    ofType(stack, "aws_ecs_service")
      .filter(({ body }) => (body.wait_for_steady_state === true) === isWaiting)
      .map((service) => serviceName(stack, service));
  return { waiting: names(true), others: names(false) };
}
