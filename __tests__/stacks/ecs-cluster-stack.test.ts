import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import { type EcsClusterSettings, EcsClusterStack, SettingsError } from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { at, type Part } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

const synthesize = (settings: EcsClusterSettings = {}): string => Testing.synth(clusterStack(settings), true);
/** Returns a value of the stack's JSON. CDKTF's matchers know only resources, data sources and providers. */
const valueAt = (settings: EcsClusterSettings, ...path: (string | number)[]) =>
  at(JSON.parse(synthesize(settings)), ...path);
const userData = (settings: EcsClusterSettings = {}) => valueAt(settings, "locals", "launch_template_user_data");

describe("EcsClusterStack", () => {
  it("creates no network", () => {
    const network =
      /^aws_(vpc|default_vpc|subnet|default_subnet|(egress_only_)?internet_gateway|nat_gateway|eip|route.*|vpc_peering.*|ec2_transit.*)$/;
    expect(Object.keys(resourceCounts(synthesize())).filter((type) => network.test(type))).toEqual([]);
  });

  it("requires a Terraform version with validations across variables and the lock file of S3", () => {
    expect(valueAt({}, "terraform", "required_version")).toBe(">= 1.10");
  });

  it("tags every resource with its cluster, unless the user sets the tag", () => {
    expect(valueAt({}, "provider", "aws", 0)).toMatchObject({
      region: "${var.region}",
      default_tags: [{ tags: "${merge({ Cluster = var.name }, var.tags)}" }],
    });
  });

  it("allows one range of ports in the user data and in the rules of both security groups", () => {
    const settings = { portRange: { from: 40000, to: 50000 } };
    expect(userData(settings)).toContain("\nECS_DYNAMIC_HOST_PORT_RANGE=40000-50000\n");
    const json = synthesize(settings);
    const range = { from_port: 40000, to_port: 50000 };
    const [instances, loadBalancer] = ["instances", "load_balancer"].map(
      (id) => `\${aws_security_group.port_rules_${id}.id}`,
    );
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, { ...range, security_group_id: instances });
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupEgressRule, {
      ...range,
      security_group_id: loadBalancer,
    });
  });

  it("refers to the cluster in the user data, so that Terraform deletes the instances first", () => {
    expect(userData()).toContain("\nECS_CLUSTER=${aws_ecs_cluster.cluster.name}\n");
  });

  it("drains Spot Instances with spot", () => {
    expect(userData({ spot: true })).toContain("\nECS_ENABLE_SPOT_INSTANCE_DRAINING=true\n");
    expect(synthesize({ spot: true })).toHaveResourceWithProperties(AutoscalingGroup, { capacity_rebalance: true });
    expect(synthesize()).not.toContain("SPOT_INSTANCE_DRAINING");
  });

  it("passes the variables to the resources", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(EcsCluster, { name: "${var.name}" });
    expect(json).toHaveResourceWithProperties(AutoscalingGroup, {
      min_size: "${var.min_size}",
      max_size: "${var.max_size}",
      desired_capacity: "${var.desired_size}",
    });
    expect(json).toHaveResourceWithProperties(LaunchTemplate, {
      block_device_mappings: [
        { device_name: "/dev/xvda", ebs: expect.objectContaining({ volume_size: "${var.root_volume_gib}" }) },
      ],
    });
    expect(json).toHaveResourceWithProperties(CloudwatchLogGroup, { retention_in_days: "${var.log_retention_days}" });
  });

  it("starts every name with the cluster's name, except for the prefixes of capacity providers and log groups", () => {
    const names = Object.values(valueAt({}, "resource") as Record<string, Record<string, Part>>)
      .flatMap((byName) => Object.values(byName))
      .flatMap(({ name, name_prefix, key_name_prefix }) => [name, name_prefix, key_name_prefix])
      .filter((name) => name !== undefined);
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !/^(cp-|\/ecs\/)?\$\{var\.name\}/.test(String(name)))).toEqual([]);
  });

  it.each([
    ["aws_lb", { loadBalancer: false }],
    ["aws_lb_listener", { loadBalancer: false }],
    ["aws_key_pair", { keyPair: "none" }],
    ["aws_key_pair", { keyPair: "existing" }],
  ] as [string, EcsClusterSettings][])("creates no %s with %j", (type, settings) => {
    expect(resourceCounts(synthesize(settings))).not.toHaveProperty(type);
    expect(resourceCounts(synthesize())).toHaveProperty(type, 1);
  });

  it("uses the existing key pair of the variable key_name", () => {
    expect(synthesize({ keyPair: "existing" })).toHaveResourceWithProperties(LaunchTemplate, {
      key_name: "${var.key_name}",
    });
  });

  it("allows no SSH without a key pair", () => {
    expect(synthesize()).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, { from_port: 22 });
    expect(synthesize({ keyPair: "none" })).not.toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      from_port: 22,
    });
  });

  it("reports problems before it creates a construct", () => {
    const app = testApp();
    expect(() => new EcsClusterStack(app, "bad", { sopt: true } as EcsClusterSettings)).toThrow(SettingsError);
    expect(app.node.children.map(({ node }) => node.id)).not.toContain("bad");
  });

  it("allows several clusters in one app", () => {
    const app = testApp();
    const stacks = ["dev", "prod"].map((id) => new EcsClusterStack(app, id, { values: { name: id } }));
    const names = stacks.map((stack) => JSON.parse(Testing.synth(stack, true)).variable.name.default);
    expect(names).toEqual(["dev", "prod"]);
  });

  it("rejects the name of another cluster in the region before it creates a construct", () => {
    const app = testApp();
    new EcsClusterStack(app, "one");
    expect(problemsOf(() => new EcsClusterStack(app, "two"))).toEqual([
      `values.name must be different from every other cluster's in the region; received "ecs" in ap-northeast-2, like stack "one". Set another values.name or values.region.`,
    ]);
    expect(app.node.children.map(({ node }) => node.id)).toEqual(["one"]);
    expect(problemsOf(() => new EcsClusterStack(app, "two", { values: { region: "eu-west-1" } }))).toEqual([]);
  });

  it("warns in a check if fewer instances than min_size have joined", () => {
    expect(valueAt({}, "check", "instances_registered", "assert", 0, "condition")).toBe(
      "${data.aws_ecs_cluster.registered.registered_container_instances_count >= var.min_size}",
    );
  });
});
