import { isToken, propMistakes } from "./check-props";
import type { ContainerProps, ContainerSettings } from "./container";
import type { EcsClusterTarget } from "./ecs-cluster-target";
import type { Route } from "./listener-rule";
import type { ServiceConnectSettings } from "./service-connect";
import type { ServiceImageSettings } from "./service-image";
import {
  desiredCountRules,
  graceRules,
  maximumPercentRules,
  minimumPercentRules,
  placementFieldRules,
  SERVICE_LIMITS,
  serviceNameRules,
} from "./service-rules";
import type { ServiceScalingSettings } from "./service-scaling";
import type { TargetGroupSettings } from "./target-group";
import type { TaskSettings } from "./task-definition";

/** How ECS chooses the instance for a task. */
export interface PlacementStrategy {
  readonly type: "spread" | "binpack" | "random";
  /** `attribute:ecs.availability-zone`, `instanceId` and the like for spread, `cpu` or `memory` for binpack. @default - none, with random */
  readonly field?: string;
}

/** Which instances a task may run on. */
export interface PlacementConstraint {
  readonly type: "distinctInstance" | "memberOf";
  /** In the cluster query language, with memberOf: `attribute:ecs.instance-type =~ t3.*`. */
  readonly expression?: string;
}

/** A share of the tasks for a capacity provider. */
export interface CapacityProviderStrategy {
  readonly capacityProvider: string;
  /** 0 to 1000. @default 1 */
  readonly weight?: number;
  /** Tasks that it gets before any share is counted. @default 0 */
  readonly base?: number;
}

/** One service: what it runs, which requests it gets, how it is deployed. */
export interface Ec2ServiceProps
  extends ContainerSettings,
    TaskSettings,
    TargetGroupSettings,
    ServiceImageSettings,
    Omit<Route, "priority"> {
  /** The cluster that it runs on: the stack of the cluster itself, or an `EcsClusterLookup` in a stack of its own. */
  readonly cluster: EcsClusterTarget;
  /** Lower-case letters, digits and hyphens; with the cluster's name at most 32 characters. @default - the construct's id */
  readonly serviceName?: string;
  /** The priority of the rule of `paths` and `hosts`, 1 to 50000. @default - follows from them: the more specific first */
  readonly priority?: number;
  /** Further rules, by a name that their address ends in. @default - none */
  readonly routes?: Readonly<Record<string, Route>>;
  /** Further containers of each task. @default - none */
  readonly sidecars?: readonly ContainerProps[];
  /** How many tasks run; with scaling only at first. @default 1; with scaling its minCapacity */
  readonly desiredCount?: number;
  /** Let the number of tasks follow the load. @default - it stays at desiredCount */
  readonly scaling?: ServiceScalingSettings;
  /** One task on each instance. @default false */
  readonly daemon?: boolean;
  /** Percent of the tasks that a deployment leaves running, 0 to 100. @default 50; 0 for a daemon */
  readonly minimumHealthyPercent?: number;
  /** Percent of the tasks that a deployment may have running, 100 to 200. @default 200; 100 for a daemon */
  readonly maximumPercent?: number;
  /** Stop a deployment whose tasks don't become healthy. @default true */
  readonly circuitBreaker?: boolean;
  /** Go back to the last deployment that worked when the circuit breaker stops one. @default true */
  readonly rollback?: boolean;
  /** Seconds after its start in which a task's failed health checks don't count. @default 60 with a route */
  readonly healthCheckGracePeriodSeconds?: number;
  /** At most 5, in order. @default - spread over zones, then pack by memory */
  readonly placementStrategies?: readonly PlacementStrategy[];
  /** At most 10. @default - none */
  readonly placementConstraints?: readonly PlacementConstraint[];
  /** @default - the cluster's own capacity provider */
  readonly capacityProviderStrategies?: readonly CapacityProviderStrategy[];
  /** Take part in Service Connect. @default - no */
  readonly serviceConnect?: ServiceConnectSettings;
  /** Let `apply` wait until the deployment is done, and fail when it was rolled back. @default false: apply ends while it goes on */
  readonly waitForSteadyState?: boolean;
}

/** What a service gets where its settings say nothing. https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ecs.Ec2Service.html */
export const SERVICE_DEFAULTS = {
  desiredCount: 1,
  minimumHealthyPercent: 50,
  maximumPercent: 200,
  healthCheckGracePeriodSeconds: 60,
  placementStrategies: [
    { type: "spread", field: "attribute:ecs.availability-zone" },
    { type: "binpack", field: "memory" },
  ],
} as const satisfies Partial<Ec2ServiceProps>;

/** A service's rules by the names of their settings; the one of `paths` and `hosts` has none. */
export function routesOf({ paths, hosts, priority, routes = {} }: Ec2ServiceProps): [name: string, route: Route][] {
  const own = paths === undefined && hosts === undefined ? [] : [["", { paths, hosts, priority }] as [string, Route]];
  return [...own, ...Object.entries(routes)];
}

/** Every way in which what is the service's own breaks a rule. */
export function serviceMistakes(name: string, props: Ec2ServiceProps): string[] {
  const { cluster, daemon, routes = {}, containerPort, placementStrategies = [], placementConstraints = [] } = props;
  const mistakes = propMistakes({
    serviceName: [name, serviceNameRules],
    desiredCount: [props.desiredCount, desiredCountRules],
    minimumHealthyPercent: [props.minimumHealthyPercent, minimumPercentRules],
    maximumPercent: [props.maximumPercent, maximumPercentRules],
    healthCheckGracePeriodSeconds: [props.healthCheckGracePeriodSeconds, graceRules],
    ...Object.fromEntries(
      placementStrategies.map(({ field }, index) => [
        `placementStrategies.${index}.field`,
        [field, placementFieldRules],
      ]),
    ),
  });
  const composed = `${cluster.cluster.clusterName}-${name}`;
  if (!isToken(composed) && composed.length > SERVICE_LIMITS.composedName) {
    mistakes.push(
      `serviceName must leave the cluster's and its own name together at most ${SERVICE_LIMITS.composedName} characters; received ${JSON.stringify(composed)}, which has ${composed.length}. Shorten it: the names of its roles start with both.`,
    );
  }
  const hasRoute = routesOf(props).length > 0;
  if (hasRoute && containerPort === undefined) {
    mistakes.push(
      "containerPort must be given with a route; received nothing. Give the port that the process in the container listens on.",
    );
  }
  if (hasRoute && !cluster.loadBalancer) {
    mistakes.push(
      `paths, hosts and routes must come with a load balancer; received ${JSON.stringify(routesOf(props).map(([, route]) => route))} for a cluster without. Give the cluster one (loadBalancer), or leave them out.`,
    );
  }
  if (props.priority !== undefined && props.paths === undefined && props.hosts === undefined) {
    mistakes.push(
      `priority must come with paths or hosts; received ${props.priority} for none. Give it paths, or put it into its route.`,
    );
  }
  if (props.enableExecuteCommand && props.readonlyRootFilesystem) {
    mistakes.push(
      "readonlyRootFilesystem must be left out with enableExecuteCommand; received true. ECS Exec writes into the container: choose one of them.",
    );
  }
  mistakes.push(...desiredCountMistakes(props));
  for (const route of Object.keys(routes)) {
    if (!/^[a-z][a-z0-9_]{0,31}$/.test(route)) {
      mistakes.push(
        `routes must have names of 1 to 32 lower-case letters, digits and underscores, with a letter first; received ${JSON.stringify(route)}. Rename it: its rule's address ends in it.`,
      );
    }
  }
  if (hasRoute)
    return [...mistakes, ...placementMistakes(placementStrategies, placementConstraints), ...daemonMistakes(props)];
  const unused = (
    [
      "healthCheck",
      "deregistrationDelaySeconds",
      "slowStartSeconds",
      "stickinessSeconds",
      "healthCheckGracePeriodSeconds",
    ] as const
  ).filter((setting) => props[setting] !== undefined);
  for (const setting of unused) {
    mistakes.push(
      `${setting} must come with a route; received ${JSON.stringify(props[setting])} for a service that gets no requests. Give the service paths or hosts, or leave it out${setting === "healthCheck" ? " (Docker's own check is containerHealthCheck)" : ""}.`,
    );
  }
  return [
    ...mistakes,
    ...placementMistakes(placementStrategies, placementConstraints),
    ...(daemon ? daemonMistakes(props) : []),
  ];
}

/** Scaling starts from the desired count, which has to be one that it would choose. */
function desiredCountMistakes({ desiredCount, scaling }: Ec2ServiceProps): string[] {
  if (desiredCount === undefined || !scaling || isToken(desiredCount)) return [];
  const { minCapacity = 1, maxCapacity } = scaling;
  if (isToken(minCapacity) || isToken(maxCapacity) || (desiredCount >= minCapacity && desiredCount <= maxCapacity)) {
    return [];
  }
  return [
    `desiredCount must lie within minCapacity and maxCapacity of scaling; received ${desiredCount}, with ${minCapacity} and ${maxCapacity}. Leave it out: scaling starts at minCapacity.`,
  ];
}

/** A daemon fails under any strategy, and has as many tasks as there are instances. https://github.com/aws/containers-roadmap/issues/692 */
function daemonMistakes(props: Ec2ServiceProps): string[] {
  if (!props.daemon) return [];
  const refused = (["desiredCount", "scaling", "placementStrategies", "capacityProviderStrategies"] as const)
    .filter((setting) => props[setting] !== undefined)
    .map(
      (setting) =>
        `${setting} must be left out with daemon; received ${JSON.stringify(props[setting])}. A daemon runs one task on each instance.`,
    );
  if (props.maximumPercent !== undefined && props.maximumPercent !== 100) {
    refused.push(
      `maximumPercent must be 100 with daemon; received ${props.maximumPercent}. Leave it out: an instance never runs two tasks of a daemon.`,
    );
  }
  return refused;
}

function placementMistakes(
  strategies: readonly PlacementStrategy[],
  constraints: readonly PlacementConstraint[],
): string[] {
  const mistakes: string[] = [];
  if (strategies.length > 5) {
    mistakes.push(
      `placementStrategies must be at most 5; received ${strategies.length}. Keep those that matter most, in order.`,
    );
  }
  if (constraints.length > 10) {
    mistakes.push(
      `placementConstraints must be at most 10; received ${constraints.length}. Join expressions with "and" or "or".`,
    );
  }
  for (const [index, { type, field }] of strategies.entries()) {
    if (type === "random" && field !== undefined) {
      mistakes.push(
        `placementStrategies.${index}.field must be left out with random; received ${JSON.stringify(field)}. Random looks at nothing.`,
      );
    }
    if (type !== "random" && field === undefined) {
      mistakes.push(
        `placementStrategies.${index}.field must be given with ${type}; received nothing. For example ${type === "spread" ? '"attribute:ecs.availability-zone"' : '"memory"'}.`,
      );
    }
    if (type === "binpack" && field !== undefined && field !== "cpu" && field !== "memory") {
      mistakes.push(
        `placementStrategies.${index}.field must be cpu or memory with binpack; received ${JSON.stringify(field)}. Spread goes by other fields.`,
      );
    }
  }
  for (const [index, { type, expression }] of constraints.entries()) {
    if ((type === "memberOf") !== (expression !== undefined)) {
      mistakes.push(
        `placementConstraints.${index}.expression must ${type === "memberOf" ? "be given with memberOf" : "be left out with distinctInstance"}; received ${JSON.stringify(expression) ?? "nothing"}. memberOf takes one like "attribute:ecs.instance-type =~ t3.*".`,
      );
    }
  }
  return mistakes;
}
