// ServiceConnectNamespace
import { EcsClusterLookup, ServiceConnectNamespace } from "../../src";
import { stack } from "../../tools/docs/stack";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" });
