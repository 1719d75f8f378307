import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration, unwrapped } from "../support/cluster";
import { partOf } from "../support/part-of";
import { describeTerraform } from "../support/terraform";

const GROUP = "aws_autoscaling_group.capacity";
const RUSH = "aws_autoscaling_schedule.capacity_schedule_rush";
const HOOK = "aws_autoscaling_lifecycle_hook.capacity_hook_wait";

describeTerraform("instances that come, are replaced and go", (lab) => {
  const small = (settings: EcsClusterSettings) =>
    clusterConfiguration({ keyPair: "none", loadBalancer: false, ...settings });
  /** What the guard that is meant stands on, and what that needs. */
  const refusedAt = async (address: string, settings: EcsClusterSettings, variables: object = {}) => {
    const configuration = partOf(small(settings), address);
    return (await lab.terraform({ configuration, variables: { ...variables } })).plan();
  };

  it("keep what a schedule moved, and are held by a hook from the first one on and by what it is afterwards; none is missed at 0", async () => {
    const settings = (heartbeatTimeoutSeconds?: number) =>
      small({
        values: { minSize: 0 },
        schedules: { night: { recurrence: "0 20 * * *", minSize: 0 } },
        ...(heartbeatTimeoutSeconds && {
          lifecycleHooks: { wait: { transition: "launching", heartbeatTimeoutSeconds } } as const,
        }),
      });
    const terraform = await lab.terraform({
      configuration: settings(300),
      fixtures: { registeredContainerInstances: 0 },
    });
    expect((await terraform.apply()).status).toBe(0);

    // Whatever min_size says afterwards: the schedule has it.
    terraform.setVariables({ min_size: 2 });
    terraform.configure(settings(600));
    const { resource_changes = [] } = await terraform.planJson();
    const change = (address: string) => resource_changes.find((one) => one.address === address)?.change;
    expect(change(GROUP)?.after).toMatchObject({
      initial_lifecycle_hook: [{ name: "wait", heartbeat_timeout: 300, default_result: "ABANDON" }],
      wait_for_capacity_timeout: "0",
    });
    expect(change(GROUP)?.actions).toEqual(["no-op"]);
    expect(change(HOOK)?.actions).toEqual(["update"]);
    expect((await terraform.apply()).status).toBe(0);

    terraform.setVariables({});
    terraform.configure(settings());
    const { stdout } = await terraform.apply();
    expect(stdout).toContain(`${HOOK}: Destruction complete`);
    expect(stdout).toContain("Resources: 0 added, 1 changed, 1 destroyed.");
    const settled = await terraform.plan();
    expect(settled.stdout).toContain("No changes.");
    expect(settled.stdout).not.toContain("Warning");
  });

  it("refuse a schedule that the group's own size would refuse when it is due", async () => {
    const settings = { schedules: { rush: { recurrence: "0 7 * * *", minSize: 5 } } };
    const { status, stderr } = await refusedAt(RUSH, settings);
    expect(unwrapped(stderr)).toContain(
      "schedules.rush.minSize must be at most the group's maxSize, which no schedule moves; received 5, with 2. Give the schedule a maxSize too, or change the group's.",
    );
    expect(status).toBe(1);
    expect((await refusedAt(RUSH, settings, { max_size: 5 })).status).toBe(2);
  });

  it("refuse a second type in a warm pool", async () => {
    const given = { instance_types: ["t3.small", "t3.large"] };
    const { status, stderr } = await refusedAt(GROUP, { warmPool: {} }, given);
    expect(unwrapped(stderr)).toContain(
      'instance_types must hold a single type, since there is a warm pool; received ["t3.small","t3.large"]. Keep the preferred one, or leave warmPool out.',
    );
    expect(status).toBe(1);
  });
});
