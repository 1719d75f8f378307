import { type DefaultVpc, defaultVpcField } from "../network/default-vpc";
import { hcl } from "../terraform/expression";
import { ALWAYS, type Guard } from "../terraform/guard";
import { schemaOf } from "../validation/schema";
import { validate } from "../validation/validate";
import {
  type InstanceRequirementsSettings,
  type InstanceSelection,
  instanceRequirementsSchema,
} from "./instance-selection";

const argumentsSchema = schemaOf<{
  readonly requirements: InstanceRequirementsSettings;
  readonly vpc: DefaultVpc;
}>()({ requirements: instanceRequirementsSchema, vpc: defaultVpcField });

/**
 * Instance types by what they have. Auto Scaling chooses among all types that the region offers, future types included.
 * Terraform looks up none of them, so requirements that no type meets fail when Terraform creates the group.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/create-mixed-instances-group-attribute-based-instance-type-selection.html
 */
export class InstanceRequirements implements InstanceSelection {
  readonly variable = "instanceRequirements";
  readonly requirements: InstanceRequirementsSettings;
  readonly subnetIds: string[];
  readonly subnetIdsWithoutIpv6?: string[];
  readonly zones: string[];
  readonly isArm64: string;
  readonly hasGpu: string;
  readonly hasNeuron: string;
  readonly guards: readonly Guard[] = [];
  readonly zoneGuard: Guard;
  readonly details: string;

  /** @throws {SettingsError} with every problem of the requirements */
  constructor(requirements: InstanceRequirementsSettings, vpc: DefaultVpc) {
    const settings = validate("InstanceRequirements", argumentsSchema, { requirements, vpc });
    this.requirements = settings.requirements;
    this.isArm64 = hcl`${settings.requirements.architecture === "arm64"}`.string;
    const [accelerator] = settings.requirements.acceleratorManufacturers ?? [];
    this.hasGpu = hcl`${accelerator === "nvidia"}`.string;
    this.hasNeuron = hcl`${accelerator === "amazon-web-services"}`.string;
    this.zones = vpc.instanceZones;
    this.subnetIds = vpc.instanceSubnetIdsIn(this.zones);
    this.subnetIdsWithoutIpv6 = vpc.instanceSubnetIdsWithoutIpv6;
    this.zoneGuard = {
      condition: hcl`length(${this.subnetIds}) > 0`.string,
      errorMessage:
        "There is no subnet for the instances. Create one: aws ec2 create-default-subnet --availability-zone ZONE",
    };
    // A task that fits on the smallest type that the requirements allow fits on all of them.
    const { vCpuCount, memoryMiB, networkInterfaceCount, acceleratorCount } = settings.requirements;
    const count = acceleratorCount?.min ?? 1;
    const minimum = {
      instance_type: "",
      memory_size: memoryMiB.min,
      default_vcpus: vCpuCount.min,
      // Every type has at least two network interfaces.
      maximum_network_interfaces: Math.max(networkInterfaceCount?.min ?? 2, 2),
      ...(accelerator === "nvidia" && { gpus: [{ manufacturer: "NVIDIA", count }] }),
      ...(accelerator === "amazon-web-services" && { neuron_devices: [{ count }] }),
    };
    this.details =
      hcl`{ for name, type in ${{ "instanceRequirements' minimum": minimum }} : name => type if ${ALWAYS} }`.string;
  }
}

/** Returns the requirements as an override of an Auto Scaling group. */
export function requirementsOverride(requirements: InstanceRequirementsSettings): object {
  const settings = validate("InstanceRequirements", instanceRequirementsSchema, requirements);
  const {
    architecture,
    vCpuCount: vcpuCount,
    memoryMiB: memoryMib,
    memoryGiBPerVCpu: memoryGibPerVcpu,
    totalLocalStorageGB: totalLocalStorageGb,
    acceleratorTotalMemoryMiB: acceleratorTotalMemoryMib,
    acceleratorManufacturers,
    acceleratorCount,
    cpuManufacturers,
    excludedInstanceTypes,
    ...others
  } = settings;
  return {
    instanceRequirements: {
      vcpuCount,
      memoryMib,
      cpuManufacturers: cpuManufacturers ?? (architecture === "arm64" ? ["amazon-web-services"] : ["intel", "amd"]),
      memoryGibPerVcpu,
      totalLocalStorageGb,
      ...others,
      // Without a manufacturer, a GPU or a Neuron device would need another AMI.
      acceleratorCount: acceleratorManufacturers
        ? { min: acceleratorCount?.min ?? 1, max: acceleratorCount?.max }
        : { max: 0 },
      acceleratorManufacturers,
      acceleratorTotalMemoryMib,
      excludedInstanceTypes: excludedInstanceTypes.length > 0 ? excludedInstanceTypes : undefined,
    },
  };
}
