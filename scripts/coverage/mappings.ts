import type { Mapping } from "./cover";
import { AWS_ECS_TASK_DEFINITION } from "./mappings/aws_ecs_task_definition";
import { ECS_TASK_DEFINITION } from "./mappings/ecs-task-definition";

/** The mapping of each list in `lists`, by the list's name. */
export const MAPPINGS: Readonly<Record<string, Mapping>> = {
  "ecs-task-definition": ECS_TASK_DEFINITION,
  aws_ecs_task_definition: AWS_ECS_TASK_DEFINITION,
};
