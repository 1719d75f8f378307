// ListenerRule

import { stack } from "../../scripts/docs/stack";
import { EcsClusterLookup, ListenerRule, TargetGroup } from "../../src";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
const { targetGroupArn } = new TargetGroup(stack, "target_group", { cluster, name: "users" });
new ListenerRule(stack, "rule", { cluster, name: "users", targetGroupArn, paths: ["/api/users*"] });
