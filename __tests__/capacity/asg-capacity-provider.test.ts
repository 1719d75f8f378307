import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { EcsCapacityProvider } from "@cdktf/provider-aws/lib/ecs-capacity-provider";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { TerraformOutput, Testing } from "cdktf";
import { type AsgCapacityProviderProps, DefaultVpc, hcl, InstanceRequirements } from "../../src";
import { groupJson } from "../support/group";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack } from "../support/synthesized";

Testing.setupJest();

/** Returns the properties of a group with a part of its launch template. */
const groupWith = (part: object) => ({
  mixed_instances_policy: expect.objectContaining({ launch_template: expect.objectContaining(part) }),
});

describe("the Auto Scaling group", () => {
  it("has a fixed name and 1 to 2 instances, and starts with the fewest", () => {
    const json = groupJson();
    expect(json).toHaveResourceWithProperties(AutoscalingGroup, {
      name: "prod-instances",
      min_size: 1,
      max_size: 2,
      health_check_type: "EC2",
      protect_from_scale_in: false,
    });
    for (const property of ["name_prefix", "desired_capacity"]) {
      expect(json).not.toHaveResourceWithProperties(AutoscalingGroup, { [property]: expect.anything() });
    }
  });

  it("has the given sizes, and leaves the desired size to managed scaling afterwards", () => {
    expect(groupJson({ minSize: 2, maxSize: 6, desiredSize: 3 })).toHaveResourceWithProperties(AutoscalingGroup, {
      min_size: 2,
      max_size: 6,
      desired_capacity: 3,
      lifecycle: expect.objectContaining({ ignore_changes: ["desired_capacity", "initial_lifecycle_hook"] }),
    });
  });

  it("renders the policies of the group, and creates no further resource for them", () => {
    const settings: Partial<AsgCapacityProviderProps> = {
      instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 110 },
      defaultInstanceWarmupSeconds: 120,
      terminationPolicies: ["OldestLaunchTemplate", "Default"],
      suspendedProcesses: ["AZRebalance"],
      capacityDistributionStrategy: "balanced-only",
      capacityReservationSpecification: {
        capacityReservationPreference: "capacity-reservations-first",
        capacityReservationIds: ["cr-0123456789abcdef0"],
        capacityReservationResourceGroupArns: ["arn:aws:resource-groups:eu-west-1:111122223333:group/reserved"],
      },
    };
    expect(groupJson(settings)).toHaveResourceWithProperties(AutoscalingGroup, {
      instance_maintenance_policy: { min_healthy_percentage: 100, max_healthy_percentage: 110 },
      default_instance_warmup: 120,
      termination_policies: ["OldestLaunchTemplate", "Default"],
      suspended_processes: ["AZRebalance"],
      availability_zone_distribution: { capacity_distribution_strategy: "balanced-only" },
      capacity_reservation_specification: {
        capacity_reservation_preference: "capacity-reservations-first",
        capacity_reservation_target: {
          capacity_reservation_ids: ["cr-0123456789abcdef0"],
          capacity_reservation_resource_group_arns: ["arn:aws:resource-groups:eu-west-1:111122223333:group/reserved"],
        },
      },
    });
    expect(resourceCounts(groupJson(settings))).toEqual(resourceCounts(groupJson()));
    const policies = ["instance_maintenance_policy", "default_instance_warmup", "termination_policies"];
    for (const property of [...policies, "suspended_processes", "capacity_reservation_specification"]) {
      expect(groupJson()).not.toHaveResourceWithProperties(AutoscalingGroup, { [property]: expect.anything() });
    }
  });

  it("uses open reservations that match without a target", () => {
    const capacityReservationSpecification = { capacityReservationPreference: "none" } as const;
    expect(groupJson({ capacityReservationSpecification })).toHaveResourceWithProperties(AutoscalingGroup, {
      capacity_reservation_specification: { capacity_reservation_preference: "none" },
    });
  });

  it("accepts sizes that only Terraform knows", () => {
    const sizes = { minSize: hcl`var.min`.number, maxSize: hcl`var.max`.number, desiredSize: hcl`var.desired`.number };
    expect(groupJson(sizes)).toHaveResourceWithProperties(AutoscalingGroup, {
      min_size: "${var.min}",
      max_size: "${var.max}",
      desired_capacity: "${var.desired}",
    });
  });

  it("runs in the subnets of the zones that offer the types, and fails at plan without one", () => {
    const stack = emptyStack();
    const parts = new Parts(stack);
    void parts.capacity;
    new TerraformOutput(stack, "subnets", { value: parts.instanceTypes.subnetIds });
    const json = Testing.synth(stack, true);
    expect(json).toHaveResourceWithProperties(AutoscalingGroup, {
      vpc_zone_identifier: JSON.parse(json).output.subnets.value,
      lifecycle: expect.objectContaining({
        precondition: [
          expect.objectContaining({ error_message: expect.stringMatching(/^No subnet is in a zone that offers/) }),
        ],
      }),
    });
  });

  it("overrides the launch template with every type, in the order of preference", () => {
    const override = {
      for_each: '${["t3.small", "t3.large"]}',
      content: { instance_type: "${override.value}" },
    };
    expect(groupJson()).toHaveResourceWithProperties(AutoscalingGroup, groupWith({ dynamic: { override } }));
  });

  it("uses the latest version of the launch template by its number, which starts an instance refresh", () => {
    const specification = {
      launch_template_id: "${aws_launch_template.template.id}",
      version: "${tostring(aws_launch_template.template.latest_version)}",
    };
    expect(groupJson()).toHaveResourceWithProperties(
      AutoscalingGroup,
      groupWith({ launch_template_specification: specification }),
    );
  });

  it("overrides the launch template with instance requirements, and chooses types by price", () => {
    const stack = emptyStack();
    const instanceTypes = new InstanceRequirements(
      {
        vCpuCount: { min: 2, max: 8 },
        memoryMiB: { min: 4096 },
        architecture: "arm64",
        excludedInstanceTypes: ["m6*"],
      },
      new DefaultVpc(stack, "other_vpc", { region: "eu-west-1" }),
    );
    void new Parts(stack, { image: { instanceTypes }, template: { instanceTypes } }).capacity;
    const requirements = {
      accelerator_count: { max: 0 },
      bare_metal: "excluded",
      burstable_performance: "excluded",
      cpu_manufacturers: ["amazon-web-services"],
      excluded_instance_types: ["m6*"],
      instance_generations: ["current"],
      memory_mib: { min: 4096 },
      vcpu_count: { max: 8, min: 2 },
    };
    expect(Testing.synth(stack, true)).toHaveResourceWithProperties(AutoscalingGroup, {
      mixed_instances_policy: {
        // Without the dynamic block of a list of types.
        launch_template: {
          launch_template_specification: expect.anything(),
          override: [{ instance_requirements: requirements }],
        },
        instances_distribution: expect.objectContaining({ on_demand_allocation_strategy: "lowest-price" }),
      },
    });
  });

  it("declares AmazonECSManaged, which ECS sets, and passes only that tag on to instances", () => {
    const tag = {
      for_each:
        '${merge({ "team" = "web" }, { "Name" = "prod-instances", "Purpose" = "The container instances of the ECS cluster", "AmazonECSManaged" = "true" })}',
      content: {
        key: "${tag.key}",
        value: "${tag.value}",
        propagate_at_launch: '${tag.key == "AmazonECSManaged"}',
      },
    };
    expect(groupJson({ tags: { team: "web" } })).toHaveResourceWithProperties(AutoscalingGroup, { dynamic: { tag } });
  });

  it("publishes its sizes with groupMetrics", () => {
    expect(groupJson({ groupMetrics: true })).toHaveResourceWithProperties(AutoscalingGroup, {
      enabled_metrics: ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize"],
    });
    expect(groupJson()).not.toContain("enabled_metrics");
  });

  it("replaces old instances after a lifetime in days, which AWS expects in seconds", () => {
    expect(groupJson({ maxInstanceLifetimeDays: 30 })).toHaveResourceWithProperties(AutoscalingGroup, {
      max_instance_lifetime: 2_592_000,
    });
    expect(groupJson()).not.toContain("max_instance_lifetime");
  });

  it("is deleted before the policies of the role, so that its instances can drain and deregister", () => {
    expect(groupJson()).toHaveResourceWithProperties(AutoscalingGroup, {
      depends_on: ["aws_iam_role_policy_attachment.role_ecs", "aws_iam_role_policy_attachment.role_session_manager"],
    });
  });

  it.each([false, true])(
    "is deleted with its instances on destroy with terminationProtection %p",
    (terminationProtection) => {
      expect(groupJson({ terminationProtection })).toHaveResourceWithProperties(AutoscalingGroup, {
        force_delete: true,
      });
    },
  );
});

describe("the capacity provider", () => {
  it("has managed scaling and managed draining, and no termination protection", () => {
    expect(groupJson()).toHaveResourceWithProperties(EcsCapacityProvider, {
      name: "cp-prod",
      auto_scaling_group_provider: {
        auto_scaling_group_arn: "${aws_autoscaling_group.capacity.arn}",
        managed_scaling: { status: "ENABLED", target_capacity: 100 },
        managed_draining: "ENABLED",
        managed_termination_protection: "DISABLED",
      },
      lifecycle: { create_before_destroy: true },
    });
  });

  it("sets everything that termination protection needs", () => {
    const json = groupJson({ terminationProtection: true });
    expect(json).toHaveResourceWithProperties(EcsCapacityProvider, {
      auto_scaling_group_provider: expect.objectContaining({ managed_termination_protection: "ENABLED" }),
    });
    expect(json).toHaveResourceWithProperties(AutoscalingGroup, {
      protect_from_scale_in: true,
      instance_refresh: expect.objectContaining({
        preferences: expect.objectContaining({ scale_in_protected_instances: "Refresh" }),
      }),
    });
  });

  it("has the given name and utilization", () => {
    const json = groupJson({ capacityProviderName: "prod-web", targetCapacity: 80 });
    expect(json).toHaveResourceWithProperties(EcsCapacityProvider, {
      name: "prod-web",
      auto_scaling_group_provider: expect.objectContaining({
        managed_scaling: { status: "ENABLED", target_capacity: 80 },
      }),
    });
  });

  it("is the only one of the cluster, and its default", () => {
    const json = groupJson();
    const name = "${aws_ecs_capacity_provider.capacity_provider.name}";
    expect(json).toHaveResourceWithProperties(EcsClusterCapacityProviders, {
      cluster_name: "${aws_ecs_cluster.cluster.name}",
      capacity_providers: [name],
      default_capacity_provider_strategy: [{ capacity_provider: name, weight: 1 }],
    });
    expect(resourceCounts(json).aws_ecs_cluster_capacity_providers).toBe(1);
  });

  it("is not added to the cluster with association false", () => {
    expect(resourceCounts(groupJson({ association: false })).aws_ecs_cluster_capacity_providers).toBeUndefined();
  });

  it.each<[Partial<AsgCapacityProviderProps>, string]>([
    [{}, "${one(aws_ecs_cluster_capacity_providers.capacity_association.capacity_providers)}"],
    [{ association: false }, "${aws_ecs_capacity_provider.capacity_provider.name}"],
  ])("gives services its name, from the association if it has one: %j", (props, name) => {
    const stack = emptyStack();
    const { capacity } = new Parts(stack, { capacity: props });
    new TerraformOutput(stack, "name", { value: capacity.capacityProviderName });
    expect(JSON.parse(Testing.synth(stack, true)).output.name.value).toBe(name);
  });
});

describe("AsgCapacityProvider", () => {
  it.each(["aws-x", "ecs", "fargate", "AWS", "Ecs-1", "FarGate"])("rejects a name that ECS reserves: %s", (name) => {
    expect(problemsOf(() => groupJson({ capacityProviderName: name }))).toEqual([
      `capacityProviderName must not start with aws, ecs or fargate; received "${name}". ECS reserves these prefixes. Put cp- before the name.`,
    ]);
  });

  it.each<[string, object, readonly string[]]>([
    [
      "a name with spaces",
      { capacityProviderName: "my provider" },
      [
        'capacityProviderName must have 1 to 255 letters, digits, hyphens and underscores; received "my provider". Use the name of a capacity provider.',
      ],
    ],
    ...[0, 101, 99.5].map((targetCapacity): [string, object, string[]] => [
      `a utilization of ${targetCapacity} percent`,
      { targetCapacity },
      [`targetCapacity must be a whole number from 1 to 100 (percent); received ${targetCapacity}. For example 100.`],
    ]),
    [
      "a lifetime of more than a year",
      { maxInstanceLifetimeDays: 366 },
      ["maxInstanceLifetimeDays must be a whole number from 1 to 365 (days); received 366. For example 30."],
    ],
    [
      "sizes that no group can have",
      { minSize: -1, maxSize: 5001, desiredSize: 1.5 },
      [
        "minSize must be a whole number from 0 to 5000 (instances); received -1. For example 2.",
        "maxSize must be a whole number from 1 to 5000 (instances); received 5001. A group needs at least one instance to run a task.",
        "desiredSize must be a whole number from 0 to 5000 (instances); received 1.5. For example 2.",
      ],
    ],
    [
      "a smallest size above the default largest size",
      { minSize: 3 },
      ["maxSize must be at least minSize, which is 3; received the default, 2. Raise it, or lower minSize."],
    ],
    [
      "a desired size below the smallest",
      { minSize: 2, maxSize: 4, desiredSize: 1 },
      ["desiredSize must be at least minSize, which is 2; received 1. Raise it, or lower minSize."],
    ],
    [
      "a desired size above the largest",
      { minSize: 2, maxSize: 4, desiredSize: 5 },
      ["desiredSize must be at most maxSize, which is 4; received 5. Lower it, or raise maxSize."],
    ],
    [
      "a token where the code decides which resources exist",
      { association: hcl`var.association` },
      ["association must be known when the code runs; received a token. Write the value itself instead of a token."],
    ],
    [
      "another construct as the cluster",
      { cluster: "prod" },
      ['cluster must be a cluster; received "prod". Use a Cluster construct.'],
    ],
    [
      "a name as the launch template",
      { launchTemplate: "template" },
      [
        'launchTemplate must be a LaunchTemplate; received "template". Pass the construct, or an object with its attributes.',
      ],
    ],
    [
      "an unknown setting",
      { terminationProtction: true },
      ['Unknown setting "terminationProtction". Did you mean "terminationProtection"?'],
    ],
  ])("rejects %s", (_, props, messages) => {
    expect(problemsOf(() => groupJson(props))).toEqual(messages);
  });

  it("compares only sizes that the code knows", () => {
    expect(problemsOf(() => groupJson({ minSize: hcl`var.min`.number, maxSize: 2, desiredSize: 1 }))).toEqual([]);
    expect(problemsOf(() => groupJson({ minSize: 1, maxSize: hcl`var.max`.number, desiredSize: 1 }))).toEqual([]);
  });
});
