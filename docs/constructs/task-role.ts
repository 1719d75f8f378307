// TaskRole

import { stack } from "../../scripts/docs/stack";
import { EcsClusterLookup, TaskRole } from "../../src";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
new TaskRole(stack, "task_role", {
  cluster,
  name: "users",
  statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::example-bucket/*"] }],
});
