import {
  EcsService,
  type EcsServiceConfig,
  type EcsServiceServiceRegistries,
  type EcsServiceVolumeConfiguration,
} from "@cdktf/provider-aws/lib/ecs-service";
import type { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { Annotations, type ITerraformDependable, TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { DeploymentRole } from "../iam/deployment-role";
import type { RoleReference } from "../iam/role";
import { ServiceConnectTlsRole } from "../iam/service-connect-tls-role";
import { VolumeRole } from "../iam/volume-role";
import { ListenerRule, type Route, routeSchema } from "../load-balancing/listener-rule";
import { NetworkListener } from "../load-balancing/network-listener";
import { networkListenerSchema } from "../load-balancing/network-listener-settings";
import { listenerOf, type RouteListener } from "../load-balancing/route-listener";
import { defaultDeregistrationDelay, TargetGroup, targetGroupSchema } from "../load-balancing/target-group";
import { type ContainerSettings, containerSettingsSchema } from "../tasks/container";
import { credentialsOfOthers } from "../tasks/container-image";
import { betweenContainers } from "../tasks/containers-of-task";
import { volumeConfiguration } from "../tasks/ebs-volume";
import type { EcrRepository } from "../tasks/ecr-repository";
import { awaitsImage } from "../tasks/image-parameter";
import { type ServiceImageSettings, serviceImageSettingsSchema } from "../tasks/service-image";
import type { TaskDefinition } from "../tasks/task-definition";
import { taskDefinitionsOn } from "../tasks/task-names";
import { type TaskSettings, taskSettingsSchema } from "../tasks/task-settings";
import { ebsVolumeOf } from "../tasks/task-volume";
import { dependenciesWithin } from "../terraform/dependencies";
import { type Expression, hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { COMPOSED_NAME_LENGTH, serviceNameRules } from "../validation/aws-rules";
import type { Problem } from "../validation/problem";
import { wholeNumber } from "../validation/rule";
import { boolean, number, type Parsed, partOf, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { show } from "../validation/show";
import { tagsWith } from "../validation/tags";
import { isPlainObject, isToken } from "../validation/token";
import { check, throwIfInvalid, validate } from "../validation/validate";
import {
  type CloudMapOptions,
  cloudMapOptionsSchema,
  createDiscoveryService,
  type DiscoveredPort,
  discoveredPort,
  discoveryProblems,
  namespaceOfRecords,
  serviceRegistry,
} from "./cloud-map-options";
import { type Namespace, takeNames } from "./namespace-names";
import { healthCheckProblems, type RouteTarget, targetOf, targetProblems, targetsOf } from "./route-targets";
import {
  alarmsOfRequests,
  ServiceAlarms,
  type ServiceAlarmsOption,
  type ServiceAlarmsSettings,
  serviceAlarmsSchema,
  withDeploymentAlarms,
} from "./service-alarms";
import { capacityGuards } from "./service-capacity";
import {
  type ConnectedPort,
  connectedPorts,
  connectedProblems,
  keysOfOwnRole,
  namesOf,
  namespaceOf,
  type ServiceConnectSettings,
  serviceConnectConfiguration,
  serviceConnectPort,
  serviceConnectSettingsSchema,
  statementsOfProxy,
} from "./service-connect";
import {
  deploymentOf,
  deploymentRules,
  invokedFunctions,
  isShifted,
  type ServiceDeployment,
  serviceDeploymentSchema,
  shiftProblems,
  targetTypeOfStrategy,
  testRouteOf,
  waitMinutes,
} from "./service-deployment";
import { addressProblems, unusedId } from "./service-id";
import {
  type BalancedListener,
  balancersOfListeners,
  listenerProblems,
  listenersField,
  listenersRoll,
  listenerTargetsOf,
  type ServiceListeners,
} from "./service-listeners";
import {
  createServiceNetwork,
  distinctBy,
  hostPortProblems,
  hostPortsOf,
  hostPortsOn,
  networkGuards,
  networkOfService,
  type ServiceNetwork,
} from "./service-network";
import {
  MAIN_BALANCER,
  routeNeeds,
  routesOf,
  type ServiceRoutes,
  serviceRoutesSchema,
  settingsOfRoutes,
} from "./service-routes";
import { offsetOf, problemsOfRules, shiftedId, TEST_ROUTE } from "./service-rules";
import {
  atLeastOneTask,
  canStartFromZero,
  insightsProblem,
  ServiceScaling,
  type ServiceScalingSettings,
} from "./service-scaling";
import {
  constraintsTogether,
  deploymentGuards,
  initialCount,
  minimumPercent,
  mostTasks,
  type ServiceScheduling,
  schedulingOf,
  serviceSchedulingSchema,
} from "./service-scheduling";
import {
  chosenCapacities,
  longestStop,
  providerNames,
  requirementProblems,
  runsOnSpot,
  spotWarnings,
  strategyGuards,
  strategyOf,
} from "./service-strategy";
import {
  createOwnTask,
  mainContainer,
  nameProblems,
  needsOfTask,
  type OwnTask,
  rulesWithTask,
  type ServiceTask,
  serviceTaskShape,
  settingsOfTask,
  sharedImageProblems,
  taskProblems,
  withTask,
} from "./service-task";
import { serviceVariables, valuesOf } from "./service-variables";
import { startAfterField, startedBefore, startProblems } from "./start-order";
import { QUEUE_URL, type queueField, type WorkerQueue, workerQueue, workerStatements } from "./worker-queue";

/** A service: its containers, its requests and its deployments. */
export interface Ec2ServiceProps
  extends ContainerSettings,
    TaskSettings,
    ServiceImageSettings,
    ServiceRoutes,
    ServiceListeners,
    ServiceScheduling,
    ServiceDeployment,
    ServiceTask,
    ServiceAlarmsOption {
  /** The cluster that the service runs on: the cluster's stack, or the `cluster` of an `EcsServiceStack`. */
  readonly cluster: EcsClusterTarget;
  /** The service's name. With the cluster's name, it has at most 32 characters. @default - the construct's id */
  readonly serviceName?: string;
  /** Stop a deployment whose tasks do not become healthy. @default true */
  readonly circuitBreaker?: boolean;
  /** Roll back to the last completed deployment when the circuit breaker stops one. @default true */
  readonly rollback?: boolean;
  /**
   * Compare the service with what the instances have, at plan: memory, CPU, GPUs, Neuron devices, and the number of instances
   * with `distinctInstance`. With `false`, other services are not compared with it either.
   * @default - the cluster's `capacityGuards`, which is true by default
   */
  readonly capacityGuards?: boolean;
  /** Use Service Connect. `{}` uses the default namespace of the cluster. @default - none */
  readonly serviceConnect?: ServiceConnectSettings;
  /** DNS records of the tasks in AWS Cloud Map, for callers without Service Connect. @default - none */
  readonly cloudMapOptions?: CloudMapOptions;
  /**
   * Services whose deployment ends before the deployment of this service starts, so that their names exist in Service Connect
   * and in Cloud Map. They must wait for a steady state. The stack of a service in another stack of the app is applied first.
   * @default - none: Terraform deploys all services at once
   */
  readonly startAfter?: readonly Ec2Service[];
  /**
   * Wait in `apply` until the deployment ends, and fail with the reason of ECS when it is rolled back. With `false`, some
   * changes take two applies.
   * @default true
   */
  readonly waitForSteadyState?: boolean;
  /**
   * Minutes until `apply` stops waiting for a deployment, or for the tasks of a deleted service, and fails. A deployment in
   * many batches needs more, because each batch drains for `deregistrationDelaySeconds`.
   * @default - 20, and the minutes in which a deployment strategy moves the requests and keeps the old tasks
   */
  readonly steadyStateTimeoutMinutes?: number;
  /**
   * Your pipeline registers task definitions and deploys them. Terraform creates the service, and ignores its task definition
   * afterwards. A change of the containers then registers a revision that no task runs. The plan shows it as a change of the
   * output `<service>_task_definition_to_deploy`.
   * @default false
   */
  readonly externalDeployments?: boolean;
  /** Delete the service at once, even during a deployment. @default - false: Terraform first scales the service to 0 tasks */
  readonly forceDelete?: boolean;
}

const timeout = wholeNumber(1, 1440, "minutes", "For example 60.");

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
export const ec2ServicePropsSchema = schemaOf<Ec2ServiceProps>()(
  {
    ...containerSettingsSchema.shape,
    ...taskSettingsSchema.shape,
    ...serviceRoutesSchema.shape,
    listeners: listenersField,
    ...serviceSchedulingSchema.shape,
    ...serviceDeploymentSchema.shape,
    ...serviceTaskShape,
    ...serviceAlarmsSchema.shape,
    ...serviceImageSettingsSchema.shape,
    cluster: clusterTargetField,
    serviceName: plain(string(...serviceNameRules)).optional(),
    circuitBreaker: plain(boolean()).default(true),
    rollback: boolean().default(true),
    capacityGuards: plain(boolean()).optional(),
    serviceConnect: serviceConnectSettingsSchema.optional(),
    cloudMapOptions: cloudMapOptionsSchema.optional(),
    startAfter: startAfterField<Ec2Service>().default([]),
    waitForSteadyState: boolean().default(true),
    steadyStateTimeoutMinutes: number(timeout).optional(),
    externalDeployments: plain(boolean()).default(false),
    forceDelete: boolean().optional(),
  },
  ...containerSettingsSchema.rules,
  ...taskSettingsSchema.rules,
  ...serviceRoutesSchema.rules,
  ...serviceSchedulingSchema.rules,
  ...serviceImageSettingsSchema.rules,
  credentialsOfOthers,
  nameWithCluster,
  routeNeeds,
  settingsOfRoutes,
  balancersOfListeners,
  listenersRoll,
  serviceConnectPort,
  constraintsTogether,
  networkOfService,
  volumesOfDaemon,
  deploymentRules,
  targetTypeOfStrategy,
  alarmsOfRequests,
  settingsOfTask,
  queueOfService,
  providerNames,
  function* imageOfPipeline({ externalDeployments, imageParameter }) {
    if (!externalDeployments || !imageParameter) return;
    const fix = "Your pipeline names the image in the task definitions that it registers. Remove one of the two.";
    yield { at: "imageParameter", must: "not be set with externalDeployments", fix };
  },
  function* containersOfTask(settings, given) {
    const { serviceName: name, sidecars } = settings;
    const pathOf = (index: number) => (index === 0 ? [] : ["sidecars", index - 1]);
    const portName = settings.serviceConnect && name;
    if (sidecars) yield* betweenContainers([{ ...settings, name, portName }, ...sidecars], settings, given, pathOf);
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

/** The tasks of a service with a queue get its URL and permissions, and Container Insights counts them. */
function* queueOfService({ cluster }: Known<Props>, given: Given<Props>): Findings<Props> {
  if (!given("scaling", "queue")) return;
  const at = ["scaling", "queue"] as const;
  const problem = insightsProblem(cluster);
  if (problem) yield { at, ...problem };
  if (!given("taskDefinition")) return;
  const fix = "Set the image and the containers on the service, whose tasks then get the queue's URL and permissions.";
  yield { at, must: "not be set with taskDefinition", fix };
}

type Settings = Parsed<typeof ec2ServicePropsSchema>;

/**
 * A service on the cluster's instances, with all that it needs: the variable of its image, the log group, the roles, the
 * task definition, the target group, the listener rules and the scaling. By default, tasks run in bridge mode with dynamic
 * host ports, to which the cluster's security groups already admit the load balancer. Other ports get rules of their own.
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
  /** The role of the containers, such as for the policy of a bucket. @default - undefined for containers without permissions */
  readonly taskRole?: RoleReference;
  /** The role with which the agent starts the containers. */
  readonly executionRole: RoleReference;
  /** The service of Cloud Map with the DNS records of the tasks. @default - undefined without `cloudMapOptions` */
  readonly cloudMapService?: ServiceDiscoveryService;
  /** The target group of the first route's load balancer. @default - undefined for a service without a route */
  readonly targetGroup?: TargetGroup;
  /**
   * The target groups, by the name of their load balancer. `loadBalancer` of the cluster is `main`. The name of another port's group
   * ends with the container and the port: `envoy_9901`, or `9901` for the service's own container.
   */
  readonly targetGroups: Readonly<Record<string, TargetGroup>>;
  /**
   * The second target groups of a service with a deployment strategy, by the same names. ECS uses the two groups of a name in turn.
   * @default - none, with rolling deployments
   */
  readonly alternateTargetGroups: Readonly<Record<string, TargetGroup>>;
  private readonly targets: readonly RouteTarget[];
  /** The listeners of Network Load Balancers, by name. */
  readonly listeners: Readonly<Record<string, NetworkListener>>;
  private readonly listenerTargets: readonly BalancedListener[];
  /** The listener rules. */
  readonly rules: readonly ListenerRule[];
  /** The rule of `testRoute` of the deployment. @default - undefined for a deployment without one */
  readonly testRule?: ListenerRule;
  private readonly infrastructure?: { readonly roleArn: string; readonly policies: readonly ITerraformDependable[] };
  private readonly hookRole?: DeploymentRole;
  private readonly volumes?: ServiceVolumes;
  private readonly namespace?: Namespace;
  private readonly records?: ServiceRecords;
  private readonly connectedPorts: readonly ConnectedPort[];
  private readonly tlsRole?: ServiceConnectTlsRole;
  /** The queue of `scaling`, to which other services send messages. @default - undefined for a service without a queue */
  readonly queue?: WorkerQueue;
  /** The repository that `ecrRepository` creates. */
  readonly repository?: EcrRepository;
  /** The id of the tasks' security group, in awsvpc mode. Admit it in the security groups of your databases. */
  readonly securityGroupId?: string;
  private readonly network: ServiceNetwork;
  private readonly alarms?: ServiceAlarms;
  /**
   * The names of the service's alarms by what they watch: `cpu`, `memory`, `running`, `5xx`, `latency` and `unhealthy`.
   * @default - undefined without `alarms`
   */
  readonly alarmNames?: Readonly<Record<string, string>>;

  /** @throws {SettingsError} with every problem of the props, or with every conflict with other services and constructs */
  constructor(scope: Construct, id: string, props: Ec2ServiceProps) {
    super(
      scope,
      unusedId(
        "Ec2Service",
        "serviceName",
        scope,
        id,
        () => check(ec2ServicePropsSchema, withServiceName(props, "a")).problems,
      ),
    );
    const given = validate(this, ec2ServicePropsSchema, withServiceName(props, id));
    const { cluster, serviceName: name = id, scaling, taskDefinition } = given;
    const whole = taskDefinition ? withTask(given, taskDefinition) : given;
    throwIfInvalid(this, this.conflicts(name, whole, props));
    const { minCapacity, maxCapacity, ...variables } = serviceVariables(
      this,
      name,
      valuesOf(given),
      scaling && !canStartFromZero(scaling) ? { minCapacity: [atLeastOneTask] } : {},
    );
    const limits = { minCapacity, maxCapacity } as Required<
      Pick<ServiceScalingSettings, "minCapacity" | "maxCapacity">
    >;
    const settings: Settings = { ...whole, ...variables, scaling: scaling && { ...scaling, ...limits } };

    const queue = scaling?.queue === undefined ? undefined : this.createQueue(name, cluster, scaling.queue);
    this.queue = queue;
    const ofTask = queue ? withQueue(props, queue, cluster) : props;
    const own = taskDefinition
      ? undefined
      : createOwnTask(this, name, settings, this.withProxy(settings, ofTask), variables);
    this.repository = own?.repository;
    this.taskDefinition = taskDefinition ?? (own as OwnTask).taskDefinition;
    this.taskRole = this.taskDefinition.taskRole;
    this.executionRole = this.taskDefinition.executionRole;
    taskDefinitionsOn(cluster).set(name, this.node.path);
    const { networkMode } = settings;
    hostPortsOn(cluster).push(...hostPortsOf(this, settings));
    const routes = routesOf(settings);
    this.securityGroupId = this.taskDefinition.securityGroupId;
    this.namespace = settings.serviceConnect && namespaceOf(cluster, settings.serviceConnect);
    this.connectedPorts = connectedPorts(name, settings.serviceConnect, containersOf(name, settings));
    if (this.namespace) takeNames(this, cluster, this.namespace, namesOf(name, this.connectedPorts));
    this.records = this.createRecords(name, settings);
    this.cloudMapService = this.records?.service;
    this.targets = targetsOf(settings);
    this.listenerTargets = listenerTargetsOf(settings);
    this.network = createServiceNetwork(this, {
      name,
      cluster,
      taskDefinition: this.taskDefinition,
      targets: this.targets,
      listeners: this.listenerTargets,
      namespace: this.namespace,
      connectedPorts: this.connectedPorts,
      records: this.records && { namespace: this.records.namespace, port: this.records.port.mapping },
    });
    if (this.securityGroupId !== undefined) {
      new TerraformOutput(this, "security_group_id", {
        description: `The id of the security group of the tasks of ${name}. Admit it in the security groups of your databases.`,
        value: this.securityGroupId,
      });
    }
    const spot = runsOnSpot(settings);
    const stop = longestStop(settings, this.taskDefinition.containers);
    const { deregistrationDelaySeconds = defaultDeregistrationDelay(spot, stop?.seconds) } = settings;
    const targetType = networkMode === "awsvpc" ? "ip" : "instance";
    const createGroups = (id: string, isAlternate: boolean) =>
      Object.fromEntries(
        this.targets.map(({ key, loadBalancer, group }) => [
          key,
          new TargetGroup(this, key === MAIN_BALANCER ? id : `${id}_${key}`, {
            ...partOf(targetGroupSchema, props),
            deregistrationDelaySeconds,
            ...group,
            cluster,
            name,
            loadBalancer,
            targetType,
            isAlternate,
          }),
        ]),
      );
    this.targetGroups = createGroups("target_group", false);
    this.alternateTargetGroups = isShifted(settings) ? createGroups("target_groups_alternate", true) : {};
    this.listeners = Object.fromEntries(
      Object.entries(props.listeners ?? {}).map(([listenerName, listener]) => [
        listenerName,
        new NetworkListener(this, `listener_${listenerName}`, {
          ...partOf(networkListenerSchema, listener),
          deregistrationDelaySeconds: listener.deregistrationDelaySeconds ?? deregistrationDelaySeconds,
          ...{ cluster, name, listenerName, loadBalancer: listener.loadBalancer, targetType },
          setting: `listeners.${listenerName}.`,
        }),
      ]),
    );
    const [targetGroup] = Object.values(this.targetGroups);
    const delay = this.isBalanced ? deregistrationDelaySeconds : 0;
    for (const warning of spotWarnings(spot, delay, stop)) Annotations.of(this).addWarning(warning);
    this.targetGroup = targetGroup;
    this.rules = routes.map(({ id, setting, route }) => {
      const { key } = targetOf(settings, route);
      const { targetGroupArn } = this.targetGroups[key] as TargetGroup;
      const own = { ...partOf(routeSchema, route), cluster, name, setting };
      if (!isShifted(settings)) return new ListenerRule(this, id, { ...own, targetGroupArn });
      return new ListenerRule(this, shiftedId(id), {
        ...own,
        ...this.shiftedBetween(settings, key, route),
        ruleId: id,
      });
    });
    const testRoute = isShifted(settings) ? testRouteOf(settings) : undefined;
    if (testRoute) {
      this.testRule = new ListenerRule(this, "rules_test", {
        ...partOf(routeSchema, testRoute),
        ...this.shiftedBetween(settings, (this.targets[0] as RouteTarget).key, testRoute),
        ...{ cluster, name, setting: TEST_ROUTE },
      });
    }
    this.infrastructure = this.createInfrastructure(name, settings);
    const functionArns = [...new Set(invokedFunctions(settings))];
    if (functionArns.length > 0) {
      this.hookRole = new DeploymentRole(this, "hook_role", {
        clusterArn: cluster.cluster.clusterArn,
        name: `${cluster.cluster.clusterName}-${name}`,
        functionArns,
      });
    }
    this.volumes = this.createVolumes(name, settings);
    this.tlsRole = this.createTlsRole(name, settings);
    this.alarms = this.createAlarms(name, settings, props);
    this.alarmNames = this.alarms?.alarmNames;
    const service = new EcsService(this, "resource", this.configuration(name, settings));
    this.node.defaultChild = service;
    this.serviceName = service.name;
    this.serviceArn = service.id;
    if (settings.externalDeployments) {
      new TerraformOutput(this, "task_definition_to_deploy", {
        description: `The revision of the task definition that Terraform registered last. Terraform does not deploy it to ${name}. Your pipeline deploys it, or a revision that it registers from it.`,
        value: this.taskDefinition.taskDefinitionArn,
      });
    }
    if (scaling) {
      const awaited = this.awaitsImage();
      new ServiceScaling(this, "scaling", {
        ...(props.scaling as ServiceScalingSettings),
        ...limits,
        queue,
        // A raised minimum starts tasks at once: https://docs.aws.amazon.com/autoscaling/application/userguide/getting-started.html
        minCapacity: awaited ? hcl`${awaited} ? 0 : ${limits.minCapacity}`.number : limits.minCapacity,
        cluster,
        serviceName: service.name,
        targetGroupArnSuffix: targetGroup?.arnSuffix,
        loadBalancer: routes[0]?.route.loadBalancer,
      });
    }
  }

  /** Whether a load balancer checks the tasks. */
  private get isBalanced(): boolean {
    return this.targets.length + this.listenerTargets.length > 0;
  }

  /** Returns the props of the task definition, with the permissions that the proxy of Service Connect needs. */
  private withProxy({ serviceConnect, executionRole, cluster }: Settings, props: Props): Props {
    const ofProxy = statementsOfProxy(serviceConnect, cluster.cluster.clusterArn);
    if (ofProxy.length === 0 || executionRole !== undefined) return props;
    return { ...props, executionRoleStatements: [...(props.executionRoleStatements ?? []), ...ofProxy] };
  }

  /** Returns the queue of the service. A new one has outputs for those who send messages to it. */
  private createQueue(name: string, cluster: EcsClusterTarget, settings: Parsed<typeof queueField>): WorkerQueue {
    const queue = workerQueue(this, settings, `${cluster.cluster.clusterName}-${name}`);
    if (queue.deadLetterQueueArn !== undefined) {
      new TerraformOutput(this, "queue_url", {
        description: `The URL of the queue whose messages the tasks of ${name} handle.`,
        value: queue.queueUrl,
      });
    }
    return queue;
  }

  /** Creates the role with which ECS manages the EBS volumes of the tasks, unless it exists. */
  private createVolumes(name: string, { volumes, cluster }: Settings): ServiceVolumes | undefined {
    const volume = ebsVolumeOf(volumes);
    if (!volume) return undefined;
    const { clusterName, clusterArn, managedStorageKeyArn } = cluster.cluster;
    // Without a key of the volume, ECS uses the cluster's.
    const { infrastructureRole, encryptionKeyArn = managedStorageKeyArn } = volume.ebs;
    const role =
      infrastructureRole === undefined
        ? new VolumeRole(this, "volume_role", { clusterArn, name: `${clusterName}-${name}`, encryptionKeyArn })
        : { roleArn: infrastructureRole, policies: [] };
    return { configuration: volumeConfiguration(volume.name, volume.ebs, role.roleArn), policies: role.policies };
  }

  /** Creates the DNS records of the tasks. */
  private createRecords(name: string, settings: Settings): ServiceRecords | undefined {
    const { cluster, cloudMapOptions: options, networkMode } = settings;
    const namespace = options && (namespaceOfRecords(cluster, options) as Namespace);
    if (!namespace) return undefined;
    takeNames(this, cluster, namespace, [options.name ?? name]);
    const port = discoveredPort(options, containersOf(name, settings));
    const service = createDiscoveryService(
      this,
      { name, clusterName: cluster.cluster.clusterName, networkMode },
      options,
      namespace,
    );
    return { namespace, port, service, registry: serviceRegistry(options, networkMode, port, service.arn) };
  }

  /** Creates the role with which ECS issues the certificates of Service Connect, unless it exists. */
  private createTlsRole(name: string, { cluster }: Settings): ServiceConnectTlsRole | undefined {
    const kmsKeyArns = keysOfOwnRole(this.connectedPorts);
    if (!kmsKeyArns) return undefined;
    const { clusterName, clusterArn } = cluster.cluster;
    return new ServiceConnectTlsRole(this, "tls_role", { clusterArn, name: `${clusterName}-${name}`, kmsKeyArns });
  }

  /** Returns the settings of a rule whose requests ECS moves between the two target groups of a target. */
  private shiftedBetween(settings: Settings, key: string, { priority }: Pick<Route, "priority">) {
    const groups = [this.targetGroups[key], this.alternateTargetGroups[key]] as TargetGroup[];
    return {
      targetGroups: groups.map(({ targetGroupArn }, index) => ({ targetGroupArn, weight: index === 0 ? 100 : 0 })),
      isShiftedByEcs: true,
      priorityOffset: priority === undefined ? offsetOf(settings, key) : undefined,
    };
  }

  /** Creates the role with which ECS moves requests, unless it exists. */
  private createInfrastructure(name: string, settings: Settings): Ec2Service["infrastructure"] {
    if (!isShifted(settings) || this.targets.length === 0) return undefined;
    const { clusterName, clusterArn } = settings.cluster.cluster;
    const { infrastructureRole } = settings.deployment;
    if (infrastructureRole !== undefined) return { roleArn: infrastructureRole, policies: [] };
    return new DeploymentRole(this, "infrastructure_role", { clusterArn, name: `${clusterName}-${name}` });
  }

  /** Returns the problems that only the app's other constructs and the cluster's instances show. */
  private conflicts(name: string, settings: Settings, props: Props): Problem[] {
    const ofShift = shiftProblems(settings);
    const balancerProblems = problemsOfRules(this, name, settings, ofShift.length === 0);
    const own = settings.taskDefinition ? mainContainer(settings.taskDefinition).name : name;
    return [
      ...addressProblems(this, name, "serviceName"),
      ...nameProblems(this, name, "serviceName", settings),
      ...sharedImageProblems(settings),
      ...daemonImageProblems(this, settings),
      ...(settings.taskDefinition ? taskProblems(settings.taskDefinition, needsOf(settings)) : []),
      ...rulesWithTask<Props>(BETWEEN_BOTH, settings, props),
      ...startProblems(this, settings.startAfter),
      ...requirementProblems(settings),
      ...hostPortProblems(this, settings),
      ...balancerProblems.targets,
      ...healthCheckProblems(settings),
      ...targetProblems(own, settings),
      ...listenerProblems(own, this.node.path, settings),
      ...connectedProblems(name, settings, containersOf(name, settings), {
        targets: targetsOf(settings),
        hasLogRouter: settings.logRouter !== undefined,
      }),
      ...ofShift,
      ...discoveryProblems(name, settings, containersOf(name, settings), {
        namespace: settings.serviceConnect && namespaceOf(settings.cluster, settings.serviceConnect),
        names: namesOf(name, connectedPorts(name, settings.serviceConnect, containersOf(name, settings))),
      }),
      ...balancerProblems.rules,
    ];
  }

  /** Creates the alarms of the service, with the topic that they notify. */
  private createAlarms(name: string, settings: Settings, { alarms }: Props): ServiceAlarms | undefined {
    if (settings.alarms === false) return undefined;
    const { cluster, daemon, scaling } = settings;
    const awaited = this.awaitsImage();
    const count = scaling?.minCapacity ?? initialCount(settings);
    return new ServiceAlarms(this, "alarms", {
      settings: alarms === true ? {} : (alarms as ServiceAlarmsSettings),
      cluster,
      name,
      targets: [
        ...this.targets.flatMap(({ key, loadBalancer }) => {
          const { listenerArn } = (listenerOf(cluster, loadBalancer) as RouteListener).listener;
          return [this.targetGroups[key], this.alternateTargetGroups[key]].flatMap((group) =>
            group ? { namespace: "AWS/ApplicationELB" as const, listenerArn, arnSuffix: group.arnSuffix } : [],
          );
        }),
        ...Object.values(this.listeners).map(({ listenerArn, targetGroupArnSuffix: arnSuffix }) => ({
          ...{ namespace: "AWS/NetworkELB" as const, listenerArn, arnSuffix },
        })),
      ],
      wantsTasks: daemon ? undefined : awaited ? hcl`!(${awaited}) && ${count} > 0` : hcl`${count} > 0`,
    });
  }

  /** Returns the condition that is true until the image of each container exists. */
  private awaitsImage(): Expression | undefined {
    return awaitsImage(
      this,
      this.taskDefinition.containers.map(({ image }) => image),
    );
  }

  private configuration(name: string, settings: Settings): EcsServiceConfig {
    const { cluster, daemon, scaling, circuitBreaker, serviceConnect } = settings;
    const { taskDefinition } = this;
    const { containers, secretVersions } = taskDefinition;
    const awaited = this.awaitsImage();
    const need = {
      name,
      ...needsOfTask(settings, containers),
      distinctBy: distinctBy(this, settings),
      tasks: daemon ? "one an instance" : mostTasks(settings),
      minimumHealthyPercent: minimumPercent(settings),
      runsBothRevisions: isShifted(settings),
    } as const;
    const isGuarded = settings.capacityGuards ?? cluster.capacityGuards ?? true;
    const guards = [
      ...(isGuarded ? capacityGuards(this, cluster, need, chosenCapacities(settings)) : []),
      ...strategyGuards(settings),
      ...networkGuards(name, this.network),
      ...deploymentGuards(name, settings),
    ];
    const ignored = [
      ...((settings.ignoreDesiredCount ?? scaling) ? ["desired_count"] : []),
      ...(settings.externalDeployments ? ["task_definition"] : []),
    ];
    return {
      name,
      cluster: cluster.cluster.clusterArn,
      taskDefinition: taskDefinition.taskDefinitionArn,
      ...schedulingOf(settings, strategyOf(settings)),
      ...(awaited && { desiredCount: hcl`${awaited} ? 0 : ${initialCount(settings)}`.number }),
      deploymentCircuitBreaker: { enable: circuitBreaker, rollback: circuitBreaker && settings.rollback },
      loadBalancer: this.isBalanced ? this.balancedPorts(settings) : undefined,
      networkConfiguration: this.network.networkConfiguration,
      healthCheckGracePeriodSeconds: this.isBalanced ? settings.healthCheckGracePeriodSeconds : undefined,
      serviceConnectConfiguration:
        serviceConnect &&
        serviceConnectConfiguration(serviceConnect, this.namespace as Namespace, this.connectedPorts, {
          name,
          log: { logGroupName: taskDefinition.logGroupName, logMode: settings.logMode, region: cluster.region },
          clusterArn: cluster.cluster.clusterArn,
          tlsRoleArn: this.tlsRole?.roleArn,
        }),
      serviceRegistries: this.records?.registry,
      volumeConfiguration: this.volumes?.configuration,
      enableExecuteCommand: settings.enableExecuteCommand,
      waitForSteadyState: settings.waitForSteadyState,
      timeouts: timeoutsOf(settings),
      forceDelete: settings.forceDelete,
      // It has an effect only with another change. ECS rejects a changed strategy without it.
      forceNewDeployment: true,
      ...deploymentOf(
        { ...settings, deployment: withDeploymentAlarms(settings.deployment, this.alarms?.deploymentAlarms) },
        this.hookRole?.roleArn,
        secretVersions,
      ),
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      tags: tagsWith(
        purposeTags(`${cluster.cluster.clusterName}-${name}`, `Keeps the tasks of ${name} running`),
        settings.tags,
      ),
      dependsOn: dependenciesWithin(this, this.dependencies(settings)),
      lifecycle: { ignoreChanges: ignored.length > 0 ? ignored : undefined, precondition: guards },
    };
  }

  /** Returns the other target group of a target, and the rules whose requests ECS moves between both. */
  private advancedConfiguration(settings: Settings, key: string) {
    const alternate = this.alternateTargetGroups[key];
    if (!alternate || !this.infrastructure) return undefined;
    const index = routesOf(settings).findIndex(({ route }) => targetOf(settings, route).key === key);
    return {
      alternateTargetGroupArn: alternate.targetGroupArn,
      productionListenerRule: (this.rules[index] as ListenerRule).ruleArn,
      testListenerRule: key === this.targets[0]?.key ? this.testRule?.ruleArn : undefined,
      roleArn: this.infrastructure.roleArn,
    };
  }

  /** Returns the ports that ECS registers with target groups. */
  private balancedPorts(settings: Settings): NonNullable<EcsServiceConfig["loadBalancer"]> {
    const block = (targetGroupArn: string, sidecar: string | undefined, containerPort: number | undefined) => ({
      targetGroupArn,
      containerName: sidecar ?? mainContainer(this.taskDefinition).name,
      containerPort: containerPort as number,
    });
    return [
      ...this.targets.map(({ key, sidecar, containerPort }) => ({
        ...block((this.targetGroups[key] as TargetGroup).targetGroupArn, sidecar, containerPort),
        advancedConfiguration: this.advancedConfiguration(settings, key),
      })),
      ...this.listenerTargets.map(({ name, sidecar, containerPort }) =>
        block((this.listeners[name] as NetworkListener).targetGroupArn, sidecar, containerPort),
      ),
    ];
  }

  /** Returns what Terraform creates before the service, and destroys after it. */
  private dependencies({ cluster, startAfter }: Settings): ITerraformDependable[] {
    const { association } = cluster.capacityProvider;
    const namespaces = [this.namespace, this.records?.namespace];
    return [
      // A target group has no load balancer until a rule uses it: https://github.com/hashicorp/terraform/issues/32908
      ...[...this.rules, ...(this.testRule ? [this.testRule] : [])].map(({ rule }) => rule),
      ...(this.infrastructure?.policies ?? []),
      ...(this.hookRole?.policies ?? []),
      ...Object.values(this.listeners).flatMap(({ dependables }) => dependables),
      // Without its permissions a task cannot stop, and the service drains forever:
      // https://github.com/hashicorp/terraform-provider-aws/issues/3414
      ...this.taskDefinition.policies,
      ...this.network.rules,
      ...(this.volumes?.policies ?? []),
      ...(this.tlsRole?.policies ?? []),
      ...(association ? [association] : []),
      ...namespaces.flatMap((namespace) => (typeof namespace === "object" ? (namespace.rule ?? []) : [])),
      ...startedBefore(startAfter),
    ];
  }
}

/** Returns the props with the URL of the queue and the permissions that its tasks need. */
function withQueue(props: Props, { queueArn, queueUrl }: WorkerQueue, { cluster }: EcsClusterTarget): Props {
  const { environment = {}, taskRole, taskRoleStatements = [] } = props;
  const url = { [QUEUE_URL]: queueUrl };
  return {
    ...props,
    environment: isToken(environment) ? hcl`merge(${url}, ${environment})`.map : { ...url, ...environment },
    // The library does not change a role that exists.
    ...((taskRole === undefined || taskRole === true) && {
      taskRoleStatements: [...taskRoleStatements, ...workerStatements(queueArn, cluster)],
    }),
  };
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

/** Returns the containers of a service's tasks with the names of their ports. The first one has its `containerPort`. */
const containersOf = (name: string, { taskDefinition, sidecars, ...own }: Settings) => {
  const main = taskDefinition ? mainContainer(taskDefinition) : { ...own, name, portName: name };
  return [main, ...sidecars];
};
/** The DNS records of a service's tasks. */
interface ServiceRecords {
  readonly namespace: Namespace;
  readonly port: DiscoveredPort;
  readonly service: ServiceDiscoveryService;
  readonly registry: EcsServiceServiceRegistries;
}

/** The EBS volumes of a service's tasks. */
interface ServiceVolumes {
  readonly configuration: EcsServiceVolumeConfiguration;
  readonly policies: readonly ITerraformDependable[];
}

/** ECS does not create EBS volumes for the tasks of a daemon. */
function* volumesOfDaemon({ daemon, volumes = {} }: Known<Props>): Findings<Props> {
  if (!daemon) return;
  for (const [name, volume] of Object.entries(volumes)) {
    if (volume?.ebs === undefined) continue;
    const fix = "A daemon runs one task on each instance. Use a hostPath on a volume of the instances.";
    yield { at: ["volumes", name, "ebs"], must: "not be set with daemon", fix };
  }
}

/** The rules that compare settings of a service with settings of its task. */
const BETWEEN_BOTH = [
  constraintsTogether,
  networkOfService,
  volumesOfDaemon,
  serviceConnectPort,
  targetTypeOfStrategy,
] as const;

const needsOf = (settings: Settings) => ({
  cluster: settings.cluster,
  hasRoute: routesOf(settings).length > 0,
  usesServiceConnect: settings.serviceConnect !== undefined,
});

/** A daemon always runs, so it cannot wait for its first image. */
function daemonImageProblems(service: Construct, settings: Settings): Problem[] {
  const { daemon, imageParameter, image, sidecars } = settings;
  const isAwaited =
    (imageParameter && image === undefined) || awaitsImage(service, [image, ...sidecars.map((one) => one.image)]);
  if (!daemon || !isAwaited) return [];
  const fix =
    "ECS cannot run a daemon with 0 tasks until your pipeline has written the first image. Set image to the image to start with.";
  return [
    { path: "daemon", rule: "must not be set with an imageParameter that has no image", received: show(daemon), fix },
  ];
}

function timeoutsOf(settings: Settings): EcsServiceConfig["timeouts"] {
  const { steadyStateTimeoutMinutes: minutes = waitMinutes(settings) } = settings;
  if (minutes === undefined) return undefined;
  const limit = isToken(minutes) ? hcl`"\${${minutes}}m"`.string : `${minutes}m`;
  return { create: limit, update: limit, delete: limit };
}
