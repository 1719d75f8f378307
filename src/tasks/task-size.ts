import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { wholeNumber } from "../validation/rule";
import { number, type Parsed, schemaOf } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { type ContainerSize, DEFAULT_MEMORY_MIB, type Size } from "./container-size";

/** The size of a task as a whole. A service has the prefix, because its `cpu` is that of its main container. */
export interface TaskSize {
  /** CPU units that the containers of the task have together. @default - no limit */
  readonly taskCpu?: number;
  /**
   * MiB that the containers of the task have together. A container without `memoryLimitMiB` and `memoryReservationMiB` can then
   * use all of it.
   * @default - no limit
   */
  readonly taskMemoryMiB?: number;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html */
export const taskSizeSchema = schemaOf<TaskSize>()({
  taskCpu: number(wholeNumber(128, 196_608, "CPU units", "1024 units are one vCPU.")).optional(),
  taskMemoryMiB: number(wholeNumber(6, 25_165_824, "MiB", "For example 1024.")).optional(),
});

type Task = Parsed<typeof taskSizeSchema>;

/** Returns the CPU units and the MiB that ECS reserves for a task: for each container, or for the task as a whole. */
export const reservedSize = (task: Task, containers: readonly Size[]) => ({
  cpu: task.taskCpu === undefined ? containers.map(({ cpu }) => cpu) : [task.taskCpu],
  memoryMiB:
    task.taskMemoryMiB === undefined
      ? containers.map(
          ({ memoryLimitMiB, memoryReservationMiB }) => memoryReservationMiB ?? memoryLimitMiB ?? DEFAULT_MEMORY_MIB,
        )
      : [task.taskMemoryMiB],
});

/** The containers together fit into the task. */
export function* containersWithinTask(
  task: Known<TaskSize>,
  containers: readonly (Known<ContainerSize> | undefined)[],
): Findings<TaskSize> {
  const { taskCpu, taskMemoryMiB } = task;
  const cpu = containers.map((container) => container?.cpu);
  if (taskCpu !== undefined && sum(cpu) > taskCpu) {
    yield { at: "taskCpu", must: `be at least the cpu of its containers, which is ${sum(cpu)}`, fix: RAISE };
  }
  if (taskMemoryMiB === undefined) return;
  const reserved = sum(containers.map((one) => one?.memoryReservationMiB ?? one?.memoryLimitMiB));
  const largest = Math.max(0, ...containers.map((one) => one?.memoryLimitMiB ?? 0));
  if (reserved > taskMemoryMiB) {
    const must = `be at least the memory that its containers reserve, which is ${reserved} MiB`;
    yield { at: "taskMemoryMiB", must, fix: RAISE };
  } else if (largest > taskMemoryMiB) {
    const must = `be at least the memoryLimitMiB of each container, of which one is ${largest}`;
    yield { at: "taskMemoryMiB", must, fix: RAISE };
  }
}

const RAISE = "Raise it, or lower the sizes of the containers.";

const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);

/** Returns the guards of sizes that only Terraform knows. */
export function taskSizeGuards(name: string, task: Task, containers: readonly Size[]): Guard[] {
  const cpu = containers.map((container) => container.cpu);
  const memory = containers.flatMap((one) => one.memoryReservationMiB ?? one.memoryLimitMiB ?? []);
  return [
    ...guard("cpu", "taskCpu", task.taskCpu, cpu),
    ...guard("memory", "taskMemoryMiB", task.taskMemoryMiB, memory),
  ];

  function guard(what: string, setting: string, whole: number | undefined, parts: readonly number[]): Guard[] {
    if (whole === undefined || parts.length === 0 || ![whole, ...parts].some(isToken)) return [];
    const total = hcl`sum(${parts})`;
    return [
      {
        condition: hcl`${total} <= ${whole}`.string,
        errorMessage: `${setting} of ${name} must be at least the ${what} of its containers, which is ${total}; received ${hcl`${whole}`}. ${RAISE}`,
      },
    ];
  }
}

/** Returns the size as arguments of `aws_ecs_task_definition`. */
export const taskSizeArguments = ({ taskCpu, taskMemoryMiB }: Task) => ({
  cpu: textOf(taskCpu),
  memory: textOf(taskMemoryMiB),
});

/** The provider has text for these numbers. */
const textOf = (value: number | undefined): string | undefined =>
  value === undefined || !isToken(value) ? value?.toString() : hcl`tostring(${value})`.string;
