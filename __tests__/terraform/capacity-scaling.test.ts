import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration, PUBLIC_KEY, unwrapped } from "../support/cluster";
import { describeTerraform } from "../support/terraform";

const variables = { ssh_public_key: PUBLIC_KEY };

describeTerraform("instances that come, are replaced and go", (lab) => {
  const started = (settings: EcsClusterSettings, given: object = {}) =>
    lab.terraform({ configuration: clusterConfiguration(settings), variables: { ...variables, ...given } });

  it.each<[string, EcsClusterSettings]>([
    [
      "checkpoints, rollback and a lifetime",
      {
        instanceRefresh: { checkpointPercentages: [20, 100], autoRollback: true, alarms: ["errors"] },
        maxInstanceLifetimeDays: 14,
      },
    ],
    ["no refresh", { instanceRefresh: false }],
    ["scheduled sizes", { schedules: { night: { recurrence: "0 20 * * *", minSize: 0, maxSize: 0 } } }],
    ["a warm pool and a hook", { warmPool: { minSize: 1 }, lifecycleHooks: { wait: { transition: "launching" } } }],
    ["a scale to zero", { values: { minSize: 0 } }],
  ])("with %s are applied, and then plan no changes", async (_, settings) => {
    const terraform = await started(settings);
    const { status, stderr } = await terraform.apply();
    expect(stderr).not.toContain("Error");
    expect(status).toBe(0);
    const again = await terraform.plan();
    expect(again.stdout).toContain("No changes.");
    expect(again.status).toBe(0);
  });

  it("can have none at all, without a warning that none has joined", async () => {
    const configuration = clusterConfiguration({ values: { minSize: 0 } });
    const terraform = await lab.terraform({ configuration, variables, fixtures: { registeredContainerInstances: 0 } });
    expect((await terraform.apply()).status).toBe(0);
    expect((await terraform.plan()).stdout).not.toContain("Warning");
  });

  it("keep what a schedule moved, whatever min_size says afterwards", async () => {
    const terraform = await started({ schedules: { night: { recurrence: "0 20 * * *", minSize: 0 } } });
    expect((await terraform.apply()).status).toBe(0);
    terraform.setVariables({ ...variables, min_size: 2 });
    const { resource_changes = [] } = await terraform.planJson();
    const group = resource_changes.find(({ address }) => address === "aws_autoscaling_group.capacity");
    expect(group?.change.actions).toEqual(["no-op"]);
  });

  it("refuse a second type in a warm pool", async () => {
    const terraform = await started({ warmPool: {} }, { instance_types: ["t3.small", "t3.large"] });
    const { status, stderr } = await terraform.plan();
    expect(unwrapped(stderr)).toContain(
      'instance_types must hold a single type, since there is a warm pool; received ["t3.small","t3.large"]. Keep the preferred one, or leave warmPool out.',
    );
    expect(status).toBe(1);
  });
});
