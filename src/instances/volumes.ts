import { z } from "zod";

/** A further volume of each instance, formatted and mounted at its first boot, and encrypted as the others are. */
export interface InstanceVolume {
  /** GiB, 1 to 65536. */
  readonly sizeGib: number;
  /** Where it is mounted on the instance: `/data`. Tasks reach it by a bind mount. */
  readonly mountPath: string;
  /** IOPS, 3000 to 80000, at most 500 a GiB. @default - gp3's own 3000 */
  readonly iops?: number;
  /** MiB a second, 125 to 2000, at most a quarter of `iops`. @default - gp3's own 125 */
  readonly throughputMiBs?: number;
}

/**
 * Limits of gp3 volumes, as they are since September 2025; the provider followed in October.
 * https://aws.amazon.com/about-aws/whats-new/2025/09/amazon-ebs-size-provisioned-performance-gp3-volumes/,
 * https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html, https://github.com/hashicorp/terraform-provider-aws/pull/44604
 */
export const VOLUME_LIMITS = {
  sizeGib: { min: 1, max: 65_536 },
  iops: { min: 3_000, max: 80_000 },
  iopsPerGib: 500,
  throughputMiBs: { min: 125, max: 2_000 },
  throughputPerIops: 0.25,
  /** Device names `/dev/xvdf` to `/dev/xvdp`. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html */
  volumes: 11,
} as const;

const within = ({ min, max }: { readonly min: number; readonly max: number }) => z.int().min(min).max(max);

/** The shape of further volumes. */
export const volumesShape = z
  .record(
    z.string(),
    z.strictObject({
      sizeGib: within(VOLUME_LIMITS.sizeGib),
      mountPath: z.string(),
      iops: within(VOLUME_LIMITS.iops).optional(),
      throughputMiBs: within(VOLUME_LIMITS.throughputMiBs).optional(),
    }),
  )
  .optional();

type Volumes = Readonly<Record<string, InstanceVolume>>;

/** Folders where a volume would hide what the system, Docker or the agent has there already when it is mounted. */
const SYSTEM = [
  /^\/(bin|boot|dev|etc|lib|lib64|proc|root|run|sbin|sys|usr|var\/run)(\/|$)/,
  /^\/var\/lib\/(amazon|cloud|containerd|docker|ecs)(\/|$)/,
  /^\/(home(\/ec2-user)?|opt|tmp|var(\/(cache|lib|log|tmp))?|var\/log\/ecs)$/,
];

/** Every way in which the volumes break a rule. @param at what the caller calls them */
export function volumeMistakes(volumes: Volumes, at: string): string[] {
  const mistakes: string[] = [];
  const names = Object.keys(volumes);
  if (names.length > VOLUME_LIMITS.volumes) {
    mistakes.push(
      `${at} must be at most ${VOLUME_LIMITS.volumes}, for which there are device names; received ${names.length}. Join some of them.`,
    );
  }
  for (const [name, { sizeGib, mountPath, iops, throughputMiBs }] of Object.entries(volumes)) {
    if (!/^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(mountPath) || SYSTEM.some((folder) => folder.test(mountPath))) {
      mistakes.push(
        `${at}.${name}.mountPath must be an absolute path of letters, digits, dots, hyphens and underscores, and no folder of the system; received ${JSON.stringify(mountPath)}. For example /data.`,
      );
    }
    const most = sizeGib * VOLUME_LIMITS.iopsPerGib;
    if (iops !== undefined && iops > most) {
      mistakes.push(
        `${at}.${name}.iops must be at most ${VOLUME_LIMITS.iopsPerGib} a GiB, ${most} for ${sizeGib} GiB; received ${iops}. Lower it, or raise sizeGib.`,
      );
    }
    const fastest = (iops ?? VOLUME_LIMITS.iops.min) * VOLUME_LIMITS.throughputPerIops;
    if (throughputMiBs !== undefined && throughputMiBs > fastest) {
      mistakes.push(
        `${at}.${name}.throughputMiBs must be at most a quarter of iops, ${fastest}; received ${throughputMiBs}. Lower it, or raise iops.`,
      );
    }
  }
  const paths = Object.values(volumes).map(({ mountPath }) => mountPath);
  const twice = [...new Set(paths.filter((path, index) => paths.indexOf(path) < index))];
  if (twice.length > 0) {
    mistakes.push(
      `${at} must have mount paths of their own; received ${JSON.stringify(twice)} twice. Change one of them.`,
    );
  }
  return mistakes;
}

/** Each volume with its device, by the order of their names, so that another order of writing changes nothing. */
const devices = (volumes: Volumes): [device: string, volume: InstanceVolume][] =>
  Object.keys(volumes)
    .sort()
    .map((name, index) => [`/dev/xvd${"fghijklmnop"[index]}`, volumes[name] as InstanceVolume]);

/**
 * What formats and mounts them: a volume that has a file system already is left as it is. A folder comes before what is
 * in it, which it would hide.
 */
export const mountLines = (volumes: Volumes): string[] =>
  devices(volumes)
    .sort(([, a], [, b]) => (a.mountPath < b.mountPath ? -1 : 1))
    .flatMap(([device, { mountPath }]) => [
      `for attempt in $(seq 60); do [ -b ${device} ] && break; sleep 1; done`,
      `blkid ${device} || mkfs -t xfs ${device}`,
      `mkdir -p ${mountPath}`,
      `echo "UUID=$(blkid -s UUID -o value ${device}) ${mountPath} xfs defaults,nofail 0 2" >> /etc/fstab`,
      `mount ${mountPath}`,
    ]);

/** Their part of a launch template. */
export const volumeDevices = (volumes: Volumes) =>
  devices(volumes).map(([deviceName, { sizeGib, iops, throughputMiBs }]) => ({
    deviceName,
    ebs: { volumeSize: sizeGib, iops, throughput: throughputMiBs },
  }));
