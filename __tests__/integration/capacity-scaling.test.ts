import type { TerraformResult } from "../../cli/offline-provider";
import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration } from "../support/cluster";
import { casesAsModules, expectError } from "../support/modules";
import { partOf } from "../support/part-of";
import { describeTerraform } from "../support/terraform";

const GROUP = "aws_autoscaling_group.capacity";
const RUSH = "aws_autoscaling_schedule.capacity_schedule_rush";
const HOOK = "aws_autoscaling_lifecycle_hook.capacity_hook_wait";

describeTerraform("the scaling of instances", (lab) => {
  const small = (settings: EcsClusterSettings) =>
    clusterConfiguration({ keyPair: "none", loadBalancer: false, ...settings });
  it("keeps the sizes of a schedule, adds a lifecycle hook before the first instance and updates and removes it", async () => {
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

    // The schedule sets the size, so Terraform ignores a new min_size.
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
    const { stdout, stderr } = await terraform.apply();
    expect(stderr).toBe("");
    expect(stdout).toContain(`${HOOK}: Destruction complete`);
    // The provider would replace a group that loses its initial hooks, and the capacity provider with it, which is in use.
    expect(stdout).not.toContain(`${GROUP} must be replaced`);
    expect((await terraform.plan()).status).toBe(0);
  });

  it("plans the policies of a group, and GPU types by requirements with the AMI for GPUs", async () => {
    const configuration = small({
      instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 110 },
      defaultInstanceWarmupSeconds: 120,
      terminationPolicies: ["OldestLaunchTemplate", "Default"],
      suspendedProcesses: ["AZRebalance"],
      capacityDistributionStrategy: "balanced-only",
      capacityReservationSpecification: {
        capacityReservationPreference: "capacity-reservations-first",
        capacityReservationIds: ["cr-0123456789abcdef0"],
      },
      instanceRequirements: {
        vCpuCount: { min: 4 },
        memoryMiB: { min: 8192 },
        acceleratorManufacturers: ["nvidia"],
        networkBandwidthGbps: { min: 2.5 },
      },
    });
    const terraform = await lab.terraform({ configuration });
    const { resource_changes = [], prior_state } = await terraform.planJson();
    expect(resource_changes.find(({ address }) => address === GROUP)?.change.after).toMatchObject({
      default_instance_warmup: 120,
      suspended_processes: ["AZRebalance"],
      availability_zone_distribution: [{ capacity_distribution_strategy: "balanced-only" }],
      capacity_reservation_specification: [
        { capacity_reservation_target: [{ capacity_reservation_ids: ["cr-0123456789abcdef0"] }] },
      ],
      mixed_instances_policy: [
        {
          launch_template: [
            {
              override: [
                {
                  instance_requirements: [{ accelerator_count: [{ min: 1 }], network_bandwidth_gbps: [{ min: 2.5 }] }],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(JSON.stringify(prior_state)).toContain(
      "/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id",
    );
  });

  const schedules = { rush: { recurrence: "0 7 * * *", minSize: 5 } };
  /** The resource with the precondition, the settings and variables, and the expected message. */
  const cases: readonly (readonly [what: string, string, EcsClusterSettings, variables: object, message: string])[] = [
    [
      "rejects a schedule that contradicts the group's size",
      ...([RUSH, { schedules }, {}] as const),
      "schedules.rush.minSize must be at most the group's maxSize, which no schedule changes; received 5, and maxSize is 2. Set maxSize of the schedule too, or change the group's.",
    ],
    ["accepts a schedule that fits the group's size", RUSH, { schedules }, { max_size: 5 }, ""],
    [
      "rejects a second instance type with a warm pool",
      ...([GROUP, { warmPool: {} }, { instance_types: ["t3.small", "t3.large"] }] as const),
      'instance_types must have a single instance type with warmPool; received ["t3.small","t3.large"]. Keep the preferred type, or remove warmPool.',
    ],
  ];
  let failed: TerraformResult;
  beforeAll(async () => {
    const modules = cases.map(([, address, settings, variables]) => ({
      configuration: partOf(small(settings), address),
      variables: { ...variables },
    }));
    failed = await (await casesAsModules(lab, modules)).plan();
  });

  it.each(cases.map(([what, , , , message], index) => [what, message, index] as const))(
    "%s at plan",
    (_, message, index) => expectError(failed, index, message),
  );
});
