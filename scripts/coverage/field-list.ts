import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { modelFields } from "./botocore";
import { providerArguments } from "./provider-arguments";

/** Every field that an API or a resource type of the provider accepts. */
export interface FieldList {
  /** Where the fields come from, with the version. */
  readonly source: string;
  /** The paths of the fields that have a value, in alphabetical order: `volumes[].host.sourcePath`. */
  readonly fields: readonly string[];
}

/** How `npm run coverage` reads each list again. Its name is the name of its file in `lists` and of its mapping. */
export const LISTS: Readonly<Record<string, () => FieldList>> = {
  "ecs-task-definition": () => modelFields("ecs", "RegisterTaskDefinitionRequest"),
  aws_appautoscaling_policy: () => providerArguments("aws_appautoscaling_policy"),
  aws_appautoscaling_scheduled_action: () => providerArguments("aws_appautoscaling_scheduled_action"),
  aws_appautoscaling_target: () => providerArguments("aws_appautoscaling_target"),
  aws_autoscaling_group: () => providerArguments("aws_autoscaling_group"),
  aws_ecs_capacity_provider: () => providerArguments("aws_ecs_capacity_provider"),
  aws_ecs_cluster: () => providerArguments("aws_ecs_cluster"),
  aws_launch_template: () => providerArguments("aws_launch_template"),
  aws_ecs_task_definition: () => providerArguments("aws_ecs_task_definition"),
  aws_ecs_service: () => providerArguments("aws_ecs_service"),
  aws_lb: () => providerArguments("aws_lb"),
  aws_lb_listener: () => providerArguments("aws_lb_listener"),
  aws_lb_listener_rule: () => providerArguments("aws_lb_listener_rule"),
  aws_lb_target_group: () => providerArguments("aws_lb_target_group"),
  aws_scheduler_schedule: () => providerArguments("aws_scheduler_schedule"),
};

const fileOf = (name: string): string => join(__dirname, "lists", `${name}.json`);

/** Returns a committed list. */
export const readList = (name: string): FieldList => JSON.parse(readFileSync(fileOf(name), "utf8")) as FieldList;

/** Writes a list to its file. */
export const writeList = (name: string, list: FieldList): void =>
  writeFileSync(fileOf(name), `${JSON.stringify(list, undefined, 2)}\n`);
