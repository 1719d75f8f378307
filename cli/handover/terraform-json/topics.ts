import { type Configuration, type Element, HandoverError } from "./configuration";
import type { References } from "./references";

/** The headings of the README's resources, in reading order. */
export const TOPICS = {
  network: "Network",
  image: "AMI and instance types",
  ports: "Security groups and their rules",
  access: "Instance role and key pair",
  encryption: "Encryption",
  cluster: "Cluster",
  capacity: "Instances",
  balancer: "Load balancer",
  services: "Services",
  alarms: "Alarms and dashboard",
} as const;

export type Topic = keyof typeof TOPICS;

/** The types of each topic, in reading order. Data sources come before resources. */
const TYPES: { readonly [topic in Topic]: { readonly data?: string; readonly resource?: string } } = {
  network: {
    data:
      "aws_partition aws_region aws_caller_identity aws_availability_zones aws_vpcs aws_vpc aws_subnets aws_subnet " +
      "aws_security_groups aws_security_group aws_route_tables aws_vpc_endpoint_service",
    resource: "aws_vpc_endpoint",
  },
  image: {
    data: "aws_ec2_instance_type_offerings aws_ec2_instance_types aws_ec2_instance_type aws_ssm_parameter aws_ami",
  },
  ports: {
    resource: "aws_security_group aws_vpc_security_group_ingress_rule aws_vpc_security_group_egress_rule",
  },
  access: {
    data: "aws_iam_policy_document aws_iam_role aws_key_pair aws_iam_roles",
    resource:
      "aws_iam_service_linked_role aws_iam_role aws_iam_role_policy aws_iam_policy aws_iam_role_policy_attachment " +
      "aws_iam_instance_profile aws_key_pair",
  },
  encryption: { resource: "aws_kms_key aws_kms_alias" },
  cluster: {
    data: "aws_ecs_clusters aws_ecs_cluster",
    resource:
      "aws_cloudwatch_log_group aws_ecs_account_setting_default aws_ecs_cluster aws_service_discovery_http_namespace " +
      "aws_service_discovery_private_dns_namespace",
  },
  capacity: {
    data: "aws_autoscaling_groups aws_autoscaling_group aws_launch_template aws_instances",
    resource:
      "aws_placement_group aws_launch_template aws_autoscaling_group aws_ecs_capacity_provider " +
      "aws_ecs_cluster_capacity_providers aws_autoscaling_lifecycle_hook aws_autoscaling_schedule " +
      "aws_autoscaling_policy aws_autoscaling_notification",
  },
  balancer: {
    data: "aws_lbs aws_lb aws_lb_listener aws_resourcegroupstaggingapi_resources aws_route53_zone",
    resource:
      "aws_eip aws_lb aws_acm_certificate aws_acm_certificate_validation aws_route53_record aws_lb_listener " +
      "aws_lb_listener_certificate aws_wafv2_web_acl aws_wafv2_web_acl_association " +
      "aws_wafv2_web_acl_logging_configuration",
  },
  services: {
    data:
      "aws_ecr_repository aws_secretsmanager_secret aws_secretsmanager_secret_versions aws_secretsmanager_secret_version aws_ecs_service " +
      "aws_ecs_task_definition",
    resource:
      "aws_ecr_repository aws_ecr_lifecycle_policy aws_ecr_repository_policy aws_secretsmanager_secret " +
      "aws_secretsmanager_secret_version aws_ssm_parameter aws_s3_bucket aws_s3_object aws_lb_target_group aws_lb_listener_rule aws_ecs_task_definition " +
      "aws_service_discovery_service aws_ecs_service aws_sqs_queue aws_scheduler_schedule_group aws_scheduler_schedule aws_appautoscaling_target aws_appautoscaling_policy aws_appautoscaling_scheduled_action " +
      "aws_efs_file_system aws_efs_backup_policy aws_efs_file_system_policy aws_efs_mount_target aws_efs_access_point terraform_data",
  },
  alarms: {
    data: "aws_sns_topic",
    resource:
      "aws_sns_topic aws_cloudwatch_metric_alarm aws_cloudwatch_event_rule aws_cloudwatch_event_target " +
      "aws_cloudwatch_log_resource_policy aws_cloudwatch_dashboard",
  },
};

/** The topic of each mode and type, in reading order: `data aws_vpcs`, `resource aws_lb`. */
const TOPIC_OF = new Map(
  Object.entries(TYPES).flatMap(([topic, types]) =>
    (["data", "resource"] as const).flatMap((mode) =>
      (types[mode]?.split(" ") ?? []).map((type) => [`${mode} ${type}`, topic as Topic] as const),
    ),
  ),
);
/** All modes and types that have a topic, in reading order. */
export const KNOWN_TYPES: readonly string[] = [...TOPIC_OF.keys()];

/** Types that belong to their users: the role of a task to its service, the role of the instances to the instances. */
const SHARED = [
  ...["aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_cloudwatch_log_group"],
  // The image of the log router of a service, or the AMI of the instances.
  "aws_ssm_parameter",
];

/** Returns the topic of each element. @throws HandoverError for a type without a topic */
export function topicsOf({ elements }: Configuration, references: References): ReadonlyMap<Element, Topic> {
  const byType = new Map(elements.map((element) => [element, topicOfType(element)]));
  return new Map(
    [...byType].map(([element, topic]) => [
      element,
      (SHARED.includes(element.type) && isForServices(element, references, byType)) || isForScaling(element, references)
        ? "services"
        : topic,
    ]),
  );
}

/** Whether an element is the alarm of a step scaling policy, which changes the number of tasks and reports nothing. */
const isForScaling = (element: Element, references: References): boolean =>
  element.type === "aws_cloudwatch_metric_alarm" &&
  references.of(element).some(({ type }) => type === "aws_appautoscaling_policy");

function topicOfType({ mode, type, address }: Element): Topic {
  const topic = TOPIC_OF.get(`${mode} ${type}`);
  if (topic) return topic;
  const kind = mode === "data" ? "data source" : "resource";
  throw new HandoverError(
    `The hand-over does not know the ${kind} type "${type}" (${address}). ` +
      "Add it to TYPES in cli/handover/terraform-json/topics.ts.",
  );
}

/** Whether only services use an element. The users of an attached policy are those of the role. */
function isForServices(element: Element, references: References, byType: ReadonlyMap<Element, Topic>): boolean {
  const subject = /_policy(_attachment)?$/.test(element.type)
    ? references.of(element).find(({ mode, type }) => mode === "resource" && type === "aws_iam_role")
    : element;
  const users = subject === undefined ? [] : references.to(subject).filter((user) => !SHARED.includes(user.type));
  return users.length > 0 && users.every((user) => byType.get(user) === "services");
}

/** Sorts elements by topic, then data sources before resources, then by type as in the table above, then by name. */
export function inReadingOrder(elements: readonly Element[], topics: ReadonlyMap<Element, Topic>): Element[] {
  const names = Object.keys(TOPICS);
  const topicRank = (element: Element) => names.indexOf(topics.get(element) as Topic);
  const typeRank = ({ mode, type }: Element) => KNOWN_TYPES.indexOf(`${mode} ${type}`);
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...elements].sort(
    (a, b) =>
      topicRank(a) - topicRank(b) || compare(a.mode, b.mode) || typeRank(a) - typeRank(b) || compare(a.name, b.name),
  );
}
