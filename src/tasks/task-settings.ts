import { boolean, plain, schemaOf } from "../validation/schema";
import { type TaskLogging, taskLoggingSchema } from "./container-logging";
import { type TaskRoles, taskRolesSchema } from "./task-roles";
import { type TaskVolumes, taskVolumesField } from "./task-volume";

/** The settings of a task beside its containers. */
export interface TaskSettings extends TaskLogging, TaskRoles {
  /** Let people open a shell in the containers (ECS Exec). @default false */
  readonly enableExecuteCommand?: boolean;
  /** Volumes by name. Containers mount them with `mountPoints`. @default - none */
  readonly volumes?: TaskVolumes;
  /** Keep old revisions registered, so that a rollback is possible. @default true */
  readonly keepRevisions?: boolean;
}

export const taskSettingsSchema = schemaOf<TaskSettings>()(
  {
    ...taskLoggingSchema.shape,
    ...taskRolesSchema.shape,
    enableExecuteCommand: plain(boolean()).default(false),
    volumes: taskVolumesField.default({}),
    keepRevisions: boolean().default(true),
  },
  ...taskRolesSchema.rules,
);
