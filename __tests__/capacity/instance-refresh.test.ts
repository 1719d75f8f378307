import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { Testing } from "cdktf";
import { hcl, type InstanceRefresh } from "../../src";
import { groupJson } from "../support/group";
import { problemsOf } from "../support/problems";

Testing.setupJest();

const alarms = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`);
const BAKE_TIME =
  "The AWS provider has no argument for a bake time. Pause before the last instances with checkpointPercentages ([90, 100]) and checkpointDelaySeconds, and let alarms with autoRollback undo a bad change.";

describe("an instance refresh", () => {
  it("starts a new instance before it terminates an old one by default", () => {
    expect(groupJson()).toHaveResourceWithProperties(AutoscalingGroup, {
      instance_refresh: {
        strategy: "Rolling",
        preferences: { min_healthy_percentage: 100, max_healthy_percentage: 110 },
      },
    });
  });

  it("renders every setting, with the names of alarms as literal text", () => {
    const instanceRefresh = {
      minHealthyPercentage: 50,
      maxHealthyPercentage: 150,
      instanceWarmupSeconds: 120,
      checkpointPercentages: [20, 100],
      checkpointDelaySeconds: 600,
      autoRollback: true,
      alarms: ["prod-5xx", "${x}"],
      skipMatching: true,
      scaleInProtectedInstances: "wait",
      standbyInstances: "terminate",
    } as const;
    expect(groupJson({ instanceRefresh })).toHaveResourceWithProperties(AutoscalingGroup, {
      instance_refresh: {
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
          scale_in_protected_instances: "Wait",
          standby_instances: "Terminate",
        },
      },
    });
  });

  it("replaces protected instances too, and keeps the default percentages beside other settings", () => {
    const json = groupJson({ terminationProtection: true, instanceRefresh: { skipMatching: true } });
    expect(json).toHaveResourceWithProperties(AutoscalingGroup, {
      instance_refresh: {
        strategy: "Rolling",
        preferences: {
          min_healthy_percentage: 100,
          max_healthy_percentage: 110,
          skip_matching: true,
          scale_in_protected_instances: "Refresh",
        },
      },
    });
  });

  it("accepts a list of alarms that only Terraform knows", () => {
    expect(groupJson({ instanceRefresh: { alarms: hcl`var.alarms`.list } })).toHaveResourceWithProperties(
      AutoscalingGroup,
      {
        instance_refresh: expect.objectContaining({
          preferences: expect.objectContaining({ alarm_specification: { alarms: "${var.alarms}" } }),
        }),
      },
    );
  });

  it("is not declared with false", () => {
    expect(groupJson({ instanceRefresh: false })).not.toContain("instance_refresh");
  });

  it.each<[string, InstanceRefresh]>([
    ["alarms without a rollback", { alarms: ["prod-5xx"] }],
    ["a rollback without alarms", { autoRollback: true }],
    ["10 alarms", { alarms: alarms(10), autoRollback: true }],
    ["an alarm's name of 255 characters", { alarms: ["a".repeat(255)] }],
    ["a single checkpoint at the end", { checkpointPercentages: [100] }],
    ["twice as many instances", { minHealthyPercentage: 100, maxHealthyPercentage: 200 }],
  ])("accepts %s", (_, instanceRefresh) => {
    expect(problemsOf(() => groupJson({ instanceRefresh }))).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      "a bake time in seconds",
      { bakeTimeSeconds: 600 },
      `bakeTimeSeconds must be left out; received 600. ${BAKE_TIME}`,
    ],
    ["a bake time as text", { bakeTime: "10m" }, `bakeTime must be left out; received "10m". ${BAKE_TIME}`],
    [
      "a maximum of more than 100 above the minimum",
      { minHealthyPercentage: 50, maxHealthyPercentage: 160 },
      "maxHealthyPercentage must be at most 100 above minHealthyPercentage, which is 50; received 160. For example 110, with a minHealthyPercentage of 100.",
    ],
    [
      "percentages that replace no instance",
      { maxHealthyPercentage: 100 },
      "maxHealthyPercentage must be above 100 when minHealthyPercentage is 100; received 100. For example 110, with a minHealthyPercentage of 100.",
    ],
    [
      "a maximum above 200",
      { maxHealthyPercentage: 201 },
      "maxHealthyPercentage must be a whole number from 100 to 200 (percent); received 201. For example 110.",
    ],
    [
      "a minimum above 100",
      { minHealthyPercentage: 101 },
      "minHealthyPercentage must be a whole number from 0 to 100 (percent); received 101. For example 100.",
    ],
    [
      "a warm-up of more than an hour",
      { instanceWarmupSeconds: 3601 },
      "instanceWarmupSeconds must be a whole number from 0 to 3600 (seconds); received 3601. Remove it for the default of AWS.",
    ],
    [
      "equal checkpoints",
      { checkpointPercentages: [50, 50, 100] },
      "checkpointPercentages must be ascending percentages; received [50, 50, 100]. For example [20, 50, 100].",
    ],
    [
      "no checkpoint",
      { checkpointPercentages: [] },
      "checkpointPercentages must be ascending percentages; received []. For example [20, 50, 100].",
    ],
    [
      "a checkpoint at 0 percent",
      { checkpointPercentages: [0, 100] },
      "checkpointPercentages[0] must be a whole number from 1 to 100 (percent); received 0. For example 50.",
    ],
    [
      "checkpoints that do not end with 100",
      { checkpointPercentages: [20, 50] },
      "checkpointPercentages must end with 100; received [20, 50]. End the list with 100. A refresh ends at its last checkpoint, and does not replace the other instances.",
    ],
    [
      "a delay without checkpoints",
      { checkpointDelaySeconds: 60 },
      "checkpointDelaySeconds must be used with checkpointPercentages; received 60. Without a checkpoint there is no pause. Set checkpointPercentages too, or remove it.",
    ],
    [
      "a delay of more than two days",
      { checkpointPercentages: [100], checkpointDelaySeconds: 172_801 },
      "checkpointDelaySeconds must be a whole number from 0 to 172800 (seconds); received 172801. Remove it for the default of AWS.",
    ],
    [
      "an empty list of alarms",
      { alarms: [] },
      "alarms must have 1 to 10 different alarms; received []. Remove the setting for none, or combine alarms in a composite alarm.",
    ],
    [
      "11 alarms",
      { alarms: alarms(11) },
      'alarms must have 1 to 10 different alarms; received ["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", …]. Remove the setting for none, or combine alarms in a composite alarm.',
    ],
    [
      "an alarm twice",
      { alarms: ["a", "b", "a"] },
      'alarms must have 1 to 10 different alarms; received ["a", "b", "a"]. Remove the setting for none, or combine alarms in a composite alarm.',
    ],
    [
      "an alarm's name of 256 characters",
      { alarms: ["a".repeat(256)] },
      `alarms[0] must be 1 to 255 characters long; received "${"a".repeat(79)}…. List the alarms: aws cloudwatch describe-alarms --query MetricAlarms[].AlarmName`,
    ],
    ["true", true as never, "must be false or an object; received true. Write it in braces: { name: value }."],
  ])("rejects %s", (_, instanceRefresh, message) => {
    const separator = message.startsWith("must") ? " " : ".";
    expect(problemsOf(() => groupJson({ instanceRefresh }))).toEqual([`instanceRefresh${separator}${message}`]);
  });
});
