import { blockedPorts, entriesText, freeNumbers } from "../../../cli/doctor/checks/acl-ports";
import { aclsCheck } from "../../../cli/doctor/checks/acls";
import type { BalancerFacts, ServiceFacts, TargetGroupFacts } from "../../../cli/doctor/facts";
import type { AclEntry } from "../../../cli/doctor/network-facts";
import { acl, entry, instance, LAST } from "../../support/network";

type Facts = Parameters<typeof aclsCheck.decide>[0];

const tcp = (from: number, to: number, change: Partial<AclEntry> = {}) =>
  entry({ protocol: "tcp", from, to, ...change });
const HTTPS = { transport: "tcp", ports: { from: 443, to: 443 }, cidr: "0.0.0.0/0" } as const;

describe("the ports that a network ACL blocks", () => {
  it.each<[string, AclEntry[]]>([
    ["everything is allowed", [entry(), LAST]],
    ["the port is allowed", [tcp(443, 443), LAST]],
    ["a wider range is allowed", [tcp(1, 1024), LAST]],
    [
      "a part of the network is denied before",
      [tcp(443, 443, { number: 1, allows: false, cidr: "198.51.100.0/24" }), entry(), LAST],
    ],
    ["a part of the network is allowed, which can be enough", [tcp(443, 443, { cidr: "10.0.0.0/8" }), LAST]],
    [
      "another protocol is denied before",
      [tcp(443, 443, { number: 1, allows: false, protocol: "udp" }), entry(), LAST],
    ],
    ["a rule after the one that allows denies", [entry(), tcp(443, 443, { number: 200, allows: false })]],
  ])("are none if %s", (_, entries) => {
    expect(blockedPorts(entries, HTTPS)).toEqual([]);
  });

  it.each<[string, AclEntry[]]>([
    ["nothing is allowed", [LAST]],
    ["another port is allowed", [tcp(80, 80), LAST]],
    ["a rule with a lower number denies", [entry(), tcp(443, 443, { number: 99, allows: false })]],
    [
      "the rules are in another order than their numbers",
      [LAST, entry({ number: 2 }), entry({ number: 1, allows: false })],
    ],
  ])("are all if %s", (_, entries) => {
    expect(blockedPorts(entries, HTTPS)).toEqual([{ from: 443, to: 443 }]);
  });

  it("are the parts that no rule allows", () => {
    const entries = [tcp(1024, 30_000), tcp(2000, 2100, { number: 1, allows: false }), LAST];
    expect(blockedPorts(entries, { ...HTTPS, ports: { from: 1024, to: 65_535 } })).toEqual([
      { from: 2000, to: 2100 },
      { from: 30_001, to: 65_535 },
    ]);
  });

  it("depend on the network at the other end", () => {
    const entries = [tcp(443, 443, { cidr: "172.31.0.0/20" }), LAST];
    const wanted = (cidr?: string) => blockedPorts(entries, { transport: "tcp", ports: HTTPS.ports, cidr });
    expect(wanted("172.31.0.0/24")).toEqual([]);
    expect(wanted("172.31.16.0/20")).toEqual([HTTPS.ports]);
    // Clients of an unknown network can be in this one.
    expect(wanted()).toEqual([]);
  });

  it("get rules with free numbers before the one that denies", () => {
    const entries = [entry({ number: 98 }), tcp(443, 443, { number: 100, allows: false }), LAST];
    expect(freeNumbers(entries, HTTPS, 2)).toEqual([97, 99]);
    expect(freeNumbers([entry({ number: 1, allows: false })], HTTPS, 1)).toEqual([]);
    expect(freeNumbers([LAST], HTTPS, 1)).toEqual([32_766]);
  });

  it("are shown with the rules in order", () => {
    const one = acl({ inbound: [LAST, entry(), tcp(443, 443, { number: 1, allows: false })], outbound: [LAST] });
    expect(entriesText(one, "inbound")).toBe(
      "acl-1 inbound: 1 denies tcp 443 from 0.0.0.0/0, 100 allows everything from 0.0.0.0/0",
    );
    expect(entriesText(one, "outbound")).toBe("acl-1 outbound: allows nothing");
  });
});

const BALANCER: BalancerFacts = {
  ...{ arn: "arn:lb", name: "alb", zones: [], securityGroupIds: [], subnetCidrs: [], scheme: "internet-facing" },
  ...{ vpcId: "vpc-1", subnets: [{ id: "subnet-2", cidr: "172.31.16.0/20" }] },
};
const SERVICE: ServiceFacts = {
  ...{ name: "web", desired: 1, running: 1, pending: 0, targetGroupArns: ["arn:tg"], events: [], deployments: [] },
};
const GROUP: TargetGroupFacts = {
  ...{ arn: "arn:tg", name: "tg", balancerArns: ["arn:lb"], healthCheck: "HTTP /" },
  targets: [{ id: "i-1", port: 31001, state: "healthy", reason: "", description: "" }],
};
const NEAR = acl({ id: "acl-lb", subnetIds: ["subnet-2"] });
const FAR = acl({ id: "acl-i", subnetIds: ["subnet-1"] });

function decide(change: Partial<Facts>) {
  return aclsCheck.decide({
    ...{ region: "eu-west-1", running: [instance()], range: { from: 31000, to: 61000 }, services: [SERVICE] },
    ...{ targetGroups: [GROUP], balancers: [BALANCER], acls: [NEAR, FAR] },
    listeners: [
      {
        arn: "arn:l",
        balancerArn: "arn:lb",
        protocol: "HTTP",
        port: 80,
        isRedirect: false,
        targetGroupArns: ["arn:tg"],
      },
    ],
    subnets: [{ id: "subnet-1", vpcId: "vpc-1", cidr: "172.31.0.0/20" }],
    ...change,
  });
}
const problems = (change: Partial<Facts>) => decide(change).findings.map(({ problem }) => problem);

describe("the check of network ACLs", () => {
  it("finds nothing if they allow everything", () => {
    expect(decide({})).toEqual({ findings: [], notes: ["network ACL acl-i", "network ACL acl-lb"] });
  });

  it("finds the connections of instances to AWS, and the answers", () => {
    const { findings } = decide({
      acls: [
        NEAR,
        { ...FAR, outbound: [tcp(80, 80), entry({ cidr: "172.31.0.0/16", protocol: "tcp", from: 1024 }), LAST] },
      ],
    });
    expect(findings).toMatchObject([
      {
        cause: { id: "acl-blocks-aws" },
        problem: "The network ACL acl-i blocks outbound TCP ports 443, from the instances to AWS.",
        evidence: [
          "subnets subnet-1",
          "acl-i outbound: 100 allows tcp 80 to 0.0.0.0/0, 100 allows tcp 1024-65535 to 172.31.0.0/16",
        ],
        commands: [
          "aws ec2 create-network-acl-entry --region eu-west-1 --network-acl-id acl-i --rule-number 32766 --protocol tcp --port-range From=443,To=443 --cidr-block 0.0.0.0/0 --rule-action allow --egress",
        ],
        about: { instances: ["i-1"] },
      },
    ]);
    expect(problems({ acls: [NEAR, { ...FAR, inbound: [tcp(31_000, 40_000), LAST] }] })).toEqual([
      "The network ACL acl-i blocks inbound TCP ports 40001-60999, of answers from AWS to the instances.",
      "The network ACL acl-i blocks inbound TCP ports 40001-61000, from the load balancer alb to its targets.",
    ]);
  });

  it("finds the host ports at both ends, and the answers", () => {
    const closed = [tcp(443, 443), tcp(80, 80), LAST];
    expect(problems({ acls: [{ ...NEAR, outbound: closed }, FAR] })).toEqual([
      "The network ACL acl-lb blocks outbound TCP ports 31000-61000, from the load balancer alb to its targets.",
      "The network ACL acl-lb blocks outbound TCP ports 1024-65535, of answers of alb to clients.",
    ]);
    expect(problems({ acls: [{ ...NEAR, inbound: closed }, FAR] })).toEqual([
      "The network ACL acl-lb blocks inbound TCP ports 1024-65535, of answers to the load balancer alb.",
    ]);
    expect(problems({ acls: [NEAR, { ...FAR, inbound: [tcp(32_768, 60_999), LAST] }] })).toEqual([
      "The network ACL acl-i blocks inbound TCP ports 31000-32767, 61000, from the load balancer alb to its targets.",
    ]);
    expect(problems({ acls: [NEAR, { ...FAR, outbound: [tcp(443, 443), LAST] }] })).toEqual([
      "The network ACL acl-i blocks outbound TCP ports 1024-65535, of answers to the load balancer alb.",
    ]);
  });

  it("finds the ports of the listeners", () => {
    const { findings } = decide({ acls: [{ ...NEAR, inbound: [tcp(1024, 65_535), LAST] }, FAR] });
    expect(findings).toMatchObject([
      {
        cause: { id: "acl-blocks-clients" },
        problem: "The network ACL acl-lb blocks inbound TCP ports 80, from clients to the listener HTTP 80 of alb.",
        about: { balancers: ["arn:lb"] },
      },
    ]);
  });

  it("ignores traffic within a subnet", () => {
    const one = { ...FAR, inbound: [tcp(80, 80), tcp(32_768, 60_999), LAST] };
    const subnets = [{ id: "subnet-1", cidr: "172.31.0.0/20" }];
    expect(problems({ balancers: [{ ...BALANCER, subnets }], acls: [one] })).toEqual([]);
  });

  it("compares the ports of tasks in awsvpc mode in their own subnets", () => {
    const network = { securityGroupIds: [], ports: [3000], subnetIds: ["subnet-3"] };
    const change = {
      services: [{ ...SERVICE, network }],
      subnets: [{ id: "subnet-3", vpcId: "vpc-1", cidr: "172.31.32.0/20" }],
      acls: [NEAR, FAR, acl({ id: "acl-t", subnetIds: ["subnet-3"], inbound: [tcp(443, 443), LAST] })],
    };
    expect(problems(change)).toEqual([
      "The network ACL acl-t blocks inbound TCP ports 3000, from the load balancer alb to its targets.",
    ]);
  });

  it("gives a command for each network", () => {
    const subnets = [...(BALANCER.subnets ?? []), { id: "subnet-4", cidr: "172.31.48.0/20" }];
    const { findings } = decide({
      balancers: [{ ...BALANCER, subnets }],
      acls: [acl({ subnetIds: ["subnet-2", "subnet-4"] }), { ...FAR, inbound: [tcp(32_768, 60_999), LAST] }],
    });
    expect(findings.map(({ commands }) => commands)).toEqual([
      [
        expect.stringContaining(
          "--rule-number 32765 --protocol tcp --port-range From=31000,To=61000 --cidr-block 172.31.16.0/20",
        ),
        expect.stringContaining(
          "--rule-number 32766 --protocol tcp --port-range From=31000,To=61000 --cidr-block 172.31.48.0/20",
        ),
      ],
    ]);
  });
});
