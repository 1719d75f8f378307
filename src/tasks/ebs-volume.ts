import type { EcsServiceVolumeConfiguration } from "@cdktf/provider-aws/lib/ecs-service";
import { type RoleReference, roleReferenceField } from "../iam/role";
import { matches, wholeNumber } from "../validation/rule";
import { boolean, choice, number, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";

/** The sizes of each type in GiB. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceManagedEBSVolumeConfiguration.html */
const SIZES = {
  gp3: [1, 16_384],
  gp2: [1, 16_384],
  io1: [4, 16_384],
  io2: [4, 16_384],
  st1: [125, 16_384],
  sc1: [125, 16_384],
  standard: [1, 1024],
} as const;
type VolumeType = keyof typeof SIZES;

/** The operations per second of the types that accept them. */
const OPERATIONS: Readonly<Partial<Record<VolumeType, readonly [number, number]>>> = {
  gp3: [3000, 16_000],
  io1: [100, 64_000],
  io2: [100, 256_000],
};

/** The most operations per second for each GiB. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html */
const OPERATIONS_PER_GIB: Readonly<Partial<Record<VolumeType, number>>> = { gp3: 500, io1: 50, io2: 1000 };
/** The operations per second that each `gp3` volume has, and the MiB per second for each operation. */
const GP3 = { operations: 3000, throughputPerOperation: 0.25 };

/** An EBS volume that ECS creates for each task of a service, and deletes with the task. */
export interface EbsVolume {
  /** The size in GiB. @default - the size of the snapshot */
  readonly sizeGib?: number;
  /** The snapshot that each volume starts with. @default - none: the volume is empty */
  readonly snapshotId?: string;
  /** The type. @default "gp3" */
  readonly volumeType?: VolumeType;
  /** Operations per second, for `gp3`, `io1` and `io2`. `io1` and `io2` require it. @default - 3000 for `gp3` */
  readonly iops?: number;
  /** MiB per second, for `gp3`. @default - 125 */
  readonly throughput?: number;
  /** Encrypt the volume. @default true */
  readonly encrypted?: boolean;
  /** The ARN of the KMS key that encrypts the volume. @default - the key of the cluster for volumes, or the account's key for EBS, `aws/ebs` */
  readonly encryptionKeyArn?: string;
  /** The file system. With `snapshotId`, it is the one in the snapshot. @default "xfs" */
  readonly fileSystemType?: "ext3" | "ext4" | "xfs";
  /** MiB per second in which EBS loads the snapshot. AWS charges for it. @default - EBS loads a block when a task first reads it */
  readonly volumeInitializationRate?: number;
  /**
   * A role that exists, with which ECS creates the volumes.
   * @default - a role with the policy `AmazonECSInfrastructureRolePolicyForVolumes`
   */
  readonly infrastructureRole?: string | RoleReference;
}

const keyArn = matches(
  "^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/.+$",
  "be the ARN of a KMS key",
  "Find it: aws kms describe-key --key-id alias/NAME --query KeyMetadata.Arn",
);
const snapshot = matches(
  "^snap-[0-9a-f]{8,40}$",
  "be the id of a snapshot",
  "List them: aws ec2 describe-snapshots --owner-ids self --query Snapshots[].SnapshotId",
);

export const ebsVolumeSchema = schemaOf<EbsVolume>()(
  {
    sizeGib: number(wholeNumber(1, 16_384, "GiB", "For example 20.")).optional(),
    snapshotId: string(snapshot).optional(),
    volumeType: plain(choice(...(Object.keys(SIZES) as VolumeType[]))).default("gp3"),
    iops: number(wholeNumber(100, 256_000, "operations per second", "For example 3000.")).optional(),
    throughput: number(wholeNumber(125, 1000, "MiB per second", "For example 125.")).optional(),
    encrypted: boolean().default(true),
    encryptionKeyArn: string(keyArn).optional(),
    fileSystemType: choice("ext3", "ext4", "xfs").default("xfs"),
    volumeInitializationRate: number(wholeNumber(100, 300, "MiB per second", "Remove it for none.")).optional(),
    infrastructureRole: roleReferenceField.optional(),
  },
  sizeOrSnapshot,
  limitsOfType,
);

function* sizeOrSnapshot(settings: Known<EbsVolume>, given: Given<EbsVolume>): Findings<EbsVolume> {
  if (!given("sizeGib") && !given("snapshotId")) {
    yield { at: "sizeGib", must: "be set without snapshotId", fix: "For example 20." };
  }
  if (given("volumeInitializationRate") && !given("snapshotId")) {
    const fix = "An empty volume has nothing to load. Remove it.";
    yield { at: "volumeInitializationRate", must: "not be set without snapshotId", fix };
  }
  if (given("encryptionKeyArn") && settings.encrypted === false) {
    yield { at: "encryptionKeyArn", must: "not be set with encrypted false", fix: "Remove one of the two." };
  }
}

function* limitsOfType(settings: Known<EbsVolume>, given: Given<EbsVolume>): Findings<EbsVolume> {
  const { volumeType: type, sizeGib, iops, throughput } = settings;
  if (type === undefined) return;
  const [least, most] = SIZES[type];
  if (sizeGib !== undefined && (sizeGib < least || sizeGib > most)) {
    yield { at: "sizeGib", must: `be ${least} to ${most} GiB with ${type}`, fix: "Change the size, or the type." };
  }
  const operations = OPERATIONS[type];
  if (operations === undefined && given("iops")) {
    yield { at: "iops", must: `not be set with ${type}`, fix: "Remove it, or use gp3, io1 or io2." };
  }
  if (operations && iops !== undefined && (iops < operations[0] || iops > operations[1])) {
    const must = `be ${operations[0]} to ${operations[1]} with ${type}`;
    yield { at: "iops", must, fix: "Change it, or the type." };
  }
  const perGib = OPERATIONS_PER_GIB[type];
  const mostForSize = Math.max((perGib ?? 0) * (sizeGib ?? 0), type === "gp3" ? GP3.operations : 0);
  if (perGib && sizeGib !== undefined && iops !== undefined && iops > mostForSize) {
    const must = `be at most ${mostForSize} for ${sizeGib} GiB of ${type}`;
    yield { at: "iops", must, fix: `EBS allows ${perGib} for each GiB. Lower it, or raise sizeGib.` };
  }
  const operationsOfVolume = iops ?? (given("iops") ? undefined : GP3.operations);
  const mostThroughput = (operationsOfVolume ?? Number.POSITIVE_INFINITY) * GP3.throughputPerOperation;
  if (type === "gp3" && throughput !== undefined && throughput > mostThroughput) {
    const must = `be at most ${mostThroughput} for ${operationsOfVolume} operations per second`;
    yield { at: "throughput", must, fix: "EBS allows a quarter MiB for each operation. Lower it, or raise iops." };
  }
  if ((type === "io1" || type === "io2") && !given("iops")) {
    yield { at: "iops", must: `be set with ${type}`, fix: "For example 3000." };
  }
  if (type !== "gp3" && given("throughput")) {
    yield { at: "throughput", must: `not be set with ${type}`, fix: "Remove it, or use gp3." };
  }
}

/** Returns the volume of each task as an argument of `aws_ecs_service`. */
export const volumeConfiguration = (
  name: string,
  { sizeGib, encryptionKeyArn, ...volume }: Parsed<typeof ebsVolumeSchema>,
  roleArn: string,
): EcsServiceVolumeConfiguration => ({
  name,
  managedEbsVolume: {
    roleArn,
    sizeInGb: sizeGib,
    snapshotId: volume.snapshotId,
    volumeType: volume.volumeType,
    iops: volume.iops,
    throughput: volume.throughput,
    encrypted: volume.encrypted,
    kmsKeyId: encryptionKeyArn,
    fileSystemType: volume.fileSystemType,
    volumeInitializationRate: volume.volumeInitializationRate,
    tagSpecifications: [{ resourceType: "volume", propagateTags: "SERVICE" }],
  },
});
