// TaskDefinition

import { stack } from "../../scripts/docs/stack";
import { EcsClusterLookup, Secret, TaskDefinition } from "../../src";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
new TaskDefinition(stack, "task_definition", {
  cluster,
  name: "users",
  containers: [
    {
      name: "users",
      image: "public.ecr.aws/docker/library/nginx:1.29",
      containerPort: 80,
      cpu: 256,
      memoryLimitMiB: 512,
      secrets: { DATABASE_URL: Secret.fromSsmParameter("/prod/users/database-url") },
    },
  ],
});
