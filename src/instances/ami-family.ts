/** The AMI families that ECS publishes and this library knows how to boot. */
export const AMI_FAMILIES = ["amazon-linux-2023", "bottlerocket", "amazon-linux-2"] as const;

/**
 * Which ECS-optimized AMI the instances boot.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-optimized_AMI.html
 */
export type AmiFamily = (typeof AMI_FAMILIES)[number];

/** What differs between families, so that no construct asks which family it has. */
export interface AmiFamilyTraits {
  /** How the agent is configured: a shell script that writes `/etc/ecs/ecs.config`, or Bottlerocket's TOML. */
  readonly userData: "shell" | "toml";
  /** The device that `root_volume_gib` sizes: where images and containers live. */
  readonly dataDevice: string;
  /** Further devices of the image, which are encrypted as they are. */
  readonly otherDevices: readonly string[];
  /** Whether the agent's host port range can be set. */
  readonly portRangeIsSettable: boolean;
  /** Whether it can mount EFS with encryption and the task's rights. */
  readonly mountsFileSystems: boolean;
  /** What stands in the image's path for types with Neuron devices; undefined where there is no such image. */
  readonly neuronPath?: string;
  /** Why not to choose it, if there is a reason. */
  readonly deprecation?: string;
  /** What `ami_version` may be, besides `recommended`. */
  readonly pinnedVersion: { readonly pattern: string; readonly example: string };
}

/** The traits of each family. */
export const AMI_FAMILY_TRAITS: Readonly<Record<AmiFamily, AmiFamilyTraits>> = {
  "amazon-linux-2023": {
    userData: "shell",
    dataDevice: "/dev/xvda",
    otherDevices: [],
    portRangeIsSettable: true,
    mountsFileSystems: true,
    neuronPath: "neuron",
    pinnedVersion: {
      pattern: "al2023-ami-ecs-[a-z0-9._-]+",
      example: "al2023-ami-ecs-hvm-2023.0.20250304-kernel-6.1-x86_64",
    },
  },
  bottlerocket: {
    userData: "toml",
    // /dev/xvda holds the read-only system; images, containers and logs live on the second volume.
    // https://bottlerocket.dev/en/os/latest/#/concepts/storage
    dataDevice: "/dev/xvdb",
    otherDevices: ["/dev/xvda"],
    portRangeIsSettable: false,
    // https://github.com/bottlerocket-os/bottlerocket/issues/1080
    mountsFileSystems: false,
    pinnedVersion: { pattern: "[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9a-f]+)?", example: "1.49.0" },
  },
  "amazon-linux-2": {
    userData: "shell",
    dataDevice: "/dev/xvda",
    otherDevices: [],
    portRangeIsSettable: true,
    mountsFileSystems: true,
    neuronPath: "inf",
    deprecation:
      "Amazon Linux 2 reached its end of life on 2026-06-30 and gets no more security updates. Use amazon-linux-2023 or bottlerocket.",
    pinnedVersion: {
      pattern: "amzn2-ami-ecs-[a-z0-9._-]+",
      example: "amzn2-ami-ecs-hvm-2.0.20250304-x86_64-ebs",
    },
  },
};
