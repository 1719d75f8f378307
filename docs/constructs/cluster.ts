// Cluster

import { stack } from "../../scripts/docs/stack";
import { Cluster } from "../../src";

new Cluster(stack, "cluster", { name: "ecs", logRetentionDays: 30 });
