import { type Grant, iam } from "./grant";

const { ec2, own, read, newTagged, serviceLinked, TAGS } = iam;

const FILE_SYSTEM = "elasticfilesystem:REGION:ACCOUNT_ID:file-system/{fileSystem}";
const ACCESS_POINT = "elasticfilesystem:REGION:ACCOUNT_ID:access-point/*";

/** The grants of a file system: of the stack, by its tag, or of another state, by its ID. */
const fileSystem = (read: string, change: string): Grant[] => [
  { sid: "FileSystemsRead", actions: `elasticfilesystem:${read}`, on: [FILE_SYSTEM] },
  {
    ...{ sid: "FileSystems", actions: `elasticfilesystem:${change}`, on: [FILE_SYSTEM] },
    ifUnknown: iam.taggedAs("aws_efs_file_system"),
  },
];

/** https://docs.aws.amazon.com/efs/latest/ug/using-tags-efs.html */
const fileSystemTagNew = (type: string, action: string): Grant => ({
  ...{ sid: "FileSystemsTagNew", actions: "elasticfilesystem:TagResource" },
  on: [`elasticfilesystem:REGION:ACCOUNT_ID:${type}/*`],
  when: iam.fixed("StringEquals", "elasticfilesystem:CreateAction", action),
});

const SECRET = "secretsmanager:{secret}";

/** The grants of file systems, image repositories, secrets, objects in S3 and VPC endpoints. */
export const STORAGE_GRANTS: { readonly [type: string]: readonly Grant[] } = {
  aws_efs_file_system: [
    { sid: "FileSystemCreate", actions: "elasticfilesystem:CreateFileSystem", on: ["*"], when: newTagged },
    fileSystemTagNew("file-system", "CreateFileSystem"),
    ...fileSystem(
      "DescribeFileSystems DescribeLifecycleConfiguration ListTagsForResource",
      "PutLifecycleConfiguration UpdateFileSystem DeleteFileSystem TagResource UntagResource",
    ),
  ],
  // The service-linked role of EFS creates the vault, the plan and the role of AWS Backup.
  // https://docs.aws.amazon.com/efs/latest/ug/using-service-linked-roles.html
  aws_efs_backup_policy: fileSystem("DescribeBackupPolicy", "PutBackupPolicy"),
  aws_efs_file_system_policy: fileSystem("DescribeFileSystemPolicy", "PutFileSystemPolicy DeleteFileSystemPolicy"),
  aws_efs_mount_target: [
    ...read("ec2:DescribeSubnets DescribeNetworkInterfaces DescribeSecurityGroups"),
    // EFS creates, changes and deletes a network interface in each subnet with the permissions of the caller.
    // https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
    {
      sid: "MountTargetInterfaces",
      actions: "ec2:CreateNetworkInterface DeleteNetworkInterface ModifyNetworkInterfaceAttribute",
      on: ["network-interface", "subnet", "security-group"].map(own),
      when: iam.fixed("Bool", "aws:ViaAWSService", "true"),
    },
    ...serviceLinked("elasticfilesystem.amazonaws.com"),
    ...fileSystem(
      "DescribeMountTargets DescribeMountTargetSecurityGroups",
      "CreateMountTarget ModifyMountTargetSecurityGroups DeleteMountTarget",
    ),
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
    ...fileSystem("DescribeAccessPoints", "CreateAccessPoint"),
    fileSystemTagNew("access-point", "CreateAccessPoint"),
    {
      sid: "AccessPointsRead",
      actions: "elasticfilesystem:DescribeAccessPoints ListTagsForResource",
      on: [ACCESS_POINT],
    },
    {
      sid: "AccessPoints",
      actions: "elasticfilesystem:DeleteAccessPoint TagResource UntagResource",
      on: [ACCESS_POINT],
      when: iam.tagged,
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
