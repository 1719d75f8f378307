import { EcsService, type EcsServiceConfig } from "@cdktf/provider-aws/lib/ecs-service";
import { Annotations, type ITerraformDependable, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { capacityProviderStrategyField } from "../capacity/capacity-provider-strategy";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import {
  conditionLimits,
  conflicts,
  ListenerRule,
  type PlacedRule,
  placedRule,
  type Route,
  routeSchema,
  rulesOn,
} from "../load-balancing/listener-rule";
import {
  defaultDeregistrationDelay,
  TargetGroup,
  type TargetGroupSettings,
  targetGroupSchema,
} from "../load-balancing/target-group";
import {
  type ContainerProps,
  type ContainerSettings,
  containerPropsSchema,
  containerSettingsSchema,
} from "../tasks/container";
import { taskSize } from "../tasks/container-size";
import { betweenContainers, MAX_CONTAINERS } from "../tasks/containers-of-task";
import type { EcrRepository } from "../tasks/ecr-repository";
import { ServiceImage, type ServiceImageSettings, serviceImageSettingsSchema, takenName } from "../tasks/service-image";
import { TaskDefinition } from "../tasks/task-definition";
import { takenOnCluster, taskDefinitionsOn } from "../tasks/task-names";
import { type TaskSettings, taskSettingsSchema } from "../tasks/task-settings";
import { dependenciesWithin } from "../terraform/dependencies";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { COMPOSED_NAME_LENGTH, serviceNameRules } from "../validation/aws-rules";
import type { Problem } from "../validation/problem";
import { matches, matchesNot, wholeNumber } from "../validation/rule";
import { boolean, list, map, number, type Parsed, partOf, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import { show } from "../validation/show";
import { isPlainObject, isToken } from "../validation/token";
import { check, throwIfInvalid, validate } from "../validation/validate";
import {
  DEFAULT_PLACEMENT,
  type PlacementConstraint,
  type PlacementStrategy,
  placementConstraintsField,
  placementStrategiesField,
  zoneRebalancing,
} from "./placement";
import { accelerators, capacityGuards } from "./service-capacity";
import {
  type ServiceConnectSettings,
  serviceConnectConfiguration,
  serviceConnectSettingsSchema,
} from "./service-connect";
import { ServiceScaling, type ServiceScalingSettings, serviceScalingSettingsSchema } from "./service-scaling";
import {
  type CapacityProviderStrategy,
  chosenCapacities,
  longestStop,
  providerNames,
  requirementProblems,
  runsOnSpot,
  spotWarnings,
  strategyGuards,
  strategyOf,
} from "./service-strategy";

/** A service: its containers, its requests and its deployments. */
export interface Ec2ServiceProps
  extends ContainerSettings,
    TaskSettings,
    TargetGroupSettings,
    ServiceImageSettings,
    Route {
  /** The cluster that the service runs on: the cluster's stack, or the `cluster` of an `EcsServiceStack`. */
  readonly cluster: EcsClusterTarget;
  /** The service's name. With the cluster's name, it has at most 32 characters. @default - the construct's id */
  readonly serviceName?: string;
  /** More rules, by name. The addresses of the rules end with the names. @default - none */
  readonly routes?: Readonly<Record<string, Route>>;
  /** More containers of each task. @default - none */
  readonly sidecars?: readonly ContainerProps[];
  /** The number of tasks. With `scaling`, the number at the start. @default - 1, or `minCapacity` of `scaling` */
  readonly desiredCount?: number;
  /** How the number of tasks follows the load. @default - the number stays at `desiredCount` */
  readonly scaling?: ServiceScalingSettings;
  /** Run one task on each instance. @default false */
  readonly daemon?: boolean;
  /** Percent of the tasks that a deployment keeps running. @default - 50, or 0 for a daemon */
  readonly minimumHealthyPercent?: number;
  /** Percent of the tasks that can run during a deployment. @default - 200, or 100 for a daemon */
  readonly maximumPercent?: number;
  /** Stop a deployment whose tasks do not become healthy. @default true */
  readonly circuitBreaker?: boolean;
  /** Roll back to the last completed deployment when the circuit breaker stops one. @default true */
  readonly rollback?: boolean;
  /** Seconds after the start of a task in which failed health checks do not count. It requires a route. @default 60 */
  readonly healthCheckGracePeriodSeconds?: number;
  /** How ECS chooses instances for tasks, in order. @default - spread over Availability Zones, then fill instances by memory */
  readonly placementStrategies?: readonly PlacementStrategy[];
  /** The instances that tasks can run on. @default - all instances */
  readonly placementConstraints?: readonly PlacementConstraint[];
  /**
   * Shares of the tasks for capacity providers. A service with EFS volumes cannot use providers with Bottlerocket.
   * @default - the cluster's strategy, without the providers that cannot mount the service's volumes
   */
  readonly capacityProviderStrategies?: readonly CapacityProviderStrategy[];
  /**
   * Compare the service with what the instances have, at plan: memory, CPU, GPUs, Neuron devices, and the number of instances
   * with `distinctInstance`. With `false`, other services are not compared with it either.
   * @default - the cluster's `capacityGuards`, which is true by default
   */
  readonly capacityGuards?: boolean;
  /** Use Service Connect. @default - none */
  readonly serviceConnect?: ServiceConnectSettings;
  /**
   * Wait in `apply` until the deployment ends, and fail with the reason of ECS when it is rolled back. With `false`, some
   * changes take two applies.
   * @default true
   */
  readonly waitForSteadyState?: boolean;
  /**
   * Minutes until `apply` stops waiting for a deployment, or for the tasks of a deleted service, and fails. A deployment in
   * many batches needs more, because each batch drains for `deregistrationDelaySeconds`.
   * @default - 20
   */
  readonly steadyStateTimeoutMinutes?: number;
  /** Delete the service at once, even during a deployment. @default - false: Terraform first scales the service to 0 tasks */
  readonly forceDelete?: boolean;
}

const routeName = matches(
  "^[a-z][a-z0-9_]{0,31}$",
  "have a name of 1 to 32 lower-case letters, digits and underscores that starts with a letter",
  "Rename the route. The address of its rule ends with the name.",
);
const notRule = matchesNot(
  "^rule(_|$)",
  "not be named rule, nor start with rule_",
  "Rename the route. The rule of another service can have the same address.",
);
const fewSidecars: Limit<readonly unknown[]> = {
  must: `have at most ${MAX_CONTAINERS - 1} containers`,
  fix: `A task has at most ${MAX_CONTAINERS} containers. Create another service for the rest.`,
  check: (sidecars) => sidecars.length < MAX_CONTAINERS,
  offending: { of: (sidecars) => sidecars.length },
};
const tasks = wholeNumber(0, 5000, "tasks", "For example 2.");
const minimum = wholeNumber(0, 100, "percent", "With 50, a deployment replaces half of the tasks at a time.");
const maximum = wholeNumber(100, 200, "percent", "With 200, a deployment starts new tasks before the old ones stop.");
const timeout = wholeNumber(1, 1440, "minutes", "For example 60.");
const grace = wholeNumber(0, 2_147_483_647, "seconds", "For example 60.");

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
export const ec2ServicePropsSchema = schemaOf<Ec2ServiceProps>()(
  {
    ...containerSettingsSchema.shape,
    ...taskSettingsSchema.shape,
    ...targetGroupSchema.shape,
    ...serviceImageSettingsSchema.shape,
    ...routeSchema.shape,
    cluster: clusterTargetField,
    serviceName: plain(string(...serviceNameRules)).optional(),
    routes: map(routeSchema, { names: [routeName, notRule] }).default({}),
    sidecars: list(containerPropsSchema, fewSidecars).default([]),
    desiredCount: number(tasks).optional(),
    scaling: serviceScalingSettingsSchema.optional(),
    daemon: plain(boolean()).default(false),
    minimumHealthyPercent: number(minimum).optional(),
    maximumPercent: number(maximum).optional(),
    circuitBreaker: plain(boolean()).default(true),
    rollback: boolean().default(true),
    healthCheckGracePeriodSeconds: number(grace).default(60),
    placementStrategies: placementStrategiesField.default(DEFAULT_PLACEMENT),
    placementConstraints: placementConstraintsField.optional(),
    capacityProviderStrategies: capacityProviderStrategyField.optional(),
    capacityGuards: plain(boolean()).optional(),
    serviceConnect: serviceConnectSettingsSchema.optional(),
    waitForSteadyState: boolean().default(true),
    steadyStateTimeoutMinutes: number(timeout).optional(),
    forceDelete: boolean().optional(),
  },
  ...containerSettingsSchema.rules,
  ...taskSettingsSchema.rules,
  ...targetGroupSchema.rules,
  ...serviceImageSettingsSchema.rules,
  conditionLimits,
  nameWithCluster,
  routeNeeds,
  settingsOfRoutes,
  serviceConnectPort,
  desiredCountWithinScaling,
  deploymentCanStart,
  settingsOfDaemon,
  providerNames,
  function* containersOfTask(settings, given) {
    const { serviceName: name, sidecars } = settings;
    const pathOf = (index: number) => (index === 0 ? [] : ["sidecars", index - 1]);
    if (sidecars) yield* betweenContainers([{ ...settings, name }, ...sidecars], settings, given, pathOf);
  },
);

type Props = Ec2ServiceProps;

/** If the cluster's name is a variable, a precondition of the execution role checks this. */
function* nameWithCluster({ cluster, serviceName }: Known<Props>): Findings<Props> {
  const name = `${cluster?.cluster?.clusterName}-${serviceName}`;
  if (!cluster?.cluster?.clusterName || !serviceName || isToken(name) || name.length <= COMPOSED_NAME_LENGTH) return;
  yield {
    at: "serviceName",
    must: `have at most ${COMPOSED_NAME_LENGTH} characters together with the cluster's name`,
    received: name,
    fix: "Shorten it: the names of the service's roles start with both.",
  };
}

/** Returns undefined when `routes` has a problem. */
const hasRoute = ({ routes }: Known<Props>, given: Given<Props>): boolean | undefined =>
  given("paths") || given("hosts") || (routes && Object.keys(routes).length > 0);

function* routeNeeds(settings: Known<Props>, given: Given<Props>): Findings<Props> {
  if (given("priority") && !given("paths") && !given("hosts")) {
    const must = "not be set without paths or hosts";
    yield { at: "priority", must, fix: "Set paths or hosts, or set the priority of a route in routes." };
  }
  if (!hasRoute(settings, given)) return;
  if (!given("containerPort")) {
    const fix = "Use the port that the process in the container listens on.";
    yield { at: "containerPort", must: "be set for a service with a route", fix };
  }
  if (settings.cluster && !settings.cluster.loadBalancer) {
    const fix = "Give the cluster a load balancer, or remove paths, hosts and routes.";
    yield { at: ["cluster", "loadBalancer"], must: "be set for a service with a route", fix };
  }
}

const OF_ROUTES = [
  ...(Object.keys(targetGroupSchema.shape) as (keyof TargetGroupSettings)[]),
  "healthCheckGracePeriodSeconds",
] as const;

function* settingsOfRoutes(settings: Known<Props>, given: Given<Props>): Findings<Props> {
  if (hasRoute(settings, given) !== false) return;
  const must = "not be set for a service without a route";
  const fix = "Set paths, hosts or routes, or remove it.";
  for (const at of OF_ROUTES) {
    const more = at === "healthCheck" ? " Docker's own check is containerHealthCheck." : "";
    if (given(at)) yield { at, must, fix: `${fix}${more}` };
  }
  if (given("scaling", "requestsPerTarget")) yield { at: ["scaling", "requestsPerTarget"], must, fix };
}

function* serviceConnectPort(_: Known<Props>, given: Given<Props>): Findings<Props> {
  if (given("containerPort")) return;
  for (const setting of ["dnsName", "port"]) {
    if (!given("serviceConnect", setting)) continue;
    const must = "not be set for a service without containerPort";
    const fix = "Set containerPort, or remove it: the service then only calls other services.";
    yield { at: ["serviceConnect", setting], must, fix };
  }
}

function* desiredCountWithinScaling({ desiredCount: count, scaling }: Known<Props>): Findings<Props> {
  const { minCapacity: min, maxCapacity: max } = scaling ?? {};
  if (count === undefined || min === undefined || max === undefined || (count >= min && count <= max)) return;
  const must = `be from minCapacity to maxCapacity of scaling, which are ${min} and ${max}`;
  yield { at: "desiredCount", must, fix: "Remove it: scaling starts at minCapacity." };
}

/** A deployment must be able to stop a task before it starts one, or to start one before it stops one. */
function* deploymentCanStart(settings: Known<Props>, given: Given<Props>): Findings<Props> {
  const { daemon, scaling, maximumPercent } = settings;
  const count =
    settings.desiredCount ?? (given("desiredCount") ? undefined : given("scaling") ? scaling?.minCapacity : 1);
  const percent = settings.minimumHealthyPercent ?? (given("minimumHealthyPercent") ? undefined : MINIMUM_PERCENT);
  if (daemon || count === undefined || percent === undefined || maximumPercent === undefined) return;
  const canStop = Math.ceil((count * percent) / 100) < count;
  const canStart = Math.floor((count * maximumPercent) / 100) > count;
  if (count === 0 || canStop || canStart) return;
  yield {
    at: "maximumPercent",
    must: "let a deployment stop or start a task",
    fix: `With a desiredCount of ${count} and a minimumHealthyPercent of ${percent}, ECS can do neither. Set it to 200, or lower minimumHealthyPercent.`,
  };
}

/** A daemon has one task on each instance and no strategy. https://github.com/aws/containers-roadmap/issues/692 */
function* settingsOfDaemon(settings: Known<Props>, given: Given<Props>): Findings<Props> {
  if (!settings.daemon) return;
  for (const at of ["desiredCount", "scaling", "placementStrategies", "capacityProviderStrategies"] as const) {
    if (given(at))
      yield { at, must: "not be set with daemon", fix: "Remove it. A daemon runs one task on each instance." };
  }
  if (settings.maximumPercent !== undefined && settings.maximumPercent !== 100) {
    const fix = "Remove it: an instance never runs two tasks of a daemon.";
    yield { at: "maximumPercent", must: "be 100 with daemon", fix };
  }
  if (settings.minimumHealthyPercent === 100) {
    const fix = "Remove it: the old task of a daemon stops before the new one starts.";
    yield { at: "minimumHealthyPercent", must: "be below 100 with daemon", fix };
  }
}

type Settings = Parsed<typeof ec2ServicePropsSchema>;

const MINIMUM_PERCENT = 50;
const MAXIMUM_PERCENT = 200;

/**
 * A service on the cluster's instances, with all that it needs: the variable of its image, the log group, the roles, the
 * task definition in bridge mode with dynamic host ports, the target group, the listener rules and the scaling. The
 * cluster's security groups already admit the load balancer to these ports.
 *
 * @example new Ec2Service(stack, "users", { cluster: stack, containerPort: 3000, paths: ["/api/users*"] })
 */
export class Ec2Service extends Construct {
  /** The service's name, as an attribute of the service. */
  readonly serviceName: string;
  /** The service's ARN. */
  readonly serviceArn: string;
  /** The task definition. */
  readonly taskDefinition: TaskDefinition;
  /** The target group. @default - undefined for a service without a route */
  readonly targetGroup?: TargetGroup;
  /** The listener rules. */
  readonly rules: readonly ListenerRule[];
  /** The repository, with `ecrRepository`. */
  readonly repository?: EcrRepository;

  /** @throws {SettingsError} with every problem of the props, or with every conflict with other services and constructs */
  constructor(scope: Construct, id: string, props: Ec2ServiceProps) {
    super(scope, unusedId(scope, id, props));
    const settings = validate(this, ec2ServicePropsSchema, withServiceName(props, id));
    const { cluster, serviceName: name = id, scaling } = settings;
    throwIfInvalid(this, this.conflicts(name, settings));

    const image = new ServiceImage(this, "image", {
      ...partOf(serviceImageSettingsSchema, props),
      clusterName: cluster.cluster.clusterName,
      name,
      encryptionKeyArn: cluster.cluster.executeCommandKeyArn,
    });
    this.repository = image.repository;
    const container: ContainerProps = {
      ...partOf(containerSettingsSchema, props),
      name,
      image: image.image,
      portName: settings.serviceConnect && settings.containerPort !== undefined ? name : undefined,
    };
    this.taskDefinition = new TaskDefinition(this, "task_definition", {
      ...partOf(taskSettingsSchema, props),
      cluster,
      name,
      containers: [container, ...(props.sidecars ?? [])],
    });
    taskDefinitionsOn(cluster).set(name, this.node.path);
    const routes = routesOf(settings);
    const spot = runsOnSpot(settings);
    const stop = longestStop(settings, this.taskDefinition.containers);
    const { deregistrationDelaySeconds = defaultDeregistrationDelay(spot, stop?.seconds) } = settings;
    const targetGroup =
      routes.length > 0
        ? new TargetGroup(this, "target_group", {
            ...partOf(targetGroupSchema, props),
            deregistrationDelaySeconds,
            cluster,
            name,
          })
        : undefined;
    const delay = targetGroup ? deregistrationDelaySeconds : 0;
    for (const warning of spotWarnings(spot, delay, stop)) {
      Annotations.of(this).addWarning(warning);
    }
    this.targetGroup = targetGroup;
    this.rules = routes.flatMap(({ id, setting, route }) => {
      if (!targetGroup) return [];
      const { targetGroupArn } = targetGroup;
      return new ListenerRule(this, id, { ...route, cluster, name, targetGroupArn, setting });
    });
    const service = new EcsService(this, "resource", this.configuration(name, settings));
    this.serviceName = service.name;
    this.serviceArn = service.id;
    if (scaling) {
      new ServiceScaling(this, "scaling", {
        ...(props.scaling as ServiceScalingSettings),
        cluster,
        serviceName: service.name,
        targetGroupArnSuffix: targetGroup?.arnSuffix,
      });
    }
  }

  /** Returns the problems that only the app's other constructs and the cluster's instances show. */
  private conflicts(name: string, settings: Settings): Problem[] {
    const { loadBalancer } = settings.cluster;
    const placed: PlacedRule[] = loadBalancer ? [...rulesOn(loadBalancer)] : [];
    const ofRoutes = routesOf(settings).flatMap(({ id, setting, route }) => {
      const rule = placedRule(`${this.node.path}/${id}`, route);
      const problems = conflicts(rule, placed, setting);
      placed.push(rule);
      return problems;
    });
    return [
      ...addressProblems(this, name),
      ...nameProblems(this, name, settings.cluster),
      ...requirementProblems(settings),
      ...ofRoutes,
    ];
  }

  private configuration(name: string, settings: Settings): EcsServiceConfig {
    const { cluster, daemon, scaling, circuitBreaker, containerPort, serviceConnect } = settings;
    const { targetGroup, taskDefinition } = this;
    const minimumHealthyPercent = settings.minimumHealthyPercent ?? (daemon ? 0 : MINIMUM_PERCENT);
    const desiredCount = settings.desiredCount ?? scaling?.minCapacity ?? 1;
    const { containers } = taskDefinition;
    const need = {
      name,
      ...taskSize(containers),
      ...accelerators(containers),
      distinctInstances: settings.placementConstraints?.some(({ type }) => type === "distinctInstance"),
      tasks: daemon ? "one an instance" : (scaling?.maxCapacity ?? desiredCount),
      minimumHealthyPercent,
    } as const;
    const isGuarded = settings.capacityGuards ?? cluster.capacityGuards ?? true;
    const guards = [
      ...(isGuarded ? capacityGuards(this, cluster, need, chosenCapacities(settings)) : []),
      ...strategyGuards(settings),
    ];
    return {
      name,
      cluster: cluster.cluster.clusterArn,
      taskDefinition: taskDefinition.taskDefinitionArn,
      ...(daemon ? daemonScheduling : replicaScheduling(settings, desiredCount)),
      deploymentMinimumHealthyPercent: minimumHealthyPercent,
      deploymentCircuitBreaker: { enable: circuitBreaker, rollback: circuitBreaker && settings.rollback },
      placementConstraints: settings.placementConstraints?.map(({ type, expression }) => ({
        type,
        expression: expression === undefined ? undefined : literal(expression),
      })),
      loadBalancer:
        targetGroup && containerPort !== undefined
          ? [{ targetGroupArn: targetGroup.targetGroupArn, containerName: name, containerPort }]
          : undefined,
      healthCheckGracePeriodSeconds: targetGroup ? settings.healthCheckGracePeriodSeconds : undefined,
      serviceConnectConfiguration:
        serviceConnect &&
        serviceConnectConfiguration(serviceConnect, {
          name,
          containerPort,
          logGroupName: taskDefinition.logGroupName,
          logMode: settings.logMode,
          region: cluster.region,
        }),
      enableExecuteCommand: settings.enableExecuteCommand,
      waitForSteadyState: settings.waitForSteadyState,
      timeouts: timeoutsOf(settings),
      forceDelete: settings.forceDelete,
      // It has an effect only with another change. ECS rejects a changed strategy without it.
      forceNewDeployment: true,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      tags: purposeTags(`${cluster.cluster.clusterName}-${name}`, `Keeps the tasks of ${name} running`),
      dependsOn: dependenciesWithin(this, this.dependencies(settings)),
      lifecycle: { ignoreChanges: scaling ? ["desired_count"] : undefined, precondition: guards },
    };
  }

  /** Returns what Terraform creates before the service, and destroys after it. */
  private dependencies({ cluster, serviceConnect }: Settings): ITerraformDependable[] {
    const { association } = cluster.capacityProvider;
    const { namespace } = serviceConnect ?? {};
    return [
      // A target group has no load balancer until a rule uses it: https://github.com/hashicorp/terraform/issues/32908
      ...this.rules.map(({ rule }) => rule),
      // Without its permissions a task cannot stop, and the service drains forever:
      // https://github.com/hashicorp/terraform-provider-aws/issues/3414
      ...this.taskDefinition.policies,
      ...(association ? [association] : []),
      ...(typeof namespace === "object" ? [namespace.rule] : []),
    ];
  }
}

/**
 * Returns the id.
 * @throws {SettingsError} when it is no text or another construct of the scope has it, with the problems of the props
 */
function unusedId(scope: Construct, id: string, props: Ec2ServiceProps): string {
  const subject = `Ec2Service "${scope?.node?.path}/${show(id).replace(/^"|"$/g, "")}"`;
  if (typeof id !== "string") {
    throwIfInvalid(subject, [
      { path: "id", rule: "must be a string", received: show(id), fix: 'For example "users".' },
    ]);
  }
  const owner = ownerOf(scope, id);
  if (owner === undefined) return id;
  const canBeName = serviceNameRules.every((rule) => rule.check(id, {}));
  const fix = canBeName ? `Use another id, and set serviceName: ${show(id)}.` : "Use another id.";
  throwIfInvalid(subject, [
    { path: "id", rule: "must be unused", received: `${show(id)}, which ${owner} has`, fix },
    ...check(ec2ServicePropsSchema, withServiceName(props, "a")).problems,
  ]);
  return id;
}

/** Returns what has an id in a scope, or undefined. */
function ownerOf(scope: Construct, id: string): string | undefined {
  // The constructs library looks ids up among the properties of an object.
  if (id in Object.prototype) return "every scope";
  const other = scope?.node?.tryFindChild(id);
  if (other) return `${other.constructor.name} "${other.node.path}"`;
  // CDKTF creates the backend of a stack without one at synthesis.
  return id === "backend" && TerraformStack.isStack(scope) ? "the stack's backend" : undefined;
}

/** Returns the props with the id as the service's name, so that the rules of names apply to it. */
function withServiceName(props: Ec2ServiceProps, id: string): Ec2ServiceProps {
  try {
    return isPlainObject(props) && props.serviceName === undefined ? { ...props, serviceName: id } : props;
  } catch {
    // A getter of the caller threw. `validate` reports it.
    return props;
  }
}

/** Terraform addresses have underscores in place of other characters, so `a-b` and `a_b` have the same addresses. */
function addressProblems(service: Construct, name: string): Problem[] {
  const stack = TerraformStack.of(service);
  try {
    stack.getLogicalId(service.node);
    return [];
  } catch {
    const rule = "must have Terraform addresses that no other service of the stack has";
    const fix = `Use another id, and set serviceName: ${show(name)}.`;
    return [{ path: "id", rule, received: show(service.node.id), fix }];
  }
}

/** Two services of one stack have the same variable, and two services of one cluster are one service in ECS. */
function nameProblems(service: Construct, name: string, cluster: EcsClusterTarget): Problem[] {
  const problems = takenName(service, name, "serviceName");
  return problems.length > 0 ? problems : takenOnCluster(cluster, name, "serviceName");
}

/** A rule of a service: the id of its construct, its setting for messages, and its conditions. */
interface ServiceRoute {
  readonly id: string;
  readonly setting?: string;
  readonly route: Route;
}

function routesOf({ paths, hosts, priority, routes }: Settings): ServiceRoute[] {
  const own = paths || hosts ? [{ id: "rule", route: { paths, hosts, priority } }] : [];
  const more = Object.entries(routes).map(([name, route]) => ({
    id: `rule_${name}`,
    setting: `routes.${name}`,
    route,
  }));
  return [...own, ...more];
}

function timeoutsOf({ steadyStateTimeoutMinutes: minutes }: Settings): EcsServiceConfig["timeouts"] {
  if (minutes === undefined) return undefined;
  const limit = isToken(minutes) ? hcl`"\${${minutes}}m"`.string : `${minutes}m`;
  return { create: limit, update: limit, delete: limit };
}

/** https://github.com/aws/containers-roadmap/issues/692 */
const daemonScheduling = {
  schedulingStrategy: "DAEMON",
  launchType: "EC2",
  availabilityZoneRebalancing: "DISABLED",
  deploymentMaximumPercent: 100,
} as const;

function replicaScheduling(settings: Settings, desiredCount: number) {
  const { placementStrategies, placementConstraints, maximumPercent = MAXIMUM_PERCENT } = settings;
  return {
    schedulingStrategy: "REPLICA",
    desiredCount,
    capacityProviderStrategy: [...strategyOf(settings)],
    orderedPlacementStrategy: placementStrategies.map(({ type, field }) => ({
      type,
      field: field === undefined ? undefined : literal(field),
    })),
    availabilityZoneRebalancing: zoneRebalancing({
      maximumPercent,
      strategies: placementStrategies,
      constraints: placementConstraints,
    }),
    deploymentMaximumPercent: maximumPercent,
  };
}
