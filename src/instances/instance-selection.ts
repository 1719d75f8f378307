import type { Guard } from "../terraform/guard";
import { distinctElements, matches } from "../validation/rule";
import { choice, interfaceOf, list, number, plain, schemaOf, string, unavailable } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";

/** A lower and an upper limit. */
export interface Amount {
  /** The least that a type can have. */
  readonly min: number;
  /** The most that a type can have. @default - no upper limit */
  readonly max?: number;
}

/** Limits of an amount, at least one of the two. */
export interface AmountRange {
  /** The least that a type can have. @default - no lower limit */
  readonly min?: number;
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

const aboveZero: Limit<number> = { must: "be above 0", fix: "For example 1.5.", check: (value) => value > 0 };

const rangeSchema = (limit: Limit<number>) =>
  schemaOf<AmountRange>()(
    { min: number(limit).optional(), max: number(limit).optional() },
    maxFromMin as never,
    function* (_, given) {
      if (given("min") || given("max")) return;
      yield { at: "min", must: "be set, or max", fix: "Remove the requirement for no limit." };
    },
  );

const CPU_MANUFACTURERS = ["intel", "amd", "amazon-web-services"] as const;
/** The accelerators for which an ECS-optimized AMI has drivers. */
const ACCELERATOR_MANUFACTURERS = ["nvidia", "amazon-web-services"] as const;
const LOCAL_STORAGE_TYPES = ["hdd", "ssd"] as const;
const INCLUSIONS = ["included", "excluded", "required"] as const;

/**
 * What an instance type must have, in place of its name. Types with accelerators are excluded, unless
 * `acceleratorManufacturers` names one.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRequirements.html
 */
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
  /** Bare metal types. @default "excluded" */
  readonly bareMetal?: (typeof INCLUSIONS)[number];
  /** The manufacturers of the CPU: `intel` and `amd` for x86_64, `amazon-web-services` for arm64. @default - all of the architecture */
  readonly cpuManufacturers?: readonly (typeof CPU_MANUFACTURERS)[number][];
  /** The memory for each vCPU in GiB. @default - no limit */
  readonly memoryGiBPerVCpu?: AmountRange;
  /** The number of network interfaces. @default - no limit */
  readonly networkInterfaceCount?: AmountRange;
  /** The network bandwidth in Gbps. @default - no limit */
  readonly networkBandwidthGbps?: AmountRange;
  /** The bandwidth to EBS volumes in Mbps. @default - no limit */
  readonly baselineEbsBandwidthMbps?: AmountRange;
  /** Types with instance store volumes. The library does not mount these volumes. @default - "included", the default of AWS */
  readonly localStorage?: (typeof INCLUSIONS)[number];
  /** The kinds of instance store volumes. @default - any */
  readonly localStorageTypes?: readonly (typeof LOCAL_STORAGE_TYPES)[number][];
  /** The size of all instance store volumes in GB. @default - no limit */
  readonly totalLocalStorageGB?: AmountRange;
  /**
   * The manufacturer of the accelerators: `nvidia` for GPUs, `amazon-web-services` for Neuron devices. It decides the AMI, so it is
   * one of the two. Other accelerators have no drivers in an ECS-optimized AMI.
   * @default - no accelerators
   */
  readonly acceleratorManufacturers?: readonly (typeof ACCELERATOR_MANUFACTURERS)[number][];
  /** The number of accelerators. @default - at least 1 with `acceleratorManufacturers` */
  readonly acceleratorCount?: AmountRange;
  /** The accelerators by AWS's names, such as `t4` or `a100`. @default - any of the manufacturer */
  readonly acceleratorNames?: readonly string[];
  /** The memory of all accelerators in MiB. @default - no limit */
  readonly acceleratorTotalMemoryMiB?: AmountRange;
  /** The price of on-demand types: at most this percentage above the cheapest type of a current C, M or R family. @default - 20, the default of AWS */
  readonly onDemandMaxPricePercentageOverLowestPrice?: number;
  /** The price of Spot types: at most this percentage above the cheapest one. @default - a protection that AWS chooses */
  readonly spotMaxPricePercentageOverLowestPrice?: number;
  /** The price of Spot types: at most this percentage of the cheapest on-demand price. @default - a protection that AWS chooses */
  readonly maxSpotPriceAsPercentageOfOptimalOnDemandPrice?: number;
  /** The only types that are considered. `*` stands for any text. @default - all types */
  readonly allowedInstanceTypes?: readonly string[];
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
const atLeastOneType: Limit<readonly unknown[]> = {
  must: "name at least one type",
  fix: "Remove it for all types.",
  check: (types) => types.length > 0,
};
const typePattern = matches(
  "^[a-z0-9.*-]{1,30}$",
  "be an instance type of at most 30 characters, where * stands for any text",
  'For example "m5.*".',
);

const oneManufacturer: Limit<readonly unknown[]> = {
  must: "name one manufacturer",
  fix: "One AMI serves all types. Use a capacity provider for each kind.",
  check: (manufacturers) => manufacturers.length === 1,
};
const percentage = number(wholeFrom(1)).optional();
const someOf = (of: string, most: number) => distinctElements(1, most, of, "Remove it for any.");

export const instanceRequirementsSchema = schemaOf<InstanceRequirementsSettings>()(
  {
    vCpuCount: amountSchema(1),
    memoryMiB: amountSchema(512),
    architecture: plain(choice("x86_64", "arm64")).default("x86_64"),
    instanceGenerations: list(choice("current", "previous"), atLeastOneGeneration).default(["current"]),
    burstablePerformance: choice(...INCLUSIONS).default("excluded"),
    bareMetal: choice(...INCLUSIONS).default("excluded"),
    cpuManufacturers: plain(
      list(choice(...CPU_MANUFACTURERS), someOf("manufacturers", CPU_MANUFACTURERS.length)),
    ).optional(),
    memoryGiBPerVCpu: rangeSchema(aboveZero).optional(),
    networkInterfaceCount: rangeSchema(wholeFrom(1)).optional(),
    networkBandwidthGbps: rangeSchema(aboveZero).optional(),
    baselineEbsBandwidthMbps: rangeSchema(wholeFrom(1)).optional(),
    localStorage: choice(...INCLUSIONS).optional(),
    localStorageTypes: list(choice(...LOCAL_STORAGE_TYPES), someOf("kinds", LOCAL_STORAGE_TYPES.length)).optional(),
    totalLocalStorageGB: rangeSchema(aboveZero).optional(),
    acceleratorManufacturers: plain(list(choice(...ACCELERATOR_MANUFACTURERS), oneManufacturer)).optional(),
    acceleratorCount: rangeSchema(wholeFrom(1)).optional(),
    acceleratorNames: list(
      string(matches("^[a-z0-9][a-z0-9-]{0,29}$", "be the name of an accelerator", 'For example "t4".')),
      someOf("accelerators", 50),
    ).optional(),
    acceleratorTotalMemoryMiB: rangeSchema(wholeFrom(1)).optional(),
    onDemandMaxPricePercentageOverLowestPrice: percentage,
    spotMaxPricePercentageOverLowestPrice: percentage,
    maxSpotPriceAsPercentageOfOptimalOnDemandPrice: percentage,
    allowedInstanceTypes: list(string(typePattern), atLeastOneType, fewExcludedTypes).optional(),
    excludedInstanceTypes: list(string(typePattern), fewExcludedTypes).default([]),
    ...unavailable(["requireHibernateSupport"], "EC2 cannot hibernate instances that ECS uses."),
    ...unavailable(
      ["acceleratorTypes"],
      "acceleratorManufacturers decides the type: nvidia has GPUs, and amazon-web-services has Neuron devices.",
    ),
  },
  cpusOfArchitecture,
  acceleratorsOfManufacturer,
  onlyOneOfEach,
);

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRequirements.html: the AMI must boot on the CPU. */
function* cpusOfArchitecture({
  architecture,
  cpuManufacturers,
}: Known<InstanceRequirementsSettings>): Findings<InstanceRequirementsSettings> {
  if (architecture === undefined) return;
  const wrong = cpuManufacturers?.find((one) => (one === "amazon-web-services") !== (architecture === "arm64"));
  if (wrong === undefined) return;
  const must = architecture === "arm64" ? 'be ["amazon-web-services"] with arm64' : "be intel, amd or both with x86_64";
  yield { at: "cpuManufacturers", must, fix: "Change it, or the architecture." };
}

function* acceleratorsOfManufacturer(
  _: Known<InstanceRequirementsSettings>,
  given: Given<InstanceRequirementsSettings>,
): Findings<InstanceRequirementsSettings> {
  if (given("acceleratorManufacturers")) return;
  for (const setting of ["acceleratorCount", "acceleratorNames", "acceleratorTotalMemoryMiB"] as const) {
    if (!given(setting)) continue;
    const fix = "It decides the AMI. Set it too, or remove this.";
    yield { at: setting, must: "be used with acceleratorManufacturers", fix };
  }
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRequirements.html */
function* onlyOneOfEach(
  { excludedInstanceTypes }: Known<InstanceRequirementsSettings>,
  given: Given<InstanceRequirementsSettings>,
): Findings<InstanceRequirementsSettings> {
  const pairs = [
    ["allowedInstanceTypes", "excludedInstanceTypes"],
    ["maxSpotPriceAsPercentageOfOptimalOnDemandPrice", "spotMaxPricePercentageOverLowestPrice"],
  ] as const;
  for (const [one, other] of pairs) {
    // The default of excludedInstanceTypes excludes none.
    const isEmpty = other === "excludedInstanceTypes" && excludedInstanceTypes?.length === 0;
    if (given(one) && given(other) && !isEmpty) {
      yield { at: one, must: `not be set with ${other}`, fix: "AWS accepts only one of the two." };
    }
  }
}

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
  /** The VPC's subnets for instances that have no IPv6 network. @default - unknown: `ipv6AddressCount` is not compared with them */
  readonly subnetIdsWithoutIpv6?: string[];
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
  subnetIdsWithoutIpv6: strings.optional(),
  zones: strings,
  isArm64: string(),
  hasGpu: string(),
  hasNeuron: string(),
  guards: list(guard),
  zoneGuard: guard,
  details: string(),
});
