import type { AmiFamily } from "../instances/ami-family";
import { amiVersionRule } from "../instances/ecs-optimized-image";
import { instanceTypesRules } from "../instances/instance-types";
import { rootVolumeRule } from "../instances/launch-template";
import { type AmiFilter, amiIdRule } from "../instances/lookup-machine-image";
import { bounded, matches, type Rule, wholeNumber } from "../validation/rule";
import { list, number, type Parsed, referable, type Schema, schemaOf, string, variable } from "../validation/schema";
import { type Findings, type Known, variableName } from "../validation/settings-rule";
import type { VariableDeclaration } from "../validation/variables";

/** The capacity of a stack without `capacityProviders`. Its variables, names and addresses have no prefix. */
export const MAIN_CAPACITY = "main";

/** The name of a capacity among the settings. */
export const capacityNameRule = matches(
  "^[a-z][a-z0-9]{0,15}$",
  "have a name of 1 to 16 lower-case letters and digits that starts with a letter",
  "The name is part of variables, addresses and names in AWS. For example arm.",
);

/** Returns the start of the names of a capacity's variables, outputs and addresses. */
export const prefixOf = (name: string): string => (name === MAIN_CAPACITY ? "" : `${name}_`);

/** The values of one capacity: defaults of its Terraform variables. The variables of a named capacity provider start with its name. */
export interface CapacityValues {
  /** `instance_types`: the instance types in order of preference, all of one architecture. @default ["t3.small"] */
  readonly instanceTypes?: readonly string[];
  /** `min_size`: the fewest instances. @default 1 */
  readonly minSize?: number;
  /** `max_size`: the most instances. @default 2 */
  readonly maxSize?: number;
  /** `desired_size`: the instances at the start, or null for `min_size`. Managed scaling decides afterwards. @default null */
  readonly desiredSize?: number | null;
  /** `root_volume_gib`: the volume for images and containers, in GiB. @default 30 */
  readonly rootVolumeGib?: number;
  /** `ami_version`: `recommended`, or a published version of the AMI family to pin. The plan checks its form. @default "recommended" */
  readonly amiVersion?: string;
  /** `ami_id`, with `ami: "existing"`: the AMI of the instances, in place of `ami_version`. @default - none: the variable is required */
  readonly amiId?: string;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html: instances of a cluster */
export const MOST_INSTANCES = 5_000;
/** The size of a group, or a part of it. */
export const sizeRule = wholeNumber(0, MOST_INSTANCES, "instances", "For example 2.");
/** The largest size of a group. */
export const maxSizeRule = wholeNumber(
  1,
  MOST_INSTANCES,
  "instances",
  "A group needs at least one instance to run a task.",
);

/** The sizes of a group. */
interface Sizes {
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly desiredSize?: number;
}

/** The largest size is not below the smallest, and the desired size is between them. */
export function* sizesInOrder({ minSize = 0, maxSize, desiredSize = minSize }: Known<Sizes>): Findings<Sizes> {
  const atLeast = { must: `be at least minSize, which is ${minSize}`, fix: "Raise it, or lower minSize." };
  const atMost = { must: `be at most maxSize, which is ${maxSize}`, fix: "Lower it, or raise maxSize." };
  if (maxSize !== undefined && maxSize < minSize) yield { at: "maxSize", ...atLeast };
  else if (desiredSize < minSize) yield { at: "desiredSize", ...atLeast };
  else if (maxSize !== undefined && desiredSize > maxSize) yield { at: "desiredSize", ...atMost };
}

/**
 * AWS rejects a warm pool beside a mixed instances policy, according to the page of PutWarmPool up to 2025.
 * https://docs.amazonaws.cn/cli/latest/reference/autoscaling/put-warm-pool.html
 */
export const singleTypeRule: Rule<readonly string[]> = {
  must: "have a single instance type with warmPool",
  fix: "Keep the preferred type, or remove warmPool.",
  check: (value) => value.length <= 1,
  condition: (reference) => `length(${reference}) <= 1`,
};

/** The settings that decide which variables a capacity has, and with which rules. */
export interface CapacityConditions {
  /** The name of the capacity among the settings. @default "main" */
  readonly name?: string;
  /** The family decides which versions exist. @default - any version */
  readonly amiFamily?: AmiFamily;
  /** An AMI of your own replaces the variable of the version. */
  readonly ami?: "ecs-optimized" | "existing" | AmiFilter;
  /** Replaces the variable of the instance types. */
  readonly instanceRequirements?: object;
  /** Allows a single instance type. */
  readonly warmPool?: object;
}

/** Returns the fields of the values of one capacity. Terraform checks the same rules, with the prefixed names. */
export function capacityValueFields({ name = MAIN_CAPACITY, amiFamily, warmPool }: CapacityConditions = {}) {
  const prefix = prefixOf(name);
  const of = name === MAIN_CAPACITY ? "" : ` of the capacity provider ${name}`;
  const atLeastMinSize = (value: string) =>
    bounded(`${prefix}${value}`, ">=", `${prefix}min_size`, `Raise it, or lower ${prefix}min_size.`);
  const atMostMaxSize = bounded(
    `${prefix}desired_size`,
    "<=",
    `${prefix}max_size`,
    `Lower it, or raise ${prefix}max_size.`,
  );
  return {
    instanceTypes: variable(
      list(string(), ...instanceTypesRules, ...(warmPool ? [singleTypeRule] : [])).default(["t3.small"]),
      `The instance types${of} in order of preference. All of them have the same architecture, which decides the AMI.`,
    ),
    minSize: variable(number(sizeRule).default(1), `The smallest number of instances${of}.`),
    maxSize: variable(
      number(maxSizeRule, atLeastMinSize("max_size")).default(2),
      `The largest number of instances${of}.`,
    ),
    desiredSize: variable(
      number(sizeRule, atLeastMinSize("desired_size"), atMostMaxSize).nullable().default(null),
      `The number of instances${of} at the start, or null for ${prefix}min_size. Managed scaling changes it afterwards.`,
    ),
    rootVolumeGib: variable(
      number(rootVolumeRule).default(30),
      `The size in GiB of the volume for images and containers on each instance${of}. It is at least 30.`,
    ),
    amiVersion: variable(
      string(...(amiFamily ? [amiVersionRule(amiFamily)] : [])).default("recommended"),
      `The version of the ECS-optimized AMI${of}: recommended, which Terraform looks up at each plan, or a published version to pin.`,
    ),
    amiId: referable(
      variable(string(amiIdRule).optional(), `The id of the AMI${of}, which is built from an ECS-optimized AMI.`),
    ),
  };
}

export const capacityValuesSchema = schemaOf<CapacityValues>()(capacityValueFields());

/** Returns the key of a value among all values of a stack: `minSize`, `arm.minSize`. */
export const capacityKey = (capacity: string, value: keyof CapacityValues): string =>
  capacity === MAIN_CAPACITY ? value : `${capacity}.${value}`;

/** Returns the declarations of the variables of one capacity, by {@link capacityKey} and in the order of their fields. */
export function capacityVariables(
  capacity: CapacityConditions & {
    readonly name: string;
    readonly values: Parsed<typeof capacityValuesSchema>;
  },
): Readonly<Record<string, VariableDeclaration>> {
  const { name, values, instanceRequirements, ami = "ecs-optimized" } = capacity;
  const without = [
    ...(instanceRequirements ? ["instanceTypes"] : []),
    ...(ami === "ecs-optimized" ? [] : ["amiVersion"]),
    ...(ami === "existing" ? [] : ["amiId"]),
  ];
  const fields = Object.entries(capacityValueFields(capacity)) as [keyof CapacityValues, Schema][];
  return Object.fromEntries(
    fields
      .filter(([value]) => !without.includes(value))
      .map(([value, field]) => [
        capacityKey(name, value),
        { name: `${prefixOf(name)}${variableName(value)}`, field, value: values[value] },
      ]),
  );
}
