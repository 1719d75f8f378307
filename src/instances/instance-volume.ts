import { hcl } from "../terraform/expression";
import { matches, wholeNumber } from "../validation/rule";
import { map, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { validate } from "../validation/validate";

/**
 * A further volume of each instance. User data formats and mounts it at the first boot. When that fails, the instance does
 * not join the cluster. The volume is encrypted like the root volume.
 */
export interface InstanceVolume {
  /** The size in GiB. */
  readonly sizeGib: number;
  /** The folder of the instance that it is mounted at: `/data`. Tasks use it with a bind mount. */
  readonly mountPath: string;
  /** I/O operations per second, at most 500 for each GiB. @default - gp3's 3000 */
  readonly iops?: number;
  /** MiB per second, at most a quarter of `iops`. @default - gp3's 125 */
  readonly throughputMiBs?: number;
}

/** Volumes by names that the caller chooses. */
type InstanceVolumes = Readonly<Record<string, InstanceVolume>>;

/**
 * The limits of gp3 volumes since September 2025. The provider followed in October.
 * https://aws.amazon.com/about-aws/whats-new/2025/09/amazon-ebs-size-provisioned-performance-gp3-volumes/,
 * https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html, https://github.com/hashicorp/terraform-provider-aws/pull/44604
 */
const GP3 = { leastIops: 3_000, mostIops: 80_000, iopsPerGib: 500, throughputPerIops: 0.25 } as const;

/** Folders where a volume would hide files that the system, Docker or the agent needs. */
const SYSTEM_FOLDERS = [
  /^\/(bin|boot|dev|etc|lib|lib64|proc|root|run|sbin|sys|usr|var\/run)(\/|$)/,
  /^\/var\/lib\/(amazon|cloud|containerd|docker|ecs)(\/|$)/,
  /^\/(home(\/ec2-user)?|opt|tmp|var(\/(cache|lib|log|tmp))?|var\/log\/ecs)$/,
];
const noSystemFolder: Limit<string> = {
  must: "not be a folder of the system",
  fix: "Choose another folder, such as /data. The volume would hide the files in it.",
  check: (path) => !SYSTEM_FOLDERS.some((folder) => folder.test(path)),
};
const mountPath = matches(
  "^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$",
  "be an absolute path of letters, digits, dots, hyphens and underscores",
  "For example /data.",
);

export const instanceVolumeSchema = schemaOf<InstanceVolume>()(
  {
    sizeGib: number(wholeNumber(1, 65_536, "GiB", "For example 100.")),
    mountPath: plain(string(mountPath, noSystemFolder)),
    iops: number(wholeNumber(GP3.leastIops, GP3.mostIops, "", "Remove it for 3000.")).optional(),
    throughputMiBs: number(wholeNumber(125, 2_000, "MiB per second", "Remove it for 125.")).optional(),
  },
  performanceOfSize,
);

function* performanceOfSize(
  { sizeGib, iops, throughputMiBs }: Known<InstanceVolume>,
  given: Given<InstanceVolume>,
): Findings<InstanceVolume> {
  const mostIops = (sizeGib ?? Number.POSITIVE_INFINITY) * GP3.iopsPerGib;
  if (iops !== undefined && iops > mostIops) {
    const must = `be at most ${GP3.iopsPerGib} for each GiB, which is ${mostIops} for ${sizeGib} GiB`;
    yield { at: "iops", must, fix: "Lower it, or raise sizeGib." };
  }
  // A token can have any value.
  if (given("iops") && iops === undefined) return;
  const mostThroughput = (iops ?? GP3.leastIops) * GP3.throughputPerIops;
  if (throughputMiBs !== undefined && throughputMiBs > mostThroughput) {
    const must = `be at most a quarter of iops, which is ${mostThroughput}`;
    yield { at: "throughputMiBs", must, fix: "Lower it, or raise iops." };
  }
}

/** The device names `/dev/xvdf` to `/dev/xvdp`. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html */
const DEVICE_LETTERS = "fghijklmnop";

const enoughDevices: Limit<InstanceVolumes> = {
  must: `have at most ${DEVICE_LETTERS.length} volumes, because there are no more device names`,
  fix: "Combine some of them.",
  check: (volumes) => Object.keys(volumes).length <= DEVICE_LETTERS.length,
  offending: { of: (volumes) => Object.keys(volumes).length },
};

const sharedPaths = (volumes: InstanceVolumes): string[] => {
  const paths = Object.values(volumes).map(({ mountPath }) => mountPath);
  return [...new Set(paths.filter((path, index) => paths.indexOf(path) < index))];
};
const separatePaths: Limit<InstanceVolumes> = {
  must: "have a different mountPath each",
  fix: "Change one of them.",
  check: (volumes) => sharedPaths(volumes).length === 0,
  offending: { of: sharedPaths },
};

/** The field of a `volumes` property: volumes by names that the caller chooses. */
export const instanceVolumesField = map(instanceVolumeSchema, { limits: [enoughDevices, separatePaths] });

/** Returns each volume with its device. The order of the names decides, so that the order in the code does not matter. */
const devices = (volumes: InstanceVolumes): [device: string, volume: InstanceVolume][] =>
  Object.keys(volumes)
    .sort()
    .map((name, index) => [`/dev/xvd${DEVICE_LETTERS[index]}`, volumes[name] as InstanceVolume]);

/**
 * User data that fails does not stop the agent. With this file of systemd, the agent starts only after the last step. The
 * instance reads user data at its first boot only, so systemd-tmpfiles creates the marker at later boots, and systemd waits
 * for the volumes. A baked image can have the marker of another instance.
 */
const agentWaits = (paths: readonly string[]): string[] => [
  "# The ECS agent does not start before /run/ecs-ready exists. The last step below creates it.",
  "mkdir -p /etc/systemd/system/ecs.service.d",
  "cat > /etc/systemd/system/ecs.service.d/ecs-ready.conf <<'ECS_READY'",
  "[Unit]",
  "ConditionPathExists=/run/ecs-ready",
  `RequiresMountsFor=${paths.join(" ")}`,
  "ECS_READY",
  "rm -f /run/ecs-ready /etc/tmpfiles.d/ecs-ready.conf",
  "systemctl daemon-reload",
  "fail() {",
  '  echo "User data could not $1. The instance does not join the ECS cluster." >&2',
  "  exit 1",
  "}",
];

/**
 * The shell functions that mount a volume. Udev links its device name to its disk, but some AMIs lacked the rule. A disk of
 * a Nitro instance tells the name itself, to nvme-cli. Without both, the size decides among the unused disks.
 * https://docs.aws.amazon.com/ebs/latest/userguide/identify-nvme-ebs-device.html, https://github.com/amazonlinux/amazon-ec2-utils/issues/50
 */
const MOUNT_FUNCTIONS = [
  "# Prints the disk with the device name $1.",
  "disk_by_name() {",
  "  local disk name",
  '  [ -b "/dev/$1" ] && echo "/dev/$1" && return',
  "  for disk in /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_*; do",
  `    name=$(nvme id-ctrl --raw-binary "$disk" 2>/dev/null | tail -c +3073 | head -c 32 | tr -d '\\0 ')`,
  '    [ "${name#/dev/}" = "$1" ] && echo "$disk" && return',
  "  done",
  "  return 1",
  "}",
  "# Prints the first EBS disk of $1 GiB that is not mounted.",
  "disk_by_size() {",
  "  local disk name",
  "  for disk in /sys/block/nvme*; do",
  '    name=/dev/$(basename "$disk")',
  '    grep -qs "Elastic Block Store" "$disk/device/model" || continue',
  '    [ "$(cat "$disk/size")" = $(($1 * 2097152)) ] || continue',
  '    grep -q "^$name" /proc/mounts || { echo "$name"; return; }',
  "  done",
  "  return 1",
  "}",
  "# Formats the volume $1 of $2 GiB, unless it has a file system, and mounts it at $3.",
  "mount_volume() {",
  "  local disk uuid",
  "  for attempt in $(seq 30); do",
  '    disk=$(disk_by_name "$1") && break',
  "    sleep 1",
  "  done",
  '  [ -n "$disk" ] || disk=$(disk_by_size "$2") || fail "find the disk of $3"',
  '  grep -q "^$(readlink -f "$disk") " /proc/mounts && fail "mount $3, because $disk is in use"',
  '  blkid "$disk" || mkfs -t xfs "$disk" || fail "format $disk for $3"',
  '  uuid=$(blkid -s UUID -o value "$disk")',
  '  [ -n "$uuid" ] || fail "find a file system on $disk for $3"',
  '  echo "UUID=$uuid $3 xfs defaults,nofail 0 2" >> /etc/fstab',
  '  mkdir -p "$3" && mount "$3" && mountpoint -q "$3" || fail "mount $disk at $3"',
  "}",
];

/**
 * Returns the shell lines that format and mount the volumes, for user data. They keep the file system of a volume that has
 * one. A folder is mounted before the folders inside it. When a step fails, the instance does not join the cluster, and its
 * console output says which step failed.
 *
 * @throws {SettingsError} with every problem of the volumes
 */
export function mountLines(volumes: InstanceVolumes): string[] {
  const mounts = devices(validate("mountLines", instanceVolumesField, volumes) as InstanceVolumes).sort(
    ([, a], [, b]) => (a.mountPath < b.mountPath ? -1 : 1),
  );
  if (mounts.length === 0) return [];
  return [
    ...agentWaits(mounts.map(([, { mountPath }]) => mountPath)),
    ...MOUNT_FUNCTIONS,
    // An expression, because the text of a number token is not a reference.
    ...mounts.map(([device, { sizeGib, mountPath }]) =>
      ["mount_volume", device.replace("/dev/", ""), isToken(sizeGib) ? hcl`${sizeGib}` : sizeGib, mountPath].join(" "),
    ),
    "# The last step. The first line is for later boots, at which user data does not run.",
    "echo 'f /run/ecs-ready' > /etc/tmpfiles.d/ecs-ready.conf && touch /run/ecs-ready || fail 'create /run/ecs-ready'",
  ];
}

/** Returns the volumes' part of a launch template. */
export const volumeDevices = (volumes: InstanceVolumes) =>
  devices(volumes).map(([deviceName, { sizeGib, iops, throughputMiBs }]) => ({
    deviceName,
    ebs: { volumeSize: sizeGib, iops, throughput: throughputMiBs },
  }));
