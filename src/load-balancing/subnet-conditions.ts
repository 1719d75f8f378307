import type { DefaultVpc } from "../network/default-vpc";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";

const IPV6 =
  "Associate an IPv6 network with each of them (aws ec2 associate-vpc-cidr-block --amazon-provided-ipv6-cidr-block, then aws ec2 associate-subnet-cidr-block), or set dualStack to false.";

/** Returns a guard against subnets without an IPv6 network. @param subnets the subnets without one. Undefined if unknown. */
export const ipv6Conditions = (subnets: string[] | undefined, of: string): Guard[] =>
  subnets === undefined
    ? []
    : [
        {
          condition: hcl`length(${subnets}) == 0`.string,
          errorMessage: `A load balancer with dualStack needs an IPv6 network in each ${of}; received none in ${hcl`join(", ", ${subnets})`}. ${IPV6}`,
        },
      ];

/** Returns a guard against two subnets of a zone. */
export const oneSubnetPerZone = (vpc: Pick<DefaultVpc, "zoneCount" | "subnetIds" | "zones">): Guard => ({
  condition: hcl`${vpc.zoneCount} == length(${vpc.subnetIds})`.string,
  errorMessage: `The load balancer needs exactly one subnet in each zone; received ${hcl`length(${vpc.subnetIds})`} subnets in ${hcl`join(", ", ${vpc.zones})`}. Set subnet_ids to one subnet of each zone.`,
});
