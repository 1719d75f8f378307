// TargetGroup
// JSON: aws_lb_target_group.users: protocol, target_type, deregistration_delay, health_check

import { App } from "cdktf";
import { EcsClusterStack, TargetGroup } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "ecs");
new TargetGroup(stack, "users", { cluster: stack, name: "users", healthCheck: { path: "/health" } });
app.synth();
