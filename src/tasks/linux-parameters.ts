import { matches, wholeNumber } from "../validation/rule";
import { boolean, choice, list, number, type Parsed, plain, schemaOf, string, unavailable } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { type containerDevicesSchema, neuronDevices } from "./container-devices";
import type { ContainerSize } from "./container-size";
import { amount, some, text, texts, withoutUndefined } from "./ecs-json";
import { absolutePath } from "./task-volume";

const CAPABILITIES = [
  "ALL",
  "AUDIT_CONTROL",
  "AUDIT_WRITE",
  "BLOCK_SUSPEND",
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "IPC_LOCK",
  "IPC_OWNER",
  "KILL",
  "LEASE",
  "LINUX_IMMUTABLE",
  "MAC_ADMIN",
  "MAC_OVERRIDE",
  "MKNOD",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
  "NET_BROADCAST",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_ADMIN",
  "SYS_BOOT",
  "SYS_CHROOT",
  "SYS_MODULE",
  "SYS_NICE",
  "SYS_PACCT",
  "SYS_PTRACE",
  "SYS_RAWIO",
  "SYS_RESOURCE",
  "SYS_TIME",
  "SYS_TTY_CONFIG",
  "SYSLOG",
  "WAKE_ALARM",
] as const;
type Capability = (typeof CAPABILITIES)[number];

/** Changes of the Linux capabilities that Docker gives a container. */
export interface LinuxCapabilities {
  /** Capabilities to add. `ALL` is every capability. @default - none */
  readonly add?: readonly Capability[];
  /** Capabilities to remove. `ALL` is every capability. @default - none */
  readonly drop?: readonly Capability[];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html */
export const linuxCapabilitiesSchema = schemaOf<LinuxCapabilities>()({
  add: list(choice(...CAPABILITIES)).default([]),
  drop: list(choice(...CAPABILITIES)).default([]),
});

/** A device of the instance in a container. */
export interface LinuxDevice {
  /** The path on the instance, such as `/dev/fuse`. */
  readonly hostPath: string;
  /** The path in the container. @default - `hostPath` */
  readonly containerPath?: string;
  /** What the container can do with the device. @default - read, write and mknod */
  readonly permissions?: readonly ("read" | "write" | "mknod")[];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Device.html */
export const linuxDeviceSchema = schemaOf<LinuxDevice>()({
  hostPath: string(absolutePath),
  containerPath: string(absolutePath).optional(),
  permissions: list(choice("read", "write", "mknod")).default([]),
});

/** A folder of a container in memory. Its files count as memory of the container. */
export interface Tmpfs {
  /** The path in the container. */
  readonly containerPath: string;
  /** The most MiB that the folder can have. */
  readonly sizeMiB: number;
  /** Options of the mount, such as `noexec` or `mode=1777`. @default - Docker's: rw, nosuid, nodev and noexec */
  readonly mountOptions?: readonly string[];
}

const mountOption = matches(
  "^(defaults|ro|rw|no?suid|no?dev|no?exec|suid|dev|exec|sync|async|dirsync|remount|mand|nomand|atime|noatime|diratime|nodiratime|r?bind|r?unbindable|r?private|r?shared|r?slave|relatime|norelatime|strictatime|nostrictatime|(mode|uid|gid|nr_inodes|nr_blocks|mpol)(=[^,]+)?)$",
  "be an option of a tmpfs mount",
  "For example noexec or mode=1777: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html",
);

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html */
export const tmpfsSchema = schemaOf<Tmpfs>()({
  containerPath: string(absolutePath),
  sizeMiB: number(wholeNumber(1, 25_165_824, "MiB", "For example 64.")),
  mountOptions: list(string(mountOption)).default([]),
});

/**
 * Options of the Linux kernel for a container. The names are those of AWS CDK, with the unit. `initProcessEnabled` is a
 * setting of the container itself.
 */
export interface LinuxParameters {
  /** Changes of the capabilities that Docker gives the container. @default - Docker's capabilities */
  readonly capabilities?: LinuxCapabilities;
  /** Devices of the instance. Neuron devices have the setting `neuronDeviceCount`. @default - none */
  readonly devices?: readonly LinuxDevice[];
  /** MiB of `/dev/shm`. @default - Docker's own, 64 */
  readonly sharedMemorySizeMiB?: number;
  /** Folders in memory. @default - none */
  readonly tmpfs?: readonly Tmpfs[];
  /**
   * MiB of swap that the container can use, beside its memory. 0 is no swap. The instance must have swap, which the
   * ECS-optimized AMIs do not.
   * @default - the swap of the instance
   */
  readonly maxSwapMiB?: number;
  /**
   * From 0 (swap only when nothing else helps) to 100 (swap much). It requires `maxSwapMiB`. Amazon Linux 2023 ignores it.
   * @default - 60
   */
  readonly swappiness?: number;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinuxParameters.html */
export const linuxParametersSchema = schemaOf<LinuxParameters>()(
  {
    capabilities: linuxCapabilitiesSchema.optional(),
    devices: list(linuxDeviceSchema).default([]),
    sharedMemorySizeMiB: number(wholeNumber(1, 25_165_824, "MiB", "For example 256.")).optional(),
    tmpfs: list(tmpfsSchema).default([]),
    maxSwapMiB: number(wholeNumber(0, 25_165_824, "MiB", "0 is no swap.")).optional(),
    swappiness: number(wholeNumber(0, 100, "", "Remove it for 60.")).optional(),
    ...unavailable(["initProcessEnabled"], "Set initProcessEnabled of the container instead."),
  },
  // Docker ignores it otherwise.
  function* swappinessWithSwap(_, given) {
    if (!given("swappiness") || given("maxSwapMiB")) return;
    yield { at: "swappiness", must: "not be set without maxSwapMiB", fix: "Set maxSwapMiB, or remove it." };
  },
  function* distinctPaths({ tmpfs = [] }) {
    const paths = tmpfs.map((one) => one?.containerPath);
    for (const [index, path] of paths.entries()) {
      if (path === undefined || paths.indexOf(path) === index) continue;
      const must = "differ from the paths of the other folders";
      yield { at: ["tmpfs", index, "containerPath"], must, fix: "Remove one of the two." };
    }
  },
);

/** The part of a container's settings that Linux reads. */
export interface ContainerLinux {
  /** Run an init process, which reaps zombies. @default - true with ECS Exec */
  readonly initProcessEnabled?: boolean;
  /** Options of the Linux kernel. @default - Docker's */
  readonly linuxParameters?: LinuxParameters;
}

export const containerLinuxSchema = schemaOf<ContainerLinux>()({
  initProcessEnabled: plain(boolean()).optional(),
  linuxParameters: linuxParametersSchema.optional(),
});

/** Docker adds the swap to the limit of the memory. */
export function* swapWithLimit(
  _: Known<ContainerLinux & ContainerSize>,
  given: Given<ContainerLinux & ContainerSize>,
): Findings<ContainerLinux> {
  if (!given("linuxParameters", "maxSwapMiB") || given("memoryLimitMiB") || !given("memoryReservationMiB")) return;
  const fix = "Docker adds the swap to this limit. Set memoryLimitMiB.";
  yield { at: ["linuxParameters", "maxSwapMiB"], must: "not be set for a container without memoryLimitMiB", fix };
}

/** Returns the options as the API of ECS names them. @param initProcessEnabled for a container that does not set it */
export function linuxParametersJson(
  container: Parsed<typeof containerLinuxSchema> & Parsed<typeof containerDevicesSchema>,
  initProcessEnabled: boolean,
) {
  const {
    capabilities,
    devices = [],
    sharedMemorySizeMiB,
    tmpfs,
    maxSwapMiB,
    swappiness,
  } = container.linuxParameters ?? {};
  const parameters = withoutUndefined({
    initProcessEnabled: (container.initProcessEnabled ?? initProcessEnabled) || undefined,
    devices: some([...neuronDevices(container), ...devices.map(deviceJson)]),
    capabilities: filled(
      withoutUndefined({ add: some(capabilities?.add ?? []), drop: some(capabilities?.drop ?? []) }),
    ),
    sharedMemorySize: amount(sharedMemorySizeMiB),
    tmpfs: some(tmpfs?.map(tmpfsJson)),
    maxSwap: amount(maxSwapMiB),
    swappiness: amount(swappiness),
  });
  return { linuxParameters: filled(parameters) };
}

/** Returns an object, or undefined for one without keys. ECS leaves these out, and each plan would show a change. */
const filled = (object: object): object | undefined => (Object.keys(object).length > 0 ? object : undefined);

const deviceJson = ({ hostPath, containerPath = hostPath, permissions }: Parsed<typeof linuxDeviceSchema>): object =>
  withoutUndefined({ hostPath: text(hostPath), containerPath: text(containerPath), permissions: some(permissions) });

const tmpfsJson = ({ containerPath, sizeMiB, mountOptions }: Parsed<typeof tmpfsSchema>): object =>
  withoutUndefined({
    containerPath: text(containerPath),
    size: amount(sizeMiB),
    mountOptions: texts(some(mountOptions)),
  });
