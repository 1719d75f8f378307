// ServiceConnectNamespace

import { stack } from "../../scripts/docs/stack";
import { EcsClusterLookup, ServiceConnectNamespace } from "../../src";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" });
