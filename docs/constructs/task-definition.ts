// TaskDefinition
// JSON: aws_ecs_task_definition.users: family, network_mode, requires_compatibilities, container_definitions

import { App } from "cdktf";
import { EcsClusterStack, Secret, TaskDefinition } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "ecs");
new TaskDefinition(stack, "users", {
  cluster: stack,
  name: "users",
  containers: [
    {
      name: "users",
      image: "public.ecr.aws/docker/library/nginx:1.29",
      containerPort: 80,
      memoryLimitMiB: 512,
      secrets: { DATABASE_URL: Secret.fromSsmParameter("/prod/users/database-url") },
    },
  ],
});
app.synth();
