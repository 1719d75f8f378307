import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpcs } from "@cdktf/provider-aws/lib/data-aws-vpcs";
import { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { checkProps } from "./check-props";
import { hcl } from "./expression";
import { regionRule, subnetIdsRules, vpcIdRule } from "./values";

/** Where to look for the VPC. */
export interface DefaultVpcProps {
  /** The region, for the command in the message that says that there is no default VPC. */
  readonly region: string;
  /** Another VPC than the default one, by id; needs `subnetIds`. @default - the region's default VPC */
  readonly vpcId?: string;
  /** With `vpcId`: its subnets to use, one a zone. @default - the default subnet of each zone */
  readonly subnetIds?: string[];
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
  /** How many different zones the subnets are in, as an expression. */
  readonly zoneCount: number;
  private readonly subnet: DataAwsSubnet;

  constructor(scope: Construct, id: string, props: DefaultVpcProps) {
    super(scope, id);
    const { region, vpcId, subnetIds } = props;
    checkProps(this, {
      region: [region, [regionRule]],
      vpcId: [vpcId, [vpcIdRule]],
      subnetIds: [subnetIds, subnetIdsRules],
    });

    // Plural, because the singular lookup of what is not there fails before any precondition could say what to do.
    // https://github.com/hashicorp/terraform-provider-aws/issues/21241
    const vpcs = new DataAwsVpcs(this, "resource", {
      filter: [vpcId ? { name: "vpc-id", values: [vpcId] } : { name: "is-default", values: ["true"] }],
    });
    this.vpcId = hcl`one(${vpcs.fqn}.ids)`.string;

    const found = new DataAwsSubnets(this, "subnets", {
      filter: [
        { name: "vpc-id", values: [this.vpcId] },
        subnetIds ? { name: "subnet-id", values: subnetIds } : { name: "default-for-az", values: ["true"] },
      ],
      lifecycle: {
        precondition: [
          {
            condition: hcl`length(${vpcs.fqn}.ids) == 1`.string,
            errorMessage: vpcId
              ? `There is no VPC ${vpcId} in ${region}. Set vpc_id to one of: aws ec2 describe-vpcs --region ${region} --query Vpcs[].VpcId`
              : `There is no default VPC in ${region}. Make one with: aws ec2 create-default-vpc --region ${region} (it costs nothing). Or name another VPC with the vpcId setting.`,
          },
        ],
        postcondition: subnetIds
          ? [
              {
                condition: hcl`length(setsubtract(${subnetIds}, self.ids)) == 0`.string,
                errorMessage: `These of subnet_ids are not in the VPC ${vpcId}: ${hcl`join(", ", setsubtract(${subnetIds}, self.ids))`}. List those that are: aws ec2 describe-subnets --region ${region} --filters Name=vpc-id,Values=${vpcId}`,
              },
            ]
          : undefined,
      },
    });
    const each = TerraformIterator.fromList(found.ids);
    this.subnet = new DataAwsSubnet(this, "subnet", { forEach: each, id: each.value });
    this.subnetIds = hcl`sort(keys(${this.subnet.fqn}))`.list;
    this.zoneCount = hcl`length(distinct([for subnet in ${this.subnet.fqn} : subnet.availability_zone]))`.number;
  }

  /** Those of the subnets that are in the given zones. @param zones names of zones, a list or an expression of one */
  subnetIdsIn(zones: string[]): string[] {
    return hcl`[for id in sort(keys(${this.subnet.fqn})) : id if contains(${zones}, ${this.subnet.fqn}[id].availability_zone)]`
      .list;
  }

  /** The zones that the subnets are in, sorted. */
  get zones(): string[] {
    return hcl`sort(distinct([for subnet in ${this.subnet.fqn} : subnet.availability_zone]))`.list;
  }
}
