import { agentRange, portsText, uncovered } from "../../../cli/doctor/checks/port-ranges";
import { portsCheck } from "../../../cli/doctor/checks/ports";
import type { BalancerFacts, RuleFacts, ServiceFacts, TargetGroupFacts } from "../../../cli/doctor/facts";
import { SAMPLE } from "../../support/fake-account";

const rule = (from: number, to: number, more: Partial<RuleFacts> = {}): RuleFacts => ({
  ...{ protocol: "tcp", from, to, cidrs: [], groupIds: [] },
  ...more,
});
const everywhere = rule(0, 65535, { protocol: "-1", cidrs: ["0.0.0.0/0"] });
const fromBalancer = { groupIds: ["sg-lb"] };

function decide(inbound: readonly RuleFacts[], outbound: readonly RuleFacts[] = [everywhere], out = [everywhere]) {
  const userData = "ECS_DYNAMIC_HOST_PORT_RANGE=31000-61000";
  const subnetCidrs = ["172.31.0.0/20", "172.31.16.0/20"];
  return portsCheck.decide({
    region: "eu-west-1",
    kinds: [{ instanceId: "i-1", securityGroupIds: ["sg-i"], userData }],
    balancers: [{ arn: "arn", name: "alb", zones: ["a", "b"], securityGroupIds: ["sg-lb"], subnetCidrs }],
    groups: [
      { id: "sg-i", inbound, outbound: out },
      { id: "sg-lb", inbound: [], outbound },
    ],
  });
}
const problems = (...args: Parameters<typeof decide>) => decide(...args).findings.map(({ problem }) => problem);

describe("the check of security groups", () => {
  it.each<[string, RuleFacts[]]>([
    ["the exact range from the load balancer's group", [rule(31000, 61000, fromBalancer)]],
    ["a wider range", [rule(1024, 65535, fromBalancer)]],
    ["two adjacent ranges", [rule(40000, 61000, fromBalancer), rule(31000, 39999, fromBalancer)]],
    ["all protocols", [rule(0, 0, { protocol: "-1", ...fromBalancer })]],
    ["the CIDR block of the VPC", [rule(31000, 61000, { cidrs: ["172.31.0.0/16"] })]],
    ["the whole internet", [rule(31000, 61000, { cidrs: ["0.0.0.0/0"] })]],
  ])("accepts %s", (_, inbound) => {
    expect(problems(inbound)).toEqual([]);
  });

  it.each<[string, RuleFacts[], string]>([
    ["no rule", [], "31000-61000"],
    ["a range that ends before the agent's", [rule(31000, 60999, fromBalancer)], "61000"],
    ["a gap", [rule(31000, 40000, fromBalancer), rule(40002, 61000, fromBalancer)], "40001"],
    ["another group", [rule(31000, 61000, { groupIds: ["sg-other"] })], "31000-61000"],
    ["udp", [rule(31000, 61000, { protocol: "udp", ...fromBalancer })], "31000-61000"],
    ["the CIDR block of only one of its subnets", [rule(31000, 61000, { cidrs: ["172.31.0.0/20"] })], "31000-61000"],
    ["only IPv6", [rule(31000, 61000, { cidrs: ["::/0"] })], "31000-61000"],
  ])("reports %s", (_, inbound, ports) => {
    expect(problems(inbound)).toEqual([
      `The instances' security group blocks ports ${ports} from the load balancer alb.`,
    ]);
  });

  it("reports a load balancer that cannot connect to the instances, with the command that opens its ports", () => {
    const [finding, ...others] = decide(
      [rule(31000, 61000, fromBalancer)],
      [rule(80, 80, { groupIds: ["sg-i"] })],
    ).findings;
    expect(others).toEqual([]);
    expect(finding?.problem).toBe(
      "The security group of the load balancer alb blocks the instances' ports 31000-61000.",
    );
    expect(finding?.commands).toEqual([
      "aws ec2 authorize-security-group-egress --region eu-west-1 --group-id sg-lb --ip-permissions IpProtocol=tcp,FromPort=31000,ToPort=61000,UserIdGroupPairs=[{GroupId=sg-i}]",
    ]);
  });

  it("compares the port of tasks in awsvpc mode at both ends, with their own load balancer only", () => {
    const groups = (inbound: RuleFacts[], outbound: RuleFacts[]) => [
      { id: "sg-tasks", inbound, outbound: [everywhere] },
      { id: "sg-lb", inbound: [], outbound },
    ];
    const balancer = (name: string) => ({ arn: name, name, zones: [], securityGroupIds: ["sg-lb"], subnetCidrs: [] });
    const tasks = [{ service: "web", ports: [3000], securityGroupIds: ["sg-tasks"], balancerArns: ["alb"] }];
    const found = (inbound: RuleFacts[], outbound: RuleFacts[]) =>
      portsCheck.decide({
        ...{ region: "eu-west-1", kinds: [], tasks, balancers: [balancer("alb"), balancer("other")] },
        groups: groups(inbound, outbound),
      }).findings;
    const toTasks = { groupIds: ["sg-tasks"] };
    expect(found([rule(3000, 3000, fromBalancer)], [rule(3000, 3000, toTasks)])).toEqual([]);
    const [inbound, outbound, ...others] = found([rule(3001, 3001, fromBalancer)], []);
    expect(others).toEqual([]);
    expect(inbound).toMatchObject({
      problem: "The security group of the tasks of web blocks ports 3000 from the load balancer alb.",
      commands: [expect.stringContaining("--group-id sg-tasks --protocol tcp --port 3000 --source-group sg-lb")],
    });
    expect(outbound?.problem).toBe("The security group of the load balancer alb blocks port 3000 of the tasks of web.");
  });

  it("compares a fixed port of the instances at both ends, also when the agent's range is open", () => {
    const found = (inbound: RuleFacts[], outbound: RuleFacts[]) =>
      portsCheck.decide({
        ...{ region: "eu-west-1", kinds: [] },
        fixedPorts: [{ targetGroup: "web", port: 8080, securityGroupIds: ["sg-i"], balancerArns: ["alb"] }],
        balancers: [{ arn: "alb", name: "alb", zones: [], securityGroupIds: ["sg-lb"], subnetCidrs: [] }],
        groups: [
          { id: "sg-i", inbound, outbound: [everywhere] },
          { id: "sg-lb", inbound: [], outbound },
        ],
      }).findings;
    const toInstances = { groupIds: ["sg-i"] };
    expect(found([rule(8080, 8080, fromBalancer)], [rule(8080, 8080, toInstances)])).toEqual([]);
    const range = [rule(31000, 61000, fromBalancer)];
    expect(found(range, [rule(31000, 61000, toInstances)]).map(({ problem }) => problem)).toEqual([
      "The instances' security group blocks ports 8080 from the load balancer alb.",
      "The security group of the load balancer alb blocks port 8080 of the instances, which the target group web uses.",
    ]);
  });

  it("accepts a CIDR block as the instances' addresses, but not a single address", () => {
    const inbound = [rule(31000, 61000, fromBalancer)];
    expect(problems(inbound, [rule(31000, 61000, { cidrs: ["172.31.0.0/16"] })])).toEqual([]);
    expect(problems(inbound, [rule(31000, 61000, { cidrs: ["172.31.0.9/32"] })])).toHaveLength(1);
  });

  it("reports instances without outbound rules", () => {
    expect(problems([rule(31000, 61000, fromBalancer)], [everywhere], [])).toEqual([
      "The instances' security group allows no outbound traffic, so the ECS agent cannot reach ECS.",
    ]);
  });
});

describe("the ports of a Network Load Balancer", () => {
  const ofGroup = async (change: Partial<TargetGroupFacts>, network?: ServiceFacts["network"]) => {
    const [group] = await SAMPLE.targetGroups();
    const [service] = await SAMPLE.services();
    const targetGroups = async () => [{ ...group, ...change }] as readonly TargetGroupFacts[];
    const services = async () => [{ ...service, network }] as readonly ServiceFacts[];
    return portsCheck.read({ ...SAMPLE, targetGroups, ...(network && { services }) }, (part) => part);
  };
  const target = { ...{ state: "healthy", reason: "", description: "" }, id: "i-1" };

  it("are those of UDP and of the health checks by TCP, on instances and in awsvpc mode", async () => {
    const [instance] = (await SAMPLE.instances()).map(({ id }) => id);
    const targets = [{ ...target, id: instance ?? "", port: 1053 }];
    const fixed = async (change: Partial<TargetGroupFacts>) =>
      (await ofGroup({ targets, ...change })).fixedPorts?.map(({ port, transport = "tcp" }) => `${port}/${transport}`);
    expect(await fixed({ protocol: "UDP", healthCheckPort: 8080 })).toEqual(["1053/udp", "8080/tcp"]);
    expect(await fixed({ protocol: "UDP" })).toEqual(["1053/udp", "1053/tcp"]);
    expect(await fixed({ protocol: "TCP_UDP" })).toEqual(["1053/tcp", "1053/udp"]);
    expect(await fixed({ protocol: "TLS" })).toEqual(["1053/tcp"]);
    const network = { ports: [1053, 3000], securityGroupIds: ["sg-tasks"] } as unknown as ServiceFacts["network"];
    const { tasks } = await ofGroup({ targets, protocol: "UDP", healthCheckPort: 8080 }, network);
    expect(tasks?.[0]).toMatchObject({ ports: [3000, 8080], udpPorts: [1053] });
  });

  it("need rules for UDP at both ends", () => {
    const balancer = { arn: "nlb", name: "edge", zones: ["a"], securityGroupIds: ["sg-lb"], subnetCidrs: [] };
    const decided = portsCheck.decide({
      ...{ region: "eu-west-1", kinds: [], balancers: [balancer] },
      fixedPorts: [
        { targetGroup: "dns", port: 1053, transport: "udp", securityGroupIds: ["sg-i"], balancerArns: ["nlb"] },
      ],
      groups: [
        { id: "sg-i", inbound: [rule(1053, 1053, fromBalancer)], outbound: [] },
        { id: "sg-lb", inbound: [], outbound: [rule(1053, 1053, { groupIds: ["sg-i"] })] },
      ],
    });
    expect(decided.findings.map(({ problem }) => problem)).toEqual([
      "The instances' security group blocks UDP ports 1053 from the load balancer edge.",
      "The security group of the load balancer edge blocks UDP to port 1053 of the instances, which the target group dns uses.",
    ]);
    expect(decided.findings.flatMap(({ commands }) => commands)).toEqual([
      "aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-i --protocol udp --port 1053 --source-group sg-lb",
      "aws ec2 authorize-security-group-egress --region eu-west-1 --group-id sg-lb --ip-permissions IpProtocol=udp,FromPort=1053,ToPort=1053,UserIdGroupPairs=[{GroupId=sg-i}]",
    ]);
  });
});

describe("the facts about ports", () => {
  it("exclude a load balancer without a security group", async () => {
    const [balancer] = await SAMPLE.balancers();
    const nlb = { ...balancer, name: "nlb", securityGroupIds: [] };
    const balancers = async () => [balancer, nlb] as readonly BalancerFacts[];
    const { balancers: read } = await portsCheck.read({ ...SAMPLE, balancers }, (part) => part);
    expect(read.map(({ name }) => name)).toEqual(["ecs-alb"]);
  });

  it("include the ports of targets outside the agent's range, once for each target group", async () => {
    const [group] = await SAMPLE.targetGroups();
    const [target] = group?.targets ?? [];
    const targets = [31417, 8080, 8080].map((port) => ({ ...target, port }));
    const targetGroups = async () => [{ ...group, targets }] as readonly TargetGroupFacts[];
    const { fixedPorts } = await portsCheck.read({ ...SAMPLE, targetGroups }, (part) => part);
    expect(fixedPorts?.map(({ port }) => port)).toEqual([8080]);
    expect(fixedPorts?.[0]).toMatchObject({ targetGroup: group?.name, balancerArns: group?.balancerArns });
    expect((await portsCheck.read(SAMPLE, (part) => part)).fixedPorts).toEqual([]);
  });

  it("include the port of the health checks of a target group, of instances and of tasks", async () => {
    const [group] = await SAMPLE.targetGroups();
    const read = async (healthCheckPort: number, services = SAMPLE.services) => {
      const targetGroups = async () => [{ ...group, healthCheckPort }] as readonly TargetGroupFacts[];
      return portsCheck.read({ ...SAMPLE, targetGroups, services }, (part) => part);
    };
    expect((await read(8081)).fixedPorts?.map(({ port }) => port)).toEqual([8081]);
    expect((await read(31500)).fixedPorts).toEqual([]);
    const [service] = await SAMPLE.services();
    const network = { ports: [3000], securityGroupIds: ["sg-tasks"] };
    const services = async () => [{ ...service, network }] as readonly ServiceFacts[];
    expect((await read(8081, services)).tasks?.map(({ ports }) => ports)).toEqual([[3000, 8081]]);
  });

  it("include the user data of only one instance of each template", async () => {
    const read: string[] = [];
    const userData = async (id: string) => {
      read.push(id);
      return "";
    };
    const { kinds } = await portsCheck.read({ ...SAMPLE, userData }, (part) => part);
    expect(read).toHaveLength(1);
    expect(kinds).toHaveLength(1);
  });
});

describe("the port range of the agent", () => {
  it.each([
    ["ECS_CLUSTER=ecs\nECS_DYNAMIC_HOST_PORT_RANGE=31000-61000\n", 31000, 61000],
    ["ECS_DYNAMIC_HOST_PORT_RANGE=31000-61000\nECS_DYNAMIC_HOST_PORT_RANGE=40000-50000\n", 40000, 50000],
    ["# ECS_DYNAMIC_HOST_PORT_RANGE=31000-61000\n", 32768, 60999],
    ["", 32768, 60999],
    ['[settings.ecs]\ncluster = "ecs"\n', 32768, 65535],
  ])("comes from the user data %j", (userData, from, to) => {
    expect(agentRange(userData)).toMatchObject({ from, to });
  });
});

describe("the ports that no range covers", () => {
  it("are in order, with both ends", () => {
    const ranges = [
      { from: 5, to: 6 },
      { from: 1, to: 2 },
      { from: 1, to: 9 },
    ];
    expect(portsText(uncovered({ from: 1, to: 9 }, ranges.slice(0, 2)))).toBe("3-4, 7-9");
    expect(uncovered({ from: 1, to: 9 }, ranges)).toEqual([]);
    expect(uncovered({ from: 1, to: 9 }, [{ from: 20, to: 30 }])).toEqual([{ from: 1, to: 9 }]);
  });
});
