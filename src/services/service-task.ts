import { identityOf } from "../cluster/cluster-identity";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { containerSettingsSchema } from "../tasks/container";
import { portsOf } from "../tasks/container-network";
import { serviceImageSettingsSchema } from "../tasks/service-image";
import { settingsOf, TaskDefinition } from "../tasks/task-definition";
import { taskSettingsSchema } from "../tasks/task-settings";
import type { Problem } from "../validation/problem";
import { custom, partOf } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { show } from "../validation/show";

/** The task definition that a service runs. */
export interface ServiceTask {
  /**
   * The task definition, which other services can run too. Its containers, roles and volumes then replace the settings of the
   * service for them. Requests go to its first container with a port.
   * @default - a task definition with the settings of the service
   */
  readonly taskDefinition?: TaskDefinition;
}

export const serviceTaskShape = {
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
