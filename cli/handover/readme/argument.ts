import { ofType, type Stack } from "../stack";
import type { Json } from "../terraform-json/configuration";
import { displayName } from "../terraform-json/display-name";

/**
 * Returns an output as the argument of a command. A module returns a placeholder, because only the root module prints
 * outputs.
 */
export const argument = ({ portable: { outputs }, options }: Stack, output: string, placeholder: string): string =>
  !options.module && outputs.some(([name]) => name === output) ? `"$(terraform output -raw ${output})"` : placeholder;

/** Returns the cluster as the argument of a command: the output, a known name, or a placeholder. */
export const clusterArgument = (stack: Stack): string => {
  const [service] = ofType(stack, "aws_ecs_service");
  const [cluster] = ofType(stack, "aws_ecs_cluster");
  const names = [cluster?.body.name, service?.body.cluster, "${var.cluster_name}"];
  return argument(stack, "cluster_name", knownName(stack, names) ?? "CLUSTER");
};

/** Returns the first Auto Scaling group as the argument of a command. */
export const groupArgument = (stack: Stack): string => {
  const [group] = ofType(stack, "aws_autoscaling_group");
  return argument(stack, "autoscaling_group_name", knownName(stack, [group?.body.name]) ?? "GROUP");
};

/** The variables of a module have other values in each use. */
function knownName({ options, configuration }: Stack, values: readonly (Json | undefined)[]) {
  if (options.module) return undefined;
  return values.map((value) => displayName(value, configuration.variables)).find((name) => name !== undefined);
}
