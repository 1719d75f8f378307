// ListenerRule
import { EcsClusterLookup, ListenerRule, TargetGroup } from "../../src";
import { stack } from "../../tools/docs/stack";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
const { targetGroupArn } = new TargetGroup(stack, "target_group", { cluster, name: "users" });
new ListenerRule(stack, "rule", { cluster, name: "users", targetGroupArn, paths: ["/api/users*"] });
