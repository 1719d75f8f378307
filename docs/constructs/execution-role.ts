// ExecutionRole

import { stack } from "../../scripts/docs/stack";
import { EcsClusterLookup, ExecutionRole, Secret } from "../../src";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
new ExecutionRole(stack, "execution_role", {
  cluster,
  name: "users",
  logGroupArn: "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/users",
  images: ["public.ecr.aws/docker/library/nginx:1.29"],
  secrets: [Secret.fromSsmParameter("/prod/users/database-url")],
});
