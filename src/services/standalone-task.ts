import type { CloudwatchEventTargetEcsTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { capacityProviderStrategyField } from "../capacity/capacity-provider-strategy";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import type { RoleReference } from "../iam/role";
import { type ContainerSettings, containerSettingsSchema } from "../tasks/container";
import { credentialsOfOthers } from "../tasks/container-image";
import { betweenContainers } from "../tasks/containers-of-task";
import type { EcrRepository } from "../tasks/ecr-repository";
import { type ServiceImageSettings, serviceImageSettingsSchema } from "../tasks/service-image";
import { settingsOf, type TaskDefinition } from "../tasks/task-definition";
import { taskDefinitionsOn } from "../tasks/task-names";
import { type TaskSettings, taskSettingsSchema } from "../tasks/task-settings";
import { siblingArn } from "../terraform/arn";
import type { Guard } from "../terraform/guard";
import { COMPOSED_NAME_LENGTH, serviceNameRules, topicArnRules } from "../validation/aws-rules";
import { type Problem, suggestion } from "../validation/problem";
import { length, matchesNot, wholeNumber } from "../validation/rule";
import {
  anyOf,
  boolean,
  choice,
  list,
  map,
  number,
  type Parsed,
  plain,
  type Schema,
  schemaOf,
  string,
} from "../validation/schema";
import type { Findings, Known, Limit } from "../validation/settings-rule";
import { show } from "../validation/show";
import { isPlainObject, isToken } from "../validation/token";
import { check, throwIfInvalid, validate } from "../validation/validate";
import {
  type PlacementConstraint,
  type PlacementStrategy,
  placementConstraintsField,
  placementStrategiesField,
} from "./placement";
import {
  type ContainerOverride,
  ecsTargetOf,
  type IamStatement,
  type RunTask,
  runTaskCommand,
  runTaskParametersOf,
  runTaskStatements,
} from "./run-task";
import { capacityGuards } from "./service-capacity";
import { addressProblems, unusedId } from "./service-id";
import { distinctBy, hostPortProblems, hostPortsOf, hostPortsOn, networkGuards } from "./service-network";
import type { serviceRoutesSchema } from "./service-routes";
import { constraintsTogether } from "./service-scheduling";
import {
  type CapacityProviderStrategy,
  chosenCapacities,
  providerNames,
  requirementProblems,
  strategyGuards,
  strategyOf,
} from "./service-strategy";
import {
  createOwnTask,
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
import { serviceVariables, taskValuesOf } from "./service-variables";
import { reportFailedTasks } from "./task-failures";

/** A task that runs on its own, and not in a service: its container, where it runs, and what reports its failures. */
export interface StandaloneTaskProps extends ContainerSettings, TaskSettings, ServiceImageSettings, ServiceTask {
  /** The cluster that the task runs on: the cluster's stack, or the `cluster` of an `EcsServiceStack`. */
  readonly cluster: EcsClusterTarget;
  /** The task's name. With the cluster's name, it has at most 32 characters. @default - the construct's id */
  readonly name?: string;
  /** The number of tasks that each run starts. @default 1 */
  readonly taskCount?: number;
  /** How ECS chooses instances for the tasks. @default - fill instances by memory */
  readonly placementStrategies?: readonly PlacementStrategy[];
  /** The instances that tasks can run on. @default - all instances */
  readonly placementConstraints?: readonly PlacementConstraint[];
  /**
   * Shares of the tasks for capacity providers, at most 6. A task waits for an instance of its provider. With a launch type, ECS
   * would reject it when no instance has room.
   * @default - the cluster's strategy, without the providers that cannot run the task
   */
  readonly capacityProviderStrategies?: readonly CapacityProviderStrategy[];
  /**
   * The task group, with which tasks can be placed and listed together.
   * @default - `family:` and the family, or the task's name with `taskDefinition`
   */
  readonly group?: string;
  /** Other commands and more environment variables of containers, by their names. @default - none */
  readonly overrides?: Readonly<Record<string, ContainerOverride>>;
  /**
   * Compare the task with what the instances have, at plan.
   * @default - the cluster's `capacityGuards`, which is true by default
   */
  readonly capacityGuards?: boolean;
  /**
   * The SNS topic that tasks are reported to that do not start, or that end with another exit code than 0. Its policy must admit
   * `events.amazonaws.com`, and for a schedule `cloudwatch.amazonaws.com`. `false` reports nothing.
   * @default - the topic of the cluster's alarms, if it has one
   */
  readonly alarmTopicArn?: false | string;
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EcsParameters.html */
const taskCount = wholeNumber(1, 10, "tasks", "For example 1. RunTask starts at most 10 tasks.");
const MOST_PROVIDERS = 6;
const fewProviders: Limit<readonly unknown[]> = {
  must: `have at most ${MOST_PROVIDERS} capacity providers`,
  fix: "EventBridge accepts no more. Keep the most important ones.",
  check: (strategy) => strategy.length <= MOST_PROVIDERS,
  offending: { of: (strategy) => strategy.length },
};
const groupRules = [
  length(1, 255, "ECS limits it."),
  matchesNot(
    "^service:",
    "not start with service:",
    "ECS uses these groups for the tasks of services. Use another name.",
  ),
];
const overrideSchema = schemaOf<ContainerOverride>()({
  command: list(string()).optional(),
  environment: map(string()).optional(),
});

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html */
const MOST_OVERRIDES = 8192;
const fewOverrides: Limit<Readonly<Record<string, ContainerOverride>>> = {
  must: `have at most ${MOST_OVERRIDES} characters as JSON`,
  fix: "ECS limits the overrides of a task. Set what stays the same in the container.",
  check: (overrides) => JSON.stringify(overrides).length <= MOST_OVERRIDES,
  offending: { of: (overrides) => JSON.stringify(overrides).length },
};

const DEFAULT_PLACEMENT: readonly PlacementStrategy[] = [{ type: "binpack", field: "memory" }];

const topic = string(...topicArnRules.slice(0, 1));

export const standaloneTaskSchema = schemaOf<StandaloneTaskProps>()(
  {
    ...containerSettingsSchema.shape,
    ...taskSettingsSchema.shape,
    ...serviceTaskShape,
    ...serviceImageSettingsSchema.shape,
    cluster: clusterTargetField,
    name: plain(string(...serviceNameRules)).optional(),
    taskCount: number(taskCount).default(1),
    placementStrategies: placementStrategiesField.default(DEFAULT_PLACEMENT),
    placementConstraints: placementConstraintsField.default([]),
    capacityProviderStrategies: capacityProviderStrategyField
      .with<readonly CapacityProviderStrategy[], readonly Required<CapacityProviderStrategy>[]>({
        limits: [...(capacityProviderStrategyField.facts.limits ?? []), fewProviders],
      })
      .optional(),
    group: string(...groupRules).optional(),
    overrides: map(overrideSchema, { limits: [fewOverrides] }).default({}),
    capacityGuards: plain(boolean()).optional(),
    alarmTopicArn: anyOf(plain(choice(false)), topic)
      .with<false | string, false | string>({
        type: "false or the ARN of an SNS topic",
        fix: "Use the ARN of a topic.",
      })
      .optional(),
  },
  ...containerSettingsSchema.rules,
  ...taskSettingsSchema.rules,
  ...serviceImageSettingsSchema.rules,
  credentialsOfOthers,
  nameWithCluster,
  constraintsTogether,
  volumesOfTask,
  settingsOfTask,
  providerNames,
  function* containersOfTask(settings, given) {
    const { name, sidecars } = settings;
    const pathOf = (index: number) => (index === 0 ? [] : ["sidecars", index - 1]);
    if (sidecars)
      yield* betweenContainers([{ ...settings, name, portName: undefined }, ...sidecars], settings, given, pathOf);
  },
);

type Props = StandaloneTaskProps;
type Settings = Parsed<typeof standaloneTaskSchema>;

/** If the cluster's name is a variable, a precondition of the execution role checks this. */
function* nameWithCluster({ cluster, name: own }: Known<Props>): Findings<Props> {
  const name = `${cluster?.cluster?.clusterName}-${own}`;
  if (!cluster?.cluster?.clusterName || !own || isToken(name) || name.length <= COMPOSED_NAME_LENGTH) return;
  yield {
    at: "name",
    must: `have at most ${COMPOSED_NAME_LENGTH} characters together with the cluster's name`,
    received: name,
    fix: "Shorten it: the names of the task's roles start with both.",
  };
}

/** ECS attaches volumes to tasks of services, and to tasks that `RunTask` configures them for. EventBridge cannot do that. */
function* volumesOfTask({ volumes = {} }: Known<Props>): Findings<Props> {
  for (const [name, volume] of Object.entries(volumes)) {
    if (volume?.ebs === undefined) continue;
    const fix =
      "EventBridge cannot configure EBS volumes. Use a fileSystem, or a hostPath on a volume of the instances.";
    yield { at: ["volumes", name, "ebs"], must: "not be set for a task outside a service", fix };
  }
}

const BETWEEN_BOTH = [constraintsTogether, volumesOfTask];

/** Returns what fails because of the containers, whose names the schema does not know. */
function overrideProblems(name: string, { overrides, sidecars, taskDefinition }: Settings): Problem[] {
  const names = taskDefinition
    ? taskDefinition.containers.map((container) => container.name)
    : [name, ...sidecars.map((sidecar) => sidecar.name)];
  return Object.keys(overrides)
    .filter((container) => !names.includes(container))
    .map((container) => ({
      path: `overrides.${container}`,
      rule: "must have the name of a container of the task",
      received: show(container),
      fix: suggestion(container, names, "containers"),
    }));
}

/** What the classes of standalone tasks have in common. */
export abstract class StandaloneTask extends Construct {
  /** The name of the task, without the cluster's. */
  readonly taskName: string;
  /** The task definition. */
  readonly taskDefinition: TaskDefinition;
  /** The role of the containers, such as for the policy of a bucket. @default - undefined for containers without permissions */
  readonly taskRole?: RoleReference;
  /** The role with which the agent starts the containers. */
  readonly executionRole: RoleReference;
  /** The repository that `ecrRepository` creates. */
  readonly repository?: EcrRepository;
  /** The ARN of the task definition without a revision. IAM needs `:*` after it, and `RunTask` runs its newest revision. */
  readonly taskDefinitionFamilyArn: string;
  /** The id of the tasks' security group, in awsvpc mode. Admit it in the security groups of your databases. */
  readonly securityGroupId?: string;
  /** The network interfaces of the tasks, in awsvpc mode. */
  readonly networkConfiguration: TaskDefinition["networkConfiguration"];
  /** The capacity provider strategy of the tasks. */
  readonly capacityProviderStrategy: readonly Required<CapacityProviderStrategy>[];
  /**
   * The permissions that a user or role needs to start the task, for its policy: `ecs:RunTask` on the cluster, `iam:PassRole`
   * and `ecs:TagResource`.
   */
  readonly runTaskStatements: readonly IamStatement[];
  /** The `ecsTarget` of `CloudwatchEventTarget`, with which an EventBridge rule starts the task. */
  readonly ecsTarget: CloudwatchEventTargetEcsTarget;
  /** The parameters of `RunTask` in the names of the API, for a state of Step Functions. */
  readonly runTaskParameters: Readonly<Record<string, unknown>>;
  /** The command that starts the newest revision of the task. */
  readonly runTaskCommand: string;

  /** @throws {SettingsError} with every problem of the props, or with every conflict with other services and constructs */
  protected constructor(kind: string, schema: Schema, scope: Construct, id: string, props: Props) {
    super(
      scope,
      unusedId(kind, "name", scope, id, () => check(schema, withName(props, "a")).problems),
    );
    const given: Settings = validate(this, schema, withName(props, id)) as Settings;
    const { cluster, name = id, taskDefinition } = given;
    this.taskName = name;
    const whole = taskDefinition ? withTask(given, taskDefinition) : given;
    throwIfInvalid(this, conflicts(this, name, whole, props));
    const variables = serviceVariables(this, name, taskValuesOf(given));
    const settings: Settings = { ...whole, ...variables };
    const own = taskDefinition ? undefined : createOwnTask(this, name, settings, props, variables);
    this.repository = own?.repository;
    this.taskDefinition = taskDefinition ?? (own as OwnTask).taskDefinition;
    taskDefinitionsOn(cluster).set(name, this.node.path);
    hostPortsOn(cluster).push(...hostPortsOf(this, placed(settings)));
    this.taskRole = this.taskDefinition.taskRole;
    this.executionRole = this.taskDefinition.executionRole;
    this.securityGroupId = this.taskDefinition.securityGroupId;
    this.networkConfiguration = this.taskDefinition.networkConfiguration;
    this.capacityProviderStrategy = strategyOf(placed(settings));
    const family = `${cluster.cluster.clusterName}-${settingsOf(this.taskDefinition).name}`;
    this.taskDefinitionFamilyArn = siblingArn(cluster.cluster.clusterArn, "ecs", `task-definition/${family}`).string;
    const { containers } = this.taskDefinition;
    const [overridden] = Object.keys(settings.overrides);
    const essential = containers.find((container) => container.essential === true) ?? containers[0];
    const run: RunTask = {
      cluster,
      // A task of its own has its own container first.
      container: (own ? containers[0]?.name : (overridden ?? essential?.name)) as string,
      taskDefinition: this.taskDefinition,
      family,
      taskCount: settings.taskCount,
      strategy: this.capacityProviderStrategy,
      placementStrategies: settings.placementStrategies,
      placementConstraints: settings.placementConstraints,
      // Events of tasks with a shared task definition differ by their group.
      group: settings.group ?? (own ? undefined : name),
      enableExecuteCommand: settings.enableExecuteCommand,
      overrides: settings.overrides,
    };
    RUNS.set(this, { run, settings });
    this.runTaskStatements = runTaskStatements(run);
    this.ecsTarget = ecsTargetOf(run);
    this.runTaskParameters = runTaskParametersOf(run);
    this.runTaskCommand = runTaskCommand(run);
    new TerraformOutput(this, "run_task_command", {
      description: `The command that starts ${name} now. To run another command, add --overrides '{"containerOverrides":[{"name":"${run.container}","command":["…"]}]}'.`,
      value: this.runTaskCommand,
    });
    const topicArn = topicOf(settings);
    if (topicArn !== undefined) reportFailedTasks(this, name, run, topicArn);
  }
}

/** What a task was created with, for the classes of this folder. */
const RUNS = new WeakMap<StandaloneTask, { readonly run: RunTask; readonly settings: Settings }>();

/** Returns what a standalone task runs, and its settings with their defaults. */
export const runOf = (task: StandaloneTask) => RUNS.get(task) as { readonly run: RunTask; readonly settings: Settings };

/** Returns the topic that failures are reported to, or undefined for none. */
export function topicOf({ alarmTopicArn, cluster }: Settings): string | undefined {
  return alarmTopicArn === false ? undefined : (alarmTopicArn ?? cluster.alarmTopicArn);
}

const NO_ROUTES = { routes: {} } as unknown as Parsed<typeof serviceRoutesSchema>;

/** Returns the settings as those of a service without a route. */
const placed = (settings: Settings) => ({ ...settings, ...NO_ROUTES, listeners: {}, daemon: false });

/** Returns the guards of a task. @param tasks the tasks that run at the same time as all services, or 0 for a task that is not counted */
export function guardsOf(task: StandaloneTask, tasks: number): Guard[] {
  const { settings } = runOf(task);
  const { cluster } = settings;
  const { taskDefinition } = task;
  const need = {
    name: task.taskName,
    ...needsOfTask(settings, taskDefinition.containers),
    distinctBy: distinctBy(task, placed(settings)),
    tasks,
    minimumHealthyPercent: 0,
  };
  const isGuarded = settings.capacityGuards ?? cluster.capacityGuards ?? true;
  return [
    ...(isGuarded ? capacityGuards(task, cluster, need, chosenCapacities(placed(settings))) : []),
    ...strategyGuards(placed(settings)),
    ...networkGuards(task.taskName, { networkConfiguration: task.networkConfiguration, rules: [] }),
  ];
}

function conflicts(task: Construct, name: string, settings: Settings, props: Props): Problem[] {
  const { cluster, taskDefinition } = settings;
  return [
    ...addressProblems(task, name, "name"),
    ...nameProblems(task, name, "name", settings),
    ...sharedImageProblems(settings),
    ...(taskDefinition ? taskProblems(taskDefinition, { cluster, hasRoute: false, usesServiceConnect: false }) : []),
    ...rulesWithTask<Props>(BETWEEN_BOTH, settings, props),
    ...requirementProblems(placed(settings)),
    ...hostPortProblems(task, placed(settings)),
    ...overrideProblems(name, settings),
    ...strategyProblems(settings),
  ];
}

/** The cluster's strategy can have more providers than EventBridge accepts. */
function strategyProblems(settings: Settings): Problem[] {
  const count = strategyOf(placed(settings)).length;
  if (settings.capacityProviderStrategies || count <= MOST_PROVIDERS) return [];
  const rule = "must be set on a cluster whose strategy has more than 6 capacity providers";
  const fix = "EventBridge accepts no more. Name those that run the task.";
  return [
    { path: "capacityProviderStrategies", rule, received: `nothing, and the cluster's strategy has ${count}`, fix },
  ];
}

/** Returns the props with the id as the task's name, so that the rules of names apply to it. */
function withName(props: Props, id: string): Props {
  try {
    return isPlainObject(props) && props.name === undefined ? { ...props, name: id } : props;
  } catch {
    // A getter of the caller threw. `validate` reports it.
    return props;
  }
}
