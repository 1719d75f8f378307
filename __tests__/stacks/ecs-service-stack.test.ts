import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { DataAwsEcsClusters } from "@cdktf/provider-aws/lib/data-aws-ecs-clusters";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Testing } from "cdktf";
import { Ec2Service, EcsServiceStack, type EcsServiceStackSettings } from "../../src";
import { problemsOf } from "../support/problems";
import { testApp } from "../support/test-app";

Testing.setupJest();

const created = (settings: EcsServiceStackSettings = {}) => new EcsServiceStack(testApp(), "orders", settings);

describe("EcsServiceStack", () => {
  it("has a provider that tags everything with the cluster's name, a relative state and three variables", () => {
    const values = { clusterName: "prod", region: "eu-west-1", tags: { Team: "a" } };
    const { provider, terraform, variable } = JSON.parse(Testing.synth(created({ values }), true));
    expect(provider.aws).toEqual([
      { region: "${var.region}", default_tags: [{ tags: "${merge({ Cluster = var.cluster_name }, var.tags)}" }] },
    ]);
    expect(terraform).toMatchObject({
      backend: { local: { path: "../../../terraform.orders.tfstate" } },
      required_version: ">= 1.10",
    });
    expect(Object.keys(variable)).toEqual(["cluster_name", "region", "tags"]);
    expect(variable).toMatchObject({
      region: { default: "eu-west-1" },
      cluster_name: { default: "prod" },
      tags: { default: { Team: "a" } },
    });
  });

  it("looks up the cluster, and creates none of its parts for a service", () => {
    const stack = created();
    new Ec2Service(stack, "orders", { cluster: stack.cluster, containerPort: 80, paths: ["/api/orders*"] });
    const json = Testing.synth(stack, true);
    expect(json).toHaveDataSource(DataAwsEcsClusters);
    for (const type of [EcsCluster, Lb, LbListener, SecurityGroup, AutoscalingGroup]) {
      expect(json).not.toHaveResource(type);
    }
  });

  it("reports every problem at once", () => {
    const values = { clusterName: "p", region: "x", tags: { "aws:a": "b" } };
    expect(problemsOf(() => created({ values, capacity: "my arm", portRange: { from: 1, to: 2 } }))).toEqual([
      expect.stringMatching(/^values\.region must be the code of an AWS region; received "x"/),
      expect.stringMatching(/^values\.clusterName must be 3 to 24 characters long; received "p"/),
      expect.stringMatching(/^values\.tags must have no key that starts with aws:/),
      expect.stringMatching(/^capacity must be the name of a capacity provider in capacityProviders/),
      expect.stringMatching(/^portRange\.from must be a whole number from 1024 to 65535/),
      expect.stringMatching(/^portRange\.to must be a whole number from 1024 to 65535/),
    ]);
  });
});
