import { convertTo } from "../terraform/convert-to";
import { suggestion } from "../validation/problem";
import { map, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Known } from "../validation/settings-rule";
import { some, sortedEntries } from "./ecs-json";
import { absolutePath, type TaskVolumes, type Volumes } from "./task-volume";

/** The volumes that a container mounts. */
export interface MountPoints {
  /** The task's volumes to mount: the volume's name by the path in the container. @default - none */
  readonly mountPoints?: Readonly<Record<string, string>>;
}

export const mountPointsSchema = schemaOf<MountPoints>()({
  mountPoints: map(plain(string()), { names: [absolutePath] }).default({}),
});

/** Returns the mount points as the API of ECS names them. @param volumes the volumes of the task */
export const mountPointsJson = ({ mountPoints }: Parsed<typeof mountPointsSchema>, volumes: Volumes) => ({
  mountPoints: some(
    sortedEntries(mountPoints).map(([containerPath, sourceVolume]) => ({
      sourceVolume,
      containerPath: convertTo("string", containerPath),
      readOnly: volumes[sourceVolume]?.readOnly ?? false,
    })),
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
    container?.mountPoints ? Object.values(container.mountPoints) : [undefined],
  );
  for (const name of Object.keys(volumes)) {
    // A mount point with a problem may be the one of this volume.
    if (mounted.includes(name) || mounted.includes(undefined)) continue;
    const fix = "Add it to mountPoints, or remove it.";
    yield { at: ["volumes", name], must: "be mounted by a container", fix, received: name };
  }
  for (const [index, { mountPoints = {} } = {}] of containers.entries()) {
    for (const [path, volume] of Object.entries(mountPoints)) {
      if (volume === undefined || Object.hasOwn(volumes, volume)) continue;
      const names = Object.keys(volumes);
      const fix = names.length > 0 ? suggestion(volume, names, "volumes") : "Add the volume to volumes.";
      yield { at: [index, "mountPoints", path], must: "be the name of a volume of the task", fix };
    }
  }
}
