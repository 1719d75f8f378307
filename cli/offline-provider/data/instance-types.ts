/** The attributes of an instance type that stacks use. */
export interface InstanceTypeFixture {
  /** @default "x86_64" */
  readonly architecture?: "x86_64" | "arm64";
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** @default - none */
  readonly gpu?: { readonly manufacturer: "NVIDIA" | "AMD"; readonly name: string; readonly memoryMiB: number };
  /** The most network interfaces, the instance's own included. @default 3 */
  readonly networkInterfaces?: number;
  /** The most IPv6 addresses of a network interface. Larger types have more. @default 4 */
  readonly ipv6Addresses?: number;
  /** Whether it has AWS accelerators (Inferentia, Trainium). @default false */
  readonly neuron?: boolean;
  /** The zones that offer it, by letter or by name. @default - every zone of the fixtures */
  readonly zones?: readonly string[];
}

const T4 = { manufacturer: "NVIDIA", name: "T4", memoryMiB: 16_384 } as const;

/** From https://aws.amazon.com/ec2/instance-types/. As in Seoul, two zones do not offer the t2 family. */
export const INSTANCE_TYPES: { readonly [type: string]: InstanceTypeFixture } = {
  "t2.micro": { vcpus: 1, memoryMiB: 1_024, networkInterfaces: 2, zones: ["a", "c"] },
  "t2.small": { vcpus: 1, memoryMiB: 2_048, zones: ["a", "c"] },
  "t3.nano": { vcpus: 2, memoryMiB: 512, networkInterfaces: 2 },
  "t3.micro": { vcpus: 2, memoryMiB: 1_024, networkInterfaces: 2 },
  "t3.small": { vcpus: 2, memoryMiB: 2_048 },
  "t3.medium": { vcpus: 2, memoryMiB: 4_096 },
  "t3.large": { vcpus: 2, memoryMiB: 8_192 },
  "t3a.small": { vcpus: 2, memoryMiB: 2_048, networkInterfaces: 2 },
  "t3a.medium": { vcpus: 2, memoryMiB: 4_096 },
  "m5.large": { vcpus: 2, memoryMiB: 8_192 },
  "m5.xlarge": { vcpus: 4, memoryMiB: 16_384, networkInterfaces: 4 },
  "m6i.large": { vcpus: 2, memoryMiB: 8_192 },
  "m7i.large": { vcpus: 2, memoryMiB: 8_192 },
  "c5.large": { vcpus: 2, memoryMiB: 4_096 },
  "c6i.large": { vcpus: 2, memoryMiB: 4_096 },
  "r5.large": { vcpus: 2, memoryMiB: 16_384 },
  "t4g.micro": { architecture: "arm64", vcpus: 2, memoryMiB: 1_024, networkInterfaces: 2 },
  "t4g.small": { architecture: "arm64", vcpus: 2, memoryMiB: 2_048 },
  "t4g.medium": { architecture: "arm64", vcpus: 2, memoryMiB: 4_096 },
  "m6g.large": { architecture: "arm64", vcpus: 2, memoryMiB: 8_192 },
  "m7g.large": { architecture: "arm64", vcpus: 2, memoryMiB: 8_192 },
  "c7g.large": { architecture: "arm64", vcpus: 2, memoryMiB: 4_096 },
  "g4dn.xlarge": { vcpus: 4, memoryMiB: 16_384, gpu: T4 },
  "g5.xlarge": {
    vcpus: 4,
    memoryMiB: 16_384,
    networkInterfaces: 4,
    gpu: { manufacturer: "NVIDIA", name: "A10G", memoryMiB: 24_576 },
  },
  "g5g.xlarge": {
    architecture: "arm64",
    vcpus: 4,
    memoryMiB: 8_192,
    networkInterfaces: 4,
    gpu: { ...T4, name: "T4g" },
  },
  "g4ad.xlarge": {
    vcpus: 4,
    memoryMiB: 16_384,
    networkInterfaces: 2,
    gpu: { manufacturer: "AMD", name: "Radeon Pro V520", memoryMiB: 8_192 },
  },
  "inf1.xlarge": { vcpus: 4, memoryMiB: 8_192, networkInterfaces: 4, neuron: true },
  "inf2.xlarge": { vcpus: 4, memoryMiB: 16_384, networkInterfaces: 4, neuron: true },
};
