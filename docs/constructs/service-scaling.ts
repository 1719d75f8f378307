// ServiceScaling
import { EcsClusterLookup, ServiceScaling } from "../../src";
import { stack } from "../../tools/docs/stack";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
new ServiceScaling(stack, "scaling", { cluster, serviceName: "users", maxCapacity: 6, cpuPercent: 60 });
