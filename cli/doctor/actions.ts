import { distinct } from "./check";
import type { Account } from "./facts";

/** What a check can read from an account. */
type Part = Exclude<keyof Account, "clusterName" | "region">;

const CLUSTER = ["ecs:DescribeClusters"];
const REGISTERED = ["ecs:DescribeContainerInstances", "ecs:ListContainerInstances"];
const PROVIDERS = [...CLUSTER, "ecs:DescribeCapacityProviders"];
const GROUPS = [...PROVIDERS, ...["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities"]];
const INSTANCES = [...GROUPS, ...REGISTERED, "ec2:DescribeInstances"];
const SERVICES = ["ecs:DescribeServices", "ecs:ListServices"];
const TASKS = [...REGISTERED, "ecs:DescribeTasks", "ecs:ListTasks"];
const QUEUES = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"];
const ROLE = [
  ...["iam:GetPolicy", "iam:GetPolicyVersion", "iam:GetRole", "iam:GetRolePolicy"],
  ...["iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
];
const TARGET_GROUPS = [
  ...SERVICES,
  ...["elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"],
];
const BALANCERS = [...TARGET_GROUPS, "elasticloadbalancing:DescribeLoadBalancers", "ec2:DescribeSubnets"];

const LISTENERS = [...BALANCERS, "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules"];

/** The IAM actions of each part. Some parts read others first. A test compares them with the calls. */
const ACTIONS: Readonly<Record<Part, readonly string[]>> = {
  accountId: ["sts:GetCallerIdentity"],
  acls: ["ec2:DescribeNetworkAcls"],
  archivedTasks: ["logs:FilterLogEvents"],
  balancers: BALANCERS,
  cachePrefixes: ["ecr:DescribePullThroughCacheRules"],
  certificates: [
    ...[...LISTENERS, "elasticloadbalancing:DescribeListenerCertificates"],
    ...["acm:DescribeCertificate", "iam:GetServerCertificate"],
  ],
  cluster: CLUSTER,
  clusterNames: ["ecs:ListClusters"],
  containerInstances: REGISTERED,
  endpoints: ["ec2:DescribeVpcEndpoints"],
  groups: GROUPS,
  hasRepositoryPolicy: ["ecr:GetRepositoryPolicy"],
  hasSecretPolicy: ["secretsmanager:GetResourcePolicy"],
  images: ["ec2:DescribeImages"],
  instanceTypes: ["ec2:DescribeInstanceTypes"],
  instances: INSTANCES,
  key: ["kms:DescribeKey"],
  listeners: LISTENERS,
  logGroups: ["logs:DescribeLogGroups"],
  parameters: ["ssm:DescribeParameters"],
  providers: PROVIDERS,
  repository: ["ecr:BatchGetImage"],
  role: ["iam:GetInstanceProfile", ...ROLE],
  routeTables: ["ec2:DescribeRouteTables"],
  ruleNames: ["elasticloadbalancing:DescribeTags"],
  scaling: [
    ...[...CLUSTER, ...QUEUES],
    ...["application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingPolicies"],
  ],
  schedules: [
    ...[...CLUSTER, ...QUEUES],
    ...["cloudwatch:GetMetricStatistics", "scheduler:GetSchedule", "scheduler:ListSchedules"],
  ],
  secret: ["secretsmanager:DescribeSecret"],
  securityGroups: ["ec2:DescribeSecurityGroups"],
  services: SERVICES,
  statuses: ["ec2:DescribeInstanceStatus"],
  stoppedTasks: TASKS,
  subnets: ["ec2:DescribeSubnets"],
  targetGroups: TARGET_GROUPS,
  taskDefinition: ["ecs:DescribeTaskDefinition"],
  taskRole: ROLE,
  tasks: TASKS,
  templates: [...GROUPS, "ec2:DescribeLaunchTemplateVersions"],
  volumes: [...INSTANCES, "ec2:DescribeVolumes"],
  userData: ["ec2:DescribeInstanceAttribute"],
  vpcs: ["ec2:DescribeDhcpOptions", "ec2:DescribeVpcAttribute", "ec2:DescribeVpcs"],
};

/** Returns the IAM actions that read parts of an account, in alphabetical order. */
export const actionsOf = (...parts: readonly Part[]): readonly string[] =>
  distinct(parts.flatMap((part) => ACTIONS[part])).sort();
