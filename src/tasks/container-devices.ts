import { wholeNumber } from "../validation/rule";
import { number, type Parsed, plain, schemaOf } from "../validation/schema";
import { text } from "./ecs-json";

/** The accelerators of a container. */
export interface ContainerDevices {
  /** GPUs to reserve. Only instances with NVIDIA GPUs run the container. @default - none */
  readonly gpuCount?: number;
  /** AWS Neuron devices (Inferentia, Trainium) to use, from `/dev/neuron0` on. @default - none */
  readonly neuronDeviceCount?: number;
}

const devices = wholeNumber(1, 16, "devices", "No instance type has more.");

export const containerDevicesSchema = schemaOf<ContainerDevices>()({
  gpuCount: number(devices).optional(),
  neuronDeviceCount: plain(number(devices)).optional(),
});

type Devices = Parsed<typeof containerDevicesSchema>;

/** Returns the GPUs as the API of ECS names them. */
export const gpuJson = ({ gpuCount }: Devices) => ({
  resourceRequirements: gpuCount ? [{ type: "GPU", value: text(`${gpuCount}`) }] : undefined,
});

/** https://awsdocs-neuron.readthedocs-hosted.com/en/latest/containers/dlc-then-ecs-devflow.html */
export const neuronDevices = ({ neuronDeviceCount = 0 }: Devices): object[] =>
  Array.from({ length: neuronDeviceCount }, (_, index) => {
    const path = `/dev/neuron${index}`;
    return { hostPath: path, containerPath: path, permissions: ["read", "write"] };
  });
