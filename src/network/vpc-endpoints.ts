import { DataAwsRouteTables } from "@cdktf/provider-aws/lib/data-aws-route-tables";
import { DataAwsSecurityGroups } from "@cdktf/provider-aws/lib/data-aws-security-groups";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { type ITerraformDependable, TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules } from "../validation/aws-rules";
import { distinctElements, matches, matchesNot } from "../validation/rule";
import { interfaceOf, list, map, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { validate } from "../validation/validate";
import type { DefaultVpc } from "./default-vpc";
import { admitNetworks, createSecurityGroup } from "./load-balancer-rules";

/** Which services get VPC endpoints. */
export interface VpcEndpointsSettings {
  /**
   * Further AWS services, by the end of the name of their endpoint service: `secretsmanager`, `sqs`, `monitoring`. `dynamodb` gets a gateway
   * endpoint, which costs nothing. The stack adds `kms` with `customerKey`, and `autoscaling` with `prePulledImages` and `warmPool`.
   * @default - only what ECS, ECR, CloudWatch Logs and Systems Manager need
   * @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
   */
  readonly services?: readonly string[];
  /**
   * Services whose endpoints the VPC has, for example `s3`. None is created for them. AWS allows one endpoint with private DNS for each service
   * in a VPC, and one gateway endpoint of S3, and one of DynamoDB, for each route table.
   * @default - none
   */
  readonly existing?: readonly string[];
}

const ENDING = [
  "be the end of the name of an endpoint service",
  'Write "ecr.api" for com.amazonaws.REGION.ecr.api. List them: aws ec2 describe-vpc-endpoint-services --query ServiceNames',
] as const;
const serviceField = string(
  matches("^[a-z0-9]+([.-][a-z0-9]+)*$", ...ENDING),
  // The AWS provider adds the start of the name, so the plan would find no service.
  matchesNot("^(com|cn|aws)([.][a-z0-9-]+)+$", ...ENDING),
);
const servicesField = plain(
  list(serviceField, distinctElements(1, 50, "services", "A VPC has 50 interface endpoints by default.")),
);

const S3 = "s3";
/** The services with gateway endpoints. An interface endpoint of DynamoDB has no private DNS, so no client would use it. */
const GATEWAYS: readonly string[] = [S3, "dynamodb"];
/**
 * The interface endpoints that instances need without the internet. The agent of Systems Manager needs `ec2messages` only in versions before
 * 3.3.40.0, and new regions do not have it.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
 */
const INTERFACES = ["ecs", "ecs-agent", "ecs-telemetry", "ecr.api", "ecr.dkr", "logs", "ssm", "ssmmessages"] as const;

export const vpcEndpointsSettingsSchema = schemaOf<VpcEndpointsSettings>()(
  { services: servicesField.optional(), existing: servicesField.optional() },
  addressesDiffer,
  existingAreUsed,
);

const idOf = (service: string): string => service.replace(/[.-]/g, "_");

/** Two services with one address can't both have an endpoint. */
function* addressesDiffer({ services = [] }: Known<VpcEndpointsSettings>): Findings<VpcEndpointsSettings> {
  for (const [index, service] of services.entries()) {
    const others = [S3, ...INTERFACES, ...services.slice(0, index)];
    const same = others.find((other) => other && service && other !== service && idOf(other) === idOf(service));
    if (same === undefined) continue;
    const must = `differ from ${same} in more than a dot or a hyphen`;
    yield { at: ["services", index], must, fix: "One of the two is misspelt. Remove it." };
  }
}

/** Services that the stack adds by itself can exist too. */
const ADDED_BY_STACK: readonly string[] = ["kms", "autoscaling"];

function* existingAreUsed({
  services = [],
  existing = [],
}: Known<VpcEndpointsSettings>): Findings<VpcEndpointsSettings> {
  const used = [S3, ...INTERFACES, ...ADDED_BY_STACK, ...services];
  for (const [index, service] of existing.entries()) {
    if (service === undefined || used.includes(service)) continue;
    const fix = `Remove it, or add it to services too. The others are ${[S3, ...INTERFACES].join(", ")}.`;
    yield { at: ["existing", index], must: "be a service that gets an endpoint", fix };
  }
}

type EndpointsVpc = Pick<DefaultVpc, "vpcId" | "instanceSubnetIds" | "instanceSubnetIdByZone">;

/** The VPC of the endpoints, and the services. */
export interface VpcEndpointsProps extends VpcEndpointsSettings {
  /** The start of the names of the endpoints and of their security group: the name of the cluster. */
  readonly name: string;
  /** The VPC. Its instances' subnets get the endpoints, one in each zone. */
  readonly vpc: EndpointsVpc;
}

export const vpcEndpointsPropsSchema = schemaOf<VpcEndpointsProps>()(
  {
    name: string(...clusterNameRules),
    vpc: interfaceOf<EndpointsVpc>(
      "a VPC",
      "Use a DefaultVpc construct.",
    )({
      vpcId: string(),
      instanceSubnetIds: list(string()).with<string[], string[]>({}),
      instanceSubnetIdByZone: map(string()).with<{ [zone: string]: string }, { [zone: string]: string }>({}),
    }),
    ...vpcEndpointsSettingsSchema.shape,
  },
  addressesDiffer,
  existingAreUsed,
);

/** The tag of the security group. Other clusters of the VPC find a complete set of endpoints by it, so it must not change. */
const SET_TAG = "VpcEndpoints";
const COMPLETE = "complete";

/**
 * Endpoints of a VPC, so that instances without public addresses and without NAT reach ECS, ECR, CloudWatch Logs, Systems Manager and S3. With
 * private DNS, all clients in the VPC use them, so they admit the networks of the VPC, and all clusters of the VPC share them.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
 */
export class VpcEndpoints extends Construct {
  /** The id of the endpoints' security group. It is undefined when the VPC has all interface endpoints. */
  readonly securityGroupId?: string;
  /** The endpoints by service. Instances that depend on them start when they exist. */
  readonly endpoints: Readonly<Record<string, ITerraformDependable>>;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    const { name, vpc, services = [], existing = [] } = validate(this, vpcEndpointsPropsSchema, props);
    const wanted = [...new Set([...INTERFACES, S3, ...services])].filter((service) => !existing.includes(service));
    const interfaces = wanted.filter((service) => !GATEWAYS.includes(service));
    const gateways = wanted.filter((service) => GATEWAYS.includes(service));
    const endpoints: Record<string, ITerraformDependable> = {};
    if (interfaces.length > 0) {
      const securityGroupId = this.createSecurityGroup(name, vpc.vpcId, existing.length > 0);
      this.securityGroupId = securityGroupId;
      for (const service of interfaces)
        endpoints[service] = this.interfaceEndpoint(name, service, vpc, securityGroupId);
    }
    const routeTableIds = gateways.length > 0 ? this.findRouteTables(vpc) : [];
    for (const service of gateways) endpoints[service] = this.gatewayEndpoint(name, service, vpc.vpcId, routeTableIds);
    this.endpoints = endpoints;
  }

  private createSecurityGroup(name: string, vpcId: string, isPartial: boolean): string {
    const vpc = new DataAwsVpc(this, "vpc", { id: vpcId });
    const groupName = `${name}-vpc-endpoints`;
    const guards = [hasPrivateDns(vpc), ...(isPartial ? [] : [this.isOnlySet(groupName, vpcId)])];
    const purpose = "The VPC endpoints for the container instances";
    const group = createSecurityGroup(this, "security_group", groupName, purpose, vpcId, guards, {
      [SET_TAG]: isPartial ? "partial" : COMPLETE,
    });
    this.node.defaultChild = group;
    const networks = hcl`[for one in ${vpc.fqn}.cidr_block_associations : one.cidr_block if one.state == "associated"]`;
    admitNetworks(this, "https", group.id, 443, networks.list, "HTTPS from the VPC to AWS services");
    return group.id;
  }

  /** AWS rejects a second endpoint with private DNS in a VPC only in the middle of an apply. */
  private isOnlySet(groupName: string, vpcId: string): Guard {
    const find = (id: string, tags: Readonly<Record<string, string>>) =>
      new DataAwsSecurityGroups(this, id, {
        filter: [
          { name: "vpc-id", values: [vpcId] },
          ...Object.entries(tags).map(([tag, value]) => ({ name: `tag:${tag}`, values: [value] })),
        ],
      });
    const all = find("all", { [SET_TAG]: COMPLETE });
    const own = find("own", { [SET_TAG]: COMPLETE, Name: groupName });
    const others = hcl`setsubtract(${all.fqn}.ids, ${own.fqn}.ids)`;
    return {
      condition: hcl`length(${others}) == 0`.string,
      errorMessage: `The VPC ${vpcId} already has the endpoints of another cluster, with the security group ${hcl`join(", ", ${others})`}. All clusters of the VPC use them, and AWS allows no second ones. Remove vpcEndpoints. To add services, name the others in vpcEndpoints.existing.`,
    };
  }

  private interfaceEndpoint(name: string, service: string, vpc: EndpointsVpc, securityGroupId: string): VpcEndpoint {
    const id = idOf(service);
    const found = new DataAwsVpcEndpointService(this, `service_${id}`, { service, serviceType: "Interface" });
    const zones = hcl`${found.fqn}.availability_zones`;
    return new VpcEndpoint(this, `to_${id}`, {
      vpcId: vpc.vpcId,
      serviceName: found.serviceName,
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      securityGroupIds: [securityGroupId],
      // A service is not in each zone. Clients in other zones use the endpoint too. GovCloud returns no zones.
      subnetIds:
        hcl`[for zone, id in ${vpc.instanceSubnetIdByZone} : id if length(${zones}) == 0 || contains(${zones}, zone)]`
          .list,
      tags: purposeTags(`${name}-${service}`, `Connects the VPC to ${service} without the internet`),
    });
  }

  /** Returns the route tables of the subnets. A subnet without a route table of its own uses the main one. */
  private findRouteTables(vpc: EndpointsVpc): string[] {
    const eachSubnet = TerraformIterator.fromList(vpc.instanceSubnetIds);
    const own = new DataAwsRouteTables(this, "route_tables", {
      forEach: eachSubnet,
      filter: [{ name: "association.subnet-id", values: [eachSubnet.value] }],
    });
    const main = new DataAwsRouteTables(this, "main_route_table", {
      filter: [
        { name: "vpc-id", values: [vpc.vpcId] },
        { name: "association.main", values: ["true"] },
      ],
    });
    return hcl`distinct(flatten([for table in ${own.fqn} : length(table.ids) > 0 ? table.ids : ${main.fqn}.ids]))`.list;
  }

  /** ECR keeps the layers of images in S3. A gateway endpoint costs nothing. */
  private gatewayEndpoint(name: string, service: string, vpcId: string, routeTableIds: string[]): VpcEndpoint {
    const found = new DataAwsVpcEndpointService(this, `service_${service}`, { service, serviceType: "Gateway" });
    return new VpcEndpoint(this, `to_${service}`, {
      vpcId,
      serviceName: found.serviceName,
      vpcEndpointType: "Gateway",
      routeTableIds,
      tags: purposeTags(`${name}-${service}`, `Connects the VPC to ${service} without the internet`),
    });
  }
}

/** https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html */
const hasPrivateDns = (vpc: DataAwsVpc): Guard => ({
  condition: hcl`${vpc.fqn}.enable_dns_support && ${vpc.fqn}.enable_dns_hostnames`.string,
  errorMessage: `The VPC ${hcl`${vpc.fqn}.id`} must have DNS support and DNS hostnames, for the private names of the endpoints. Enable them: aws ec2 modify-vpc-attribute --vpc-id ${hcl`${vpc.fqn}.id`} --enable-dns-hostnames, and the same with --enable-dns-support.`,
});
