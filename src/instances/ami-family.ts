import { choice, plain } from "../validation/schema";

/** The AMI families that this library supports. */
export const AMI_FAMILIES = ["amazon-linux-2023", "bottlerocket", "amazon-linux-2"] as const;

/**
 * The ECS-optimized AMI of the instances.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-optimized_AMI.html
 */
export type AmiFamily = (typeof AMI_FAMILIES)[number];

/** The field of a property for an AMI family. */
export const amiFamilyField = plain(
  choice(...AMI_FAMILIES).with({ fix: "Choose one of these. Windows instances are out of scope." }),
).default("amazon-linux-2023");

/** The differences between the families. Code reads a trait instead of comparing the family's name. */
export interface AmiFamilyTraits {
  /** The format of the user data: a shell script that writes `/etc/ecs/ecs.config`, or Bottlerocket's TOML. */
  readonly userData: "shell" | "toml";
  /** The device that `root_volume_gib` sizes. It stores images and containers. */
  readonly dataDevice: string;
  /** The other devices of the image. They are encrypted and keep their size. */
  readonly otherDevices: readonly string[];
  /** Whether user data can set the agent's host ports. */
  readonly portRangeIsSettable: boolean;
  /** Whether tasks can mount EFS with encryption in transit and IAM authorization. */
  readonly mountsFileSystems: boolean;
  /** Whether instances can have a trunk network interface for tasks in awsvpc mode. */
  readonly hasTrunk: boolean;
  /** The part of the image's path for types with Neuron devices. @default - the family has no such image */
  readonly neuronPath?: string;
  /** The warning for a family that you should not use. @default - no warning */
  readonly deprecation?: string;
  /** The values of `ami_version`, besides `recommended`. */
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
    hasTrunk: true,
    neuronPath: "neuron",
    pinnedVersion: {
      pattern: "al2023-ami-ecs-[a-z0-9._-]+",
      example: "al2023-ami-ecs-hvm-2023.0.20250304-kernel-6.1-x86_64",
    },
  },
  bottlerocket: {
    userData: "toml",
    // /dev/xvda is the read-only system. The second volume stores images, containers and logs.
    // https://bottlerocket.dev/en/os/latest/#/concepts/storage
    dataDevice: "/dev/xvdb",
    otherDevices: ["/dev/xvda"],
    portRangeIsSettable: false,
    // https://github.com/bottlerocket-os/bottlerocket/issues/1080
    mountsFileSystems: false,
    // https://github.com/bottlerocket-os/bottlerocket/issues/3153
    hasTrunk: false,
    pinnedVersion: { pattern: "[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9a-f]+)?", example: "1.49.0" },
  },
  "amazon-linux-2": {
    userData: "shell",
    dataDevice: "/dev/xvda",
    otherDevices: [],
    portRangeIsSettable: true,
    mountsFileSystems: true,
    hasTrunk: true,
    neuronPath: "inf",
    deprecation:
      "Amazon Linux 2 reached its end of life on 2026-06-30 and gets no more security updates. Use amazon-linux-2023 or bottlerocket.",
    pinnedVersion: {
      pattern: "amzn2-ami-ecs-[a-z0-9._-]+",
      example: "amzn2-ami-ecs-hvm-2.0.20250304-x86_64-ebs",
    },
  },
};
