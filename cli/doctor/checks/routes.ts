import { actionsOf } from "../actions";
import { type Cause, type Check, type Command, command, distinct, type Finding, found, isRunning } from "../check";
import type { BalancerFacts, InstanceFacts } from "../facts";
import type { EndpointFacts, RouteTableFacts } from "../network-facts";
import { symptomCause } from "../symptom-cause";
import { AGENT_DISCONNECTED } from "./agents";
import { byKey } from "./by-key";
import { ECS_ENDPOINTS, isMissing } from "./endpoints";
import { NOT_REGISTERED } from "./registered";
import { defaultRoute, hasOtherRoute, isInternetGateway, routesText, tableOf } from "./subnet-routes";

interface Facts {
  readonly region: string;
  readonly running: readonly InstanceFacts[];
  /** The instances whose agent is connected to ECS. */
  readonly connected: readonly string[];
  /** The instances whose user data sets a proxy. */
  readonly proxied: readonly string[];
  readonly balancers: readonly BalancerFacts[];
  readonly tables: readonly RouteTableFacts[];
  /** @default - AWS denied reading them */
  readonly endpoints?: readonly EndpointFacts[];
}

const SYMPTOMS = [NOT_REGISTERED, AGENT_DISCONNECTED, "registry-unreachable", "service-unreachable"];

const BLACKHOLE = symptomCause("route-blackhole", SYMPTOMS);

const MISSING = symptomCause("route-missing", SYMPTOMS);

const ADDRESS = symptomCause("public-address-missing", SYMPTOMS);

const BALANCER: Cause = {
  id: "balancer-route-missing",
  title: "A subnet of an internet-facing load balancer has no route to an internet gateway.",
  fix: "Add the route with the command. In place of INTERNET_GATEWAY, write the ID of the internet gateway of the VPC. Until then, clients on the internet cannot connect in this zone.",
};

/** Checks the route tables: instances need a way to ECS, and an internet-facing load balancer an internet gateway. */
export const routesCheck: Check<Facts> = {
  id: "routes",
  question: "Do the subnets of instances and load balancers have the routes that they need?",
  actions: actionsOf("instances", "balancers", "containerInstances", "routeTables", "endpoints", "userData"),
  causes: [BLACKHOLE, MISSING, ADDRESS, BALANCER],
  read: async (account, optional) => {
    const running = (await account.instances()).filter(isRunning);
    const balancers = (await optional(account.balancers())) ?? [];
    const registered = (await optional(account.containerInstances())) ?? [];
    const vpcIds = vpcsOf(running, balancers);
    return {
      region: account.region,
      running,
      connected: registered.filter(({ agentConnected }) => agentConnected).map(({ instanceId }) => instanceId),
      proxied: await proxiedOf(running, async (id) => (await optional(account.userData(id))) ?? ""),
      balancers,
      tables: await account.routeTables(vpcIds),
      endpoints: await optional(account.endpoints(vpcIds)),
    };
  },
  decide: (facts) => ({
    findings: [...instanceFindings(facts), ...facts.balancers.flatMap((balancer) => balancerFindings(balancer, facts))],
    notes: byKey(facts.running, ({ subnetId }) => subnetId ?? "").flatMap(({ subnetId = "", vpcId = "" }) => {
      const table = tableOf(facts.tables, { id: subnetId, vpcId });
      const route = table && defaultRoute(table);
      return table ? [`${subnetId}: ${route ? `to the internet by ${route.target}` : "no route to the internet"}`] : [];
    }),
  }),
};

/** Returns the VPCs of instances and load balancers. */
export const vpcsOf = (
  instances: readonly InstanceFacts[],
  balancers: readonly BalancerFacts[] = [],
): readonly string[] => distinct([...instances, ...balancers].flatMap(({ vpcId }) => vpcId ?? [])).sort();

/** Returns the instances whose user data sets a proxy. Instances of one template have the same user data. */
async function proxiedOf(running: readonly InstanceFacts[], userData: (id: string) => Promise<string>) {
  const ofTemplates = byKey(running, ({ template }) => template).map(
    async ({ id, template }) => [template, /https?[_-]proxy/i.test(await userData(id))] as const,
  );
  const isProxied = new Map(await Promise.all(ofTemplates));
  return running.filter(({ template }) => isProxied.get(template)).map(({ id }) => id);
}

/** Returns the findings of each subnet with instances. */
function instanceFindings({ region, running, connected, proxied, tables, endpoints }: Facts): Finding[] {
  const subnets = byKey(running, ({ subnetId }) => subnetId ?? "");
  return subnets.flatMap(({ subnetId, vpcId = "" }): Finding[] => {
    const table = subnetId === undefined ? undefined : tableOf(tables, { id: subnetId, vpcId });
    // An instance with an IPv6 address and a route for IPv6 needs no IPv4.
    const route6 = table && defaultRoute(table, "::/0");
    const own = running.filter(
      (one) =>
        one.subnetId === subnetId && !proxied.includes(one.id) && !(one.hasIpv6 && route6?.isBlackhole === false),
    );
    if (subnetId === undefined || table === undefined || own.length === 0) return [];
    const ofEcs = ECS_ENDPOINTS.filter((name) => !isMissing(name, endpoints ?? [], { vpcId, table }));
    const route = defaultRoute(table);
    const evidence = [`${own.map(({ id }) => id).join(", ")} in ${subnetId}`, routesText(table)];
    const about = { instances: own.map(({ id }) => id) };
    if (route?.isBlackhole) {
      const problem = `The route of ${subnetId} to the internet is a blackhole: ${route.target} was deleted.`;
      const commands = [routeCommand("replace-route", table, region, route.target.startsWith("nat-") ? NAT : GATEWAY)];
      return [found(BLACKHOLE, { problem, evidence, commands, about })];
    }
    // The endpoints are unknown, or enough.
    if (endpoints === undefined || ofEcs.length === ECS_ENDPOINTS.length) return [];
    if (route === undefined) {
      const isServed = own.every(({ id }) => connected.includes(id)) && hasOtherRoute(table);
      // The check of endpoints reports the ones that are missing beside others.
      if (isServed || ofEcs.length > 0) return [];
      const problem = `The subnet ${subnetId} has no route to the internet, and ${vpcId} has no endpoints for ECS.`;
      return [
        found(MISSING, { problem, evidence, commands: [routeCommand("create-route", table, region, GATEWAY)], about }),
      ];
    }
    const hidden = own.filter(({ publicAddress }) => publicAddress === undefined);
    if (!isInternetGateway(route) || hidden.length === 0) return [];
    const ids = hidden.map(({ id }) => id);
    return [
      found(ADDRESS, {
        problem: `The route of ${subnetId} is an internet gateway, and ${ids.join(", ")} has no public address.`,
        evidence: [...ids.map((id) => `${id}: no public IP address`), routesText(table)],
        commands: [routeCommand("replace-route", table, region, NAT)],
        about: { instances: ids },
      }),
    ];
  });
}

/** Returns the command for the default route. @param to the option of the gateway's kind, and its ID or a word in capitals */
const routeCommand = (
  verb: "create-route" | "replace-route",
  { id }: RouteTableFacts,
  region: string,
  to: Target,
): Command =>
  command`aws ec2 ${verb} --region ${region} --route-table-id ${id} --destination-cidr-block 0.0.0.0/0 ${to.option} ${to.gateway}`;

interface Target {
  readonly option: "--gateway-id" | "--nat-gateway-id";
  readonly gateway: string;
}
const NAT: Target = { option: "--nat-gateway-id", gateway: "GATEWAY" };
const GATEWAY: Target = { option: "--gateway-id", gateway: "GATEWAY" };
const INTERNET_GATEWAY: Target = { option: "--gateway-id", gateway: "INTERNET_GATEWAY" };

/** Finds subnets of an internet-facing load balancer without a route to an internet gateway. A firewall can be in between. */
function balancerFindings({ arn, name, scheme, subnets = [], vpcId = "" }: BalancerFacts, facts: Facts): Finding[] {
  if (scheme !== "internet-facing") return [];
  return subnets.flatMap(({ id }): Finding[] => {
    const table = tableOf(facts.tables, { id, vpcId });
    const route = table && defaultRoute(table);
    if (!table || (route && !route.isBlackhole && !route.target.startsWith("nat-"))) return [];
    return [
      found(BALANCER, {
        problem: `The subnet ${id} of the internet-facing load balancer ${name} has no route to an internet gateway.`,
        evidence: [routesText(table)],
        commands: [routeCommand(route ? "replace-route" : "create-route", table, facts.region, INTERNET_GATEWAY)],
        about: { balancers: [arn] },
      }),
    ];
  });
}
