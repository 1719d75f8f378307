import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Testing } from "cdktf";
import { hcl, ServiceScaling, type ServiceScalingProps, type ServiceScalingSettings } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";

Testing.setupJest();

const synthesize = (settings: ServiceScalingSettings, props: Partial<ServiceScalingProps> = {}): string =>
  Testing.synthScope((stack) => {
    const targetGroupArnSuffix = "targetgroup/users-1/0a1b";
    const cluster = clusterTarget();
    new ServiceScaling(stack, "scaling", {
      cluster,
      serviceName: "users",
      targetGroupArnSuffix,
      ...settings,
      ...props,
    });
  });

describe("ServiceScaling", () => {
  it("scales the service's tasks between the two limits", () => {
    const json = synthesize({ maxCapacity: 4, cpuPercent: 60 });
    expect(json).toHaveResourceWithProperties(AppautoscalingTarget, {
      service_namespace: "ecs",
      scalable_dimension: "ecs:service:DesiredCount",
      resource_id: "service/prod/users",
      min_capacity: 1,
      max_capacity: 4,
    });
    expect(resourceCounts(json)).toEqual({ aws_appautoscaling_target: 1, aws_appautoscaling_policy: 1 });
  });

  it("creates a policy for each target", () => {
    const json = synthesize({
      minCapacity: 2,
      maxCapacity: 4,
      cpuPercent: 60,
      memoryPercent: 70,
      requestsPerTarget: 600,
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingTarget, { min_capacity: 2 });
    expect(resourceCounts(json)).toEqual({ aws_appautoscaling_target: 1, aws_appautoscaling_policy: 3 });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      name: "cpu",
      policy_type: "TargetTrackingScaling",
      target_tracking_scaling_policy_configuration: {
        target_value: 60,
        scale_out_cooldown: 60,
        scale_in_cooldown: 300,
        predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" },
      },
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      name: "memory",
      target_tracking_scaling_policy_configuration: expect.objectContaining({
        target_value: 70,
        predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageMemoryUtilization" },
      }),
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      name: "requests",
      target_tracking_scaling_policy_configuration: expect.objectContaining({
        target_value: 600,
        predefined_metric_specification: {
          predefined_metric_type: "ALBRequestCountPerTarget",
          resource_label: `\${join("/", slice(split("/", "${clusterTarget().loadBalancer?.listenerArn}"), 1, 4))}/targetgroup/users-1/0a1b`,
        },
      }),
    });
  });

  it("creates a policy for memory alone", () => {
    const json = synthesize({ maxCapacity: 4, memoryPercent: 70 });
    expect(resourceCounts(json)).toEqual({ aws_appautoscaling_target: 1, aws_appautoscaling_policy: 1 });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, { name: "memory" });
  });

  it("renders the cooldowns", () => {
    const json = synthesize({
      maxCapacity: 4,
      cpuPercent: 60,
      scaleOutCooldownSeconds: 0,
      scaleInCooldownSeconds: 900,
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      target_tracking_scaling_policy_configuration: expect.objectContaining({
        scale_out_cooldown: 0,
        scale_in_cooldown: 900,
      }),
    });
  });

  it("renders tokens", () => {
    const number = hcl`var.number`.number;
    const json = synthesize({ minCapacity: number, maxCapacity: number, cpuPercent: number });
    expect(json).toHaveResourceWithProperties(AppautoscalingTarget, {
      min_capacity: "${var.number}",
      max_capacity: "${var.number}",
    });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      target_tracking_scaling_policy_configuration: expect.objectContaining({ target_value: "${var.number}" }),
    });
  });

  it.each<[string, ServiceScalingSettings, string]>([
    [
      "settings without a target",
      { maxCapacity: 4 },
      "cpuPercent must be set, or memoryPercent, or requestsPerTarget; received nothing. For example 60. Scaling needs at least one target.",
    ],
    [
      "a maximum below the minimum",
      { minCapacity: 5, maxCapacity: 4, cpuPercent: 60 },
      "maxCapacity must not be below minCapacity, which is 5; received 4. Raise it, or lower minCapacity.",
    ],
    [
      "a minimum of no task",
      { minCapacity: 0, maxCapacity: 4, cpuPercent: 60 },
      "minCapacity must be a whole number from 1 to 5000 (tasks); received 0. Scaling needs at least one task, because the load is measured on tasks.",
    ],
    [
      "more tasks than ECS allows",
      { maxCapacity: 5001, cpuPercent: 60 },
      "maxCapacity must be a whole number from 1 to 5000 (tasks); received 5001. Scaling needs at least one task, because the load is measured on tasks.",
    ],
    [
      "more than all of the CPU",
      { maxCapacity: 4, cpuPercent: 101 },
      "cpuPercent must be a whole number from 1 to 100 (percent); received 101. With 60, running tasks have room while new ones start.",
    ],
    [
      "no memory",
      { maxCapacity: 4, memoryPercent: 0 },
      "memoryPercent must be a whole number from 1 to 100 (percent); received 0. With 60, running tasks have room while new ones start.",
    ],
    [
      "no requests",
      { maxCapacity: 4, requestsPerTarget: 0 },
      "requestsPerTarget must be a whole number from 1 to 1000000 (requests per minute); received 0. For example 600.",
    ],
    [
      "a cooldown above an hour",
      { maxCapacity: 4, cpuPercent: 60, scaleInCooldownSeconds: 3601 },
      "scaleInCooldownSeconds must be a whole number from 0 to 3600 (seconds); received 3601. Remove it for the default.",
    ],
    [
      "an unknown setting",
      { maxCapacity: 4, cpuPercent: 60, minCapasity: 2 } as ServiceScalingSettings,
      'Unknown setting "minCapasity". Did you mean "minCapacity"?',
    ],
  ])("rejects %s", (_, settings, message) => {
    expect(problemsOf(() => synthesize(settings))).toEqual([message]);
  });

  it.each<[string, Partial<ServiceScalingProps>, string]>([
    [
      "requests without a target group",
      { targetGroupArnSuffix: undefined },
      "requestsPerTarget must not be set without targetGroupArnSuffix; received 9. Set targetGroupArnSuffix to the arnSuffix of the target group, or use cpuPercent.",
    ],
    [
      "requests on a cluster without a load balancer",
      { cluster: clusterTarget({ loadBalancer: undefined }) },
      "requestsPerTarget must not be set for a cluster without a load balancer; received 9. Give the cluster a load balancer, or use cpuPercent.",
    ],
    [
      "a name that no ECS service has",
      { serviceName: "my service" },
      'serviceName must be the name of an ECS service; received "my service". It has 1 to 255 letters, digits, hyphens and underscores.',
    ],
    ["a cluster that is missing", { cluster: undefined }, "cluster must be a cluster; received nothing. Set it."],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => synthesize({ maxCapacity: 4, requestsPerTarget: 9 }, props))).toEqual([message]);
  });
});
