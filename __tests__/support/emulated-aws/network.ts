import { EXAMPLE_FIXTURES } from "../examples";
import type { Answers } from "./clients";
import { isPublic } from "./compute";
import { blocks, type Resources, text, texts, type Values } from "./resources";

const EVERYTHING = { Protocol: "-1", RuleAction: "allow", RuleNumber: 100, CidrBlock: "0.0.0.0/0" } as const;

/**
 * The answers of VPCs, as AWS creates them: a main route table with an internet gateway, and a network ACL that allows everything.
 * Private instances have a route table with a NAT gateway, or with the gateway endpoint of S3.
 */
export function networkAnswers(resources: Resources): Answers {
  const endpoints = resources.of("aws_vpc_endpoint");
  const subnetsIn = (vpcId: string) =>
    [...new Set(resources.machines.map(({ subnet }) => subnet)), ...resources.of("aws_lb").flatMap(subnetsOf)].filter(
      (subnet) => resources.placeOf(subnet).vpcId === vpcId,
    );
  const privateIn = (vpcId: string) =>
    subnetsIn(vpcId).filter((subnet) =>
      resources.machines.some((machine) => machine.subnet === subnet && !isPublic(machine.template)),
    );
  return {
    DescribeSubnets: (input) => ({
      Subnets: filtered(input).map((SubnetId) => {
        const { zone, vpcId } = resources.placeOf(SubnetId);
        const CidrBlock = EXAMPLE_FIXTURES.otherVpcs?.includes(vpcId) ? "10.0.0.0/24" : "172.31.0.0/20";
        return { SubnetId, VpcId: vpcId, CidrBlock, AvailabilityZone: zone };
      }),
    }),
    DescribeRouteTables: (input) => ({
      RouteTables: filtered(input).flatMap((VpcId) => {
        const ofVpc = endpoints.filter((one) => text(one, "vpc_id") === VpcId);
        const [id = "rtb-private"] = ofVpc.flatMap((one) => texts(one, "route_table_ids"));
        const nat = ofVpc.length > 0 ? [] : [{ ...route("0.0.0.0/0"), NatGatewayId: "nat-1" }];
        return [
          {
            ...{ RouteTableId: "rtb-main", VpcId, Associations: [{ Main: true }] },
            Routes: [LOCAL, { ...route("0.0.0.0/0"), GatewayId: "igw-1" }],
          },
          {
            ...{ RouteTableId: id, VpcId, Routes: [LOCAL, ...nat] },
            Associations: privateIn(VpcId).map((SubnetId) => ({ SubnetId })),
          },
        ];
      }),
    }),
    DescribeNetworkAcls: (input) => ({
      NetworkAcls: filtered(input).map((VpcId) => ({
        ...{ NetworkAclId: "acl-1", VpcId, Associations: subnetsIn(VpcId).map((SubnetId) => ({ SubnetId })) },
        Entries: [true, false].map((Egress) => ({ ...EVERYTHING, Egress })),
      })),
    }),
    DescribeVpcEndpoints: (input) => ({
      VpcEndpoints: endpoints
        .filter((one) => filtered(input).includes(text(one, "vpc_id")))
        .map((one) => ({
          ...{ VpcEndpointId: one.id, VpcId: one.vpc_id, ServiceName: one.service_name, State: "available" },
          ...{ VpcEndpointType: one.vpc_endpoint_type, PrivateDnsEnabled: one.private_dns_enabled },
          ...{ RouteTableIds: texts(one, "route_table_ids") },
          Groups: texts(one, "security_group_ids").map((GroupId) => ({ GroupId })),
        })),
    }),
    DescribeVpcs: (input) => ({ Vpcs: filtered(input).map((VpcId) => ({ VpcId, DhcpOptionsId: "dopt-1" })) }),
    DescribeDhcpOptions: () => ({
      DhcpOptions: [
        {
          DhcpOptionsId: "dopt-1",
          DhcpConfigurations: [{ Key: "domain-name-servers", Values: [{ Value: "AmazonProvidedDNS" }] }],
        },
      ],
    }),
    DescribeVpcAttribute: () => ({ EnableDnsSupport: { Value: true }, EnableDnsHostnames: { Value: true } }),
    DescribeCertificate: ({ CertificateArn }) => ({
      Certificate: {
        ...{ CertificateArn, Status: "ISSUED", Type: "AMAZON_ISSUED", RenewalEligibility: "ELIGIBLE" },
        ...{ DomainName: "example.com", NotAfter: new Date(Date.now() + 300 * 24 * 3_600_000) },
      },
    }),
  };
}

const route = (DestinationCidrBlock: string) => ({ DestinationCidrBlock, State: "active" });
const LOCAL = { ...route("172.31.0.0/16"), GatewayId: "local" };

const subnetsOf = (balancer: Values): string[] => [
  ...texts(balancer, "subnets"),
  ...blocks(balancer, "subnet_mapping").map((mapping) => text(mapping, "subnet_id")),
];

/** Returns the values of the filter of a call. */
const filtered = (input: Values): string[] => blocks(input, "Filters").flatMap((filter) => texts(filter, "Values"));
