import type { Guard } from "../terraform/guard";
import { matches } from "../validation/rule";
import { choice, interfaceOf, list, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Known, Limit } from "../validation/settings-rule";

/** A lower and an upper limit. */
export interface Amount {
  /** The least that a type can have. */
  readonly min: number;
  /** The most that a type can have. @default - no upper limit */
  readonly max?: number;
}

const wholeFrom = (least: number): Limit<number> => ({
  must: `be a whole number of at least ${least}`,
  fix: `For example ${least}.`,
  check: (value) => Number.isInteger(value) && value >= least,
});

const amountSchema = (least: number) =>
  schemaOf<Amount>()({ min: number(wholeFrom(least)), max: number(wholeFrom(least)).optional() }, maxFromMin);

function* maxFromMin({ min, max }: Known<Amount>): Findings<Amount> {
  if (min === undefined || max === undefined || max >= min) return;
  yield { at: "max", must: `be at least min, which is ${min}`, fix: "Raise it, or lower min." };
}

/** What an instance type must have, in place of its name. Types with accelerators and bare metal types are excluded. */
export interface InstanceRequirementsSettings {
  /** The number of vCPUs. `min` is at least 1. */
  readonly vCpuCount: Amount;
  /** The memory in MiB. `min` is at least 512. */
  readonly memoryMiB: Amount;
  /** The architecture. It decides the AMI. @default "x86_64" */
  readonly architecture?: "x86_64" | "arm64";
  /** The generations of the types. @default ["current"] */
  readonly instanceGenerations?: readonly ("current" | "previous")[];
  /** Types that earn CPU credits, such as t3. @default "excluded" */
  readonly burstablePerformance?: "included" | "excluded" | "required";
  /** Types that are excluded. `*` stands for any text: `["m5.*", "r*"]`. @default - none */
  readonly excludedInstanceTypes?: readonly string[];
}

const atLeastOneGeneration: Limit<readonly unknown[]> = {
  must: "name at least one generation",
  fix: "Remove it for the current generation.",
  check: (generations) => generations.length > 0,
};
/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRequirements.html */
const MOST_EXCLUDED = 400;
const fewExcludedTypes: Limit<readonly unknown[]> = {
  must: `have at most ${MOST_EXCLUDED} types`,
  fix: 'Replace some of them by one with *, such as "m5.*".',
  check: (types) => types.length <= MOST_EXCLUDED,
  offending: { of: (types) => types.length },
};
const excludedType = matches(
  "^[a-z0-9.*-]{1,30}$",
  "be an instance type of at most 30 characters, where * stands for any text",
  'For example "m5.*".',
);

export const instanceRequirementsSchema = schemaOf<InstanceRequirementsSettings>()({
  vCpuCount: amountSchema(1),
  memoryMiB: amountSchema(512),
  architecture: plain(choice("x86_64", "arm64")).default("x86_64"),
  instanceGenerations: list(choice("current", "previous"), atLeastOneGeneration).default(["current"]),
  burstablePerformance: choice("included", "excluded", "required").default("excluded"),
  excludedInstanceTypes: list(string(excludedType), fewExcludedTypes).default([]),
});

/** The instance types of a capacity: `InstanceTypes` by their names, or `InstanceRequirements` by what they have. */
export interface InstanceSelection {
  /** The variable or setting that selects the types, for messages. */
  readonly variable: string;
  /** The types in order of preference. @default - Auto Scaling chooses among all types that meet the requirements */
  readonly names?: string[];
  /** What the types must have. @default - the types have names */
  readonly requirements?: InstanceRequirementsSettings;
  /** The VPC's subnets that instances can start in. */
  readonly subnetIds: string[];
  /** The Availability Zones of these subnets, sorted. */
  readonly zones: string[];
  /** Whether the types are arm64, as an expression. */
  readonly isArm64: string;
  /** Whether the types have NVIDIA GPUs, as an expression. */
  readonly hasGpu: string;
  /** Whether the types have AWS Neuron devices (Inferentia, Trainium), as an expression. */
  readonly hasNeuron: string;
  /** The conditions under which one AMI suits all types. */
  readonly guards: readonly Guard[];
  /** The condition that at least one subnet is left. */
  readonly zoneGuard: Guard;
  /**
   * `memory_size` (MiB), `default_vcpus` and `maximum_network_interfaces` by type, as an expression. With requirements, their
   * minimum.
   */
  readonly details: string;
}

const guard = interfaceOf<Guard>(
  "a condition and its message",
  "Write { condition, errorMessage }.",
)({
  condition: string(),
  errorMessage: string(),
});
// CDKTF's resources accept only mutable lists.
const strings = list(string()).with<string[], string[]>({});

/** The field of the name that messages use for the types. */
export const variableField = plain(
  string(
    matches(
      "^[A-Za-z][A-Za-z0-9_.-]*$",
      "be the name of a variable or of a setting",
      'For example "instance_types". Messages use this name.',
    ),
  ),
);

/** The field of an `instanceTypes` property that accepts any selection. */
export const instanceSelectionField = interfaceOf<InstanceSelection>(
  "a selection of instance types",
  "Use an InstanceTypes or an InstanceRequirements.",
)({
  variable: variableField,
  names: strings.optional(),
  requirements: instanceRequirementsSchema.optional(),
  subnetIds: strings,
  zones: strings,
  isArm64: string(),
  hasGpu: string(),
  hasNeuron: string(),
  guards: list(guard),
  zoneGuard: guard,
  details: string(),
});
