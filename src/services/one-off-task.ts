import type { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { Construct } from "constructs";
import { schemaOf } from "../validation/schema";
import { guardsOf, StandaloneTask, type StandaloneTaskProps, standaloneTaskSchema } from "./standalone-task";

/** A task without a schedule, such as a migration or a console. */
export interface OneOffTaskProps extends StandaloneTaskProps {}

export const oneOffTaskPropsSchema = schemaOf<OneOffTaskProps>()(
  standaloneTaskSchema.shape,
  ...standaloneTaskSchema.rules,
);

/**
 * A task that runs when somebody starts it: a person with the command in the output `<name>_run_task_command`, a pipeline, an
 * EventBridge rule or a state machine of Step Functions. `apply` registers the task definition, and starts nothing.
 *
 * @example new OneOffTask(stack, "migrate", { cluster: stack, image, command: ["npm", "run", "migrate"] })
 */
export class OneOffTask extends StandaloneTask {
  /** @throws {SettingsError} with every problem of the props, or with every conflict with other services and constructs */
  constructor(scope: Construct, id: string, props: OneOffTaskProps) {
    super("OneOffTask", oneOffTaskPropsSchema, scope, id, props);
    // Nothing else of the task is a resource, so the task definition has the guards.
    const definition = this.taskDefinition.node.defaultChild as EcsTaskDefinition;
    const guards = guardsOf(this, 0);
    this.node.defaultChild = definition;
    if (guards.length === 0) return;
    const { lifecycle = {} } = definition;
    definition.lifecycle = { ...lifecycle, precondition: [...(lifecycle.precondition ?? []), ...guards] };
  }
}
