// Two environments in one app. Each has its own settings, values and state.
// Use it when development and production have the same code, and different sizes.
import { App } from "cdktf";
import { EcsClusterStack } from "../src";

const app = new App();
new EcsClusterStack(app, "environments-dev", { values: { name: "dev", tags: { Environment: "dev" } } });
new EcsClusterStack(app, "environments-prod", {
  terminationProtection: true,
  containerInsights: "enhanced",
  loadBalancer: { https: true, deletionProtection: true },
  values: {
    name: "prod",
    instanceTypes: ["m7g.large", "m6g.large"],
    minSize: 3,
    maxSize: 12,
    logRetentionDays: 365,
    tags: { Environment: "prod" },
  },
});
app.synth();
