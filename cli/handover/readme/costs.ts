import { type Element, objects } from "../terraform-json/configuration";

interface Cost {
  readonly what: string;
  readonly unit: string;
}

/** What AWS charges for, by type; prices differ by region and change, units don't. https://aws.amazon.com/pricing/ */
const COSTS: { readonly [type: string]: readonly Cost[] } = {
  aws_autoscaling_group: [
    { what: "EC2 instances of the group", unit: "each instance and second, by instance type" },
    { what: "Data out of the instances", unit: "each GB to the internet, and each GB between zones" },
  ],
  aws_launch_template: [
    { what: "EBS volumes of the instances", unit: "each GiB and month, for as long as the instance is there" },
    { what: "Public IPv4 addresses of the instances", unit: "each address and hour" },
  ],
  aws_lb: [
    { what: "Load balancer", unit: "each hour, and each capacity unit (LCU) and hour" },
    { what: "Public IPv4 addresses of the load balancer", unit: "each address and hour, one address a zone" },
  ],
  aws_cloudwatch_log_group: [{ what: "Logs", unit: "each GB taken in, and each GB and month kept" }],
  aws_ecs_cluster: [
    { what: "Container Insights", unit: "each metric and month, by how many services and tasks there are" },
  ],
  aws_efs_file_system: [{ what: "Files in EFS", unit: "each GB and month, and each GB read and written" }],
  aws_kms_key: [{ what: "KMS key", unit: "each key and month, and each 10,000 requests" }],
  aws_wafv2_web_acl: [{ what: "Web ACL", unit: "each ACL and month, each rule and month, each million requests" }],
  aws_ecr_repository: [{ what: "Images in ECR", unit: "each GB and month" }],
  aws_ecs_capacity_provider: [{ what: "Alarms of the instances' scaling", unit: "each alarm and month" }],
  aws_sns_topic: [{ what: "Messages", unit: "each million requests, and each delivery" }],
  aws_appautoscaling_policy: [{ what: "Alarms of the services' scaling", unit: "each alarm and month" }],
  aws_cloudwatch_dashboard: [{ what: "Dashboard", unit: "each dashboard and month" }],
  aws_cloudwatch_metric_alarm: [{ what: "Alarms", unit: "each alarm and month" }],
};

/** The lines of the bill that the stack makes, each with the addresses behind it. */
export function costsOf(elements: readonly Element[]): { what: string; unit: string; addresses: string[] }[] {
  const made = elements.filter(({ mode }) => mode === "resource");
  return Object.entries(COSTS).flatMap(([type, costs]) => {
    const addresses = made
      .filter((element) => element.type === type && isCharged(element))
      .map(({ address }) => address);
    return addresses.length === 0
      ? []
      : costs.filter((cost) => applies(cost, made)).map((cost) => ({ ...cost, addresses }));
  });
}

/** A cluster and a capacity provider cost nothing by themselves: what is measured does. */
function isCharged({ type, body }: Element): boolean {
  if (type === "aws_ecs_cluster") {
    return objects(body.setting).some(({ name, value }) => name === "containerInsights" && value !== "disabled");
  }
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-scaling-behavior.html
  return type !== "aws_ecs_capacity_provider" || JSON.stringify(body).includes('"status":"ENABLED"');
}

/** Addresses are charged for where the template asks for them and the load balancer faces the internet. */
function applies({ what }: Cost, elements: readonly Element[]): boolean {
  if (what.endsWith("of the instances") && what.startsWith("Public")) {
    return elements.some(({ type, body }) => type === "aws_launch_template" && asksForAddress(body));
  }
  if (what.endsWith("of the load balancer"))
    return elements.some(({ type, body }) => type === "aws_lb" && body.internal !== true);
  return true;
}

const asksForAddress = (body: unknown): boolean => /"associate_public_ip_address":"?true/.test(JSON.stringify(body));
