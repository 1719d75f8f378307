import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { taskLoggingSchema } from "../tasks/container-logging";
import { containerSizeSchema, DEFAULT_MEMORY_MIB } from "../tasks/container-size";
import type { Problem } from "../validation/problem";
import type { Rule } from "../validation/rule";
import { type Schema, variable } from "../validation/schema";
import { show } from "../validation/show";
import { isToken } from "../validation/token";
import { declareVariable } from "../validation/variables";
import { serviceScalingSettingsSchema } from "./service-scaling";
import { serviceSchedulingSchema } from "./service-scheduling";

/** The settings of a service that are Terraform variables. Each value is the default of its variable. */
export interface ServiceValues {
  readonly cpu: number;
  readonly memoryLimitMiB?: number;
  readonly memoryReservationMiB?: number;
  readonly desiredCount?: number;
  /** The limits of `scaling`. */
  readonly minCapacity?: number;
  readonly maxCapacity?: number;
  readonly logRetentionDays: number;
}

/** Each value's field, the end of its variable's name, and its description. */
const VARIABLES: {
  readonly [K in keyof ServiceValues]-?: readonly [
    field: Schema,
    name: string,
    description: (service: string) => string,
  ];
} = {
  cpu: [
    containerSizeSchema.shape.cpu,
    "cpu",
    (service) => `The CPU units that each task of ${service} reserves for its main container. 1024 are one vCPU.`,
  ],
  memoryLimitMiB: [
    containerSizeSchema.shape.memoryLimitMiB,
    "memory_limit_mib",
    (service) => `The MiB above which Docker kills the main container of ${service}.`,
  ],
  memoryReservationMiB: [
    containerSizeSchema.shape.memoryReservationMiB,
    "memory_reservation_mib",
    (service) => `The MiB that each task of ${service} reserves for its main container.`,
  ],
  desiredCount: [
    serviceSchedulingSchema.shape.desiredCount,
    "desired_count",
    (service) => `The number of tasks of ${service}.`,
  ],
  minCapacity: [
    serviceScalingSettingsSchema.shape.minCapacity,
    "min_capacity",
    (service) => `The smallest number of tasks of ${service}.`,
  ],
  maxCapacity: [
    serviceScalingSettingsSchema.shape.maxCapacity,
    "max_capacity",
    (service) => `The largest number of tasks of ${service}.`,
  ],
  logRetentionDays: [
    taskLoggingSchema.shape.logRetentionDays,
    "log_retention_days",
    (service) => `The number of days that the log group of ${service} keeps the output of containers.`,
  ],
};

/** The path of the service that has variables with a name, for each stack. */
const OWNERS = new WeakMap<TerraformStack, Map<string, string>>();

/** Finds another service of the stack with the same name: both would have the same variables. @param path the setting of the name */
export function takenVariables(service: Construct, name: string, path: string): Problem[] {
  const owner = OWNERS.get(TerraformStack.of(service))?.get(name);
  if (owner === undefined) return [];
  const fix = `${owner} has this name too. Use another name for one of the two.`;
  return [{ path, rule: "must be unique in the stack", received: show(name), fix }];
}

/**
 * Declares a variable for each value of a service that is not a reference.
 *
 * @param rules more rules of a value, which depend on other settings
 * @returns the variables in place of the values
 */
export function serviceVariables(
  service: Construct,
  name: string,
  values: Partial<ServiceValues>,
  rules: { readonly [K in keyof ServiceValues]?: readonly Rule<number>[] } = {},
): Partial<ServiceValues> {
  const stack = TerraformStack.of(service);
  OWNERS.set(stack, (OWNERS.get(stack) ?? new Map<string, string>()).set(name, service.node.path));
  const nameOf = (setting: keyof ServiceValues) => `${name.replace(/-/g, "_")}_${VARIABLES[setting][1]}`;
  const declared = (Object.keys(VARIABLES) as (keyof ServiceValues)[]).flatMap((setting) => {
    const value = values[setting];
    if (value === undefined || isToken(value)) return value === undefined ? [] : [[setting, value]];
    const [field, , description] = VARIABLES[setting];
    const isVariable = (other: keyof ServiceValues) => values[other] !== undefined && !isToken(values[other]);
    const more = [
      ...(setting === "memoryReservationMiB" && isVariable("memoryLimitMiB") ? [below(nameOf("memoryLimitMiB"))] : []),
      ...(setting === "maxCapacity" && isVariable("minCapacity") ? [notBelow(nameOf("minCapacity"))] : []),
      ...(rules[setting] ?? []),
    ];
    const limits = [...(field.facts.limits ?? []), ...more] as never;
    const described = variable(field.with({ limits }), description(name));
    return [[setting, declareVariable(service, { name: nameOf(setting), field: described, value }).numberValue]];
  });
  return Object.fromEntries(declared);
}

/** A reservation that is below the limit, which is a variable too. */
const below = (limit: string): Rule<number> => ({
  must: `be below ${limit}`,
  fix: "Lower it, or raise the limit.",
  // The schema compares the defaults.
  check: () => true,
  condition: (reference) => `${reference} < var.${limit}`,
});

/** A maximum that is not below the minimum, which is a variable too. */
const notBelow = (minimum: string): Rule<number> => ({
  must: `be at least ${minimum}`,
  fix: "Raise it, or lower the minimum.",
  check: () => true,
  condition: (reference) => `${reference} >= var.${minimum}`,
});

/** Returns the values of a task, with the defaults that a variable has. */
export function taskValuesOf(settings: {
  readonly cpu: number;
  readonly memoryLimitMiB: number | undefined;
  readonly memoryReservationMiB: number | undefined;
  readonly taskMemoryMiB: number | undefined;
  readonly logRetentionDays: number;
  readonly taskDefinition: object | undefined;
}): Partial<ServiceValues> {
  if (settings.taskDefinition) return {};
  const { memoryLimitMiB, memoryReservationMiB, taskMemoryMiB } = settings;
  const hasOther = (memoryReservationMiB ?? taskMemoryMiB) !== undefined;
  return {
    cpu: settings.cpu,
    memoryLimitMiB: memoryLimitMiB ?? (hasOther ? undefined : DEFAULT_MEMORY_MIB),
    memoryReservationMiB,
    logRetentionDays: settings.logRetentionDays,
  };
}

/** Returns the values of a service, with the defaults that a variable has. */
export function valuesOf(
  settings: Parameters<typeof taskValuesOf>[0] & {
    readonly desiredCount: number | undefined;
    readonly scaling: { readonly minCapacity: number; readonly maxCapacity: number } | undefined;
    readonly daemon: boolean;
  },
): Partial<ServiceValues> {
  // Scaling changes the number of tasks, and Terraform then ignores it.
  const desiredCount = settings.daemon || settings.scaling ? undefined : (settings.desiredCount ?? 1);
  const { minCapacity, maxCapacity } = settings.scaling ?? {};
  return { ...taskValuesOf(settings), desiredCount, minCapacity, maxCapacity };
}
