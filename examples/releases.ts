// Two services whose images a pipeline deploys, each through an SSM parameter, with alarms that roll a bad release back.
// Use it when a pipeline builds and releases images, and Terraform should neither need nor repeat them.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

const app = new App();
// The variable alarm_topic_arn is the topic for all alarms, and for failed deployments.
const stack = new EcsClusterStack(app, "releases", { values: { name: "shop" }, keyPair: "none", alarms: true });
const released = { cluster: stack, ecrRepository: true, imageParameter: true, memoryLimitMiB: 256 };

// Until the pipeline writes its first tag, a service has 0 tasks. Then it has desiredCount tasks.
new Ec2Service(stack, "users", {
  ...released,
  containerPort: 3000,
  paths: ["/api/users*"],
  desiredCount: 2,
  alarms: { latencySeconds: 0.5, rollback: true },
});
new Ec2Service(stack, "worker", { ...released, command: ["node", "worker.js"], alarms: true });

app.synth();
