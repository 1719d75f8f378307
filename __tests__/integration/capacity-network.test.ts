import type { TerraformResult } from "../../cli/offline-provider";
import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration } from "../support/cluster";
import { EXAMPLE_FIXTURES, exampleValues } from "../support/examples";
import { casesAsModules, expectError } from "../support/modules";
import { partOf } from "../support/part-of";
import { expectSettled } from "../support/settled";
import { describeTerraform } from "../support/terraform";

const VPC = "vpc-0123456789abcdef0";
const GROUP = "aws_autoscaling_group.capacity";

describeTerraform("the network and placement of instances", (lab) => {
  /** Returns the configuration of a stack, and values for its required variables. */
  const caseOf = (settings: EcsClusterSettings) => {
    const configuration = clusterConfiguration({ keyPair: "none", ...settings });
    return { configuration, variables: exampleValues(configuration) };
  };

  it("has no changes after an apply with private subnets of another VPC", async () => {
    const settings = { vpcId: VPC, privateSubnets: true, loadBalancer: false } as const;
    await expectSettled(await lab.terraform({ ...caseOf(settings), fixtures: EXAMPLE_FIXTURES }));
  });

  it("replaces the instances when the placement group changes", async () => {
    const of = (placementGroup: "partition" | "spread") => caseOf({ vpcId: VPC, placementGroup });
    const terraform = await lab.terraform({ ...of("partition"), fixtures: EXAMPLE_FIXTURES });
    await expectSettled(terraform);
    terraform.configure(of("spread").configuration);
    const { resource_changes = [] } = await terraform.planJson("-refresh=false");
    const change = (address: string) => resource_changes.find((one) => one.address === address)?.change;
    expect(change("aws_placement_group.capacity_placement_group")?.after).toMatchObject({
      name: "ecs-instances-spread",
      strategy: "spread",
    });
    const group = change(GROUP);
    expect(group?.actions).toEqual(["update"]);
    expect(group?.after).toMatchObject({
      placement_group: "ecs-instances-spread",
      instance_refresh: [{ triggers: ["placement_group"] }],
    });
  });

  const ABOVE_LIMIT =
    "max_size and maxSize of schedules must be at most 14 with placementGroup spread, which runs 7 instances in each zone; received 15 in ap-northeast-2a, ap-northeast-2c. Lower it, or use partition.";
  const BURSTABLE =
    "instance_types must support placement groups with the strategy cluster; received t3.small. List the types that do: aws ec2 describe-instance-types";
  const rush = { rush: { recurrence: "0 7 * * *", maxSize: 15 } };
  const cases: readonly (readonly [what: string, settings: EcsClusterSettings, sizes: object, message: string])[] = [
    ["rejects a max_size above the limit of the zones", { placementGroup: "spread" }, { max_size: 15 }, ABOVE_LIMIT],
    [
      "rejects a schedule above the limit of the zones",
      { placementGroup: "spread", schedules: rush },
      { max_size: 14 },
      ABOVE_LIMIT,
    ],
    ["accepts the limit of the zones", { placementGroup: "spread" }, { max_size: 14 }, ""],
    ["rejects a burstable type in a cluster placement group", { placementGroup: "cluster" }, {}, BURSTABLE],
  ];
  let failed: TerraformResult;
  beforeAll(async () => {
    const modules = cases.map(([, settings, sizes]) => {
      const { configuration, variables } = caseOf(settings);
      return { configuration: partOf(configuration, GROUP), variables: { ...variables, ...sizes } };
    });
    failed = await (
      await casesAsModules(lab, modules, { fixtures: { ...EXAMPLE_FIXTURES, zones: ["a", "c"] } })
    ).plan();
  });

  it.each(cases.map(([what, , , message], index) => [what, message, index] as const))(
    "%s at plan",
    (_, message, index) => expectError(failed, index, message),
  );
});
