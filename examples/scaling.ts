// A cluster for office hours: no instances at night, and a warm pool that starts instances faster. Instances are replaced after
// two weeks. A new AMI first goes to a fifth of the instances, and the refresh rolls back when it fails.
// Use it when the load follows the time of day.
import { App } from "cdktf";
import { EcsClusterStack } from "../src";

const app = new App();
new EcsClusterStack(app, "scaling", {
  instanceRefresh: { checkpointPercentages: [20, 100], checkpointDelaySeconds: 900, autoRollback: true },
  maxInstanceLifetimeDays: 14,
  schedules: {
    evening: { recurrence: "0 20 * * MON-FRI", timeZone: "Asia/Seoul", minSize: 0, maxSize: 0 },
    morning: { recurrence: "0 7 * * MON-FRI", timeZone: "Asia/Seoul", minSize: 2, maxSize: 10 },
  },
  warmPool: { minSize: 2 },
  lifecycleHooks: { copy_logs: { transition: "terminating", heartbeatTimeoutSeconds: 300, defaultResult: "continue" } },
  // Start at most four instances at a time, and count an instance only two minutes after its start.
  managedScaling: { maximumStepSize: 4, instanceWarmupSeconds: 120 },
  values: { name: "office", instanceTypes: ["m7i.large"], minSize: 0, maxSize: 10 },
});
app.synth();
