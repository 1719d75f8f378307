import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration, PUBLIC_KEY, unwrapped } from "../support/cluster";
import { expectSettled } from "../support/settled";
import { describeTerraform } from "../support/terraform";

const variables = { ssh_public_key: PUBLIC_KEY };
const settings: EcsClusterSettings = {
  capacityProviders: {
    x86: { values: { instanceTypes: ["m7i.large"], minSize: 1 } },
    arm: { spot: true, values: { instanceTypes: ["m7g.large", "m6g.large"], minSize: 0, maxSize: 8 } },
  },
  defaultStrategy: [
    { capacityProvider: "x86", base: 1 },
    { capacityProvider: "arm", weight: 3 },
  ],
};

describeTerraform("several capacity providers", (lab) => {
  it("are applied, each with the image of its architecture, and then plan no changes", async () => {
    const path = "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id";
    const answers = { aws_ssm_parameter: { when: { name: path }, state: { insecure_value: "ami-0arm64" } } };
    const configuration = clusterConfiguration(settings);
    const terraform = await lab.terraform({ configuration, variables, fixtures: { answers } });
    const { output_changes } = await terraform.planJson();
    expect(output_changes?.arm_ami_id?.after).toBe("ami-0arm64");
    expect(output_changes?.x86_ami_id?.after).not.toBe("ami-0arm64");
    await expectSettled(terraform);
  });

  it("can be added beside main, which stays as it is but for the association", async () => {
    const terraform = await lab.terraform({ configuration: clusterConfiguration(), variables });
    expect((await terraform.apply()).status).toBe(0);
    const capacityProviders = { main: {}, arm: settings.capacityProviders?.arm ?? {} };
    terraform.configure(clusterConfiguration({ capacityProviders }));
    const { resource_changes = [] } = await terraform.planJson();
    const changed = resource_changes.filter(({ change }) => !["no-op", "read"].includes(String(change.actions)));
    expect(changed.map(({ address, change }) => [address, String(change.actions)]).sort()).toEqual([
      ["aws_autoscaling_group.arm_capacity", "create"],
      ["aws_ecs_capacity_provider.arm_capacity_provider", "create"],
      ["aws_ecs_cluster_capacity_providers.capacity_association", "update"],
      ["aws_launch_template.arm_launch_template", "create"],
    ]);
  });

  it("name their own variable where a type isn't there or the sizes contradict each other or are over a cluster's", async () => {
    const configuration = clusterConfiguration(settings);
    const plan = async (given: object) => {
      const terraform = await lab.terraform({ configuration, variables: { ...variables, ...given } });
      return unwrapped((await terraform.plan()).stderr);
    };
    expect(await plan({ arm_instance_types: ["t9.mega"] })).toContain(
      "These of arm_instance_types are not offered in ap-northeast-2: t9.mega.",
    );
    expect(await plan({ arm_min_size: 9 })).toContain(
      'arm_max_size must be at least arm_min_size; received {"arm_max_size":8,"arm_min_size":9}. Raise it, or lower arm_min_size.',
    );
    expect(await plan({ x86_max_size: 4993 })).toContain(
      "max_size of the capacity providers must be at most 5000 together, which is what a cluster takes; received 5001. Lower one of them, or make another cluster.",
    );
    expect(await plan({ x86_max_size: 4992 })).toBe("");
  });
});
