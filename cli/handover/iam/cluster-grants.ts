import { type Grant, iam } from "./grant";

const { fixed, read, own, ec2, createdBy, taggedAs, serviceLinked, ROLE, passInstanceRole, passHookRole, rule, TAGS } =
  iam;

const GROUP = "autoscaling:REGION:ACCOUNT_ID:autoScalingGroup:*:autoScalingGroupName/{group}";

/** The grant of an Auto Scaling group with a warm pool. */
export const WARM_POOL_GRANT: Grant = {
  sid: "AutoScalingGroup",
  actions: "autoscaling:PutWarmPool DeleteWarmPool",
  on: ["autoscaling:REGION:ACCOUNT_ID:autoScalingGroup:*:autoScalingGroupName/{name}"],
};
/**
 * The grants of a role with a permissions boundary. They allow no role without it and no other boundary. They deny removing the
 * boundary and changing what it allows, even if another policy of the deployer allows that.
 */
export const BOUNDARY_GRANTS: readonly Grant[] = [
  { sid: "Roles", actions: "iam:CreateRole PutRolePermissionsBoundary", on: [ROLE], isBounded: true },
  { sid: "KeepBoundary", effect: "Deny", actions: "iam:DeleteRolePermissionsBoundary", on: [ROLE] },
  {
    sid: "KeepBoundaryPolicy",
    effect: "Deny",
    actions: "iam:CreatePolicyVersion DeletePolicy DeletePolicyVersion SetDefaultPolicyVersion",
    on: ["{otherBoundary}"],
  },
];
/** The grant of a role without a permissions boundary. */
export const CREATE_ROLE_GRANT: Grant = { sid: "Roles", actions: "iam:CreateRole", on: [ROLE] };
const RUN_INSTANCES = [
  "instance",
  "volume",
  "network-interface",
  "subnet",
  "security-group",
  "key-pair",
  "placement-group",
  "spot-instances-request",
];

/** The grants of the cluster, its instances and their role. */
export const CLUSTER_GRANTS: { readonly [type: string]: readonly Grant[] } = {
  terraform_data: [],
  aws_security_group: [
    ...read("ec2:DescribeSecurityGroups DescribeSecurityGroupRules DescribeNetworkInterfaces DescribeTags"),
    // Terraform revokes the egress rule that AWS adds to each new group.
    ...ec2("security-group", "CreateSecurityGroup", "DeleteSecurityGroup", "CreateSecurityGroup"),
    { sid: "SecurityGroupsInTheVpc", actions: "ec2:CreateSecurityGroup", on: [own("vpc")] },
    ...rule("Egress"),
    ...rule("Ingress"),
  ],
  aws_vpc_security_group_ingress_rule: rule("Ingress"),
  aws_vpc_security_group_egress_rule: rule("Egress"),
  aws_key_pair: [
    ...read("ec2:DescribeKeyPairs"),
    {
      sid: "KeyPairs",
      actions: "ec2:ImportKeyPair DeleteKeyPair CreateTags DeleteTags",
      on: ["ec2:REGION:ACCOUNT_ID:key-pair/{name}"],
    },
  ],
  aws_placement_group: [
    ...read("ec2:DescribePlacementGroups"),
    {
      sid: "PlacementGroups",
      actions: "ec2:CreatePlacementGroup DeletePlacementGroup CreateTags DeleteTags",
      on: ["ec2:REGION:ACCOUNT_ID:placement-group/{name}"],
    },
  ],
  aws_launch_template: [
    ...read("ec2:DescribeLaunchTemplates DescribeLaunchTemplateVersions DescribeTags"),
    ...ec2(
      "launch-template",
      "CreateLaunchTemplate",
      "CreateLaunchTemplateVersion ModifyLaunchTemplate DeleteLaunchTemplate DeleteLaunchTemplateVersions",
      "CreateLaunchTemplate",
    ),
  ],
  aws_autoscaling_group: [
    ...read(
      "autoscaling:DescribeAutoScalingGroups DescribeInstanceRefreshes DescribeScalingActivities DescribeTags DescribeWarmPool",
      "ec2:DescribeInstances DescribeImages DescribeSubnets DescribeAvailabilityZones",
    ),
    {
      sid: "AutoScalingGroup",
      actions:
        "autoscaling:CreateAutoScalingGroup UpdateAutoScalingGroup DeleteAutoScalingGroup CreateOrUpdateTags DeleteTags " +
        "StartInstanceRefresh CancelInstanceRefresh SetInstanceProtection SuspendProcesses ResumeProcesses " +
        "EnableMetricsCollection DisableMetricsCollection",
      on: ["autoscaling:REGION:ACCOUNT_ID:autoScalingGroup:*:autoScalingGroupName/{name}"],
    },
    // Auto Scaling requires that the caller may start the instances of the template.
    {
      sid: "RunInstances",
      actions: "ec2:RunInstances",
      on: ["ec2:REGION::image/*", ...RUN_INSTANCES.map(own)],
      when: fixed("ArnLike", "ec2:LaunchTemplate", `arn:PARTITION:${own("launch-template")}`),
    },
    {
      sid: "RunInstancesOfTemplate",
      actions: "ec2:RunInstances",
      on: [own("launch-template")],
      when: taggedAs("aws_launch_template"),
    },
    {
      sid: "Ec2TagNew",
      actions: "ec2:CreateTags",
      on: [own("instance"), own("volume")],
      when: createdBy("RunInstances"),
    },
    ...serviceLinked("autoscaling.amazonaws.com"),
  ],
  aws_autoscaling_lifecycle_hook: [
    ...read("autoscaling:DescribeLifecycleHooks"),
    { sid: "AutoScalingGroup", actions: "autoscaling:PutLifecycleHook DeleteLifecycleHook", on: [GROUP] },
    // A hook with a notification target has a role.
    passHookRole,
  ],
  aws_autoscaling_schedule: [
    ...read("autoscaling:DescribeScheduledActions"),
    {
      sid: "AutoScalingGroup",
      actions: "autoscaling:PutScheduledUpdateGroupAction DeleteScheduledAction",
      on: [GROUP],
    },
  ],
  aws_autoscaling_policy: [
    ...read("autoscaling:DescribePolicies"),
    { sid: "AutoScalingGroup", actions: "autoscaling:PutScalingPolicy DeletePolicy", on: [GROUP] },
  ],
  aws_autoscaling_notification: [
    ...read("autoscaling:DescribeNotificationConfigurations"),
    {
      sid: "AutoScalingGroup",
      actions: "autoscaling:PutNotificationConfiguration DeleteNotificationConfiguration",
      on: [GROUP],
    },
  ],
  // IAM cannot limit account settings to one of them.
  aws_ecs_account_setting_default: [
    {
      sid: "EcsAccountSettings",
      actions: "ecs:ListAccountSettings PutAccountSettingDefault",
      on: ["*"],
      when: iam.region,
    },
  ],
  aws_ecs_cluster: [
    {
      sid: "Ecs",
      actions: `ecs:CreateCluster UpdateCluster UpdateClusterSettings DeleteCluster DescribeClusters ${TAGS}`,
      on: ["ecs:REGION:ACCOUNT_ID:cluster/{name}"],
    },
    ...serviceLinked("ecs.amazonaws.com"),
  ],
  aws_ecs_capacity_provider: [
    {
      sid: "EcsCapacityProvider",
      actions: `ecs:CreateCapacityProvider UpdateCapacityProvider DeleteCapacityProvider DescribeCapacityProviders ${TAGS}`,
      on: ["ecs:REGION:ACCOUNT_ID:capacity-provider/{name}"],
    },
  ],
  aws_ecs_cluster_capacity_providers: [
    {
      sid: "Ecs",
      actions: "ecs:PutClusterCapacityProviders DescribeClusters",
      on: ["ecs:REGION:ACCOUNT_ID:cluster/{cluster}"],
    },
  ],
  aws_cloudwatch_log_group: [
    {
      sid: "LogGroups",
      actions: `logs:CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey ${TAGS}`,
      on: ["logs:REGION:ACCOUNT_ID:log-group:{name}", "logs:REGION:ACCOUNT_ID:log-group:{name}:*"],
    },
    { sid: "LogGroupsList", actions: "logs:DescribeLogGroups", on: ["logs:REGION:ACCOUNT_ID:log-group:*"] },
  ],
  aws_iam_role: [
    {
      sid: "Roles",
      actions:
        "iam:GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy DeleteRole TagRole UntagRole " +
        "ListRoleTags ListRolePolicies GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole",
      on: [ROLE],
    },
  ],
  aws_iam_role_policy: [
    {
      sid: "Roles",
      actions: "iam:PutRolePolicy DeleteRolePolicy",
      on: ["iam::ACCOUNT_ID:role/{role}"],
      isBounded: true,
    },
    { sid: "Roles", actions: "iam:GetRolePolicy", on: ["iam::ACCOUNT_ID:role/{role}"] },
  ],
  aws_iam_role_policy_attachment: [
    {
      sid: "AttachPolicies",
      actions: "iam:AttachRolePolicy DetachRolePolicy",
      on: ["iam::ACCOUNT_ID:role/{role}"],
      when: fixed("ArnLike", "iam:PolicyARN", ["{policy}"]),
      isBounded: true,
    },
    { sid: "Roles", actions: "iam:ListAttachedRolePolicies", on: ["iam::ACCOUNT_ID:role/{role}"] },
  ],
  aws_iam_policy: [
    {
      sid: "Policies",
      actions:
        "iam:CreatePolicy GetPolicy GetPolicyVersion CreatePolicyVersion DeletePolicyVersion ListPolicyVersions DeletePolicy " +
        "TagPolicy UntagPolicy ListPolicyTags",
      on: ["iam::ACCOUNT_ID:policy/{name}"],
    },
  ],
  aws_iam_instance_profile: [
    {
      sid: "InstanceProfiles",
      actions:
        "iam:CreateInstanceProfile GetInstanceProfile DeleteInstanceProfile AddRoleToInstanceProfile " +
        "RemoveRoleFromInstanceProfile TagInstanceProfile UntagInstanceProfile ListInstanceProfileTags",
      on: ["iam::ACCOUNT_ID:instance-profile/{name}"],
    },
    passInstanceRole,
  ],
  aws_iam_service_linked_role: [
    {
      sid: "ManageServiceLinkedRoles",
      actions:
        "iam:GetRole UpdateRole UpdateRoleDescription TagRole UntagRole DeleteServiceLinkedRole GetServiceLinkedRoleDeletionStatus",
      on: ["iam::ACCOUNT_ID:role/aws-service-role/{service}/*"],
    },
    ...serviceLinked("ecs.amazonaws.com"),
  ],
};
