import type { Element } from "../terraform-json/configuration";
import { isObject } from "../terraform-json/configuration";
import type { References } from "../terraform-json/references";

/** For types that take neither a tag nor a description, and lookups. */
const OF_TYPE: { readonly [type: string]: string } = {
  "data aws_partition": "Which AWS this is: the public one, China or GovCloud",
  "data aws_region": "Which region this is",
  "data aws_caller_identity": "Which account this is",
  "data aws_availability_zones": "The region's zones",
  "data aws_vpcs": "The VPC that is used",
  "data aws_vpc": "The VPC that is used",
  "data aws_subnets": "The VPC's subnets",
  "data aws_subnet": "Each subnet's zone",
  "data aws_security_groups": "The security groups of the cluster",
  "data aws_ec2_instance_type_offerings": "Which of the instance types the region's zones offer",
  "data aws_ec2_instance_type": "Each instance type's architecture and size",
  "data aws_ssm_parameter": "The ECS-optimized AMI for the instance types",
  "data aws_ecs_cluster": "How many instances have joined the cluster",
  "data aws_ecs_clusters": "Whether the cluster is there",
  "data aws_iam_roles": "Whether a role is there",
  "data aws_resourcegroupstaggingapi_resources": "The load balancer's listener, found by its tags",
  "data aws_autoscaling_groups": "The cluster's instances, found by their tags",
  "data aws_autoscaling_group": "How many instances there may be",
  "resource aws_ecs_cluster_capacity_providers": "Lets the cluster start tasks on the instances",
  "resource aws_iam_role_policy": "What the role may do",
  "resource aws_ecr_lifecycle_policy": "Which images are kept",
  "resource aws_appautoscaling_target": "How many tasks the service may have",
  "resource aws_appautoscaling_policy": "When the service gets more or fewer tasks",
  "resource aws_wafv2_web_acl_association": "Puts the web ACL before the load balancer",
  "resource aws_wafv2_web_acl_logging_configuration": "Where the web ACL logs what it refused",
  "resource aws_kms_alias": "The key's readable name",
  "resource aws_efs_file_system_policy": "Asks for a role and TLS of whoever mounts the file system",
  "resource aws_efs_mount_target": "Lets the instances of a subnet mount the file system",
  "resource aws_placement_group": "Where the instances stand to each other",
  "resource aws_autoscaling_lifecycle_hook": "Lets something be done before an instance starts or ends",
  "resource aws_autoscaling_schedule": "Changes the number of instances at set times",
  "resource aws_autoscaling_policy": "When there are more or fewer instances",
  "resource aws_autoscaling_notification": "Tells when instances start and end",
  "resource aws_appautoscaling_scheduled_action": "Changes the number of a service's tasks at set times",
  "resource aws_cloudwatch_dashboard": "The cluster and its services at a glance",
  "resource aws_cloudwatch_event_target": "Where the events of the rule go",
  "data aws_sns_topic": "Where alarms go",
  "resource aws_iam_service_linked_role": "Lets an AWS service act for the cluster",
};

/** What an element is for: its own words, in its tag or its description, or what its type always is for. */
export function purposeOf(element: Element, references: References): string {
  const { mode, type, body } = element;
  const own = isObject(body.tags) ? body.tags.Purpose : undefined;
  if (typeof own === "string" && !own.includes("${")) return own;
  if (type === "aws_iam_role_policy_attachment") return `Gives the role ${policyName(body.policy_arn)}`;
  if (type === "aws_autoscaling_group") return groupPurpose(element, references) ?? "The instances";
  if (typeof body.description === "string" && !body.description.includes("${")) return body.description;
  return OF_TYPE[`${mode} ${type}`] ?? "";
}

const policyName = (arn: unknown): string => String(arn).replace(/^.*[:/](?=[\w+=,.@-]+$)/, "");

/** An auto scaling group's tags are pairs in an expression. */
function groupPurpose({ body }: Element, references: References): string | undefined {
  const text = references.expanded([body.dynamic ?? null, body.tag ?? null]);
  return /"Purpose"\s*[=:]\s*"([^"$]+)"/.exec(text)?.[1];
}
