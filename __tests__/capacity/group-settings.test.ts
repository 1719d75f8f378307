import { type EcsClusterSettings, hcl } from "../../src";
import { clusterStack } from "../support/cluster";
import { Parts } from "../support/parts";
import { at, count, emptyStack, mistakesOf, ofType, resource, synthesized } from "../support/synthesized";

const mistakes = (settings: unknown) => mistakesOf(() => clusterStack(settings as EcsClusterSettings));
const made = (settings: EcsClusterSettings) => synthesized(clusterStack(settings));
const group = (settings: EcsClusterSettings) => resource(made(settings), "aws_autoscaling_group.capacity");

describe("the instance refresh", () => {
  it("takes every option", () => {
    const instanceRefresh = {
      minHealthyPercentage: 50,
      maxHealthyPercentage: 150,
      instanceWarmupSeconds: 120,
      checkpointPercentages: [20, 100],
      checkpointDelaySeconds: 600,
      autoRollback: true,
      alarms: ["prod-5xx", "${x}"],
      skipMatching: true,
    };
    expect(group({ instanceRefresh }).instance_refresh).toEqual({
      strategy: "Rolling",
      preferences: {
        min_healthy_percentage: 50,
        max_healthy_percentage: 150,
        instance_warmup: "120",
        checkpoint_percentages: [20, 100],
        checkpoint_delay: "600",
        auto_rollback: true,
        alarm_specification: { alarms: ["prod-5xx", "$${x}"] },
        skip_matching: true,
      },
    });
  });

  it("keeps a group of one up where it says nothing of health, and refreshes protected instances", () => {
    expect(
      group({ terminationProtection: true, instanceRefresh: { skipMatching: true } }).instance_refresh,
    ).toMatchObject({
      preferences: {
        min_healthy_percentage: 100,
        max_healthy_percentage: 110,
        skip_matching: true,
        scale_in_protected_instances: "Refresh",
      },
    });
  });

  it("is left out where people replace instances themselves", () => {
    expect(group({ instanceRefresh: false }).instance_refresh).toBeUndefined();
  });
});

describe("managed scaling", () => {
  const scaling = (settings: EcsClusterSettings) =>
    at(
      resource(made(settings), "aws_ecs_capacity_provider.capacity_provider"),
      "auto_scaling_group_provider",
      "managed_scaling",
    );

  it("takes warm-up and steps, and leaves to ECS what it isn't told", () => {
    const managedScaling = { instanceWarmupSeconds: 0, minimumStepSize: 2, maximumStepSize: 4 };
    expect(scaling({ managedScaling, targetCapacity: 80 })).toEqual({
      ...{ status: "ENABLED", target_capacity: 80, instance_warmup_period: 0 },
      ...{ minimum_scaling_step_size: 2, maximum_scaling_step_size: 4 },
    });
    expect(scaling({ managedScaling: { maximumStepSize: 4 } })).toEqual({
      ...{ status: "ENABLED", target_capacity: 100, maximum_scaling_step_size: 4 },
    });
    expect(scaling({})).toEqual({ status: "ENABLED", target_capacity: 100 });
  });

  it("is a provider's own among several", () => {
    const capacityProviders = { main: {}, arm: { managedScaling: { maximumStepSize: 2 } } };
    const json = made({ managedScaling: { maximumStepSize: 8 }, capacityProviders });
    const steps = ["capacity_provider", "arm_capacity_provider"].map((name) =>
      at(
        resource(json, `aws_ecs_capacity_provider.${name}`),
        "auto_scaling_group_provider",
        "managed_scaling",
        "maximum_scaling_step_size",
      ),
    );
    expect(steps).toEqual([8, 2]);
  });

  it.each<[object, readonly string[]]>([
    [
      { minimumStepSize: 5, maximumStepSize: 4 },
      [
        'managedScaling.maximumStepSize must be at least minimumStepSize; received {"maximumStepSize":4,"minimumStepSize":5}. Raise it, or lower minimumStepSize.',
      ],
    ],
    [
      { maximumStepSiz: 4 },
      ["managedScaling.maximumStepSiz must be a setting that there is; received 4. Did you mean maximumStepSize?"],
    ],
  ])("is refused with setting, rule, value received and fix: %j", (managedScaling, expected) => {
    expect(mistakes({ managedScaling })).toEqual(expected);
  });
});

describe("a maximum lifetime", () => {
  it("is given in days, and to AWS in seconds", () => {
    expect(group({ maxInstanceLifetimeDays: 30 }).max_instance_lifetime).toBe(2_592_000);
    expect(group({}).max_instance_lifetime).toBeUndefined();
  });
});

describe("scheduled sizes", () => {
  const json = made({
    schedules: {
      night: { recurrence: "0 20 * * MON-FRI", timeZone: "Asia/Seoul", minSize: 0, maxSize: 1, desiredSize: 0 },
      morning: { recurrence: "0 7 * * MON-FRI", minSize: 2 },
    },
  });

  it("are an action each, which moves nothing that it doesn't name", () => {
    expect(resource(json, "aws_autoscaling_schedule.capacity_schedule_night")).toMatchObject({
      ...{ scheduled_action_name: "night", recurrence: "0 20 * * MON-FRI", time_zone: "Asia/Seoul" },
      ...{ min_size: 0, max_size: 1, desired_capacity: 0 },
      autoscaling_group_name: "${aws_autoscaling_group.capacity.name}",
    });
    expect(resource(json, "aws_autoscaling_schedule.capacity_schedule_morning")).toMatchObject({
      ...{ time_zone: "Etc/UTC", min_size: 2, max_size: -1, desired_capacity: -1 },
    });
  });

  it("move sizes that Terraform then leaves alone", () => {
    const ignored = (part: object) => at(part, "lifecycle", "ignore_changes");
    expect(ignored(resource(json, "aws_autoscaling_group.capacity"))).toEqual([
      "desired_capacity",
      "min_size",
      "max_size",
    ]);
    expect(ignored(group({}))).toEqual(["desired_capacity"]);
  });

  it("are held at plan against a size of the group that none of them moves", () => {
    const guards = (schedules: EcsClusterSettings["schedules"]) =>
      Object.values(ofType(made({ schedules }), "aws_autoscaling_schedule")).flatMap(
        (schedule) =>
          (at(schedule, "lifecycle", "precondition") ?? []) as { condition: string; error_message: string }[],
      );
    const recurrence = "0 7 * * *";
    expect(guards({ morning: { recurrence, minSize: 5, desiredSize: 6 } })).toEqual([
      {
        condition: "${5 <= var.max_size}",
        error_message:
          "schedules.morning.minSize must be at most the group's maxSize, which no schedule moves; received 5, with ${var.max_size}. Give the schedule a maxSize too, or change the group's.",
      },
      {
        condition: "${6 <= var.max_size}",
        error_message: expect.stringMatching(/^schedules\.morning\.desiredSize must/),
      },
    ]);
    expect(guards({ night: { recurrence, maxSize: 0, desiredSize: 0 } })).toEqual([
      {
        condition: "${0 >= var.min_size}",
        error_message:
          "schedules.night.maxSize must be at least the group's minSize, which no schedule moves; received 0, with ${var.min_size}. Give the schedule a minSize too, or change the group's.",
      },
      {
        condition: "${0 >= var.min_size}",
        error_message: expect.stringMatching(/^schedules\.night\.desiredSize must/),
      },
    ]);
    expect(guards({ night: { recurrence: "0 20 * * *", maxSize: 0 }, morning: { recurrence, minSize: 5 } })).toEqual(
      [],
    );
  });

  it("are one provider's own where they are among its settings", () => {
    const schedules = { night: { recurrence: "0 20 * * *", minSize: 0 } };
    const several = made({ capacityProviders: { main: {}, arm: { schedules } } });
    expect(Object.keys(at(several, "resource", "aws_autoscaling_schedule") as object)).toEqual([
      "arm_capacity_schedule_night",
    ]);
  });
});

describe("a warm pool", () => {
  const json = made({ warmPool: { minSize: 2, maxPreparedCapacity: 6 } });
  const pooled = resource(json, "aws_autoscaling_group.capacity");

  it("keeps stopped instances, and goes with its group", () => {
    expect(pooled.warm_pool).toEqual({ min_size: 2, max_group_prepared_capacity: 6, pool_state: "Stopped" });
    expect(pooled.force_delete_warm_pool).toBe(true);
    expect(group({ warmPool: { state: "running" } }).warm_pool).toMatchObject({ pool_state: "Running" });
  });

  it("has the template itself and no mixed instances policy, which Auto Scaling refuses", () => {
    expect(pooled.mixed_instances_policy).toBeUndefined();
    expect(pooled.launch_template).toEqual({
      id: "${aws_launch_template.launch_template.id}",
      version: "${tostring(aws_launch_template.launch_template.latest_version)}",
    });
  });

  it.each(["amazon-linux-2023", "bottlerocket"] as const)(
    "keeps its instances out of the cluster with %s",
    (amiFamily) => {
      const userData = (settings: EcsClusterSettings) =>
        String(at(made({ amiFamily, ...settings }), "locals", "launch_template_user_data"));
      const check = /ECS_WARM_POOLS_CHECK=true|should-wait = true/;
      expect(userData({ warmPool: {} })).toMatch(check);
      expect(userData({})).not.toMatch(check);
    },
  );

  it("takes a single type of a list that Terraform alone knows, which the construct says at plan", () => {
    const stack = emptyStack();
    const { list } = hcl`split(",", data.aws_ssm_parameter.types.value)`;
    expect(new Parts(stack, { types: list, capacity: { warmPool: {} } }).capacity).toBeDefined();
    const { precondition } = resource(synthesized(stack), "aws_autoscaling_group.capacity").lifecycle as {
      precondition: object[];
    };
    expect(precondition[1]).toEqual({
      condition: '${length(split(",", data.aws_ssm_parameter.types.value)) <= 1}',
      error_message:
        'instance_types must hold a single type, since there is a warm pool; received ${jsonencode(split(",", data.aws_ssm_parameter.types.value))}. Keep the preferred one, or leave warmPool out.',
    });
  });

  it("takes a single type, at plan and at synth", () => {
    expect(JSON.stringify(at(json, "variable", "instance_types", "validation"))).toContain(
      "instance_types must hold a single type, since there is a warm pool",
    );
    expect(mistakes({ warmPool: {}, values: { instanceTypes: ["t3.small", "t3.large"] } })).toEqual([
      'values.instanceTypes: instance_types must hold a single type, since there is a warm pool; received ["t3.small","t3.large"]. Keep the preferred one, or leave warmPool out.',
    ]);
  });
});

describe("lifecycle hooks", () => {
  it("hold an instance, by name", () => {
    const json = made({
      lifecycleHooks: {
        warm_cache: { transition: "launching", heartbeatTimeoutSeconds: 300, defaultResult: "continue" },
        copy_logs: {
          transition: "terminating",
          notificationTargetArn: "arn:aws:sqs:eu-west-1:111122223333:hooks",
          roleArn: "arn:aws:iam::111122223333:role/hooks",
          notificationMetadata: "${text}",
        },
      },
    });
    expect(count(json, "aws_autoscaling_lifecycle_hook")).toBe(2);
    expect(resource(json, "aws_autoscaling_lifecycle_hook.capacity_hook_warm_cache")).toMatchObject({
      ...{ name: "warm_cache", lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING" },
      ...{ heartbeat_timeout: 300, default_result: "CONTINUE" },
    });
    expect(resource(json, "aws_autoscaling_lifecycle_hook.capacity_hook_copy_logs")).toMatchObject({
      ...{ lifecycle_transition: "autoscaling:EC2_INSTANCE_TERMINATING", default_result: "ABANDON" },
      ...{ heartbeat_timeout: 3600, notification_metadata: "$${text}" },
      notification_target_arn: "arn:aws:sqs:eu-west-1:111122223333:hooks",
    });
  });

  it("are there before the first instances where they hold those, and hold no apply up", () => {
    const wait = { transition: "launching", heartbeatTimeoutSeconds: 300, notificationMetadata: "${x}" } as const;
    const held = group({ lifecycleHooks: { wait, copy_logs: { transition: "terminating" } } });
    expect(held.initial_lifecycle_hook).toEqual([
      {
        name: "wait",
        lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        heartbeat_timeout: 300,
        default_result: "ABANDON",
        notification_metadata: "$${x}",
      },
    ]);
    expect(held.wait_for_capacity_timeout).toBe("0");
    expect(at(held, "lifecycle", "ignore_changes")).toEqual(["desired_capacity", "initial_lifecycle_hook"]);
  });

  it("change nothing of a group that has none, or only such as hold what ends", () => {
    for (const lifecycleHooks of [undefined, { copy_logs: { transition: "terminating" } }] as const) {
      const { initial_lifecycle_hook, wait_for_capacity_timeout, lifecycle } = group({ lifecycleHooks });
      expect([initial_lifecycle_hook, wait_for_capacity_timeout]).toEqual([undefined, undefined]);
      expect(at(lifecycle, "ignore_changes")).toEqual(["desired_capacity"]);
    }
  });
});

describe("bad settings of a group", () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);
  const hook = { transition: "launching" };
  it.each<[object, readonly string[]]>([
    [
      { instanceRefresh: { maxHealthyPercentage: 201 } },
      [
        "instanceRefresh.maxHealthyPercentage must be at most 200; received 201. Change it, or leave the setting out for its default.",
      ],
    ],
    [
      { maxInstanceLifetimeDays: 366 },
      [
        "maxInstanceLifetimeDays must be at most 365; received 366. Change it, or leave the setting out for its default.",
      ],
    ],
    [
      { schedules: { "at-night": { recurrence: "0 20 * * *", minSize: 0 } } },
      [
        'schedules must be named with 1 to 32 lower-case letters, digits and underscores, a letter first; received "at-night". The name is part of an address.',
      ],
    ],
    [
      {
        schedules: Object.fromEntries(
          names(126).map((name, index) => [
            name,
            { recurrence: `${index % 60} ${Math.floor(index / 60)} * * *`, minSize: 0 },
          ]),
        ),
      },
      ["schedules must be at most 125, which is what a group takes; received 126. Join some of them."],
    ],
    [
      { warmPool: {}, spot: true },
      [
        "warmPool must be left out where Spot is bought, which Auto Scaling keeps no pool of; received {}. Buy on demand, or give Spot a capacity provider of its own.",
      ],
    ],
    [
      { warmPool: {}, instanceRequirements: { vCpuCount: { min: 2 }, memoryMiB: { min: 4096 } } },
      [
        "warmPool must be left out with instanceRequirements, since a pool has one type; received {}. Name one type in instance_types.",
      ],
    ],
    [
      { warmPool: {}, agent: { warmPoolsCheck: false } },
      [
        "warmPool must come with the agent's warmPoolsCheck; received false. Leave that out: without it instances of the pool join the cluster and tasks are placed on them.",
      ],
    ],
    [
      { warmPool: { reuseOnScaleIn: true } },
      [
        "warmPool.reuseOnScaleIn must be left out, since ECS can't have instances go back to a pool on scale-in; received true. They end, and new ones boot into the pool.",
      ],
    ],
    [
      { warmPool: { state: "hibernated" } },
      [
        'warmPool.state must not be "hibernated", since EC2 hibernates no instance that ECS uses; received "hibernated". Take stopped, or running for those that have to be there at once.',
      ],
    ],
    [
      { warmPool: { state: "stoped" } },
      ['warmPool.state must be one of "stopped", "running"; received "stoped". Did you mean stopped?'],
    ],
    [
      { warmPool: { maxGroupPreparedCapacity: 4 } },
      [
        "warmPool.maxGroupPreparedCapacity must be a setting that there is; received 4. Did you mean maxPreparedCapacity?",
      ],
    ],
    [
      { warmPool: { minSize: 3, maxPreparedCapacity: 2 } },
      [
        'warmPool.maxPreparedCapacity must be at least minSize; received {"maxPreparedCapacity":2,"minSize":3}. Raise it, or lower minSize.',
      ],
    ],
    [
      { lifecycleHooks: Object.fromEntries(names(50).map((name) => [name, hook])) },
      [
        "lifecycleHooks must be at most 49, which is what a group takes beside ECS's own; received 50. Join some of them.",
      ],
    ],
    [
      {
        lifecycleHooks: {
          wait: {
            ...hook,
            notificationTargetArn: "arn:aws:iam::1:role/x",
            roleArn: "arn:aws:sqs:eu-west-1:111122223333:hooks",
          },
        },
      },
      [
        'lifecycleHooks.wait.notificationTargetArn must be an ARN of SNS or SQS; received "arn:aws:iam::1:role/x". For example arn:aws:sns:REGION:ACCOUNT:TOPIC.',
        'lifecycleHooks.wait.roleArn must be an ARN of a role; received "arn:aws:sqs:eu-west-1:111122223333:hooks". For example arn:aws:iam::ACCOUNT:role/NAME.',
      ],
    ],
    [
      { lifecycleHooks: { wait: { ...hook, notificationTargetArn: "hooks", roleArn: "arn:aws:iam::1:role/x" } } },
      [
        'lifecycleHooks.wait.notificationTargetArn must be an ARN of SNS or SQS; received "hooks". For example arn:aws:sns:REGION:ACCOUNT:TOPIC.',
      ],
    ],
    [
      { lifecycleHooks: { wait: { ...hook, roleArn: "arn:aws:iam::1:role/x" } } },
      [
        'lifecycleHooks.wait.notificationTargetArn must come with roleArn; received {"roleArn":"arn:aws:iam::1:role/x"}. Auto Scaling tells the target in that role: give both, or neither.',
      ],
    ],
    [
      { capacityProviders: { arm: { lifecycleHooks: { wait: { ...hook, heartbeatTimeoutSeconds: 7201 } } } } },
      [
        "capacityProviders.arm.lifecycleHooks.wait.heartbeatTimeoutSeconds must be at most 7200; received 7201. Change it, or leave the setting out for its default.",
      ],
    ],
  ])("say setting, rule, value received and fix: %j", (settings, expected) => {
    expect(mistakes(settings)).toEqual(expected);
  });

  it("are refused by the construct on its own too", () => {
    expect(mistakesOf(() => new Parts(emptyStack(), { capacity: { spot: true, warmPool: {} } }).capacity)).toEqual([
      expect.stringContaining("warmPool must be left out where Spot is bought"),
      'instance_types must hold a single type, since there is a warm pool; received ["t3.small","t3.large"]. Keep the preferred one, or leave warmPool out.',
    ]);
  });
});
