// OneOffTask
// JSON: aws_ecs_task_definition.migrate_task_definition: family, execution_role_arn

import { App } from "cdktf";
import { EcsClusterStack, OneOffTask } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "ecs");
new OneOffTask(stack, "migrate", { cluster: stack, command: ["npm", "run", "migrate"] });
app.synth();
