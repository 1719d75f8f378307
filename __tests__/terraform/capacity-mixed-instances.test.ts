import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration, PUBLIC_KEY } from "../support/cluster";
import { describeTerraform } from "../support/terraform";

const variables = { ssh_public_key: PUBLIC_KEY };
const instancesDistribution = { onDemandBaseCapacity: 2, onDemandPercentageAboveBaseCapacity: 25 };

describeTerraform("mixed instances", (lab) => {
  it.each<[string, EcsClusterSettings]>([
    ["types by name", { instancesDistribution, values: { instanceTypes: ["m7i.large", "m6i.large"] } }],
    [
      "types by requirements",
      {
        instancesDistribution,
        instanceRequirements: { vCpuCount: { min: 2, max: 4 }, memoryMiB: { min: 4096 }, architecture: "arm64" },
      },
    ],
  ])("of %s are applied, and then plan no changes", async (_, settings) => {
    const path = "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id";
    const answers = { aws_ssm_parameter: { when: { name: path }, state: { insecure_value: "ami-0arm64" } } };
    const configuration = clusterConfiguration(settings);
    const terraform = await lab.terraform({ configuration, variables, fixtures: { answers } });
    const { output_changes, resource_changes = [] } = await terraform.planJson();
    expect(output_changes?.ami_id?.after === "ami-0arm64").toBe(settings.instanceRequirements !== undefined);
    const group = resource_changes.find(({ address }) => address === "aws_autoscaling_group.capacity")?.change.after;
    const [policy] = (group?.mixed_instances_policy ?? []) as {
      instances_distribution: unknown[];
      launch_template: unknown[];
    }[];
    expect(policy?.instances_distribution).toMatchObject([
      { on_demand_base_capacity: 2, on_demand_percentage_above_base_capacity: 25 },
    ]);
    const { status, stderr } = await terraform.apply();
    expect(stderr).not.toContain("Error");
    expect(status).toBe(0);
    const again = await terraform.plan();
    expect(again.stdout).toContain("No changes.");
    expect(again.status).toBe(0);
  });
});
