import type { Guard } from "../terraform/guard";
import { type Field, interfaceOf, list, plain, string } from "../validation/schema";

/** Which instances a capacity may run: `InstanceTypes` by name, `InstanceRequirements` by what they have. */
export interface InstanceSelection {
  /** What the caller calls them, for messages. */
  readonly variable: string;
  /** The types, in order of preference; undefined where Auto Scaling chooses among all that meet the requirements. */
  readonly names?: string[];
  /** What the types must have; undefined where they are named. */
  readonly requirements?: InstanceRequirementsSettings;
  /** The VPC's subnets that instances may start in. */
  readonly subnetIds: string[];
  /** The zones that those subnets are in, sorted. */
  readonly zones: string[];
  /** Whether they are arm64, as an expression. */
  readonly isArm64: string;
  /** Whether they have NVIDIA GPUs, as an expression. */
  readonly hasGpu: string;
  /** Whether they have AWS Neuron devices (Inferentia, Trainium), as an expression. */
  readonly hasNeuron: string;
  /** What must hold for one AMI to serve them all. */
  readonly guards: readonly Guard[];
  /** At least one subnet is left. */
  readonly zoneGuard: Guard;
  /** `memory_size` (MiB) and `default_vcpus` by type, as an expression; of requirements, the least that they ask for. */
  readonly details: string;
}

/** From, and if it matters to. */
export interface Amount {
  readonly min: number;
  /** @default - no upper limit */
  readonly max?: number;
}

/** What an instance type must have, in place of its name. Types with accelerators and bare metal are left out. */
export interface InstanceRequirementsSettings {
  /** vCPUs, at least 1. */
  readonly vCpuCount: Amount;
  /** Memory, in MiB, at least 512. */
  readonly memoryMiB: Amount;
  /** The architecture, which decides the image. @default "x86_64" */
  readonly architecture?: "x86_64" | "arm64";
  /** Types of `current` generations, `previous` ones, or both. @default ["current"] */
  readonly instanceGenerations?: readonly ("current" | "previous")[];
  /** Types that earn CPU credits, such as t3. @default "excluded" */
  readonly burstablePerformance?: "included" | "excluded" | "required";
  /** Types that are left out all the same, with `*` for any text: `["m5.*", "r*"]`. At most 400. @default - none */
  readonly excludedInstanceTypes?: readonly string[];
}

const guard = interfaceOf<Guard>(
  "a condition and its message",
  "Write { condition, errorMessage }.",
)({
  condition: string(),
  errorMessage: string(),
});
const strings = list(string()) as unknown as Field<string[]>;

/** The field of an `instanceTypes` property that takes a selection. */
export const instanceSelectionField = interfaceOf<InstanceSelection>(
  "a selection of instance types",
  "Use an InstanceTypes or an InstanceRequirements.",
)({
  variable: plain(string()),
  names: strings.optional(),
  subnetIds: strings,
  zones: strings,
  isArm64: string(),
  hasGpu: string(),
  hasNeuron: string(),
  guards: list(guard),
  zoneGuard: guard,
  details: string(),
});
