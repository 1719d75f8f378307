import type { ObjectValue, Value } from "../wire/values";

/** What the bindings don't show of a resource type. The AWS provider's documentation and source are the authority. */
export interface Behaviour {
  /** Arguments whose change replaces the resource; `"*"` is every argument but those in `keeps`. */
  readonly replaces?: readonly string[] | "*";
  /** With `replaces: "*"`, what is updated in place. */
  readonly keeps?: readonly string[];
  /** Arguments whose change replaces the resource in some cases only. */
  readonly replacesIf?: { readonly [argument: string]: (prior: ObjectValue, wanted: ObjectValue) => boolean };
  /** Computed attributes that a change of any argument, but those in `unlessOnly`, makes "(known after apply)". */
  readonly unknownOnChange?: readonly string[];
  /** Arguments that don't count for `unknownOnChange`. */
  readonly unlessOnly?: readonly string[];
  /** Which of `unknownOnChange` need more than a change. */
  readonly unknownIf?: { readonly [attribute: string]: (wanted: ObjectValue) => boolean };
}

const TAGS = ["tags", "tags_all"] as const;

const SECURITY_GROUP_RULE: Behaviour = { replaces: ["security_group_id"] };

/** Types that are not here are updated in place, and an update leaves their computed attributes as they are. */
const BEHAVIOURS: { readonly [type: string]: Behaviour } = {
  aws_launch_template: {
    replaces: ["name", "name_prefix"],
    // The provider's own list. A change of tags counts as well, though it makes no new version.
    unknownOnChange: ["latest_version", "default_version"],
    unknownIf: { default_version: ({ update_default_version }) => update_default_version === true },
    unlessOnly: ["name", "name_prefix", "description", "default_version", "update_default_version"],
  },
  // Its tags are `tag` blocks; everything else of a group is updated in place.
  aws_autoscaling_group: { replaces: ["name", "name_prefix"] },
  aws_autoscaling_lifecycle_hook: { replaces: ["name", "autoscaling_group_name"] },
  aws_autoscaling_policy: { replaces: ["name", "autoscaling_group_name"] },
  aws_autoscaling_schedule: { replaces: ["scheduled_action_name", "autoscaling_group_name"] },
  aws_appautoscaling_target: { replaces: ["resource_id", "scalable_dimension", "service_namespace"] },
  aws_appautoscaling_policy: { replaces: ["name", "resource_id", "scalable_dimension", "service_namespace"] },
  aws_ecs_cluster: { replaces: ["name"] },
  aws_ecs_capacity_provider: { replaces: ["name"] },
  aws_ecs_cluster_capacity_providers: { replaces: ["cluster_name"] },
  aws_ecs_service: {
    replaces: ["name", "cluster", "launch_type", "scheduling_strategy", "deployment_controller", "iam_role"],
    replacesIf: {
      // ECS changes a strategy in place only by a new deployment, and never to none or from none.
      capacity_provider_strategy: (prior, wanted) =>
        wanted.force_new_deployment !== true ||
        isEmpty(prior.capacity_provider_strategy) !== isEmpty(wanted.capacity_provider_strategy),
    },
  },
  // A revision can't be changed: ECS registers another.
  aws_ecs_task_definition: { replaces: "*", keeps: [...TAGS, "skip_destroy", "track_latest"] },
  aws_lb: { replaces: ["name", "name_prefix", "internal", "load_balancer_type", "customer_owned_ipv4_pool"] },
  aws_lb_listener: { replaces: ["load_balancer_arn"] },
  aws_lb_listener_rule: { replaces: ["listener_arn", "priority"] },
  aws_lb_listener_certificate: { replaces: ["listener_arn", "certificate_arn"] },
  aws_lb_target_group: {
    replaces: [
      "name",
      "name_prefix",
      "port",
      "protocol",
      "protocol_version",
      "target_type",
      "vpc_id",
      "ip_address_type",
    ],
  },
  aws_lb_target_group_attachment: { replaces: "*" },
  aws_security_group: { replaces: ["name", "name_prefix", "description", "vpc_id"] },
  aws_vpc_security_group_ingress_rule: SECURITY_GROUP_RULE,
  aws_vpc_security_group_egress_rule: SECURITY_GROUP_RULE,
  aws_security_group_rule: { replaces: "*", keeps: ["description"] },
  aws_iam_role: { replaces: ["name", "name_prefix", "path"] },
  aws_iam_role_policy: { replaces: ["name", "name_prefix", "role"] },
  aws_iam_role_policy_attachment: { replaces: ["role", "policy_arn"] },
  aws_iam_policy: { replaces: ["name", "name_prefix", "path", "description"] },
  aws_iam_instance_profile: { replaces: ["name", "name_prefix", "path"] },
  aws_iam_service_linked_role: { replaces: ["aws_service_name", "custom_suffix"] },
  aws_key_pair: { replaces: ["key_name", "key_name_prefix", "public_key"] },
  aws_cloudwatch_log_group: { replaces: ["name", "name_prefix"] },
  aws_cloudwatch_metric_alarm: { replaces: ["alarm_name"] },
  aws_sns_topic: { replaces: ["name", "name_prefix", "fifo_topic"] },
  aws_ecr_repository: { replaces: ["name", "encryption_configuration"] },
  aws_service_discovery_http_namespace: { replaces: ["name"] },
  aws_service_discovery_private_dns_namespace: { replaces: ["name", "vpc"] },
  aws_s3_bucket: { replaces: ["bucket", "bucket_prefix"] },
  aws_ssm_parameter: { replaces: ["name"], unknownOnChange: ["version"], unlessOnly: [...TAGS] },
  aws_instance: { replaces: ["ami", "availability_zone", "key_name", "subnet_id"] },
  aws_placement_group: { replaces: ["name", "strategy", "partition_count", "spread_level"] },
  aws_efs_file_system: {
    replaces: ["availability_zone_name", "creation_token", "encrypted", "kms_key_id", "performance_mode"],
  },
  aws_efs_file_system_policy: { replaces: ["file_system_id"] },
  aws_efs_mount_target: { replaces: ["file_system_id", "subnet_id", "ip_address"] },
  aws_kms_alias: { replaces: ["name", "name_prefix"] },
  aws_wafv2_web_acl: { replaces: ["name", "name_prefix", "scope"] },
  aws_wafv2_web_acl_association: { replaces: "*" },
  aws_cloudwatch_event_rule: { replaces: ["name", "name_prefix", "event_bus_name"] },
  aws_cloudwatch_event_target: { replaces: ["rule", "target_id", "event_bus_name"] },
  aws_route53_record: { replaces: ["zone_id", "name", "type", "set_identifier"] },
};

export function behaviourOf(type: string): Behaviour {
  return BEHAVIOURS[type] ?? {};
}

/** Whether a change of this argument replaces a resource of this type. Since 6.0 of the provider, a region does everywhere. */
export function isReplacedBy(type: string, argument: string, prior: ObjectValue, wanted: ObjectValue): boolean {
  if (argument === "region") return true;
  const { replaces = [], keeps = [], replacesIf = {} } = behaviourOf(type);
  if (replacesIf[argument]?.(prior, wanted)) return true;
  return replaces === "*" ? !keeps.includes(argument) : replaces.includes(argument);
}

function isEmpty(value: Value | undefined): boolean {
  return !Array.isArray(value) || value.length === 0;
}

/** The computed attributes that a change of these arguments makes unknown until it is applied. */
export function unknownAfter(type: string, changed: readonly string[], wanted: ObjectValue): readonly string[] {
  const { unknownOnChange = [], unlessOnly = [], unknownIf = {} } = behaviourOf(type);
  if (changed.every((argument) => unlessOnly.includes(argument))) return [];
  return unknownOnChange.filter((attribute) => unknownIf[attribute]?.(wanted) ?? true);
}
