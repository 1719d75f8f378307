import { actionsOf } from "../actions";
import { type Cause, type Check, command, distinct, type Finding, found, isRunning, type Subjects } from "../check";
import type { BalancerFacts, InstanceFacts, ListenerFacts, ServiceFacts, TargetGroupFacts } from "../facts";
import type { AclFacts, SubnetFacts } from "../network-facts";
import { symptomCause } from "../symptom-cause";
import { blockedPorts, entriesText, freeNumbers, type Wanted } from "./acl-ports";
import { AGENT_DISCONNECTED } from "./agents";
import { byKey } from "./by-key";
import { agentRange, type Ports, portsText, transportsOf } from "./port-ranges";
import { NOT_REGISTERED } from "./registered";
import { vpcsOf } from "./routes";

interface Facts {
  readonly region: string;
  readonly running: readonly InstanceFacts[];
  /** The host ports of containers. @default - AWS denied reading the user data */
  readonly range?: Ports;
  readonly services: readonly ServiceFacts[];
  readonly targetGroups: readonly TargetGroupFacts[];
  readonly balancers: readonly BalancerFacts[];
  readonly listeners: readonly ListenerFacts[];
  /** The subnets of the instances and of tasks in awsvpc mode. */
  readonly subnets: readonly SubnetFacts[];
  readonly acls: readonly AclFacts[];
}

const OUTBOUND = symptomCause("acl-blocks-aws", [
  NOT_REGISTERED,
  AGENT_DISCONNECTED,
  "registry-unreachable",
  "service-unreachable",
]);

const TARGETS = symptomCause("acl-blocks-targets", ["target-timeout", "target-unhealthy"]);

const CLIENTS = symptomCause("acl-blocks-clients");

/** The ports of Linux for the answers to its own connections. */
const EPHEMERAL = { from: 32_768, to: 60_999 } as const;
/** The ports of clients of any system, and of load balancers. */
const CLIENT_PORTS = { from: 1024, to: 65_535 } as const;
const HTTPS = { from: 443, to: 443 } as const;
const EVERYWHERE = "0.0.0.0/0";

/** Checks that the network ACLs allow the connections that instances, load balancers and clients make, and the answers. */
export const aclsCheck: Check<Facts> = {
  id: "acls",
  question: "Do the network ACLs allow the connections of instances, load balancers and clients?",
  actions: actionsOf("instances", "services", "targetGroups", "balancers", "listeners", "subnets", "acls", "userData"),
  causes: [OUTBOUND, TARGETS, CLIENTS],
  read: async (account, optional) => {
    const running = (await account.instances()).filter(isRunning);
    const balancers = (await optional(account.balancers())) ?? [];
    const services = (await optional(account.services())) ?? [];
    const [first] = running;
    const userData = first && (await optional(account.userData(first.id)));
    const subnetIds = [
      ...running.flatMap(({ subnetId }) => subnetId ?? []),
      ...services.flatMap(({ network }) => network?.subnetIds ?? []),
    ];
    return {
      ...{ region: account.region, running, balancers, services },
      ...(userData !== undefined && { range: agentRange(userData) }),
      targetGroups: (await optional(account.targetGroups())) ?? [],
      listeners: (await optional(account.listeners())) ?? [],
      subnets: await account.subnets(distinct(subnetIds).sort()),
      acls: await account.acls(vpcsOf(running, balancers)),
    };
  },
  decide: (facts) => {
    const connections = [...toAws(facts), ...toTargets(facts), ...fromClients(facts)];
    // A network ACL belongs to several subnets and connections, which share the rule that is missing.
    const blocked = connections.flatMap((connection) => {
      const acl = facts.acls.find(({ subnetIds }) => subnetIds.includes(connection.subnetId));
      const ports = acl ? blockedPorts(acl[connection.direction], connection) : [];
      return acl && ports.length > 0 ? [{ ...connection, acl, blocked: ports }] : [];
    });
    const keyOf = ({ acl, direction, cause, transport, blocked: ports }: Blocked) =>
      [acl.id, direction, cause.id, transport, portsText(ports)].join(" ");
    return {
      findings: byKey(blocked, keyOf).map((one) =>
        findingOf(
          blocked.filter((other) => keyOf(other) === keyOf(one)),
          facts.region,
        ),
      ),
      notes: distinct(
        facts.acls
          .filter(({ subnetIds }) => connections.some(({ subnetId }) => subnetIds.includes(subnetId)))
          .map(({ id }) => id),
      )
        .sort()
        .map((id) => `network ACL ${id}`),
    };
  },
};

/** What the network ACL of a subnet must allow in one direction. */
interface Connection extends Wanted {
  readonly subnetId: string;
  readonly direction: "inbound" | "outbound";
  readonly cause: Cause;
  /** Which connection it is: `from the load balancer ecs-alb`. */
  readonly what: string;
  readonly about: Subjects;
}

type Blocked = Connection & { readonly acl: AclFacts; readonly blocked: readonly Ports[] };

function toAws({ running }: Facts): Connection[] {
  return byKey(running, ({ subnetId }) => subnetId ?? "").flatMap(({ subnetId }): Connection[] => {
    if (subnetId === undefined) return [];
    const about = { instances: running.filter((one) => one.subnetId === subnetId).map(({ id }) => id) };
    const shared = { subnetId, transport: "tcp", cidr: EVERYWHERE, cause: OUTBOUND, about } as const;
    return [
      { ...shared, direction: "outbound", ports: HTTPS, what: "from the instances to AWS" },
      { ...shared, direction: "inbound", ports: EPHEMERAL, what: "of answers from AWS to the instances" },
    ];
  });
}

/** Returns the connections between the subnets of load balancers and those of targets. Within a subnet, no ACL applies. */
function toTargets(facts: Facts): Connection[] {
  const { balancers, targetGroups } = facts;
  const all = targetGroups.flatMap((group) =>
    balancers
      .filter(({ arn }) => group.balancerArns.includes(arn))
      .flatMap((balancer) =>
        (balancer.subnets ?? []).flatMap((near) =>
          targetSubnets(group, facts)
            .filter(({ id }) => id !== near.id)
            .flatMap((far) =>
              targetPorts(group, facts).flatMap(([transport, ports]): Connection[] => {
                const shared = {
                  transport,
                  cause: TARGETS,
                  about: { balancers: [balancer.arn], targetGroups: [group.arn] },
                };
                const there = { ...shared, ports, what: `from the load balancer ${balancer.name} to its targets` };
                const back = {
                  ...shared,
                  ports: CLIENT_PORTS,
                  what: `of answers to the load balancer ${balancer.name}`,
                };
                return [
                  { ...there, subnetId: near.id, direction: "outbound", cidr: far.cidr },
                  { ...there, subnetId: far.id, direction: "inbound", cidr: near.cidr },
                  { ...back, subnetId: far.id, direction: "outbound", cidr: near.cidr },
                  { ...back, subnetId: near.id, direction: "inbound", cidr: far.cidr },
                ];
              }),
            ),
        ),
      ),
  );
  return byKey(all, (one) => JSON.stringify(one));
}

/** Returns the subnets of the targets of a group: those of the tasks in awsvpc mode, or those of the instances. */
function targetSubnets({ arn }: TargetGroupFacts, { services, running, subnets }: Facts): SubnetFacts[] {
  const owners = services.filter(({ targetGroupArns }) => targetGroupArns.includes(arn));
  const ids = owners.flatMap(({ network }) => network?.subnetIds ?? running.flatMap(({ subnetId }) => subnetId ?? []));
  return subnets.filter(({ id }) => ids.includes(id));
}

/** Returns the ports of the targets of a group: those of the tasks, or the range of host ports. */
function targetPorts({ arn, protocol, targets }: TargetGroupFacts, { services, range }: Facts) {
  const owner = services.find(({ targetGroupArns }) => targetGroupArns.includes(arn));
  const ports = owner?.network?.ports.map((port) => ({ from: port, to: port }));
  const fixed = distinct(targets.map(({ port }) => port)).filter(
    (port) => !range || port < range.from || port > range.to,
  );
  const all: readonly Ports[] = ports ?? [
    ...(range ? [range] : []),
    ...fixed.map((port) => ({ from: port, to: port })),
  ];
  return transportsOf(protocol).flatMap((transport) => all.map(({ from, to }) => [transport, { from, to }] as const));
}

function fromClients({ balancers, listeners }: Facts): Connection[] {
  return balancers.flatMap(({ arn, name, scheme, subnets = [] }) =>
    subnets.flatMap(({ id: subnetId }) =>
      listeners
        .filter(({ balancerArn }) => balancerArn === arn)
        .flatMap(({ protocol, port }) =>
          transportsOf(protocol).flatMap((transport): Connection[] => {
            // The networks of the clients of an internal load balancer are unknown.
            const cidr = scheme === "internet-facing" ? { cidr: EVERYWHERE } : {};
            const shared = { subnetId, transport, ...cidr, cause: CLIENTS, about: { balancers: [arn] } };
            const ports = { from: port, to: port };
            return [
              {
                ...shared,
                direction: "inbound",
                ports,
                what: `from clients to the listener ${protocol} ${port} of ${name}`,
              },
              { ...shared, direction: "outbound", ports: CLIENT_PORTS, what: `of answers of ${name} to clients` },
            ];
          }),
        ),
    ),
  );
}

function findingOf(these: readonly Blocked[], region: string): Finding {
  const [{ acl, direction, cause, transport, blocked, ports, what }] = these as [Blocked];
  const networks = distinct(these.map(({ cidr = EVERYWHERE }) => cidr));
  const numbers = freeNumbers(acl[direction], { transport, ports: blocked[0] as Ports }, networks.length);
  const range = `From=${ports.from},To=${ports.to}`;
  const side = direction === "outbound" ? "--egress" : "--ingress";
  return found(cause, {
    problem: `The network ACL ${acl.id} blocks ${direction} ${transport.toUpperCase()} ports ${portsText(blocked)}, ${what}.`,
    evidence: [`subnets ${distinct(these.map(({ subnetId }) => subnetId)).join(", ")}`, entriesText(acl, direction)],
    commands: numbers.map(
      (number, index) =>
        command`aws ec2 create-network-acl-entry --region ${region} --network-acl-id ${acl.id} --rule-number ${number} --protocol ${transport} --port-range ${range} --cidr-block ${networks[index] as string} --rule-action allow ${side}`,
    ),
    about: merged(these.map((one) => one.about)),
  });
}

/** Returns the subjects of all, by kind. */
function merged(all: readonly Subjects[]): Subjects {
  const kinds = distinct(all.flatMap((one) => Object.keys(one) as (keyof Subjects)[]));
  return Object.fromEntries(kinds.map((kind) => [kind, distinct(all.flatMap((one) => one[kind] ?? []))]));
}
