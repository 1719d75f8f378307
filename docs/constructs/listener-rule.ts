// ListenerRule
// JSON: aws_lb_listener_rule.users_rule: listener_arn, priority, condition, action

import { App } from "cdktf";
import { EcsClusterStack, ListenerRule, TargetGroup } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "ecs");
const { targetGroupArn } = new TargetGroup(stack, "users", { cluster: stack, name: "users" });
new ListenerRule(stack, "users_rule", { cluster: stack, name: "users", targetGroupArn, paths: ["/api/users*"] });
app.synth();
