import ipaddr from "ipaddr.js";
import { actionsOf } from "../actions";
import { type Cause, type Check, command, distinct, type Finding, found } from "../check";
import type { BalancerFacts, ListenerFacts, RuleFacts, SecurityGroupFacts, ServiceFacts } from "../facts";
import { type Transport, transportsOf } from "./port-ranges";

interface Facts {
  readonly region: string;
  readonly services: readonly ServiceFacts[];
  readonly balancers: readonly BalancerFacts[];
  readonly listeners: readonly ListenerFacts[];
  /** The security groups of the load balancers. */
  readonly groups: readonly SecurityGroupFacts[];
}

const CLOSED: Cause = {
  id: "listener-closed",
  title: "The security group of a load balancer admits no client to a listener.",
  fix: "Deploy the stack again, which creates the rules for http_cidrs, or for the networks of the listener. To admit one network now, run the command.",
};
const PRIVATE: Cause = {
  id: "listener-private",
  title: "The security group of an internet-facing load balancer admits only private networks to a listener.",
  fix: "Set http_cidrs, or the networks of the listener, to the public networks of the clients, who connect to the public addresses of the load balancer. Or use an internal load balancer. To admit one network now, run the command.",
};
const REDIRECTED: Cause = {
  id: "rules-on-redirect",
  title: "The rules of a service are only on a listener that redirects other requests.",
  fix: "Deploy the stack of the service again, which moves its rules. The load balancer changed its listener after the service was deployed.",
};

/** Checks that clients reach each listener, and that the rules of services are on listeners that serve them. */
export const listenersCheck: Check<Facts> = {
  id: "listeners",
  question: "Do clients reach the listeners of each load balancer, and are the rules of services on them?",
  actions: actionsOf("listeners", "securityGroups"),
  causes: [CLOSED, PRIVATE, REDIRECTED],
  read: async (account) => {
    const balancers = await account.balancers();
    const ids = balancers.flatMap(({ securityGroupIds }) => securityGroupIds);
    return {
      region: account.region,
      services: await account.services(),
      balancers,
      listeners: await account.listeners(),
      groups: await account.securityGroups(distinct(ids).sort()),
    };
  },
  decide: ({ region, services, balancers, listeners, groups }) => {
    const ofBalancer = balancers.map((balancer) => ({
      balancer,
      own: listeners.filter(({ balancerArn }) => balancerArn === balancer.arn),
    }));
    return {
      findings: ofBalancer.flatMap(({ balancer, own }) => [
        ...closedListeners(balancer, own, groups, region),
        ...services.flatMap((service) => redirectedRules(service, balancer, own)),
      ]),
      notes: ofBalancer.flatMap(({ balancer, own }) =>
        own.map((listener) => {
          const behind = services.filter(({ targetGroupArns }) =>
            targetGroupArns.some((arn) => sendsTo(listener, arn)),
          );
          const names = behind.map(({ name }) => name).join(", ");
          return `${balancer.name} ${nameOf(listener)}: ${names === "" ? "no service of the cluster" : names}`;
        }),
      ),
    };
  },
};

const nameOf = ({ protocol, port }: ListenerFacts): string => `${protocol} ${port}`;

const sendsTo = ({ targetGroupArns }: ListenerFacts, arn: string): boolean => targetGroupArns.includes(arn);

/** Finds listeners whose port the security groups of the load balancer close to clients. A load balancer without a group is open. */
function closedListeners(
  { arn, name, scheme, securityGroupIds }: BalancerFacts,
  listeners: readonly ListenerFacts[],
  groups: readonly SecurityGroupFacts[],
  region: string,
): Finding[] {
  const [first] = securityGroupIds;
  if (first === undefined) return [];
  const inbound = groups.filter(({ id }) => securityGroupIds.includes(id)).flatMap((group) => group.inbound);
  return listeners.flatMap(({ port, protocol }): Finding[] => {
    const rulesOf = (transport: Transport) =>
      inbound.filter(
        (rule) => rule.protocol === "-1" || (rule.protocol === transport && rule.from <= port && port <= rule.to),
      );
    const transports = transportsOf(protocol);
    const closed = transports.filter((transport) => rulesOf(transport).length === 0);
    const hidden = transports.filter(
      (transport) => scheme === "internet-facing" && !closed.includes(transport) && rulesOf(transport).every(isPrivate),
    );
    const admit = (some: readonly Transport[]) =>
      some.map(
        (transport) =>
          command`aws ec2 authorize-security-group-ingress --region ${region} --group-id ${first} --protocol ${transport} --port ${port} --cidr NETWORK`,
      );
    const about = { balancers: [arn] };
    return [
      ...(closed.length === 0
        ? []
        : [
            found(CLOSED, {
              problem: `The security group of the load balancer ${name} admits nobody to its listener ${protocol} ${port}.`,
              evidence: [
                `${securityGroupIds.join(", ")}: no inbound rule for ${closed.map((transport) => `${transport} `).join("and ")}port ${port}`,
              ],
              fix: `Deploy the stack again, which creates the rules for ${/^HTTP/.test(protocol) ? "http_cidrs" : "the networks of the listener"}. To admit one network now, run the command.`,
              commands: admit(closed),
              about,
            }),
          ]),
      ...(hidden.length === 0
        ? []
        : [
            found(PRIVATE, {
              problem: `The security group of the internet-facing load balancer ${name} admits only private networks to its listener ${protocol} ${port}.`,
              evidence: [
                `${securityGroupIds.join(", ")}: ${distinct(hidden.flatMap(rulesOf).flatMap(({ cidrs, ipv6Cidrs = [] }) => [...cidrs, ...ipv6Cidrs])).join(", ")}`,
              ],
              commands: admit(hidden),
              about,
            }),
          ]),
    ];
  });
}

/** Whether a rule admits only private networks. The networks of a group and of a prefix list are unknown. */
function isPrivate({ cidrs, ipv6Cidrs = [], groupIds, prefixListIds = [] }: RuleFacts): boolean {
  const networks = [...cidrs, ...ipv6Cidrs];
  if (networks.length === 0 || groupIds.length > 0 || prefixListIds.length > 0) return false;
  return networks.every((network) => /^(private|uniqueLocal)$/.test(ipaddr.parseCIDR(network)[0].range()));
}

/** Finds a service whose rules are only on listeners that redirect all other requests, such as after a change to HTTPS. */
function redirectedRules(
  { name, targetGroupArns }: ServiceFacts,
  balancer: BalancerFacts,
  listeners: readonly ListenerFacts[],
): Finding[] {
  return targetGroupArns.flatMap((arn): Finding[] => {
    const used = listeners.filter((listener) => sendsTo(listener, arn));
    const others = listeners.filter(({ isRedirect }) => !isRedirect);
    if (used.length === 0 || others.length === 0 || used.some(({ isRedirect }) => !isRedirect)) return [];
    return [
      found(REDIRECTED, {
        problem: `The rules of the service ${name} are on the listener ${used.map(nameOf).join(", ")} of ${balancer.name}, which redirects other requests. Requests to ${others.map(nameOf).join(", ")} do not reach the service.`,
        evidence: [arn, ...used.map((listener) => listener.arn)],
        commands: [],
        about: { services: [name] },
      }),
    ];
  });
}
