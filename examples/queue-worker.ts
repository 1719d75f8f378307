// A queue worker from and to zero: without messages, no task and no instance runs. Use it when work comes in batches, and may
// wait some minutes for the first instance.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "queue-worker", {
  loadBalancer: false,
  values: { name: "pictures", instanceTypes: ["m7i.large"], minSize: 0, maxSize: 4 },
});

new Ec2Service(stack, "thumbnails", {
  cluster: stack,
  command: ["node", "worker.js"],
  cpu: 512,
  memoryLimitMiB: 512,
  // Scale-in sends SIGTERM. The worker then finishes its message.
  stopTimeoutSeconds: 110,
  scaling: {
    minCapacity: 0,
    maxCapacity: 8,
    // A picture takes up to four minutes. After three attempts it goes to the dead-letter queue.
    queue: { visibilityTimeoutSeconds: 300 },
    messagesPerTask: 20,
  },
});

app.synth();
