// An office's cluster: none of its instances run at night, a warm pool has them back in a minute, none is older than two
// weeks, and a new image goes to a fifth of them first and comes back when an alarm goes off.
// Use it when the load follows the clock.
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
  // A morning's rush starts four at a time, and none twice while the first ones boot.
  managedScaling: { maximumStepSize: 4, instanceWarmupSeconds: 120 },
  values: { name: "office", instanceTypes: ["m7i.large"], minSize: 0, maxSize: 10 },
});
app.synth();
