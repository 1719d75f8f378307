import ipaddr from "ipaddr.js";
import { type Check, distinct, type Finding, isRunning } from "../check";
import type { BalancerFacts, InstanceFacts, RuleFacts, SecurityGroupFacts } from "../facts";
import { agentRange, type Ports, portsText, uncovered } from "./port-ranges";

/** Instances with the same security groups and user data, represented by one of them. */
interface Kind {
  readonly instanceId: string;
  readonly securityGroupIds: readonly string[];
  readonly userData: string;
}

interface Facts {
  readonly region: string;
  readonly kinds: readonly Kind[];
  readonly balancers: readonly BalancerFacts[];
  readonly groups: readonly SecurityGroupFacts[];
}

/** Checks that the security groups allow traffic from the load balancer to the agent's port range, at both ends. */
export const portsCheck: Check<Facts> = {
  id: "ports",
  question: "Do the security groups allow the load balancer to reach the containers' host ports?",
  read: async (account) => {
    const running = (await account.instances()).filter(isRunning);
    const representatives = byKey(running, templateOf);
    // Without a security group, as a Network Load Balancer can be, the rules must allow its clients, which are unknown
    // here.
    const balancers = (await account.balancers()).filter(({ securityGroupIds }) => securityGroupIds.length > 0);
    const ids = [...representatives, ...balancers].flatMap(({ securityGroupIds }) => securityGroupIds);
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
      balancers,
      groups: await account.securityGroups(distinct(ids).sort()),
    };
  },
  decide: ({ region, kinds, balancers, groups }) => {
    const byId = new Map(groups.map((group) => [group.id, group]));
    const rules = (ids: readonly string[], direction: "inbound" | "outbound") =>
      ids.flatMap((id) => byId.get(id)?.[direction] ?? []);
    const findings = kinds.flatMap((kind) => {
      const range = agentRange(kind.userData);
      const out = rules(kind.securityGroupIds, "outbound");
      return [
        ...(out.length === 0 ? [noEgress(kind, region)] : []),
        ...balancers.flatMap((balancer) => {
          const inbound = rules(kind.securityGroupIds, "inbound").filter((rule) => allowsFrom(rule, balancer));
          const outbound = rules(balancer.securityGroupIds, "outbound").filter((rule) => allowsTo(rule, kind));
          return [
            ...closedPorts({ kind, balancer, range, open: inbound, direction: "inbound", region }),
            ...closedPorts({ kind, balancer, range, open: outbound, direction: "outbound", region }),
          ];
        }),
      ];
    });
    const ranges = distinct(kinds.map(({ userData }) => agentRange(userData)).map(({ from, to }) => `${from}-${to}`));
    return {
      findings,
      notes: [
        ...ranges.map((range) => `host ports of containers: ${range}`),
        ...(balancers.length === 0 ? ["no load balancer to check"] : []),
      ],
    };
  },
};

/** Instances of one template have the same user data, so the doctor reads it once. */
const templateOf = ({ template, securityGroupIds }: InstanceFacts): string => [template, ...securityGroupIds].join(" ");

/** Returns the first item of each key. */
function byKey<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.filter((item, index) => items.findIndex((other) => key(other) === key(item)) === index);
}

const ofTcp = ({ protocol }: RuleFacts): boolean => protocol === "tcp" || protocol === "-1";

/**
 * Whether an instance's rule allows traffic from the load balancer: from its security group, or from all its subnets.
 */
function allowsFrom(rule: RuleFacts, { securityGroupIds, subnetCidrs }: BalancerFacts): boolean {
  const byGroup = rule.groupIds.some((id) => securityGroupIds.includes(id));
  const byNetwork =
    subnetCidrs.length > 0 && subnetCidrs.every((subnet) => rule.cidrs.some((cidr) => contains(cidr, subnet)));
  return ofTcp(rule) && (byGroup || byNetwork);
}

/** Whether a load balancer's rule allows traffic to the instances. */
function allowsTo(rule: RuleFacts, { securityGroupIds }: Kind): boolean {
  // The instances' addresses change, so any CIDR block counts except a single address.
  const byNetwork = rule.cidrs.some((cidr) => cidr.includes(".") && !cidr.endsWith("/32"));
  return ofTcp(rule) && (byNetwork || rule.groupIds.some((id) => securityGroupIds.includes(id)));
}

/** Whether an IPv4 CIDR block contains another. */
function contains(outer: string, inner: string): boolean {
  if (outer.includes(":") || inner.includes(":")) return false;
  const [network, length] = ipaddr.IPv4.parseCIDR(outer);
  const [address, innerLength] = ipaddr.IPv4.parseCIDR(inner);
  return innerLength >= length && address.match(network, length);
}

interface Connection {
  readonly kind: Kind;
  readonly balancer: BalancerFacts;
  readonly range: Ports & { readonly source: string };
  readonly open: readonly RuleFacts[];
  readonly direction: "inbound" | "outbound";
  readonly region: string;
}

function closedPorts({ kind, balancer, range, open, direction, region }: Connection): Finding[] {
  const ports = open.map(({ protocol, from, to }) => (protocol === "-1" ? { from: 0, to: 65535 } : { from, to }));
  const closed = uncovered(range, ports);
  if (closed.length === 0) return [];
  const inbound = direction === "inbound";
  const [instances, balancers] = [kind.securityGroupIds, balancer.securityGroupIds];
  const command = inbound
    ? `aws ec2 authorize-security-group-ingress --region ${region} --group-id ${instances[0]} --protocol tcp --port ${portsText([range])} --source-group ${balancers[0]}`
    : `aws ec2 authorize-security-group-egress --region ${region} --group-id ${balancers[0]} --ip-permissions IpProtocol=tcp,FromPort=${range.from},ToPort=${range.to},UserIdGroupPairs=[{GroupId=${instances[0]}}]`;
  return [
    {
      problem: inbound
        ? `The instances' security group blocks ports ${portsText(closed)} from the load balancer ${balancer.name}.`
        : `The security group of the load balancer ${balancer.name} blocks the instances' ports ${portsText(closed)}.`,
      evidence: [
        `${kind.instanceId}: host ports ${portsText([range])} (${range.source})`,
        `${inbound ? instances.join(", ") : balancers.join(", ")}: ${direction} ${portsText(ports) || "no ports"} ${inbound ? "from" : "to"} ${inbound ? balancers.join(", ") : instances.join(", ")}`,
      ],
      fix: "Deploy the stack again: the setting portRange gives the agent and both rules the same range. If the range changed, set previousPortRange until all instances are replaced. To open the ports now, run the command.",
      commands: [command],
    },
  ];
}

function noEgress({ instanceId, securityGroupIds }: Kind, region: string): Finding {
  return {
    problem: "The instances' security group allows no outbound traffic, so the ECS agent cannot reach ECS.",
    evidence: [instanceId, ...securityGroupIds],
    fix: "Deploy the stack again, which creates the outbound rules. To allow the traffic now, run the command.",
    commands: [
      `aws ec2 authorize-security-group-egress --region ${region} --group-id ${securityGroupIds[0]} --protocol -1 --cidr 0.0.0.0/0`,
    ],
  };
}
