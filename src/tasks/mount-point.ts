import { convertTo } from "../terraform/convert-to";
import { suggestion } from "../validation/problem";
import { anyOf, boolean, list, map, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Known } from "../validation/settings-rule";
import { flag, some, sortedEntries } from "./ecs-json";
import { absolutePath, type TaskVolumes, type Volumes } from "./task-volume";

/** A volume that a container mounts. */
export interface MountPoint {
  /** The name of the volume. */
  readonly sourceVolume: string;
  /** The container cannot write to the volume. @default - `readOnly` of the volume */
  readonly readOnly?: boolean;
}

export const mountPointSchema = schemaOf<MountPoint>()({
  sourceVolume: plain(string()),
  readOnly: boolean().optional(),
});

/** The mount points of another container. */
export interface VolumesFrom {
  /** The name of the other container of the task. */
  readonly sourceContainer: string;
  /** The container cannot write to the volumes. @default false */
  readonly readOnly?: boolean;
}

export const volumesFromSchema = schemaOf<VolumesFrom>()({
  sourceContainer: plain(string()),
  readOnly: boolean().default(false),
});

/** The volumes that a container mounts. */
export interface MountPoints {
  /**
   * The task's volumes to mount, by the path in the container: the volume's name, or an object with `readOnly` for this
   * container.
   * @default - none
   */
  readonly mountPoints?: Readonly<Record<string, string | MountPoint>>;
  /** Other containers of the task, whose volumes the container mounts at the same paths. @default - none */
  readonly volumesFrom?: readonly VolumesFrom[];
}

const mount = anyOf(plain(string()), mountPointSchema).with<
  string | MountPoint,
  string | Parsed<typeof mountPointSchema>
>({
  // A path can be a token, because nothing is named after it.
  shape: undefined,
  type: "the name of a volume, or an object with sourceVolume",
  fix: 'For example "files".',
});

export const mountPointsSchema = schemaOf<MountPoints>()({
  mountPoints: map(mount, { names: [absolutePath] }).default({}),
  volumesFrom: list(volumesFromSchema).default([]),
});

/** Returns the name of the volume of a mount point. */
const volumeOf = (mount: string | Known<MountPoint> | undefined): string | undefined =>
  typeof mount === "string" ? mount : mount?.sourceVolume;

/** Returns the mount points as the API of ECS names them. @param volumes the volumes of the task */
export const mountPointsJson = ({ mountPoints, volumesFrom }: Parsed<typeof mountPointsSchema>, volumes: Volumes) => ({
  mountPoints: some(
    sortedEntries(mountPoints).map(([containerPath, mount]) => {
      const { sourceVolume, readOnly }: MountPoint = typeof mount === "string" ? { sourceVolume: mount } : mount;
      return {
        sourceVolume,
        containerPath: convertTo("string", containerPath),
        readOnly: flag(readOnly) ?? volumes[sourceVolume]?.readOnly ?? false,
      };
    }),
  ),
  volumesFrom: some(
    volumesFrom.map(({ sourceContainer, readOnly }) => ({ sourceContainer, readOnly: flag(readOnly) })),
  ),
});

/** A problem at the keys below a container's index, or below `volumes`. */
export interface MountFinding {
  readonly at: readonly (string | number)[];
  readonly must: string;
  readonly fix: string;
  readonly received?: unknown;
}

/** Compares the mount points of the containers with the volumes of the task. */
export function* mountedVolumes(
  containers: readonly (Known<MountPoints> | undefined)[],
  volumes: Known<TaskVolumes> | undefined,
): Iterable<MountFinding> {
  if (!volumes) return;
  const mounted = containers.flatMap((container) =>
    container?.mountPoints ? Object.values(container.mountPoints).map(volumeOf) : [undefined],
  );
  for (const name of Object.keys(volumes)) {
    // A mount point with a problem may be the one of this volume.
    if (mounted.includes(name) || mounted.includes(undefined)) continue;
    const fix = "Add it to mountPoints, or remove it.";
    yield { at: ["volumes", name], must: "be mounted by a container", fix, received: name };
  }
  for (const [index, { mountPoints = {} } = {}] of containers.entries()) {
    for (const [path, mount] of Object.entries(mountPoints)) {
      const volume = volumeOf(mount);
      if (volume !== undefined && volumes[volume]?.readOnly && typeof mount === "object" && mount.readOnly === false) {
        const fix = "The task role has no right to write to the volume. Remove one of the two.";
        yield { at: [index, "mountPoints", path, "readOnly"], must: "not be false for a volume with readOnly", fix };
      }
      if (volume === undefined || Object.hasOwn(volumes, volume)) continue;
      const names = Object.keys(volumes);
      const fix = names.length > 0 ? suggestion(volume, names, "volumes") : "Add the volume to volumes.";
      yield { at: [index, "mountPoints", path], must: "be the name of a volume of the task", fix, received: volume };
    }
  }
}

/** Compares `volumesFrom` of the containers with the other containers. */
export function* volumesOfOthers(
  containers: readonly (Known<MountPoints & { readonly name: string }> | undefined)[],
): Iterable<MountFinding> {
  const names = containers.map((container) => container?.name);
  if (names.includes(undefined)) return;
  for (const [index, container] of containers.entries()) {
    const others = names.filter((name): name is string => name !== undefined && name !== names[index]);
    for (const [position, from] of (container?.volumesFrom ?? []).entries()) {
      const source = from?.sourceContainer;
      if (source === undefined || others.includes(source)) continue;
      const at = [index, "volumesFrom", position, "sourceContainer"];
      yield { at, must: "be another container of the task", fix: suggestion(source, others, "other containers") };
    }
  }
}
