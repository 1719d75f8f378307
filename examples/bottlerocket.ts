// Bottlerocket instead of Amazon Linux. The host has no shell and no package manager, and updates replace the whole image.
// Use it when the instances should have as little software as possible. Session Manager opens a session on the host.
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
