// TargetGroup

import { stack } from "../../scripts/docs/stack";
import { EcsClusterLookup, TargetGroup } from "../../src";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
new TargetGroup(stack, "target_group", { cluster, name: "users", healthCheck: { path: "/health" } });
