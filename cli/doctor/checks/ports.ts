import ipaddr from "ipaddr.js";
import type { Check, Finding } from "../check";
import { distinct, isRunning } from "../check";
import type { BalancerFacts, InstanceFacts, RuleFacts, SecurityGroupFacts } from "../facts";
import { type Ports, uncovered, written } from "../port-set";
import { agentRange } from "./port-ranges";

/** Instances that are alike: the same groups and the same user data. */
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

/** Do the groups admit the agent's port range from the load balancer, and let the balancer out to it? */
export const portsCheck: Check<Facts> = {
  id: "ports",
  question: "Do the security groups admit the agent's ports from the load balancer?",
  read: async (account) => {
    const running = (await account.instances()).filter(isRunning);
    const examples = byKey(running, templateOf);
    // A network load balancer may have no group; its clients' own addresses then have to be admitted, which nobody knows.
    const balancers = (await account.balancers()).filter(({ securityGroupIds }) => securityGroupIds.length > 0);
    const ids = [...examples, ...balancers].flatMap(({ securityGroupIds }) => securityGroupIds);
    const kinds = await Promise.all(
      examples.map(async ({ id, securityGroupIds }) => ({
        instanceId: id,
        securityGroupIds,
        userData: await account.userData(id),
      })),
    );
    return {
      region: account.region,
      // One of a kind is enough: the same finding for each of a hundred instances would hide the others.
      kinds: byKey(kinds, ({ securityGroupIds, userData }) => [...securityGroupIds, userData].join(" ")),
      balancers,
      groups: await account.securityGroups(distinct(ids).sort()),
    };
  },
  decide: ({ region, kinds, balancers, groups }) => {
    const byId = new Map(groups.map((group) => [group.id, group]));
    const rules = (ids: readonly string[], way: "inbound" | "outbound") =>
      ids.flatMap((id) => byId.get(id)?.[way] ?? []);
    const findings = kinds.flatMap((kind) => {
      const range = agentRange(kind.userData);
      const out = rules(kind.securityGroupIds, "outbound");
      return [
        ...(out.length === 0 ? [nothingOut(kind, region)] : []),
        ...balancers.flatMap((balancer) => {
          const inbound = rules(kind.securityGroupIds, "inbound").filter((rule) => admits(rule, balancer));
          const outbound = rules(balancer.securityGroupIds, "outbound").filter((rule) => reaches(rule, kind));
          return [
            ...notAdmitted({ kind, balancer, range, open: inbound, way: "inbound", region }),
            ...notAdmitted({ kind, balancer, range, open: outbound, way: "outbound", region }),
          ];
        }),
      ];
    });
    const ranges = distinct(kinds.map(({ userData }) => agentRange(userData)).map(({ from, to }) => `${from}-${to}`));
    return {
      findings,
      notes: [
        ...ranges.map((range) => `the agent's host ports: ${range}`),
        ...(balancers.length === 0 ? ["no service is behind a load balancer"] : []),
      ],
    };
  },
};

/** Instances of one template have the same user data, which is then read once. */
const templateOf = ({ template, securityGroupIds }: InstanceFacts): string => [template, ...securityGroupIds].join(" ");

/** The first of those that have the same key. */
function byKey<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.filter((item, index) => items.findIndex((other) => key(other) === key(item)) === index);
}

const ofTcp = ({ protocol }: RuleFacts): boolean => protocol === "tcp" || protocol === "-1";

/** Whether a rule of the instances lets the balancer's requests in: by its group, or by every network of its subnets. */
function admits(rule: RuleFacts, { securityGroupIds, subnetCidrs }: BalancerFacts): boolean {
  const byGroup = rule.groupIds.some((id) => securityGroupIds.includes(id));
  const byNetwork =
    subnetCidrs.length > 0 && subnetCidrs.every((subnet) => rule.cidrs.some((cidr) => holds(cidr, subnet)));
  return ofTcp(rule) && (byGroup || byNetwork);
}

/** Whether a rule of the balancer lets it out to the instances. */
function reaches(rule: RuleFacts, { securityGroupIds }: Kind): boolean {
  // A network stands for the instances' addresses, which change: any but a single address counts.
  const byNetwork = rule.cidrs.some((cidr) => cidr.includes(".") && !cidr.endsWith("/32"));
  return ofTcp(rule) && (byNetwork || rule.groupIds.some((id) => securityGroupIds.includes(id)));
}

/** Whether an IPv4 network holds another. */
function holds(outer: string, inner: string): boolean {
  if (outer.includes(":") || inner.includes(":")) return false;
  const [network, length] = ipaddr.IPv4.parseCIDR(outer);
  const [address, innerLength] = ipaddr.IPv4.parseCIDR(inner);
  return innerLength >= length && address.match(network, length);
}

interface Way {
  readonly kind: Kind;
  readonly balancer: BalancerFacts;
  readonly range: Ports & { readonly source: string };
  readonly open: readonly RuleFacts[];
  readonly way: "inbound" | "outbound";
  readonly region: string;
}

function notAdmitted({ kind, balancer, range, open, way, region }: Way): Finding[] {
  const ports = open.map(({ protocol, from, to }) => (protocol === "-1" ? { from: 0, to: 65535 } : { from, to }));
  const closed = uncovered(range, ports);
  if (closed.length === 0) return [];
  const inbound = way === "inbound";
  const [instances, balancers] = [kind.securityGroupIds, balancer.securityGroupIds];
  const command = inbound
    ? `aws ec2 authorize-security-group-ingress --region ${region} --group-id ${instances[0]} --protocol tcp --port ${written([range])} --source-group ${balancers[0]}`
    : `aws ec2 authorize-security-group-egress --region ${region} --group-id ${balancers[0]} --ip-permissions IpProtocol=tcp,FromPort=${range.from},ToPort=${range.to},UserIdGroupPairs=[{GroupId=${instances[0]}}]`;
  return [
    {
      problem: inbound
        ? `The instances' security group doesn't admit ports ${written(closed)} from the load balancer ${balancer.name}.`
        : `The load balancer ${balancer.name} isn't let out to the instances' ports ${written(closed)}.`,
      evidence: [
        `${kind.instanceId}: the agent gives out ${written([range])} (${range.source})`,
        `${inbound ? instances.join(", ") : balancers.join(", ")}: ${way} ${written(ports) || "nothing"} ${inbound ? "from" : "to"} ${inbound ? balancers.join(", ") : instances.join(", ")}`,
      ],
      fix: "npm run deploy renders the agent's range and both rules from the setting portRange; the command opens the ports at once.",
      commands: [command],
    },
  ];
}

function nothingOut({ instanceId, securityGroupIds }: Kind, region: string): Finding {
  return {
    problem: "The instances' security group lets nothing out, so that the agent never reaches ECS.",
    evidence: [instanceId, ...securityGroupIds],
    fix: "npm run deploy declares the outbound rules again; the command lets it out at once.",
    commands: [
      `aws ec2 authorize-security-group-egress --region ${region} --group-id ${securityGroupIds[0]} --protocol -1 --cidr 0.0.0.0/0`,
    ],
  };
}
