import { AwsError } from "../aws-error";
import type { ObjectValue, Value } from "../wire/values";
import { filtered } from "./filters";
import { type Answer, type Question, zoneName, zoneNames } from "./fixtures";

/** Returns parallel lists with one item for each type and each location that offers it. */
export const instanceTypeOfferings: Answer = (question) => {
  const { config, region } = question;
  const locationType =
    config.location_type === null || config.location_type === undefined ? "region" : String(config.location_type);
  const offers = Object.keys(question.fixtures.instanceTypes).flatMap((type): ObjectValue[] => {
    const zones = zonesOffering(question, type);
    const locations = locationType === "region" ? (zones.length > 0 ? [region] : []) : zones;
    return locations.map((location) => ({ instance_type: type, location }));
  });
  const chosen = filtered(offers, config, "aws_ec2_instance_type_offerings");
  return {
    id: region,
    instance_types: chosen.map(({ instance_type }) => instance_type ?? null),
    locations: chosen.map(({ location }) => location ?? null),
    location_types: chosen.map(() => locationType),
  };
};

export const instanceTypes: Answer = (question) => {
  const offered = Object.keys(question.fixtures.instanceTypes).filter(
    (type) => zonesOffering(question, type).length > 0,
  );
  const records = offered.map(
    (type): ObjectValue => ({
      instance_type: type,
      processor_info_supported_architecture: question.fixtures.instanceTypes[type]?.architecture ?? "x86_64",
    }),
  );
  const named = records.map(({ processor_info_supported_architecture, ...rest }) => ({
    ...rest,
    "processor_info.supported_architecture": processor_info_supported_architecture ?? null,
  }));
  return {
    id: question.region,
    instance_types: filtered(named, question.config, "aws_ec2_instance_types").map(
      ({ instance_type }) => instance_type ?? null,
    ),
  };
};

export const instanceType: Answer = (question) => {
  const name = String(question.config.instance_type);
  const fixture = question.fixtures.instanceTypes[name];
  if (!fixture || zonesOffering(question, name).length === 0) {
    throw new AwsError(
      `reading EC2 Instance Type (${name}): operation error EC2: DescribeInstanceTypes, https response error StatusCode: 400, ` +
        `api error InvalidInstanceType: The following supplied instance types do not exist: [${name}]`,
    );
  }
  const {
    gpu,
    neuron = false,
    vcpus,
    memoryMiB,
    architecture = "x86_64",
    networkInterfaces = 3,
    ipv6Addresses = 4,
  } = fixture;
  const threads = architecture === "arm64" ? 1 : 2;
  const gpus: Value = gpu
    ? [{ count: 1, manufacturer: gpu.manufacturer, name: gpu.name, memory_size: gpu.memoryMiB }]
    : [];
  return {
    id: name,
    default_vcpus: vcpus,
    memory_size: memoryMiB,
    maximum_network_interfaces: networkInterfaces,
    ipv6_supported: true,
    maximum_ipv6_addresses_per_interface: ipv6Addresses,
    supported_architectures: [architecture],
    gpus,
    total_gpu_memory: gpu?.memoryMiB ?? 0,
    inference_accelerators:
      neuron && name.startsWith("inf1")
        ? [{ count: 1, manufacturer: "AWS", name: "Inferentia", memory_size: 8_192 }]
        : [],
    neuron_devices: neuron
      ? [
          {
            count: 1,
            name: name.startsWith("inf1") ? "Inferentia" : "Inferentia2",
            core_count: 2,
            core_version: 2,
            memory_size: 8_192,
          },
        ]
      : [],
    burstable_performance_supported: name.startsWith("t"),
    current_generation: !name.startsWith("t2."),
    bare_metal: name.includes(".metal"),
    // A core of an x86 type has two threads, and a core of an arm64 type has one.
    default_threads_per_core: threads,
    default_cores: Math.ceil(vcpus / threads),
    valid_cores: Array.from({ length: Math.ceil(vcpus / threads) }, (_, index) => index + 1),
    valid_threads_per_core: threads === 1 ? [1] : [1, 2],
    ebs_optimized_support: name.startsWith("t2.") ? "unsupported" : "default",
    nitro_enclaves_support: vcpus >= 4 && !name.startsWith("t") ? "supported" : "unsupported",
    hypervisor: name.startsWith("t2.") ? "xen" : "nitro",
    supported_placement_strategies: [...(name.startsWith("t") ? [] : ["cluster"]), "partition", "spread"],
    supported_root_device_types: ["ebs"],
    supported_usages_classes: ["on-demand", "spot"],
    supported_virtualization_types: ["hvm"],
  };
};

function zonesOffering(question: Question, type: string): string[] {
  const offered = question.fixtures.instanceTypes[type]?.zones?.map((zone) => zoneName(zone, question.region));
  return zoneNames(question).filter((zone) => offered?.includes(zone) ?? true);
}
