import { blocksOf, type ObjectValue, textsOf, type Value } from "../wire/values";
import type { Account, Resource } from "./account";

/** A resource that another one uses: its type, its region, and its id, ARN or name. */
export type Use = string;

/** Returns the use of a resource under one of its handles. IAM has no regions. */
export const use = (type: string, region: string, handle: string): Use =>
  `${type} ${type.startsWith("aws_iam_") ? "" : region} ${handle}`;

/** Returns the name of a resource, or its id if it has no name. */
export const nameOf = ({ name, id }: ObjectValue): string => String(name || id);

/** Returns the label of a resource in messages and tests: `aws_ecs_service web`. */
export const labelOf = ({ type, values }: Pick<Resource, "type" | "values">): string => `${type} ${nameOf(values)}`;

/** Ids, ARNs or names by type. */
type Handles = { readonly [type: string]: readonly (Value | undefined)[] };
type HandlesOf = (values: ObjectValue, account: Account) => Handles;

const SECURITY_GROUP_RULE: HandlesOf = ({ security_group_id, referenced_security_group_id: other }) => ({
  // A security group with a rule about itself can be deleted.
  aws_security_group: other === security_group_id ? [] : [other],
});

/** The resources that each type uses, if AWS validates the use or something fails without it. */
const USES: { readonly [type: string]: HandlesOf } = {
  aws_autoscaling_group: instanceUses,
  aws_cloudwatch_event_target: ({ rule }) => ({ aws_cloudwatch_event_rule: [rule] }),
  aws_ecs_capacity_provider: ({ auto_scaling_group_provider }) => ({
    aws_autoscaling_group: blocksOf(auto_scaling_group_provider).map((one) => one.auto_scaling_group_arn),
  }),
  aws_ecs_cluster_capacity_providers: ({ cluster_name, capacity_providers }) => ({
    aws_ecs_cluster: [cluster_name],
    aws_ecs_capacity_provider: textsOf(capacity_providers),
  }),
  aws_ecs_service: taskUses,
  aws_efs_mount_target: ({ file_system_id, security_groups }) => ({
    aws_efs_file_system: [file_system_id],
    aws_security_group: textsOf(security_groups),
  }),
  aws_iam_instance_profile: ({ role }) => ({ aws_iam_role: [role] }),
  aws_iam_role_policy: ({ role }) => ({ aws_iam_role: [role] }),
  aws_iam_role_policy_attachment: ({ role, policy_arn }) => ({ aws_iam_role: [role], aws_iam_policy: [policy_arn] }),
  aws_lb: ({ security_groups, subnet_mapping }) => ({
    aws_security_group: textsOf(security_groups),
    aws_eip: allocationIds(subnet_mapping),
  }),
  aws_lb_listener: ({ default_action }) => ({ aws_lb_target_group: targetGroups(default_action) }),
  aws_lb_listener_rule: ({ action }) => ({ aws_lb_target_group: targetGroups(action) }),
  aws_scheduler_schedule: scheduleUses,
  aws_service_discovery_service: ({ dns_config }) => ({
    aws_service_discovery_private_dns_namespace: blocksOf(dns_config).map(({ namespace_id }) => namespace_id),
  }),
  aws_vpc_endpoint: ({ security_group_ids }) => ({ aws_security_group: textsOf(security_group_ids) }),
  aws_vpc_security_group_egress_rule: SECURITY_GROUP_RULE,
  aws_vpc_security_group_ingress_rule: SECURITY_GROUP_RULE,
  aws_wafv2_web_acl_association: ({ web_acl_arn }) => ({ aws_wafv2_web_acl: [web_acl_arn] }),
};

const KMS_KEY = /arn:[\w-]+:kms:[\w-]*:\w*:key\/[\w-]+/g;

/** Returns what a resource uses. A resource with encryption uses its key. */
export function usesOf(
  { type, region, values }: Pick<Resource, "type" | "region" | "values">,
  account: Account,
): Use[] {
  const handles = Object.entries(USES[type]?.(values, account) ?? {});
  const named = handles.flatMap(([used, some]) =>
    some.flatMap((handle) => (typeof handle === "string" && handle !== "" ? [use(used, region, handle)] : [])),
  );
  // A policy or an alias has the ARN of a key, but does not encrypt with it.
  const keys = /^aws_(kms|iam)_/.test(type) ? [] : (JSON.stringify(values).match(KMS_KEY) ?? []);
  return [...new Set([...named, ...keys.map((key) => use("aws_kms_key", region, key))])];
}

/** Returns the allocation ids of the Elastic IP addresses of a load balancer. */
export const allocationIds = (mappings: Value | undefined): string[] =>
  textsOf(blocksOf(mappings).map(({ allocation_id }) => allocation_id ?? null)).filter((id) => id !== "");

/** Returns the target groups that actions forward to. */
export function targetGroups(actions: Value | undefined): string[] {
  return blocksOf(actions).flatMap(({ target_group_arn, forward }) => [
    ...textsOf([target_group_arn ?? null]),
    ...blocksOf(forward).flatMap(({ target_group }) => textsOf(blocksOf(target_group).map(({ arn }) => arn ?? null))),
  ]);
}

/** Returns the names of a service's capacity providers, from its own strategy or from the default of its cluster. */
export function capacityProviders(service: ObjectValue, account: Account): string[] {
  const namesIn = (strategy: Value | undefined) =>
    textsOf(blocksOf(strategy).map(({ capacity_provider }) => capacity_provider ?? null));
  const own = namesIn(service.capacity_provider_strategy);
  if (own.length > 0 || service.launch_type) return own;
  return namesIn(account.association(service)?.values.default_capacity_provider_strategy);
}

/** Returns the target groups of a service. With a deployment strategy, each has another one. */
export const serviceGroups = ({ load_balancer }: ObjectValue): string[] =>
  blocksOf(load_balancer).flatMap(({ target_group_arn, advanced_configuration }) => [
    ...textsOf([target_group_arn ?? null]),
    ...textsOf(
      blocksOf(advanced_configuration).map(({ alternate_target_group_arn }) => alternate_target_group_arn ?? null),
    ),
  ]);

/** Returns what a service and its tasks use. */
function taskUses(service: ObjectValue, account: Account): Handles {
  const task = account.find("aws_ecs_task_definition", service, service.task_definition)?.values ?? {};
  return {
    aws_ecs_cluster: [service.cluster],
    aws_ecs_capacity_provider: capacityProviders(service, account),
    aws_service_discovery_http_namespace: namespacesOf(service),
    aws_service_discovery_private_dns_namespace: namespacesOf(service),
    aws_service_discovery_service: blocksOf(service.service_registries).map(({ registry_arn }) => registry_arn),
    aws_lb_target_group: serviceGroups(service),
    aws_lb_listener_rule: blocksOf(service.load_balancer).flatMap(({ advanced_configuration }) =>
      blocksOf(advanced_configuration).flatMap((one) => [one.production_listener_rule, one.test_listener_rule]),
    ),
    aws_security_group: blocksOf(service.network_configuration).flatMap((one) => textsOf(one.security_groups)),
    aws_iam_role: [task.task_role_arn, task.execution_role_arn, ...infrastructureRoles(service)],
    aws_cloudwatch_log_group: logGroups(task.container_definitions),
    aws_efs_file_system: blocksOf(task.volume).flatMap(({ efs_volume_configuration }) =>
      blocksOf(efs_volume_configuration).map(({ file_system_id }) => file_system_id),
    ),
  };
}

/** Returns what the runs of a schedule use. */
function scheduleUses(schedule: ObjectValue, account: Account): Handles {
  const [target = {}] = blocksOf(schedule.target);
  const [run = {}] = blocksOf(target.ecs_parameters);
  const task = account.find("aws_ecs_task_definition", schedule, run.task_definition_arn)?.values ?? {};
  return {
    aws_ecs_cluster: [target.arn],
    aws_ecs_capacity_provider: textsOf(
      blocksOf(run.capacity_provider_strategy).map(({ capacity_provider }) => capacity_provider ?? null),
    ),
    aws_iam_role: [target.role_arn, task.task_role_arn, task.execution_role_arn],
    aws_sqs_queue: blocksOf(target.dead_letter_config).map(({ arn }) => arn),
    aws_cloudwatch_log_group: logGroups(task.container_definitions),
  };
}

const namespacesOf = ({ service_connect_configuration }: ObjectValue): (Value | undefined)[] =>
  blocksOf(service_connect_configuration).map(({ enabled, namespace }) =>
    enabled === true ? (namespace ?? undefined) : undefined,
  );

/** Returns the roles with which ECS manages the volumes, the load balancers, the hooks and the certificates of a service. */
function infrastructureRoles(service: ObjectValue): string[] {
  const { volume_configuration, load_balancer, service_connect_configuration, deployment_configuration } = service;
  const text = JSON.stringify({
    ...{ volume_configuration, load_balancer, service_connect_configuration, deployment_configuration },
  });
  return [...text.matchAll(/"role_arn":"([^"]+)"/g)].map(([, arn = ""]) => arn);
}

function logGroups(containerDefinitions: Value | undefined): string[] {
  const groups = typeof containerDefinitions === "string" ? containerDefinitions : "";
  return [...groups.matchAll(/"awslogs-group":"([^"]+)"/g)].map(([, group = ""]) => group);
}

/** Returns what the instances of a group use. They keep the values of the launch template from their start. */
function instanceUses(group: ObjectValue, account: Account): Handles {
  if (group.max_size === 0) return {};
  const [mixed] = blocksOf(group.mixed_instances_policy).flatMap(({ launch_template }) =>
    blocksOf(launch_template).flatMap((one) => blocksOf(one.launch_template_specification)),
  );
  const [plain] = blocksOf(group.launch_template);
  const id = plain?.id ?? mixed?.launch_template_id;
  const template = account.find("aws_launch_template", group, id)?.values ?? {};
  const [profile] = blocksOf(template.iam_instance_profile).map(({ arn, name }) => name || arn);
  return {
    aws_launch_template: [id],
    aws_placement_group: [group.placement_group, ...blocksOf(template.placement).map(({ group_name }) => group_name)],
    aws_security_group: [
      ...textsOf(template.vpc_security_group_ids),
      ...blocksOf(template.network_interfaces).flatMap(({ security_groups }) => textsOf(security_groups)),
    ],
    aws_iam_instance_profile: [profile],
    aws_iam_role: [account.find("aws_iam_instance_profile", group, profile)?.values.role],
    aws_ecs_cluster: [joinedCluster(template.user_data)],
  };
}

/** Returns the cluster in the user data of an ECS AMI or of Bottlerocket. */
function joinedCluster(userData: Value | undefined): string | undefined {
  if (typeof userData !== "string") return undefined;
  const text = Buffer.from(userData, "base64").toString("utf8");
  return (
    /^\s*(?:echo\s+['"]?)?ECS_CLUSTER=['"]?([\w-]+)/m.exec(text)?.[1] ?? /^\s*cluster\s*=\s*"([\w-]+)"/m.exec(text)?.[1]
  );
}
