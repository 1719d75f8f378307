// ExecutionRole
// JSON: aws_iam_role.users_execution_role: name_prefix, description

import { App } from "cdktf";
import { EcsClusterStack, ExecutionRole, Secret } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "ecs");
new ExecutionRole(stack, "users_execution_role", {
  cluster: stack,
  name: "ecs-users",
  logGroupArn: "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/ecs/users",
  images: ["public.ecr.aws/docker/library/nginx:1.29"],
  secrets: [Secret.fromSsmParameter("/prod/users/database-url")],
});
app.synth();
