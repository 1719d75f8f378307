import { type EcsClusterSettings, EcsClusterStack, SettingsError } from "../../src";
import { clusterStack } from "../support/cluster";
import { at, count, ofType, type Part, resource, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

const stackOf = (settings: EcsClusterSettings = {}) => synthesized(clusterStack(settings));

describe("EcsClusterStack", () => {
  it("makes no network", () => {
    const types = Object.keys(stackOf().resource as Part);
    const network =
      /^aws_(vpc|default_vpc|subnet|default_subnet|(egress_only_)?internet_gateway|nat_gateway|eip|route.*|vpc_peering.*|ec2_transit.*)$/;
    expect(types.filter((type) => network.test(type))).toEqual([]);
  });

  it("needs the Terraform that its validations and S3's lock file need", () => {
    expect(at(stackOf(), "terraform", "required_version")).toBe(">= 1.10");
  });

  it("tags everything with its cluster, where a tag of the caller's own wins", () => {
    expect(at(stackOf(), "provider", "aws", 0)).toMatchObject({
      region: "${var.region}",
      default_tags: [{ tags: "${merge({ Cluster = var.name }, var.tags)}" }],
    });
  });

  it("always has a backend, relative and out of cdktf.out", () => {
    expect(at(stackOf(), "terraform", "backend")).toEqual({ local: { path: "../../../terraform.ecs.tfstate" } });
    const s3 = { bucket: "states", region: "eu-west-1" };
    expect(at(stackOf({ backend: { s3 } }), "terraform", "backend")).toEqual({
      s3: { ...s3, key: "ecs/terraform.tfstate", encrypt: true, use_lockfile: true },
    });
  });

  it("renders one port range into the agent's text and both groups' rules", () => {
    const json = stackOf({ portRange: { from: 40000, to: 50000 } });
    expect(at(json, "locals", "launch_template_user_data")).toContain("\nECS_DYNAMIC_HOST_PORT_RANGE=40000-50000\n");
    const range = { from_port: 40000, to_port: 50000 };
    expect(resource(json, "aws_vpc_security_group_ingress_rule.port_rules_instances_from_load_balancer")).toMatchObject(
      range,
    );
    expect(resource(json, "aws_vpc_security_group_egress_rule.port_rules_load_balancer_to_instances")).toMatchObject(
      range,
    );
  });

  it("joins the cluster by the cluster's own attribute, so that the cluster goes last on destroy", () => {
    expect(at(stackOf(), "locals", "launch_template_user_data")).toContain(
      "\nECS_CLUSTER=${aws_ecs_cluster.cluster.name}\n",
    );
  });

  it("drains Spot instances wherever Spot is used, without a further setting", () => {
    const json = stackOf({ spot: true });
    expect(at(json, "locals", "launch_template_user_data")).toContain("\nECS_ENABLE_SPOT_INSTANCE_DRAINING=true\n");
    expect(resource(json, "aws_autoscaling_group.capacity").capacity_rebalance).toBe(true);
    expect(JSON.stringify(stackOf())).not.toContain("SPOT_INSTANCE_DRAINING");
  });

  it("hands the variables to what they are for", () => {
    const json = stackOf();
    expect(resource(json, "aws_ecs_cluster.cluster").name).toBe("${var.name}");
    expect(resource(json, "aws_autoscaling_group.capacity")).toMatchObject({
      min_size: "${var.min_size}",
      max_size: "${var.max_size}",
      desired_capacity: "${var.desired_size}",
    });
    expect(
      at(json, "resource", "aws_launch_template", "launch_template", "block_device_mappings", 0, "ebs"),
    ).toMatchObject({
      volume_size: "${var.root_volume_gib}",
    });
    expect(resource(json, "aws_cloudwatch_log_group.cluster_log_group").retention_in_days).toBe(
      "${var.log_retention_days}",
    );
  });

  it("names every resource after the cluster, and the provider so that ECS takes it", () => {
    const json = stackOf();
    const names = Object.values(json.resource as Record<string, Record<string, Part>>)
      .flatMap((byName) => Object.values(byName))
      .flatMap(({ name, name_prefix, key_name_prefix }) => [name, name_prefix, key_name_prefix])
      .filter((name) => name !== undefined);
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !/^(cp-|\/ecs\/)?\$\{var\.name\}/.test(String(name)))).toEqual([]);
  });

  it.each([
    [{ loadBalancer: false }, ["aws_lb", "aws_lb_listener"]],
    [{ keyPair: "none" }, ["aws_key_pair"]],
    [{ keyPair: "existing" }, ["aws_key_pair"]],
  ] as [EcsClusterSettings, string[]][])("leaves out what a setting turns off: %j", (settings, types) => {
    expect(types.map((type) => count(stackOf(settings), type))).toEqual(types.map(() => 0));
    expect(types.map((type) => count(stackOf(), type))).toEqual(types.map(() => 1));
  });

  it("takes the existing key pair's name from its variable", () => {
    expect(resource(stackOf({ keyPair: "existing" }), "aws_launch_template.launch_template").key_name).toBe(
      "${var.key_name}",
    );
  });

  it("opens no SSH port where there is no key", () => {
    expect(Object.keys(ofType(stackOf({ keyPair: "none" }), "aws_vpc_security_group_ingress_rule"))).not.toContain(
      "port_rules_ssh",
    );
  });

  it("says every mistake before any construct exists", () => {
    const app = testApp();
    expect(() => new EcsClusterStack(app, "bad", { sopt: true } as EcsClusterSettings)).toThrow(SettingsError);
    expect(app.node.children.map(({ node }) => node.id)).not.toContain("bad");
  });

  it("may stand several times in one app", () => {
    const app = testApp();
    const stacks = ["dev", "prod"].map((id) => new EcsClusterStack(app, id, { values: { name: id } }));
    expect(stacks.map((stack) => at(synthesized(stack), "variable", "name", "default"))).toEqual(["dev", "prod"]);
  });

  it("warns in a check when fewer instances have joined than the least that there should be", () => {
    expect(at(stackOf(), "check", "instances_registered", "assert", 0, "condition")).toBe(
      "${data.aws_ecs_cluster.registered.registered_container_instances_count >= var.min_size}",
    );
  });
});
