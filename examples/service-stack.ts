// Services with another repository and another state than their cluster.
// Use it when one team deploys the services and another team runs the cluster.
import { App } from "cdktf";
import { Ec2Service, EcsServiceStack, Secret } from "../src";

const app = new App();
const stack = new EcsServiceStack(app, "service-stack", { values: { clusterName: "ecs", tags: { Team: "orders" } } });

// The service has an ECR repository. The variable `orders_image_tag` selects the image.
new Ec2Service(stack, "orders", {
  cluster: stack.cluster,
  ecrRepository: true,
  containerPort: 8080,
  memoryLimitMiB: 512,
  memoryReservationMiB: 256,
  environment: { NODE_ENV: "production" },
  secrets: { DATABASE_URL: Secret.fromSsmParameter("/prod/orders/database-url") },
  paths: ["/api/orders*"],
  routes: { admin: { hosts: ["admin.example.com"], paths: ["/orders*"] } },
  healthCheck: { path: "/health" },
  enableExecuteCommand: true,
  scaling: { minCapacity: 1, maxCapacity: 3, cpuPercent: 60 },
});

app.synth();
