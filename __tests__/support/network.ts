import type { InstanceFacts } from "../../cli/doctor/facts";
import type { AclEntry, AclFacts, EndpointFacts, RouteTableFacts } from "../../cli/doctor/network-facts";

/** Facts of a healthy network, which the tests of the doctor change. */

export const instance = (change: Partial<InstanceFacts> = {}): InstanceFacts => ({
  ...{ id: "i-1", state: "running", zone: "a", subnetId: "subnet-1", vpcId: "vpc-1", minutesOld: 60 },
  ...{ publicAddress: "203.0.113.7", imageId: "ami-1", securityGroupIds: ["sg-i"], template: "lt-1 1" },
  ...change,
});

/** A main route table with a route to each target: `{ "0.0.0.0/0": "igw-1" }`. A target that ends with `!` was deleted. */
export const table = (
  routes: Readonly<Record<string, string>>,
  subnetIds: readonly string[] = [],
): RouteTableFacts => ({
  ...{ id: "rtb-1", vpcId: "vpc-1", isMain: subnetIds.length === 0, subnetIds },
  routes: Object.entries({ "172.31.0.0/16": "local", ...routes }).map(([destination, target]) => ({
    ...{ destination, target: target.replace("!", ""), isBlackhole: target.endsWith("!") },
  })),
});

export const endpoint = (service: string, change: Partial<EndpointFacts> = {}): EndpointFacts => ({
  ...{ id: `vpce-${service}`, vpcId: "vpc-1", service, type: "Interface", state: "available", hasPrivateDns: true },
  ...{ securityGroupIds: ["sg-e"], routeTableIds: [] },
  ...change,
});

const EVERYTHING = { number: 100, allows: true, protocol: "-1", from: 0, to: 65535, cidr: "0.0.0.0/0" } as const;

/** A rule of a network ACL, which allows everything by default. */
export const entry = (change: Partial<AclEntry> = {}): AclEntry => ({ ...EVERYTHING, ...change });

/** The last rule of each network ACL. */
export const LAST = entry({ number: 32767, allows: false });

export const acl = (change: Partial<AclFacts> = {}): AclFacts => ({
  ...{ id: "acl-1", subnetIds: ["subnet-1", "subnet-2"], inbound: [entry(), LAST], outbound: [entry(), LAST] },
  ...change,
});
