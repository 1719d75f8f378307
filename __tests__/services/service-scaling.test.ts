import { ServiceScaling, type ServiceScalingProps, type ServiceScalingSettings } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { at, count, emptyStack, mistakesOf, type Part, resource, synthesized } from "../support/synthesized";

function made(settings: ServiceScalingSettings, props: Partial<ServiceScalingProps> = {}): Part {
  const stack = emptyStack();
  new ServiceScaling(stack, "scaling", {
    cluster: clusterTarget(),
    serviceName: "users",
    targetGroupArnSuffix: "targetgroup/users-1/0a1b",
    ...settings,
    ...props,
  });
  return synthesized(stack);
}

describe("ServiceScaling", () => {
  it("counts the service's tasks between both limits", () => {
    expect(resource(made({ maxCapacity: 4, cpuPercent: 60 }), "aws_appautoscaling_target.scaling")).toMatchObject({
      service_namespace: "ecs",
      scalable_dimension: "ecs:service:DesiredCount",
      resource_id: "service/prod/users",
      min_capacity: 1,
      max_capacity: 4,
    });
  });

  it("follows each target that is given, and no other", () => {
    const json = made({ minCapacity: 2, maxCapacity: 4, cpuPercent: 60, memoryPercent: 70, requestsPerTarget: 600 });
    expect(count(json, "aws_appautoscaling_policy")).toBe(3);
    const target = (policy: string) =>
      at(
        json,
        "resource",
        "aws_appautoscaling_policy",
        `scaling_${policy}`,
        "target_tracking_scaling_policy_configuration",
      );
    expect(target("cpu")).toMatchObject({
      target_value: 60,
      scale_out_cooldown: 60,
      scale_in_cooldown: 300,
      predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" },
    });
    expect(target("memory")).toMatchObject({
      target_value: 70,
      predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageMemoryUtilization" },
    });
    expect(at(target("requests"), "predefined_metric_specification")).toEqual({
      predefined_metric_type: "ALBRequestCountPerTarget",
      resource_label: `\${join("/", slice(split("/", "${clusterTarget().loadBalancer?.listenerArn}"), 1, 4))}/targetgroup/users-1/0a1b`,
    });
    expect(count(made({ maxCapacity: 4, memoryPercent: 70 }), "aws_appautoscaling_policy")).toBe(1);
  });

  it("waits as long as is said", () => {
    const json = made({ maxCapacity: 4, cpuPercent: 60, scaleOutCooldownSeconds: 0, scaleInCooldownSeconds: 900 });
    expect(
      at(json, "resource", "aws_appautoscaling_policy", "scaling_cpu", "target_tracking_scaling_policy_configuration"),
    ).toMatchObject({
      scale_out_cooldown: 0,
      scale_in_cooldown: 900,
    });
  });

  it.each<[string, ServiceScalingSettings, string]>([
    [
      "no target",
      { maxCapacity: 4 },
      "scaling must follow something; received no target. Give it cpuPercent, memoryPercent or requestsPerTarget.",
    ],
    [
      "limits the wrong way round",
      { minCapacity: 5, maxCapacity: 4, cpuPercent: 60 },
      "maxCapacity must not be under minCapacity; received 4, with minCapacity 5. Raise it, or lower minCapacity.",
    ],
    [
      "none to begin with",
      { minCapacity: 0, maxCapacity: 4, cpuPercent: 60 },
      "minCapacity must be at least 1; received 0. The service would begin with no task, and without one there is no load to follow. Raise it, or leave scaling out and set desiredCount.",
    ],
    [
      "more than all of the CPU",
      { maxCapacity: 4, cpuPercent: 101 },
      "cpuPercent must be a whole number from 1 to 100 (percent); received 101. 60 leaves room while new tasks start.",
    ],
    [
      "a long cooldown",
      { maxCapacity: 4, cpuPercent: 60, scaleInCooldownSeconds: 3601 },
      "scaleInCooldownSeconds must be a whole number from 0 to 3600 (seconds); received 3601. Leave it out for the default.",
    ],
  ])("refuses %s", (_, settings, message) => {
    expect(mistakesOf(() => made(settings))).toEqual([message]);
  });

  it("refuses to count the requests of a service that gets none", () => {
    expect(
      mistakesOf(() => made({ maxCapacity: 4, requestsPerTarget: 9 }, { targetGroupArnSuffix: undefined })),
    ).toEqual([
      "requestsPerTarget must come with a route; received 9 for a service that gets no requests. Give the service paths or hosts, or follow cpuPercent.",
    ]);
  });
});
