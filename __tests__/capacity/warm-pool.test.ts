import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { Testing } from "cdktf";
import { type AsgCapacityProviderProps, hcl, type WarmPool } from "../../src";
import { groupJson } from "../support/group";
import { problemsOf } from "../support/problems";

Testing.setupJest();

const ONE_TYPE = { types: ["t3.small"] };
const synthesize = (capacity: Partial<AsgCapacityProviderProps>): string => groupJson(capacity, ONE_TYPE);

describe("a warm pool", () => {
  it("keeps stopped instances, and is deleted with its group", () => {
    expect(synthesize({ warmPool: { minSize: 2, maxPreparedCapacity: 6 } })).toHaveResourceWithProperties(
      AutoscalingGroup,
      {
        warm_pool: { min_size: 2, max_group_prepared_capacity: 6, pool_state: "Stopped" },
        force_delete_warm_pool: true,
      },
    );
  });

  it("can keep running instances", () => {
    expect(synthesize({ warmPool: { state: "running" } })).toHaveResourceWithProperties(AutoscalingGroup, {
      warm_pool: { min_size: 0, pool_state: "Running" },
    });
  });

  it("uses the launch template without a mixed instances policy, which Auto Scaling rejects", () => {
    const json = synthesize({ warmPool: {} });
    expect(json).toHaveResourceWithProperties(AutoscalingGroup, {
      launch_template: {
        id: "${aws_launch_template.template.id}",
        version: "${tostring(aws_launch_template.template.latest_version)}",
      },
    });
    expect(json).not.toContain("mixed_instances_policy");
  });

  it("requires a single type of a list that only Terraform knows, at plan", () => {
    const { list } = hcl`split(",", data.aws_ssm_parameter.types.value)`;
    expect(groupJson({ warmPool: {} }, { types: list })).toHaveResourceWithProperties(AutoscalingGroup, {
      lifecycle: expect.objectContaining({
        precondition: expect.arrayContaining([
          {
            condition: '${length(split(",", data.aws_ssm_parameter.types.value)) <= 1}',
            error_message:
              'instance_types must have a single instance type with warmPool; received ${jsonencode(split(",", data.aws_ssm_parameter.types.value))}. Keep the preferred type, or remove warmPool.',
          },
        ]),
      }),
    });
  });

  it("rejects several types", () => {
    expect(problemsOf(() => groupJson({ warmPool: {} }))).toEqual([
      'launchTemplate must have a single instance type with warmPool; received ["t3.small", "t3.large"]. Keep the preferred type, or remove warmPool.',
    ]);
  });

  it("rejects Spot instances", () => {
    expect(problemsOf(() => synthesize({ warmPool: {}, spot: true }))).toEqual([
      "warmPool must not be set with Spot capacity; received {}. Use on-demand instances, or a separate capacity provider for Spot instances.",
    ]);
  });

  it.each<[string, object, string]>([
    [
      "instances that return on scale-in",
      { reuseOnScaleIn: true },
      "warmPool.reuseOnScaleIn must be left out; received true. ECS cannot return instances to a warm pool on scale-in. They terminate, and new instances boot into the pool.",
    ],
    [
      "hibernated instances",
      { state: "hibernated" },
      'warmPool.state must be one of "stopped", "running"; received "hibernated". Choose one of these. EC2 cannot hibernate instances that ECS uses.',
    ],
    [
      "AWS's name of a setting",
      { maxGroupPreparedCapacity: 4 },
      'Unknown setting "warmPool.maxGroupPreparedCapacity". Did you mean "maxPreparedCapacity"?',
    ],
    [
      "a prepared capacity below the smallest pool",
      { minSize: 3, maxPreparedCapacity: 2 },
      "warmPool.maxPreparedCapacity must be at least minSize, which is 3; received 2. Raise it, or lower minSize.",
    ],
    [
      "a pool of more than 5000 instances",
      { minSize: 5001 },
      "warmPool.minSize must be a whole number from 0 to 5000 (instances); received 5001. For example 2.",
    ],
  ])("rejects %s", (_, warmPool, message) => {
    expect(problemsOf(() => synthesize({ warmPool: warmPool as WarmPool }))).toEqual([message]);
  });
});
