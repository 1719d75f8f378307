import type { Construct } from "constructs";
import { identityOf } from "../cluster/cluster-identity";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import {
  type ContainerProps,
  type ContainerSettings,
  containerPropsSchema,
  containerSettingsSchema,
} from "../tasks/container";
import { portsOf } from "../tasks/container-network";
import { MAX_CONTAINERS } from "../tasks/containers-of-task";
import type { EcrRepository } from "../tasks/ecr-repository";
import { ServiceImage, type ServiceImageSettings, serviceImageSettingsSchema, takenName } from "../tasks/service-image";
import { settingsOf, TaskDefinition } from "../tasks/task-definition";
import { takenOnCluster, taskDefinitionsOn } from "../tasks/task-names";
import { type TaskSettings, taskSettingsSchema } from "../tasks/task-settings";
import { reservedSize } from "../tasks/task-size";
import type { Problem } from "../validation/problem";
import { custom, list, type Parsed, partOf, problemsBetween } from "../validation/schema";
import type { Findings, Given, Known, Limit, SettingsRule } from "../validation/settings-rule";
import { show } from "../validation/show";
import { isToken } from "../validation/token";
import { accelerators, type ServiceNeed } from "./service-capacity";
import { type ServiceValues, takenVariables } from "./service-variables";

/** What a service runs beside its own container, or in place of it. */
export interface ServiceTask {
  /** More containers of each task. @default - none */
  readonly sidecars?: readonly ContainerProps[];
  /**
   * The task definition, which other services can run too. Its containers, roles and volumes then replace the settings of the
   * service for them. Requests go to its first container with a port.
   * @default - a task definition with the settings of the service
   */
  readonly taskDefinition?: TaskDefinition;
}

const fewSidecars: Limit<readonly unknown[]> = {
  must: `have at most ${MAX_CONTAINERS - 1} containers`,
  fix: `A task has at most ${MAX_CONTAINERS} containers. Create another service for the rest.`,
  check: (sidecars) => sidecars.length < MAX_CONTAINERS,
  offending: { of: (sidecars) => sidecars.length },
};

export const serviceTaskShape = {
  sidecars: list(containerPropsSchema, fewSidecars).default([]),
  taskDefinition: custom<TaskDefinition>(
    "a TaskDefinition",
    "Use new TaskDefinition(…).",
    (value) => value instanceof TaskDefinition,
  ).optional(),
};

/** The settings of a service that its task definition has. */
const OF_TASK = [
  ...Object.keys(containerSettingsSchema.shape),
  ...Object.keys(taskSettingsSchema.shape),
  ...Object.keys(serviceImageSettingsSchema.shape),
  "sidecars",
];

export function* settingsOfTask(_: Known<ServiceTask>, given: Given<ServiceTask>): Findings<ServiceTask> {
  if (!given("taskDefinition")) return;
  const others = OF_TASK.filter((name) => given(name as never));
  if (others.length === 0) return;
  const must = `not be set with ${others.join(", ")}`;
  yield { at: "taskDefinition", must, fix: "Set these in the TaskDefinition." };
}

/** Returns the container that requests go to, and that the settings of a service without a task definition describe. */
export function mainContainer({ containers }: TaskDefinition) {
  const hasPort = containers.find(({ containerPort }) => containerPort !== undefined);
  const [first] = containers;
  return (hasPort ?? containers.find(({ essential }) => essential === true) ?? first) as NonNullable<typeof first>;
}

/** Returns the settings of a service with those of its task definition. */
export function withTask<S extends object>(settings: S, taskDefinition: TaskDefinition): S {
  const main = mainContainer(taskDefinition);
  return {
    ...settings,
    ...partOf(taskSettingsSchema, settingsOf(taskDefinition)),
    ...partOf(containerSettingsSchema, main),
    sidecars: taskDefinition.containers.filter((container) => container !== main),
  };
}

/** Finds what a service needs of its task definition. */
export function taskProblems(
  taskDefinition: TaskDefinition,
  service: { readonly cluster: EcsClusterTarget; readonly hasRoute: boolean; readonly usesServiceConnect: boolean },
): Problem[] {
  const main = mainContainer(taskDefinition);
  const { containerPort } = main;
  const portName = portsOf(main).find(({ isMain }) => isMain)?.name ?? main.portName;
  const received = show(taskDefinition);
  const problem = (rule: string, fix: string): Problem => ({ path: "taskDefinition", rule, received, fix });
  const isOther = identityOf(settingsOf(taskDefinition).cluster) !== identityOf(service.cluster);
  return [
    ...(isOther ? [problem("must be on the cluster of the service", "Set cluster of both to the same cluster.")] : []),
    ...(service.hasRoute && containerPort === undefined
      ? [
          problem(
            "must have a container with containerPort for a service with a route",
            "Set containerPort of a container.",
          ),
        ]
      : []),
    ...(service.usesServiceConnect && containerPort !== undefined && portName === undefined
      ? [problem("must have a portName for its port with serviceConnect", "Set portName of the container.")]
      : []),
  ];
}

/** The settings of a task that has its own container, with their defaults. */
type OwnSettings = Parsed<typeof containerSettingsSchema> &
  Parsed<typeof taskSettingsSchema> &
  Parsed<typeof serviceImageSettingsSchema> & { readonly cluster: EcsClusterTarget; readonly serviceConnect?: object };

/** The same settings as the caller wrote them. */
type OwnProps = ContainerSettings & TaskSettings & ServiceImageSettings & ServiceTask;

/** A task definition with the settings of a service, and the repository of its image. */
export interface OwnTask {
  readonly taskDefinition: TaskDefinition;
  readonly repository?: EcrRepository;
}

/** Creates the variable of the image and the task definition of the settings. @param values the variables in place of values */
export function createOwnTask(
  scope: Construct,
  name: string,
  settings: OwnSettings,
  props: OwnProps,
  { desiredCount: _, logRetentionDays, ...size }: Partial<ServiceValues>,
): OwnTask {
  const { cluster } = settings;
  const image = isShared(settings)
    ? undefined
    : new ServiceImage(scope, "image", {
        image: settings.image,
        ecrRepository: props.ecrRepository,
        imageParameter: props.imageParameter,
        clusterName: cluster.cluster.clusterName,
        name,
        encryptionKeyArn: cluster.cluster.executeCommandKeyArn,
      });
  const container: ContainerProps = {
    ...partOf(containerSettingsSchema, props),
    ...size,
    name,
    image: image?.image ?? (settings.image as string),
    portName: settings.serviceConnect && settings.containerPort !== undefined ? name : undefined,
  };
  const taskDefinition = new TaskDefinition(scope, "task_definition", {
    ...partOf(taskSettingsSchema, props),
    logRetentionDays,
    cluster,
    name,
    containers: [container, ...(props.sidecars ?? [])],
  });
  return { taskDefinition, repository: image?.repository };
}

/** Whether a task has no variable for its image, because the image is a `ServiceImage` or another reference. */
export const isShared = ({ image }: Pick<OwnSettings, "image">): boolean => isToken(image);

export function sharedImageProblems({
  image,
  ecrRepository,
  imageParameter,
}: Parsed<typeof serviceImageSettingsSchema>): Problem[] {
  if (!isToken(image)) return [];
  const rule = "must not be set with an image that is a reference";
  const beside = (path: string, value: unknown): Problem => ({
    ...{ path, rule, received: show(value) },
    fix: `Set ${path} of the ServiceImage, or remove one of the two.`,
  });
  return [
    ...(ecrRepository === false ? [] : [beside("ecrRepository", ecrRepository)]),
    ...(imageParameter ? [beside("imageParameter", imageParameter)] : []),
  ];
}

/** Returns what each task needs of an instance. */
export const needsOfTask = (
  settings: Parsed<typeof taskSettingsSchema>,
  containers: TaskDefinition["containers"],
): Pick<ServiceNeed, "cpu" | "memoryMiB" | "gpus" | "neuronDevices" | "networkInterfaces" | "architecture"> => ({
  ...reservedSize(settings, containers),
  ...accelerators(containers),
  networkInterfaces: settings.networkMode === "awsvpc" ? 1 : 0,
  architecture: architectureOf(settings),
});

/** Returns the architecture that tasks need, as EC2 names it. Only a plan knows a reference. */
function architectureOf({ runtimePlatform }: Parsed<typeof taskSettingsSchema>): string | undefined {
  const { cpuArchitecture } = runtimePlatform ?? {};
  return cpuArchitecture === undefined || isToken(cpuArchitecture) ? undefined : cpuArchitecture.toLowerCase();
}

/** Two tasks of one stack have the same variable, and two of one cluster have the same family. @param at the setting of the name */
export function nameProblems(
  scope: Construct,
  name: string,
  at: string,
  settings: Pick<OwnSettings, "image" | "cluster"> & ServiceTask,
): Problem[] {
  const { cluster, taskDefinition } = settings;
  const problems = [
    ...(isShared(settings) || taskDefinition ? [] : takenName(scope, name, at)),
    ...takenVariables(scope, name, at),
  ].slice(0, 1);
  // The name of the task definition does not collide with the name of what runs it.
  const isOwn = taskDefinition !== undefined && taskDefinitionsOn(cluster).get(name) === taskDefinition.node.path;
  return problems.length > 0 || isOwn ? problems : takenOnCluster(cluster, name, at);
}

/**
 * Compares settings with those of the task definition that is given with them. The schema reads only the own settings.
 * @param settings the settings with their defaults @param own the settings as the caller wrote them
 */
export function rulesWithTask<T extends ServiceTask>(
  rules: readonly SettingsRule<T>[],
  { taskDefinition, ...settings }: object & ServiceTask,
  { taskDefinition: _, ...own }: T,
): Problem[] {
  if (!taskDefinition) return [];
  return problemsBetween(rules, settings as T, withTask(own, taskDefinition) as T).map((problem) => {
    const [setting = ""] = problem.path.split(".");
    return Object.hasOwn(taskSettingsSchema.shape, setting)
      ? { ...problem, path: `taskDefinition.${problem.path}` }
      : problem;
  });
}
