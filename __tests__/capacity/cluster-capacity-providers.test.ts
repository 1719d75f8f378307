import {
  AsgCapacityProvider,
  ClusterCapacityProviders,
  type DefaultStrategyItem,
  Ec2Service,
  type EcsClusterSettings,
} from "../../src";
import { clusterStack } from "../support/cluster";
import { Parts } from "../support/parts";
import { at, count, emptyStack, mistakesOf, resolved, resource, synthesized } from "../support/synthesized";

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
const mistakes = (settings: unknown) => mistakesOf(() => clusterStack(settings as EcsClusterSettings));

describe("several capacity providers", () => {
  const json = synthesized(clusterStack(TWO));

  it("have a group, a template, an image, types and a provider each, and one association", () => {
    for (const type of ["aws_autoscaling_group", "aws_launch_template", "aws_ecs_capacity_provider"]) {
      expect([type, count(json, type)]).toEqual([type, 2]);
    }
    expect(count(json, "aws_ecs_cluster_capacity_providers")).toBe(1);
    expect(Object.keys(at(json, "data", "aws_ssm_parameter") as object).sort()).toEqual(["arm_image", "x86_image"]);
  });

  it("are held against what a cluster takes together, and one alone by its own variable", () => {
    const limit = (settings: EcsClusterSettings) => {
      const { aws_ecs_cluster_capacity_providers: made } = synthesized(clusterStack(settings)).resource as {
        aws_ecs_cluster_capacity_providers: Record<string, unknown>;
      };
      return at(Object.values(made)[0], "lifecycle", "precondition", 0, "condition");
    };
    expect(limit(TWO)).toBe("${sum([var.x86_max_size, var.arm_max_size]) <= 5000}");
    expect(limit({ capacityProviders: { arm: {} } })).toBeUndefined();
    expect(limit({})).toBeUndefined();
  });

  it("carry their name in AWS, so that two clusters of an account can have the same ones", () => {
    expect(at(resource(json, "aws_autoscaling_group.arm_capacity"), "name")).toBe("${var.name}-arm-instances");
    expect(at(resource(json, "aws_ecs_capacity_provider.arm_capacity_provider"), "name")).toBe("cp-${var.name}-arm");
    expect(at(resource(json, "aws_launch_template.x86_launch_template"), "name")).toBe("${var.name}-x86-instance");
  });

  it("have variables of their own, with their name before, and values of their own as defaults", () => {
    const variables = json.variable as Record<string, { default: unknown; description: string }>;
    const of = (name: string) => variables[name]?.default;
    expect(["x86_instance_types", "arm_instance_types"].map(of)).toEqual([["m7i.large"], ["m7g.large"]]);
    expect(["x86_min_size", "arm_min_size", "arm_max_size", "arm_desired_size"].map(of)).toEqual([2, 0, 8, null]);
    expect(["arm_root_volume_gib", "x86_root_volume_gib", "arm_ami_version"].map(of)).toEqual([60, 30, "recommended"]);
    expect(variables.arm_min_size?.description).toBe(
      "The fewest instances that the group keeps. Of the capacity provider arm.",
    );
    expect(["instance_types", "min_size", "ami_version"].filter((name) => name in variables)).toEqual([]);
  });

  it("hold their variables against each other, not against another provider's", () => {
    expect(JSON.stringify(at(json, "variable", "arm_max_size", "validation"))).toContain(
      "arm_max_size must be at least arm_min_size",
    );
  });

  it("take what they leave out from the stack's settings, and add to its agent options", () => {
    const userData = (name: string) => String(at(json, "locals", `${name}_launch_template_user_data`));
    expect(userData("x86")).toContain("ECS_LOGLEVEL=warn");
    expect(userData("x86")).not.toContain("RESERVED_MEMORY");
    expect(userData("arm")).toMatch(/loglevel = "warn"[\s\S]*reserved-memory = 256/);
  });

  it("drain on a Spot notice where they buy Spot, and there alone", () => {
    const userData = (name: string) => String(at(json, "locals", `${name}_launch_template_user_data`));
    expect(userData("arm")).toContain("enable-spot-instance-draining = true");
    expect(userData("x86")).not.toContain("SPOT");
  });

  it("share one port range, which every family among them can have", () => {
    expect(String(at(json, "locals", "x86_launch_template_user_data"))).toContain(
      "ECS_DYNAMIC_HOST_PORT_RANGE=32768-65535",
    );
    const rule = resource(json, "aws_vpc_security_group_ingress_rule.port_rules_instances_from_load_balancer");
    expect([rule.from_port, rule.to_port]).toEqual([32768, 65535]);
  });

  it("have a target and a protection each", () => {
    const of = (name: string, key: string) =>
      at(resource(json, `aws_ecs_capacity_provider.${name}_capacity_provider`), "auto_scaling_group_provider", key);
    expect([of("x86", "managed_scaling"), of("arm", "managed_scaling")]).toEqual([
      { status: "ENABLED", target_capacity: 100 },
      { status: "ENABLED", target_capacity: 90 },
    ]);
    expect([of("x86", "managed_termination_protection"), of("arm", "managed_termination_protection")]).toEqual([
      "DISABLED",
      "ENABLED",
    ]);
  });

  it("are all the cluster's, with the strategy's base and weights, at the address that one has", () => {
    expect(resource(json, "aws_ecs_cluster_capacity_providers.capacity_association")).toMatchObject({
      capacity_providers: [
        "${aws_ecs_capacity_provider.x86_capacity_provider.name}",
        "${aws_ecs_capacity_provider.arm_capacity_provider.name}",
      ],
      default_capacity_provider_strategy: [
        { capacity_provider: "${aws_ecs_capacity_provider.x86_capacity_provider.name}", base: 2, weight: 1 },
        { capacity_provider: "${aws_ecs_capacity_provider.arm_capacity_provider.name}", base: 0, weight: 3 },
      ],
    });
  });

  it("are used with equal weight where no strategy is given", () => {
    const { capacityProviders } = TWO;
    const { default_capacity_provider_strategy: strategy } = resource(
      synthesized(clusterStack({ capacityProviders })),
      "aws_ecs_cluster_capacity_providers.capacity_association",
    );
    expect((strategy as { weight: number; base: number }[]).map(({ weight, base }) => [weight, base])).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  it("have outputs each; those without a prefix are the first one's, or those of main wherever it stands", () => {
    const output = (name: string) => at(json, "output", name, "value");
    expect(output("arm_autoscaling_group_name")).toBe("${aws_autoscaling_group.arm_capacity.name}");
    expect(output("autoscaling_group_name")).toBe("${aws_autoscaling_group.x86_capacity.name}");
    expect(output("x86_launch_template_id")).toBe("${aws_launch_template.x86_launch_template.id}");
    expect(output("arm_ami_id")).toBe("${data.aws_ssm_parameter.arm_image.insecure_value}");
    expect(output("arm_agent_log_command")).toContain("sheltie");
    expect(output("arm_capacity_provider_name")).toContain("capacity_association.capacity_providers : name");
    const withMain = synthesized(
      clusterStack({ capacityProviders: { arm: TWO.capacityProviders?.arm ?? {}, main: {} } }),
    );
    expect(at(withMain, "output", "autoscaling_group_name", "value")).toBe("${aws_autoscaling_group.capacity.name}");
    expect(at(withMain, "output", "arm_autoscaling_group_name", "value")).toBe(
      "${aws_autoscaling_group.arm_capacity.name}",
    );
  });

  it("are counted together by the check that instances joined", () => {
    expect(JSON.stringify(at(json, "check"))).toContain("sum([var.x86_min_size, var.arm_min_size])");
  });

  it("are counted together by the alarm on instances that never joined", () => {
    const alarms = synthesized(clusterStack({ ...TWO, alarms: true }));
    const queries = resource(alarms, "aws_cloudwatch_metric_alarm.alarms_unregistered_instances").metric_query;
    const expressions = (queries as { expression?: string }[]).flatMap(({ expression }) => expression ?? []);
    expect(expressions).toEqual([expect.stringContaining("running + running_2")]);
    expect(JSON.stringify(queries)).toContain("${aws_autoscaling_group.arm_capacity.name}");
  });

  it("leave main as it is without them: same addresses, same variables", () => {
    const addresses = (settings: EcsClusterSettings) => {
      const { resource: resources, variable } = synthesized(clusterStack(settings)) as never as Record<string, object>;
      return Object.entries({ ...resources, variable }).flatMap(([type, block]) =>
        Object.keys(block as object).map((name) => `${type}.${name}`),
      );
    };
    expect(addresses({ capacityProviders: { main: {} } })).toEqual(addresses({}));
    const added = addresses({ capacityProviders: { main: {}, gpu: {} } });
    expect(addresses({}).filter((address) => !added.includes(address))).toEqual([]);
  });

  it("are where a service runs that names none, by the cluster's strategy, and where it names one, there", () => {
    const stack = clusterStack(TWO);
    const image = "nginx:1";
    new Ec2Service(stack, "spread", { cluster: stack, image });
    const { capacityProviderName } = stack.capacityProviders.arm as { capacityProviderName: string };
    const capacityProviderStrategies = [{ capacityProvider: capacityProviderName }];
    new Ec2Service(stack, "pinned", { cluster: stack, image, capacityProviderStrategies });
    const services = synthesized(stack);
    const strategy = (name: string) =>
      at(resource(services, `aws_ecs_service.${name}`), "capacity_provider_strategy") as { weight: number }[];
    expect(strategy("spread").map(({ weight }) => weight)).toEqual([1, 3]);
    expect(strategy("pinned")).toHaveLength(1);
    const guards = (name: string) =>
      JSON.stringify(at(resource(services, `aws_ecs_service.${name}`), "lifecycle", "precondition") ?? []);
    expect(guards("spread")).toContain("merge([data.aws_ec2_instance_type.x86_instance_types");
    expect(guards("pinned")).toContain(
      "in data.aws_ec2_instance_type.arm_instance_types : floor(type.memory_size * 0.92) - 256",
    );
    expect(guards("pinned")).not.toContain("x86_instance_types");
  });
});

describe("ClusterCapacityProviders", () => {
  const two = () => {
    const stack = emptyStack();
    const parts = new Parts(stack, { capacity: { association: false } });
    const { cluster, launchTemplate, capacity } = parts;
    const other = new AsgCapacityProvider(stack, "other", { cluster, launchTemplate, name: "two", association: false });
    return { stack, cluster, capacityProviders: { one: capacity, two: other } };
  };

  it("joins groups that made no association themselves", () => {
    const { stack, cluster, capacityProviders } = two();
    const { capacities, defaultStrategy } = new ClusterCapacityProviders(stack, "all", { cluster, capacityProviders });
    const json = synthesized(stack);
    expect(count(json, "aws_ecs_cluster_capacity_providers")).toBe(1);
    expect(defaultStrategy.map(({ base, weight }) => [base, weight])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(resolved(stack, capacities.two?.capacityProviderName)).toBe(
      "${one([for name in aws_ecs_cluster_capacity_providers.all.capacity_providers : name if name == aws_ecs_capacity_provider.other_provider.name])}",
    );
  });

  it("refuses a strategy over others", () => {
    const { stack, cluster, capacityProviders } = two();
    const defaultStrategy: DefaultStrategyItem[] = [{ capacityProvider: "tow" }];
    expect(
      mistakesOf(() => new ClusterCapacityProviders(stack, "all", { cluster, capacityProviders, defaultStrategy })),
    ).toEqual([
      'defaultStrategy.0.capacityProvider must be a name in capacityProviders; received "tow". Did you mean two?',
    ]);
  });
});

describe("bad capacity providers", () => {
  const some = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, {}]));
  const strategy = (...parts: readonly object[]) => ({
    capacityProviders: some(["arm", "x86"]),
    defaultStrategy: parts,
  });

  it.each<[object, readonly string[]]>([
    [
      { capacityProviders: { "Arm-64": {} } },
      [
        'capacityProviders must be named with 1 to 16 lower-case letters and digits, a letter first; received "Arm-64". The name is part of variables, addresses and names in AWS: for example arm.',
      ],
    ],
    [
      { capacityProviders: {} },
      [
        "capacityProviders must be 1 to 20, which is what a cluster takes; received 0. Leave the setting out for a single one.",
      ],
    ],
    [
      { capacityProviders: { main: { values: { minSize: 2 } } } },
      [
        'capacityProviders.main.values must be left out; received {"minSize":2}. The variables of main have no prefix: write them in the stack\'s own values.',
      ],
    ],
    [
      { capacityProviders: { arm: { sopt: true } } },
      ["capacityProviders.arm.sopt must be a setting that there is; received true. Did you mean spot?"],
    ],
    [
      { capacityProviders: { arm: { targetCapacity: 101 } } },
      [
        "capacityProviders.arm.targetCapacity must be at most 100; received 101. Change it, or leave the setting out for its default.",
      ],
    ],
    [
      { capacityProviders: { arm: { values: { minSise: 1 } } } },
      [
        "capacityProviders.arm.values.minSise must be a variable that a capacity provider has; received 1. Did you mean minSize?",
      ],
    ],
    [
      { capacityProviders: { arm: { values: { minSize: 3 } } } },
      [
        'capacityProviders.arm.values.maxSize: arm_max_size must be at least arm_min_size; received {"arm_max_size":2,"arm_min_size":3}. Raise it, or lower arm_min_size.',
      ],
    ],
    [
      { capacityProviders: { arm: {} }, values: { minSize: 1 } },
      [
        "values.minSize must come with a capacity provider named main; received 1. Write it in capacityProviders.arm.values.minSize.",
      ],
    ],
    [
      { capacityProviders: { arm: { agent: { variables: { ECS_CLUSTER: "x" } } } } },
      [
        'capacityProviders.arm.agent.variables.ECS_CLUSTER is set by this library; received "x". Use the setting of the same purpose instead.',
      ],
    ],
    [
      { capacityProviders: { arm: { amiFamily: "bottlerocket", extraUserData: ["x"] } } },
      [
        "capacityProviders.arm.extraUserData must be empty with bottlerocket, which runs no shell; received 1 line. Choose amazon-linux-2023, or a Bottlerocket bootstrap container.",
      ],
    ],
    [
      { capacityProviders: { arm: { amiFamily: "bottlerocket" }, x86: {} }, portRange: { from: 31000, to: 61000 } },
      [
        "portRange must be 32768-65535 with bottlerocket, which can't set the agent's host ports; received 31000-61000. Leave the setting out, or choose amazon-linux-2023.",
      ],
    ],
    [
      strategy({ capacityProvider: "amr" }),
      ['defaultStrategy.0.capacityProvider must be a name in capacityProviders; received "amr". Did you mean arm?'],
    ],
    [
      strategy({ capacityProvider: "arm" }, { capacityProvider: "arm" }),
      ['defaultStrategy.1.capacityProvider must be there once; received "arm" again. Add the weights up in one part.'],
    ],
    [
      strategy({ capacityProvider: "arm", base: 1 }, { capacityProvider: "x86", base: 2 }),
      [
        'defaultStrategy must have one base at most, since ECS fills one provider first; received {"arm":1,"x86":2}. Keep the base of the provider whose instances stay.',
      ],
    ],
    [
      strategy({ capacityProvider: "arm", weight: 0, base: 1 }, { capacityProvider: "x86", weight: 0 }),
      [
        "defaultStrategy must have a weight over 0, or ECS starts no task beyond the base; received [0,0]. Give 1 to the provider that is to take the rest.",
      ],
    ],
    [
      strategy(),
      [
        "defaultStrategy must hold 1 to 20 capacity providers, which is ECS's limit; received 0. Name those that services use by default; a service can name others itself.",
      ],
    ],
    [
      strategy({ capacityProvider: "arm", weight: 1001 }),
      [
        "defaultStrategy.0.weight must be at most 1000; received 1001. Change it, or leave the setting out for its default.",
      ],
    ],
  ])("say setting, rule, value received and fix: %j", (settings, expected) => {
    expect(mistakes(settings)).toEqual(expected);
  });

  it("are 21 and more", () => {
    const capacityProviders = some(Array.from({ length: 21 }, (_, index) => `p${index}`));
    expect(mistakes({ capacityProviders })[1]).toBe(
      "defaultStrategy must hold 1 to 20 capacity providers, which is ECS's limit; received 21. Name those that services use by default; a service can name others itself.",
    );
    expect(mistakes({ capacityProviders, defaultStrategy: [{ capacityProvider: "p0" }] })).toEqual([
      "capacityProviders must be 1 to 20, which is what a cluster takes; received 21. Leave the setting out for a single one.",
    ]);
  });

  it("inherit a mistake of the stack once", () => {
    expect(mistakes({ capacityProviders: some(["a", "b"]), agent: { variables: { ECS_CLUSTER: "x" } } })).toHaveLength(
      1,
    );
  });
});
