import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingSchedule } from "@cdktf/provider-aws/lib/autoscaling-schedule";
import { EcsCapacityProvider } from "@cdktf/provider-aws/lib/ecs-capacity-provider";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import { Ec2Service, type EcsClusterSettings, type EcsClusterStack } from "../../src";
import { clusterStack } from "../support/cluster";
import { resourceCounts } from "../support/resource-counts";
import { at, resource } from "../support/synthesized";

Testing.setupJest();

const TWO: EcsClusterSettings = {
  agent: { logLevel: "warn" },
  capacityProviders: {
    x86: { values: { instanceTypes: ["m7i.large"], minSize: 2, maxSize: 4 } },
    arm: {
      spot: true,
      amiFamily: "bottlerocket",
      agent: { reservedMemoryMiB: 256 },
      targetCapacity: 90,
      terminationProtection: true,
      values: { instanceTypes: ["m7g.large"], minSize: 0, maxSize: 8, rootVolumeGib: 60 },
    },
  },
  defaultStrategy: [
    { capacityProvider: "x86", base: 2 },
    { capacityProvider: "arm", weight: 3 },
  ],
};

const synthesize = (settings: EcsClusterSettings): string => Testing.synth(clusterStack(settings), true);
/** Returns the JSON of a stack with services. */
const withServices = (settings: EcsClusterSettings, add: (stack: EcsClusterStack) => void): string => {
  const stack = clusterStack(settings);
  add(stack);
  return Testing.synth(stack, true);
};
const userData = (json: string, name = "launch_template"): string => JSON.parse(json).locals[`${name}_user_data`];

describe("several capacity providers", () => {
  const json = synthesize(TWO);

  it("have a group, a launch template, an AMI and a capacity provider each, and one association", () => {
    expect(resourceCounts(json)).toMatchObject({
      aws_autoscaling_group: 2,
      aws_launch_template: 2,
      aws_ecs_capacity_provider: 2,
      aws_ecs_cluster_capacity_providers: 1,
      "data.aws_ssm_parameter": 2,
    });
  });

  it("have their name in AWS after the cluster's, so that two clusters can have the same ones", () => {
    expect(json).toHaveResourceWithProperties(AutoscalingGroup, { name: "${var.name}-arm-instances" });
    expect(json).toHaveResourceWithProperties(EcsCapacityProvider, { name: "cp-${var.name}-arm" });
    expect(json).toHaveResourceWithProperties(LaunchTemplate, { name: "${var.name}-x86-instance" });
  });

  it("have their own variables, and none without a prefix", () => {
    const { variable } = JSON.parse(json);
    const defaults = ["x86_instance_types", "arm_instance_types", "arm_max_size", "arm_desired_size"].map(
      (name) => variable[name].default,
    );
    expect(defaults).toEqual([["m7i.large"], ["m7g.large"], 8, null]);
    expect(Object.keys(variable)).not.toEqual(expect.arrayContaining(["instance_types"]));
    expect(Object.keys(variable)).not.toEqual(expect.arrayContaining(["min_size"]));
  });

  it("use the stack's options of the agent and their own", () => {
    expect(userData(json, "x86_launch_template")).toContain("ECS_LOGLEVEL=warn");
    expect(userData(json, "x86_launch_template")).not.toContain("RESERVED_MEMORY");
    expect(userData(json, "arm_launch_template")).toMatch(/loglevel = "warn"[\s\S]*reserved-memory = 256/);
  });

  it("drain instances on a Spot interruption notice only where they buy Spot instances", () => {
    expect(userData(json, "arm_launch_template")).toContain("enable-spot-instance-draining = true");
    expect(userData(json, "x86_launch_template")).not.toContain("SPOT");
  });

  it("share one port range that every AMI family supports", () => {
    expect(userData(json, "x86_launch_template")).toContain("ECS_DYNAMIC_HOST_PORT_RANGE=32768-65535");
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, { from_port: 32_768, to_port: 65_535 });
  });

  it("have their own utilization and protection", () => {
    expect(json).toHaveResourceWithProperties(EcsCapacityProvider, {
      name: "cp-${var.name}-x86",
      auto_scaling_group_provider: expect.objectContaining({
        managed_scaling: { status: "ENABLED", target_capacity: 100 },
        managed_termination_protection: "DISABLED",
      }),
    });
    expect(json).toHaveResourceWithProperties(EcsCapacityProvider, {
      name: "cp-${var.name}-arm",
      auto_scaling_group_provider: expect.objectContaining({
        managed_scaling: { status: "ENABLED", target_capacity: 90 },
        managed_termination_protection: "ENABLED",
      }),
    });
  });

  it("are added to the cluster with the default strategy, at the address of a single one", () => {
    const [x86, arm] = ["x86", "arm"].map((name) => `\${aws_ecs_capacity_provider.${name}_capacity_provider.name}`);
    expect(json).toHaveResourceWithProperties(EcsClusterCapacityProviders, {
      capacity_providers: [x86, arm],
      default_capacity_provider_strategy: [
        { capacity_provider: x86, base: 2, weight: 1 },
        { capacity_provider: arm, base: 0, weight: 3 },
      ],
    });
    expect(Object.keys(JSON.parse(json).resource.aws_ecs_cluster_capacity_providers)).toEqual(["capacity_association"]);
  });

  it.each<[EcsClusterSettings, string | undefined]>([
    [TWO, "${sum([var.x86_max_size, var.arm_max_size]) <= 5000}"],
    [{ capacityProviders: { arm: {} } }, undefined],
    [{}, undefined],
  ])("are compared with the limit of a cluster only together: %#", (settings, condition) => {
    const [association] = Object.values(JSON.parse(synthesize(settings)).resource.aws_ecs_cluster_capacity_providers);
    expect(at(association, "lifecycle", "precondition", 0, "condition")).toBe(condition);
  });

  it("have their own outputs, and those without a prefix are those of main or of the first one", () => {
    const output = (from: string, name: string) => JSON.parse(from).output[name].value;
    expect(output(json, "arm_autoscaling_group_name")).toBe("${aws_autoscaling_group.arm_capacity.name}");
    expect(output(json, "autoscaling_group_name")).toBe("${aws_autoscaling_group.x86_capacity.name}");
    expect(output(json, "x86_launch_template_id")).toBe("${aws_launch_template.x86_launch_template.id}");
    expect(output(json, "arm_ami_id")).toBe("${data.aws_ssm_parameter.arm_image.insecure_value}");
    expect(output(json, "arm_agent_log_command")).toContain("sheltie");
    expect(output(json, "arm_capacity_provider_name")).toContain("capacity_association.capacity_providers : name");
    const withMain = synthesize({ capacityProviders: { arm: {}, main: {} } });
    expect(output(withMain, "autoscaling_group_name")).toBe("${aws_autoscaling_group.capacity.name}");
    expect(output(withMain, "arm_autoscaling_group_name")).toBe("${aws_autoscaling_group.arm_capacity.name}");
  });

  it("are counted together by the check that instances registered, and by the alarm", () => {
    expect(JSON.stringify(JSON.parse(json).check)).toContain("sum([var.x86_min_size, var.arm_min_size])");
    const alarms = JSON.parse(synthesize({ ...TWO, alarms: true }));
    const { metric_query: queries } = resource(
      alarms,
      "aws_cloudwatch_metric_alarm.alarms_unregistered_instances",
    ) as unknown as { metric_query: { expression?: string }[] };
    expect(queries.flatMap(({ expression }) => expression ?? [])).toEqual([
      expect.stringContaining("running + running_2"),
    ]);
    expect(JSON.stringify(queries)).toContain("${aws_autoscaling_group.arm_capacity.name}");
  });

  it("do not change the addresses and variables of main", () => {
    const addresses = (settings: EcsClusterSettings) => {
      const { resource: resources, variable } = JSON.parse(synthesize(settings));
      return Object.entries({ ...resources, variable }).flatMap(([type, named]) =>
        Object.keys(named as object).map((name) => `${type}.${name}`),
      );
    };
    expect(addresses({ capacityProviders: { main: {} } })).toEqual(addresses({}));
    expect(addresses({ capacityProviders: { main: {}, gpu: {} } })).toEqual(expect.arrayContaining(addresses({})));
  });

  it("have their own schedules and placement groups", () => {
    const night = { recurrence: "0 20 * * *", minSize: 0 };
    const several = synthesize({
      placementGroup: "partition",
      capacityProviders: { main: {}, arm: { schedules: { night }, partitionCount: 3 } },
    });
    expect(resourceCounts(several)).toMatchObject({ aws_autoscaling_schedule: 1, aws_placement_group: 2 });
    expect(several).toHaveResourceWithProperties(AutoscalingSchedule, {
      autoscaling_group_name: "${aws_autoscaling_group.arm_capacity.name}",
    });
    expect(Object.values(JSON.parse(several).resource.aws_placement_group).map((one) => at(one, "name"))).toEqual([
      "${var.name}-arm-instances-partition-3",
      "${var.name}-instances-partition-2",
    ]);
  });

  it("run the tasks of a service by the default strategy, or those that the service names", () => {
    const services = withServices(TWO, (stack) => {
      const { capacityProviderName } = stack.capacityProviders.arm as { capacityProviderName: string };
      new Ec2Service(stack, "spread", { cluster: stack, image: "nginx:1" });
      new Ec2Service(stack, "pinned", {
        cluster: stack,
        image: "nginx:1",
        capacityProviderStrategies: [{ capacityProvider: capacityProviderName }],
      });
    });
    const service = (name: string) => resource(JSON.parse(services), `aws_ecs_service.${name}`);
    const strategy = (name: string) => service(name).capacity_provider_strategy as { weight: number }[];
    expect(strategy("spread").map(({ weight }) => weight)).toEqual([1, 3]);
    expect(strategy("pinned")).toHaveLength(1);
    const guards = (name: string) => JSON.stringify(at(service(name), "lifecycle", "precondition") ?? []);
    expect(guards("spread")).toContain("merge([data.aws_ec2_instance_type.x86_instance_types");
    expect(guards("pinned")).toContain(
      "in data.aws_ec2_instance_type.arm_instance_types : floor(type.memory_size * 0.92) - 256",
    );
    expect(guards("pinned")).not.toContain("x86_instance_types");
  });
});

describe("the instances of a capacity", () => {
  it.each<[EcsClusterSettings, boolean]>([
    [{}, false],
    [{ spot: true }, true],
    [{ instancesDistribution: { onDemandPercentageAboveBaseCapacity: 99 } }, true],
    [{ instancesDistribution: { onDemandPercentageAboveBaseCapacity: 100 } }, false],
  ])("drain on an interruption notice if any can be a Spot instance: %j", (settings, drains) => {
    expect(userData(synthesize(settings)).includes("ECS_ENABLE_SPOT_INSTANCE_DRAINING=true")).toBe(drains);
  });

  it.each(["amazon-linux-2023", "bottlerocket"] as const)(
    "do not join the cluster from a warm pool with %s",
    (amiFamily) => {
      const check = /ECS_WARM_POOLS_CHECK=true|should-wait = true/;
      expect(userData(synthesize({ amiFamily, warmPool: {} }))).toMatch(check);
      expect(userData(synthesize({ amiFamily }))).not.toMatch(check);
    },
  );

  it("have a variable that allows one type with a warm pool", () => {
    const { validation } = JSON.parse(synthesize({ warmPool: {} })).variable.instance_types;
    expect(validation).toContainEqual({
      condition: "${length(var.instance_types) <= 1}",
      error_message:
        "instance_types must have a single instance type with warmPool; received ${jsonencode(var.instance_types)}. Keep the preferred type, or remove warmPool.",
    });
  });
});

describe("instance requirements", () => {
  const instanceRequirements = { vCpuCount: { min: 2 }, memoryMiB: { min: 4096 }, architecture: "arm64" } as const;

  it("select the AMI of their architecture, and look up no types", () => {
    const json = JSON.parse(synthesize({ instanceRequirements }));
    expect(json.data.aws_ssm_parameter.image.name).toContain('true ? ["arm64"]');
    expect(json.data.aws_ec2_instance_type).toBeUndefined();
    expect(json.variable.instance_types).toBeUndefined();
    expect(json.resource.aws_launch_template.launch_template.instance_type).toBeUndefined();
  });

  it("are compared with what a service needs by their minimum", () => {
    const json = withServices({ instanceRequirements }, (stack) => {
      new Ec2Service(stack, "web", { cluster: stack, image: "nginx:1", memoryLimitMiB: 5000 });
    });
    const service = resource(JSON.parse(json), "aws_ecs_service.web");
    expect(JSON.stringify(at(service, "lifecycle", "precondition", 0))).toContain('memory_size\\" = 4096');
  });
});
