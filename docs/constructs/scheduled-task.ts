// ScheduledTask
// JSON: aws_scheduler_schedule.nightly: schedule_expression, target
// JSON: aws_iam_role_policy.nightly_scheduler_role_policy: policy
// JSON: aws_sqs_queue.nightly_dead_letter_queue: name, sqs_managed_sse_enabled

import { App } from "cdktf";
import { EcsClusterStack, ScheduledTask } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "ecs");
new ScheduledTask(stack, "nightly", {
  cluster: stack,
  scheduleExpression: "cron(0 3 * * ? *)",
  timeZone: "Asia/Seoul",
  command: ["npm", "run", "report"],
});
app.synth();
