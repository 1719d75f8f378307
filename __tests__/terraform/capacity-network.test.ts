import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration, unwrapped } from "../support/cluster";
import { EXAMPLE_FIXTURES, exampleValues } from "../support/examples";
import { partOf } from "../support/part-of";
import { expectSettled } from "../support/settled";
import { describeTerraform } from "../support/terraform";

const VPC = "vpc-0123456789abcdef0";
const GROUP = "aws_autoscaling_group.capacity";

describeTerraform("where instances are, and what is theirs,", (lab) => {
  /** A stack with values for what it asks for. */
  const caseOf = (settings: EcsClusterSettings) => {
    const configuration = clusterConfiguration({ keyPair: "none", ...settings });
    return { configuration, variables: exampleValues(configuration) };
  };

  it.each<[string, EcsClusterSettings]>([
    ["another VPC", { vpcId: VPC }],
    [
      "private subnets of another VPC, without a load balancer",
      { vpcId: VPC, privateSubnets: true, loadBalancer: false },
    ],
  ])("with %s are applied, and then plan no changes", async (_, settings) => {
    await expectSettled(await lab.terraform({ ...caseOf(settings), fixtures: EXAMPLE_FIXTURES }));
  });

  it("move to another placement group, and are replaced", async () => {
    const { configuration, variables } = caseOf({ placementGroup: "partition" });
    const terraform = await lab.terraform({
      configuration: partOf(configuration, GROUP),
      variables,
      fixtures: EXAMPLE_FIXTURES,
    });
    expect((await terraform.apply()).status).toBe(0);
    terraform.configure(partOf(caseOf({ placementGroup: "spread" }).configuration, GROUP));
    const { resource_changes = [] } = await terraform.planJson();
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

  const planned = async (settings: EcsClusterSettings, sizes: object, zones?: readonly string[]) => {
    const { configuration, variables } = caseOf(settings);
    const fixtures = { ...EXAMPLE_FIXTURES, ...(zones && { zones }) };
    const given = { configuration: partOf(configuration, GROUP), variables: { ...variables, ...sizes }, fixtures };
    return (await lab.terraform(given)).plan();
  };

  it.each<[string, EcsClusterSettings, object]>([
    ["max_size", { placementGroup: "spread" }, { max_size: 15 }],
    [
      "a schedule",
      { placementGroup: "spread", schedules: { rush: { recurrence: "0 7 * * *", maxSize: 15 } } },
      { max_size: 14 },
    ],
  ])("on hardware of their own fail the plan where %s is over what the zones run", async (_, settings, sizes) => {
    const { status, stderr } = await planned(settings, sizes, ["a", "c"]);
    expect(unwrapped(stderr)).toContain(
      "max_size and maxSize of schedules must be at most 14 with placementGroup spread, which runs 7 instances a zone, here in ap-northeast-2a, ap-northeast-2c; received 15. Lower it, or choose partition.",
    );
    expect(status).toBe(1);
  });

  it("on hardware of their own may be as many as the zones run", async () => {
    expect((await planned({ placementGroup: "spread" }, { max_size: 14 }, ["a", "c"])).status).toBe(2);
  });

  it("close together fail the plan with a burstable type, which EC2 starts there in none", async () => {
    const { status, stderr } = await planned({ placementGroup: "cluster" }, {});
    expect(status).toBe(1);
    expect(unwrapped(stderr)).toContain(
      "These of instance_types can't be in a placement group with the strategy cluster: t3.small. Choose others: aws ec2 describe-instance-types",
    );
  });
});
