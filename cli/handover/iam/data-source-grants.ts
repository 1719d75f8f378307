import { type Grant, iam } from "./grant";

const { read } = iam;

/** The grants of each data source type. */
export const DATA_SOURCE_GRANTS: { readonly [type: string]: readonly Grant[] } = {
  aws_partition: [],
  aws_region: [],
  aws_iam_policy_document: [],
  aws_caller_identity: read("sts:GetCallerIdentity"),
  aws_availability_zones: read("ec2:DescribeAvailabilityZones"),
  aws_vpcs: read("ec2:DescribeVpcs"),
  aws_vpc: read("ec2:DescribeVpcs DescribeVpcAttribute DescribeRouteTables"),
  aws_subnets: read("ec2:DescribeSubnets"),
  aws_subnet: read("ec2:DescribeSubnets"),
  aws_security_groups: read("ec2:DescribeSecurityGroups"),
  aws_security_group: read("ec2:DescribeSecurityGroups"),
  aws_route_tables: read("ec2:DescribeRouteTables"),
  aws_vpc_endpoint_service: read("ec2:DescribeVpcEndpointServices"),
  aws_ec2_instance_type_offerings: read("ec2:DescribeInstanceTypeOfferings"),
  aws_ec2_instance_types: read("ec2:DescribeInstanceTypes"),
  aws_ec2_instance_type: read("ec2:DescribeInstanceTypes"),
  aws_ami: read("ec2:DescribeImages"),
  aws_key_pair: read("ec2:DescribeKeyPairs"),
  aws_instances: read("ec2:DescribeInstances"),
  aws_launch_template: read("ec2:DescribeLaunchTemplates DescribeLaunchTemplateVersions"),
  aws_autoscaling_groups: read("autoscaling:DescribeAutoScalingGroups DescribeTags"),
  aws_autoscaling_group: read("autoscaling:DescribeAutoScalingGroups"),
  aws_ssm_parameter: [
    { sid: "PublicParameters", actions: "ssm:GetParameter GetParameters", on: ["ssm:REGION::parameter/aws/service/*"] },
    { sid: "ReadParameters", actions: "ssm:GetParameter", on: ["ssm:{ownParameter}"] },
  ],
  aws_iam_roles: [{ sid: "ListRoles", actions: "iam:ListRoles", on: ["*"] }],
  aws_iam_role: [{ sid: "Roles", actions: "iam:GetRole ListRoleTags", on: ["iam::ACCOUNT_ID:role/{name}"] }],
  aws_ecs_clusters: read("ecs:ListClusters"),
  aws_ecs_cluster: [
    {
      sid: "Ecs",
      actions: "ecs:DescribeClusters ListTagsForResource",
      on: ["ecs:REGION:ACCOUNT_ID:cluster/{cluster}"],
    },
  ],
  aws_ecs_service: [
    { sid: "EcsServices", actions: "ecs:DescribeServices", on: ["ecs:REGION:ACCOUNT_ID:service/{cluster}/*"] },
  ],
  aws_ecs_task_definition: read("ecs:DescribeTaskDefinition"),
  // Route 53 is global, so its grants have no condition on the region.
  aws_route53_zone: [
    { sid: "HostedZones", actions: "route53:ListHostedZones", on: ["*"] },
    { sid: "DnsZones", actions: "route53:GetHostedZone ListTagsForResource", on: ["route53:::hostedzone/{zoneId}"] },
  ],
  aws_lbs: read("elasticloadbalancing:DescribeLoadBalancers DescribeTags"),
  aws_lb: read(
    "elasticloadbalancing:DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeCapacityReservation DescribeTags",
  ),
  aws_lb_listener: read(
    "elasticloadbalancing:DescribeListeners DescribeListenerAttributes DescribeTags DescribeLoadBalancers",
  ),
  aws_resourcegroupstaggingapi_resources: read("tag:GetResources"),
  aws_sns_topic: read("sns:ListTopics GetTopicAttributes ListTagsForResource"),
  aws_ecr_repository: [
    {
      sid: "Repositories",
      actions: "ecr:DescribeRepositories ListTagsForResource",
      on: ["ecr:REGION:ACCOUNT_ID:repository/{name}"],
    },
  ],
  aws_secretsmanager_secret_versions: [
    { sid: "SecretVersions", actions: "secretsmanager:ListSecretVersionIds", on: ["secretsmanager:{secret}"] },
  ],
  aws_secretsmanager_secret_version: [
    { sid: "ReadSecrets", actions: "secretsmanager:GetSecretValue", on: ["secretsmanager:{secret}"] },
  ],
  aws_secretsmanager_secret: read("secretsmanager:DescribeSecret ListSecrets"),
};
