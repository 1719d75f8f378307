// GPUs and Neuron devices beside ordinary instances: each kind a capacity provider of its own, from none on, and out of the
// default strategy, so that only what asks for it runs there. The images follow the instance types.
// Use it when a few services compute on accelerators and the others should not pay for them.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "gpu", {
  capacityProviders: {
    main: {},
    gpu: { values: { instanceTypes: ["g5.xlarge", "g4dn.xlarge"], minSize: 0, maxSize: 2, rootVolumeGib: 100 } },
    neuron: { values: { instanceTypes: ["inf2.xlarge"], minSize: 0, maxSize: 2, rootVolumeGib: 100 } },
  },
  defaultStrategy: [{ capacityProvider: "main" }],
  values: { name: "models" },
});
const image = "public.ecr.aws/docker/library/python:3.13";
const common = { cluster: stack, image, memoryLimitMiB: 8192, minimumHealthyPercent: 0 };
new Ec2Service(stack, "train", { ...common, gpuCount: 1, capacityProviderStrategies: [{ capacityProvider: "gpu" }] });
new Ec2Service(stack, "infer", {
  ...common,
  neuronDeviceCount: 1,
  capacityProviderStrategies: [{ capacityProvider: "neuron" }],
});
app.synth();
