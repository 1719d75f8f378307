import { endpointsCheck } from "../../../cli/doctor/checks/endpoints";
import type { RuleFacts } from "../../../cli/doctor/facts";
import type { EndpointFacts } from "../../../cli/doctor/network-facts";
import { endpoint, instance, table } from "../../support/network";

type Facts = Parameters<typeof endpointsCheck.decide>[0];

const rule = (change: Partial<RuleFacts> = {}): RuleFacts => ({
  ...{ protocol: "tcp", from: 443, to: 443, cidrs: [], groupIds: ["sg-i"], ...change },
});
const decide = ({ inbound = [rule()], ...change }: Partial<Facts> & { readonly inbound?: readonly RuleFacts[] }) =>
  endpointsCheck.decide({
    ...{ region: "eu-west-1", running: [instance()], connected: [], images: [], endpoints: [endpoint("ecs-agent")] },
    subnets: [{ id: "subnet-1", vpcId: "vpc-1", cidr: "172.31.0.0/20" }],
    groups: [{ id: "sg-e", inbound, outbound: [] }],
    tables: [table({ "0.0.0.0/0": "igw-1" })],
    ...change,
  });

describe("the security groups of endpoints", () => {
  it.each<[string, RuleFacts]>([
    ["the instances' group", rule()],
    ["all protocols", rule({ protocol: "-1", from: 0, to: 65_535 })],
    ["the network of the subnet", rule({ groupIds: [], cidrs: ["172.31.0.0/16"] })],
    ["a prefix list, whose networks are unknown", rule({ groupIds: [], prefixListIds: ["pl-1"] })],
  ])("admit the instances with a rule for %s", (_, one) => {
    expect(decide({ inbound: [one] }).findings).toEqual([]);
  });

  it.each<[string, RuleFacts]>([
    ["another port", rule({ from: 80, to: 80 })],
    ["another protocol", rule({ protocol: "udp" })],
    ["another group", rule({ groupIds: ["sg-other"] })],
    ["another network", rule({ groupIds: [], cidrs: ["172.31.16.0/20"] })],
  ])("do not admit them with a rule for %s", (_, one) => {
    expect(decide({ inbound: [one] }).findings).toMatchObject([
      {
        cause: { id: "endpoint-closed" },
        problem: "The security group of the VPC endpoint vpce-ecs-agent of ecs-agent does not admit i-1 on port 443.",
        evidence: ["sg-e: no inbound rule for TCP port 443 from sg-i"],
        commands: [
          "aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-e --protocol tcp --port 443 --source-group sg-i",
        ],
        about: { instances: ["i-1"] },
      },
    ]);
  });

  it.each<[string, EndpointFacts]>([
    ["no private DNS", endpoint("ecs-agent", { hasPrivateDns: false })],
    ["a service that not all instances use", endpoint("sqs")],
    ["images that nobody pulls", endpoint("ecr.dkr")],
    ["a VPC of its own", endpoint("ecs-agent", { vpcId: "vpc-2" })],
  ])("do not matter for an endpoint with %s", (_, one) => {
    expect(decide({ inbound: [], endpoints: [one] }).findings).toEqual([]);
  });

  it("matter for ECR if tasks have images there", () => {
    const images = ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1"];
    const { findings } = decide({ inbound: [], endpoints: [endpoint("ecr.dkr")], images });
    expect(findings.map(({ cause }) => cause.id)).toEqual(["endpoint-closed"]);
  });
});

describe("the state of endpoints", () => {
  it("is reported if it does not change by itself", () => {
    const { findings } = decide({ endpoints: [endpoint("ecs-agent", { state: "failed" })] });
    expect(findings).toMatchObject([
      {
        cause: { id: "endpoint-unavailable" },
        problem: "The VPC endpoint vpce-ecs-agent of ecs-agent is not available: failed.",
      },
    ]);
  });

  it.each(["pending", "deleting", "deleted"])("is no problem while it is %s", (state) => {
    expect(decide({ endpoints: [endpoint("ecs-agent", { state })] }).findings).toEqual([]);
  });

  it("is no problem beside another endpoint of the service", () => {
    const endpoints = [endpoint("ecs-agent", { state: "failed" }), endpoint("ecs-agent", { id: "vpce-2" })];
    expect(decide({ endpoints }).findings).toEqual([]);
  });
});

describe("the endpoints of instances without a route to the internet", () => {
  const OF_ECS = ["ecs", "ecs-agent", "ecs-telemetry"].map((service) => endpoint(service));
  const isolated = { tables: [table({})] };
  const images = ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1"];
  const OF_ECR = [
    ...["ecr.api", "ecr.dkr"].map((service) => endpoint(service)),
    endpoint("s3", { type: "Gateway", routeTableIds: ["rtb-1"] }),
  ];

  it.each<[string, Partial<Facts>]>([
    ["those of ECS", { endpoints: OF_ECS }],
    ["those of ECS and ECR for images there", { endpoints: [...OF_ECS, ...OF_ECR], images }],
    ["a route to another network", { ...{ tables: [table({ "10.0.0.0/8": "tgw-1" })] }, endpoints: OF_ECS.slice(1) }],
    ["connected agents, which a private hosted zone can serve", { endpoints: OF_ECS.slice(1), connected: ["i-1"] }],
    ["none, which the check of routes reports", { endpoints: [] }],
    ["tables that are unknown", { tables: undefined, endpoints: OF_ECS.slice(1) }],
  ])("are enough with %s", (_, change) => {
    expect(decide({ ...isolated, ...change }).findings).toEqual([]);
  });

  it.each<[string, Partial<Facts>, string, string[]]>([
    ["one of ECS", { endpoints: OF_ECS.slice(1) }, "ecs", []],
    [
      "private DNS",
      { endpoints: [...OF_ECS.slice(1), endpoint("ecs", { hasPrivateDns: false })] },
      "ecs",
      ["vpce-ecs of ecs: private DNS disabled"],
    ],
    [
      "the route to S3",
      {
        endpoints: [...OF_ECS, ...OF_ECR.slice(0, 2), endpoint("s3", { type: "Gateway", routeTableIds: ["rtb-9"] })],
        images,
      },
      "s3",
      ["vpce-s3 of s3: not in rtb-1"],
    ],
    ["those of ECR", { endpoints: OF_ECS, images }, "ecr.api, ecr.dkr, s3", []],
  ])("lack %s", (_, change, missing, evidence) => {
    expect(decide({ ...isolated, ...change }).findings).toMatchObject([
      {
        cause: { id: "endpoint-missing" },
        problem: `The instances in subnet-1 have no route to the internet, and no VPC endpoint for ${missing}.`,
        evidence: ["i-1 in subnet-1, rtb-1", ...evidence],
        about: { instances: ["i-1"] },
      },
    ]);
  });
});
