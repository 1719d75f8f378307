import { type Grant, iam } from "./grant";

const { own, read, newTagged, serviceLinked, TAGS } = iam;

const FILE_SYSTEM = "elasticfilesystem:REGION:ACCOUNT_ID:file-system/*";

/** What the types take that keep files and images. */
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
  aws_efs_file_system_policy: [
    {
      sid: "FileSystems",
      actions: "elasticfilesystem:PutFileSystemPolicy DescribeFileSystemPolicy DeleteFileSystemPolicy",
      on: [FILE_SYSTEM],
    },
  ],
  aws_efs_mount_target: [
    ...read("ec2:DescribeSubnets DescribeNetworkInterfaces DescribeSecurityGroups"),
    // EFS puts a network interface into each subnet with the rights of whoever asks for the target.
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
