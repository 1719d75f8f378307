import { Lazy, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { EcsClusterTarget, InstanceCapacity } from "../cluster/ecs-cluster-target";
import { type Expression, hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { isToken } from "../validation/token";

/** What one service needs of the cluster. A number can be a token. */
export interface ServiceNeed {
  readonly name: string;
  /** CPU units of each container of a task. */
  readonly cpu: readonly number[];
  /** MiB of each container of a task. */
  readonly memoryMiB: readonly number[];
  /** The largest number of tasks. Each instance runs one task of a daemon. */
  readonly tasks: number | "one an instance";
  /** The percentage of the tasks that a deployment keeps running. */
  readonly minimumHealthyPercent: number;
}

/**
 * ECS registers less memory than an instance has: of 8,192 MiB about 7,985. It registers at least 92 % at any size.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html
 */
const USABLE_MEMORY = 0.92;

/** The capacity of one of the cluster's capacity providers. */
export type Capacity = NonNullable<InstanceCapacity["capacities"]>[number];

type Amount = number | Expression;

/** What the services of a stack need, by the capacity provider of their cluster. */
const NEEDS = new WeakMap<object, Map<object, { readonly all: ServiceNeed[]; readonly daemons: ServiceNeed[] }>>();

/**
 * Adds a service to the services of its stack on the same cluster.
 *
 * @param chosen the capacities that run the service's tasks. A task must fit on an instance of each. The service is then
 * not part of the sum of all services. Undefined when tasks can run on any instance.
 * @returns the guards of the service: a task fits on an instance, and, on the first service, all services together fit on
 * the largest number of instances
 */
export function capacityGuards(
  scope: Construct,
  cluster: EcsClusterTarget,
  need: ServiceNeed,
  chosen?: readonly Capacity[],
): Guard[] {
  const { instanceCapacity } = cluster;
  if (!instanceCapacity) return [];
  const stack = TerraformStack.of(scope);
  const byCapacity = NEEDS.get(stack) ?? new Map();
  NEEDS.set(stack, byCapacity);
  const needs = byCapacity.get(cluster.capacityProvider) ?? { all: [], daemons: [] };
  byCapacity.set(cluster.capacityProvider, needs);
  if (chosen) {
    return chosen.flatMap((one) =>
      RESOURCES.map((resource) => taskGuard(resource, need, needs.daemons, { ...instanceCapacity, ...one })),
    );
  }
  needs.all.push(need);
  if (need.tasks === "one an instance") needs.daemons.push(need);
  const guards = RESOURCES.map((resource) => taskGuard(resource, need, needs.daemons, instanceCapacity));
  if (needs.all.length > 1) return guards;
  return [...guards, ...RESOURCES.map((resource) => sumGuard(resource, needs.all, instanceCapacity))];
}

interface Resource {
  readonly of: (need: ServiceNeed) => Amount;
  /** What an instance of a type has for tasks. */
  readonly perInstance: (capacity: InstanceCapacity) => Expression;
  readonly unit: string;
  readonly setting: string;
  readonly why: (capacity: InstanceCapacity) => string;
}

const RESOURCES: readonly Resource[] = [
  {
    of: ({ memoryMiB }) => total(memoryMiB),
    perInstance: ({ reservedMemoryMiB: kept }) =>
      kept === 0
        ? hcl`floor(type.memory_size * ${USABLE_MEMORY})`
        : hcl`floor(type.memory_size * ${USABLE_MEMORY}) - ${kept}`,
    unit: "MiB of memory",
    setting: "memoryLimitMiB",
    why: ({ reservedMemoryMiB }) =>
      `${USABLE_MEMORY * 100} % of the nominal memory, which is about what ECS registers, less ${reservedMemoryMiB} MiB of ECS_RESERVED_MEMORY`,
  },
  {
    of: ({ cpu }) => total(cpu),
    perInstance: () => hcl`type.default_vcpus * 1024`,
    unit: "CPU units",
    setting: "cpu",
    why: () => "1024 for each vCPU",
  },
];

/** Returns the tasks that run at the same time during a deployment: those that it keeps, and at least one new task. */
export function tasksWhileDeployed({ tasks, minimumHealthyPercent: percent }: ServiceNeed, maxSize: number): Amount {
  if (tasks === "one an instance") return maxSize;
  if (isToken(tasks) || isToken(percent)) {
    return hcl`${tasks} == 0 ? 0 : max(${tasks}, ceil(${tasks} * ${percent} / 100) + 1)`;
  }
  return tasks === 0 ? 0 : Math.max(tasks, Math.ceil((tasks * percent) / 100) + 1);
}

/** Checks that a task fits on the smallest instance type, beside the daemons that each instance runs. */
function taskGuard(
  resource: Resource,
  need: ServiceNeed,
  allDaemons: readonly ServiceNeed[],
  capacity: InstanceCapacity,
): Guard {
  const daemons = () => allDaemons.filter((other) => other !== need);
  const needed = lazy(() => total([resource.of(need), ...daemons().map(resource.of)]));
  const beside = Lazy.stringValue({
    produce: () => (daemons().length > 0 ? ` with the daemons that each instance runs (${names(daemons())})` : ""),
  });
  return {
    condition: hcl`${needed} <= ${smallest(resource, capacity)}`.string,
    errorMessage: `A task of ${need.name} needs ${hcl`${needed}`} ${resource.unit}${beside}, more than an instance has for tasks: ${listed(resource, capacity)} (${resource.why(capacity)}). Lower ${resource.setting}, or choose larger instance_types.`,
  };
}

/** Checks that all services fit on the largest number of instances while they are deployed. */
function sumGuard(resource: Resource, needs: readonly ServiceNeed[], capacity: InstanceCapacity): Guard {
  const { maxSize } = capacity;
  const times = (need: ServiceNeed) => tasksWhileDeployed(need, maxSize);
  const needed = lazy(() => total(needs.map((need) => product(times(need), resource.of(need)))));
  const sum = Lazy.stringValue({
    produce: () => needs.map((need) => `${need.name} ${show(times(need))} x ${show(resource.of(need))}`).join(" + "),
  });
  const { capacities = [capacity] } = capacity;
  const offered = total(capacities.map((one) => hcl`${one.maxSize} * ${smallest(resource, { ...capacity, ...one })}`));
  return {
    condition: hcl`${needed} <= ${offered}`.string,
    errorMessage: `The services need ${hcl`${needed}`} ${resource.unit} while they are deployed (${sum}), more than the ${hcl`${offered}`} that ${hcl`${maxSize}`} instances have for tasks: ${listed(resource, capacity)} (${resource.why(capacity)}). Raise max_size, choose larger instance_types, or lower ${resource.setting} or the number of tasks.`,
  };
}

/** Without a known type, any task fits: then the guards of the instance types fail. */
const smallest = (resource: Resource, capacity: InstanceCapacity): Expression =>
  hcl`try(min([for type in ${capacity.details} : ${resource.perInstance(capacity)}]...), 1e15)`;

const listed = (resource: Resource, capacity: InstanceCapacity): string =>
  hcl`join(", ", [for name, type in ${capacity.details} : "\${name} \${${resource.perInstance(capacity)}}"])`.string;

const names = (needs: readonly ServiceNeed[]): string => needs.map(({ name }) => name).join(", ");

/** Services that are created later add to the amount, so it is computed when the stack is synthesized. */
const lazy = (produce: () => Amount) => Lazy.anyValue({ produce });

const isPlain = (amount: Amount): amount is number => typeof amount === "number" && !isToken(amount);

const product = (a: Amount, b: Amount): Amount => (isPlain(a) && isPlain(b) ? a * b : hcl`${a} * ${b}`);

const show = (amount: Amount): string => (isPlain(amount) ? `${amount}` : hcl`${amount}`.string);

function total(amounts: readonly Amount[]): Amount {
  const plain = amounts.filter(isPlain);
  const sum = plain.reduce((a, b) => a + b, 0);
  const [first, ...others] = amounts.filter((amount) => !isPlain(amount));
  if (first === undefined) return sum;
  if (others.length === 0 && plain.length === 0) return first;
  return hcl`sum(${[...(sum === 0 ? [] : [sum]), first, ...others]})`;
}
