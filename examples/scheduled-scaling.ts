// Office hours for a service and its instances: more tasks at the start of the day, none at night, and no instances either.
// Use it when nobody uses an app at night.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

const app = new App();
const timeZone = "Asia/Seoul";
const stack = new EcsClusterStack(app, "scheduled-scaling", {
  // The instances start before the tasks, and stop after them.
  schedules: {
    evening: { recurrence: "15 20 * * MON-FRI", timeZone, minSize: 0 },
    morning: { recurrence: "45 7 * * MON-FRI", timeZone, minSize: 2 },
  },
  values: { name: "office", instanceTypes: ["t3.medium"], minSize: 0, maxSize: 6 },
});

new Ec2Service(stack, "intranet", {
  cluster: stack,
  containerPort: 8080,
  paths: ["/*"],
  scaling: {
    maxCapacity: 8,
    cpuPercent: 60,
    schedules: {
      // Everyone logs in at eight.
      morning: { schedule: "cron(0 8 ? * MON-FRI *)", timeZone, minCapacity: 4, maxCapacity: 8 },
      // From nine on, the CPU decides.
      day: { schedule: "cron(0 9 ? * MON-FRI *)", timeZone, minCapacity: 1 },
      evening: { schedule: "cron(0 20 ? * MON-FRI *)", timeZone, minCapacity: 0, maxCapacity: 0 },
    },
  },
});

app.synth();
