import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpcs } from "@cdktf/provider-aws/lib/data-aws-vpcs";
import { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { ownResource } from "../terraform/own-resource";
import { regionRule } from "../validation/aws-rules";
import type { Problem } from "../validation/problem";
import { distinctElements, each, matches, type Rule } from "../validation/rule";
import { boolean, custom, interfaceOf, list, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { throwIfInvalid, validate } from "../validation/validate";

/** Selects a VPC and its subnets. */
export interface DefaultVpcProps {
  /** The region. Messages show it in commands. */
  readonly region: string;
  /** The id of another VPC than the default one. It requires `subnetIds`. @default - the region's default VPC */
  readonly vpcId?: string;
  /** The subnets of `vpcId` to use, one per zone. @default - the default subnet of each zone */
  readonly subnetIds?: readonly string[];
  /**
   * Private subnets for the instances. They need a NAT gateway or VPC endpoints to reach ECS.
   * @default - the instances use the other subnets
   */
  readonly privateSubnetIds?: readonly string[];
}

export const vpcIdRule = matches(
  "^vpc-[0-9a-f]{8,17}$",
  "be the id of a VPC",
  "List the VPCs: aws ec2 describe-vpcs --query Vpcs[].VpcId",
);

export const subnetIdsRules: readonly Rule<readonly string[]>[] = [
  distinctElements(1, 100, "subnets", "Give one subnet per zone. A load balancer needs subnets in two zones."),
  each(
    matches(
      "^subnet-[0-9a-f]{8,17}$",
      "be ids of subnets",
      "List the subnets: aws ec2 describe-subnets --query Subnets[].SubnetId",
    ),
  ),
];

const subnetIds = list(string(), ...subnetIdsRules).optional();

export const defaultVpcPropsSchema = schemaOf<DefaultVpcProps>()(
  {
    region: string(regionRule),
    vpcId: string(vpcIdRule).optional(),
    subnetIds,
    privateSubnetIds: subnetIds,
  },
  vpcIdWithSubnetIds,
);

function* vpcIdWithSubnetIds(_: Known<DefaultVpcProps>, given: Given<DefaultVpcProps>): Findings<DefaultVpcProps> {
  if (given("vpcId") === given("subnetIds")) return;
  const [at, other] = given("vpcId") ? (["vpcId", "subnetIds"] as const) : (["subnetIds", "vpcId"] as const);
  yield { at, must: `be set together with ${other}`, fix: "Set both, or neither to use the default VPC." };
}

/**
 * Looks up the region's default VPC and its default subnets. It creates nothing. In an account without a default VPC, the
 * plan fails with the command that creates one.
 */
export class DefaultVpc extends Construct {
  /** The VPC's id. */
  readonly vpcId: string;
  /** The ids of the subnets, one per zone. */
  readonly subnetIds: string[];
  /** Whether the instances use private subnets, and so have no public addresses. */
  readonly hasPrivateSubnets: boolean;
  /** The number of different zones that the subnets are in. */
  readonly zoneCount: number;
  private readonly subnet: DataAwsSubnet;
  private readonly instanceSubnet: DataAwsSubnet;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: DefaultVpcProps) {
    super(scope, id);
    const { region, vpcId, subnetIds, privateSubnetIds } = validate(this, defaultVpcPropsSchema, props);
    throwIfInvalid(this, idsKnownLater(this, { vpcId, subnetIds, privateSubnetIds }));

    // Plural, because the singular data source fails for a missing VPC before a precondition can show the fix.
    // https://github.com/hashicorp/terraform-provider-aws/issues/21241
    const vpcs = new DataAwsVpcs(this, "resource", {
      filter: [vpcId === undefined ? { name: "is-default", values: ["true"] } : { name: "vpc-id", values: [vpcId] }],
    });
    this.node.defaultChild = vpcs;
    this.vpcId = hcl`one(${vpcs.fqn}.ids)`.string;

    const exists = {
      condition: hcl`length(${vpcs.fqn}.ids) == 1`.string,
      errorMessage:
        vpcId === undefined
          ? `There is no default VPC in ${region}. Create one, which costs nothing: aws ec2 create-default-vpc --region ${region}. Or set vpcId to use another VPC.`
          : `There is no VPC ${vpcId} in ${region}. Set vpc_id to one of: aws ec2 describe-vpcs --region ${region} --query Vpcs[].VpcId`,
    };
    const lookUp = (subnetsId: string, subnetId: string, variable: string, ids?: readonly string[]) => {
      const found = new DataAwsSubnets(this, subnetsId, {
        filter: [
          { name: "vpc-id", values: [this.vpcId] },
          ids ? { name: "subnet-id", values: [...ids] } : { name: "default-for-az", values: ["true"] },
        ],
        lifecycle: {
          precondition: [exists],
          postcondition: ids && [
            {
              condition: hcl`length(setsubtract(${ids}, self.ids)) == 0`.string,
              errorMessage: `The VPC ${this.vpcId} does not have these subnets of ${variable}: ${hcl`join(", ", setsubtract(${ids}, self.ids))`}. List its subnets: aws ec2 describe-subnets --region ${region} --filters Name=vpc-id,Values=${this.vpcId}`,
            },
          ],
        },
      });
      const eachSubnet = TerraformIterator.fromList(found.ids);
      return new DataAwsSubnet(this, subnetId, { forEach: eachSubnet, id: eachSubnet.value });
    };
    this.subnet = lookUp("subnets", "subnet", "subnet_ids", subnetIds);
    this.subnetIds = hcl`sort(keys(${this.subnet.fqn}))`.list;
    this.zoneCount = hcl`length(distinct([for subnet in ${this.subnet.fqn} : subnet.availability_zone]))`.number;
    this.hasPrivateSubnets = privateSubnetIds !== undefined;
    this.instanceSubnet = privateSubnetIds
      ? lookUp("private_subnets", "private_subnet", "private_subnet_ids", privateSubnetIds)
      : this.subnet;
  }

  /** Returns the instances' subnets that are in the given zones. @param zones names of zones: a list, or an expression */
  instanceSubnetIdsIn(zones: string[]): string[] {
    const subnet = this.instanceSubnet.fqn;
    return hcl`[for id in sort(keys(${subnet})) : id if contains(${zones}, ${subnet}[id].availability_zone)]`.list;
  }

  /** The ids of the instances' subnets, sorted. */
  get instanceSubnetIds(): string[] {
    return hcl`sort(keys(${this.instanceSubnet.fqn}))`.list;
  }

  /** One of the instances' subnets per zone, for resources that can exist once per zone, such as mount targets of EFS. */
  get instanceSubnetIdPerZone(): string[] {
    const subnet = this.instanceSubnet.fqn;
    return hcl`[for zone, ids in { for id in sort(keys(${subnet})) : ${subnet}[id].availability_zone => id... } : ids[0]]`
      .list;
  }

  /** The subnets by the name of their zone, for static addresses of a load balancer. */
  get subnetIdByZone(): { [zone: string]: string } {
    return byZone(this.subnet);
  }

  /** One of the instances' subnets for each zone, by the name of the zone. */
  get instanceSubnetIdByZone(): { [zone: string]: string } {
    return byZone(this.instanceSubnet);
  }

  /** The subnets without an IPv6 network. A load balancer with IPv6 addresses needs one in each subnet. */
  get subnetIdsWithoutIpv6(): string[] {
    return withoutIpv6(this.subnet);
  }

  /** The instances' subnets without an IPv6 network. */
  get instanceSubnetIdsWithoutIpv6(): string[] {
    return withoutIpv6(this.instanceSubnet);
  }

  /** The zones of the load balancer's subnets, sorted. */
  get zones(): string[] {
    return zonesOf(this.subnet);
  }

  /** The zones of the instances' subnets, sorted. */
  get instanceZones(): string[] {
    return zonesOf(this.instanceSubnet);
  }
}

/** The subnets are the keys of a `for_each`, which Terraform must know at plan. */
function idsKnownLater(scope: Construct, ids: Readonly<Record<string, unknown>>): Problem[] {
  return Object.entries(ids).flatMap(([path, value]) => {
    const resource = ownResource(scope, value);
    if (resource === undefined) return [];
    const rule = "must be known before the plan";
    const fix = "Create the VPC in another stack, and apply that stack first. Or set the ids themselves.";
    return [{ path, rule, received: `a reference to ${resource} of the same stack`, fix }];
  });
}

function zonesOf(subnet: DataAwsSubnet): string[] {
  return hcl`sort(distinct([for subnet in ${subnet.fqn} : subnet.availability_zone]))`.list;
}

function byZone({ fqn }: DataAwsSubnet): { [zone: string]: string } {
  return hcl`{ for zone, ids in { for id in sort(keys(${fqn})) : ${fqn}[id].availability_zone => id... } : zone => ids[0] }`
    .map;
}

function withoutIpv6({ fqn }: DataAwsSubnet): string[] {
  return hcl`[for id in sort(keys(${fqn})) : id if try(length(${fqn}[id].ipv6_cidr_block), 0) == 0]`.list;
}

const FIX = "Use a DefaultVpc construct.";
// CDKTF's resources accept only mutable lists.
const names = list(string()).with<string[], string[]>({});

/** The field of a `vpc` property that needs only the VPC's id. */
export const vpcField = interfaceOf<Pick<DefaultVpc, "vpcId">>("a VPC", FIX)({ vpcId: string() });

/** The field of a cluster's VPC. Tasks in awsvpc mode need the instances' subnets. */
export const clusterVpcField = interfaceOf<
  Pick<DefaultVpc, "vpcId"> & Partial<Pick<DefaultVpc, "instanceSubnetIds" | "hasPrivateSubnets">>
>(
  "a VPC",
  FIX,
)({ vpcId: string(), instanceSubnetIds: names.optional(), hasPrivateSubnets: plain(boolean()).optional() });

/** The field of a `vpc` property that needs its subnets too. */
export const defaultVpcField = interfaceOf<DefaultVpc>(
  "a VPC",
  FIX,
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
    FIX,
    (value) => typeof value === "function",
  ),
});
