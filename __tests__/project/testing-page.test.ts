import "cdktf/lib/testing/adapters/jest";
import { DataAwsVpcs } from "@cdktf/provider-aws/lib/data-aws-vpcs";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { type App, Testing } from "cdktf";
import { Cluster, Ec2Service, EcsClusterStack, SettingsError } from "../../src";
import { planOffline } from "../../src/testing";

Testing.setupJest();

/** The stack that main.ts creates too. */
function shop(app: App): EcsClusterStack {
  const stack = new EcsClusterStack(app, "shop", { values: { name: "shop", minSize: 2, maxSize: 6 } });
  new Ec2Service(stack, "users", { cluster: stack, containerPort: 3000, memoryLimitMiB: 256, paths: ["/api/users*"] });
  return stack;
}

describe("the shop", () => {
  const json = Testing.synth(shop(Testing.app()), true);

  it("forwards /api/users to the service", () => {
    expect(json).toHaveResourceWithProperties(LbListenerRule, {
      condition: [{ path_pattern: { values: ["/api/users*"] } }],
    });
  });

  it("checks the health of each task on its own port", () => {
    expect(json).toHaveResourceWithProperties(LbTargetGroup, {
      health_check: expect.objectContaining({ path: "/", port: "traffic-port" }),
    });
  });

  it("uses the default VPC, and creates no NAT gateway", () => {
    expect(json).toHaveDataSourceWithProperties(DataAwsVpcs, {
      filter: [{ name: "is-default", values: ["true"] }],
    });
    expect(json).not.toHaveResource(NatGateway);
  });

  it("has one listener rule", () => {
    expect(Object.keys(JSON.parse(json).resource.aws_lb_listener_rule)).toEqual(["users_rule"]);
  });

  it("starts with two instances", () => {
    expect(JSON.parse(json).variable.min_size.default).toBe(2);
  });
});

describe("the cluster", () => {
  it("has enhanced Container Insights", () => {
    const json = Testing.synthScope((stack) => {
      new Cluster(stack, "cluster", { name: "shop", containerInsights: "enhanced" });
    });
    expect(json).toHaveResourceWithProperties(EcsCluster, {
      name: "shop",
      setting: [{ name: "containerInsights", value: "enhanced" }],
    });
  });
});

describe("settings", () => {
  it("cannot have a maximum size below the minimum size", () => {
    const create = () => new EcsClusterStack(Testing.app(), "shop", { values: { minSize: 3, maxSize: 2 } });
    expect(create).toThrow(SettingsError);
    expect(create).toThrow("values.maxSize must be at least");
  });
});

describe("the plan", () => {
  it("creates a listener rule for the service", async () => {
    const plan = await planOffline(shop(Testing.app()), { variables: { max_size: 4 } });
    expect(plan.ofType("aws_lb_listener_rule")).toHaveLength(1);
    expect(plan.resource("aws_autoscaling_group.capacity")).toMatchObject({ min_size: 2, max_size: 4 });
    expect(plan.outputs.cluster_name).toBe("shop");
    plan.assertChecks();
  });

  it("fails in an account without a default VPC", async () => {
    const plan = planOffline(shop(Testing.app()), { fixtures: { hasDefaultVpc: false } });
    await expect(plan).rejects.toThrow("There is no default VPC in ap-northeast-2.");
  });
});
