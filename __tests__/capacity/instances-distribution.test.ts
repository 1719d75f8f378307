import { Ec2Service, type EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { at, mistakesOf, resource, synthesized } from "../support/synthesized";

const mistakes = (settings: unknown) => mistakesOf(() => clusterStack(settings as EcsClusterSettings));

function made(settings: EcsClusterSettings) {
  const json = synthesized(clusterStack(settings));
  const group = resource(json, "aws_autoscaling_group.capacity");
  return {
    json,
    group,
    distribution: at(group, "mixed_instances_policy", "instances_distribution"),
    userData: String(at(json, "locals", "launch_template_user_data")),
  };
}

describe("the distribution of instances", () => {
  it("has a base and a percentage on demand, and the rest on Spot", () => {
    const instancesDistribution = { onDemandBaseCapacity: 2, onDemandPercentageAboveBaseCapacity: 25 };
    expect(made({ instancesDistribution }).distribution).toEqual({
      on_demand_base_capacity: 2,
      on_demand_percentage_above_base_capacity: 25,
      on_demand_allocation_strategy: "prioritized",
      spot_allocation_strategy: "price-capacity-optimized",
    });
  });

  it("can keep a base on demand with Spot for all the rest", () => {
    expect(made({ spot: true, instancesDistribution: { onDemandBaseCapacity: 1 } }).distribution).toEqual({
      on_demand_base_capacity: 1,
      on_demand_percentage_above_base_capacity: 0,
      on_demand_allocation_strategy: "prioritized",
      spot_allocation_strategy: "price-capacity-optimized",
    });
  });

  it("takes the strategies that are asked for", () => {
    const instancesDistribution = {
      onDemandPercentageAboveBaseCapacity: 50,
      onDemandAllocationStrategy: "lowest-price",
      spotAllocationStrategy: "capacity-optimized",
    } as const;
    expect(made({ instancesDistribution }).distribution).toMatchObject({
      on_demand_allocation_strategy: "lowest-price",
      spot_allocation_strategy: "capacity-optimized",
    });
  });

  it.each<[EcsClusterSettings, boolean]>([
    [{}, false],
    [{ instancesDistribution: { onDemandBaseCapacity: 3 } }, false],
    [{ instancesDistribution: { onDemandPercentageAboveBaseCapacity: 99 } }, true],
    [{ instancesDistribution: { onDemandPercentageAboveBaseCapacity: 100 } }, false],
    [{ spot: true }, true],
  ])("brings draining and rebalancing with any use of Spot: %j", (settings, spot) => {
    const { userData, group } = made(settings);
    expect(userData.includes("ECS_ENABLE_SPOT_INSTANCE_DRAINING=true")).toBe(spot);
    expect(group.capacity_rebalance).toBe(spot);
  });

  it("leaves rebalancing out where that is asked for", () => {
    expect(made({ spot: true, capacityRebalance: false }).group.capacity_rebalance).toBe(false);
  });
});

describe("instance requirements", () => {
  const instanceRequirements = {
    vCpuCount: { min: 2, max: 8 },
    memoryMiB: { min: 4096 },
    architecture: "arm64",
    excludedInstanceTypes: ["m6*"],
  } as const;

  it("are the group's override, without accelerators and bare metal", () => {
    const { group } = made({ instanceRequirements });
    expect(at(group, "mixed_instances_policy", "launch_template", "override")).toEqual([
      {
        instance_requirements: {
          accelerator_count: { max: 0 },
          bare_metal: "excluded",
          burstable_performance: "excluded",
          cpu_manufacturers: ["amazon-web-services"],
          excluded_instance_types: ["m6*"],
          instance_generations: ["current"],
          memory_mib: { min: 4096 },
          vcpu_count: { max: 8, min: 2 },
        },
      },
    ]);
    expect(at(group, "mixed_instances_policy", "launch_template", "dynamic")).toBeUndefined();
  });

  it("are x86 where nothing else is said", () => {
    const { group } = made({ instanceRequirements: { vCpuCount: { min: 1 }, memoryMiB: { min: 512 } } });
    const path = ["mixed_instances_policy", "launch_template", "override", 0, "instance_requirements"];
    expect(at(group, ...path, "cpu_manufacturers")).toEqual(["intel", "amd"]);
  });

  it("bring the image of their architecture, and no lookup of types", () => {
    const { json } = made({ instanceRequirements });
    expect(at(json, "data", "aws_ssm_parameter", "image", "name")).toContain('true ? ["arm64"]');
    expect(at(json, "data", "aws_ec2_instance_type")).toBeUndefined();
    expect(at(json, "variable", "instance_types")).toBeUndefined();
    expect(resource(json, "aws_launch_template.launch_template").instance_type).toBeUndefined();
  });

  it("choose on-demand types by their price, since they have no order", () => {
    expect(made({ instanceRequirements }).distribution).toMatchObject({
      on_demand_allocation_strategy: "lowest-price",
    });
  });

  it("are what services are held against: the least that they ask for", () => {
    const stack = clusterStack({ instanceRequirements });
    new Ec2Service(stack, "web", { cluster: stack, image: "nginx:1", memoryLimitMiB: 5000 });
    const [guard] = at(resource(synthesized(stack), "aws_ecs_service.web"), "lifecycle", "precondition") as object[];
    expect(JSON.stringify(guard)).toContain('memory_size\\" = 4096');
  });
});

describe("bad settings of mixed instances", () => {
  const vCpuCount = { min: 2 };
  const memoryMiB = { min: 4096 };
  const instanceRequirements = { vCpuCount, memoryMiB };
  it.each<[object, readonly string[]]>([
    [
      { spot: true, instancesDistribution: { onDemandPercentageAboveBaseCapacity: 20 } },
      [
        "instancesDistribution.onDemandPercentageAboveBaseCapacity must be left out with spot, which is 0 percent on demand; received 20. Leave one of the two out.",
      ],
    ],
    [
      { instancesDistribution: { spotAllocationStrategy: "lowest-price" } },
      [
        'instancesDistribution.spotAllocationStrategy must come with Spot capacity; received "lowest-price" and 100 percent on demand. Set onDemandPercentageAboveBaseCapacity under 100 too.',
      ],
    ],
    [
      {
        spot: true,
        instanceRequirements,
        instancesDistribution: { spotAllocationStrategy: "capacity-optimized-prioritized" },
      },
      [
        'instancesDistribution.spotAllocationStrategy must not go by priority with instanceRequirements, which have no order; received "capacity-optimized-prioritized". Leave it out, or name the types.',
      ],
    ],
    [
      { instanceRequirements, instancesDistribution: { onDemandAllocationStrategy: "prioritized" } },
      [
        'instancesDistribution.onDemandAllocationStrategy must not go by priority with instanceRequirements, which have no order; received "prioritized". Leave it out, or name the types.',
      ],
    ],
    [
      { instancesDistribution: { onDemandBaseCapacity: 5001 } },
      [
        "instancesDistribution.onDemandBaseCapacity must be at most 5000; received 5001. Change it, or leave the setting out for its default.",
      ],
    ],
    [
      { instancesDistribution: { spotAllocationStrategy: "cheapest" } },
      [
        'instancesDistribution.spotAllocationStrategy must be one of "price-capacity-optimized", "capacity-optimized", "capacity-optimized-prioritized", "lowest-price"; received "cheapest". Known are price-capacity-optimized, capacity-optimized, capacity-optimized-prioritized, lowest-price.',
      ],
    ],
    [
      { instanceRequirements: { vCpuCount: { min: 4, max: 2 }, memoryMiB } },
      ['instanceRequirements.vCpuCount.max must be at least min; received {"max":2,"min":4}. Raise it, or lower min.'],
    ],
    [
      { instanceRequirements: { ...instanceRequirements, instanceGenerations: [] } },
      [
        "instanceRequirements.instanceGenerations must name one at least; received []. Leave it out for the current one.",
      ],
    ],
    [
      { instanceRequirements: { ...instanceRequirements, excludedInstanceTypes: ["M5", "m5.*"] } },
      [
        'instanceRequirements.excludedInstanceTypes must be types of at most 30 characters, with * for any text; received ["M5"]. For example "m5.*".',
      ],
    ],
    [
      {
        instanceRequirements: {
          ...instanceRequirements,
          excludedInstanceTypes: Array.from({ length: 401 }, (_, index) => `m${index}.*`),
        },
      },
      [
        "instanceRequirements.excludedInstanceTypes must be at most 400; received 401. Put * for what they have in common.",
      ],
    ],
    [
      { instanceRequirements, values: { instanceTypes: ["m5.large"] } },
      [
        'values.instanceTypes must be left out with instanceRequirements, which choose the types; received ["m5.large"]. Keep one of the two.',
      ],
    ],
    [
      { capacityProviders: { arm: { instanceRequirements, values: { instanceTypes: ["m5.large"] } } } },
      [
        'capacityProviders.arm.values.instanceTypes must be left out with instanceRequirements, which choose the types; received ["m5.large"]. Keep one of the two.',
      ],
    ],
    [
      { capacityProviders: { arm: { instancesDistribution: { spotAllocationStrategy: "lowest-price" } } } },
      [
        'capacityProviders.arm.instancesDistribution.spotAllocationStrategy must come with Spot capacity; received "lowest-price" and 100 percent on demand. Set onDemandPercentageAboveBaseCapacity under 100 too.',
      ],
    ],
  ])("say setting, rule, value received and fix: %j", (settings, expected) => {
    expect(mistakes(settings)).toEqual(expected);
  });
});
