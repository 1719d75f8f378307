import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { identityOf } from "../cluster/cluster-identity";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { ExecutionRole } from "../iam/execution-role";
import { managedPoliciesField } from "../iam/managed-policies";
import { type PolicyStatement, policyStatementsField } from "../iam/policy-statement";
import { TaskRole } from "../iam/task-role";
import { hcl } from "../terraform/expression";
import { TOKEN } from "../terraform/literal";
import { purposeTags } from "../terraform/purpose-tags";
import { logRetentionRule, serviceNameRules } from "../validation/aws-rules";
import { type Problem, suggestion } from "../validation/problem";
import { boolean, choice, list, number, plain, schemaOf, string } from "../validation/schema";
import type { Finding, Findings, Given, Known, Limit } from "../validation/settings-rule";
import { show } from "../validation/show";
import { isToken } from "../validation/token";
import { throwIfInvalid, validate } from "../validation/validate";
import {
  type Container,
  type ContainerProps,
  containerDefinition,
  containerGuards,
  containerPropsSchema,
  LOG_MODES,
  type LogMode,
} from "./container";
import { mountPointsOf, type TaskVolumes, taskVolumesField, volumeBlocks, volumeStatements } from "./task-volume";

/** The settings of a task beside its containers. */
export interface TaskSettings {
  /** Days that the log group keeps the output of containers. @default 14 */
  readonly logRetentionDays?: number;
  /**
   * What happens to output that CloudWatch Logs does not receive in time. `non-blocking` keeps up to 25 MiB for each
   * container in the memory of the instance, and then loses output. `blocking` stops the program at its next output, and
   * loses none.
   * @default "non-blocking"
   */
  readonly logMode?: LogMode;
  /** Let people open a shell in the containers (ECS Exec). @default false */
  readonly enableExecuteCommand?: boolean;
  /** Permissions of the containers in AWS. @default - none */
  readonly taskRoleStatements?: readonly PolicyStatement[];
  /** Managed policies of the containers, by ARN. @default - none */
  readonly taskRolePolicyArns?: readonly string[];
  /** More permissions of the execution role, with which the agent starts the containers. @default - none */
  readonly executionRoleStatements?: readonly PolicyStatement[];
  /** Volumes by name. Containers mount them with `mountPoints`. @default - none */
  readonly volumes?: TaskVolumes;
  /** Keep old revisions registered, so that a rollback is possible. @default true */
  readonly keepRevisions?: boolean;
}

export const taskSettingsSchema = schemaOf<TaskSettings>()({
  logRetentionDays: number(logRetentionRule).default(14),
  logMode: plain(choice(...LOG_MODES)).default("non-blocking"),
  enableExecuteCommand: plain(boolean()).default(false),
  taskRoleStatements: policyStatementsField.default([]),
  taskRolePolicyArns: managedPoliciesField().default([]),
  executionRoleStatements: policyStatementsField.default([]),
  volumes: taskVolumesField.default({}),
  keepRevisions: boolean().default(true),
});

/** The most containers of a task. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
export const MAX_CONTAINERS = 10;

/** A task definition. */
export interface TaskDefinitionProps extends TaskSettings {
  /** The cluster that the tasks run on. */
  readonly cluster: EcsClusterTarget;
  /** The name without the cluster's: the family is `<cluster>-<name>`. */
  readonly name: string;
  /** The containers. At least one is essential. */
  readonly containers: readonly ContainerProps[];
}

const numberOfContainers: Limit<readonly unknown[]> = {
  must: `be a list of 1 to ${MAX_CONTAINERS} containers`,
  fix: "Add a container, or create another service for the rest.",
  check: (containers) => containers.length >= 1 && containers.length <= MAX_CONTAINERS,
  offending: { of: (containers) => containers.length },
};

export const taskDefinitionPropsSchema = schemaOf<TaskDefinitionProps>()(
  {
    ...taskSettingsSchema.shape,
    cluster: clusterTargetField,
    name: string(...serviceNameRules),
    containers: list(containerPropsSchema, numberOfContainers),
  },
  ...taskSettingsSchema.rules,
  function* containersOfTask({ containers, ...task }, given) {
    if (containers) yield* betweenContainers(containers, task, given, (index) => ["containers", index]);
  },
);

type Path = readonly (string | number)[];

/** Containers as rules see them: undefined stands for a value that is no object. */
type KnownContainers = readonly (Known<ContainerProps> | undefined)[];

/**
 * Compares the containers of a task with each other, and with the settings of the task. Yields problems for the settings of
 * any construct that has such settings and containers.
 *
 * @param given the second argument of the rule that calls this function
 * @param pathOf returns the keys that lead to the settings of a container: `["sidecars", 0]`
 */
export function* betweenContainers<T>(
  containers: KnownContainers,
  { volumes, enableExecuteCommand }: Known<TaskSettings>,
  given: Given<T>,
  pathOf: (index: number) => Path,
): Findings<T> {
  const isGiven = (path: Path) => given(...(path as [keyof T & string, ...Path]));
  for (const { at, ...finding } of [
    ...namesAndEssential(containers),
    ...linksAndDependencies(containers, (index, name) => isGiven([...pathOf(index), name])),
    ...circularDependency(containers),
    ...mountedVolumes(containers, volumes),
    ...(enableExecuteCommand ? writableForExec(containers) : []),
  ]) {
    const [index, ...keys] = at;
    yield { at: (typeof index === "number" ? [...pathOf(index), ...keys] : at) as never, ...finding };
  }
}

/** A problem at the keys below a container's index, or below `volumes`. */
type ContainerFinding = Omit<Finding<never>, "at"> & { readonly at: Path };

function* namesAndEssential(containers: KnownContainers): Iterable<ContainerFinding> {
  const names = namesOf(containers);
  for (const [index, name] of names.entries()) {
    if (name === undefined || names.indexOf(name) === index) continue;
    yield { at: [index, "name"], must: "differ from the names of the other containers", fix: "Rename one of the two." };
  }
  if (containers.length > 0 && containers.every((container) => container?.essential === false)) {
    const fix = "Remove essential from the container whose end stops the task.";
    yield { at: [0, "essential"], must: "be true for at least one container of the task", fix };
  }
}

/** Compares `links` and `dependsOn` with the containers that they name. */
function* linksAndDependencies(
  containers: KnownContainers,
  given: (index: number, name: keyof ContainerProps) => boolean,
): Iterable<ContainerFinding> {
  const names = namesOf(containers);
  // A name with a problem may be the one that is meant.
  if (names.includes(undefined)) return;
  for (const [index, { links = [], dependsOn = {} } = {}] of containers.entries()) {
    const others = names.filter((name): name is string => name !== undefined && name !== names[index]);
    const must = "be another container of the task";
    for (const [position, link] of links.entries()) {
      if (link === undefined || others.includes(link)) continue;
      yield { at: [index, "links", position], must, fix: suggestion(link, others, "other containers") };
    }
    for (const [name, condition] of Object.entries(dependsOn)) {
      const at = [index, "dependsOn", name];
      const other = names.indexOf(name);
      if (!others.includes(name)) {
        yield { at, must, fix: suggestion(name, others, "other containers"), received: name };
      } else if (condition === "HEALTHY" && !given(other, "containerHealthCheck")) {
        const must = "not be HEALTHY for a container without containerHealthCheck";
        yield { at, must, fix: "Set its containerHealthCheck, or wait for START." };
      } else if ((condition === "COMPLETE" || condition === "SUCCESS") && containers[other]?.essential === true) {
        const must = `not be ${condition} for an essential container, whose end stops the task`;
        yield { at, must, fix: "Set essential: false on it." };
      }
    }
  }
}

/** Finds containers that wait for each other. */
function* circularDependency(containers: KnownContainers): Iterable<ContainerFinding> {
  const names = namesOf(containers);
  const search = (path: readonly string[]): readonly string[] | undefined => {
    const last = path.at(-1) as string;
    if (path.indexOf(last) < path.length - 1) return path.slice(path.indexOf(last));
    for (const name of Object.keys(containers[names.indexOf(last)]?.dependsOn ?? {})) {
      const found = name !== last && names.includes(name) ? search([...path, name]) : undefined;
      if (found) return found;
    }
    return undefined;
  };
  for (const name of names) {
    const circle = name === undefined ? undefined : search([name]);
    if (!circle) continue;
    const [first, second] = circle as [string, string];
    const at = [names.indexOf(first), "dependsOn", second];
    const must = "not lead back to the container itself";
    yield { at, must, fix: "Remove one of these dependencies.", received: circle.join(" → ") };
    return;
  }
}

/** Compares the mount points of the containers with the volumes of the task. */
function* mountedVolumes(
  containers: KnownContainers,
  volumes: Known<TaskVolumes> | undefined,
): Iterable<ContainerFinding> {
  if (!volumes) return;
  const mounted = containers.flatMap((container) =>
    container?.mountPoints ? Object.values(container.mountPoints) : [undefined],
  );
  for (const name of Object.keys(volumes)) {
    // A mount point with a problem may be the one of this volume.
    if (mounted.includes(name) || mounted.includes(undefined)) continue;
    const fix = "Add it to mountPoints, or remove it.";
    yield { at: ["volumes", name], must: "be mounted by a container", fix, received: name };
  }
  for (const [index, { mountPoints = {} } = {}] of containers.entries()) {
    for (const [path, volume] of Object.entries(mountPoints)) {
      if (volume === undefined || Object.hasOwn(volumes, volume)) continue;
      const names = Object.keys(volumes);
      const fix = names.length > 0 ? suggestion(volume, names, "volumes") : "Add the volume to volumes.";
      yield { at: [index, "mountPoints", path], must: "be the name of a volume of the task", fix };
    }
  }
}

function* writableForExec(containers: KnownContainers): Iterable<ContainerFinding> {
  for (const [index, container] of containers.entries()) {
    if (!container?.readonlyRootFilesystem) continue;
    const fix = "ECS Exec writes to the container's file system. Remove one of the two.";
    yield { at: [index, "readonlyRootFilesystem"], must: "not be true with enableExecuteCommand", fix };
  }
}

const namesOf = (containers: KnownContainers) => containers.map((container) => container?.name);

/** Bytes of the container definitions of a task. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MAX_BYTES = 65_536;

/** Finds container definitions that are too large, without counting what only Terraform knows. */
function sizeProblems(definitions: readonly object[]): Problem[] {
  const replaced = function (this: Readonly<Record<string, unknown>>, key: string) {
    return withoutTokens(this[key]);
  };
  const bytes = Buffer.byteLength(JSON.stringify(definitions, replaced));
  if (bytes <= MAX_BYTES) return [];
  return [
    {
      path: "containers",
      rule: `must have at most ${MAX_BYTES} bytes in the task definition`,
      received: `${bytes}`,
      fix: "Move long text of environment or command to SSM parameters (secrets), to S3 or to the image.",
    },
  ];
}

const withoutTokens = (value: unknown): unknown => {
  if (typeof value !== "string") return isToken(value) ? 0 : value;
  return value
    .split(TOKEN)
    .filter((_, index) => index % 2 === 0)
    .join("");
};

const OWNERS = new WeakMap<object, Map<string, string>>();

/** Returns the paths of the constructs that own the task definitions of a cluster, in all stacks of the app, by name. */
export function taskDefinitionsOn(cluster: EcsClusterTarget): Map<string, string> {
  const identity = identityOf(cluster);
  const owners = OWNERS.get(identity) ?? new Map<string, string>();
  OWNERS.set(identity, owners);
  return owners;
}

/**
 * Finds another task definition on the cluster with the same name: both would have one log group and one family.
 * @param path the setting of the name
 */
export function takenOnCluster(cluster: EcsClusterTarget, name: string, path: string): Problem[] {
  const owner = taskDefinitionsOn(cluster).get(name);
  if (owner === undefined || isToken(name)) return [];
  const fix = `${owner} has this name too. Use another name for one of the two.`;
  return [{ path, rule: "must be unique on the cluster", received: show(name), fix }];
}

/**
 * Containers that run together on one instance in bridge mode, with dynamic host ports, their log group and their roles.
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

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: TaskDefinitionProps) {
    super(scope, id);
    const settings = validate(this, taskDefinitionPropsSchema, props);
    const { cluster, name, containers, volumes, enableExecuteCommand, taskRolePolicyArns } = settings;
    throwIfInvalid(this, takenOnCluster(cluster, name, "name"));
    taskDefinitionsOn(cluster).set(name, this.node.path);
    this.containers = containers;

    const { clusterName, clusterArn } = cluster.cluster;
    const taskRoleStatements = [...settings.taskRoleStatements, ...volumeStatements(volumes, clusterArn)];
    const family = `${clusterName}-${name}`;
    const logs = new CloudwatchLogGroup(this, "log_group", {
      name: `/ecs/${clusterName}/${name}`,
      retentionInDays: settings.logRetentionDays,
      // The cluster's key admits every log group whose name starts with the cluster's.
      kmsKeyId: cluster.cluster.executeCommandKeyArn,
      tags: purposeTags(`/ecs/${clusterName}/${name}`, `Output of the containers of ${name}`),
    });
    this.logGroupName = logs.name;

    const execution = new ExecutionRole(this, "execution_role", {
      cluster,
      name: family,
      logGroupArn: logs.arn,
      images: containers.map(({ image }) => image),
      pullThroughCacheImages: containers.flatMap(({ image, pullThroughCache }) => (pullThroughCache ? image : [])),
      secrets: containers.flatMap(({ secrets }) => Object.values(secrets)),
      statements: settings.executionRoleStatements,
    });
    const hasTaskRole = enableExecuteCommand || taskRoleStatements.length > 0 || taskRolePolicyArns.length > 0;
    const task = hasTaskRole
      ? new TaskRole(this, "task_role", {
          cluster,
          name: family,
          statements: taskRoleStatements,
          policyArns: taskRolePolicyArns,
          enableExecuteCommand,
        })
      : undefined;
    this.policies = [...execution.policies, ...(task?.policies ?? [])];

    const definitions = containers.map((container) =>
      containerDefinition(container, {
        clusterArn,
        region: cluster.region,
        logGroupName: logs.name,
        logMode: settings.logMode,
        streamPrefix: name,
        initProcessEnabled: enableExecuteCommand,
        mountPoints: mountPointsOf(container.mountPoints, volumes),
      }),
    );
    throwIfInvalid(this, sizeProblems(definitions));
    const guards = containers.flatMap((container) => containerGuards(container, enableExecuteCommand));
    const definition = new EcsTaskDefinition(this, "resource", {
      family,
      networkMode: "bridge",
      requiresCompatibilities: ["EC2"],
      executionRoleArn: execution.roleArn,
      taskRoleArn: task?.roleArn,
      // Any text of the caller stays literal.
      containerDefinitions: hcl`jsonencode(${definitions})`.string,
      volume: Object.keys(volumes).length > 0 ? volumeBlocks(volumes) : undefined,
      // A rollback, by the circuit breaker or by hand, needs the old revision to stay registered.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
      skipDestroy: settings.keepRevisions,
      tags: purposeTags(family, `Defines the tasks of ${name}`),
      lifecycle: guards.length > 0 ? { precondition: guards } : undefined,
    });
    this.taskDefinitionArn = definition.arn;
  }
}
