// ServiceScaling

import { stack } from "../../scripts/docs/stack";
import { EcsClusterLookup, ServiceScaling } from "../../src";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
new ServiceScaling(stack, "scaling", { cluster, serviceName: "users", maxCapacity: 6, cpuPercent: 60 });
