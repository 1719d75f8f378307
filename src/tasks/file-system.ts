import { EfsBackupPolicy } from "@cdktf/provider-aws/lib/efs-backup-policy";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { EfsFileSystemPolicy } from "@cdktf/provider-aws/lib/efs-file-system-policy";
import { EfsMountTarget } from "@cdktf/provider-aws/lib/efs-mount-target";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { type ITerraformDependable, TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { encryptionKeyField, type KeyReference } from "../cluster/encryption-key";
import { portRule } from "../network/port-sources";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules } from "../validation/aws-rules";
import { boolean, interfaceOf, list, plain, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";

/** A file system for tasks. */
export interface FileSystemProps {
  /** The name, which the security group's name starts with. */
  readonly name: string;
  /** The VPC, and one subnet for each zone that has instances: `EcsClusterStack.vpc`. */
  readonly vpc: { readonly vpcId: string; readonly instanceSubnetIdPerZone: readonly string[] };
  /** The security group of the instances: `EcsClusterStack.portRules`. */
  readonly portRules: { readonly instanceSecurityGroupId: string };
  /**
   * The key that encrypts the files. AWS cannot change it later: a plan with another key fails, because it would replace the
   * file system and lose the files. Do not remove the key while the file system exists.
   * @default - a key that AWS manages
   */
  readonly encryptionKey?: KeyReference;
  /**
   * Let AWS Backup copy the files every day and keep each copy for 35 days. The copies stay in the vault
   * `aws/efs/automatic-backup-vault` when the file system is deleted. AWS charges for their storage.
   * @default true
   * @see https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html
   */
  readonly enableAutomaticBackups?: boolean;
}

export const fileSystemPropsSchema = schemaOf<FileSystemProps>()({
  name: string(...clusterNameRules),
  vpc: interfaceOf<FileSystemProps["vpc"]>(
    "a VPC",
    "Use the vpc of an EcsClusterStack, or a DefaultVpc.",
  )({
    vpcId: string(),
    instanceSubnetIdPerZone: list(string()),
  }),
  portRules: interfaceOf<FileSystemProps["portRules"]>(
    "a PortRules construct",
    "Use the portRules of an EcsClusterStack, or a PortRules construct.",
  )({ instanceSecurityGroupId: string() }),
  encryptionKey: encryptionKeyField.optional(),
  enableAutomaticBackups: plain(boolean()).default(true),
});

/** The port of NFS. */
const NFS = 2049;

/** The permissions of a client. https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html */
const CLIENT_ACTIONS = ["Mount", "Write", "RootAccess"].map((action) => `elasticfilesystem:Client${action}`);

/**
 * An EFS file system that tasks on every instance share, with a mount target in each zone. Only the instances, and tasks in
 * `awsvpc` mode that mount it, can reach it. It is encrypted. Its policy rejects clients without a role and clients without TLS. The task's role gives the
 * permissions to mount and to write.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
 */
export class FileSystem extends Construct {
  /** The id for `volumes` of a task. It is known after the mount targets exist. */
  readonly fileSystemId: string;
  /** The id of the mount targets' security group. */
  readonly securityGroupId: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: FileSystemProps) {
    super(scope, id);
    const settings = validate(this, fileSystemPropsSchema, props);
    const { name, vpc, portRules, encryptionKey } = settings;
    const purpose = "Files that tasks of the ECS cluster share";
    const fileSystem = new EfsFileSystem(this, "resource", {
      encrypted: true,
      kmsKeyId: encryptionKey?.keyArn,
      throughputMode: "elastic",
      tags: purposeTags(name, purpose),
      lifecycle: encryptionKey && keepsKey(encryptionKey.keyArn),
    });
    this.node.defaultChild = fileSystem;
    if (settings.enableAutomaticBackups) {
      new EfsBackupPolicy(this, "backup_policy", {
        fileSystemId: fileSystem.id,
        backupPolicy: { status: "ENABLED" },
      });
    }
    const group = new SecurityGroup(this, "security_group", {
      namePrefix: `${name}-files-`,
      description: purpose,
      vpcId: vpc.vpcId,
      tags: purposeTags(`${name}-files`, purpose),
      // AWS cannot delete a group that is in use, so its replacement must exist first.
      lifecycle: { createBeforeDestroy: true, ...keepsVpc(vpc.vpcId) },
    });
    this.securityGroupId = group.id;
    const rule = new VpcSecurityGroupIngressRule(this, "from_instances", {
      securityGroupId: group.id,
      referencedSecurityGroupId: portRules.instanceSecurityGroupId,
      ipProtocol: "tcp",
      fromPort: NFS,
      toPort: NFS,
      description: "NFS from the container instances",
      tags: purposeTags(`${name}-files-from-instances`, "NFS from the container instances"),
    });
    const policy = new EfsFileSystemPolicy(this, "policy", {
      fileSystemId: fileSystem.id,
      policy: hcl`jsonencode(${fileSystemPolicy(fileSystem.arn)})`.string,
    });
    const each = TerraformIterator.fromList(vpc.instanceSubnetIdPerZone as string[]);
    const targets = new EfsMountTarget(this, "mount_target", {
      forEach: each,
      fileSystemId: fileSystem.id,
      subnetId: each.value,
      securityGroups: [group.id],
      // Without a policy, anyone who can reach a mount target has full access.
      dependsOn: [rule, policy],
      // When the file system is removed, tasks use it until their service was updated.
      lifecycle: { createBeforeDestroy: true },
    });
    // From the mount targets, so that no task starts before it can mount the file system.
    this.fileSystemId = hcl`one(distinct(values(${targets.fqn})[*].file_system_id))`.string;
  }
}

/**
 * Creates the rules that admit tasks in awsvpc mode to the file systems of this app that they mount. The agent mounts a file
 * system in the network of the task, so the traffic comes from the security group of the tasks.
 */
export function admitToFileSystems(
  scope: Construct,
  volumes: readonly { readonly fileSystem?: string }[],
  { name, securityGroupId }: { readonly name: string; readonly securityGroupId: string },
): ITerraformDependable[] {
  const mounted = volumes.flatMap(({ fileSystem }) => fileSystem ?? []);
  if (mounted.length === 0) return [];
  return scope.node.root.node
    .findAll()
    .filter((construct) => construct instanceof FileSystem)
    .filter(({ fileSystemId }) => mounted.includes(fileSystemId))
    .map((files) => {
      const port = { securityGroupId: files.securityGroupId, protocol: "tcp", from: NFS, to: NFS } as const;
      return new VpcSecurityGroupIngressRule(scope, `nfs_to_${files.node.path.replaceAll("/", "_")}`, {
        ...portRule(port, `NFS from the tasks of ${name}`),
        referencedSecurityGroupId: securityGroupId,
        // The security group of the tasks has it too.
        lifecycle: { createBeforeDestroy: true },
      });
    });
}

/** Another key would replace the file system. Terraform ignores it, and then compares the file system's key with it. */
const keepsKey = (keyArn: string) => ({
  ignoreChanges: ["kms_key_id"],
  postcondition: [
    {
      condition: hcl`self.kms_key_id == ${keyArn}`.string,
      errorMessage: `The key of a file system cannot change; received ${keyArn}, and the file system uses ${hcl`self.kms_key_id`}. Set encryptionKey back. To use another key, create another FileSystem, copy the files to it, and then remove this one.`,
    },
  ],
});

/**
 * EFS rejects mount targets in another VPC, after the services have moved. So Terraform ignores the VPC, and then compares
 * it with the VPC of the security group. https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html
 */
const keepsVpc = (vpcId: string) => ({
  ignoreChanges: ["vpc_id"],
  postcondition: [
    {
      condition: hcl`self.vpc_id == ${vpcId}`.string,
      errorMessage: `The VPC of a file system cannot change; received ${vpcId}, and the mount targets of the file system are in ${hcl`self.vpc_id`}. Set the VPC back. To use another VPC, create a second cluster in it with another FileSystem, and copy the files.`,
    },
  ],
});

/**
 * With any policy, EFS no longer admits clients without a role. The task's role has the permissions to mount and to write.
 * Containers that run as root keep root access, as without a policy.
 */
const fileSystemPolicy = (arn: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "AllowRootAccess",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["elasticfilesystem:ClientRootAccess"],
      Resource: arn,
      Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    },
    {
      Sid: "DenyUnencryptedTraffic",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: CLIENT_ACTIONS,
      Resource: arn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ],
});
