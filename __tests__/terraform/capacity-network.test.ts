import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration } from "../support/cluster";
import { EXAMPLE_FIXTURES, exampleValues } from "../support/examples";
import { expectSettled } from "../support/settled";
import { describeTerraform } from "../support/terraform";

describeTerraform("where instances are, and what is theirs,", (lab) => {
  it.each<[string, EcsClusterSettings]>([
    ["another VPC", { vpcId: "vpc-0123456789abcdef0" }],
    [
      "private subnets of another VPC, without a load balancer",
      { vpcId: "vpc-0123456789abcdef0", privateSubnets: true, loadBalancer: false },
    ],
  ])("with %s are applied, and then plan no changes", async (_, settings) => {
    const configuration = clusterConfiguration(settings);
    const variables = exampleValues(configuration);
    const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
    await expectSettled(terraform);
  });

  it("move to another placement group, and are replaced", async () => {
    const configuration = clusterConfiguration({ placementGroup: "partition" });
    const variables = exampleValues(configuration);
    const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
    expect((await terraform.apply()).status).toBe(0);
    terraform.configure(clusterConfiguration({ placementGroup: "spread" }));
    const { resource_changes = [] } = await terraform.planJson();
    const change = (address: string) => resource_changes.find((one) => one.address === address)?.change;
    expect(change("aws_placement_group.capacity_placement_group")?.after).toMatchObject({
      name: "ecs-instances-spread",
      strategy: "spread",
    });
    const group = change("aws_autoscaling_group.capacity");
    expect(group?.actions).toEqual(["update"]);
    expect(group?.after).toMatchObject({
      placement_group: "ecs-instances-spread",
      instance_refresh: [{ triggers: ["placement_group"] }],
    });
  });

  it.each<[string, EcsClusterSettings, object]>([
    ["max_size", { placementGroup: "spread" }, { max_size: 15 }],
    [
      "a schedule",
      { placementGroup: "spread", schedules: { rush: { recurrence: "0 7 * * *", maxSize: 15 } } },
      { max_size: 14 },
    ],
  ])("on hardware of their own fail the plan where %s is over what the zones run", async (_, settings, sizes) => {
    const configuration = clusterConfiguration(settings);
    const fixtures = { ...EXAMPLE_FIXTURES, zones: ["a", "c"] };
    const variables = { ...exampleValues(configuration), ...sizes };
    const terraform = await lab.terraform({ configuration, variables, fixtures });
    const { status, stderr } = await terraform.plan();
    expect(stderr.replace(/\s*\n[│ ]*/g, " ")).toContain(
      "max_size and maxSize of schedules must be at most 14 with placementGroup spread, which runs 7 instances a zone, here in ap-northeast-2a, ap-northeast-2c; received 15. Lower it, or choose partition.",
    );
    expect(status).toBe(1);
  });

  it("on hardware of their own may be as many as the zones run", async () => {
    const configuration = clusterConfiguration({ placementGroup: "spread" });
    const fixtures = { ...EXAMPLE_FIXTURES, zones: ["a", "c"] };
    const variables = { ...exampleValues(configuration), max_size: 14 };
    const terraform = await lab.terraform({ configuration, variables, fixtures });
    expect((await terraform.plan()).status).toBe(2);
  });

  it("close together fail the plan with a burstable type, which EC2 starts there in none", async () => {
    const configuration = clusterConfiguration({ placementGroup: "cluster" });
    const variables = exampleValues(configuration);
    const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
    const { status, stderr } = await terraform.plan();
    expect(status).toBe(1);
    expect(stderr.replace(/\s*\n[│ ]*/g, " ")).toContain(
      "These of instance_types can't be in a placement group with the strategy cluster: t3.small. Choose others: aws ec2 describe-instance-types",
    );
  });
});
