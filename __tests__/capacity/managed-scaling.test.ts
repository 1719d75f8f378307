import { EcsCapacityProvider } from "@cdktf/provider-aws/lib/ecs-capacity-provider";
import { Testing } from "cdktf";
import type { ManagedScaling } from "../../src";
import { groupJson } from "../support/group";
import { problemsOf } from "../support/problems";

Testing.setupJest();

describe("managed scaling", () => {
  it("renders the warm-up and the step sizes", () => {
    const managedScaling = { instanceWarmupSeconds: 0, minimumStepSize: 2, maximumStepSize: 4 };
    expect(groupJson({ managedScaling, targetCapacity: 80 })).toHaveResourceWithProperties(EcsCapacityProvider, {
      auto_scaling_group_provider: expect.objectContaining({
        managed_scaling: {
          status: "ENABLED",
          target_capacity: 80,
          instance_warmup_period: 0,
          minimum_scaling_step_size: 2,
          maximum_scaling_step_size: 4,
        },
      }),
    });
  });

  it.each<[ManagedScaling | undefined, object]>([
    [undefined, { status: "ENABLED", target_capacity: 100 }],
    [{ maximumStepSize: 4 }, { status: "ENABLED", target_capacity: 100, maximum_scaling_step_size: 4 }],
  ])("leaves to ECS what %j does not set", (managedScaling, block) => {
    expect(groupJson({ managedScaling })).toHaveResourceWithProperties(EcsCapacityProvider, {
      auto_scaling_group_provider: expect.objectContaining({ managed_scaling: block }),
    });
  });

  it.each<[string, ManagedScaling, string]>([
    [
      "a largest step below the smallest",
      { minimumStepSize: 5, maximumStepSize: 4 },
      "managedScaling.maximumStepSize must be at least minimumStepSize, which is 5; received 4. Raise it, or lower minimumStepSize.",
    ],
    [
      "a step of no instance",
      { minimumStepSize: 0 },
      "managedScaling.minimumStepSize must be a whole number from 1 to 10000 (instances); received 0. Remove it for the default of ECS.",
    ],
    [
      "a warm-up of more than 10000 seconds",
      { instanceWarmupSeconds: 10_001 },
      "managedScaling.instanceWarmupSeconds must be a whole number from 0 to 10000 (seconds); received 10001. Remove it for the default of ECS.",
    ],
    [
      "an unknown setting",
      { maximumStepSiz: 4 } as ManagedScaling,
      'Unknown setting "managedScaling.maximumStepSiz". Did you mean "maximumStepSize"?',
    ],
  ])("rejects %s", (_, managedScaling, message) => {
    expect(problemsOf(() => groupJson({ managedScaling }))).toEqual([message]);
  });
});
