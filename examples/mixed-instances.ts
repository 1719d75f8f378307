// Two instances on demand, and of those beyond them three of four on Spot: once with types by name, once by what they have.
// Use it when services can bear an interruption with two minutes' notice, but not all of their tasks at a time.
import { App } from "cdktf";
import { EcsClusterStack } from "../src";

const app = new App();
const instancesDistribution = { onDemandBaseCapacity: 2, onDemandPercentageAboveBaseCapacity: 25 };
new EcsClusterStack(app, "mixed-by-name", {
  instancesDistribution,
  values: { name: "named", instanceTypes: ["m7i.large", "m6i.large", "m5.large"], minSize: 2, maxSize: 20 },
});
new EcsClusterStack(app, "mixed-by-requirements", {
  instancesDistribution,
  instanceRequirements: {
    vCpuCount: { min: 2, max: 8 },
    memoryMiB: { min: 8192, max: 32768 },
    architecture: "arm64",
    excludedInstanceTypes: ["*n.*"],
  },
  values: { name: "required", minSize: 2, maxSize: 20 },
});
app.synth();
