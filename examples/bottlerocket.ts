// Bottlerocket instead of Amazon Linux: no shell and no package manager on the host, updates as whole images.
// Use it when the instances should hold as little as possible; SSH then leads into the admin container.
import { App } from "cdktf";
import { EcsClusterStack } from "../src";

const app = new App();
new EcsClusterStack(app, "bottlerocket", {
  amiFamily: "bottlerocket",
  keyPair: "none",
  agent: { imagePullBehavior: "prefer-cached", reservedMemoryMiB: 256 },
  values: { name: "rocket", instanceTypes: ["m7g.large"] },
});
app.synth();
