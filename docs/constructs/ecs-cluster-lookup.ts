// EcsClusterLookup
import { EcsClusterLookup } from "../../src";
import { stack } from "../../tools/docs/stack";

new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
