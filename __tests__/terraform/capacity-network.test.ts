import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration } from "../support/cluster";
import { EXAMPLE_FIXTURES, exampleValues } from "../support/examples";
import { describeTerraform } from "../support/terraform";

describeTerraform("where instances are, and what is theirs,", (lab) => {
  it.each<[string, EcsClusterSettings]>([
    ["another VPC", { vpcId: "vpc-0123456789abcdef0" }],
    [
      "private subnets of another VPC, without a load balancer",
      { vpcId: "vpc-0123456789abcdef0", privateSubnets: true, loadBalancer: false },
    ],
    [
      "volumes, security groups, a placement group, minutely metrics and a key",
      {
        ...{ extraSecurityGroups: true, placementGroup: "spread", detailedMonitoring: true, customerKey: true },
        volumes: {
          cache: { sizeGib: 100, mountPath: "/cache", iops: 4000 },
          logs: { sizeGib: 10, mountPath: "/logs" },
        },
      },
    ],
    ["instances close together", { placementGroup: "cluster", values: { instanceTypes: ["m7i.large"] } }],
    ["the service-linked role", { serviceLinkedRole: true }],
  ])("with %s are applied, and then plan no changes", async (_, settings) => {
    const configuration = clusterConfiguration(settings);
    const variables = exampleValues(configuration);
    const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
    const { status, stderr } = await terraform.apply();
    expect(stderr).not.toContain("Error");
    expect(status).toBe(0);
    const again = await terraform.plan();
    expect(again.stdout).toContain("No changes.");
    expect(again.status).toBe(0);
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
