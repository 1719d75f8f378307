import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpcs } from "@cdktf/provider-aws/lib/data-aws-vpcs";
import { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { checkProps, refuse } from "../validation/check-props";
import { boolean, custom, interfaceOf, list, number, plain, string } from "../validation/schema";
import { regionRule, subnetIdsRules, vpcIdRule } from "../validation/values";

/** Where to look for the VPC. */
export interface DefaultVpcProps {
  /** The region, for the command in the message that says that there is no default VPC. */
  readonly region: string;
  /** Another VPC than the default one, by id; needs `subnetIds`. @default - the region's default VPC */
  readonly vpcId?: string;
  /** With `vpcId`: its subnets to use, one a zone. @default - the default subnet of each zone */
  readonly subnetIds?: string[];
  /** Private subnets for the instances, with a way to ECS by NAT or VPC endpoints. @default - the instances share the other subnets */
  readonly privateSubnetIds?: string[];
}

/**
 * The region's default VPC and its default subnets, looked up: nothing is made. An account without one gets a plan that
 * fails with the command to type.
 */
export class DefaultVpc extends Construct {
  /** The VPC's id. */
  readonly vpcId: string;
  /** The subnets, one a zone. */
  readonly subnetIds: string[];
  /** Whether the instances have private subnets of their own, and so no public address. */
  readonly hasPrivateSubnets: boolean;
  /** How many different zones the subnets are in, as an expression. */
  readonly zoneCount: number;
  private readonly subnet: DataAwsSubnet;
  private readonly instanceSubnet: DataAwsSubnet;

  constructor(scope: Construct, id: string, props: DefaultVpcProps) {
    super(scope, id);
    const { region, vpcId, subnetIds, privateSubnetIds } = props;
    checkProps(this, {
      region: [region, [regionRule]],
      vpcId: [vpcId, [vpcIdRule]],
      subnetIds: [subnetIds, subnetIdsRules],
      privateSubnetIds: [privateSubnetIds, subnetIdsRules],
    });
    if ((vpcId === undefined) !== (subnetIds === undefined)) {
      const [given, missing] = vpcId === undefined ? ["subnetIds", "vpcId"] : ["vpcId", "subnetIds"];
      refuse(this, [
        `${given} must come with ${missing}; received ${given} alone. Name both, or neither for the default VPC and its default subnets.`,
      ]);
    }

    // Plural, because the singular lookup of what is not there fails before any precondition could say what to do.
    // https://github.com/hashicorp/terraform-provider-aws/issues/21241
    const vpcs = new DataAwsVpcs(this, "resource", {
      filter: [vpcId ? { name: "vpc-id", values: [vpcId] } : { name: "is-default", values: ["true"] }],
    });
    this.vpcId = hcl`one(${vpcs.fqn}.ids)`.string;

    const exists = {
      condition: hcl`length(${vpcs.fqn}.ids) == 1`.string,
      errorMessage: vpcId
        ? `There is no VPC ${vpcId} in ${region}. Set vpc_id to one of: aws ec2 describe-vpcs --region ${region} --query Vpcs[].VpcId`
        : `There is no default VPC in ${region}. Make one with: aws ec2 create-default-vpc --region ${region} (it costs nothing). Or name another VPC with the vpcId setting.`,
    };
    const lookUp = (subnetsId: string, subnetId: string, variable: string, ids?: string[]) => {
      const found = new DataAwsSubnets(this, subnetsId, {
        filter: [
          { name: "vpc-id", values: [this.vpcId] },
          ids ? { name: "subnet-id", values: ids } : { name: "default-for-az", values: ["true"] },
        ],
        lifecycle: {
          precondition: [exists],
          postcondition: ids && [
            {
              condition: hcl`length(setsubtract(${ids}, self.ids)) == 0`.string,
              errorMessage: `These of ${variable} are not in the VPC ${this.vpcId}: ${hcl`join(", ", setsubtract(${ids}, self.ids))`}. List those that are: aws ec2 describe-subnets --region ${region} --filters Name=vpc-id,Values=${this.vpcId}`,
            },
          ],
        },
      });
      const each = TerraformIterator.fromList(found.ids);
      return new DataAwsSubnet(this, subnetId, { forEach: each, id: each.value });
    };
    this.subnet = lookUp("subnets", "subnet", "subnet_ids", subnetIds);
    this.subnetIds = hcl`sort(keys(${this.subnet.fqn}))`.list;
    this.zoneCount = hcl`length(distinct([for subnet in ${this.subnet.fqn} : subnet.availability_zone]))`.number;
    this.hasPrivateSubnets = privateSubnetIds !== undefined;
    this.instanceSubnet = privateSubnetIds
      ? lookUp("private_subnets", "private_subnet", "private_subnet_ids", privateSubnetIds)
      : this.subnet;
  }

  /** Those of the instances' subnets that are in the given zones. @param zones names of zones, a list or an expression of one */
  instanceSubnetIdsIn(zones: string[]): string[] {
    const subnet = this.instanceSubnet.fqn;
    return hcl`[for id in sort(keys(${subnet})) : id if contains(${zones}, ${subnet}[id].availability_zone)]`.list;
  }

  /** One of the instances' subnets in each of their zones: for what may be once a zone, such as mount targets of EFS. */
  get instanceSubnetIdPerZone(): string[] {
    const subnet = this.instanceSubnet.fqn;
    return hcl`[for zone, ids in { for id in sort(keys(${subnet})) : ${subnet}[id].availability_zone => id... } : ids[0]]`
      .list;
  }

  /** The zones that the load balancer's subnets are in, sorted. */
  get zones(): string[] {
    return zonesOf(this.subnet);
  }

  /** The zones that the instances' subnets are in, sorted. */
  get instanceZones(): string[] {
    return zonesOf(this.instanceSubnet);
  }
}

function zonesOf(subnet: DataAwsSubnet): string[] {
  return hcl`sort(distinct([for subnet in ${subnet.fqn} : subnet.availability_zone]))`.list;
}

// CDKTF's resources accept only mutable lists.
const names = list(string()).with<string[], string[]>({});

/** The field of a `vpc` property. */
export const defaultVpcField = interfaceOf<DefaultVpc>(
  "a VPC",
  "Use a DefaultVpc construct.",
)({
  vpcId: string(),
  subnetIds: names,
  hasPrivateSubnets: plain(boolean()),
  zones: names,
  zoneCount: number(),
  instanceZones: names,
  instanceSubnetIdPerZone: names,
  instanceSubnetIdsIn: custom<DefaultVpc["instanceSubnetIdsIn"]>(
    "a method",
    "Use a DefaultVpc construct.",
    (value) => typeof value === "function",
  ),
});
