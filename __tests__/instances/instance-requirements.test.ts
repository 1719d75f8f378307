import { TerraformOutput } from "cdktf";
import { hcl, InstanceRequirements, type InstanceRequirementsSettings } from "../../src";
import { requirementsOverride } from "../../src/instances/instance-requirements";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { emptyStack, resolved } from "../support/synthesized";

const LEAST: InstanceRequirementsSettings = { vCpuCount: { min: 2 }, memoryMiB: { min: 4096 } };

function created(settings: InstanceRequirementsSettings = LEAST) {
  const stack = emptyStack();
  return { stack, selection: new InstanceRequirements(settings, new Parts(stack).vpc) };
}
const problems = (settings: object) => problemsOf(() => created({ ...LEAST, ...settings }));

describe("InstanceRequirements", () => {
  it("selects x86 types of current generations without accelerators by default", () => {
    expect(requirementsOverride(LEAST)).toEqual({
      instanceRequirements: {
        vcpuCount: { min: 2 },
        memoryMib: { min: 4096 },
        cpuManufacturers: ["intel", "amd"],
        instanceGenerations: ["current"],
        burstablePerformance: "excluded",
        bareMetal: "excluded",
        acceleratorCount: { max: 0 },
      },
    });
  });

  it("renders every setting", () => {
    const settings: InstanceRequirementsSettings = {
      vCpuCount: { min: 2, max: 4 },
      memoryMiB: { min: 4096, max: 16_384 },
      architecture: "arm64",
      instanceGenerations: ["current", "previous"],
      burstablePerformance: "included",
      excludedInstanceTypes: ["m5.*"],
    };
    expect(requirementsOverride(settings)).toEqual({
      instanceRequirements: {
        vcpuCount: { min: 2, max: 4 },
        memoryMib: { min: 4096, max: 16_384 },
        cpuManufacturers: ["amazon-web-services"],
        instanceGenerations: ["current", "previous"],
        burstablePerformance: "included",
        bareMetal: "excluded",
        acceleratorCount: { max: 0 },
        excludedInstanceTypes: ["m5.*"],
      },
    });
  });

  it("renders every other requirement with the names of the provider", () => {
    const settings: InstanceRequirementsSettings = {
      ...LEAST,
      bareMetal: "included",
      cpuManufacturers: ["amd"],
      memoryGiBPerVCpu: { min: 2, max: 8 },
      networkInterfaceCount: { min: 4 },
      networkBandwidthGbps: { max: 12.5 },
      baselineEbsBandwidthMbps: { min: 2000 },
      localStorage: "required",
      localStorageTypes: ["ssd"],
      totalLocalStorageGB: { min: 100 },
      acceleratorManufacturers: ["nvidia"],
      acceleratorCount: { max: 4 },
      acceleratorNames: ["t4"],
      acceleratorTotalMemoryMiB: { min: 16_384 },
      onDemandMaxPricePercentageOverLowestPrice: 50,
      spotMaxPricePercentageOverLowestPrice: 100,
      allowedInstanceTypes: ["g4dn.*"],
    };
    expect(requirementsOverride(settings)).toEqual({
      instanceRequirements: {
        vcpuCount: { min: 2 },
        memoryMib: { min: 4096 },
        cpuManufacturers: ["amd"],
        instanceGenerations: ["current"],
        burstablePerformance: "excluded",
        bareMetal: "included",
        memoryGibPerVcpu: { min: 2, max: 8 },
        networkInterfaceCount: { min: 4 },
        networkBandwidthGbps: { max: 12.5 },
        baselineEbsBandwidthMbps: { min: 2000 },
        localStorage: "required",
        localStorageTypes: ["ssd"],
        totalLocalStorageGb: { min: 100 },
        acceleratorManufacturers: ["nvidia"],
        acceleratorCount: { min: 1, max: 4 },
        acceleratorNames: ["t4"],
        acceleratorTotalMemoryMib: { min: 16_384 },
        onDemandMaxPricePercentageOverLowestPrice: 50,
        spotMaxPricePercentageOverLowestPrice: 100,
        allowedInstanceTypes: ["g4dn.*"],
      },
    });
  });

  it("decides the AMI and the guards by the accelerators", () => {
    const gpus = created({ ...LEAST, acceleratorManufacturers: ["nvidia"], acceleratorCount: { min: 2 } });
    expect(resolved(gpus.stack, gpus.selection.hasGpu)).toBe("${true}");
    expect(resolved(gpus.stack, gpus.selection.details)).toContain(
      '"gpus" = [{ "manufacturer" = "NVIDIA", "count" = 2 }]',
    );
    const neuron = created({ ...LEAST, acceleratorManufacturers: ["amazon-web-services"] });
    expect(resolved(neuron.stack, neuron.selection.hasNeuron)).toBe("${true}");
    expect(resolved(neuron.stack, neuron.selection.hasGpu)).toBe("${false}");
    expect(resolved(neuron.stack, neuron.selection.details)).toContain('"neuron_devices" = [{ "count" = 1 }]');
    const neither = created();
    expect(resolved(neither.stack, neither.selection.hasGpu)).toBe("${false}");
    expect(resolved(neither.stack, neither.selection.details)).not.toContain("gpus");
  });

  it("names no types, and uses every subnet of the instances", () => {
    const { stack, selection } = created();
    expect(selection).not.toHaveProperty("names");
    expect(selection.guards).toEqual([]);
    expect(resolved(stack, selection.isArm64)).toBe("${false}");
    expect(resolved(stack, created({ ...LEAST, architecture: "arm64" }).selection.isArm64)).toBe("${true}");
    expect(resolved(stack, selection.zoneGuard)).toEqual({
      condition: expect.stringMatching(/^\$\{length\(.*data\.aws_subnet\.vpc_subnet.*\) > 0\}$/),
      errorMessage:
        "There is no subnet for the instances. Create one: aws ec2 create-default-subnet --availability-zone ZONE",
    });
  });

  it("offers the minimum to tasks, which then fit on every type", () => {
    const { stack, selection } = created();
    expect(resolved(stack, selection.details)).toBe(
      `\${{ for name, type in { "instanceRequirements' minimum" = { "instance_type" = "", "memory_size" = 4096, "default_vcpus" = 2, "maximum_network_interfaces" = 2 } } : name => type if path.module != "" }}`,
    );
  });

  it("accepts amounts that only Terraform knows", () => {
    const stack = emptyStack();
    const settings = { vCpuCount: { min: hcl`var.cpus`.number, max: 4 }, memoryMiB: { min: 4096 } };
    const { details } = new InstanceRequirements(settings, new Parts(stack).vpc);
    new TerraformOutput(stack, "details", { value: details });
    expect(resolved(stack, details)).toContain('"default_vcpus" = var.cpus');
  });

  it.each<[object, string]>([
    [
      { vCpuCount: { min: 0 } },
      "requirements.vCpuCount.min must be a whole number of at least 1; received 0. For example 1.",
    ],
    [
      { memoryMiB: { min: 511 } },
      "requirements.memoryMiB.min must be a whole number of at least 512; received 511. For example 512.",
    ],
    [
      { vCpuCount: { min: 4, max: 2 } },
      "requirements.vCpuCount.max must be at least min, which is 4; received 2. Raise it, or lower min.",
    ],
    [
      { architecture: "arm" },
      'requirements.architecture must be one of "x86_64", "arm64"; received "arm". Choose one of these.',
    ],
    [
      { instanceGenerations: [] },
      "requirements.instanceGenerations must name at least one generation; received []. Remove it for the current generation.",
    ],
    [
      { instanceGenerations: ["new"] },
      'requirements.instanceGenerations[0] must be one of "current", "previous"; received "new". Choose one of these.',
    ],
    [
      { burstablePerformance: true },
      'requirements.burstablePerformance must be one of "included", "excluded", "required"; received true. Choose one of these.',
    ],
    [
      { excludedInstanceTypes: ["m5.*", "M5"] },
      'requirements.excludedInstanceTypes[1] must be an instance type of at most 30 characters, where * stands for any text; received "M5". For example "m5.*".',
    ],
    [
      { excludedInstanceTypes: Array.from({ length: 401 }, (_, index) => `m${index}.*`) },
      'requirements.excludedInstanceTypes must have at most 400 types; received 401. Replace some of them by one with *, such as "m5.*".',
    ],
    [{ vCpuCount: undefined }, "requirements.vCpuCount must be an object; received nothing. Set it."],
  ])("rejects %j", (settings, message) => {
    expect(problems(settings)).toEqual([message]);
  });

  it("rejects anything but a VPC", () => {
    expect(problemsOf(() => new InstanceRequirements(LEAST, "vpc-1" as never))).toEqual([
      'vpc must be a VPC; received "vpc-1". Use a DefaultVpc construct.',
    ]);
  });
});
