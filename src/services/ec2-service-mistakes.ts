import { isToken, propMistakes } from "../validation/check-props";
import { unknownSettings } from "./ec2-service-names";
import { type Ec2ServiceProps, routesOf, SERVICE_DEFAULTS } from "./ec2-service-props";
import { placementMistakes, strategyMistakes } from "./placement";
import {
  desiredCountRules,
  graceRules,
  maximumPercentRules,
  minimumPercentRules,
  SERVICE_LIMITS,
  serviceNameRules,
} from "./service-rules";

/** Every way in which what is the service's own breaks a rule. */
export function serviceMistakes(name: string, props: Ec2ServiceProps): string[] {
  return [
    ...unknownSettings(props),
    ...propMistakes({
      serviceName: [name, serviceNameRules],
      desiredCount: [props.desiredCount, desiredCountRules],
      minimumHealthyPercent: [props.minimumHealthyPercent, minimumPercentRules],
      maximumPercent: [props.maximumPercent, maximumPercentRules],
      healthCheckGracePeriodSeconds: [props.healthCheckGracePeriodSeconds, graceRules],
    }),
    ...composedNameMistakes(`${props.cluster.cluster.clusterName}-${name}`),
    ...routingMistakes(props),
    ...desiredCountMistakes(props),
    ...deploymentMistakes(props),
    ...placementMistakes(props.placementStrategies, props.placementConstraints),
    ...strategyMistakes(props.capacityProviderStrategies),
    ...daemonMistakes(props),
  ];
}

/** Where the cluster's name is a variable, the execution role's precondition says the same at plan. */
const composedNameMistakes = (composed: string): string[] =>
  isToken(composed) || composed.length <= SERVICE_LIMITS.composedName
    ? []
    : [
        `serviceName must leave the cluster's and its own name together at most ${SERVICE_LIMITS.composedName} characters; received ${JSON.stringify(composed)}, which has ${composed.length}. Shorten it: the names of its roles start with both.`,
      ];

/** What makes sense with a route only, and what a route needs. */
function routingMistakes(props: Ec2ServiceProps): string[] {
  const { cluster, containerPort, routes = {} } = props;
  const all = routesOf(props);
  const mistakes: string[] = [];
  if (all.length > 0 && containerPort === undefined) {
    mistakes.push(
      "containerPort must be given with a route; received nothing. Give the port that the process in the container listens on.",
    );
  }
  if (all.length > 0 && !cluster.loadBalancer) {
    mistakes.push(
      `paths, hosts and routes must come with a load balancer; received ${JSON.stringify(all.map(([, route]) => route))} for a cluster without. Give the cluster one (loadBalancer), or leave them out.`,
    );
  }
  if (props.priority !== undefined && props.paths === undefined && props.hosts === undefined) {
    mistakes.push(
      `priority must come with paths or hosts; received ${props.priority} for none. Give it paths, or put it into its route.`,
    );
  }
  for (const route of Object.keys(routes)) {
    if (!/^[a-z][a-z0-9_]{0,31}$/.test(route)) {
      mistakes.push(
        `routes must have names of 1 to 32 lower-case letters, digits and underscores, with a letter first; received ${JSON.stringify(route)}. Rename it: its rule's address ends in it.`,
      );
    }
  }
  for (const setting of all.length > 0 ? [] : OF_ROUTES.filter((one) => props[one] !== undefined)) {
    mistakes.push(
      `${setting} must come with a route; received ${JSON.stringify(props[setting])} for a service that gets no requests. Give the service paths or hosts, or leave it out${setting === "healthCheck" ? " (Docker's own check is containerHealthCheck)" : ""}.`,
    );
  }
  return mistakes;
}

const OF_ROUTES = [
  "targetProtocol",
  "healthCheck",
  "deregistrationDelaySeconds",
  "slowStartSeconds",
  "stickinessSeconds",
  "healthCheckGracePeriodSeconds",
] as const;

/** A deployment may have to stop a task before it starts one, or the other way round: one of both it must be able to do. */
function deploymentMistakes(props: Ec2ServiceProps): string[] {
  const mistakes: string[] = [];
  if (props.enableExecuteCommand && props.readonlyRootFilesystem) {
    mistakes.push(
      "readonlyRootFilesystem must be left out with enableExecuteCommand; received true. ECS Exec writes into the container: choose one of them.",
    );
  }
  const { desiredCount = props.scaling?.minCapacity ?? SERVICE_DEFAULTS.desiredCount } = props;
  const minimum = props.minimumHealthyPercent ?? SERVICE_DEFAULTS.minimumHealthyPercent;
  const maximum = props.maximumPercent ?? SERVICE_DEFAULTS.maximumPercent;
  if (props.daemon || desiredCount <= 0 || [desiredCount, minimum, maximum].some(isToken)) return mistakes;
  const kept = Math.ceil((desiredCount * minimum) / 100);
  if (kept >= desiredCount && Math.floor((desiredCount * maximum) / 100) <= desiredCount) {
    mistakes.push(
      `minimumHealthyPercent and maximumPercent must let a deployment begin; received ${minimum} and ${maximum} for a desiredCount of ${desiredCount}, of which none may stop and beside which none may start. Raise maximumPercent to 200, or lower minimumHealthyPercent.`,
    );
  }
  return mistakes;
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
  if (props.minimumHealthyPercent === 100) {
    refused.push(
      "minimumHealthyPercent must be under 100 with daemon; received 100. A daemon's old task stops before its new one starts: leave it out.",
    );
  }
  return refused;
}
