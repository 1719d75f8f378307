import type { TerraformResult } from "../../cli/offline-provider";
import type { CapacityProviderSettings, EcsClusterSettings } from "../../src";
import { clusterConfiguration } from "../support/cluster";
import { casesAsModules, expectError } from "../support/modules";
import { partOf } from "../support/part-of";
import { describeTerraform } from "../support/terraform";

const SMALL: EcsClusterSettings = { keyPair: "none", loadBalancer: false };
const arm: CapacityProviderSettings = {
  spot: true,
  values: { instanceTypes: ["m7g.large", "m6g.large"], minSize: 0, maxSize: 8 },
};

describeTerraform("several capacity providers", (lab) => {
  it("are added beside main with the AMI of their architecture, and change only the association of main", async () => {
    const path = "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id";
    const answers = { aws_ssm_parameter: { when: { name: path }, state: { insecure_value: "ami-0arm64" } } };
    const terraform = await lab.terraform({ configuration: clusterConfiguration(SMALL), fixtures: { answers } });
    expect((await terraform.apply()).status).toBe(0);
    const defaultStrategy = [
      { capacityProvider: "main", base: 1 },
      { capacityProvider: "arm", weight: 3 },
    ];
    terraform.configure(clusterConfiguration({ ...SMALL, capacityProviders: { main: {}, arm }, defaultStrategy }));
    const { resource_changes = [], output_changes } = await terraform.planJson();
    const changed = resource_changes.filter(({ change }) => !["no-op", "read"].includes(String(change.actions)));
    expect(changed.map(({ address, change }) => [address, String(change.actions)]).sort()).toEqual([
      ["aws_autoscaling_group.arm_capacity", "create"],
      ["aws_ecs_capacity_provider.arm_capacity_provider", "create"],
      ["aws_ecs_cluster_capacity_providers.capacity_association", "update"],
      ["aws_launch_template.arm_launch_template", "create"],
    ]);
    expect(output_changes?.arm_ami_id?.after).toBe("ami-0arm64");
    expect(output_changes?.ami_id?.after).not.toBe("ami-0arm64");
    expect(await terraform.applyPlanned()).toMatchObject({ status: 0, stderr: "" });
    expect(await terraform.plan()).toMatchObject({ status: 0, stderr: "" });
  });

  const association = "aws_ecs_cluster_capacity_providers.capacity_association";
  const cases: readonly (readonly [what: string, address: string, variables: object, message: string])[] = [
    [
      "a type that the region does not offer",
      ...(["data.aws_ssm_parameter.arm_image", { arm_instance_types: ["t9.mega"] }] as const),
      "arm_instance_types must be instance types that EC2 offers in ap-northeast-2; received t9.mega.",
    ],
    [
      "sizes that contradict each other",
      // Terraform reports a wrong default without the name of the module, so the case sets both variables.
      ...(["var.arm_max_size", { arm_min_size: 9, arm_max_size: 8 }] as const),
      'arm_max_size must be at least arm_min_size; received {"arm_max_size":8,"arm_min_size":9}. Raise it, or lower arm_min_size.',
    ],
    [
      "sizes above the limit of a cluster",
      ...([association, { x86_max_size: 4993 }] as const),
      "max_size of all capacity providers together must be at most 5000, the limit of a cluster; received 5001. Lower one of them, or use another cluster.",
    ],
    ["no problem at the limit of a cluster", association, { x86_max_size: 4992 }, ""],
  ];
  let failed: TerraformResult;
  beforeAll(async () => {
    const capacityProviders = { x86: { values: { instanceTypes: ["m7i.large"] } }, arm };
    const configuration = clusterConfiguration({ ...SMALL, capacityProviders });
    const modules = cases.map(([, address, variables]) => ({
      configuration: partOf(configuration, address),
      variables: { ...variables },
    }));
    failed = await (await casesAsModules(lab, modules)).plan();
  });

  it.each(cases.map(([what, , , message], index) => [what, message, index] as const))(
    "report %s with their variable at plan",
    (_, message, index) => expectError(failed, index, message),
  );
});
