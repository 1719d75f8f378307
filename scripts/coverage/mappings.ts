import type { Mapping } from "./cover";
import {
  AWS_APPAUTOSCALING_POLICY,
  AWS_APPAUTOSCALING_SCHEDULED_ACTION,
  AWS_APPAUTOSCALING_TARGET,
} from "./mappings/aws_appautoscaling";
import { AWS_AUTOSCALING_GROUP } from "./mappings/aws_autoscaling_group";
import { AWS_ECS_CAPACITY_PROVIDER } from "./mappings/aws_ecs_capacity_provider";
import { AWS_ECS_CLUSTER } from "./mappings/aws_ecs_cluster";
import { AWS_ECS_SERVICE } from "./mappings/aws_ecs_service";
import { AWS_ECS_TASK_DEFINITION } from "./mappings/aws_ecs_task_definition";
import { AWS_LAUNCH_TEMPLATE } from "./mappings/aws_launch_template";
import { AWS_LB } from "./mappings/aws_lb";
import { AWS_LB_LISTENER } from "./mappings/aws_lb_listener";
import { AWS_LB_LISTENER_RULE } from "./mappings/aws_lb_listener_rule";
import { AWS_LB_TARGET_GROUP } from "./mappings/aws_lb_target_group";
import { AWS_SCHEDULER_SCHEDULE } from "./mappings/aws_scheduler_schedule";
import { ECS_TASK_DEFINITION } from "./mappings/ecs-task-definition";

/** The mapping of each list in `lists`, by the list's name. */
export const MAPPINGS: Readonly<Record<string, Mapping>> = {
  "ecs-task-definition": ECS_TASK_DEFINITION,
  aws_appautoscaling_policy: AWS_APPAUTOSCALING_POLICY,
  aws_appautoscaling_scheduled_action: AWS_APPAUTOSCALING_SCHEDULED_ACTION,
  aws_appautoscaling_target: AWS_APPAUTOSCALING_TARGET,
  aws_autoscaling_group: AWS_AUTOSCALING_GROUP,
  aws_ecs_capacity_provider: AWS_ECS_CAPACITY_PROVIDER,
  aws_ecs_cluster: AWS_ECS_CLUSTER,
  aws_launch_template: AWS_LAUNCH_TEMPLATE,
  aws_ecs_task_definition: AWS_ECS_TASK_DEFINITION,
  aws_ecs_service: AWS_ECS_SERVICE,
  aws_lb_target_group: AWS_LB_TARGET_GROUP,
  aws_lb_listener_rule: AWS_LB_LISTENER_RULE,
  aws_lb_listener: AWS_LB_LISTENER,
  aws_lb: AWS_LB,
  aws_scheduler_schedule: AWS_SCHEDULER_SCHEDULE,
};
