import { type Configuration, type Element, HandoverError } from "./configuration";
import type { References } from "./references";

/** What a part of the stack is there for: the hand-over's order and the headings of its README. */
export const ROLES = {
  network: "The network, looked up",
  image: "The AMI and the instance types, looked up",
  ports: "Security groups and their rules",
  access: "The instances' rights and key",
  encryption: "Encryption",
  cluster: "The cluster",
  capacity: "The instances",
  balancer: "The load balancer",
  services: "The services",
  alarms: "Alarms and the dashboard",
} as const;

export type Role = keyof typeof ROLES;

/** Each type's role, in the order in which a person reads them. */
const TYPES: readonly (readonly [role: Role, mode: Element["mode"], ...types: string[]])[] = [
  ["network", "data", "aws_partition", "aws_region", "aws_caller_identity", "aws_availability_zones"],
  ["network", "data", "aws_vpcs", "aws_vpc", "aws_subnets", "aws_subnet", "aws_security_groups", "aws_security_group"],
  ["image", "data", "aws_ec2_instance_type_offerings", "aws_ec2_instance_types", "aws_ec2_instance_type"],
  ["image", "data", "aws_ssm_parameter", "aws_ami"],
  ["ports", "resource", "aws_security_group", "aws_vpc_security_group_ingress_rule"],
  ["ports", "resource", "aws_vpc_security_group_egress_rule"],
  ["access", "data", "aws_iam_policy_document", "aws_iam_role", "aws_key_pair"],
  ["access", "resource", "aws_iam_service_linked_role", "aws_iam_role", "aws_iam_role_policy"],
  [
    "access",
    "resource",
    "aws_iam_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_instance_profile",
    "aws_key_pair",
  ],
  ["access", "data", "aws_iam_roles"],
  ["encryption", "resource", "aws_kms_key", "aws_kms_alias"],
  ["cluster", "data", "aws_ecs_clusters", "aws_ecs_cluster"],
  ["cluster", "resource", "aws_cloudwatch_log_group", "aws_ecs_cluster", "aws_service_discovery_http_namespace"],
  ["capacity", "data", "aws_autoscaling_groups", "aws_autoscaling_group", "aws_launch_template", "aws_instances"],
  [
    "capacity",
    "resource",
    "aws_placement_group",
    "aws_launch_template",
    "aws_autoscaling_group",
    "aws_ecs_capacity_provider",
  ],
  ["capacity", "resource", "aws_ecs_cluster_capacity_providers", "aws_autoscaling_lifecycle_hook"],
  ["capacity", "resource", "aws_autoscaling_schedule", "aws_autoscaling_policy", "aws_autoscaling_notification"],
  ["balancer", "data", "aws_lbs", "aws_lb", "aws_lb_listener", "aws_resourcegroupstaggingapi_resources"],
  ["balancer", "resource", "aws_lb", "aws_lb_listener", "aws_lb_listener_certificate"],
  [
    "balancer",
    "resource",
    "aws_wafv2_web_acl",
    "aws_wafv2_web_acl_association",
    "aws_wafv2_web_acl_logging_configuration",
  ],
  ["services", "data", "aws_ecr_repository", "aws_secretsmanager_secret", "aws_ecs_service", "aws_ecs_task_definition"],
  ["services", "resource", "aws_ecr_repository", "aws_ecr_lifecycle_policy", "aws_lb_target_group"],
  ["services", "resource", "aws_lb_listener_rule", "aws_ecs_task_definition", "aws_ecs_service"],
  [
    "services",
    "resource",
    "aws_appautoscaling_target",
    "aws_appautoscaling_policy",
    "aws_appautoscaling_scheduled_action",
  ],
  [
    "services",
    "resource",
    "aws_efs_file_system",
    "aws_efs_file_system_policy",
    "aws_efs_mount_target",
    "terraform_data",
  ],
  ["alarms", "data", "aws_sns_topic"],
  ["alarms", "resource", "aws_sns_topic", "aws_cloudwatch_metric_alarm", "aws_cloudwatch_event_rule"],
  ["alarms", "resource", "aws_cloudwatch_event_target", "aws_cloudwatch_dashboard"],
];

const RANKED = TYPES.flatMap(([role, mode, ...types]) => types.map((type) => ({ role, key: `${mode} ${type}` })));
const RANKS = new Map(RANKED.map(({ key }, index) => [key, index]));
/** `resource aws_lb`, `data aws_vpcs` and all the others that have a role. */
export const KNOWN_TYPES: readonly string[] = RANKED.map(({ key }) => key);
const ROLE_OF = new Map(RANKED.map(({ role, key }) => [key, role]));
const ROLE_NAMES = Object.keys(ROLES) as Role[];

/** Types that serve whatever uses them: a task's role belongs to its service, the instances' role to them. */
const SHARED = ["aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_cloudwatch_log_group"];

/** Gives every element its role. @throws HandoverError naming a type that has none */
export function rolesOf({ elements }: Configuration, references: References): ReadonlyMap<Element, Role> {
  const own = new Map(elements.map((element) => [element, ownRole(element)]));
  const result = new Map<Element, Role>();
  for (const element of elements) {
    const shared = SHARED.includes(element.type) && isForServices(element, references, own);
    result.set(element, shared ? "services" : (own.get(element) as Role));
  }
  return result;
}

function ownRole({ mode, type, address }: Element): Role {
  const role = ROLE_OF.get(`${mode} ${type}`);
  if (role) return role;
  const kind = mode === "data" ? "data source" : "resource";
  throw new HandoverError(
    `The hand-over doesn't know what the ${kind} type "${type}" (${address}) is for. ` +
      "Add it to TYPES in cli/handover/terraform-json/topics.ts, in the group and at the place where a person would look for it.",
  );
}

/** Whether all that uses it, on whatever way, is a service's. An attachment counts by the role that it is for. */
function isForServices(element: Element, references: References, own: ReadonlyMap<Element, Role>): boolean {
  const subject = /_policy(_attachment)?$/.test(element.type)
    ? references.of(element).find(({ mode, type }) => mode === "resource" && type === "aws_iam_role")
    : element;
  const users = subject === undefined ? [] : references.to(subject).filter((user) => !SHARED.includes(user.type));
  return users.length > 0 && users.every((user) => own.get(user) === "services");
}

/** Sorts by role, then by type as in the table above, then by name; the same in every locale. */
export function inReadingOrder(elements: readonly Element[], roles: ReadonlyMap<Element, Role>): Element[] {
  const rank = (element: Element): number[] => [
    ROLE_NAMES.indexOf(roles.get(element) as Role),
    element.mode === "data" ? 0 : 1,
    RANKS.get(`${element.mode} ${element.type}`) ?? RANKS.size,
  ];
  return [...elements].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    const different = left.findIndex((value, index) => value !== right[index]);
    if (different >= 0) return (left[different] as number) - (right[different] as number);
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  });
}
