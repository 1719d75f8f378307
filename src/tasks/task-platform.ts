import { literal } from "../terraform/expression";
import { boolean, choice, list, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Limit } from "../validation/settings-rule";
import { tagsField } from "../validation/tags";

/** The platform that the images of a task are built for. */
export interface RuntimePlatform {
  /** The architecture of the CPU. Only instances of this architecture run the task. A plan fails if the cluster has none. */
  readonly cpuArchitecture: "X86_64" | "ARM64";
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html */
export const runtimePlatformSchema = schemaOf<RuntimePlatform>()({ cpuArchitecture: choice("X86_64", "ARM64") });

/** The instances that run a task, and what AWS knows of the task definition. */
export interface TaskPlatform {
  /** The platform of the images. @default - any */
  readonly runtimePlatform?: RuntimePlatform;
  /**
   * Expressions of the cluster query language that an instance of the task must match, such as
   * `attribute:ecs.instance-type =~ t3.*`. They also apply to tasks that you run yourself.
   * @default - none
   */
  readonly taskPlacementConstraints?: readonly string[];
  /** Accept requests of AWS Fault Injection Service from the containers. It requires the `networkMode` `awsvpc` or `host`. @default - false */
  readonly enableFaultInjection?: boolean;
  /** More tags of the task definition. Those of a service are also tags of the service and of its tasks. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

const few: Limit<readonly unknown[]> = {
  must: "have at most 10 elements",
  fix: 'Join expressions with "and" or "or".',
  check: (constraints) => constraints.length <= 10,
  offending: { of: (constraints) => constraints.length },
};
const short: Limit<string> = {
  must: "have 1 to 2000 characters",
  fix: 'For example "attribute:ecs.instance-type =~ t3.*".',
  check: (expression) => expression.length >= 1 && expression.length <= 2000,
};

export const taskPlatformSchema = schemaOf<TaskPlatform>()({
  runtimePlatform: runtimePlatformSchema.optional(),
  taskPlacementConstraints: plain(list(string(short), few)).default([]),
  enableFaultInjection: boolean().optional(),
  tags: tagsField.default({}),
});

/** Returns the platform as arguments of `aws_ecs_task_definition`. */
export const taskPlatformArguments = (task: Parsed<typeof taskPlatformSchema>) => ({
  runtimePlatform: task.runtimePlatform && { ...task.runtimePlatform, operatingSystemFamily: "LINUX" },
  placementConstraints:
    task.taskPlacementConstraints.length > 0
      ? task.taskPlacementConstraints.map((expression) => ({ type: "memberOf", expression: literal(expression) }))
      : undefined,
  enableFaultInjection: task.enableFaultInjection,
});
