import { type Element, objects } from "../terraform-json/configuration";

interface Cost {
  readonly type: string;
  readonly item: string;
  readonly unit: string;
  /** Whether AWS charges for an element of the type. @default true */
  readonly isCharged?: (element: Element) => boolean;
}

const hasPublicAddress = ({ body }: Element): boolean =>
  /"associate_public_ip_address":"?true/.test(JSON.stringify(body));
/** The addresses of a load balancer with subnet mappings are Elastic IP addresses. */
const hasOwnAddresses = ({ body }: Element): boolean =>
  body.internal !== true && !JSON.stringify(body).includes("subnet_mapping");
const hasContainerInsights = ({ body }: Element): boolean =>
  objects(body.setting).some(({ name, value }) => name === "containerInsights" && value !== "disabled");
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-scaling-behavior.html */
const hasManagedScaling = ({ body }: Element): boolean => JSON.stringify(body).includes('"status":"ENABLED"');

const hasVolumes = ({ body }: Element): boolean => objects(body.volume_configuration).length > 0;
const hasCertificates = ({ body }: Element): boolean =>
  JSON.stringify(body.service_connect_configuration ?? "").includes("aws_pca_authority_arn");
const readsSecrets = ({ body }: Element): boolean => /secretsmanager/.test(JSON.stringify(body.container_definitions));
const hasInterface = ({ body }: Element): boolean => body.vpc_endpoint_type === "Interface";

/** The items of the bill, by type. Prices differ by region and change. Units do not. https://aws.amazon.com/pricing/ */
const COSTS: readonly Cost[] = [
  { type: "aws_autoscaling_group", item: "EC2 instances", unit: "instance and second, by instance type" },
  {
    ...{ type: "aws_autoscaling_group", item: "Data transfer out of the instances" },
    unit: "GB to the internet, and GB between Availability Zones",
  },
  {
    type: "aws_launch_template",
    item: "EBS volumes of the instances",
    unit: "GiB and month while the instance exists",
  },
  {
    ...{ type: "aws_launch_template", item: "Public IPv4 addresses of the instances", unit: "address and hour" },
    isCharged: hasPublicAddress,
  },
  { type: "aws_lb", item: "Load balancer", unit: "hour, and capacity unit (LCU) and hour" },
  {
    ...{ type: "aws_lb", item: "Public IPv4 addresses of the load balancer" },
    ...{ unit: "address and hour, with one address in each Availability Zone", isCharged: hasOwnAddresses },
  },
  { type: "aws_eip", item: "Elastic IP addresses", unit: "address and hour, also while nothing uses it" },
  { type: "aws_cloudwatch_log_group", item: "Logs", unit: "GB ingested, and GB stored and month" },
  {
    ...{ type: "aws_ecs_cluster", item: "Container Insights" },
    ...{ unit: "metric and month; the number of services and tasks sets the number of metrics" },
    isCharged: hasContainerInsights,
  },
  { type: "aws_efs_file_system", item: "EFS storage", unit: "GB and month, and GB read and written" },
  { type: "aws_efs_backup_policy", item: "Backups of file systems", unit: "GB and month, and GB restored" },
  {
    ...{ type: "aws_ecs_service", item: "EBS volumes of tasks", isCharged: hasVolumes },
    unit: "GiB and month while the task runs, and IOPS and throughput above those of the volume type",
  },
  {
    ...{ type: "aws_ecs_task_definition", item: "Reads of secrets", isCharged: readsSecrets },
    unit: "10,000 calls of Secrets Manager, at each start of a task",
  },
  { type: "aws_scheduler_schedule", item: "Runs of schedules", unit: "million invocations" },
  { type: "aws_sqs_queue", item: "SQS requests", unit: "million requests" },
  { type: "aws_secretsmanager_secret", item: "Secrets", unit: "secret and month" },
  {
    ...{ type: "aws_service_discovery_private_dns_namespace", item: "Private hosted zone of the namespace" },
    unit: "zone and month, and million DNS queries",
  },
  { type: "aws_service_discovery_service", item: "Records in Cloud Map", unit: "registered task and month" },
  {
    ...{ type: "aws_ecs_service", item: "Certificates of Service Connect", isCharged: hasCertificates },
    unit: "private certificate authority and month, and certificate",
  },
  { type: "aws_s3_bucket", item: "S3 storage", unit: "GB and month, and 1,000 requests" },
  {
    ...{ type: "aws_vpc_endpoint", item: "VPC endpoints", isCharged: hasInterface },
    unit: "Availability Zone and hour, and GB",
  },
  { type: "aws_kms_key", item: "KMS key", unit: "key and month, and 10,000 requests" },
  { type: "aws_wafv2_web_acl", item: "Web ACL", unit: "web ACL and month, rule and month, and million requests" },
  { type: "aws_ecr_repository", item: "Images in ECR", unit: "GB and month" },
  {
    ...{ type: "aws_ecs_capacity_provider", item: "Alarms of managed scaling", unit: "alarm and month" },
    isCharged: hasManagedScaling,
  },
  { type: "aws_sns_topic", item: "SNS messages", unit: "million requests, and delivery" },
  { type: "aws_appautoscaling_policy", item: "Alarms of service scaling", unit: "alarm and month" },
  { type: "aws_cloudwatch_dashboard", item: "Dashboard", unit: "dashboard and month" },
  { type: "aws_cloudwatch_metric_alarm", item: "Alarms", unit: "metric of an alarm, and month" },
];

/** Returns the items of the bill, with the addresses of the resources that cause them. */
export function costsOf(elements: readonly Element[]): { item: string; unit: string; addresses: string[] }[] {
  return COSTS.flatMap(({ type, item, unit, isCharged = () => true }) => {
    const charged = elements
      .filter((element) => element.mode === "resource" && element.type === type)
      .filter(isCharged);
    return charged.length > 0 ? [{ item, unit, addresses: charged.map(({ address }) => address) }] : [];
  });
}
