import { fakeArn, fakeHexId } from "../plan/fake";
import type { ObjectValue } from "../wire/values";
import { type Question, zoneName, zoneNames } from "./fixtures";

/** The id of the default VPC. */
export const DEFAULT_VPC_ID = fakeHexId("vpc", "default");

/** Returns the id of a VPC's subnet in a zone. */
export function subnetId(vpcId: string, zone: string): string {
  return fakeHexId("subnet", `${vpcId} ${zone}`);
}

/** What the network depends on. */
type Network = Pick<Question, "fixtures" | "region">;

export function vpcs({ fixtures, region }: Network): ObjectValue[] {
  const place = { region, partition: fixtures.partition, account: fixtures.account };
  const ids = [...(fixtures.hasDefaultVpc ? [DEFAULT_VPC_ID] : []), ...fixtures.otherVpcs];
  return ids.map((id) => ({
    id,
    arn: fakeArn(place, "ec2", `vpc/${id}`),
    cidr_block: id === DEFAULT_VPC_ID ? "172.31.0.0/16" : "10.0.0.0/16",
    cidr_block_associations: [
      {
        association_id: fakeHexId("vpc-cidr-assoc", id),
        cidr_block: id === DEFAULT_VPC_ID ? "172.31.0.0/16" : "10.0.0.0/16",
        state: "associated",
      },
    ],
    default: id === DEFAULT_VPC_ID,
    state: "available",
    owner_id: fixtures.account,
    enable_dns_hostnames: true,
    enable_dns_support: true,
    instance_tenancy: "default",
    tags: {},
  }));
}

/** Returns the main route table of each VPC, which all its subnets use. */
export function routeTables(network: Network): ObjectValue[] {
  return vpcs(network).map(({ id }) => ({
    id: fakeHexId("rtb", `${String(id)} main`),
    vpc_id: String(id),
    "association.main": true,
    "association.subnet_id": "",
    tags: {},
  }));
}

export function subnets(question: Network): ObjectValue[] {
  const { fixtures, region } = question;
  const missing = fixtures.zonesWithoutSubnet.map((zone) => zoneName(zone, region));
  return vpcs(question).flatMap((vpc) =>
    zoneNames(question)
      .filter((zone) => !missing.includes(zone))
      .map((zone, index) => ({
        id: subnetId(String(vpc.id), zone),
        vpc_id: String(vpc.id),
        availability_zone: zone,
        availability_zone_id: `offline-az${index + 1}`,
        cidr_block: vpc.default ? `172.31.${index * 16}.0/20` : `10.0.${index}.0/24`,
        ipv6_cidr_block: fixtures.ipv6Subnets ? `2001:db8:0:${index}::/64` : "",
        available_ip_address_count: 4091,
        default_for_az: vpc.default ?? false,
        map_public_ip_on_launch: fixtures.publicSubnets,
        state: "available",
        owner_id: fixtures.account,
        tags: {},
      })),
  );
}
