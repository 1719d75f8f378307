// Two on-demand instances. Of the other instances, three of four are Spot instances. One cluster selects its instance types by
// name, the other by requirements. Use it when services tolerate interruptions with two minutes' notice, but not of all tasks.
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
