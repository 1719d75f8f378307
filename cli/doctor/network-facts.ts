/** What the doctor reads from the network of an account, as plain objects. */

export interface SubnetFacts {
  readonly id: string;
  readonly vpcId: string;
  /** Its IPv4 CIDR block. */
  readonly cidr: string;
}

export interface RouteTableFacts {
  readonly id: string;
  readonly vpcId: string;
  /** Whether it is the table of the subnets that no table names. */
  readonly isMain: boolean;
  readonly subnetIds: readonly string[];
  readonly routes: readonly RouteFacts[];
}

export interface RouteFacts {
  /** A CIDR block, or the ID of a prefix list. */
  readonly destination: string;
  /** Such as `local`, `igw-1`, `nat-1`, `vpce-1` or `tgw-1`. */
  readonly target: string;
  /** Whether its target was deleted. */
  readonly isBlackhole: boolean;
}

export interface AclFacts {
  readonly id: string;
  readonly subnetIds: readonly string[];
  readonly inbound: readonly AclEntry[];
  readonly outbound: readonly AclEntry[];
}

/** A rule of a network ACL for an IPv4 network. */
export interface AclEntry {
  /** The first rule that matches counts, in the order of the numbers. */
  readonly number: number;
  readonly allows: boolean;
  /** tcp, udp, or -1 for all protocols. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly cidr: string;
}

export interface EndpointFacts {
  readonly id: string;
  readonly vpcId: string;
  /** The name of the service without the region: `ecs-agent`, `ecr.api`, `s3`. */
  readonly service: string;
  /** Interface, Gateway or another type. */
  readonly type: string;
  /** `available`, or why it does not work: `pending`, `failed`, `rejected`. */
  readonly state: string;
  /** Whether the name of the service resolves to the endpoint. */
  readonly hasPrivateDns: boolean;
  readonly securityGroupIds: readonly string[];
  /** The route tables of a gateway endpoint. */
  readonly routeTableIds: readonly string[];
}

export interface VpcFacts {
  readonly id: string;
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  /** The DNS servers of the DHCP options, in place of Amazon's. */
  readonly ownDnsServers: readonly string[];
}

export interface StatusFacts {
  readonly instanceId: string;
  /** `ok`, `impaired`, `initializing`, `insufficient-data` or `not-applicable`. */
  readonly system: string;
  readonly instance: string;
  readonly volumes: string;
  /** The scheduled events, such as `instance-retirement on 2026-12-01`. */
  readonly events: readonly string[];
}
