import { routesCheck } from "../../../cli/doctor/checks/routes";
import type { BalancerFacts } from "../../../cli/doctor/facts";
import { SAMPLE } from "../../support/fake-account";
import { endpoint, instance, table } from "../../support/network";

type Facts = Parameters<typeof routesCheck.decide>[0];

const ENDPOINTS = ["ecs", "ecs-agent", "ecs-telemetry"].map((service) => endpoint(service));
const HIDDEN = instance({ publicAddress: undefined });

function decide(change: Partial<Facts>) {
  return routesCheck.decide({
    ...{ region: "eu-west-1", running: [instance()], connected: [], proxied: [], balancers: [], endpoints: [] },
    tables: [table({ "0.0.0.0/0": "igw-1" })],
    ...change,
  });
}
const causes = (change: Partial<Facts>) => decide(change).findings.map(({ cause }) => cause.id);
const balancer = (change: Partial<BalancerFacts> = {}): BalancerFacts => ({
  ...{ arn: "arn:lb", name: "alb", zones: [], securityGroupIds: [], subnetCidrs: [], vpcId: "vpc-1" },
  ...{ scheme: "internet-facing", subnets: [{ id: "subnet-9", cidr: "172.31.0.0/20" }] },
  ...change,
});

describe("the routes of instances", () => {
  it.each<[string, Partial<Facts>]>([
    ["an internet gateway and public addresses", {}],
    ["a NAT gateway", { running: [HIDDEN], tables: [table({ "0.0.0.0/0": "nat-1" })] }],
    ["a transit gateway", { running: [HIDDEN], tables: [table({ "0.0.0.0/0": "tgw-1" })] }],
    ["the endpoints of ECS", { running: [HIDDEN], tables: [table({})], endpoints: ENDPOINTS }],
    [
      "an IPv6 address and its route",
      { running: [instance({ publicAddress: undefined, hasIpv6: true })], tables: [table({ "::/0": "eigw-1" })] },
    ],
    ["a proxy in the user data", { running: [HIDDEN], tables: [table({})], proxied: ["i-1"] }],
    [
      "connected agents and another route",
      { running: [HIDDEN], tables: [table({ "10.0.0.0/8": "tgw-1" })], connected: ["i-1"] },
    ],
    ["some endpoints, which another check reports", { tables: [table({})], endpoints: ENDPOINTS.slice(1) }],
    ["endpoints that are unknown", { running: [HIDDEN], tables: [table({})], endpoints: undefined }],
    [
      "a table of their own",
      { tables: [table({ "0.0.0.0/0": "igw-1!" }), table({ "0.0.0.0/0": "igw-1" }, ["subnet-1"])] },
    ],
    [
      "the main table of their own VPC",
      { tables: [{ ...table({}), vpcId: "vpc-2" }, table({ "0.0.0.0/0": "igw-1" })] },
    ],
  ])("are complete with %s", (_, change) => {
    expect(causes(change)).toEqual([]);
  });

  it("end in a gateway that was deleted", () => {
    const { findings } = decide({ tables: [table({ "0.0.0.0/0": "nat-1!" })], endpoints: ENDPOINTS });
    expect(findings).toMatchObject([
      {
        cause: { id: "route-blackhole" },
        problem: "The route of subnet-1 to the internet is a blackhole: nat-1 was deleted.",
        evidence: ["i-1 in subnet-1", "rtb-1: 172.31.0.0/16 to local, 0.0.0.0/0 to nat-1 (blackhole)"],
        commands: [
          "aws ec2 replace-route --region eu-west-1 --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0 --nat-gateway-id GATEWAY",
        ],
      },
    ]);
  });

  it.each<[string, Partial<Facts>]>([
    ["no route", { tables: [table({})] }],
    [
      "endpoints without private DNS",
      { tables: [table({})], endpoints: ENDPOINTS.map((one) => ({ ...one, hasPrivateDns: false })) },
    ],
    [
      "endpoints of another VPC",
      { tables: [table({})], endpoints: ENDPOINTS.map((one) => ({ ...one, vpcId: "vpc-2" })) },
    ],
    [
      "endpoints that are not available",
      { tables: [table({})], endpoints: ENDPOINTS.map((one) => ({ ...one, state: "failed" })) },
    ],
    ["a route to another network, and agents that are not connected", { tables: [table({ "10.0.0.0/8": "tgw-1" })] }],
  ])("do not reach ECS with %s", (_, change) => {
    const { findings } = decide(change);
    expect(findings).toMatchObject([
      {
        cause: { id: "route-missing" },
        problem: "The subnet subnet-1 has no route to the internet, and vpc-1 has no endpoints for ECS.",
        commands: [expect.stringMatching(/^aws ec2 create-route .*--route-table-id rtb-1 .*--gateway-id GATEWAY$/)],
      },
    ]);
  });

  it("need a public address with an internet gateway", () => {
    const { findings } = decide({ running: [instance({ id: "i-0" }), HIDDEN] });
    expect(findings).toMatchObject([
      {
        cause: { id: "public-address-missing" },
        problem: "The route of subnet-1 is an internet gateway, and i-1 has no public address.",
        about: { instances: ["i-1"] },
      },
    ]);
  });

  it("read the user data of one instance of each template", async () => {
    const read: string[] = [];
    const facts = await routesCheck.read(
      {
        ...SAMPLE,
        instances: async () => [instance(), instance({ id: "i-2" }), instance({ id: "i-3", template: "lt-2 1" })],
        userData: async (id) => {
          read.push(id);
          return id === "i-1" ? "HTTPS_PROXY=http://proxy:3128" : "";
        },
      },
      (part) => part,
    );
    expect(read).toEqual(["i-1", "i-3"]);
    expect(facts.proxied).toEqual(["i-1", "i-2"]);
  });
});

describe("the routes of a load balancer", () => {
  it.each<[string, Partial<BalancerFacts>, Record<string, string>]>([
    ["has an internet gateway", {}, { "0.0.0.0/0": "igw-1" }],
    ["has a firewall", {}, { "0.0.0.0/0": "vpce-1" }],
    ["is internal", { scheme: "internal" }, {}],
  ])("are complete if it %s", (_, change, routes) => {
    expect(causes({ running: [], balancers: [balancer(change)], tables: [table(routes)] })).toEqual([]);
  });

  it.each<[Record<string, string>, string]>([
    [{}, "create-route"],
    [{ "0.0.0.0/0": "nat-1" }, "replace-route"],
    [{ "0.0.0.0/0": "igw-1!" }, "replace-route"],
  ])("lack an internet gateway with %j", (routes, verb) => {
    const { findings } = decide({ running: [], balancers: [balancer()], tables: [table(routes)] });
    expect(findings).toMatchObject([
      {
        cause: { id: "balancer-route-missing" },
        problem: "The subnet subnet-9 of the internet-facing load balancer alb has no route to an internet gateway.",
        commands: [
          `aws ec2 ${verb} --region eu-west-1 --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0 --gateway-id INTERNET_GATEWAY`,
        ],
        about: { balancers: ["arn:lb"] },
      },
    ]);
  });
});
