import type { DefaultVpc } from "../network/default-vpc";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import type { InstanceRequirementsSettings, InstanceSelection } from "./instance-selection";

/**
 * Instance types by what they have: Auto Scaling chooses among all that the region offers, tomorrow's included. Nothing is
 * looked up, so what is too narrow shows when the group is made.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/create-mixed-instances-group-attribute-based-instance-type-selection.html
 */
export class InstanceRequirements implements InstanceSelection {
  readonly variable = "instanceRequirements";
  readonly requirements: InstanceRequirementsSettings;
  readonly subnetIds: string[];
  readonly zones: string[];
  readonly isArm64: string;
  readonly hasGpu = hcl`false`.string;
  readonly hasNeuron = hcl`false`.string;
  readonly guards: readonly Guard[] = [];
  readonly zoneGuard: Guard;
  readonly details: string;

  constructor(requirements: InstanceRequirementsSettings, vpc: DefaultVpc) {
    this.requirements = requirements;
    this.isArm64 = hcl`${requirements.architecture === "arm64"}`.string;
    this.zones = vpc.instanceZones;
    this.subnetIds = vpc.instanceSubnetIdsIn(this.zones);
    this.zoneGuard = {
      condition: hcl`length(${this.subnetIds}) > 0`.string,
      errorMessage: "There is no subnet for the instances. Make one with: aws ec2 create-default-subnet",
    };
    // A task fits on any of them when it fits on the least that they may have.
    const { vCpuCount, memoryMiB } = requirements;
    this.details =
      hcl`${{ "instanceRequirements' minimum": { memory_size: memoryMiB.min, default_vcpus: vCpuCount.min } }}`.string;
  }
}

/** The override of a group, in the provider's words. */
export function requirementsOverride(requirements: InstanceRequirementsSettings): object {
  const { vCpuCount, memoryMiB, architecture = "x86_64", excludedInstanceTypes = [] } = requirements;
  const { instanceGenerations = ["current"], burstablePerformance = "excluded" } = requirements;
  return {
    instanceRequirements: {
      vcpuCount: { min: vCpuCount.min, max: vCpuCount.max },
      memoryMib: { min: memoryMiB.min, max: memoryMiB.max },
      cpuManufacturers: architecture === "arm64" ? ["amazon-web-services"] : ["intel", "amd"],
      instanceGenerations: [...instanceGenerations],
      burstablePerformance,
      bareMetal: "excluded",
      // A GPU or a Neuron device would want another image.
      acceleratorCount: { max: 0 },
      excludedInstanceTypes: excludedInstanceTypes.length > 0 ? [...excludedInstanceTypes] : undefined,
    },
  };
}
