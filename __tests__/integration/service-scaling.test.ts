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

  it("gains and loses a queue in one apply, without a lost message of running tasks", async () => {
    const state = await start();
    await state.apply(configuration({ maxCapacity: 4, cpuPercent: 60 }));
    const queue = { minCapacity: 0, maxCapacity: 4, queue: {} };
    const added = await state.apply(configuration(queue), { variables: { jobs_min_capacity: 0 } });
    expect([...added.created].sort()).toEqual([
      "aws_appautoscaling_policy.jobs_scaling_queue_backlog",
      "aws_appautoscaling_policy.jobs_scaling_queue_empty",
      "aws_appautoscaling_policy.jobs_scaling_queue_first",
      "aws_cloudwatch_metric_alarm.jobs_scaling_queue_empty_alarm",
      "aws_cloudwatch_metric_alarm.jobs_scaling_queue_first_alarm",
      "aws_ecs_task_definition.jobs_task_definition",
      "aws_iam_role.jobs_task_definition_task_role",
      "aws_iam_role_policy.jobs_task_definition_task_role_policy",
      "aws_sqs_queue.jobs_dead_letter_queue",
      "aws_sqs_queue.jobs_queue",
    ]);
    const removed = await state.apply(configuration({ maxCapacity: 4, cpuPercent: 60 }));
    expect([...removed.deleted].filter((address) => address.startsWith("aws_sqs_queue")).sort()).toEqual([
      "aws_sqs_queue.jobs_dead_letter_queue",
      "aws_sqs_queue.jobs_queue",
    ]);
    expect(removed.lost).toEqual([]);
    // The queue goes after the service has replaced the tasks that use it.
    const done = removed.operations.map(({ type, operation }) => `${operation} ${type}`);
    expect(done.indexOf("delete aws_sqs_queue")).toBeGreaterThan(done.indexOf("update aws_ecs_service"));
  });

  it("works from zero tasks on zero instances, and counts the workers at their maximum", async () => {
    const json = configuration({ minCapacity: 0, maxCapacity: 8, queue: {} }, { cpu: 256, memoryLimitMiB: 256 });
    const none = { min_size: 0, max_size: 2, jobs_min_capacity: 0 };
    const variables = { ...exampleValues(json), ...none };
    const terraform = await lab.terraform({ configuration: json, variables });
    const { planned_values, resource_changes = [] } = await terraform.planJson();
    expect(planned_values).toBeDefined();
    const after = (address: string) => resource_changes.find((one) => one.address === address)?.change.after;
    expect(after("aws_autoscaling_group.capacity")).toMatchObject({ min_size: 0 });
    expect(after(TARGET)).toMatchObject({ min_capacity: 0, max_capacity: 8 });
    expect(after("aws_ecs_service.jobs")).toMatchObject({ desired_count: 0 });

    terraform.setVariables({ ...variables, jobs_max_capacity: 40 });
    const { status, stderr } = await terraform.plan();
    expect(status).toBe(1);
    expect(stderr.replace(/[\s│]+/g, " ")).toContain("(jobs 40 x 256)");
  });

  it("counts a daemon beside the workers on every instance", async () => {
    const stack = clusterStack({ loadBalancer: false, keyPair: "none" });
    const scaling = { minCapacity: 0, maxCapacity: 12, queue: {} };
    new Ec2Service(stack, "jobs", { cluster: stack, image: "jobs:1", memoryLimitMiB: 256, cpu: 64, scaling });
    new Ec2Service(stack, "agent", { cluster: stack, image: "agent:1", memoryLimitMiB: 512, cpu: 64, daemon: true });
    const json = synthesized(stack);
    const plan = async (values: object) => {
      const terraform = await lab.terraform({ configuration: json, variables: { ...exampleValues(json), ...values } });
      return terraform.plan();
    };
    expect((await plan({ jobs_max_capacity: 8 })).stderr).toBe("");
    const { stderr } = await plan({});
    expect(stderr.replace(/[\s│]+/g, " ")).toContain("(jobs 12 x 256 + agent 2 x 512)");
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
