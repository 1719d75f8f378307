// Ec2Service
import { Ec2Service, EcsClusterLookup } from "../../src";
import { stack } from "../../tools/docs/stack";

const cluster = new EcsClusterLookup(stack, "ecs", { clusterName: "ecs", region: "eu-west-1" });
new Ec2Service(stack, "users", {
  cluster,
  containerPort: 3000,
  paths: ["/api/users*"],
  healthCheck: { path: "/health" },
});
