import { listenersCheck } from "../../../cli/doctor/checks/listeners";
import type { ListenerFacts, RuleFacts } from "../../../cli/doctor/facts";
import { SAMPLE } from "../../support/fake-account";

const listener = (over: Partial<ListenerFacts> = {}): ListenerFacts => ({
  ...{ arn: "arn:listener/80", balancerArn: "arn:lb", protocol: "HTTP", port: 80 },
  ...{ isRedirect: false, targetGroupArns: ["arn:tg"], ...over },
});

const HTTPS = listener({ arn: "arn:listener/443", protocol: "HTTPS", port: 443, targetGroupArns: [] });

const inbound = (from: number, to: number, protocol = "tcp"): RuleFacts => ({
  ...{ protocol, from, to, groupIds: [], cidrs: ["0.0.0.0/0"] },
});

async function decide(
  listeners: readonly ListenerFacts[],
  rules: readonly RuleFacts[],
  securityGroupIds = ["sg-lb"],
  scheme = "internet-facing",
) {
  const [balancer] = await SAMPLE.balancers();
  const [service] = await SAMPLE.services();
  if (!balancer || !service) throw new Error("sample");
  const { findings, notes } = listenersCheck.decide({
    region: "eu-west-1",
    services: [{ ...service, targetGroupArns: ["arn:tg"] }],
    balancers: [{ ...balancer, securityGroupIds, scheme }],
    listeners,
    groups: [{ id: "sg-lb", inbound: rules, outbound: [] }],
  });
  return { problems: findings.map(({ problem }) => problem), notes, commands: findings.flatMap((one) => one.commands) };
}

describe("listenersCheck", () => {
  test.each<[string, RuleFacts]>([
    ["the port", inbound(80, 80)],
    ["a range around the port", inbound(1, 1024)],
    ["all protocols", inbound(0, 0, "-1")],
  ])("finds nothing with a rule for %s", async (_, rule) => {
    expect(await decide([listener()], [rule])).toEqual({
      ...{ problems: [], commands: [], notes: ["ecs-alb HTTP 80: web"] },
    });
  });

  test("finds a listener that no rule admits clients to", async () => {
    const { problems, commands } = await decide([listener(), HTTPS], [inbound(80, 80), inbound(443, 443, "icmp")]);
    expect(problems).toEqual([
      "The security group of the load balancer ecs-alb admits nobody to its listener HTTPS 443.",
    ]);
    expect(commands).toEqual([
      "aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-lb --protocol tcp --port 443 --cidr NETWORK",
    ]);
  });

  test("finds the protocol that no rule admits to a listener of a Network Load Balancer", async () => {
    const dns = listener({ protocol: "TCP_UDP", port: 53 });
    const { problems, commands } = await decide([dns], [inbound(53, 53)]);
    expect(problems).toEqual([
      "The security group of the load balancer ecs-alb admits nobody to its listener TCP_UDP 53.",
    ]);
    expect(commands).toEqual([
      "aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-lb --protocol udp --port 53 --cidr NETWORK",
    ]);
    expect((await decide([dns], [inbound(53, 53), inbound(53, 53, "udp")])).problems).toEqual([]);
  });

  const from = (change: Partial<RuleFacts>) => ({ ...inbound(80, 80), cidrs: [], ...change });

  test.each<[string, Partial<RuleFacts>[]]>([
    ["a public network", [{ cidrs: ["10.0.0.0/8", "203.0.113.0/24"] }]],
    ["a public network of IPv6", [{ cidrs: ["10.0.0.0/8"] }, { ipv6Cidrs: ["::/0"] }]],
    ["a prefix list, such as that of CloudFront", [{ prefixListIds: ["pl-1"] }]],
    ["another group, such as that of Global Accelerator", [{ groupIds: ["sg-1"] }]],
  ])("finds nothing with a rule for %s", async (_, rules) => {
    expect((await decide([listener()], rules.map(from))).problems).toEqual([]);
  });

  test("finds nothing with private networks of an internal load balancer", async () => {
    const rules = [from({ cidrs: ["10.0.0.0/8"] })];
    expect((await decide([listener()], rules, ["sg-lb"], "internal")).problems).toEqual([]);
  });

  test("finds an internet-facing load balancer that admits only private networks", async () => {
    const rules = [from({ cidrs: ["10.0.0.0/8", "172.31.0.0/16"] }), from({ ipv6Cidrs: ["fd00::/8"] })];
    const { problems, commands } = await decide([listener()], rules);
    expect(problems).toEqual([
      "The security group of the internet-facing load balancer ecs-alb admits only private networks to its listener HTTP 80.",
    ]);
    expect(commands).toEqual([
      "aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-lb --protocol tcp --port 80 --cidr NETWORK",
    ]);
  });

  test("ignores a load balancer without a security group", async () => {
    expect((await decide([listener()], [], [])).problems).toEqual([]);
  });

  test("finds a service whose rules are only on the listener that redirects", async () => {
    const { problems } = await decide([listener({ isRedirect: true }), HTTPS], [inbound(0, 0, "-1")]);
    expect(problems).toEqual([
      "The rules of the service web are on the listener HTTP 80 of ecs-alb, which redirects other requests. Requests to HTTPS 443 do not reach the service.",
    ]);
  });

  test.each<[string, ListenerFacts[]]>([
    [
      "the HTTPS listener has the rules",
      [listener({ isRedirect: true, targetGroupArns: [] }), { ...HTTPS, targetGroupArns: ["arn:tg"] }],
    ],
    ["both listeners have them", [listener({ isRedirect: true }), { ...HTTPS, targetGroupArns: ["arn:tg"] }]],
    ["the load balancer has no other listener", [listener({ isRedirect: true })]],
    ["the service has no rule on it", [listener({ isRedirect: true, targetGroupArns: [] }), HTTPS]],
  ])("finds nothing when %s", async (_, listeners) => {
    expect((await decide(listeners, [inbound(0, 0, "-1")])).problems).toEqual([]);
  });

  test("names listeners without a service of the cluster", async () => {
    expect((await decide([HTTPS], [inbound(443, 443)])).notes).toEqual([
      "ecs-alb HTTPS 443: no service of the cluster",
    ]);
  });
});
