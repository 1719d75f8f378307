// A cluster with alarms and a dashboard. An SNS topic receives alarms and failed deployments.
// Use it when somebody is on call. The topic's policy must admit CloudWatch and EventBridge: docs/settings.md shows it.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "operations", {
  alarms: true,
  dashboard: true,
  values: { name: "shop", minSize: 2, maxSize: 6, alarmReservationPercent: 95, alarmServerErrors: 20 },
});

// The dashboard and the alarms include every service of the cluster.
new Ec2Service(stack, "web", {
  cluster: stack,
  containerPort: 3000,
  cpu: 256,
  memoryLimitMiB: 256,
  paths: ["/*"],
  healthCheck: { path: "/healthz" },
  desiredCount: 2,
  // ECS rolls back a version that does not become healthy, and the topic receives a message.
  circuitBreaker: true,
  rollback: true,
});
new Ec2Service(stack, "worker", { cluster: stack, cpu: 128, memoryLimitMiB: 128, command: ["node", "worker.js"] });

app.synth();
