import { type Element, isObject } from "../terraform-json/configuration";
import { isLogRouterImage } from "../terraform-json/log-router-image";
import type { References } from "../terraform-json/references";

const CLIENT_SECRET = "The client secret of a listener rule, which is then also in the state";

/** The purpose of data sources, and of resources without a tag or a description. */
const BY_TYPE: { readonly [type: string]: string } = {
  "data aws_partition": "The AWS partition: public, China or GovCloud",
  "data aws_region": "The region",
  "data aws_caller_identity": "The account",
  "data aws_availability_zones": "The Availability Zones of the region",
  "data aws_vpcs": "The VPC of the stack",
  "data aws_vpc": "The VPC of the stack",
  "data aws_subnets": "The subnets of the VPC",
  "data aws_subnet": "The Availability Zone of each subnet",
  "data aws_security_groups": "The security groups of the cluster",
  "data aws_route_tables": "The route tables of the subnets",
  "data aws_vpc_endpoint_service": "The zones of an AWS service for VPC endpoints",
  "data aws_ec2_instance_type_offerings": "The Availability Zones that offer each instance type",
  "data aws_ec2_instance_type": "The architecture and size of each instance type",
  "data aws_ssm_parameter": "The ECS-optimized AMI for the instance types",
  "data aws_ecs_cluster": "The cluster: its instances, or its default namespace",
  "data aws_ecs_clusters": "Checks that the cluster exists",
  "data aws_iam_roles": "Checks that a role exists",
  "data aws_resourcegroupstaggingapi_resources": "The load balancer or its listener, by its tags",
  "data aws_autoscaling_groups": "The Auto Scaling group of the cluster, by its tags",
  "data aws_autoscaling_group": "The minimum and maximum number of instances",
  "data aws_secretsmanager_secret_versions": "The versions of a secret, of which a new one starts a deployment",
  "data aws_secretsmanager_secret_version": CLIENT_SECRET,
  "data aws_sns_topic": "The topic that receives alarms",
  "resource aws_ecs_account_setting_default": "A setting of ECS for the whole account in the region",
  "resource aws_ecs_cluster_capacity_providers": "Lets the cluster start tasks on the instances",
  "resource aws_iam_role_policy": "The permissions of the role",
  "resource aws_ecr_lifecycle_policy": "Which images the repository keeps",
  "resource aws_appautoscaling_target": "The minimum and maximum number of tasks of the service",
  "resource aws_appautoscaling_policy": "When the number of tasks changes",
  "resource aws_appautoscaling_scheduled_action": "Changes the number of tasks on a schedule",
  "resource aws_scheduler_schedule": "Starts a task on a schedule",
  "data aws_route53_zone": "The hosted zone of the domain names",
  "resource aws_acm_certificate_validation": "Waits until the certificate is valid",
  "resource aws_route53_record": "A DNS record of a domain name",
  "resource aws_lb_listener_certificate": "A certificate of the listener for another domain name",
  "resource aws_wafv2_web_acl_association": "Attaches the web ACL to the load balancer",
  "resource aws_wafv2_web_acl_logging_configuration": "Logs the requests that the web ACL blocks",
  "resource aws_kms_alias": "A readable name for the key",
  "resource aws_efs_backup_policy": "Lets AWS Backup copy the files every day",
  "resource aws_efs_file_system_policy": "Requires a role and TLS to mount the file system",
  "resource aws_efs_mount_target": "Lets the instances in a subnet mount the file system",
  "resource aws_efs_access_point": "A folder of the file system, with the user that owns its files",
  "resource aws_ecr_repository_policy": "Who may pull and push the images of the repository",
  "resource aws_secretsmanager_secret": "A secret in Secrets Manager",
  "resource aws_secretsmanager_secret_version": "The value of the secret, which is also in the state",
  "resource aws_ssm_parameter": "A parameter in the Parameter Store",
  "resource aws_s3_bucket": "A bucket in S3",
  "resource aws_s3_object": "A file in S3",
  "resource aws_vpc_endpoint": "Connects the VPC to an AWS service without the internet",
  "resource aws_placement_group": "Controls how AWS places the instances on hardware",
  "resource aws_autoscaling_lifecycle_hook": "Runs an action before an instance starts or terminates",
  "resource aws_autoscaling_schedule": "Changes the number of instances on a schedule",
  "resource aws_autoscaling_policy": "When the number of instances changes",
  "resource aws_autoscaling_notification": "Sends a message when an instance starts or terminates",
  "resource aws_cloudwatch_dashboard": "Metrics of the cluster and its services",
  "resource aws_cloudwatch_log_resource_policy": "Lets an AWS service write to the log group",
  "resource aws_cloudwatch_event_target": "Where the rule sends events",
  "resource terraform_data": "A value whose change replaces other resources",
  "resource aws_iam_service_linked_role": "Lets an AWS service act for the cluster",
};

/** Returns the purpose of an element: its tag `Purpose`, its description, or the purpose of its type. */
export function purposeOf(element: Element, references: References): string {
  const { mode, type, body } = element;
  const tag = isObject(body.tags) ? body.tags.Purpose : undefined;
  if (typeof tag === "string" && !tag.includes("${")) return tag;
  if (type === "aws_iam_role_policy_attachment") return `Attaches ${policyName(body.policy_arn)} to the role`;
  if (isLogRouterImage(element)) return "The image of the log router";
  if (isClientSecret(element)) return CLIENT_SECRET;
  if (type === "aws_autoscaling_group") return groupPurpose(element, references) ?? "The instances";
  if (typeof body.description === "string" && !body.description.includes("${")) return body.description;
  return BY_TYPE[`${mode} ${type}`] ?? "";
}

/** Whether an element reads the client secret of a listener rule from a parameter. */
const isClientSecret = ({ mode, type, name }: Element): boolean =>
  mode === "data" && type === "aws_ssm_parameter" && name.endsWith("_client_secret");

const policyName = (arn: unknown): string => String(arn).replace(/^.*[:/](?=[\w+=,.@-]+$)/, "");

/** Returns the tag of an Auto Scaling group, whose tags are in an expression. */
function groupPurpose({ body }: Element, references: References): string | undefined {
  const text = references.expanded([body.dynamic ?? null, body.tag ?? null]);
  return /"Purpose"\s*[=:]\s*"([^"$]+)"/.exec(text)?.[1];
}
