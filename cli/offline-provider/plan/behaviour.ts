import { equal, isObject, type ObjectValue, type Value } from "../wire/values";

/**
 * What the bindings do not show of a resource type. The authority is the AWS provider's source (`ForceNew`,
 * `RequiresReplace` and `CustomizeDiff`); docs/offline-provider.md names the versions that this table was compared with.
 */
export interface Behaviour {
  /** Arguments whose change replaces the resource, `block.argument` within a block; `"*"` is every argument but `keeps`. */
  readonly replaces?: readonly string[] | "*";
  /** With `replaces: "*"`, the arguments that are updated in place. */
  readonly keeps?: readonly string[];
  /** Arguments whose change replaces the resource in some cases only. */
  readonly replacesIf?: { readonly [argument: string]: (prior: ObjectValue, wanted: ObjectValue) => boolean };
  /** Computed attributes that a change of any argument, except those in `unlessOnly`, makes "(known after apply)". */
  readonly unknownOnChange?: readonly string[];
  /** Arguments that don't count for `unknownOnChange`. */
  readonly unlessOnly?: readonly string[];
  /** Which of `unknownOnChange` need more than a change. */
  readonly unknownIf?: { readonly [attribute: string]: (wanted: ObjectValue) => boolean };
}

const TAGS = ["tags", "tags_all"] as const;
const NAME = ["name", "name_prefix"] as const;

/** The arguments that name the source of a security group rule: another kind of source is another rule. */
const RULE_SOURCES = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"] as const;
const SECURITY_GROUP_RULE: Behaviour = {
  replaces: ["security_group_id"],
  replacesIf: Object.fromEntries(
    RULE_SOURCES.map((source) => [source, (prior, wanted) => ruleSource(prior) !== ruleSource(wanted)]),
  ),
};

const SCALABLE_TARGET = ["resource_id", "scalable_dimension", "service_namespace"] as const;

/** A type that is not here can be created and destroyed, but a change of it is an error. */
const BEHAVIOURS: { readonly [type: string]: Behaviour } = {
  aws_acm_certificate_validation: { replaces: "*" },
  aws_appautoscaling_policy: { replaces: ["name", ...SCALABLE_TARGET] },
  aws_appautoscaling_scheduled_action: { replaces: ["name", ...SCALABLE_TARGET] },
  aws_appautoscaling_target: { replaces: SCALABLE_TARGET },
  // Its tags are `tag` blocks.
  aws_autoscaling_group: { replaces: [...NAME, "initial_lifecycle_hook"] },
  aws_autoscaling_lifecycle_hook: { replaces: ["name"] },
  aws_autoscaling_policy: { replaces: ["name", "autoscaling_group_name"] },
  aws_autoscaling_schedule: { replaces: ["scheduled_action_name", "autoscaling_group_name"] },
  aws_cloudwatch_dashboard: { replaces: ["dashboard_name"] },
  aws_cloudwatch_event_rule: { replaces: [...NAME, "event_bus_name"] },
  aws_cloudwatch_event_target: { replaces: ["rule", "target_id", "event_bus_name"] },
  aws_cloudwatch_log_group: { replaces: [...NAME, "log_group_class"] },
  aws_cloudwatch_log_resource_policy: { replaces: ["policy_name"] },
  aws_cloudwatch_metric_alarm: { replaces: ["alarm_name"] },
  aws_ecr_lifecycle_policy: { replaces: "*" },
  aws_ecr_repository: { replaces: ["name", "encryption_configuration"] },
  aws_ecs_capacity_provider: {
    replaces: ["name", "cluster", "auto_scaling_group_provider.auto_scaling_group_arn"],
    replacesIf: {
      auto_scaling_group_provider: (prior, wanted) =>
        countOf(prior.auto_scaling_group_provider) !== countOf(wanted.auto_scaling_group_provider),
      managed_instances_provider: (prior, wanted) =>
        countOf(prior.managed_instances_provider) !== countOf(wanted.managed_instances_provider),
    },
  },
  aws_ecs_cluster: { replaces: ["name"] },
  aws_ecs_cluster_capacity_providers: { replaces: ["cluster_name"] },
  aws_ecs_service: {
    replaces: ["name", "cluster", "launch_type", "scheduling_strategy", "iam_role"],
    replacesIf: {
      // A strategy changes in place only by a new deployment, and never to none or from none.
      capacity_provider_strategy: (prior, wanted) =>
        wanted.force_new_deployment !== true ||
        (countOf(prior.capacity_provider_strategy) === 0) !== (countOf(wanted.capacity_provider_strategy) === 0),
      deployment_controller: (prior, wanted) => controllerOf(prior) !== controllerOf(wanted),
    },
  },
  // A revision cannot be changed: ECS registers another.
  aws_ecs_task_definition: { replaces: "*", keeps: [...TAGS, "skip_destroy", "track_latest"] },
  aws_efs_access_point: { replaces: "*", keeps: TAGS },
  aws_efs_backup_policy: { replaces: ["file_system_id"] },
  aws_efs_file_system: {
    replaces: ["availability_zone_name", "creation_token", "encrypted", "kms_key_id", "performance_mode"],
  },
  aws_efs_file_system_policy: { replaces: ["file_system_id"] },
  aws_efs_mount_target: { replaces: "*", keeps: ["security_groups"] },
  aws_iam_instance_profile: { replaces: [...NAME, "path"] },
  aws_iam_policy: { replaces: [...NAME, "path", "description"] },
  aws_iam_role: { replaces: [...NAME, "path"] },
  aws_iam_role_policy: { replaces: [...NAME, "role"] },
  aws_iam_role_policy_attachment: { replaces: "*" },
  aws_iam_service_linked_role: { replaces: ["aws_service_name", "custom_suffix"] },
  aws_key_pair: { replaces: ["key_name", "key_name_prefix", "public_key"] },
  aws_kms_alias: { replaces: NAME },
  aws_kms_key: {
    replaces: ["custom_key_store_id", "customer_master_key_spec", "key_usage", "multi_region", "xks_key_id"],
  },
  aws_launch_template: {
    replaces: NAME,
    // The provider's own list. A change of tags counts as well, although it creates no new version.
    unknownOnChange: ["latest_version", "default_version"],
    unknownIf: { default_version: ({ update_default_version }) => update_default_version === true },
    unlessOnly: [...NAME, "description", "default_version", "update_default_version"],
  },
  aws_lb: {
    replaces: [...NAME, "internal", "load_balancer_type", "customer_owned_ipv4_pool"],
    replacesIf: {
      // A Network Load Balancer can get more subnets in place, and other security groups, but not its first or none.
      subnets: (prior, wanted) => isNetwork(wanted) && countOf(wanted.subnets) <= countOf(prior.subnets),
      security_groups: (prior, wanted) =>
        isNetwork(wanted) && (countOf(prior.security_groups) === 0) !== (countOf(wanted.security_groups) === 0),
      subnet_mapping: (prior, wanted) => !keepsMappings(prior, wanted),
    },
  },
  aws_lb_listener: { replaces: ["load_balancer_arn"] },
  aws_lb_listener_certificate: { replaces: "*" },
  aws_lb_listener_rule: { replaces: ["listener_arn"] },
  aws_lb_target_group: {
    replaces: [...NAME, "port", "protocol", "protocol_version", "target_type", "vpc_id", "ip_address_type"],
  },
  aws_lb_target_group_attachment: { replaces: "*" },
  aws_placement_group: { replaces: "*", keeps: TAGS },
  aws_route53_record: { replaces: ["name", "zone_id"] },
  aws_scheduler_schedule: { replaces: [...NAME, "group_name"] },
  aws_security_group: { replaces: [...NAME, "description", "vpc_id"] },
  aws_security_group_rule: { replaces: "*", keeps: ["description"] },
  aws_service_discovery_http_namespace: { replaces: ["name", "description"] },
  aws_service_discovery_private_dns_namespace: { replaces: ["name", "vpc"] },
  aws_service_discovery_service: {
    replaces: [
      ...["name", "namespace_id", "type", "health_check_custom_config", "health_check_config.type"],
      ...["dns_config.namespace_id", "dns_config.routing_policy"],
    ],
  },
  aws_sns_topic: { replaces: [...NAME, "fifo_topic"] },
  aws_sqs_queue: { replaces: [...NAME, "fifo_queue"] },
  aws_ssm_parameter: { replaces: ["name"], unknownOnChange: ["version"], unlessOnly: [...TAGS] },
  aws_vpc_security_group_egress_rule: SECURITY_GROUP_RULE,
  aws_vpc_security_group_ingress_rule: SECURITY_GROUP_RULE,
  aws_wafv2_web_acl: { replaces: [...NAME, "scope"] },
  aws_wafv2_web_acl_association: { replaces: "*" },
  aws_wafv2_web_acl_logging_configuration: { replaces: ["log_destination_configs", "resource_arn"] },
};

/** @throws Error when nothing is known of the type, so that a change of it cannot be planned */
export function behaviourOf(type: string): Behaviour {
  const behaviour = BEHAVIOURS[type];
  if (behaviour) return behaviour;
  throw new Error(
    `The offline provider cannot plan a change of ${type}.\nIt does not know which arguments replace a resource of ` +
      "this type. Add the type to cli/offline-provider/plan/behaviour.ts.",
  );
}

/**
 * Whether the change of this argument replaces a resource of this type. Since 6.0 of the provider, a change of `region`
 * does for every type.
 */
export function isReplacedBy(type: string, argument: string, prior: ObjectValue, wanted: ObjectValue): boolean {
  if (argument === "region") return true;
  if (argument === "timeouts") return false;
  const { replaces = [], keeps = [], replacesIf = {} } = behaviourOf(type);
  if (replacesIf[argument]?.(prior, wanted)) return true;
  if (replaces === "*") return !keeps.includes(argument);
  return replaces.some((path) => {
    const [name, inner] = path.split(".");
    return name === argument && (inner === undefined || isOtherWithin(inner, prior[name], wanted[name]));
  });
}

/** The computed attributes that a change of these arguments makes unknown until it is applied. */
export function unknownAfter(type: string, changed: readonly string[], wanted: ObjectValue): readonly string[] {
  const { unknownOnChange = [], unlessOnly = [], unknownIf = {} } = behaviourOf(type);
  if (changed.every((argument) => unlessOnly.includes(argument))) return [];
  return unknownOnChange.filter((attribute) => unknownIf[attribute]?.(wanted) ?? true);
}

/** Whether an argument of a block differs, in any block of that name. */
function isOtherWithin(argument: string, prior: Value | undefined, wanted: Value | undefined): boolean {
  const [before, after] = [blocks(prior), blocks(wanted)];
  return [...(before.length > after.length ? before : after)].some(
    (_, index) => !equal(before[index]?.[argument] ?? null, after[index]?.[argument] ?? null),
  );
}

const blocks = (value: Value | undefined): ObjectValue[] => (Array.isArray(value) ? value.filter(isObject) : []);

const countOf = (value: Value | undefined): number => (Array.isArray(value) ? value.length : 0);

const ruleSource = (rule: ObjectValue): string | undefined =>
  RULE_SOURCES.find((source) => (rule[source] ?? null) !== null);

/** The provider sets ECS's own controller where the configuration has none. */
const controllerOf = ({ deployment_controller }: ObjectValue): Value => blocks(deployment_controller)[0]?.type ?? "ECS";

const isNetwork = ({ load_balancer_type }: ObjectValue): boolean => load_balancer_type === "network";

/** Whether the subnet mappings that both have are the same: mappings can then be added, and removed from an ALB. */
function keepsMappings(prior: ObjectValue, wanted: ObjectValue): boolean {
  const [before, after] = [blocks(prior.subnet_mapping), blocks(wanted.subnet_mapping)];
  if (before.length === after.length || (isNetwork(wanted) && after.length < before.length)) return false;
  const [fewer, more] = before.length < after.length ? [before, after] : [after, before];
  return fewer.every((one) => more.some((other) => equal(one, other)));
}
