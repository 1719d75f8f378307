// EcsClusterLookup

import { stack } from "../../scripts/docs/stack";
import { EcsClusterLookup } from "../../src";

new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
