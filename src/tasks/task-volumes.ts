import type { EcsTaskDefinitionVolume } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { PolicyStatement } from "../iam/task-role";
import { siblingArn } from "../terraform/arn";
import { literal } from "../terraform/expression";
import { isToken } from "../validation/check-props";
import type { ContainerProps } from "./container";

/** What containers of a task mount. One of `hostPath`, `docker` and `fileSystem`. */
export interface TaskVolume {
  /** A folder of the instance, such as the mount path of one of its volumes. What is in it stays on that instance. */
  readonly hostPath?: string;
  /** A Docker volume: of one `task`, gone with it, or `shared` by the tasks of an instance and kept. */
  readonly docker?: "task" | "shared";
  /** A file system of EFS, which tasks on every instance see, by its id: `FileSystem` makes one with the rules it needs. Traffic is encrypted, and the task's own role is asked. */
  readonly fileSystem?: string;
  /** With `fileSystem`: an access point of it, `fsap-…`. @default - the root folder */
  readonly accessPoint?: string;
  /** Mount it read-only, and give no right to write. @default false */
  readonly readOnly?: boolean;
}

/** A task's volumes by the names that its containers mount them by. */
export type TaskVolumes = Readonly<Record<string, TaskVolume>>;

const SOURCES = ["hostPath", "docker", "fileSystem"] as const;
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html */
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const PATH = /^\/[^\0:]*$/;

/** Every way in which a task's volumes, and what its containers mount of them, break a rule. */
export function taskVolumeMistakes(
  volumes: TaskVolumes,
  containers: readonly Pick<ContainerProps, "name" | "mountPoints">[],
): string[] {
  const mistakes: string[] = [];
  const received = (value: unknown) => `received ${JSON.stringify(value)}`;
  for (const [name, volume] of Object.entries(volumes)) {
    const { hostPath, fileSystem, accessPoint } = volume;
    if (!NAME.test(name)) {
      mistakes.push(
        `volumes must be named with 1 to 255 letters, digits, hyphens and underscores; ${received(name)}. Rename it.`,
      );
    }
    if (SOURCES.filter((source) => volume[source] !== undefined).length !== 1) {
      mistakes.push(
        `volumes.${name} must have one of hostPath, docker and fileSystem; ${received(volume)}. Say where its files are.`,
      );
    }
    if (hostPath !== undefined && !PATH.test(hostPath)) {
      mistakes.push(`volumes.${name}.hostPath must be an absolute path; ${received(hostPath)}. For example /cache.`);
    }
    if (fileSystem !== undefined && !isToken(fileSystem) && !/^fs-[0-9a-f]{8,40}$/.test(fileSystem)) {
      mistakes.push(
        `volumes.${name}.fileSystem must be the id of a file system of EFS; ${received(fileSystem)}. List those there are: aws efs describe-file-systems --query FileSystems[].FileSystemId`,
      );
    }
    if (
      accessPoint !== undefined &&
      (!fileSystem || (!isToken(accessPoint) && !/^fsap-[0-9a-f]{8,40}$/.test(accessPoint)))
    ) {
      mistakes.push(
        `volumes.${name}.accessPoint must be the id of an access point, with fileSystem; ${received(accessPoint)}. List those there are: aws efs describe-access-points --query AccessPoints[].AccessPointId`,
      );
    }
    if (!containers.some(({ mountPoints = {} }) => Object.values(mountPoints).includes(name))) {
      mistakes.push(
        `volumes.${name} must be mounted; received none of its name in mountPoints. Mount it, or leave it out.`,
      );
    }
  }
  for (const { name, mountPoints = {} } of containers) {
    for (const [path, volume] of Object.entries(mountPoints)) {
      if (!(volume in volumes)) {
        mistakes.push(
          `mountPoints of ${name} must name volumes of the task; ${received({ [path]: volume })}. There are ${Object.keys(volumes).join(", ") || "none"}.`,
        );
      }
      if (!PATH.test(path)) {
        mistakes.push(`mountPoints of ${name} must be absolute paths; ${received(path)}. For example /var/lib/data.`);
      }
    }
  }
  return mistakes;
}

/** The volumes as the provider takes them. */
export const volumeBlocks = (volumes: TaskVolumes): EcsTaskDefinitionVolume[] =>
  sorted(volumes).map(([name, { hostPath, docker, fileSystem, accessPoint }]) => ({
    name,
    hostPath: hostPath && literal(hostPath),
    dockerVolumeConfiguration:
      docker === undefined
        ? undefined
        : { scope: docker, driver: "local", autoprovision: docker === "shared" ? true : undefined },
    efsVolumeConfiguration:
      fileSystem === undefined
        ? undefined
        : {
            fileSystemId: fileSystem,
            transitEncryption: "ENABLED",
            authorizationConfig: { accessPointId: accessPoint, iam: "ENABLED" },
          },
  }));

/** What a container mounts, as ECS's API takes it. */
export const mountPointsOf = (mountPoints: Readonly<Record<string, string>>, volumes: TaskVolumes): object[] =>
  sorted(mountPoints).map(([containerPath, sourceVolume]) => ({
    sourceVolume,
    containerPath,
    readOnly: volumes[sourceVolume]?.readOnly ?? false,
  }));

/** https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html */
export const volumeStatements = (volumes: TaskVolumes, clusterArn: string): PolicyStatement[] =>
  sorted(volumes).flatMap(([, { fileSystem, readOnly }]) =>
    fileSystem === undefined
      ? []
      : [
          {
            actions: ["elasticfilesystem:ClientMount", ...(readOnly ? [] : ["elasticfilesystem:ClientWrite"])],
            resources: [siblingArn(clusterArn, "elasticfilesystem", `file-system/${fileSystem}`).string],
          },
        ],
  );

const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
