import { blocksOf, equal, type ObjectValue, type Value } from "../wire/values";

/**
 * How a change affects resources of a type. The bindings do not say this. The source is the code of the AWS provider
 * (`ForceNew`, `RequiresReplace` and `CustomizeDiff`). docs/offline-provider.md lists the versions.
 */
export interface Behaviour {
  /** Arguments whose change replaces the resource. In a block: `block.argument`. `"*"` is every argument except `keeps`. */
  readonly replaces?: readonly string[] | "*";
  /** With `replaces: "*"`, the arguments that the AWS provider updates in place. */
  readonly keeps?: readonly string[];
  /** Arguments whose change replaces the resource in some cases only. */
  readonly replacesIf?: { readonly [argument: string]: (prior: ObjectValue, wanted: ObjectValue) => boolean };
  /** Computed attributes that become "(known after apply)" when an argument changes that is not in `unlessOnly`. */
  readonly unknownOnChange?: readonly string[];
  /** Arguments that do not affect `unknownOnChange`. */
  readonly unlessOnly?: readonly string[];
  /** Blocks that the AWS provider keeps when they are omitted, and what AWS has for one that was never set. */
  readonly keepsOmitted?: { readonly [block: string]: readonly ObjectValue[] };
  /** Further conditions for attributes of `unknownOnChange`. */
  readonly unknownIf?: { readonly [attribute: string]: (wanted: ObjectValue) => boolean };
}

const TAGS = ["tags", "tags_all"] as const;
const NAME = ["name", "name_prefix"] as const;

/** The arguments for the source of a security group rule. A change to another kind of source replaces the rule. */
const RULE_SOURCES = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"] as const;
const SECURITY_GROUP_RULE: Behaviour = {
  replaces: ["security_group_id"],
  replacesIf: Object.fromEntries(
    RULE_SOURCES.map((source) => [source, (prior, wanted) => ruleSource(prior) !== ruleSource(wanted)]),
  ),
};

const SCALABLE_TARGET = ["resource_id", "scalable_dimension", "service_namespace"] as const;

/** A resource whose type is not here can be created and destroyed. A change of it is an error. */
const BEHAVIOURS: { readonly [type: string]: Behaviour } = {
  aws_acm_certificate: {
    replaces: [
      ...[
        "certificate_authority_arn",
        "domain_name",
        "key_algorithm",
        "subject_alternative_names",
        "validation_method",
      ],
      ...["validation_option"],
    ],
  },
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
  aws_ecs_account_setting_default: { replaces: ["name"] },
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
      // A change in place needs a new deployment. Adding the first strategy, or removing the last, replaces the service.
      capacity_provider_strategy: (prior, wanted) =>
        wanted.force_new_deployment !== true ||
        (countOf(prior.capacity_provider_strategy) === 0) !== (countOf(wanted.capacity_provider_strategy) === 0),
      deployment_controller: (prior, wanted) => controllerOf(prior) !== controllerOf(wanted),
    },
    keepsOmitted: { alarms: [], deployment_circuit_breaker: [], deployment_configuration: [{ strategy: "ROLLING" }] },
  },
  // ECS cannot change a revision. It registers another.
  aws_ecs_task_definition: { replaces: "*", keeps: [...TAGS, "skip_destroy", "track_latest"] },
  aws_efs_access_point: { replaces: "*", keeps: TAGS },
  aws_efs_backup_policy: { replaces: ["file_system_id"] },
  aws_efs_file_system: {
    replaces: ["availability_zone_name", "creation_token", "encrypted", "kms_key_id", "performance_mode"],
  },
  aws_efs_file_system_policy: { replaces: ["file_system_id"] },
  aws_efs_mount_target: { replaces: "*", keeps: ["security_groups"] },
  aws_eip: {
    replaces: [
      ...["address", "customer_owned_ipv4_pool", "domain", "ipam_pool_id", "network_border_group", "public_ipv4_pool"],
    ],
  },
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
    // The list is in the AWS provider. A change of tags also affects it, although it creates no version.
    unknownOnChange: ["latest_version", "default_version"],
    unknownIf: { default_version: ({ update_default_version }) => update_default_version === true },
    unlessOnly: [...NAME, "description", "default_version", "update_default_version"],
  },
  aws_lb: {
    replaces: [...NAME, "internal", "load_balancer_type", "customer_owned_ipv4_pool"],
    replacesIf: {
      // A Network Load Balancer accepts more subnets in place. Its security groups can change, but not from or to none.
      subnets: (prior, wanted) => isNetwork(wanted) && countOf(wanted.subnets) <= countOf(prior.subnets),
      security_groups: (prior, wanted) =>
        isNetwork(wanted) && (countOf(prior.security_groups) === 0) !== (countOf(wanted.security_groups) === 0),
      subnet_mapping: (prior, wanted) => !keepsMappings(prior, wanted),
      // The AWS provider replaces a load balancer that loses secondary addresses.
      secondary_ips_auto_assigned_per_subnet: (prior, wanted) =>
        isNetwork(wanted) &&
        Number(wanted.secondary_ips_auto_assigned_per_subnet ?? 0) <
          Number(prior.secondary_ips_auto_assigned_per_subnet ?? 0),
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
  aws_scheduler_schedule_group: { replaces: NAME },
  aws_secretsmanager_secret: { replaces: NAME },
  aws_secretsmanager_secret_version: { replaces: ["secret_id", "secret_string", "secret_binary"] },
  aws_security_group: { replaces: [...NAME, "description", "vpc_id"] },
  aws_security_group_rule: { replaces: "*", keeps: ["description"] },
  aws_service_discovery_http_namespace: { replaces: ["name", "description"] },
  aws_service_discovery_private_dns_namespace: { replaces: ["name", "vpc"] },
  aws_service_discovery_service: {
    replaces: [
      ...["name", "namespace_id", "type", "health_check_custom_config", "health_check_config.type"],
      ...["dns_config.namespace_id", "dns_config.routing_policy"],
    ],
    replacesIf: {
      // Cloud Map cannot change the type of a record.
      dns_config: (prior, wanted) => !equal(recordTypes(prior), recordTypes(wanted)),
    },
  },
  aws_sns_topic: { replaces: [...NAME, "fifo_topic"] },
  aws_sqs_queue: { replaces: [...NAME, "fifo_queue"] },
  aws_ssm_parameter: { replaces: ["data_type", "name"], unknownOnChange: ["version"], unlessOnly: [...TAGS] },
  aws_vpc_endpoint: {
    replaces: [
      ...["resource_configuration_arn", "service_name", "service_network_arn", "service_region", "vpc_endpoint_type"],
      "vpc_id",
    ],
    // The names of an interface endpoint change in place.
    replacesIf: { private_dns_enabled: (_, wanted) => wanted.vpc_endpoint_type !== "Interface" },
  },
  aws_vpc_security_group_egress_rule: SECURITY_GROUP_RULE,
  aws_vpc_security_group_ingress_rule: SECURITY_GROUP_RULE,
  aws_wafv2_web_acl: { replaces: [...NAME, "scope"] },
  aws_wafv2_web_acl_association: { replaces: "*" },
  aws_wafv2_web_acl_logging_configuration: { replaces: ["log_destination_configs", "resource_arn"] },
};

/** Returns the behaviour of a type. @throws {Error} for a type that is not in the table */
export function behaviourOf(type: string): Behaviour {
  const behaviour = BEHAVIOURS[type];
  if (behaviour) return behaviour;
  throw new Error(
    `The offline provider cannot plan a change of ${type}.\nIt does not know which arguments replace a resource of ` +
      "this type. Plan it in an account. In the repository of ecs-default-vpc, add the type to cli/offline-provider/plan/behaviour.ts.",
  );
}

/**
 * Returns whether a change of this argument replaces a resource of this type. Since version 6.0 of the AWS provider, a
 * change of `region` replaces a resource of any type.
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

/** Returns the blocks of a type that the AWS provider keeps when they are omitted, and what AWS has without them. */
export const keptWhenOmitted = (type: string): NonNullable<Behaviour["keepsOmitted"]> =>
  BEHAVIOURS[type]?.keepsOmitted ?? {};

/** Returns the computed attributes that are unknown until a change of these arguments is applied. */
export function unknownAfter(type: string, changed: readonly string[], wanted: ObjectValue): readonly string[] {
  const { unknownOnChange = [], unlessOnly = [], unknownIf = {} } = behaviourOf(type);
  if (changed.every((argument) => unlessOnly.includes(argument))) return [];
  return unknownOnChange.filter((attribute) => unknownIf[attribute]?.(wanted) ?? true);
}

/** Returns whether an argument differs in any block of that name. */
function isOtherWithin(argument: string, prior: Value | undefined, wanted: Value | undefined): boolean {
  const [before, after] = [blocksOf(prior), blocksOf(wanted)];
  return [...(before.length > after.length ? before : after)].some(
    (_, index) => !equal(before[index]?.[argument] ?? null, after[index]?.[argument] ?? null),
  );
}

const recordTypes = ({ dns_config }: ObjectValue): Value =>
  blocksOf(dns_config).flatMap(({ dns_records }) => blocksOf(dns_records).map(({ type }) => type ?? null));

const countOf = (value: Value | undefined): number => (Array.isArray(value) ? value.length : 0);

const ruleSource = (rule: ObjectValue): string | undefined =>
  RULE_SOURCES.find((source) => (rule[source] ?? null) !== null);

/** Returns the deployment controller. The AWS provider sets `ECS` when the configuration has none. */
const controllerOf = ({ deployment_controller }: ObjectValue): Value =>
  blocksOf(deployment_controller)[0]?.type ?? "ECS";

const isNetwork = ({ load_balancer_type }: ObjectValue): boolean => load_balancer_type === "network";

/** Returns whether a change only adds subnet mappings, or only removes some. Only an ALB can lose mappings in place. */
function keepsMappings(prior: ObjectValue, wanted: ObjectValue): boolean {
  const [before, after] = [blocksOf(prior.subnet_mapping), blocksOf(wanted.subnet_mapping)];
  if (before.length === after.length || (isNetwork(wanted) && after.length < before.length)) return false;
  const [fewer, more] = before.length < after.length ? [before, after] : [after, before];
  return fewer.every((one) => more.some((other) => equal(one, other)));
}
