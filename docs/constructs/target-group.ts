// TargetGroup
import { EcsClusterLookup, TargetGroup } from "../../src";
import { stack } from "../../tools/docs/stack";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
new TargetGroup(stack, "target_group", { cluster, name: "users", healthCheck: { path: "/health" } });
