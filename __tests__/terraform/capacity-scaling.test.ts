import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration, PUBLIC_KEY, unwrapped } from "../support/cluster";
import { describeTerraform } from "../support/terraform";

const variables = { ssh_public_key: PUBLIC_KEY };

describeTerraform("instances that come, are replaced and go", (lab) => {
  const started = (settings: EcsClusterSettings, given: object = {}) =>
    lab.terraform({ configuration: clusterConfiguration(settings), variables: { ...variables, ...given } });

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

  it("are held by a launching hook from the first one on, and by what it is afterwards", async () => {
    const hook = (heartbeatTimeoutSeconds: number) =>
      ({ lifecycleHooks: { wait: { transition: "launching", heartbeatTimeoutSeconds } } }) as const;
    const terraform = await started(hook(300));
    const first = await terraform.planJson();
    const change = (plan: typeof first, address: string) =>
      plan.resource_changes?.find((one) => one.address === address)?.change;
    const group = "aws_autoscaling_group.capacity";
    expect(change(first, group)?.after).toMatchObject({
      initial_lifecycle_hook: [{ name: "wait", heartbeat_timeout: 300, default_result: "ABANDON" }],
      wait_for_capacity_timeout: "0",
    });
    expect((await terraform.apply()).status).toBe(0);

    terraform.configure(clusterConfiguration(hook(600)));
    const second = await terraform.planJson();
    expect(change(second, group)?.actions).toEqual(["no-op"]);
    expect(change(second, "aws_autoscaling_lifecycle_hook.capacity_hook_wait")?.actions).toEqual(["update"]);
    expect((await terraform.apply()).status).toBe(0);

    terraform.configure(clusterConfiguration({}));
    expect(change(await terraform.planJson(), "aws_autoscaling_lifecycle_hook.capacity_hook_wait")?.actions).toEqual([
      "delete",
    ]);
    expect((await terraform.apply()).status).toBe(0);
    expect((await terraform.plan()).stdout).toContain("No changes.");
  });

  it("refuse a schedule that the group's own size would refuse when it is due", async () => {
    const settings = { schedules: { rush: { recurrence: "0 7 * * *", minSize: 5 } } };
    const { status, stderr } = await (await started(settings)).plan();
    expect(unwrapped(stderr)).toContain(
      "schedules.rush.minSize must be at most the group's maxSize, which no schedule moves; received 5, with 2. Give the schedule a maxSize too, or change the group's.",
    );
    expect(status).toBe(1);
    expect((await (await started(settings, { max_size: 5 })).plan()).status).toBe(2);
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
