import type { EcsTaskDefinitionVolume } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { PolicyStatement } from "../iam/policy-statement";
import { siblingArn } from "../terraform/arn";
import { literal } from "../terraform/expression";
import { matches } from "../validation/rule";
import { boolean, choice, map, type Parsed, plain, schemaOf, string } from "../validation/schema";
import { sortedEntries } from "./ecs-json";

/** A volume of a task. It has exactly one of `hostPath`, `docker` and `fileSystem`. */
export interface TaskVolume {
  /** A folder of the instance, such as the mount path of one of its volumes. The files stay on that instance. @default - none */
  readonly hostPath?: string;
  /**
   * A Docker volume. ECS deletes a `task` volume with its task. The tasks of an instance share a `shared` volume, which
   * ECS keeps.
   * @default - none
   */
  readonly docker?: "task" | "shared";
  /**
   * The id of an EFS file system, which tasks on every instance share. `FileSystem` creates one with the rules that it
   * needs. Traffic is encrypted, and the task's role authorizes access.
   * @default - none
   */
  readonly fileSystem?: string;
  /** The id of an access point of `fileSystem`. @default - none: tasks see the file system's root folder */
  readonly accessPoint?: string;
  /** Mount the volume read-only. For `fileSystem`, the task's role has no permission to write. @default false */
  readonly readOnly?: boolean;
}

/** A path on an instance or in a container. ECS separates paths with colons. */
export const absolutePath = matches("^/[^\\x00:]*$", "be an absolute path without a colon", "For example /data.");

/** A task's volumes by the names that its containers mount them by. */
export type TaskVolumes = Readonly<Record<string, TaskVolume>>;

const fileSystemId = matches(
  "^fs-[0-9a-f]{8,40}$",
  "be the id of an EFS file system",
  "List them: aws efs describe-file-systems --query FileSystems[].FileSystemId",
);
const accessPointId = matches(
  "^fsap-[0-9a-f]{8,40}$",
  "be the id of an EFS access point",
  "List them: aws efs describe-access-points --query AccessPoints[].AccessPointId",
);

export const taskVolumeSchema = schemaOf<TaskVolume>()(
  {
    hostPath: string(absolutePath).optional(),
    docker: plain(choice("task", "shared")).optional(),
    fileSystem: string(fileSystemId).optional(),
    accessPoint: string(accessPointId).optional(),
    readOnly: plain(boolean()).default(false),
  },
  function* oneSource(_, given) {
    const [source, ...others] = (["hostPath", "docker", "fileSystem"] as const).filter((name) => given(name));
    if (source === undefined) {
      yield { at: "hostPath", must: "be set, or docker, or fileSystem", fix: "Set one of the three." };
    }
    for (const at of others) yield { at, must: `not be set with ${source}`, fix: "Remove one of the two." };
  },
  function* accessPointOfFileSystem(_, given) {
    if (!given("accessPoint") || given("fileSystem")) return;
    yield { at: "accessPoint", must: "not be set without fileSystem", fix: "Set fileSystem, or remove it." };
  },
);

const volumeName = matches(
  "^[A-Za-z0-9_-]{1,255}$",
  "have a name of 1 to 255 letters, digits, hyphens and underscores",
  "Rename the volume.",
);

/** The field of a task's volumes. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html */
export const taskVolumesField = map(taskVolumeSchema, { names: [volumeName] });

/** The volumes of a task with the defaults of their settings. */
export type Volumes = Parsed<typeof taskVolumesField>;

/** Returns the volumes as arguments of `aws_ecs_task_definition`. */
export const volumeBlocks = (volumes: Volumes): EcsTaskDefinitionVolume[] =>
  sortedEntries(volumes).map(([name, { hostPath, docker, fileSystem, accessPoint }]) => ({
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

/** Returns the permissions that a task needs for its file systems. https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html */
export const volumeStatements = (volumes: Volumes, clusterArn: string): PolicyStatement[] =>
  sortedEntries(volumes).flatMap(([, { fileSystem, readOnly }]) =>
    fileSystem === undefined
      ? []
      : [
          {
            actions: ["elasticfilesystem:ClientMount", ...(readOnly ? [] : ["elasticfilesystem:ClientWrite"])],
            resources: [siblingArn(clusterArn, "elasticfilesystem", `file-system/${fileSystem}`).string],
          },
        ],
  );
