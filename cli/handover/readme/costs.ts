import type { Stack } from "../stack";
import { type Element, objects } from "../terraform-json/configuration";

interface Cost {
  readonly type: string;
  readonly item: string;
  readonly unit: string;
  /** Whether AWS charges for it by use, and not for each hour or month that it exists. @default false */
  readonly isByUse?: boolean;
  /** Whether AWS charges for an element of the type. @default true */
  readonly isCharged?: (element: Element, stack: Stack) => boolean;
}

/** An item of the bill, with the addresses of the resources that cause it. */
export interface BilledItem {
  readonly item: string;
  readonly unit: string;
  readonly isByUse: boolean;
  readonly addresses: readonly string[];
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

const hasDetailedMonitoring = ({ body }: Element): boolean =>
  objects(body.monitoring).some(({ enabled }) => String(enabled) === "true");
const hasExtraPerformance = ({ body }: Element): boolean =>
  objects(body.block_device_mappings).some(({ ebs }) =>
    objects(ebs).some(({ iops, throughput }) => (iops ?? throughput ?? null) !== null),
  );
/** T3 and T4g types use credits beyond their baseline by default, and T2 types do not. */
const usesCredits = ({ body }: Element, { variables }: Stack): boolean => {
  const [{ cpu_credits: credits } = {}] = objects(body.credit_specification);
  const types = JSON.stringify([body.instance_type ?? "", variables.map(({ default: value }) => value)]);
  return credits === "unlimited" || (credits !== "standard" && /"t(3a?|4g)\./.test(types));
};
const hasWarmPool = ({ body }: Element): boolean => objects(body.warm_pool).length > 0;
const hasReservedCapacity = ({ body }: Element): boolean => objects(body.minimum_load_balancer_capacity).length > 0;
const hasLogBucket = ({ body }: Element): boolean =>
  objects([body.access_logs ?? null, body.connection_logs ?? null]).length > 0;

/** The items of the bill, by type. Prices differ by region and change. Units do not. https://aws.amazon.com/pricing/ */
const COSTS: readonly Cost[] = [
  { type: "aws_autoscaling_group", item: "EC2 instances", unit: "instance and second, by instance type" },
  {
    ...{ type: "aws_autoscaling_group", item: "Warm pool", isCharged: hasWarmPool },
    unit: "GiB and month of the volumes of stopped instances, and the instances while they start",
  },
  {
    type: "aws_launch_template",
    item: "EBS volumes of the instances",
    unit: "GiB and month while the instance exists",
  },
  {
    ...{ type: "aws_launch_template", item: "Faster EBS volumes of the instances", isCharged: hasExtraPerformance },
    unit: "IOPS above 3,000 and month, and MiB per second above 125 and month",
  },
  {
    ...{ type: "aws_launch_template", item: "Detailed monitoring of the instances", isCharged: hasDetailedMonitoring },
    unit: "metric of an instance, and month",
  },
  {
    ...{ type: "aws_launch_template", item: "Public IPv4 addresses of the instances", unit: "address and hour" },
    isCharged: hasPublicAddress,
  },
  { type: "aws_lb", item: "Load balancer", unit: "hour, and capacity unit (LCU) and hour by use" },
  {
    ...{ type: "aws_lb", item: "Reserved capacity of the load balancer", isCharged: hasReservedCapacity },
    unit: "reserved capacity unit and hour",
  },
  {
    ...{ type: "aws_lb", item: "Public IPv4 addresses of the load balancer" },
    ...{ unit: "address and hour, with one address in each Availability Zone", isCharged: hasOwnAddresses },
  },
  { type: "aws_eip", item: "Elastic IP addresses", unit: "address and hour, also while nothing uses it" },
  {
    ...{ type: "aws_vpc_endpoint", item: "VPC endpoints", isCharged: hasInterface },
    unit: "endpoint, Availability Zone and hour, and GB by use",
  },
  { type: "aws_nat_gateway", item: "NAT gateway", unit: "hour, and GB by use" },
  {
    ...{ type: "aws_ecs_cluster", item: "Container Insights" },
    ...{ unit: "metric and month; the number of services and tasks sets the number of metrics" },
    isCharged: hasContainerInsights,
  },
  { type: "aws_kms_key", item: "KMS key", unit: "key and month, and 10,000 requests by use" },
  {
    type: "aws_wafv2_web_acl",
    item: "Web ACL",
    unit: "web ACL and month, rule and month, and million requests by use",
  },
  { type: "aws_secretsmanager_secret", item: "Secrets", unit: "secret and month" },
  {
    ...{ type: "aws_service_discovery_private_dns_namespace", item: "Private hosted zone of the namespace" },
    unit: "zone and month, and million DNS queries by use",
  },
  { type: "aws_service_discovery_service", item: "Records in Cloud Map", unit: "registered task and month" },
  {
    ...{ type: "aws_ecs_service", item: "Certificates of Service Connect", isCharged: hasCertificates },
    unit: "private certificate authority and month, and certificate",
  },
  {
    ...{ type: "aws_ecs_service", item: "EBS volumes of tasks", isCharged: hasVolumes },
    unit: "GiB and month while the task runs, and IOPS and throughput above those of the volume type",
  },
  {
    ...{ type: "aws_ecs_capacity_provider", item: "Alarms of managed scaling", unit: "alarm and month" },
    isCharged: hasManagedScaling,
  },
  { type: "aws_appautoscaling_policy", item: "Alarms of service scaling", unit: "alarm and month" },
  { type: "aws_cloudwatch_metric_alarm", item: "Alarms", unit: "metric of an alarm, and month" },
  { type: "aws_cloudwatch_dashboard", item: "Dashboard", unit: "dashboard and month" },
  {
    ...{
      type: "aws_launch_template",
      item: "CPU credits of burstable instances",
      isByUse: true,
      isCharged: usesCredits,
    },
    unit: "vCPU and hour above the baseline of the instance type",
  },
  {
    ...{ type: "aws_autoscaling_group", item: "Data transfer out of the instances", isByUse: true },
    unit: "GB to the internet, and GB between Availability Zones",
  },
  { type: "aws_cloudwatch_log_group", item: "Logs", unit: "GB ingested, and GB stored and month", isByUse: true },
  {
    ...{ type: "aws_ecs_cluster", item: "Logs of Container Insights", isByUse: true, isCharged: hasContainerInsights },
    unit: "GB ingested, and GB stored and month, in a log group that AWS creates",
  },
  {
    ...{ type: "aws_lb", item: "Logs of the load balancer in S3", isByUse: true, isCharged: hasLogBucket },
    unit: "GB and month, and 1,000 requests",
  },
  { type: "aws_efs_file_system", item: "EFS storage", unit: "GB and month, and GB read and written", isByUse: true },
  {
    type: "aws_efs_backup_policy",
    item: "Backups of file systems",
    unit: "GB and month, and GB restored",
    isByUse: true,
  },
  {
    ...{ type: "aws_ecs_task_definition", item: "Reads of secrets", isByUse: true, isCharged: readsSecrets },
    unit: "10,000 calls of Secrets Manager, at each start of a task",
  },
  { type: "aws_scheduler_schedule", item: "Runs of schedules", unit: "million invocations", isByUse: true },
  { type: "aws_sqs_queue", item: "SQS requests", unit: "million requests", isByUse: true },
  { type: "aws_s3_bucket", item: "S3 storage", unit: "GB and month, and 1,000 requests", isByUse: true },
  { type: "aws_ecr_repository", item: "Images in ECR", unit: "GB and month", isByUse: true },
  { type: "aws_sns_topic", item: "SNS messages", unit: "million requests, and delivery", isByUse: true },
];

/** Returns the items of the bill: those that AWS charges while the stack exists, and then those by use. */
export function costsOf(stack: Stack): BilledItem[] {
  const items = COSTS.flatMap(({ type, item, unit, isByUse = false, isCharged = () => true }) => {
    const charged = stack.portable.elements
      .filter((element) => element.mode === "resource" && element.type === type)
      .filter((element) => isCharged(element, stack));
    return charged.length > 0 ? [{ item, unit, isByUse, addresses: charged.map(({ address }) => address) }] : [];
  });
  return [...items.filter(({ isByUse }) => !isByUse), ...items.filter(({ isByUse }) => isByUse)];
}
