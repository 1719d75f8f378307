// Ec2Service

import { stack } from "../../scripts/docs/stack";
import { Ec2Service, EcsClusterLookup } from "../../src";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
new Ec2Service(stack, "users", {
  cluster,
  containerPort: 3000,
  paths: ["/api/users*"],
  healthCheck: { path: "/health" },
});
