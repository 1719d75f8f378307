import type { Configuration } from "../../cli/offline-provider";
import { Ec2Service, type ServiceScalingSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { exampleValues } from "../support/examples";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

const metric = { namespace: "Shop", metricName: "WaitingJobs" };
const step = { metric, threshold: 1, stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }] };
const TARGET = "aws_appautoscaling_target.jobs_scaling";

describeTerraform("the scaling of a service", (lab) => {
  const configuration = (scaling?: ServiceScalingSettings, more: object = {}): Configuration => {
    const stack = clusterStack({ loadBalancer: false, keyPair: "none" });
    new Ec2Service(stack, "jobs", { cluster: stack, image: "jobs:1", memoryLimitMiB: 64, cpu: 64, scaling, ...more });
    return synthesized(stack);
  };
  const start = async () => (await RunningSystem.start(lab)).state();

  it("gains, loses and renames policies and schedules in one apply, without a change of the service", async () => {
    const state = await start();
    await state.apply(configuration({ maxCapacity: 4, cpuPercent: 60 }));
    const all = {
      minCapacity: 0,
      maxCapacity: 4,
      memoryPercent: 60,
      targetTracking: { jobs: { metric, targetValue: 10 } },
      stepScaling: { first: step },
      schedules: { night: { schedule: "cron(0 20 ? * * *)", minCapacity: 0 } },
    };
    const added = await state.apply(configuration(all), { variables: { jobs_min_capacity: 0 } });
    expect([...added.created].sort()).toEqual([
      "aws_appautoscaling_policy.jobs_scaling_memory",
      "aws_appautoscaling_policy.jobs_scaling_step_first",
      "aws_appautoscaling_policy.jobs_scaling_tracking_jobs",
      "aws_appautoscaling_scheduled_action.jobs_scaling_schedule_night",
      "aws_cloudwatch_metric_alarm.jobs_scaling_step_first_alarm",
    ]);
    expect(added.deleted).toEqual(["aws_appautoscaling_policy.jobs_scaling_cpu"]);
    expect([added.replaced, added.missing]).toEqual([[], []]);

    const renamed = { ...all, targetTracking: {}, stepScaling: { second: step }, schedules: {} };
    const changes = await state.apply(configuration(renamed), { variables: { jobs_min_capacity: 0 } });
    expect([...changes.created].sort()).toEqual([
      "aws_appautoscaling_policy.jobs_scaling_step_second",
      "aws_cloudwatch_metric_alarm.jobs_scaling_step_second_alarm",
    ]);
    expect([...changes.deleted].sort()).toEqual([
      "aws_appautoscaling_policy.jobs_scaling_step_first",
      "aws_appautoscaling_policy.jobs_scaling_tracking_jobs",
      "aws_appautoscaling_scheduled_action.jobs_scaling_schedule_night",
      "aws_cloudwatch_metric_alarm.jobs_scaling_step_first_alarm",
    ]);
    // No schedule changes the minimum any more, so the variable does.
    expect([changes.updated, changes.attributes[TARGET]]).toEqual([[TARGET], ["min_capacity"]]);
  });

  it("changes its limits by variables, except those that a schedule changes, and resumes what was suspended", async () => {
    const state = await start();
    const schedules = { night: { schedule: "cron(0 20 ? * * *)", minCapacity: 0 } };
    const suspendedState = { dynamicScalingInSuspended: true };
    const scaling = { maxCapacity: 4, cpuPercent: 60, schedules, suspendedState };
    await state.apply(configuration(scaling));
    const more = { jobs_min_capacity: 2, jobs_max_capacity: 6 };
    const changed = await state.apply(configuration(scaling), { variables: more });
    expect(changed.updated).toEqual([TARGET]);
    expect(changed.attributes[TARGET]).toEqual(["max_capacity"]);

    const without = await state.apply(configuration({ maxCapacity: 4, cpuPercent: 60 }), { variables: more });
    expect([...(without.attributes[TARGET] ?? [])].sort()).toEqual(["min_capacity", "suspended_state"]);
  });

  it("leaves the number of tasks alone with ignoreDesiredCount", async () => {
    const state = await start();
    const versions = { variables: { jobs_desired_count: 1 } };
    await state.apply(configuration(undefined, { ignoreDesiredCount: true }), versions);
    const changes = await state.apply(configuration(undefined, { ignoreDesiredCount: true }), {
      variables: { jobs_desired_count: 2 },
    });
    expect(changes.updated).toEqual([]);
  });

  it.each<[string, ServiceScalingSettings, Readonly<Record<string, number>>, string]>([
    [
      "a minimum above the maximum",
      { maxCapacity: 4, cpuPercent: 60 },
      { jobs_min_capacity: 5 },
      "jobs_max_capacity must be at least jobs_min_capacity; received 4. Raise it, or lower the minimum.",
    ],
    [
      "no task for the load of tasks",
      { maxCapacity: 4, cpuPercent: 60 },
      { jobs_min_capacity: 0 },
      "jobs_min_capacity must be at least 1 with cpuPercent, memoryPercent or requestsPerTarget alone; received 0.",
    ],
    [
      "a schedule that contradicts the maximum",
      { maxCapacity: 4, schedules: { rush: { schedule: "rate(1 day)", minCapacity: 4 } } },
      { jobs_max_capacity: 3 },
      "scaling.schedules.rush.minCapacity must be at most maxCapacity, which no schedule changes; received 4, and maxCapacity is 3.",
    ],
    [
      "more tasks than the instances have room for",
      { maxCapacity: 4, cpuPercent: 60 },
      { jobs_max_capacity: 500 },
      "The services need 32000 MiB of memory while they are deployed (jobs 500 x 64)",
    ],
    [
      "more tasks on a schedule than the instances have room for",
      { maxCapacity: 4, schedules: { rush: { schedule: "rate(1 day)", maxCapacity: 600 } } },
      {},
      "The services need 38400 MiB of memory while they are deployed (jobs 600 x 64)",
    ],
  ])("rejects %s at plan", async (_, scaling, variables, message) => {
    const json = configuration(scaling);
    const terraform = await lab.terraform({
      configuration: json,
      variables: { ...exampleValues(json), ...variables },
    });
    const { status, stderr } = await terraform.plan();
    expect(status).toBe(1);
    expect(stderr.replace(/[\s│]+/g, " ")).toContain(message);
  });
});
