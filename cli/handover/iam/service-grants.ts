import { type Grant, iam } from "./grant";

const { fixed, read, serviceLinked, passTaskRoles, newTagged, tagged, taggedAs, TAGS } = iam;

const CERTIFICATE = "acm:REGION:ACCOUNT_ID:certificate/*";
const ELB = "elasticloadbalancing:REGION:ACCOUNT_ID";
const SCALABLE_TARGET = "application-autoscaling:REGION:ACCOUNT_ID:scalable-target/*";

const HEALTH_CHECK = "route53:::healthcheck/*";

/** The grant of a Cloud Map service with health checks of Route 53, which Cloud Map creates without tags. */
export const HEALTH_CHECK_GRANT: Grant = {
  ...{ sid: "DiscoveryHealth", on: [HEALTH_CHECK] },
  actions: "route53:CreateHealthCheck DeleteHealthCheck UpdateHealthCheck",
};

/** Cloud Map limits tagging neither to resources nor to their tags. */
const CLOUD_MAP_TAGS: readonly Grant[] = [
  { sid: "CloudMapTags", actions: "servicediscovery:TagResource", on: ["*"], when: newTagged },
  { sid: "CloudMapUntag", actions: "servicediscovery:UntagResource", on: ["*"], when: iam.region },
];

const createdBy = (action: string) => fixed("StringEquals", "elasticloadbalancing:CreateAction", action);

/** The grants of load balancers, services, encryption keys and web ACLs. */
export const SERVICE_GRANTS: { readonly [type: string]: readonly Grant[] } = {
  aws_ecs_task_definition: [
    // Not every region supports resource types for RegisterTaskDefinition and DeregisterTaskDefinition.
    ...read("ecs:DescribeTaskDefinition"),
    {
      sid: "EcsTaskDefinitions",
      actions: "ecs:RegisterTaskDefinition DeregisterTaskDefinition",
      on: ["*"],
      when: iam.region,
    },
    passTaskRoles,
    { sid: "EcsTaskDefinitionTags", actions: `ecs:${TAGS}`, on: ["ecs:REGION:ACCOUNT_ID:task-definition/{name}:*"] },
  ],
  aws_ecs_service: [
    {
      sid: "EcsServices",
      actions:
        `ecs:CreateService UpdateService DeleteService DescribeServices ${TAGS} ` +
        "ListServiceDeployments DescribeServiceDeployments StopServiceDeployment DescribeServiceRevisions",
      on: [
        "ecs:REGION:ACCOUNT_ID:service/{cluster}/{name}",
        "ecs:REGION:ACCOUNT_ID:service-deployment/{cluster}/{name}/*",
        "ecs:REGION:ACCOUNT_ID:service-revision/{cluster}/{name}/*",
      ],
    },
    ...serviceLinked("ecs.amazonaws.com"),
  ],
  aws_scheduler_schedule_group: [
    {
      sid: "ScheduleGroups",
      actions: `scheduler:CreateScheduleGroup GetScheduleGroup DeleteScheduleGroup ${TAGS}`,
      on: ["scheduler:REGION:ACCOUNT_ID:schedule-group/{name}"],
    },
  ],
  aws_scheduler_schedule: [
    {
      sid: "Schedules",
      actions: "scheduler:CreateSchedule GetSchedule UpdateSchedule DeleteSchedule",
      on: ["scheduler:REGION:ACCOUNT_ID:schedule/{scheduleGroup}/{name}"],
    },
    iam.passSchedulerRole,
  ],
  aws_sqs_queue: [
    {
      sid: "Queues",
      actions: "sqs:CreateQueue GetQueueAttributes SetQueueAttributes DeleteQueue ListQueueTags TagQueue UntagQueue",
      on: ["sqs:REGION:ACCOUNT_ID:{name}"],
    },
  ],
  aws_lb: [
    ...read(
      "elasticloadbalancing:DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeCapacityReservation DescribeTags",
      "ec2:DescribeAccountAttributes DescribeAddresses DescribeInternetGateways DescribeNetworkInterfaces DescribeSecurityGroups " +
        "DescribeSubnets DescribeVpcs GetSecurityGroupsForVpc",
    ),
    {
      sid: "LoadBalancer",
      actions:
        "elasticloadbalancing:CreateLoadBalancer DeleteLoadBalancer ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets " +
        "SetIpAddressType ModifyCapacityReservation AddTags RemoveTags",
      on: [`${ELB}:loadbalancer/{balancerType}/{name}/*`],
    },
    ...serviceLinked("elasticloadbalancing.amazonaws.com"),
  ],
  aws_lb_listener: [
    ...read("elasticloadbalancing:DescribeListeners DescribeListenerAttributes DescribeTags"),
    {
      sid: "LoadBalancer",
      actions: "elasticloadbalancing:CreateListener",
      on: [`${ELB}:loadbalancer/{balancerType}/{balancer}/*`],
      ifUnknown: { kind: "foundByTag" },
    },
    {
      sid: "Listeners",
      actions: "elasticloadbalancing:ModifyListener ModifyListenerAttributes DeleteListener AddTags RemoveTags",
      on: [`${ELB}:listener/{balancerType}/{balancer}/*`],
      ifUnknown: tagged,
    },
    {
      sid: "ListenersTagNew",
      actions: "elasticloadbalancing:AddTags",
      on: [`${ELB}:listener/{balancerType}/{unknownBalancer}/*`],
      when: createdBy("CreateListener"),
    },
  ],
  aws_eip: [
    ...read("ec2:DescribeAddresses DescribeAddressesAttribute"),
    ...iam.ec2("elastic-ip", "AllocateAddress", "ReleaseAddress", "AllocateAddress"),
  ],
  // https://docs.aws.amazon.com/acm/latest/userguide/authen-apipermissions.html
  aws_acm_certificate: [
    {
      sid: "RequestCertificates",
      actions: "acm:RequestCertificate",
      on: ["*"],
      when: {
        kind: "fixed",
        test: {
          StringEquals: { "aws:RequestedRegion": ["REGION"], "acm:ValidationMethod": ["DNS"] },
          "ForAllValues:StringLike": { "acm:DomainNames": ["{zoneName}", "*.{zoneName}"] },
        },
      },
    },
    {
      ...{ sid: "CertificateTagNew", actions: "acm:AddTagsToCertificate", on: [CERTIFICATE] },
      when: { kind: "tagOnCreate" },
    },
    {
      sid: "CertificateChange",
      actions: "acm:AddTagsToCertificate RemoveTagsFromCertificate DeleteCertificate UpdateCertificateOptions",
      on: [CERTIFICATE],
      when: iam.tagged,
    },
    { sid: "Certificates", actions: "acm:DescribeCertificate ListTagsForCertificate", on: [CERTIFICATE] },
  ],
  aws_acm_certificate_validation: [{ sid: "Certificates", actions: "acm:DescribeCertificate", on: [CERTIFICATE] }],
  // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
  aws_route53_record: [
    {
      sid: "DnsRecords",
      actions: "route53:ChangeResourceRecordSets",
      on: ["route53:::hostedzone/{zoneId}"],
      when: iam.fixed("ForAllValues:StringEquals", "route53:ChangeResourceRecordSetsRecordTypes", ["{recordType}"]),
    },
    {
      sid: "DnsZones",
      actions: "route53:ListResourceRecordSets GetHostedZone",
      on: ["route53:::hostedzone/{zoneId}"],
    },
    { sid: "DnsChanges", actions: "route53:GetChange", on: ["route53:::change/*"] },
  ],
  aws_lb_listener_certificate: [
    ...read("elasticloadbalancing:DescribeListenerCertificates"),
    {
      sid: "Listeners",
      actions: "elasticloadbalancing:AddListenerCertificates RemoveListenerCertificates",
      on: [`${ELB}:listener/{balancerType}/{balancer}/*`],
      ifUnknown: { kind: "foundByTag" },
    },
  ],
  aws_lb_listener_rule: [
    ...read("elasticloadbalancing:DescribeRules DescribeListeners DescribeTags"),
    {
      sid: "Listeners",
      actions: "elasticloadbalancing:CreateRule",
      on: [`${ELB}:listener/app/{balancer}/*`],
      ifUnknown: { kind: "foundByTag" },
    },
    {
      sid: "ListenerRules",
      actions: "elasticloadbalancing:ModifyRule SetRulePriorities DeleteRule AddTags RemoveTags",
      on: [`${ELB}:listener-rule/app/{balancer}/*`],
      ifUnknown: tagged,
    },
    {
      sid: "ListenerRulesTagNew",
      actions: "elasticloadbalancing:AddTags",
      on: [`${ELB}:listener-rule/app/{unknownBalancer}/*`],
      when: createdBy("CreateRule"),
    },
    {
      sid: "UserPoolClients",
      actions: "cognito-idp:DescribeUserPoolClient",
      on: ["cognito-idp:REGION:ACCOUNT_ID:userpool/{userPool}"],
    },
  ],
  aws_lb_target_group: [
    ...read("elasticloadbalancing:DescribeTargetGroups DescribeTargetGroupAttributes DescribeTags"),
    {
      sid: "TargetGroupsCreate",
      actions: "elasticloadbalancing:CreateTargetGroup",
      on: [`${ELB}:targetgroup/*`],
      when: newTagged,
    },
    {
      sid: "TargetGroupsTagNew",
      actions: "elasticloadbalancing:AddTags",
      on: [`${ELB}:targetgroup/*`],
      when: createdBy("CreateTargetGroup"),
    },
    {
      sid: "TargetGroups",
      actions:
        "elasticloadbalancing:ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup AddTags RemoveTags",
      on: [`${ELB}:targetgroup/*`],
      when: tagged,
    },
  ],
  aws_appautoscaling_target: [
    ...read("application-autoscaling:DescribeScalableTargets"),
    // The provider sends tags only when it creates the target.
    {
      ...{ sid: "ServiceScalingCreate", on: [SCALABLE_TARGET], when: { kind: "tagOnCreate" } },
      actions: "application-autoscaling:RegisterScalableTarget TagResource",
    },
    {
      sid: "ServiceScaling",
      actions: `application-autoscaling:RegisterScalableTarget DeregisterScalableTarget ${TAGS}`,
      on: [SCALABLE_TARGET],
      when: tagged,
    },
    ...serviceLinked("ecs.application-autoscaling.amazonaws.com"),
  ],
  aws_appautoscaling_policy: [
    ...read("application-autoscaling:DescribeScalingPolicies", "cloudwatch:DescribeAlarms"),
    {
      sid: "ServiceScaling",
      actions: "application-autoscaling:PutScalingPolicy DeleteScalingPolicy",
      on: [SCALABLE_TARGET],
      when: taggedAs("aws_appautoscaling_target"),
    },
    // Target tracking creates its alarms with the permissions of the caller.
    {
      sid: "ServiceScalingAlarms",
      actions: "cloudwatch:PutMetricAlarm DeleteAlarms",
      on: ["cloudwatch:REGION:ACCOUNT_ID:alarm:TargetTracking-{scalable}-Alarm*"],
    },
  ],
  aws_appautoscaling_scheduled_action: [
    ...read("application-autoscaling:DescribeScheduledActions"),
    {
      sid: "ServiceScaling",
      actions: "application-autoscaling:PutScheduledAction DeleteScheduledAction",
      on: [SCALABLE_TARGET],
      when: taggedAs("aws_appautoscaling_target"),
    },
  ],
  aws_service_discovery_http_namespace: [
    ...read("servicediscovery:GetNamespace GetOperation ListNamespaces ListTagsForResource"),
    { sid: "NamespaceCreate", actions: "servicediscovery:CreateHttpNamespace", on: ["*"], when: newTagged },
    ...CLOUD_MAP_TAGS,
    {
      sid: "Namespaces",
      actions: "servicediscovery:UpdateHttpNamespace DeleteNamespace",
      on: ["servicediscovery:REGION:ACCOUNT_ID:namespace/*"],
      when: tagged,
    },
  ],
  // https://docs.aws.amazon.com/cloud-map/latest/dg/cloud-map-api-permissions-ref.html
  aws_service_discovery_private_dns_namespace: [
    ...read(
      "servicediscovery:GetNamespace GetOperation ListNamespaces ListTagsForResource",
      "ec2:DescribeVpcs DescribeRegions",
    ),
    { sid: "NamespaceCreate", actions: "servicediscovery:CreatePrivateDnsNamespace", on: ["*"], when: newTagged },
    ...CLOUD_MAP_TAGS,
    {
      sid: "Namespaces",
      actions: "servicediscovery:UpdatePrivateDnsNamespace DeleteNamespace",
      on: ["servicediscovery:REGION:ACCOUNT_ID:namespace/*"],
      when: tagged,
    },
    { sid: "NamespaceZones", actions: "route53:CreateHostedZone GetHostedZone ListHostedZonesByName", on: ["*"] },
  ],
  aws_service_discovery_service: [
    ...read("servicediscovery:GetService GetOperation ListInstances ListTagsForResource"),
    { sid: "DiscoveryCreate", actions: "servicediscovery:CreateService", on: ["*"], when: newTagged },
    ...CLOUD_MAP_TAGS,
    {
      sid: "DiscoveryServices",
      actions: "servicediscovery:UpdateService DeleteService DeregisterInstance",
      on: ["servicediscovery:REGION:ACCOUNT_ID:service/*"],
      when: tagged,
    },
    // Cloud Map reads the health checks of a record that it removes.
    { sid: "DiscoveryHealth", actions: "route53:GetHealthCheck", on: [HEALTH_CHECK] },
  ],
  aws_kms_key: [
    // A new key has no ARN and no tags except those of the request.
    { sid: "KeyCreate", actions: "kms:CreateKey", on: ["*"], when: newTagged },
    { sid: "KeyTagNew", actions: "kms:TagResource", on: ["*"], when: { kind: "tagOnCreate" } },
    {
      sid: "Keys",
      actions:
        "kms:DescribeKey GetKeyPolicy PutKeyPolicy GetKeyRotationStatus EnableKeyRotation DisableKeyRotation EnableKey " +
        "DisableKey UpdateKeyDescription ListResourceTags TagResource UntagResource ScheduleKeyDeletion " +
        // ECR creates a grant on the key with the permissions of the caller.
        "CreateGrant RetireGrant",
      on: ["kms:REGION:ACCOUNT_ID:key/*"],
      when: tagged,
    },
  ],
  aws_kms_alias: [
    { sid: "KeyAliasesList", actions: "kms:ListAliases", on: ["*"], when: iam.region },
    { sid: "KeyAliases", actions: "kms:CreateAlias UpdateAlias DeleteAlias", on: ["kms:REGION:ACCOUNT_ID:{name}"] },
    {
      sid: "Keys",
      actions: "kms:CreateAlias UpdateAlias DeleteAlias",
      on: ["kms:REGION:ACCOUNT_ID:key/*"],
      when: taggedAs("aws_kms_key"),
    },
  ],
  aws_wafv2_web_acl: [
    {
      sid: "WebAcl",
      actions: `wafv2:CreateWebACL GetWebACL UpdateWebACL DeleteWebACL ${TAGS}`,
      on: ["wafv2:REGION:ACCOUNT_ID:regional/webacl/{name}/*"],
    },
    {
      sid: "WebAclRuleGroups",
      actions: "wafv2:CreateWebACL UpdateWebACL",
      on: ["wafv2:REGION:ACCOUNT_ID:regional/managedruleset/*/*", "wafv2:REGION:ACCOUNT_ID:regional/rulegroup/*/*"],
    },
  ],
  aws_wafv2_web_acl_association: [
    ...read("wafv2:GetWebACLForResource"),
    {
      sid: "WebAcl",
      actions: "wafv2:AssociateWebACL DisassociateWebACL GetWebACL",
      on: ["wafv2:REGION:ACCOUNT_ID:regional/webacl/{webAcl}/*"],
    },
    {
      sid: "WebAclAssociation",
      actions: "wafv2:AssociateWebACL DisassociateWebACL",
      on: [`${ELB}:loadbalancer/app/{balancer}/*`],
    },
    { sid: "LoadBalancer", actions: "elasticloadbalancing:SetWebACL", on: [`${ELB}:loadbalancer/app/{balancer}/*`] },
  ],
  aws_wafv2_web_acl_logging_configuration: [
    {
      sid: "WebAcl",
      actions: "wafv2:PutLoggingConfiguration GetLoggingConfiguration DeleteLoggingConfiguration",
      on: ["wafv2:REGION:ACCOUNT_ID:regional/webacl/{webAcl}/*"],
    },
    // WAF creates the log delivery with the permissions of the caller.
    {
      sid: "WebAclLogDelivery",
      actions: "logs:CreateLogDelivery DeleteLogDelivery PutResourcePolicy DescribeResourcePolicies DescribeLogGroups",
      on: ["*"],
      when: iam.region,
    },
    ...serviceLinked("wafv2.amazonaws.com"),
  ],
};
