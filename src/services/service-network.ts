import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { type ITerraformDependable, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { identityOf } from "../cluster/cluster-identity";
import type { EcsClusterTarget, ListenerTarget } from "../cluster/ecs-cluster-target";
import { listenerOf, type RouteListener, type RouteLoadBalancer } from "../load-balancing/route-listener";
import { admittedRange } from "../network/port-range";
import { portRule } from "../network/port-sources";
import { type ContainerNetwork, placedPorts, portsOf } from "../tasks/container-network";
import { fixedPorts, overlap, type Port, type Ports, portsText } from "../tasks/port-mapping";
import { settingsOf, type TaskDefinition } from "../tasks/task-definition";
import { MOST_SUBNETS, type TaskNetwork } from "../tasks/task-network";
import { type AdmittedPort, admittedOn, admittedTwice, sourcesOf } from "../tasks/task-security-group";
import { hcl } from "../terraform/expression";
import { ALWAYS, type Guard } from "../terraform/guard";
import type { Problem } from "../validation/problem";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import type { CloudMapOptions } from "./cloud-map-options";
import type { Namespace } from "./namespace-names";
import type { PlacementConstraint } from "./placement";
import { type RouteTarget, targetsOf } from "./route-targets";
import type { ConnectedPort, ServiceConnectSettings } from "./service-connect";
import { type BalancedListener, type ListenerSettings, listenerTargetsOf } from "./service-listeners";
import { givenRoutes, hasRoute, MAIN_BALANCER, type Routed } from "./service-routes";
import { strategyOf } from "./service-strategy";

interface Networked extends Routed, ContainerNetwork, TaskNetwork {
  readonly serviceConnect?: ServiceConnectSettings;
  readonly cloudMapOptions?: CloudMapOptions;
  readonly sidecars?: readonly (ContainerNetwork & { readonly name: string })[];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts.html */
export function* networkOfService(settings: Known<Networked>, given: Given<Networked>): Findings<Networked> {
  const { networkMode, cluster } = settings;
  if ((networkMode === "host" || networkMode === "none") && given("serviceConnect")) {
    const fix = "Remove it, or use networkMode bridge or awsvpc.";
    yield { at: "serviceConnect", must: `not be set with networkMode ${networkMode}`, fix };
  }
  if (networkMode === "none" && given("cloudMapOptions")) {
    const fix = "The containers have no network. Remove it.";
    yield { at: "cloudMapOptions", must: "not be set with networkMode none", fix };
  }
  if (!hasRoute(settings, given) || !networkMode || !cluster) return;
  for (const { at, loadBalancer, container, containerPort } of givenRoutes(settings, given)) {
    const owner =
      settings.sidecars?.find((sidecar) => sidecar?.name !== undefined && sidecar.name === container) ?? settings;
    const target = placedPorts(owner).find(({ port, isMain }) =>
      containerPort === undefined ? isMain : port.containerPort === containerPort,
    );
    if (networkMode === "bridge" && target?.port.hostPort === undefined) continue;
    const route = listenerOf(cluster as EcsClusterTarget, loadBalancer as RouteLoadBalancer);
    if (!route || typeof securityGroupOf(route.listener) === "string") continue;
    yield {
      at: route.name === undefined ? ["cluster", "loadBalancer", "securityGroupId"] : at,
      must: "have the id of its security group, for a route to a port that is not dynamic",
      fix: "Use an EcsClusterStack or an EcsClusterLookup, or add securityGroupId to the load balancer.",
    };
  }
}

/** Returns the security group of a listener's load balancer. Reading it looks it up, in a stack that does not create it. */
const securityGroupOf = (listener: ListenerTarget & { readonly loadBalancer?: object }): string | undefined =>
  (listener.loadBalancer as ListenerTarget | undefined)?.securityGroupId ?? listener.securityGroupId;

/** A service, for the rules of the security groups that it needs. */
interface NetworkedService {
  readonly name: string;
  readonly cluster: EcsClusterTarget;
  readonly taskDefinition: TaskDefinition;
  readonly targets: readonly RouteTarget[];
  readonly listeners: readonly BalancedListener[];
  /** The namespace of the service. @default - it uses none */
  readonly namespace?: Namespace;
  readonly connectedPorts: readonly ConnectedPort[];
  /** The namespace of the service's records in Cloud Map, and the port that they lead to. @default - it has none */
  readonly records?: { readonly namespace: Namespace; readonly port?: Port };
}

/** The network interfaces of the tasks, and the rules that the tasks need before they start. */
export interface ServiceNetwork {
  readonly networkConfiguration?: { readonly subnets: string[]; readonly securityGroups: string[] };
  readonly rules: readonly ITerraformDependable[];
}

/**
 * Creates the security group rules of a service. A service with dynamic host ports needs none: the rules of the cluster
 * already admit the load balancer and, with a namespace, the other instances.
 */
export function createServiceNetwork(serviceScope: Construct, service: NetworkedService): ServiceNetwork {
  const { taskDefinition } = service;
  const scope = ownerOfRules(serviceScope, taskDefinition);
  const named = scope === taskDefinition ? { ...service, name: settingsOf(taskDefinition).name } : service;
  const fromLoadBalancer = loadBalancerRules(scope, named);
  const { securityGroups = [], rules } = namespaceRules(scope, named);
  const own = taskDefinition.networkConfiguration;
  return {
    networkConfiguration: own && { ...own, securityGroups: [...own.securityGroups, ...securityGroups] },
    rules: [...taskDefinition.portRules, ...fromLoadBalancer, ...rules],
  };
}

/**
 * Returns the construct that owns the rules of a service. The rules of a security group that several services share belong to
 * its task definition, so that no service creates or destroys a rule of another one.
 */
const ownerOfRules = (service: Construct, taskDefinition: TaskDefinition): Construct =>
  taskDefinition.securityGroupId !== undefined &&
  taskDefinition.node.scope !== service &&
  TerraformStack.of(taskDefinition) === TerraformStack.of(service)
    ? taskDefinition
    : service;

type RuleClass = typeof VpcSecurityGroupIngressRule | typeof VpcSecurityGroupEgressRule;

/** Creates a rule, unless another service with the task definition created it. AWS rejects a second equal rule. */
const ruleOnce = (
  scope: Construct,
  id: string,
  Rule: RuleClass,
  rule: ConstructorParameters<RuleClass>[2],
): ITerraformDependable =>
  (scope.node.tryFindChild(id) as InstanceType<RuleClass> | undefined) ??
  new Rule(scope, id, { ...rule, lifecycle: { createBeforeDestroy: true } });

/** Another port has other rules, so that the old ones stay until the deployment has ended. */
const idOf = ({ protocol, from }: Ports): string => (isToken(from) ? "port" : `${protocol}_${from}`);

/** A load balancer that connects to ports of the tasks. */
interface Balanced {
  /** What addresses of rules have. */
  readonly source: string;
  readonly balancer: string;
  readonly ports: readonly (Ports | undefined)[];
  readonly healthCheckPort: number | undefined;
}

function loadBalancerRules(
  scope: Construct,
  { name, cluster, taskDefinition, targets, listeners }: NetworkedService,
): ITerraformDependable[] {
  const { securityGroupId = cluster.portRules.instanceSecurityGroupId, networkMode } = taskDefinition;
  const ofRoutes = targets.flatMap(({ balancer: balancerName, loadBalancer, port, healthCheckPort }): Balanced[] => {
    const fixed = port && fixedPorts(port, networkMode);
    if (!fixed) return [];
    const { listener } = listenerOf(cluster, loadBalancer) as RouteListener;
    const source = balancerName === MAIN_BALANCER ? "load_balancer" : `load_balancer_${balancerName}`;
    return [{ source, balancer: securityGroupOf(listener) as string, ports: [fixed], healthCheckPort }];
  });
  const ofListeners = listeners.map(({ balancerName, balancer, ports, listener }): Balanced => {
    const source = `load_balancer_${balancerName}`;
    const fixed = ports.map((port) => fixedPorts(port, networkMode));
    const healthCheckPort = checkedPort(listener, fixed);
    return { source, balancer: balancer.securityGroupId, ports: fixed, healthCheckPort };
  });
  return [...ofRoutes, ...ofListeners].flatMap(({ source, balancer, ports, healthCheckPort: check }) => {
    const ofCheck = check === undefined ? [] : [{ protocol: "tcp", from: check, to: check } as const];
    return [...ports, ...ofCheck].flatMap((port) => {
      if (!port) return [];
      const purpose = `Requests and health checks to port ${portsText(port)} of ${name}`;
      return [
        ruleOnce(scope, `${idOf(port)}_from_${source}`, VpcSecurityGroupIngressRule, {
          ...portRule({ ...port, securityGroupId }, purpose),
          referencedSecurityGroupId: balancer,
        }),
        ruleOnce(scope, `${source}_to_${idOf(port)}`, VpcSecurityGroupEgressRule, {
          ...portRule({ ...port, securityGroupId: balancer }, purpose),
          referencedSecurityGroupId: securityGroupId,
        }),
      ];
    });
  });
}

/** Returns the TCP port of the health checks of a listener, if another rule does not admit them. */
const checkedPort = (
  { healthCheck, protocol }: BalancedListener["listener"],
  [traffic]: readonly (Ports | undefined)[],
): number | undefined => healthCheck.port ?? (protocol === "UDP" ? traffic?.from : undefined);

/** A port that other services reach, the security group that it belongs to, and what the connections are. */
interface ReachedPort {
  readonly ports: Ports;
  readonly securityGroupId: string;
  /** Whether `allowFrom` already admits the instances. AWS rejects a second rule with the same source. */
  readonly admitsInstances: boolean;
  readonly purpose: string;
}

/**
 * Returns the ports that need rules. In awsvpc mode, clients of Service Connect connect to the ports of the containers, where
 * the proxy listens, or to `ingressPortOverride`. Services in bridge mode connect from their instance, and are reached at a
 * dynamic port of their instance. Records of Cloud Map lead to the port of the container, or to its fixed port on the instance.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html
 */
function reachedPorts({ cluster, taskDefinition, connectedPorts, records }: NetworkedService): ReachedPort[] {
  const { securityGroupId = cluster.portRules.instanceSecurityGroupId, networkMode } = taskDefinition;
  const ofContainer = (mapping: Port, purpose: string): ReachedPort[] => {
    const ports = fixedPorts(mapping, networkMode);
    const admitsInstances = mapping.allowFrom?.instances ?? false;
    return ports ? [{ ports, securityGroupId, admitsInstances, purpose }] : [];
  };
  const ofProxies = connectedPorts.flatMap(({ mapping, ingressPortOverride: override }): ReachedPort[] => {
    if (networkMode !== "awsvpc") return [];
    const purpose = "Service Connect";
    if (override === undefined) return ofContainer(mapping, purpose);
    const ports = { protocol: "tcp", from: override, to: override } as const;
    return [{ ports, securityGroupId, admitsInstances: false, purpose }];
  });
  return [...ofProxies, ...(records?.port ? ofContainer(records.port, "Connections") : [])];
}

/** Creates the rules of a service that others reach through Service Connect or Cloud Map, and of a client in awsvpc mode. */
function namespaceRules(
  scope: Construct,
  service: NetworkedService,
): { readonly securityGroups?: readonly string[]; readonly rules: readonly ITerraformDependable[] } {
  const { name, cluster, taskDefinition } = service;
  // A cluster has one construct of a namespace, which has the security group of the clients.
  const namespaces = [service.namespace, service.records?.namespace];
  const namespace = namespaces.find((one) => typeof one === "object") ?? namespaces.find((one) => one !== undefined);
  const { securityGroupId } = taskDefinition;
  const reached = reachedPorts(service);
  if (!namespace || (securityGroupId === undefined && reached.length === 0)) return { rules: [] };
  const { instanceSecurityGroupId: instances } = cluster.portRules;
  const clients = typeof namespace === "string" ? undefined : namespace.clients;
  const rules = reached.flatMap(({ ports, admitsInstances, purpose, ...port }) => {
    const sources = [
      ...(admitsInstances ? [] : [["instances", instances] as const]),
      ...(clients ? [["clients", clients.securityGroupId] as const] : []),
    ];
    return sources.map(([source, referencedSecurityGroupId]) =>
      ruleOnce(scope, `${idOf(ports)}_from_${source}`, VpcSecurityGroupIngressRule, {
        ...portRule({ ...ports, ...port }, `${purpose} from ${source} to ${name}`),
        referencedSecurityGroupId,
      }),
    );
  });
  if (securityGroupId === undefined) return { rules };
  if (clients) return { securityGroups: [clients.securityGroupId], rules: [...rules, ...clients.rules] };
  const { from, to } = admittedRange(cluster.portRules);
  const toInstances = ruleOnce(scope, "instances_from_tasks", VpcSecurityGroupIngressRule, {
    ...portRule({ securityGroupId: instances, protocol: "tcp", from, to }, `Service Connect from ${name}`),
    referencedSecurityGroupId: securityGroupId,
  });
  return { rules: [...rules, toInstances] };
}

/** Returns the guards of the network interfaces of a service's tasks. */
export function networkGuards(name: string, { networkConfiguration }: ServiceNetwork): Guard[] {
  // The schema has counted the subnets that are known when the code runs.
  if (!networkConfiguration || !isToken(networkConfiguration.subnets)) return [];
  const count = hcl`length(${networkConfiguration.subnets})`;
  return [
    {
      condition: hcl`${count} >= 1 && ${count} <= ${MOST_SUBNETS} && ${ALWAYS}`.string,
      errorMessage: `The tasks of ${name} must have 1 to ${MOST_SUBNETS} subnets in awsvpc mode; received ${count}. Set subnetIds of the service.`,
    },
  ];
}

/** A fixed port of the instances that a service uses. */
export interface HostPort extends AdmittedPort {
  /** The capacity providers of the service. Undefined for all. */
  readonly providers?: readonly string[];
  /** Whether placement constraints choose the instances. */
  readonly isConstrained: boolean;
}

/** The fixed ports of the instances of a cluster. */
const HOST_PORTS = new WeakMap<object, HostPort[]>();

/** The settings that decide which ports of which instances a service uses. */
type HostPortSettings = Parameters<typeof strategyOf>[0] &
  ListenerSettings & {
    readonly placementConstraints?: readonly PlacementConstraint[];
    readonly taskDefinition?: TaskDefinition;
    readonly cloudMapOptions?: CloudMapOptions;
  };

/** Returns the fixed ports of all services of a cluster, in all stacks of the app. */
export function hostPortsOn(cluster: EcsClusterTarget): HostPort[] {
  const identity = identityOf(cluster);
  const ports = HOST_PORTS.get(identity) ?? [];
  HOST_PORTS.set(identity, ports);
  return ports;
}

/** Returns the fixed ports of the instances that a service uses, with their settings. */
export function hostPortsOf(service: Construct, settings: HostPortSettings): HostPort[] {
  const { networkMode, daemon, placementConstraints = [], sidecars, taskDefinition } = settings;
  if (networkMode !== "bridge" && networkMode !== "host") return [];
  const ofService = {
    owner: service.node.path,
    // A daemon runs on the instances of all providers.
    providers: daemon ? undefined : strategyOf(settings).map(({ capacityProvider }) => capacityProvider),
    isConstrained: placementConstraints.some(({ type }) => type === "memberOf"),
  };
  const targets = targetsOf(settings);
  const listeners = listenerTargetsOf(settings);
  const { cloudMapOptions: records } = settings;
  // The records open the port to the instances.
  const isDiscovered = (container: string | undefined, port: Port) =>
    records !== undefined &&
    port.protocol === "tcp" &&
    port.containerPort === (records.containerPort ?? settings.containerPort) &&
    (records.container === undefined ? container === undefined : container === records.container);
  return [{ ...settings, name: undefined }, ...sidecars].flatMap((container, index) =>
    portsOf(container).flatMap((port) => {
      const ports = fixedPorts(port, networkMode);
      if (!ports) return [];
      const sources = [
        ...targets
          .filter(
            ({ sidecar, containerPort, healthCheckPort }) =>
              (sidecar === container.name && containerPort === port.containerPort) ||
              (ports.protocol === "tcp" && ports.from === healthCheckPort),
          )
          .map(({ balancer }) => `load balancer ${balancer}`),
        ...listeners
          .filter(
            ({ sidecar, containerPort, ports: own, listener }) =>
              (sidecar === container.name &&
                containerPort === port.containerPort &&
                own.some(({ protocol }) => protocol === ports.protocol)) ||
              (ports.protocol === "tcp" &&
                ports.from ===
                  checkedPort(
                    listener,
                    own.map((one) => fixedPorts(one, networkMode)),
                  )),
          )
          .map(({ balancerName }) => `load balancer ${balancerName}`),
        ...(isDiscovered(container.name, port) && !port.allowFrom?.instances ? ["instances"] : []),
        ...(taskDefinition ? [] : sourcesOf(port)),
      ];
      const place = container.portMappings.findIndex((mapping) => mapping.containerPort === port.containerPort);
      const own = place < 0 ? "containerPort" : `portMappings[${place}]`;
      const ofSettings = index === 0 ? own : `sidecars[${index - 1}].${own}`;
      const setting = taskDefinition ? "taskDefinition" : ofSettings;
      return [{ ...ofService, setting, ports, sources }];
    }),
  );
}

/** Finds other services of the cluster with the same port of the instances. */
export function hostPortProblems(service: Construct, settings: HostPortSettings): Problem[] {
  const others = hostPortsOn(settings.cluster);
  return hostPortsOf(service, settings).flatMap((port) => {
    const same = others.filter((other) => overlap(port.ports, other.ports));
    const problem = { path: port.setting, received: portsText(port.ports) };
    const beside = same.find((other) => meet(port, other));
    if (beside) {
      const rule = "must be a port of the instances that no other service of the cluster uses";
      const fix = `${beside.owner} uses it. Use another port, or other capacity providers for one of the two.`;
      return [{ ...problem, rule, fix }];
    }
    return admittedTwice(port, [...others, ...admittedOn(settings.cluster)]);
  });
}

/** Returns whether tasks of two services can be on one instance. */
function meet(one: HostPort, other: HostPort): boolean {
  // The constraints are assumed to choose different instances.
  if (one.isConstrained && other.isConstrained) return false;
  if (!one.providers || !other.providers) return true;
  return one.providers.some((provider) => other.providers?.includes(provider));
}

/** Returns why each task of a service needs an instance of its own, if it does. */
export function distinctBy(service: Construct, settings: HostPortSettings): string | undefined {
  if (settings.placementConstraints?.some(({ type }) => type === "distinctInstance")) return "distinctInstance";
  const [port] = hostPortsOf(service, settings);
  return port && `Port ${portsText(port.ports)} of the instances`;
}
