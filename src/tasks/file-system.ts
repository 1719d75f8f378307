import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { EfsFileSystemPolicy } from "@cdktf/provider-aws/lib/efs-file-system-policy";
import { EfsMountTarget } from "@cdktf/provider-aws/lib/efs-mount-target";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import type { EncryptionKey } from "../cluster/encryption-key";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { checkProps } from "../validation/check-props";
import { nameRules } from "../validation/values";

/** A file system for tasks. */
export interface FileSystemProps {
  /** What it is called. */
  readonly name: string;
  /** The VPC, and a subnet in each zone that has instances, which is where a mount target is found: `EcsClusterStack.vpc`. */
  readonly vpc: { readonly vpcId: string; readonly instanceSubnetIdPerZone: string[] };
  /** The instances' security group: `EcsClusterStack.portRules`. */
  readonly portRules: { readonly instanceSecurityGroupId: string };
  /** The key that files are encrypted with. @default - AWS's own */
  readonly encryptionKey?: EncryptionKey;
}

/** The port of NFS. */
const NFS = 2049;

/** What a client may do. https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html */
const CLIENT_ACTIONS = ["Mount", "Write", "RootAccess"].map((action) => `elasticfilesystem:Client${action}`);

/**
 * A file system of EFS that tasks on every instance see: a mount target in each zone, and a rule that admits the instances
 * and nobody else. It is encrypted, and its policy refuses whoever comes without a role or without TLS: what tasks may do
 * is in their own roles.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
 */
export class FileSystem extends Construct {
  /** Its id, once the instances can mount it: for `volumes` of a task. */
  readonly fileSystemId: string;
  /** The group of the mount targets. */
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: FileSystemProps) {
    super(scope, id);
    const { name, vpc, portRules, encryptionKey } = props;
    checkProps(this, { name: [name, nameRules] });
    const purpose = "Files that tasks of the ECS cluster share";
    const fileSystem = new EfsFileSystem(this, "resource", {
      encrypted: true,
      kmsKeyId: encryptionKey?.keyArn,
      throughputMode: "elastic",
      tags: purposeTags(name, purpose),
    });
    const group = new SecurityGroup(this, "security_group", {
      namePrefix: `${name}-files-`,
      description: purpose,
      vpcId: vpc.vpcId,
      tags: purposeTags(`${name}-files`, purpose),
      // A group in use can't be deleted, so the new one has to be there first.
      lifecycle: { createBeforeDestroy: true },
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
    const each = TerraformIterator.fromList(vpc.instanceSubnetIdPerZone);
    const targets = new EfsMountTarget(this, "mount_target", {
      forEach: each,
      fileSystemId: fileSystem.id,
      subnetId: each.value,
      securityGroups: [group.id],
      // Without a policy EFS gives everything to whoever reaches a target.
      dependsOn: [rule, policy],
    });
    // Off the mount targets, so that no task starts before it can mount.
    this.fileSystemId = hcl`one(distinct(values(${targets.fqn})[*].file_system_id))`.string;
  }
}

/**
 * With any policy EFS no longer admits clients without a role. That of the task brings the rights to mount and to write;
 * containers that run as root stay root, as they are without a policy.
 */
const fileSystemPolicy = (arn: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "RootStaysRoot",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["elasticfilesystem:ClientRootAccess"],
      Resource: arn,
      Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    },
    {
      Sid: "EncryptedAlone",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: CLIENT_ACTIONS,
      Resource: arn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ],
});
