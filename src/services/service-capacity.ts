import { Lazy, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { identityOf } from "../cluster/cluster-identity";
import type { EcsClusterTarget, InstanceCapacity } from "../cluster/ecs-cluster-target";
import { least, listed, memoryOf, most, taskInterfaces, USABLE_MEMORY } from "../instances/instance-amounts";
import type { ContainerDevices } from "../tasks/container-devices";
import { type Expression, hcl } from "../terraform/expression";
import { ALWAYS, type Guard } from "../terraform/guard";
import { isToken } from "../validation/token";

/** What one service needs of the cluster. A number can be a token. */
export interface ServiceNeed {
  readonly name: string;
  /** CPU units of each container of a task. */
  readonly cpu: readonly number[];
  /** MiB of each container of a task. */
  readonly memoryMiB: readonly number[];
  /** GPUs of each container of a task that reserves some. @default - none */
  readonly gpus?: readonly number[];
  /** Neuron devices of a task. Its containers share them. @default - none */
  readonly neuronDevices?: number;
  /** The network interfaces of a task: 1 in awsvpc mode. @default 0 */
  readonly networkInterfaces?: number;
  /** The architecture of the instances, as EC2 names it. @default - any */
  readonly architecture?: string;
  /** Why each task needs another instance, such as `distinctInstance`. @default - several tasks can share an instance */
  readonly distinctBy?: string;
  /** The largest number of tasks. Each instance runs one task of a daemon. 0 is a task that runs now and then, and is not counted. */
  readonly tasks: number | "one an instance";
  /** The percentage of the tasks that a deployment keeps running. */
  readonly minimumHealthyPercent: number;
  /** Whether a deployment runs all tasks of both revisions at the same time. @default false */
  readonly runsBothRevisions?: boolean;
}

/** Returns what the containers of a task need besides CPU and memory. */
export const accelerators = (containers: readonly ContainerDevices[]) => ({
  gpus: containers.flatMap(({ gpuCount }) => gpuCount ?? []),
  // Each container has the devices from /dev/neuron0 on.
  neuronDevices: Math.max(0, ...containers.map(({ neuronDeviceCount = 0 }) => neuronDeviceCount)),
});

/** The capacity of one of the cluster's capacity providers. */
export type Capacity = NonNullable<InstanceCapacity["capacities"]>[number];

type Amount = number | Expression;

/** A service of a stack, and the capacities that run its tasks. */
interface PlacedService {
  readonly need: ServiceNeed;
  readonly stack: TerraformStack;
  readonly on: readonly object[];
}

/** The services of a stack, by the capacity provider of their cluster. */
const SERVICES = new WeakMap<object, Map<object, PlacedService[]>>();
/** The daemons of all stacks of an app, by their cluster. Each takes its share of every instance. */
const DAEMONS = new WeakMap<object, PlacedService[]>();

/**
 * Adds a service to the services of its stack on the same cluster.
 *
 * @param chosen the capacities that run the service's tasks. A task must fit on an instance of each. Undefined when tasks
 * can run on any instance, and none when one is not known here.
 * @returns the guards of the service: a task fits on an instance, and, on the first service on these capacities, all
 * services on them fit on the largest number of instances together
 */
export function capacityGuards(
  scope: Construct,
  cluster: EcsClusterTarget,
  need: ServiceNeed,
  chosen?: readonly Capacity[],
): Guard[] {
  const { instanceCapacity: whole } = cluster;
  if (!whole || chosen?.length === 0) return [];
  const stack = TerraformStack.of(scope);
  const services = servicesOf(stack, cluster);
  const { capacities = [whole] } = whole;
  const placed: PlacedService = { need, stack, on: chosen ?? capacities };
  const daemons = DAEMONS.get(identityOf(cluster)) ?? [];
  DAEMONS.set(identityOf(cluster), daemons);
  if (need.tasks === "one an instance") daemons.push(placed);
  // Other stacks cannot refer to a daemon's tokens.
  const share = () => daemons.filter((one) => one.stack === stack || isKnown(one.need)).map((one) => one.need);
  const used = RESOURCES.filter(({ isUsed }) => isUsed(need));
  const taskGuards = (chosen ?? [whole]).flatMap((one) =>
    used.map((resource) => taskGuard(resource, need, share, { ...whole, ...one })),
  );
  const isCounted = need.tasks !== 0;
  const summed = used.filter(
    (resource) =>
      isCounted &&
      resource.isCounted &&
      !services.some((one) => isSame(one.on, placed.on) && resource.isUsed(one.need)),
  );
  if (isCounted) services.push(placed);
  const together = chosen ? combined(whole, chosen) : whole;
  const all = () => {
    const onThem = services.filter((one) => one.need.tasks === "one an instance" || isWithin(one.on, placed.on));
    const own = onThem.map((one) => one.need);
    return [...own, ...share().filter((daemon) => !own.includes(daemon))];
  };
  const { architecture } = need;
  return [
    ...taskGuards,
    ...(architecture === undefined
      ? []
      : (chosen ?? [whole]).map(({ details }) => architectureGuard(need.name, architecture, details))),
    ...summed.map((resource) => sumGuard(resource, all, together)),
    ...(need.distinctBy !== undefined && isCounted && need.tasks !== "one an instance"
      ? [distinctGuard(need, need.distinctBy, together.maxSize)]
      : []),
  ];
}

function servicesOf(stack: TerraformStack, { capacityProvider }: EcsClusterTarget): PlacedService[] {
  const ofStack = SERVICES.get(stack) ?? new Map<object, PlacedService[]>();
  SERVICES.set(stack, ofStack);
  const services = ofStack.get(capacityProvider) ?? [];
  ofStack.set(capacityProvider, services);
  return services;
}

const isKnown = ({ cpu, memoryMiB, gpus = [] }: ServiceNeed): boolean => ![...cpu, ...memoryMiB, ...gpus].some(isToken);
const isWithin = (some: readonly object[], all: readonly object[]) => some.every((one) => all.includes(one));
const isSame = (some: readonly object[], all: readonly object[]) => isWithin(some, all) && isWithin(all, some);

/** Returns what some of the capacities of a cluster offer together. */
function combined(whole: InstanceCapacity, chosen: readonly Capacity[]): InstanceCapacity {
  const [first] = chosen;
  if (first && chosen.length === 1) return { ...whole, ...first, capacities: undefined };
  const maxSize = hcl`sum(${chosen.map((one) => one.maxSize)})`.number;
  const details = hcl`merge(${chosen.map((one) => hcl`${one.details}`)}...)`.string;
  return { ...whole, details, maxSize, capacities: chosen };
}

interface Resource {
  readonly of: (need: ServiceNeed) => Amount;
  /** Whether a service needs any of it. */
  readonly isUsed: (need: ServiceNeed) => boolean;
  /** Whether ECS counts what the tasks of an instance use. */
  readonly isCounted: boolean;
  /** Whether most types have none. A daemon then runs only on the instances that have enough. */
  readonly isRare?: boolean;
  /** What an instance of a type has for tasks. */
  readonly perInstance: (capacity: InstanceCapacity) => Expression;
  readonly unit: string;
  /** The unit of one. @default - the same */
  readonly one?: string;
  readonly why: (capacity: InstanceCapacity) => string;
  /** How to fix a task that is too large, and services that are too large together: whole sentences. */
  readonly fixes: { readonly task: string; readonly services: string };
}

/** @param setting the setting that says how much a container needs @param elsewhere how to place the task elsewhere: the end of a sentence */
const lowering = (setting: string, elsewhere: string): Resource["fixes"] => ({
  task: `Lower ${setting}, or ${elsewhere}.`,
  services: `Raise max_size, choose larger instance_types, or lower ${setting} or the number of tasks.`,
});
const OTHER_TYPES = "choose larger instance_types";
const OTHER_PROVIDER = "name a capacity provider whose types have enough in capacityProviderStrategies";
const TRUNKS =
  "With awsvpcTrunking, types such as m5.large, c6g.large and r7i.large have 10. No t2, t3 or t4g type supports it. For another type that supports it, set capacityGuards to false.";

const RESOURCES: readonly Resource[] = [
  {
    of: ({ memoryMiB }) => total(memoryMiB),
    isUsed: () => true,
    isCounted: true,
    perInstance: ({ reservedMemoryMiB }) => memoryOf(reservedMemoryMiB),
    unit: "MiB of memory",
    fixes: lowering("memoryLimitMiB", OTHER_TYPES),
    why: ({ reservedMemoryMiB }) =>
      `${USABLE_MEMORY * 100} % of the nominal memory, which is about what ECS registers, less ${reservedMemoryMiB} MiB of ECS_RESERVED_MEMORY`,
  },
  {
    of: ({ cpu }) => total(cpu),
    isUsed: () => true,
    isCounted: true,
    perInstance: () => hcl`type.default_vcpus * 1024`,
    unit: "CPU units",
    fixes: lowering("cpu", OTHER_TYPES),
    why: () => "1024 for each vCPU",
  },
  {
    of: ({ gpus = [] }) => total(gpus),
    isUsed: ({ gpus = [] }) => gpus.length > 0,
    isCounted: true,
    isRare: true,
    perInstance: () => hcl`try(sum([for gpu in type.gpus : gpu.count if gpu.manufacturer == "NVIDIA"]), 0)`,
    unit: "GPUs",
    one: "GPU",
    fixes: lowering("gpuCount", OTHER_PROVIDER),
    why: () => "the NVIDIA GPUs of the type",
  },
  {
    of: ({ neuronDevices = 0 }) => neuronDevices,
    isUsed: ({ neuronDevices = 0 }) => neuronDevices > 0,
    isCounted: false,
    isRare: true,
    perInstance: () => hcl`try(sum([for device in type.neuron_devices : device.count]), 0)`,
    unit: "Neuron devices",
    one: "Neuron device",
    fixes: lowering("neuronDeviceCount", OTHER_PROVIDER),
    why: () => "the Neuron devices of the type",
  },
  {
    of: ({ networkInterfaces = 0 }) => networkInterfaces,
    isUsed: ({ networkInterfaces = 0 }) => networkInterfaces > 0,
    isCounted: true,
    perInstance: ({ awsvpcTrunking }) => taskInterfaces(awsvpcTrunking),
    unit: "network interfaces",
    one: "network interface",
    why: ({ awsvpcTrunking = false }) =>
      awsvpcTrunking
        ? "with a trunk for the types that this library knows to support it"
        : "the most of the type, less the instance's own",
    fixes: {
      task: `Choose larger instance_types, or use networkMode bridge. ${TRUNKS}`,
      services: `Raise max_size, choose larger instance_types, or lower the number of tasks in awsvpc mode. ${TRUNKS}`,
    },
  },
];

/**
 * Returns the tasks that run at the same time during a deployment: those that it keeps and at least one new task, or the tasks of
 * both revisions.
 */
export function tasksWhileDeployed(need: ServiceNeed, maxSize: number): Amount {
  const { tasks, minimumHealthyPercent: percent } = need;
  if (tasks === "one an instance") return maxSize;
  if (need.runsBothRevisions) return product(tasks, 2);
  if (isToken(tasks) || isToken(percent)) {
    return hcl`(${tasks} == 0 ? 0 : max(${tasks}, ceil(${tasks} * ${percent} / 100) + 1))`;
  }
  return tasks === 0 ? 0 : Math.max(tasks, Math.ceil((tasks * percent) / 100) + 1);
}

/** Checks that a task fits on the smallest instance type, beside the daemons that each instance runs. */
function taskGuard(
  resource: Resource,
  need: ServiceNeed,
  allDaemons: () => readonly ServiceNeed[],
  capacity: InstanceCapacity,
): Guard {
  const offered = { details: capacity.details, amount: resource.perInstance(capacity) };
  const largest = resource.isRare && need.tasks === "one an instance" ? most(offered) : least(offered);
  const daemons = () => allDaemons().filter((other) => other !== need && resource.isUsed(other));
  const amount = () => total([resource.of(need), ...daemons().map(resource.of)]);
  const needed = lazy(amount);
  const { unit, one = unit } = resource;
  const what = Lazy.stringValue({ produce: () => (amount() === 1 ? one : unit) });
  const beside = Lazy.stringValue({
    produce: () => (daemons().length > 0 ? ` with the daemons that each instance runs (${names(daemons())})` : ""),
  });
  return {
    condition: hcl`${needed} <= ${largest}`.string,
    errorMessage: `A task of ${need.name} needs ${hcl`${needed}`} ${what}${beside}, more than an instance has for tasks: ${listed(offered)} (${resource.why(capacity)}). ${resource.fixes.task}`,
  };
}

/** Checks that a type has the architecture of a task. ECS places the task on no other instance. */
const architectureGuard = (name: string, architecture: string, details: string): Guard => ({
  condition: hcl`length([for type in ${details} : type if contains(type.supported_architectures, ${architecture})]) > 0`
    .string,
  errorMessage: `The tasks of ${name} need instances with the architecture ${architecture}; received ${hcl`join(", ", keys(${details}))`}. Change instance_types, or cpuArchitecture of runtimePlatform.`,
});

/** Checks that all services on a capacity fit on the largest number of its instances while they are deployed. */
function sumGuard(resource: Resource, all: () => readonly ServiceNeed[], capacity: InstanceCapacity): Guard {
  const { maxSize } = capacity;
  const needs = () => all().filter(resource.isUsed);
  const times = (need: ServiceNeed) => tasksWhileDeployed(need, maxSize);
  const needed = lazy(() => total(needs().map((need) => product(times(need), resource.of(need)))));
  const sum = Lazy.stringValue({
    produce: () =>
      needs()
        .map((need) => `${need.name} ${show(times(need))} x ${show(resource.of(need))}`)
        .join(" + "),
  });
  const { capacities = [capacity] } = capacity;
  const offered = total(
    capacities.map((one) => {
      const merged = { ...capacity, ...one };
      return hcl`${one.maxSize} * ${least({ details: merged.details, amount: resource.perInstance(merged) })}`;
    }),
  );
  return {
    condition: hcl`${needed} <= ${offered}`.string,
    errorMessage: `The services need ${hcl`${needed}`} ${resource.unit} while they are deployed (${sum}), more than the ${hcl`${offered}`} that ${hcl`${maxSize}`} instances have for tasks: ${listed({ details: capacity.details, amount: resource.perInstance(capacity) })} (${resource.why(capacity)}). ${resource.fixes.services}`,
  };
}

/** Checks that each task of a service has an instance of its own while the service is deployed. */
function distinctGuard(need: ServiceNeed, distinctBy: string, maxSize: number): Guard {
  const needed = tasksWhileDeployed(need, maxSize);
  return {
    condition: (isPlain(needed) && isPlain(maxSize)
      ? hcl`${needed} <= ${maxSize} && ${ALWAYS}`
      : hcl`${needed} <= ${maxSize}`
    ).string,
    errorMessage: `${distinctBy} of ${need.name} needs ${hcl`${needed}`} instances while the service is deployed, more than max_size, which is ${hcl`${maxSize}`}. Raise max_size, or lower the number of tasks or minimumHealthyPercent.`,
  };
}

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
