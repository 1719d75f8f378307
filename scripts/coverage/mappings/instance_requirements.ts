import type { Mapping } from "../cover";

const range = (property: string, argument: string): Mapping => ({
  [`${argument}.max`]: [`InstanceRequirementsSettings.${property}`, "AmountRange.max"],
  [`${argument}.min`]: [`InstanceRequirementsSettings.${property}`, "AmountRange.min"],
});
const amount = (property: string, argument: string): Mapping => ({
  [`${argument}.max`]: [`InstanceRequirementsSettings.${property}`, "Amount.max"],
  [`${argument}.min`]: [`InstanceRequirementsSettings.${property}`, "Amount.min"],
});

/** The arguments of a block `instance_requirements`, which several types have. */
const INSTANCE_REQUIREMENTS: Mapping = {
  ...range("acceleratorCount", "accelerator_count"),
  accelerator_manufacturers: "InstanceRequirementsSettings.acceleratorManufacturers",
  accelerator_names: "InstanceRequirementsSettings.acceleratorNames",
  ...range("acceleratorTotalMemoryMiB", "accelerator_total_memory_mib"),
  accelerator_types: { outOfScope: "The manufacturer decides the type: GPUs, or Neuron devices." },
  allowed_instance_types: "InstanceRequirementsSettings.allowedInstanceTypes",
  bare_metal: "InstanceRequirementsSettings.bareMetal",
  ...range("baselineEbsBandwidthMbps", "baseline_ebs_bandwidth_mbps"),
  burstable_performance: "InstanceRequirementsSettings.burstablePerformance",
  cpu_manufacturers: ["InstanceRequirementsSettings.cpuManufacturers", "InstanceRequirementsSettings.architecture"],
  excluded_instance_types: "InstanceRequirementsSettings.excludedInstanceTypes",
  instance_generations: "InstanceRequirementsSettings.instanceGenerations",
  local_storage: "InstanceRequirementsSettings.localStorage",
  local_storage_types: "InstanceRequirementsSettings.localStorageTypes",
  max_spot_price_as_percentage_of_optimal_on_demand_price:
    "InstanceRequirementsSettings.maxSpotPriceAsPercentageOfOptimalOnDemandPrice",
  ...range("memoryGiBPerVCpu", "memory_gib_per_vcpu"),
  ...amount("memoryMiB", "memory_mib"),
  ...range("networkBandwidthGbps", "network_bandwidth_gbps"),
  ...range("networkInterfaceCount", "network_interface_count"),
  on_demand_max_price_percentage_over_lowest_price:
    "InstanceRequirementsSettings.onDemandMaxPricePercentageOverLowestPrice",
  require_hibernate_support: { outOfScope: "EC2 cannot hibernate instances that ECS uses." },
  spot_max_price_percentage_over_lowest_price: "InstanceRequirementsSettings.spotMaxPricePercentageOverLowestPrice",
  ...range("totalLocalStorageGB", "total_local_storage_gb"),
  ...amount("vCpuCount", "vcpu_count"),
};

/** Returns the arguments of a block of requirements at a path. */
export const requirementsAt = (path: string): Mapping =>
  Object.fromEntries(Object.entries(INSTANCE_REQUIREMENTS).map(([argument, cover]) => [`${path}.${argument}`, cover]));

/** Returns the arguments of a block of requirements that the library never writes. */
export const noRequirementsAt = (path: string, outOfScope: string): Mapping =>
  Object.fromEntries(Object.keys(INSTANCE_REQUIREMENTS).map((argument) => [`${path}.${argument}`, { outOfScope }]));
