// Cluster
import { Cluster } from "../../src";
import { stack } from "../../tools/docs/stack";

new Cluster(stack, "cluster", { name: "ecs", logRetentionDays: 30 });
