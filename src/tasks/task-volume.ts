import type { EcsTaskDefinitionVolume } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { PolicyStatement } from "../iam/policy-statement";
import { siblingArn } from "../terraform/arn";
import { hcl, literal } from "../terraform/expression";
import { matches, wholeNumber } from "../validation/rule";
import { anyOf, boolean, choice, map, number, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Limit } from "../validation/settings-rule";
import { type EbsVolume, ebsVolumeSchema } from "./ebs-volume";
import { sortedEntries } from "./ecs-json";

/** A volume of Docker. */
export interface DockerVolume {
  /** ECS deletes a `task` volume with its task. The tasks of an instance share a `shared` volume, which ECS keeps. */
  readonly scope: "task" | "shared";
  /** The driver. A plugin must be on the instances. @default "local" */
  readonly driver?: string;
  /** Create a `shared` volume that does not exist. @default - true for a `shared` volume */
  readonly autoprovision?: boolean;
  /** The options of the driver. @default - none */
  readonly driverOpts?: Readonly<Record<string, string>>;
  /** Docker labels of the volume. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

export const dockerVolumeSchema = schemaOf<DockerVolume>()(
  {
    scope: plain(choice("task", "shared")),
    driver: string().default("local"),
    autoprovision: boolean().optional(),
    driverOpts: map(string()).default({}),
    labels: map(string()).default({}),
  },
  function* provisioned({ scope }, given) {
    if (scope !== "task" || !given("autoprovision")) return;
    yield {
      at: "autoprovision",
      must: 'not be set with scope "task"',
      fix: "ECS creates a volume for each task. Remove it.",
    };
  },
);

/** A volume of a task. It has exactly one of `hostPath`, `docker`, `fileSystem` and `ebs`. */
export interface TaskVolume {
  /** A folder of the instance, such as the mount path of one of its volumes. The files stay on that instance. @default - none */
  readonly hostPath?: string;
  /**
   * A Docker volume, by its scope or with its driver. ECS deletes a `task` volume with its task. The tasks of an instance share
   * a `shared` volume, which ECS keeps.
   * @default - none
   */
  readonly docker?: "task" | "shared" | DockerVolume;
  /**
   * An EBS volume for each task of a service, which ECS deletes with the task. A task has at most one. The instance types must be
   * of the Nitro system.
   * @default - none
   */
  readonly ebs?: EbsVolume;
  /**
   * The id of an EFS file system, which tasks on every instance share. `FileSystem` creates one with the rules that it
   * needs. Another one must admit the security group of the instances, and in `awsvpc` mode that of the tasks. Traffic is encrypted, and the task's role authorizes access.
   * @default - none
   */
  readonly fileSystem?: string;
  /** The id of an access point of `fileSystem`, which has a root folder and a user. @default - none */
  readonly accessPoint?: string;
  /** The folder of `fileSystem` that tasks see. It must exist. @default - the root folder, or the access point's */
  readonly rootDirectory?: string;
  /** The port of the instance from which encrypted traffic to `fileSystem` comes. @default - a port that the mount helper chooses */
  readonly transitEncryptionPort?: number;
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
    docker: anyOf(plain(choice("task", "shared")), dockerVolumeSchema)
      .with<"task" | "shared" | DockerVolume, "task" | "shared" | Parsed<typeof dockerVolumeSchema>>({
        type: '"task", "shared" or an object with scope',
        fix: 'For example "task".',
      })
      .optional(),
    ebs: ebsVolumeSchema.optional(),
    fileSystem: string(fileSystemId).optional(),
    accessPoint: string(accessPointId).optional(),
    rootDirectory: string(absolutePath).optional(),
    transitEncryptionPort: number(
      wholeNumber(1, 65_535, "", "Remove it, so that several tasks fit on an instance."),
    ).optional(),
    readOnly: plain(boolean()).default(false),
  },
  function* oneSource(_, given) {
    const [source, ...others] = (["hostPath", "docker", "fileSystem", "ebs"] as const).filter((name) => given(name));
    if (source === undefined) {
      yield { at: "hostPath", must: "be set, or docker, fileSystem or ebs", fix: "Set one of the four." };
    }
    for (const at of others) yield { at, must: `not be set with ${source}`, fix: "Remove one of the two." };
  },
  function* settingsOfFileSystem(_, given) {
    for (const at of ["accessPoint", "rootDirectory", "transitEncryptionPort"] as const) {
      if (!given(at) || given("fileSystem")) continue;
      yield { at, must: "not be set without fileSystem", fix: "Set fileSystem, or remove it." };
    }
  },
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html
  function* rootOfAccessPoint({ rootDirectory }, given) {
    if (!given("accessPoint") || !given("rootDirectory") || rootDirectory === "/") return;
    const fix = "The access point has its own root folder. Remove one of the two.";
    yield { at: "rootDirectory", must: "not be set with accessPoint", fix };
  },
);

const volumeName = matches(
  "^[A-Za-z0-9_-]{1,255}$",
  "have a name of 1 to 255 letters, digits, hyphens and underscores",
  "Rename the volume.",
);

const oneEbs: Limit<Readonly<Record<string, { readonly ebs?: unknown }>>> = {
  must: "have at most one EBS volume",
  fix: "ECS attaches one to a task. Use a fileSystem or a hostPath for the others.",
  check: (volumes) => Object.values(volumes).filter((volume) => volume?.ebs !== undefined).length <= 1,
  offending: { of: (volumes) => Object.keys(volumes).filter((name) => volumes[name]?.ebs !== undefined) },
};

/** The field of a task's volumes. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html */
export const taskVolumesField = map(taskVolumeSchema, { names: [volumeName], limits: [oneEbs as Limit<never>] });

/** The volumes of a task with the defaults of their settings. */
export type Volumes = Parsed<typeof taskVolumesField>;

/** Returns the volumes as arguments of `aws_ecs_task_definition`. */
export const volumeBlocks = (volumes: Volumes): EcsTaskDefinitionVolume[] =>
  sortedEntries(volumes).map(([name, { hostPath, docker, fileSystem, ebs, ...volume }]) => ({
    name,
    hostPath: hostPath && literal(hostPath),
    configureAtLaunch: ebs ? true : undefined,
    dockerVolumeConfiguration: docker && dockerBlock(typeof docker === "string" ? { scope: docker } : docker),
    efsVolumeConfiguration:
      fileSystem === undefined
        ? undefined
        : {
            fileSystemId: fileSystem,
            rootDirectory: volume.rootDirectory && literal(volume.rootDirectory),
            transitEncryption: "ENABLED",
            transitEncryptionPort: volume.transitEncryptionPort,
            authorizationConfig: { accessPointId: volume.accessPoint, iam: "ENABLED" },
          },
  }));

const dockerBlock = ({ scope, driver = "local", autoprovision, driverOpts, labels }: DockerVolume) => ({
  scope,
  driver: literal(driver),
  autoprovision: autoprovision ?? (scope === "shared" ? true : undefined),
  driverOpts: textMap(driverOpts),
  labels: textMap(labels),
});

/** Returns a map of a caller's texts as an argument. Its keys stay as they are. */
const textMap = (texts: Readonly<Record<string, string>> = {}) =>
  Object.keys(texts).length > 0 ? hcl`${texts}`.map : undefined;

/** Returns the name and the settings of the EBS volume of a task, if it has one. */
export const ebsVolumeOf = (volumes: Volumes) =>
  Object.entries(volumes).flatMap(([name, { ebs }]) => (ebs ? [{ name, ebs }] : []))[0];

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
