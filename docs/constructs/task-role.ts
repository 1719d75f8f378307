// TaskRole
// JSON: aws_iam_role_policy.users_task_role_policy: policy

import { App } from "cdktf";
import { EcsClusterStack, TaskRole } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "ecs");
new TaskRole(stack, "users_task_role", {
  cluster: stack,
  name: "ecs-users",
  statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::example-bucket/*"] }],
});
app.synth();
