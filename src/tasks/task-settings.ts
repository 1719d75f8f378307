import { boolean, plain, schemaOf } from "../validation/schema";
import { type TaskLogging, taskLoggingSchema } from "./container-logging";
import { type LogRouterSettings, logRouterSettingsSchema } from "./log-router";
import { type JsonObject, jsonObjectField } from "./overrides";
import { type TaskNetwork, taskNetworkSchema } from "./task-network";
import { type TaskPlatform, taskPlatformSchema } from "./task-platform";
import { type TaskRoles, taskRolesSchema } from "./task-roles";
import { type TaskSize, taskSizeSchema } from "./task-size";
import { type TaskVolumes, taskVolumesField } from "./task-volume";

/** The settings of a task beside its containers. */
export interface TaskSettings extends TaskLogging, TaskNetwork, TaskRoles, TaskSize, TaskPlatform {
  /** The log router of the task. @default - AWS for Fluent Bit, if a container has `LogDriver.fireLens` */
  readonly logRouter?: LogRouterSettings;
  /** Let people open a shell in the containers (ECS Exec). @default false */
  readonly enableExecuteCommand?: boolean;
  /** Volumes by name. Containers mount them with `mountPoints`. @default - none */
  readonly volumes?: TaskVolumes;
  /** Keep old revisions registered, so that a rollback is possible. @default true */
  readonly keepRevisions?: boolean;
  /**
   * Arguments of `aws_ecs_task_definition` in the provider's names, for what no setting covers: `{ track_latest: true }`. They
   * are merged last, as with `addOverride` of CDKTF. Only the form is validated: values of JSON, and tokens. Terraform evaluates
   * `${…}` and `%{…}` in their text.
   * @default - none
   */
  readonly taskDefinitionOverrides?: JsonObject;
}

export const taskSettingsSchema = schemaOf<TaskSettings>()(
  {
    ...taskLoggingSchema.shape,
    ...taskNetworkSchema.shape,
    ...taskRolesSchema.shape,
    ...taskSizeSchema.shape,
    ...taskPlatformSchema.shape,
    logRouter: logRouterSettingsSchema.optional(),
    enableExecuteCommand: plain(boolean()).default(false),
    volumes: taskVolumesField.default({}),
    keepRevisions: boolean().default(true),
    taskDefinitionOverrides: jsonObjectField.optional(),
  },
  ...taskRolesSchema.rules,
  ...taskNetworkSchema.rules,
);
