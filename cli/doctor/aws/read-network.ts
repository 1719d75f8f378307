import {
  DescribeInstanceStatusCommand,
  DescribeVpcAttributeCommand,
  type EC2Client,
  type NetworkAclEntry,
  paginateDescribeDhcpOptions,
  paginateDescribeNetworkAcls,
  paginateDescribeRouteTables,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcs,
  type Route,
} from "@aws-sdk/client-ec2";
import type {
  AclEntry,
  AclFacts,
  EndpointFacts,
  RouteFacts,
  RouteTableFacts,
  StatusFacts,
  SubnetFacts,
  VpcFacts,
} from "../network-facts";
import { allPages, inBatches } from "./paging";

/** The most values of a filter. */
const VALUES = 200;

const withValues = (Name: string, Values: string[]) => ({ Filters: [{ Name, Values }] });

export async function readSubnets(client: EC2Client, ids: readonly string[]): Promise<SubnetFacts[]> {
  const subnets = await inBatches(ids, VALUES, (batch) =>
    allPages(paginateDescribeSubnets({ client }, withValues("subnet-id", batch)), ({ Subnets }) => Subnets),
  );
  return subnets.map(({ SubnetId = "", VpcId = "", CidrBlock = "" }) => ({
    ...{ id: SubnetId, vpcId: VpcId, cidr: CidrBlock },
  }));
}

/** Reads the route tables of VPCs. */
export async function readRouteTables(client: EC2Client, vpcIds: readonly string[]): Promise<RouteTableFacts[]> {
  const tables = await inBatches(vpcIds, VALUES, (batch) =>
    allPages(paginateDescribeRouteTables({ client }, withValues("vpc-id", batch)), (page) => page.RouteTables),
  );
  return tables.map(({ RouteTableId = "", VpcId = "", Associations = [], Routes = [] }) => ({
    ...{ id: RouteTableId, vpcId: VpcId, isMain: Associations.some(({ Main }) => Main) },
    subnetIds: Associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    routes: Routes.map(routeFacts),
  }));
}

function routeFacts(route: Route): RouteFacts {
  const { DestinationCidrBlock: v4, DestinationIpv6CidrBlock: v6, DestinationPrefixListId: list, State } = route;
  const { GatewayId, NatGatewayId, TransitGatewayId, VpcPeeringConnectionId, NetworkInterfaceId } = route;
  const { EgressOnlyInternetGatewayId, LocalGatewayId, CarrierGatewayId, CoreNetworkArn, InstanceId } = route;
  const gateway = GatewayId ?? NatGatewayId ?? TransitGatewayId ?? VpcPeeringConnectionId;
  const other = EgressOnlyInternetGatewayId ?? LocalGatewayId ?? CarrierGatewayId ?? CoreNetworkArn;
  return {
    destination: v4 ?? v6 ?? list ?? "",
    target: gateway ?? other ?? NetworkInterfaceId ?? InstanceId ?? "another target",
    isBlackhole: State === "blackhole",
  };
}

/** Reads the network ACLs of VPCs. */
export async function readAcls(client: EC2Client, vpcIds: readonly string[]): Promise<AclFacts[]> {
  const acls = await inBatches(vpcIds, VALUES, (batch) =>
    allPages(paginateDescribeNetworkAcls({ client }, withValues("vpc-id", batch)), ({ NetworkAcls }) => NetworkAcls),
  );
  return acls.map(({ NetworkAclId = "", Associations = [], Entries = [] }) => ({
    id: NetworkAclId,
    subnetIds: Associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    inbound: Entries.filter(({ Egress }) => !Egress).flatMap(aclEntry),
    outbound: Entries.filter(({ Egress }) => Egress).flatMap(aclEntry),
  }));
}

/** The numbers of the protocols. https://www.iana.org/assignments/protocol-numbers */
const PROTOCOLS: Readonly<Record<string, string>> = { "-1": "-1", "6": "tcp", "17": "udp" };

function aclEntry({ RuleNumber = 0, RuleAction, Protocol = "-1", PortRange, CidrBlock }: NetworkAclEntry): AclEntry[] {
  const protocol = PROTOCOLS[Protocol];
  // Rules for IPv6 and for other protocols than TCP and UDP decide nothing here.
  if (protocol === undefined || CidrBlock === undefined) return [];
  const { From: from = 0, To: to = 65535 } = PortRange ?? {};
  return [{ number: RuleNumber, allows: RuleAction === "allow", protocol, from, to, cidr: CidrBlock }];
}

/** Reads the endpoints of VPCs for services of AWS. */
export async function readEndpoints(client: EC2Client, vpcIds: readonly string[]): Promise<EndpointFacts[]> {
  const endpoints = await inBatches(vpcIds, VALUES, (batch) =>
    allPages(paginateDescribeVpcEndpoints({ client }, withValues("vpc-id", batch)), (page) => page.VpcEndpoints),
  );
  return endpoints.flatMap(({ VpcEndpointId = "", VpcId = "", ServiceName = "", ...endpoint }) => {
    // com.amazonaws.REGION.ecr.api, and cn.com.amazonaws.REGION.ecr.api in China
    const [, service] = /^(?:cn[.])?com[.]amazonaws[.][a-z0-9-]+[.]([a-z0-9.-]+)$/.exec(ServiceName) ?? [];
    if (service === undefined) return [];
    return [
      {
        ...{ id: VpcEndpointId, vpcId: VpcId, service, type: endpoint.VpcEndpointType ?? "" },
        // The SDK's type has `Available`, and AWS returns `available`.
        state: (endpoint.State ?? "").toLowerCase(),
        hasPrivateDns: endpoint.PrivateDnsEnabled ?? false,
        securityGroupIds: (endpoint.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []).sort(),
        routeTableIds: endpoint.RouteTableIds ?? [],
      },
    ];
  });
}

/** Reads the DNS settings of VPCs. */
export async function readVpcs(client: EC2Client, ids: readonly string[]): Promise<VpcFacts[]> {
  const vpcs = await inBatches(ids, VALUES, (batch) =>
    allPages(paginateDescribeVpcs({ client }, withValues("vpc-id", batch)), ({ Vpcs }) => Vpcs),
  );
  const optionIds = vpcs.flatMap(({ DhcpOptionsId }) => (/^dopt-/.test(DhcpOptionsId ?? "") ? [DhcpOptionsId] : []));
  const options = await inBatches([...new Set(optionIds as string[])], VALUES, (batch) =>
    allPages(
      paginateDescribeDhcpOptions({ client }, withValues("dhcp-options-id", batch)),
      ({ DhcpOptions }) => DhcpOptions,
    ),
  );
  const serversOf = (id: string | undefined) =>
    options
      .filter(({ DhcpOptionsId }) => DhcpOptionsId === id)
      .flatMap(({ DhcpConfigurations = [] }) => DhcpConfigurations)
      .filter(({ Key }) => Key === "domain-name-servers")
      .flatMap(({ Values = [] }) => Values.flatMap(({ Value }) => Value ?? []))
      .filter((server) => server !== "AmazonProvidedDNS");
  return Promise.all(
    vpcs.map(async ({ VpcId = "", DhcpOptionsId }) => {
      const support = await client.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: "enableDnsSupport" }));
      const hostnames = await client.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: "enableDnsHostnames" }));
      return {
        id: VpcId,
        dnsSupport: support.EnableDnsSupport?.Value ?? true,
        dnsHostnames: hostnames.EnableDnsHostnames?.Value ?? true,
        ownDnsServers: serversOf(DhcpOptionsId),
      };
    }),
  );
}

/** Reads the results of the status checks of running instances, and the scheduled events. */
export async function readStatuses(client: EC2Client, ids: readonly string[]): Promise<StatusFacts[]> {
  const statuses = await inBatches(ids, 100, async (InstanceIds) => {
    const answer = await client.send(new DescribeInstanceStatusCommand({ InstanceIds }));
    return answer.InstanceStatuses;
  });
  return statuses.map(({ InstanceId = "", SystemStatus, InstanceStatus, AttachedEbsStatus, Events = [] }) => ({
    instanceId: InstanceId,
    system: SystemStatus?.Status ?? "",
    instance: InstanceStatus?.Status ?? "",
    volumes: AttachedEbsStatus?.Status ?? "",
    events: Events.filter(({ Description = "" }) => !/^\[(Completed|Canceled)\]/.test(Description)).map(
      ({ Code = "", NotBefore }) => (NotBefore ? `${Code} from ${NotBefore.toISOString()}` : Code),
    ),
  }));
}
