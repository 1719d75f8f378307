import { type Grant, iam } from "./grant";

const { own, read, newTagged, serviceLinked, TAGS } = iam;

const FILE_SYSTEM = "elasticfilesystem:REGION:ACCOUNT_ID:file-system/*";

/** The grants of file systems and image repositories. */
export const STORAGE_GRANTS: { readonly [type: string]: readonly Grant[] } = {
  aws_efs_file_system: [
    { sid: "FileSystemCreate", actions: "elasticfilesystem:CreateFileSystem", on: ["*"], when: newTagged },
    {
      sid: "FileSystems",
      actions:
        "elasticfilesystem:DescribeFileSystems DescribeLifecycleConfiguration PutLifecycleConfiguration UpdateFileSystem " +
        "DeleteFileSystem TagResource UntagResource ListTagsForResource",
      on: [FILE_SYSTEM],
    },
  ],
  // The service-linked role of EFS creates the vault, the plan and the role of AWS Backup.
  // https://docs.aws.amazon.com/efs/latest/ug/using-service-linked-roles.html
  aws_efs_backup_policy: [
    {
      sid: "FileSystems",
      actions: "elasticfilesystem:PutBackupPolicy DescribeBackupPolicy",
      on: [FILE_SYSTEM],
    },
  ],
  aws_efs_file_system_policy: [
    {
      sid: "FileSystems",
      actions: "elasticfilesystem:PutFileSystemPolicy DescribeFileSystemPolicy DeleteFileSystemPolicy",
      on: [FILE_SYSTEM],
    },
  ],
  aws_efs_mount_target: [
    ...read("ec2:DescribeSubnets DescribeNetworkInterfaces DescribeSecurityGroups"),
    // EFS creates a network interface in each subnet with the permissions of the caller.
    // https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
    {
      sid: "MountTargetInterfaces",
      actions: "ec2:CreateNetworkInterface DeleteNetworkInterface ModifyNetworkInterfaceAttribute",
      on: ["network-interface", "subnet", "security-group"].map(own),
    },
    ...serviceLinked("elasticfilesystem.amazonaws.com"),
    {
      sid: "FileSystems",
      actions:
        "elasticfilesystem:CreateMountTarget DescribeMountTargets DescribeMountTargetSecurityGroups " +
        "ModifyMountTargetSecurityGroups DeleteMountTarget",
      on: [FILE_SYSTEM],
    },
  ],
  aws_ecr_repository: [
    {
      sid: "Repositories",
      actions: `ecr:CreateRepository DescribeRepositories DeleteRepository PutImageTagMutability PutImageScanningConfiguration ${TAGS}`,
      on: ["ecr:REGION:ACCOUNT_ID:repository/{name}"],
    },
  ],
  aws_ecr_lifecycle_policy: [
    {
      sid: "Repositories",
      actions: "ecr:PutLifecyclePolicy GetLifecyclePolicy DeleteLifecyclePolicy",
      on: ["ecr:REGION:ACCOUNT_ID:repository/{repository}"],
    },
  ],
};
