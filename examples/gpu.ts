// Instances with GPUs and with Neuron devices. Each kind has a capacity provider, which starts with no instances and is not
// in the default strategy, so only services that name it run there. The AMIs follow the instance types.
// Use it when some services need accelerators, and the others should run on cheaper instances.
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
