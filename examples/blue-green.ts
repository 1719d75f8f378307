// Services that move requests from all old tasks to all new ones: at once after tests by a Lambda function, and a few first.
// Use it when a bad release must not reach all users, or when a rollback must take seconds.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "blue-green", {
  values: { name: "blue-green", region: "eu-west-1", instanceTypes: ["m6i.large"], maxSize: 4 },
});
new Ec2Service(stack, "orders", {
  cluster: stack,
  networkMode: "awsvpc",
  containerPort: 8080,
  paths: ["/api/orders*"],
  desiredCount: 2,
  sigintRollback: true,
  deployment: {
    strategy: "BLUE_GREEN",
    bakeTimeMinutes: 10,
    testRoute: { paths: ["/api/orders*"], headers: { "X-Revision": ["next"] } },
    lifecycleHooks: [
      {
        hookTargetArn: "arn:aws:lambda:eu-west-1:111122223333:function:orders-smoke-test",
        lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
        hookDetails: { path: "/api/orders/health" },
      },
    ],
  },
});
new Ec2Service(stack, "search", {
  cluster: stack,
  networkMode: "awsvpc",
  containerPort: 8080,
  paths: ["/api/search*"],
  desiredCount: 2,
  deployment: {
    strategy: "CANARY",
    canaryConfiguration: { canaryPercent: 5, canaryBakeTimeMinutes: 15 },
    alarms: { alarmNames: ["search-5xx", "search-latency"] },
  },
});
app.synth();
