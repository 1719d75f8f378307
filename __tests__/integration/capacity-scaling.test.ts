import type { TerraformResult } from "../../cli/offline-provider";
import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration } from "../support/cluster";
import { casesAsModules, expectComplaint } from "../support/modules";
import { partOf } from "../support/part-of";
import { describeTerraform } from "../support/terraform";

const GROUP = "aws_autoscaling_group.capacity";
const RUSH = "aws_autoscaling_schedule.capacity_schedule_rush";
const HOOK = "aws_autoscaling_lifecycle_hook.capacity_hook_wait";

describeTerraform("instances that come, are replaced and go", (lab) => {
  const small = (settings: EcsClusterSettings) =>
    clusterConfiguration({ keyPair: "none", loadBalancer: false, ...settings });
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
    expect((await terraform.applyPlanned()).status).toBe(0);

    terraform.setVariables({});
    terraform.configure(settings());
    const { stdout } = await terraform.apply();
    expect(stdout).toContain(`${HOOK}: Destruction complete`);
    expect(stdout).toContain("Resources: 0 added, 1 changed, 1 destroyed.");
    const settled = await terraform.plan();
    expect(settled.stdout).toContain("No changes.");
    expect(settled.stdout).not.toContain("Warning");
  });

  const schedules = { rush: { recurrence: "0 7 * * *", minSize: 5 } };
  /** What the guard that is meant stands on, and what that needs. */
  const judged: readonly (readonly [what: string, string, EcsClusterSettings, variables: object, message: string])[] = [
    [
      "a schedule that the group's own size would refuse when it is due",
      ...([RUSH, { schedules }, {}] as const),
      "schedules.rush.minSize must be at most the group's maxSize, which no schedule moves; received 5, with 2. Give the schedule a maxSize too, or change the group's.",
    ],
    ["no schedule that fits in it", RUSH, { schedules }, { max_size: 5 }, ""],
    [
      "a second type in a warm pool",
      ...([GROUP, { warmPool: {} }, { instance_types: ["t3.small", "t3.large"] }] as const),
      'instance_types must hold a single type, since there is a warm pool; received ["t3.small","t3.large"]. Keep the preferred one, or leave warmPool out.',
    ],
  ];
  let failed: TerraformResult;
  beforeAll(async () => {
    const cases = judged.map(([, address, settings, variables]) => ({
      configuration: partOf(small(settings), address),
      variables: { ...variables },
    }));
    failed = await (await casesAsModules(lab, cases)).plan();
  });

  it.each(judged.map(([what, , , , message], index) => [what, message, index] as const))(
    "refuse %s",
    (_, message, index) => expectComplaint(failed, index, message),
  );
});
