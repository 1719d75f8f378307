// Two capacity providers: the first task of each service runs on on-demand x86 instances. Of the other tasks, three of four
// run on Spot arm64 instances. Use it when most of the load may be interrupted, and your images support both architectures.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "capacity-providers", {
  capacityProviders: {
    x86: { values: { instanceTypes: ["m7i.large", "m6i.large"], maxSize: 4 } },
    arm: { spot: true, values: { instanceTypes: ["m7g.large", "m6g.large"], minSize: 0, maxSize: 8 } },
  },
  defaultStrategy: [
    { capacityProvider: "x86", base: 1, weight: 1 },
    { capacityProvider: "arm", weight: 3 },
  ],
  values: { name: "two" },
});
const image = "public.ecr.aws/docker/library/nginx:1.27";
// This service uses the default strategy. The next one never runs on Spot instances.
new Ec2Service(stack, "web", { cluster: stack, image, containerPort: 80, paths: ["/*"], desiredCount: 4 });
new Ec2Service(stack, "queue", { cluster: stack, image, capacityProviderStrategies: [{ capacityProvider: "x86" }] });
app.synth();
