import { type AsgCapacityProviderProps, hcl } from "../../src";
import { Parts } from "../support/parts";
import { at, count, emptyStack, mistakesOf, type Part, resolved, resource, synthesized } from "../support/synthesized";

function made(props: Partial<AsgCapacityProviderProps> = {}) {
  const stack = emptyStack();
  const { capacity } = new Parts(stack, { capacity: props });
  const json = synthesized(stack);
  const [provider] = Object.values(at(json, "resource", "aws_ecs_capacity_provider") as Record<string, Part>);
  const [association] = Object.values(
    at(json, "resource", "aws_ecs_cluster_capacity_providers") as Record<string, Part>,
  );
  return { json, stack, capacity, group: resource(json, "aws_autoscaling_group.capacity"), provider, association };
}

describe("the auto scaling group", () => {
  it("has stable names for group and provider, since a provider in use can't be replaced", () => {
    const { group, provider } = made();
    expect([group.name, group.name_prefix, provider?.name]).toEqual(["prod-instances", undefined, "cp-prod"]);
  });

  it("has 1 to 2 instances, and starts where nothing else is said at its least", () => {
    const { group } = made();
    expect([group.min_size, group.max_size, group.desired_capacity]).toEqual([1, 2, undefined]);
  });

  it("takes its sizes, and leaves the desired one to scaling afterwards", () => {
    const { group } = made({ minSize: 2, maxSize: 6, desiredSize: 3 });
    expect([group.min_size, group.max_size, group.desired_capacity]).toEqual([2, 6, 3]);
    expect(at(group, "lifecycle", "ignore_changes")).toEqual(["desired_capacity"]);
  });

  it("runs in the subnets whose zones offer the types, and says at plan when none is left", () => {
    const { group, stack, capacity } = made();
    expect(capacity).toBeDefined();
    expect(group.vpc_zone_identifier).toBe(resolved(stack, new Parts(emptyStack()).instanceTypes.subnetIds));
    expect(at(group, "lifecycle", "precondition", 0, "error_message")).toMatch(/^No subnet is in a zone that offers/);
  });

  it("overrides the template with every type, in the order of preference", () => {
    expect(at(made().group, "mixed_instances_policy", "launch_template", "dynamic", "override")).toEqual({
      for_each: '${["t3.small", "t3.large"]}',
      content: { instance_type: "${override.value}" },
    });
  });

  it("takes the template by its latest version, never by $Latest", () => {
    const { group } = made();
    expect(at(group, "mixed_instances_policy", "launch_template", "launch_template_specification")).toEqual({
      launch_template_id: "${aws_launch_template.template.id}",
      version: "${tostring(aws_launch_template.template.latest_version)}",
    });
  });

  it("buys on-demand only, unless Spot is asked for", () => {
    expect(at(made().group, "mixed_instances_policy", "instances_distribution")).toEqual({
      on_demand_base_capacity: 0,
      on_demand_percentage_above_base_capacity: 100,
      on_demand_allocation_strategy: "prioritized",
    });
    expect(made().group.capacity_rebalance).toBe(false);
  });

  it("buys Spot only where it is asked for", () => {
    const { group } = made({ spot: true });
    expect(at(group, "mixed_instances_policy", "instances_distribution")).toEqual({
      on_demand_base_capacity: 0,
      on_demand_percentage_above_base_capacity: 0,
      spot_allocation_strategy: "price-capacity-optimized",
    });
    expect(group.capacity_rebalance).toBe(true);
  });

  it("always declares AmazonECSManaged, which ECS sets itself, and passes that tag alone on", () => {
    expect(at(made({ tags: { team: "web" } }).group, "dynamic", "tag")).toEqual({
      for_each:
        '${merge({ "team" = "web" }, { "Name" = "prod-instances", "Purpose" = "The container instances of the ECS cluster", "AmazonECSManaged" = "true" })}',
      content: {
        key: "${tag.key}",
        value: "${tag.value}",
        propagate_at_launch: '${tag.key == "AmazonECSManaged"}',
      },
    });
  });

  it("replaces its instances when the template changes, a new one before an old one goes", () => {
    expect(made().group.instance_refresh).toEqual({
      strategy: "Rolling",
      preferences: { min_healthy_percentage: 100, max_healthy_percentage: 110 },
    });
  });

  it("outlives none of the role's policies, so that instances can still drain and deregister on destroy", () => {
    expect(made().group.depends_on).toEqual([
      "aws_iam_role_policy_attachment.role_ecs",
      "aws_iam_role_policy_attachment.role_session_manager",
    ]);
  });
});

describe("destroy", () => {
  it.each([false, true])(
    "takes the group at once, with termination protection %p: nothing answers ECS's hook then",
    (terminationProtection) => {
      expect(made({ terminationProtection }).group).toMatchObject({ force_delete: true });
    },
  );
});

describe("the capacity provider", () => {
  it("has managed scaling and managed draining on, and no termination protection", () => {
    const { group, provider } = made();
    expect(provider?.auto_scaling_group_provider).toEqual({
      auto_scaling_group_arn: "${aws_autoscaling_group.capacity.arn}",
      managed_scaling: { status: "ENABLED", target_capacity: 100 },
      managed_draining: "ENABLED",
      managed_termination_protection: "DISABLED",
    });
    expect(group.protect_from_scale_in).toBe(false);
  });

  it("sets everything that termination protection needs where it is asked for", () => {
    const { group, provider } = made({ terminationProtection: true });
    expect(at(provider, "auto_scaling_group_provider", "managed_termination_protection")).toBe("ENABLED");
    expect(group.protect_from_scale_in).toBe(true);
    expect(at(group, "instance_refresh", "preferences", "scale_in_protected_instances")).toBe("Refresh");
  });

  it("is the cluster's default, tied to the cluster's own attribute", () => {
    const { json, association, provider } = made();
    const name = association && (association.capacity_providers as string[])[0];
    expect(name).toMatch(/^\$\{aws_ecs_capacity_provider\..*\.name\}$/);
    expect(association).toMatchObject({
      cluster_name: "${aws_ecs_cluster.cluster.name}",
      default_capacity_provider_strategy: [{ capacity_provider: name, weight: 1 }],
    });
    expect(provider?.name).toBe("cp-prod");
    expect(count(json, "aws_ecs_cluster_capacity_providers")).toBe(1);
  });

  it("gives services its name from the association, so that they wait until the cluster has it", () => {
    const { stack, capacity } = made();
    expect(resolved(stack, capacity.capacityProviderName)).toMatch(
      /^\$\{one\(aws_ecs_cluster_capacity_providers\..*\.capacity_providers\)\}$/,
    );
  });

  it("aims at the utilization that was given", () => {
    const { provider } = made({ targetCapacity: 80 });
    expect(at(provider, "auto_scaling_group_provider", "managed_scaling", "target_capacity")).toBe(80);
  });
});

describe("bad props of a capacity provider", () => {
  it.each(["aws-x", "ecs", "fargate", "AWS", "Ecs-1", "FarGate"])("include a name that ECS keeps: %s", (name) => {
    expect(mistakesOf(() => made({ capacityProviderName: name }))).toEqual([
      `capacityProviderName must not start with aws, ecs or fargate; received "${name}". ECS keeps those names; put cp- before it.`,
    ]);
  });

  it.each([0, 101, 99.5])("include a target out of 1 to 100: %d", (targetCapacity) => {
    expect(mistakesOf(() => made({ targetCapacity }))).toEqual([
      `targetCapacity must be a whole number from 1 to 100 (percent); received ${targetCapacity}. 100 leaves no instance idle.`,
    ]);
  });

  it("include sizes that no group can have, all in one error", () => {
    expect(mistakesOf(() => made({ minSize: -1, maxSize: 5001, desiredSize: 1.5 })).slice(0, 3)).toEqual([
      "minSize must be a whole number from 0 to 5000 (instances); received -1. For example 2.",
      expect.stringMatching(/^maxSize must be a whole number from [01] to 5000 \(instances\); received 5001\./),
      "desiredSize must be a whole number from 0 to 5000 (instances); received 1.5. For example 2.",
    ]);
  });

  it("include sizes that contradict each other", () => {
    expect(mistakesOf(() => made({ minSize: 3 }))).toEqual([
      'maxSize must be at least minSize; received {"maxSize":2,"minSize":3}. Raise it, or lower minSize.',
    ]);
    expect(mistakesOf(() => made({ minSize: 2, maxSize: 4, desiredSize: 1 }))).toEqual([
      'desiredSize must be at least minSize; received {"desiredSize":1,"minSize":2}. Raise it, or lower minSize.',
    ]);
    expect(mistakesOf(() => made({ minSize: 2, maxSize: 4, desiredSize: 5 }))).toEqual([
      'desiredSize must be at most maxSize; received {"desiredSize":5,"maxSize":4}. Lower it, or raise maxSize.',
    ]);
  });

  it("are looked for in plain sizes alone", () => {
    expect(mistakesOf(() => made({ minSize: hcl`var.min`.number, maxSize: 2, desiredSize: 1 }))).toEqual([]);
    expect(mistakesOf(() => made({ minSize: 1, maxSize: hcl`var.max`.number, desiredSize: 1 }))).toEqual([]);
  });
});
