import { actionsOf } from "../actions";
import { type Cause, type Check, command, distinct, type Finding, found, isRunning } from "../check";
import type { BalancerFacts, InstanceFacts, RuleFacts, SecurityGroupFacts, TargetGroupFacts } from "../facts";
import { AGENT_DISCONNECTED } from "./agents";
import { byKey } from "./by-key";
import { contains } from "./networks";
import { agentRange, type Ports, portsText, type Transport, transportsOf, uncovered } from "./port-ranges";
import { NOT_REGISTERED } from "./registered";

/** The tasks of a service in awsvpc mode, behind load balancers. */
interface Tasks {
  readonly service: string;
  readonly ports: readonly number[];
  /** The ports that get UDP. @default - none */
  readonly udpPorts?: readonly number[];
  readonly securityGroupIds: readonly string[];
  readonly balancerArns: readonly string[];
}

/** A fixed port of instances that is outside the agent's range, behind load balancers. */
interface FixedPort {
  readonly targetGroup: string;
  readonly port: number;
  /** @default "tcp" */
  readonly transport?: Transport;
  readonly securityGroupIds: readonly string[];
  readonly balancerArns: readonly string[];
}

/** Instances with the same security groups and user data, represented by one of them. */
interface Kind {
  readonly instanceId: string;
  readonly securityGroupIds: readonly string[];
  readonly userData: string;
}

interface Facts {
  readonly region: string;
  readonly kinds: readonly Kind[];
  /** The tasks with an address of their own. @default - none */
  readonly tasks?: readonly Tasks[];
  /** The ports of targets outside the agent's range. @default - none */
  readonly fixedPorts?: readonly FixedPort[];
  readonly balancers: readonly BalancerFacts[];
  readonly groups: readonly SecurityGroupFacts[];
}

const DEPLOY =
  "Deploy the stack again, which creates the rules with the port range of the agent, the container port or the host port. To open the ports now, run the command.";
const explains = ["target-timeout"];
const INBOUND_CLOSED: Cause = {
  id: "inbound-closed",
  title: "A security group of instances or tasks blocks ports from a load balancer.",
  fix: DEPLOY,
  explains,
};
const OUTBOUND_CLOSED: Cause = {
  id: "outbound-closed",
  title: "The security group of a load balancer blocks ports of instances or tasks.",
  fix: DEPLOY,
  explains,
};
const NO_EGRESS: Cause = {
  id: "no-egress",
  title: "The security group of instances allows no outbound traffic.",
  fix: "Deploy the stack again, which creates the outbound rules. To allow the traffic now, run the command.",
  explains: [NOT_REGISTERED, AGENT_DISCONNECTED, "registry-unreachable", "service-unreachable"],
};

/** Checks that the security groups allow traffic from the load balancer to the agent's port range, at both ends. */
export const portsCheck: Check<Facts> = {
  id: "ports",
  question: "Do the security groups allow the load balancer to reach the containers' host ports?",
  actions: actionsOf("instances", "balancers", "securityGroups", "userData"),
  causes: [NO_EGRESS, INBOUND_CLOSED, OUTBOUND_CLOSED],
  read: async (account) => {
    const running = (await account.instances()).filter(isRunning);
    const representatives = byKey(running, templateOf);
    // Without a security group, as a Network Load Balancer can be, the rules must allow its clients, which are unknown
    // here.
    const balancers = (await account.balancers()).filter(({ securityGroupIds }) => securityGroupIds.length > 0);
    const targetGroups = await account.targetGroups();
    const tasks = (await account.services()).flatMap(({ name, network, targetGroupArns }): Tasks[] => {
      const ofService = targetGroups.filter(({ arn }) => targetGroupArns.includes(arn));
      if (!network) return [];
      const ofUdp = ofService.filter(({ protocol }) => transportsOf(protocol).includes("udp")).flatMap(portsOf);
      const portsBy = (wanted: Transport) =>
        ofUdp.filter(([, transport]) => transport === wanted).map(([port]) => port);
      const udpPorts = distinct(portsBy("udp"));
      const checks = ofService.flatMap(({ healthCheckPort }) => healthCheckPort ?? []);
      const tcpPorts = network.ports.filter((port) => !udpPorts.includes(port));
      const ports = distinct([...tcpPorts, ...portsBy("tcp"), ...checks]);
      const balancerArns = ofService.flatMap((one) => one.balancerArns);
      return [{ service: name, ...network, ports, udpPorts, balancerArns }];
    });
    const ids = [...representatives, ...balancers, ...tasks].flatMap(({ securityGroupIds }) => securityGroupIds);
    const kinds = await Promise.all(
      representatives.map(async ({ id, securityGroupIds }) => ({
        instanceId: id,
        securityGroupIds,
        userData: await account.userData(id),
      })),
    );
    return {
      region: account.region,
      // One finding for each kind: a hundred equal findings would hide the others.
      kinds: byKey(kinds, ({ securityGroupIds, userData }) => [...securityGroupIds, userData].join(" ")),
      tasks,
      fixedPorts: fixedPortsOf(targetGroups, running, kinds),
      balancers,
      groups: await account.securityGroups(distinct(ids).sort()),
    };
  },
  decide: ({ region, kinds, tasks = [], fixedPorts = [], balancers, groups }) => {
    const byId = new Map(groups.map((group) => [group.id, group]));
    const rules = (ids: readonly string[], direction: "inbound" | "outbound") =>
      ids.flatMap((id) => byId.get(id)?.[direction] ?? []);
    const connections = (target: Target, balancer: BalancerFacts) => {
      const inbound = rules(target.securityGroupIds, "inbound").filter((rule) => allowsFrom(rule, balancer, target));
      const outbound = rules(balancer.securityGroupIds, "outbound").filter((rule) => allowsTo(rule, target));
      return [
        ...closedPorts({ target, balancer, open: inbound, direction: "inbound", region }),
        ...closedPorts({ target, balancer, open: outbound, direction: "outbound", region }),
      ];
    };
    const findings = kinds.flatMap((kind) => {
      const range = agentRange(kind.userData);
      const out = rules(kind.securityGroupIds, "outbound");
      return [
        ...(out.length === 0 ? noEgress(kind, region) : []),
        ...balancers.flatMap((balancer) => {
          return connections({ ...INSTANCES, id: kind.instanceId, ...kind, range }, balancer);
        }),
      ];
    });
    const ofTasks = tasks.flatMap(({ service, ports, udpPorts = [], securityGroupIds, balancerArns }) =>
      balancers
        .filter(({ arn }) => balancerArns.includes(arn))
        .flatMap((balancer) =>
          [...ports.map((port) => [port, "tcp"] as const), ...udpPorts.map((port) => [port, "udp"] as const)].flatMap(
            ([port, transport]) => {
              const range = { from: port, to: port, source: "containerPort" };
              return connections({ ...tasksOf(service), securityGroupIds, range, transport }, balancer);
            },
          ),
        ),
    );
    const ofFixedPorts = fixedPorts.flatMap(({ targetGroup, port, transport, securityGroupIds, balancerArns }) =>
      balancers
        .filter(({ arn }) => balancerArns.includes(arn))
        .flatMap((balancer) => {
          const range = { from: port, to: port, source: "hostPort" };
          return connections({ ...fixedPortOf(targetGroup), securityGroupIds, range, transport }, balancer);
        }),
    );
    const ranges = distinct(kinds.map(({ userData }) => agentRange(userData)).map(({ from, to }) => `${from}-${to}`));
    return {
      findings: [...findings, ...ofTasks, ...ofFixedPorts],
      notes: [
        ...ranges.map((range) => `host ports of containers: ${range}`),
        ...(balancers.length === 0 ? ["no load balancer to check"] : []),
      ],
    };
  },
};

/** Returns the fixed ports among the targets: those that no agent chooses for a container. */
function fixedPortsOf(
  targetGroups: readonly TargetGroupFacts[],
  running: readonly InstanceFacts[],
  kinds: readonly Kind[],
): FixedPort[] {
  const ranges = kinds.map(({ userData }) => agentRange(userData));
  const isDynamic = (port: number) => ranges.some(({ from, to }) => port >= from && port <= to);
  const all = targetGroups.flatMap((group) =>
    group.targets.flatMap((target): FixedPort[] => {
      const instance = running.find((one) => one.id === target.id);
      if (!instance) return [];
      const { securityGroupIds } = instance;
      return portsOf({ ...group, targets: [target] })
        .filter(([port, transport]) => transport === "udp" || !isDynamic(port))
        .map(([port, transport]) => ({
          ...{ targetGroup: group.name, port, securityGroupIds, balancerArns: group.balancerArns },
          ...(transport === "udp" && { transport }),
        }));
    }),
  );
  return byKey(all, (fixed) => JSON.stringify(fixed));
}

/** Returns the ports that a load balancer connects to: those of targets, and that of the health checks, which never use UDP. */
function portsOf({ targets, protocol, healthCheckPort }: TargetGroupFacts): (readonly [number, Transport])[] {
  const transports = transportsOf(protocol);
  const checked: Transport[] = healthCheckPort === undefined && !transports.includes("tcp") ? ["tcp"] : [];
  return [
    ...targets.flatMap(({ port }) => [...transports, ...checked].map((transport) => [port, transport] as const)),
    ...(healthCheckPort === undefined ? [] : [[healthCheckPort, "tcp"] as const]),
  ];
}

/** Instances of one template have the same user data, so the doctor reads it once. */
const templateOf = ({ template, securityGroupIds }: InstanceFacts): string => [template, ...securityGroupIds].join(" ");

const isOf = ({ protocol }: RuleFacts, transport: Transport): boolean => protocol === transport || protocol === "-1";

/**
 * Whether an instance's rule allows traffic from the load balancer: from its security group, or from all its subnets.
 */
function allowsFrom(
  rule: RuleFacts,
  { securityGroupIds, subnetCidrs }: BalancerFacts,
  { transport = "tcp" }: Pick<Target, "transport">,
): boolean {
  const byGroup = rule.groupIds.some((id) => securityGroupIds.includes(id));
  const byNetwork =
    subnetCidrs.length > 0 && subnetCidrs.every((subnet) => rule.cidrs.some((cidr) => contains(cidr, subnet)));
  return isOf(rule, transport) && (byGroup || byNetwork);
}

/** Whether a load balancer's rule allows traffic to the instances. */
function allowsTo(rule: RuleFacts, { securityGroupIds, transport = "tcp" }: Target): boolean {
  // The instances' addresses change, so any CIDR block counts except a single address.
  const byNetwork = rule.cidrs.some((cidr) => cidr.includes(".") && !cidr.endsWith("/32"));
  return isOf(rule, transport) && (byNetwork || rule.groupIds.some((id) => securityGroupIds.includes(id)));
}

/** What a load balancer connects to. */
interface Target {
  readonly id: string;
  /** Whose security group it is: the start of a sentence, and the end of one about their ports. */
  readonly group: string;
  readonly ports: (ports: string) => string;
  readonly what: string;
  readonly fix: string;
  readonly securityGroupIds: readonly string[];
  readonly range: Ports & { readonly source: string };
  /** @default "tcp" */
  readonly transport?: Transport;
}

const INSTANCES = {
  group: "The instances' security group",
  ports: (ports: string) => `the instances' ports ${ports}`,
  what: "host ports",
  fix: "Deploy the stack again: the setting portRange gives the agent and both rules the same range.",
};
const tasksOf = (service: string) => ({
  id: service,
  group: `The security group of the tasks of ${service}`,
  ports: (ports: string) => `port ${ports} of the tasks of ${service}`,
  what: "port of the tasks",
  fix: "Deploy the stack again, which creates both rules.",
});

const fixedPortOf = (targetGroup: string) => ({
  id: targetGroup,
  group: INSTANCES.group,
  ports: (ports: string) => `port ${ports} of the instances, which the target group ${targetGroup} uses`,
  what: "fixed port",
  fix: "Deploy the stack again: the service with this hostPort creates both rules.",
});

interface Connection {
  readonly target: Target;
  readonly balancer: BalancerFacts;
  readonly open: readonly RuleFacts[];
  readonly direction: "inbound" | "outbound";
  readonly region: string;
}

function closedPorts({ target, balancer, open, direction, region }: Connection): Finding[] {
  const { range, securityGroupIds: targets, transport = "tcp" } = target;
  const udp = transport === "udp" ? " UDP" : "";
  const ports = open.map(({ protocol, from, to }) => (protocol === "-1" ? { from: 0, to: 65535 } : { from, to }));
  const closed = uncovered(range, ports);
  if (closed.length === 0) return [];
  const inbound = direction === "inbound";
  const balancers = balancer.securityGroupIds;
  const [[from], [to]] = [balancers, targets];
  return [
    found(inbound ? INBOUND_CLOSED : OUTBOUND_CLOSED, {
      problem: inbound
        ? `${target.group} blocks${udp} ports ${portsText(closed)} from the load balancer ${balancer.name}.`
        : `The security group of the load balancer ${balancer.name} blocks${udp && " UDP to"} ${target.ports(portsText(closed))}.`,
      evidence: [
        `${target.id}: ${target.what} ${portsText([range])} (${range.source})`,
        `${inbound ? targets.join(", ") : balancers.join(", ")}: ${direction} ${portsText(ports) || "no ports"} ${inbound ? "from" : "to"} ${inbound ? balancers.join(", ") : targets.join(", ")}`,
      ],
      fix: `${target.fix} To open the ports now, run the command.`,
      commands:
        from === undefined || to === undefined
          ? []
          : [
              inbound
                ? command`aws ec2 authorize-security-group-ingress --region ${region} --group-id ${to} --protocol ${transport} --port ${portsText([range])} --source-group ${from}`
                : command`aws ec2 authorize-security-group-egress --region ${region} --group-id ${from} --ip-permissions IpProtocol=${transport},FromPort=${range.from},ToPort=${range.to},UserIdGroupPairs=[{GroupId=${to}}]`,
            ],
    }),
  ];
}

function noEgress({ instanceId, securityGroupIds }: Kind, region: string): Finding[] {
  const [first] = securityGroupIds;
  // An instance that EC2 describes without a security group is terminated.
  if (first === undefined) return [];
  return [
    found(NO_EGRESS, {
      problem: "The instances' security group allows no outbound traffic, so the ECS agent cannot reach ECS.",
      evidence: [instanceId, ...securityGroupIds],
      commands: [
        command`aws ec2 authorize-security-group-egress --region ${region} --group-id ${first} --protocol -1 --cidr 0.0.0.0/0`,
      ],
    }),
  ];
}
