// A cluster that tells people when something is wrong: alarms and failed deployments to an SNS topic, and a dashboard to
// look at first. Use it when somebody is called at night. The topic's policy has to admit EventBridge: docs/settings.md.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "operations", {
  alarms: true,
  dashboard: true,
  values: { name: "shop", minSize: 2, maxSize: 6, alarmReservationPercent: 95, alarmServerErrors: 20 },
});

// Both are on the dashboard and watched by the same alarms, as any further service would be.
new Ec2Service(stack, "web", {
  cluster: stack,
  containerPort: 3000,
  cpu: 256,
  memoryLimitMiB: 256,
  paths: ["/*"],
  healthCheck: { path: "/healthz" },
  desiredCount: 2,
  // A version that never gets well is rolled back, and the topic is told.
  circuitBreaker: true,
  rollback: true,
});
new Ec2Service(stack, "worker", { cluster: stack, cpu: 128, memoryLimitMiB: 128, command: ["node", "worker.js"] });

app.synth();
