import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Annotations, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { ExecutionRole } from "../iam/execution-role";
import type { RoleReference } from "../iam/role";
import type { Secret } from "../iam/secret";
import { TaskRole } from "../iam/task-role";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { serviceNameRules } from "../validation/aws-rules";
import { list, type Parsed, schemaOf, string, unavailable } from "../validation/schema";
import { tagsWith } from "../validation/tags";
import { throwIfInvalid, validate } from "../validation/validate";
import {
  type Container,
  type ContainerProps,
  containerDefinition,
  containerGuards,
  containerPropsSchema,
} from "./container";
import { namedSecrets } from "./container-environment";
import { namedLogSecrets } from "./container-logging";
import { betweenContainers, numberOfContainers, sizeProblems } from "./containers-of-task";
import { environmentFileStatements } from "./environment-file";
import { admitToFileSystems } from "./file-system";
import { createLogGroups } from "./log-groups";
import { firelensJson, needsRouter, routerContainer, routerStatements } from "./log-router";
import type { NetworkMode } from "./port-mapping";
import { secretVersions } from "./secret-versions";
import { takenOnCluster, taskDefinitionsOn } from "./task-names";
import { addressWarnings } from "./task-network";
import { taskPlatformArguments } from "./task-platform";
import { admitToPorts, admittedOn, admittedPorts, admittedTwice, createTaskSecurityGroup } from "./task-security-group";
import { type TaskSettings, taskSettingsSchema } from "./task-settings";
import { taskSizeArguments, taskSizeGuards } from "./task-size";
import { volumeBlocks, volumeStatements } from "./task-volume";

/** A task definition. */
export interface TaskDefinitionProps extends TaskSettings {
  /** The cluster that the tasks run on. */
  readonly cluster: EcsClusterTarget;
  /** The name without the cluster's: the family is `<cluster>-<name>`. */
  readonly name: string;
  /** The containers. At least one is essential. */
  readonly containers: readonly ContainerProps[];
}

export const taskDefinitionPropsSchema = schemaOf<TaskDefinitionProps>()(
  {
    ...taskSettingsSchema.shape,
    cluster: clusterTargetField,
    name: string(...serviceNameRules),
    containers: list(containerPropsSchema, numberOfContainers),
    ...unavailable(["cpu"], "Set taskCpu for the whole task, or cpu of a container."),
    ...unavailable(["memory", "memoryMiB"], "Set taskMemoryMiB for the whole task, or memoryLimitMiB of a container."),
  },
  ...taskSettingsSchema.rules,
  function* containersOfTask({ containers, ...task }, given) {
    if (containers) yield* betweenContainers(containers, task, given, (index) => ["containers", index]);
  },
);

type Settings = Parsed<typeof taskDefinitionPropsSchema>;

const SETTINGS = new WeakMap<TaskDefinition, Settings>();

/** Returns the settings of a task definition with their defaults. */
export const settingsOf = (taskDefinition: TaskDefinition): Settings => SETTINGS.get(taskDefinition) as Settings;

/**
 * Containers that run together on one instance, with their log group, their roles and the security group rules for their
 * ports.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
export class TaskDefinition extends Construct {
  /** The ARN with the revision. */
  readonly taskDefinitionArn: string;
  /** The name of the log group that the containers write to. */
  readonly logGroupName: string;
  /** The containers with the defaults of their settings. */
  readonly containers: readonly Container[];
  /** The policies of both roles. Tasks need them until they stop. */
  readonly policies: readonly ITerraformDependable[];
  /** The role with which the agent starts the containers. */
  readonly executionRole: RoleReference;
  /** The role of the containers. @default - undefined for containers without permissions */
  readonly taskRole?: RoleReference;
  /** The versions of the secrets with `redeployOnChange`, by container and variable. A service that runs the task deploys a new one. */
  readonly secretVersions: Readonly<Record<string, string>>;
  /** How the containers reach the network. */
  readonly networkMode: NetworkMode;
  /** The id of the tasks' security group, in awsvpc mode. Admit it in the security groups of your databases. */
  readonly securityGroupId?: string;
  /** The network interfaces of the tasks in awsvpc mode, which a service, a schedule and `run-task` need. */
  readonly networkConfiguration?: { readonly subnets: string[]; readonly securityGroups: string[] };
  /** The rules of security groups for the ports and the file systems of the tasks. Tasks need them until they stop. */
  readonly portRules: readonly ITerraformDependable[];

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: TaskDefinitionProps) {
    super(scope, id);
    const settings = validate(this, taskDefinitionPropsSchema, props);
    const { cluster, name, volumes, enableExecuteCommand, taskRolePolicyArns, taskRole, networkMode } = settings;
    throwIfInvalid(this, takenOnCluster(cluster, name, "name"));
    const admittedSources = admittedPorts(this, settings.containers, networkMode);
    const admittedByOthers = admittedOn(cluster);
    throwIfInvalid(
      this,
      admittedSources.flatMap((port) => admittedTwice(port, admittedByOthers)),
    );
    admittedByOthers.push(...admittedSources);
    taskDefinitionsOn(cluster).set(name, this.node.path);
    const { logRouter } = settings;
    const hasRouter = needsRouter(settings.containers, logRouter);
    const router = hasRouter
      ? [validate(this, containerPropsSchema, routerContainer(this, props.logRouter ?? {}))]
      : [];
    const containers = [...settings.containers, ...router];
    this.containers = containers;
    SETTINGS.set(this, settings);

    this.networkMode = networkMode;
    for (const warning of addressWarnings(settings, hasRouter)) Annotations.of(this).addWarning(warning);
    const own = networkMode === "awsvpc" ? createTaskSecurityGroup(this, cluster, name) : undefined;
    const instances = cluster.portRules.instanceSecurityGroupId;
    const { securityGroupId = instances } = own ?? {};
    const admitted = admitToPorts(this, containers, { name, networkMode, securityGroupId, instances });
    const mounts = own ? admitToFileSystems(this, Object.values(volumes), { name, securityGroupId }) : [];
    this.portRules = [...(own?.rules ?? []), ...admitted, ...mounts];
    if (own) {
      this.securityGroupId = securityGroupId;
      const { subnetIds = cluster.vpc.instanceSubnetIds ?? [], securityGroupIds } = settings;
      this.networkConfiguration = { subnets: [...subnetIds], securityGroups: [securityGroupId, ...securityGroupIds] };
    }

    const { clusterName, clusterArn } = cluster.cluster;
    const taskRoleStatements = [...settings.taskRoleStatements, ...volumeStatements(volumes, clusterArn)];
    const family = `${clusterName}-${name}`;
    const logGroups = createLogGroups(this, settings, containers);
    const logs = logGroups.own;
    this.logGroupName = logs.name;

    const execution =
      settings.executionRole === undefined
        ? new ExecutionRole(this, "execution_role", {
            cluster,
            name: family,
            logGroupArn: logs.arn,
            images: containers.map(({ image }) => image),
            pullThroughCacheImages: containers.flatMap(({ image, pullThroughCache }) =>
              pullThroughCache ? image : [],
            ),
            secrets: containers.flatMap(secretsOf),
            statements: [
              ...logGroups.statements,
              ...routerStatements(logRouter ?? {}),
              ...environmentFileStatements(containers),
              ...settings.executionRoleStatements,
            ],
          })
        : undefined;
    const needsTaskRole = enableExecuteCommand || taskRoleStatements.length > 0 || taskRolePolicyArns.length > 0;
    const isOwn = taskRole === true || (taskRole === undefined && needsTaskRole);
    const task = isOwn
      ? new TaskRole(this, "task_role", {
          cluster,
          name: family,
          statements: taskRoleStatements,
          policyArns: taskRolePolicyArns,
          enableExecuteCommand,
        })
      : undefined;
    this.policies = [...(execution?.policies ?? []), ...(task?.policies ?? [])];
    this.executionRole = { roleArn: execution?.roleArn ?? (settings.executionRole as string) };
    const taskRoleArn = task?.roleArn ?? (typeof taskRole === "string" ? taskRole : undefined);
    this.taskRole = taskRoleArn === undefined ? undefined : { roleArn: taskRoleArn };

    this.secretVersions = secretVersions(
      this,
      [...containers.flatMap(namedSecrets), ...containers.flatMap(namedLogSecrets)],
      clusterArn,
    );

    const definitions = containers.map((container) =>
      containerDefinition(container, {
        clusterArn,
        log: {
          logGroupName: logGroups.nameFor(container.name),
          region: cluster.region,
          logMode: settings.logMode,
          streamPrefix: name,
        },
        firelensConfiguration: router.includes(container) ? firelensJson(logRouter ?? {}) : undefined,
        enableExecuteCommand,
        volumes,
        taskMemoryMiB: settings.taskMemoryMiB,
        networkMode,
      }),
    );
    throwIfInvalid(this, sizeProblems(definitions));
    const guards = [
      ...containers.flatMap((container) => containerGuards(container, enableExecuteCommand)),
      ...taskSizeGuards(name, settings, containers),
    ];
    const definition = new EcsTaskDefinition(this, "resource", {
      family,
      networkMode,
      pidMode: settings.pidMode,
      ipcMode: settings.ipcMode,
      requiresCompatibilities: ["EC2"],
      ...taskSizeArguments(settings),
      ...taskPlatformArguments(settings),
      executionRoleArn: this.executionRole.roleArn,
      taskRoleArn,
      // Any text of the caller stays literal.
      containerDefinitions: hcl`jsonencode(${definitions})`.string,
      volume: Object.keys(volumes).length > 0 ? volumeBlocks(volumes) : undefined,
      // A rollback, by the circuit breaker or by hand, needs the old revision to stay registered.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
      skipDestroy: settings.keepRevisions,
      tags: tagsWith(purposeTags(family, `Defines the tasks of ${name}`), settings.tags),
      lifecycle: guards.length > 0 ? { precondition: guards } : undefined,
    });
    this.node.defaultChild = definition;
    for (const [argument, value] of Object.entries(settings.taskDefinitionOverrides ?? {})) {
      definition.addOverride(argument, value);
    }
    this.taskDefinitionArn = definition.arn;
  }
}

/** Returns the secrets of a container that the execution role can read. */
const secretsOf = ({ secrets, repositoryCredentials, logging }: Container): Secret[] => [
  ...Object.values(secrets),
  ...Object.values(logging?.secretOptions ?? {}),
  ...(repositoryCredentials ? [repositoryCredentials] : []),
];
