import { blocksOf, equal, type ObjectValue, textsOf, type Value } from "../wire/values";
import type { Account, Resource } from "./account";
import { allocationIds, capacityProviders, labelOf, serviceGroups, targetGroups, use } from "./uses";

/** What the rules read from the fixtures. */
export interface FixtureFacts {
  /** Returns the attributes of a subnet, or nothing for an unknown subnet. */
  subnetOf(id: string): ObjectValue | undefined;
  /** Returns whether someone has pushed an image to a repository. */
  hasImages(repository: string): boolean;
}

/** A change that AWS accepts or rejects. */
interface Change extends FixtureFacts {
  readonly type: string;
  readonly region: string;
  /** Null in a creation. */
  readonly before: ObjectValue | null;
  /** Null in a deletion. */
  readonly after: ObjectValue | null;
  /** The resource in the account. */
  readonly resource: Resource | undefined;
  readonly account: Account;
}

/** Attributes that must be unique within a region, and AWS's error. */
interface Unique {
  readonly by: readonly string[];
  error(values: ObjectValue): string;
}

const unique = (error: Unique["error"], ...by: string[]): Unique => ({ error, by: by.length > 0 ? by : ["name"] });

const RULE_DUPLICATE = unique(
  ({ security_group_id }) =>
    `InvalidPermission.Duplicate: the specified rule already exists in the security group ${security_group_id}`,
  ...["security_group_id", "ip_protocol", "from_port", "to_port", "cidr_ipv4", "cidr_ipv6", "prefix_list_id"],
  "referenced_security_group_id",
);

/** AWS adopts an existing `aws_ecs_cluster`. It overwrites resources of other types that are not here. */
const UNIQUE: { readonly [type: string]: Unique } = {
  aws_autoscaling_group: unique(
    ({ name }) =>
      `AlreadyExists: AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
  ),
  aws_cloudwatch_log_group: unique(
    ({ name }) => `ResourceAlreadyExistsException: The specified log group already exists (${name})`,
  ),
  aws_ecr_repository: unique(
    ({ name }) => `RepositoryAlreadyExistsException: The repository with name '${name}' already exists in the registry`,
  ),
  aws_ecs_capacity_provider: unique(
    ({ name }) => `ClientException: The specified capacity provider already exists (${name})`,
  ),
  aws_ecs_service: unique(
    ({ name }) => `InvalidParameterException: Creation of service was not idempotent (${name})`,
    ...["cluster", "name"],
  ),
  aws_efs_mount_target: unique(
    () => "MountTargetConflict: mount target already exists in this AZ",
    ...["file_system_id", "availability_zone_name"],
  ),
  aws_iam_instance_profile: unique(({ name }) => `EntityAlreadyExists: Instance Profile ${name} already exists.`),
  aws_iam_policy: unique(({ name }) => `EntityAlreadyExists: A policy called ${name} already exists.`),
  aws_iam_role: unique(({ name }) => `EntityAlreadyExists: Role with name ${name} already exists.`),
  aws_key_pair: unique(
    ({ key_name }) => `InvalidKeyPair.Duplicate: The keypair already exists (${key_name})`,
    "key_name",
  ),
  aws_kms_alias: unique(({ name }) => `AlreadyExistsException: An alias with the name ${name} already exists`),
  aws_launch_template: unique(
    ({ name }) => `InvalidLaunchTemplateName.AlreadyExistsException: Launch template name already in use (${name})`,
  ),
  aws_lb: unique(({ name }) => `DuplicateLoadBalancerName: ELBv2 Load Balancer (${name}) already exists`),
  aws_lb_listener: unique(
    ({ load_balancer_arn }) =>
      `DuplicateListener: A listener already exists on this port for this load balancer '${load_balancer_arn}'`,
    ...["load_balancer_arn", "port"],
  ),
  aws_lb_listener_rule: unique(
    ({ priority }) => `PriorityInUse: Priority '${priority}' is currently in use`,
    ...["listener_arn", "priority"],
  ),
  aws_lb_target_group: unique(({ name }) => `DuplicateTargetGroupName: ELBv2 Target Group (${name}) already exists`),
  aws_placement_group: unique(
    ({ name }) => `InvalidPlacementGroup.Duplicate: The placement group '${name}' already exists`,
  ),
  aws_scheduler_schedule: unique(
    ({ name }) => `ConflictException: Schedule ${name} already exists.`,
    ...["group_name", "name"],
  ),
  aws_scheduler_schedule_group: unique(({ name }) => `ConflictException: Schedule group ${name} already exists.`),
  aws_security_group: unique(
    ({ name, vpc_id }) => `InvalidGroup.Duplicate: The security group '${name}' already exists for VPC '${vpc_id}'`,
    ...["name", "vpc_id"],
  ),
  aws_service_discovery_http_namespace: unique(
    ({ name }) => `NamespaceAlreadyExists: Namespace with name ${name} already exists`,
  ),
  aws_ssm_parameter: unique(
    ({ name }) =>
      `ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the overwrite option (${name})`,
  ),
  aws_service_discovery_private_dns_namespace: unique(
    ({ name, vpc }) =>
      `ConflictingDomainExists: The VPC ${vpc} has already been associated with the hosted zone ${name}`,
    ...["name", "vpc"],
  ),
  aws_service_discovery_service: unique(
    ({ name }) => `ServiceAlreadyExists: Service with name ${name} already exists`,
    ...["name", "namespace_id"],
  ),
  aws_vpc_endpoint: unique(
    ({ service_name, vpc_endpoint_type, vpc_id }) =>
      vpc_endpoint_type === "Interface"
        ? `InvalidParameter: private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${service_name} in the VPC ${vpc_id}`
        : `RouteAlreadyExists: route table already has a route with the prefix list of ${service_name}`,
    ...["vpc_id", "service_name", "vpc_endpoint_type"],
  ),
  aws_vpc_security_group_egress_rule: RULE_DUPLICATE,
  aws_vpc_security_group_ingress_rule: RULE_DUPLICATE,
  aws_wafv2_web_acl: unique(
    ({ name }) =>
      `WAFDuplicateItemException: AWS WAF couldn't perform the operation because some resource in your request is a ` +
      `duplicate of an existing one (${name})`,
    ...["name", "scope"],
  ),
};

/** What happens when a resource that others use is deleted. */
interface Deletion {
  /** The types whose use makes AWS reject the deletion. */
  readonly rejectedFor?: readonly string[];
  /** AWS's error. */
  error?(values: ObjectValue): string;
  /** How long the AWS provider retries, or waits, before it fails. @default - it does not */
  readonly retried?: string;
  /** Types whose use does not stop the deletion. The history shows the resources. */
  readonly lostBy?: readonly string[];
  /** Another resource that is lost in its place, such as the file system of a mount target. */
  losing?(values: ObjectValue): readonly [type: string, handle: Value | undefined];
  /** The types that AWS deletes with it, and their attribute with the id of this resource. */
  readonly cascades?: { readonly [type: string]: string };
}

const ENCRYPTED = [
  ...["aws_autoscaling_group", "aws_cloudwatch_log_group", "aws_ecr_repository", "aws_ecs_cluster", "aws_ecs_service"],
  ...["aws_efs_file_system", "aws_launch_template", "aws_lb", "aws_sns_topic", "aws_sqs_queue"],
];

const DELETIONS: { readonly [type: string]: Deletion } = {
  aws_cloudwatch_event_rule: {
    rejectedFor: ["aws_cloudwatch_event_target"],
    error: () => "ValidationException: Rule can't be deleted since it has targets.",
  },
  aws_cloudwatch_log_group: { lostBy: ["aws_ecs_service", "aws_scheduler_schedule"] },
  aws_ecs_capacity_provider: {
    rejectedFor: ["aws_ecs_cluster_capacity_providers", "aws_ecs_service"],
    error: ({ name }) => `ECS does not delete the capacity provider ${name}, because it is in use.`,
    retried: "20 minutes",
    lostBy: ["aws_scheduler_schedule"],
  },
  aws_ecs_cluster: {
    rejectedFor: ["aws_ecs_service", "aws_autoscaling_group"],
    error: ({ name }) =>
      `ClusterContainsServicesException or ClusterContainsContainerInstancesException: The Cluster cannot be deleted ` +
      `while Services or Container Instances are active (${name})`,
    retried: "10 minutes",
    lostBy: ["aws_scheduler_schedule"],
  },
  aws_efs_file_system: {
    rejectedFor: ["aws_efs_mount_target"],
    error: ({ id }) => `FileSystemInUse: The file system ${id} has mount targets`,
    lostBy: ["aws_ecs_service"],
  },
  aws_efs_mount_target: {
    lostBy: ["aws_ecs_service"],
    losing: ({ file_system_id }) => ["aws_efs_file_system", file_system_id],
  },
  aws_eip: {
    rejectedFor: ["aws_lb"],
    error: ({ public_ip }) => `InvalidIPAddress.InUse: Address ${public_ip} is in use.`,
  },
  aws_iam_instance_profile: { lostBy: ["aws_autoscaling_group"] },
  aws_iam_policy: {
    rejectedFor: ["aws_iam_role_policy_attachment"],
    error: () => "DeleteConflict: Cannot delete a policy attached to entities.",
    retried: "2 minutes",
  },
  aws_iam_role: {
    rejectedFor: ["aws_iam_role_policy", "aws_iam_role_policy_attachment"],
    error: () => "DeleteConflict: Cannot delete entity, must detach all policies first.",
    retried: "2 minutes",
    // The AWS provider removes a role from its instance profiles first.
    lostBy: ["aws_ecs_service", "aws_autoscaling_group", "aws_scheduler_schedule"],
  },
  // AWS schedules the deletion. From then on, nothing can encrypt or decrypt with the key.
  aws_kms_key: { lostBy: ENCRYPTED },
  aws_launch_template: { lostBy: ["aws_autoscaling_group"] },
  aws_lb: { cascades: { aws_lb_listener: "load_balancer_arn" } },
  aws_lb_listener: { cascades: { aws_lb_listener_rule: "listener_arn", aws_lb_listener_certificate: "listener_arn" } },
  // The requests of a deployment then stay where they are.
  aws_lb_listener_rule: { lostBy: ["aws_ecs_service"] },
  aws_lb_target_group: {
    rejectedFor: ["aws_lb_listener", "aws_lb_listener_rule"],
    error: ({ arn }) => `ResourceInUse: Target group '${arn}' is currently in use by a listener or a rule`,
    retried: "2 minutes",
  },
  aws_placement_group: {
    rejectedFor: ["aws_autoscaling_group"],
    error: ({ name }) => `InvalidPlacementGroup.InUse: The placement group '${name}' is in use and may not be deleted.`,
  },
  aws_scheduler_schedule_group: { cascades: { aws_scheduler_schedule: "group_name" } },
  aws_security_group: {
    rejectedFor: [
      ...["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule", "aws_lb", "aws_ecs_service"],
      ...["aws_autoscaling_group", "aws_efs_mount_target", "aws_vpc_endpoint"],
    ],
    error: ({ id }) => `DependencyViolation: resource ${id} has a dependent object`,
    retried: "15 minutes",
    cascades: {
      aws_vpc_security_group_ingress_rule: "security_group_id",
      aws_vpc_security_group_egress_rule: "security_group_id",
    },
  },
  aws_service_discovery_http_namespace: {
    rejectedFor: ["aws_ecs_service"],
    error: ({ name }) => `ResourceInUse: Namespace has associated services (${name})`,
    retried: "2 minutes",
  },
  aws_sqs_queue: { lostBy: ["aws_scheduler_schedule"] },
  aws_service_discovery_private_dns_namespace: {
    rejectedFor: ["aws_ecs_service", "aws_service_discovery_service"],
    error: ({ name }) => `ResourceInUse: Namespace has associated services (${name})`,
  },
  // With force_destroy, the AWS provider removes the records of running tasks.
  aws_service_discovery_service: { lostBy: ["aws_ecs_service"] },
  aws_wafv2_web_acl: {
    rejectedFor: ["aws_wafv2_web_acl_association"],
    error: ({ name }) =>
      "WAFAssociatedItemException: AWS WAF couldn't perform the operation because your resource is being used by " +
      `another resource or it's associated with another resource (${name})`,
    retried: "5 minutes",
  },
};

/** Further rules, which return AWS's error. */
const CHECKS: { readonly [type: string]: readonly ((change: Change) => string | undefined)[] } = {
  aws_ecr_repository: [isEmpty],
  aws_ecs_capacity_provider: [providesOneGroup],
  aws_ecs_cluster_capacity_providers: [keepsUsedProviders],
  aws_ecs_service: [usesAssociatedProviders, hasLoadBalancers, fitsNetworkMode, hasOtherTestRule],
  aws_efs_mount_target: [staysInVpcOfFileSystem],
  aws_iam_service_linked_role: [hasNoClusters],
  aws_lb: [staysInVpc, isNotProtected, usesFreeAddresses],
  aws_lb_listener: [
    ({ after, ...change }) => sharesNoTargetGroup(after?.default_action, after, change),
    fitsProtocol,
    hasCertificate,
  ],
  aws_lb_listener_rule: [({ after, ...change }) => sharesNoTargetGroup(after?.action, after, change)],
};

/** Returns AWS's error when it rejects a change. Further lines help the reader. */
export function rejectionOf(change: Change): string | undefined {
  const deletes = change.after === null;
  const found = deletes ? inUse(change) : exists(change);
  if (found !== undefined) return found;
  for (const check of CHECKS[change.type] ?? []) {
    const error = check(change);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** Returns what still uses a resource whose deletion AWS accepts. */
export function stillUsing(resource: Resource, account: Account): Resource[] {
  const { lostBy = [], losing } = DELETIONS[resource.type] ?? {};
  const [type, handle] = losing?.(resource.values) ?? [];
  const users = type ? account.usersOfAny([use(type, resource.region, String(handle))]) : account.usersOf(resource);
  return users.filter((user) => lostBy.includes(user.type));
}

/** Returns the types that AWS deletes with a resource of this type, and their attribute with its id. */
export const cascadeOf = (type: string): readonly (readonly [type: string, attribute: string])[] =>
  Object.entries(DELETIONS[type]?.cascades ?? {});

function exists({ type, region, before, after, account, resource }: Change): string | undefined {
  const rule = UNIQUE[type];
  if (!rule || !after || (before && rule.by.every((name) => equal(before[name], after[name])))) return undefined;
  const same = account
    .of(type, region)
    .some((one) => (!before || one !== resource) && rule.by.every((name) => equal(one.values[name], after[name])));
  return same ? rule.error(after) : undefined;
}

function inUse({ type, before, resource, account }: Change): string | undefined {
  const { rejectedFor = [], error, retried } = DELETIONS[type] ?? {};
  const users = resource ? account.usersOf(resource).filter((user) => rejectedFor.includes(user.type)) : [];
  return users.length > 0 && before ? withUsers(error?.(before) ?? "", users, retried) : undefined;
}

function withUsers(error: string, users: readonly Resource[], retried: string | undefined): string {
  const waits =
    retried === undefined ? "" : ` The AWS provider fails after ${retried}; the offline provider does not wait.`;
  return `${error}\nIt is used by ${users.map(labelOf).join(", ")}.${waits}`;
}

function providesOneGroup({ after, before, account, region, resource }: Change): string | undefined {
  if (!after || before) return undefined;
  const [group] = textsOf(blocksOf(after.auto_scaling_group_provider).map((one) => one.auto_scaling_group_arn ?? null));
  const others = group === undefined ? [] : account.usersOfAny([use("aws_autoscaling_group", region, group)]);
  return others.some((one) => one.type === "aws_ecs_capacity_provider" && one !== resource)
    ? "ClientException: The specified Auto Scaling group ARN is already being used by another capacity provider. " +
        `Specify a unique Auto Scaling group ARN and try again (${group})`
    : undefined;
}

function keepsUsedProviders({ before, after, account, region }: Change): string | undefined {
  if (!before) return undefined;
  const kept = textsOf(after?.capacity_providers);
  const dropped = textsOf(before.capacity_providers).filter((name) => !kept.includes(name));
  const users = account
    .usersOfAny(dropped.map((name) => use("aws_ecs_capacity_provider", region, name)))
    .filter((one) => one.type === "aws_ecs_service" && isCluster(one.values.cluster, before.cluster_name));
  return users.length === 0
    ? undefined
    : withUsers(
        "ResourceInUseException: The specified capacity provider is in use and cannot be removed.",
        users,
        "10 minutes",
      );
}

const isCluster = (arnOrName: Value | undefined, name: Value | undefined): boolean =>
  String(arnOrName).split("/").at(-1) === name;

function usesAssociatedProviders({ after, account }: Change): string | undefined {
  const association = after && account.association(after);
  if (!association || !after) return undefined;
  const known = textsOf(association.values.capacity_providers);
  const missing = capacityProviders(after, account).filter((name) => !known.includes(name));
  return missing.length === 0
    ? undefined
    : "InvalidParameterException: The specified capacity provider strategy cannot contain a capacity provider that is " +
        `not associated with the cluster. Associate the capacity provider with the cluster and try again (${missing})`;
}

/** ECS accepts a target group only when a listener or a rule forwards to it. */
function hasLoadBalancers({ before, after, account, region }: Change): string | undefined {
  if (!after || equal(before?.load_balancer, after.load_balancer)) return undefined;
  for (const { values } of account.of("aws_lb_target_group", region)) {
    const group = String(values.arn);
    const users = account.usersOfAny([use("aws_lb_target_group", region, group)]);
    const wanted = JSON.stringify(after.load_balancer ?? "").includes(group);
    if (wanted && !users.some(({ type }) => type.startsWith("aws_lb_listener")))
      return `InvalidParameterException: The target group with targetGroupArn ${group} does not have an associated load balancer.`;
  }
  return undefined;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html */
function hasOtherTestRule({ after }: Change): string | undefined {
  const blocks = blocksOf(after?.load_balancer).flatMap((one) => blocksOf(one.advanced_configuration));
  const same = blocks.find((one) => one.production_listener_rule === one.test_listener_rule);
  return same
    ? `InvalidParameterException: The following rules cannot be used as both production and test listener rules: ${same.test_listener_rule}`
    : undefined;
}

/** ECS compares a service with the network mode of its task definition. */
function fitsNetworkMode({ after, account }: Change): string | undefined {
  const task = after && account.find("aws_ecs_task_definition", after, after.task_definition);
  if (!after || !task) return undefined;
  const mode = String(task.values.network_mode || "bridge");
  const hasNetwork = blocksOf(after.network_configuration).length > 0;
  if (mode === "awsvpc" && !hasNetwork) {
    return "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.";
  }
  if (mode !== "awsvpc" && hasNetwork) {
    return "InvalidParameterException: Network Configuration is not valid for the given networkMode of this task definition.";
  }
  for (const arn of serviceGroups(after)) {
    const type = account.find("aws_lb_target_group", after, arn)?.values.target_type ?? "instance";
    if (arn && (type === "ip") !== (mode === "awsvpc")) {
      return `InvalidParameterException: The provided target group ${arn} has target type ${type}, which is incompatible with the ${mode} network mode specified in the task definition.`;
    }
  }
  return undefined;
}

function staysInVpc({ before, after, subnetOf }: Change): string | undefined {
  const mapped = blocksOf(after?.subnet_mapping).map(({ subnet_id }) => subnet_id ?? null);
  const vpcs = new Set([...textsOf(after?.subnets), ...textsOf(mapped)].map((id) => subnetOf(id)?.vpc_id));
  vpcs.delete(undefined);
  const [vpc, another] = [...vpcs];
  if (another !== undefined)
    return `InvalidConfigurationRequest: The subnets are in several VPCs: ${[...vpcs].join(", ")}`;
  return before && vpc !== undefined && before.vpc_id !== vpc
    ? `InvalidSubnet: The subnets are in ${vpc}, and the load balancer '${before.arn}' is in ${before.vpc_id}`
    : undefined;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html */
function isEmpty({ before, after, hasImages }: Change): string | undefined {
  const name = String(before?.name);
  return !after && before?.force_delete !== true && hasImages(name)
    ? `RepositoryNotEmptyException: The repository with name '${name}' cannot be deleted because it still contains images`
    : undefined;
}

/** https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html */
function staysInVpcOfFileSystem({ before, after, account, region, subnetOf }: Change): string | undefined {
  if (before || !after) return undefined;
  const vpcOf = ({ subnet_id }: ObjectValue) => subnetOf(String(subnet_id))?.vpc_id;
  const others = account
    .of("aws_efs_mount_target", region)
    .filter(({ values }) => values.file_system_id === after.file_system_id && vpcOf(values) !== vpcOf(after));
  return others.length === 0
    ? undefined
    : withUsers(
        "MountTargetConflict: requested subnet for new mount target is not in the same VPC as existing mount targets",
        others,
        undefined,
      );
}

/**
 * IAM deletes the role of ECS only when no region has a cluster.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html
 */
function hasNoClusters({ before, after, account }: Change): string | undefined {
  if (after || before?.aws_service_name !== "ecs.amazonaws.com") return undefined;
  const clusters = account.contents().resources.filter(({ type }) => type === "aws_ecs_cluster");
  if (clusters.length === 0) return undefined;
  return withUsers(
    `waiting for IAM Service Linked Role (${before.id}) delete: unexpected state 'FAILED', wanted target 'SUCCEEDED'`,
    clusters,
    undefined,
  );
}

function isNotProtected({ before, after }: Change): string | undefined {
  return !after && before?.enable_deletion_protection === true
    ? `OperationNotPermitted: Load balancer '${before.arn}' cannot be deleted because deletion protection is enabled`
    : undefined;
}

/** An Elastic IP address can be used with one load balancer. */
function usesFreeAddresses({ after, account, region, resource }: Change): string | undefined {
  for (const id of allocationIds(after?.subnet_mapping)) {
    const others = account.usersOfAny([use("aws_eip", region, id)]).filter((one) => one !== resource);
    if (others.length > 0)
      return withUsers(`AllocationIdNotFound: The allocation IDs '${id}' are not available for use`, others, undefined);
  }
  return undefined;
}

/**
 * The protocols of target groups that a listener of a Network Load Balancer can forward to.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
 */
const TARGET_PROTOCOLS: { readonly [protocol: string]: readonly string[] } = {
  TCP: ["TCP", "TCP_UDP"],
  TLS: ["TCP", "TLS"],
  UDP: ["UDP", "TCP_UDP"],
  TCP_UDP: ["TCP_UDP"],
};

function fitsProtocol({ after, account }: Change): string | undefined {
  const accepted = TARGET_PROTOCOLS[String(after?.protocol)];
  if (!after || !accepted) return undefined;
  for (const arn of targetGroups(after.default_action)) {
    const protocol = String(account.find("aws_lb_target_group", after, arn)?.values.protocol ?? "");
    if (protocol && !accepted.includes(protocol))
      return `IncompatibleProtocols: The listener protocol '${after.protocol}' and target group protocol '${protocol}' are not compatible`;
  }
  return undefined;
}

function hasCertificate({ after }: Change): string | undefined {
  return after?.protocol === "TLS" && !after.certificate_arn
    ? "ValidationError: A certificate must be specified for TLS listeners"
    : undefined;
}

/** A target group can be used with one load balancer. */
function sharesNoTargetGroup(
  actions: Value | undefined,
  after: ObjectValue | null,
  { account, region }: Omit<Change, "after">,
): string | undefined {
  const own = loadBalancerOf(after);
  for (const group of targetGroups(actions)) {
    const others = account
      .usersOfAny([use("aws_lb_target_group", region, group)])
      .filter(({ type, values }) => type.startsWith("aws_lb_listener") && loadBalancerOf(values) !== own);
    if (others.length > 0) {
      return withUsers(
        "TargetGroupAssociationLimit: The following target groups cannot be associated with more than one load " +
          `balancer: ${group}`,
        others,
        undefined,
      );
    }
  }
  return undefined;
}

/** Returns the load balancer of a listener or rule, as `app/name/id`. */
const loadBalancerOf = (values: ObjectValue | null): string | undefined =>
  /\/((?:app|net)\/[^/]+\/[^/]+)/.exec(String(values?.listener_arn ?? values?.load_balancer_arn))?.[1];
