import { type Grant, iam } from "./grant";

const { ec2, own, read, newTagged, serviceLinked, TAGS } = iam;

const FILE_SYSTEM = "elasticfilesystem:REGION:ACCOUNT_ID:file-system/*";

const SECRET = "secretsmanager:{secret}";

/** The grants of file systems, image repositories, secrets, objects in S3 and VPC endpoints. */
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
  aws_ecr_repository_policy: [
    {
      sid: "Repositories",
      actions: "ecr:SetRepositoryPolicy GetRepositoryPolicy DeleteRepositoryPolicy",
      on: ["ecr:REGION:ACCOUNT_ID:repository/{repository}"],
    },
  ],
  aws_efs_access_point: [
    { sid: "FileSystems", actions: "elasticfilesystem:CreateAccessPoint", on: [FILE_SYSTEM] },
    {
      sid: "AccessPoints",
      actions: `elasticfilesystem:DescribeAccessPoints DeleteAccessPoint ${TAGS}`,
      on: ["elasticfilesystem:REGION:ACCOUNT_ID:access-point/*"],
    },
  ],
  aws_secretsmanager_secret: [
    {
      sid: "Secrets",
      actions:
        "secretsmanager:CreateSecret DescribeSecret UpdateSecret DeleteSecret RestoreSecret GetResourcePolicy PutResourcePolicy " +
        "DeleteResourcePolicy TagResource UntagResource",
      on: [SECRET],
    },
  ],
  aws_secretsmanager_secret_version: [
    {
      sid: "SecretValues",
      actions:
        "secretsmanager:DescribeSecret GetSecretValue PutSecretValue UpdateSecretVersionStage ListSecretVersionIds",
      on: [SECRET],
    },
  ],
  aws_ssm_parameter: [
    ...read("ssm:DescribeParameters"),
    {
      sid: "Parameters",
      actions:
        "ssm:PutParameter GetParameter GetParameters DeleteParameter AddTagsToResource RemoveTagsFromResource ListTagsForResource",
      on: ["ssm:REGION:ACCOUNT_ID:parameter/{parameter}"],
    },
  ],
  aws_s3_bucket: [
    {
      sid: "Buckets",
      actions:
        "s3:CreateBucket DeleteBucket ListBucket GetBucketLocation GetBucketPolicy GetBucketAcl GetBucketCORS GetBucketWebsite " +
        "GetBucketVersioning GetAccelerateConfiguration GetBucketRequestPayment GetBucketLogging GetLifecycleConfiguration " +
        `GetReplicationConfiguration GetEncryptionConfiguration GetBucketObjectLockConfiguration GetBucketTagging PutBucketTagging ${TAGS}`,
      on: ["s3:::{bucket}"],
    },
  ],
  aws_s3_object: [
    { sid: "BucketObjects", actions: "s3:ListBucket", on: ["s3:::{bucket}"] },
    {
      sid: "Objects",
      actions: "s3:GetObject PutObject DeleteObject DeleteObjectVersion GetObjectTagging PutObjectTagging",
      on: ["s3:::{bucket}/*"],
    },
  ],
  aws_vpc_endpoint: [
    ...read("ec2:DescribeVpcEndpoints DescribePrefixLists DescribeNetworkInterfaces DescribeSubnets DescribeVpcs"),
    ...ec2("vpc-endpoint", "CreateVpcEndpoint", "ModifyVpcEndpoint DeleteVpcEndpoints", "CreateVpcEndpoint"),
    {
      sid: "VpcEndpointNetwork",
      actions: "ec2:CreateVpcEndpoint ModifyVpcEndpoint",
      on: ["vpc", "subnet", "route-table", "security-group"].map(own),
    },
    // EC2 creates the private DNS names with the permissions of the caller.
    {
      sid: "VpcEndpointNames",
      actions: "route53:AssociateVPCWithHostedZone",
      on: ["route53:::hostedzone/*"],
    },
  ],
};
