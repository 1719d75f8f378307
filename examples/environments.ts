// One app, two environments: the same structure with other values, each with a state of its own.
// Use it when dev and prod should differ in sizes and not in kind.
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
