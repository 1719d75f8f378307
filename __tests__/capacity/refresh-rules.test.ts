import type { EcsClusterSettings } from "../../src";
import { refreshMistakes } from "../../src/capacity/refresh-rules";
import { clusterStack } from "../support/cluster";
import { mistakesOf } from "../support/synthesized";

const alarms = (count: number) => Array.from({ length: count }, (_, index) => `alarm-${index}`);
const mistakes = (instanceRefresh: object) => mistakesOf(() => clusterStack({ instanceRefresh } as EcsClusterSettings));

describe("an instance refresh", () => {
  it.each<[string, object]>([
    ["with alarms that only stop it", { alarms: ["prod-5xx"] }],
    ["with a rollback and no alarm", { autoRollback: true }],
    ["with 10 alarms", { alarms: alarms(10), autoRollback: true }],
    ["with a single checkpoint, at the end", { checkpointPercentages: [100] }],
    ["with as many instances again", { minHealthyPercentage: 100, maxHealthyPercentage: 200 }],
  ])("may be %s", (_, instanceRefresh) => {
    expect(mistakes(instanceRefresh)).toEqual([]);
  });

  it.each<[object, string]>([
    [
      { bakeTimeSeconds: 600 },
      "instanceRefresh.bakeTimeSeconds must be left out: the AWS provider has no argument for a bake time; received 600. Pause before the last instances with checkpointPercentages ([90, 100]) and checkpointDelaySeconds, give each instance instanceWarmupSeconds, and let alarms with autoRollback undo what goes wrong.",
    ],
    [
      { bakeTime: "10m" },
      'instanceRefresh.bakeTime must be left out: the AWS provider has no argument for a bake time; received "10m". Pause before the last instances with checkpointPercentages ([90, 100]) and checkpointDelaySeconds, give each instance instanceWarmupSeconds, and let alarms with autoRollback undo what goes wrong.',
    ],
    [
      { minHealthyPercentage: 50, maxHealthyPercentage: 160 },
      'instanceRefresh.maxHealthyPercentage must be over minHealthyPercentage or over 100, by 100 at most; received {"maxHealthyPercentage":160,"minHealthyPercentage":50}. For example 110 and 100.',
    ],
    [
      { maxHealthyPercentage: 100 },
      'instanceRefresh.maxHealthyPercentage must be over minHealthyPercentage or over 100, by 100 at most; received {"maxHealthyPercentage":100,"minHealthyPercentage":100}. For example 110 and 100.',
    ],
    [
      { checkpointPercentages: [50, 50] },
      "instanceRefresh.checkpointPercentages must be percentages that grow; received [50,50]. For example [20, 50, 100].",
    ],
    [
      { checkpointPercentages: [] },
      "instanceRefresh.checkpointPercentages must be percentages that grow; received []. For example [20, 50, 100].",
    ],
    [
      { checkpointPercentages: [20, 50] },
      "instanceRefresh.checkpointPercentages must end with 100, since a refresh ends at its last checkpoint and leaves the other instances as they were; received [20,50]. Write [20,50,100].",
    ],
    [
      { checkpointDelaySeconds: 60 },
      "instanceRefresh.checkpointDelaySeconds must come with checkpointPercentages; received 60. Without a checkpoint there is no pause.",
    ],
    [
      { checkpointPercentages: [100], checkpointDelaySeconds: 172_801 },
      "instanceRefresh.checkpointDelaySeconds must be at most 172800; received 172801. Change it, or leave the setting out for its default.",
    ],
    [
      { alarms: [] },
      "instanceRefresh.alarms must be 1 to 10, which is what a refresh watches; received 0. Leave the setting out for none.",
    ],
    [
      { alarms: alarms(11) },
      "instanceRefresh.alarms must be 1 to 10, which is what a refresh watches; received 11. Join some of them in a composite alarm.",
    ],
    [
      { alarms: ["a", "b", "a"] },
      'instanceRefresh.alarms must name each alarm once; received ["a"] twice. Remove one of them.',
    ],
    [
      { alarms: ["a".repeat(256)] },
      `instanceRefresh.alarms must be names of at most 255 characters; received ["${"a".repeat(256)}"]. List those there are: aws cloudwatch describe-alarms --query MetricAlarms[].AlarmName`,
    ],
  ])("says setting, rule, value received and fix: %j", (instanceRefresh, message) => {
    expect(mistakes(instanceRefresh)).toEqual([message]);
  });

  it("says it in a provider's own settings, and of an undefined bake time too", () => {
    const own = { capacityProviders: { arm: { instanceRefresh: { alarms: [] } } } };
    expect(mistakesOf(() => clusterStack(own))).toEqual([
      expect.stringMatching(/^capacityProviders\.arm\.instanceRefresh\.alarms must be 1 to 10/),
    ]);
    expect(refreshMistakes({ alarms: ["a".repeat(255)] }, "refresh")).toEqual([]);
  });
});
