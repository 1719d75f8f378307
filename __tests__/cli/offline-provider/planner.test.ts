import { conform } from "../../../cli/offline-provider/plan/conform";
import { applyChange, type ProviderSettings, planChange } from "../../../cli/offline-provider/plan/planner";
import { deriveBlock } from "../../../cli/offline-provider/schema/derive";
import { isKnown, type ObjectValue, Unknown, type Value } from "../../../cli/offline-provider/wire/values";

const SETTINGS: ProviderSettings = {
  place: { region: "ap-northeast-2", partition: "aws", account: "000000000000" },
  defaultTags: {},
  subnetOf: () => undefined,
};

/** Returns a resource after its first apply. */
function applied(type: string, config: ObjectValue, settings = SETTINGS): ObjectValue {
  const block = deriveBlock("resource", type);
  const { state } = planChange(type, block, null, conform(block, config), settings);
  return applyChange(type, block, null, state, settings) as ObjectValue;
}

/** Returns the plan of a change of a resource. */
function changed(type: string, prior: ObjectValue, change: ObjectValue, settings = SETTINGS) {
  const { state, replaces } = planChange(type, deriveBlock("resource", type), prior, { ...prior, ...change }, settings);
  const unknown = Object.entries(state as ObjectValue).flatMap(([name, value]) =>
    value instanceof Unknown ? [name] : [],
  );
  return { replaces, unknown, state };
}

const CONFIGS: { readonly [type: string]: ObjectValue } = {
  aws_autoscaling_group: { name: "g", min_size: 1, max_size: 2 },
  aws_ecs_capacity_provider: { name: "cp", auto_scaling_group_provider: [{ auto_scaling_group_arn: "arn:g" }] },
  aws_ecs_cluster: { name: "ecs" },
  aws_ecs_service: { name: "web", cluster: "arn:aws:ecs:r:0:cluster/ecs", task_definition: "arn:t:1" },
  aws_ecs_task_definition: { family: "web", container_definitions: "[]", memory: "128" },
  aws_iam_role: { name: "role", assume_role_policy: "{}" },
  aws_iam_role_policy_attachment: { role: "role", policy_arn: "arn:p" },
  aws_key_pair: { key_name: "key", public_key: "ssh-ed25519 AAAA" },
  aws_launch_template: { name: "lt", image_id: "ami-1" },
  aws_lb: { name: "alb", internal: false, idle_timeout: 60 },
  aws_lb_listener: { load_balancer_arn: "arn:lb", port: 80, default_action: [{ type: "forward" }] },
  aws_lb_listener_rule: { listener_arn: "arn:l", priority: 1 },
  aws_lb_target_group: { name: "tg", port: 80, vpc_id: "vpc-1", deregistration_delay: "30" },
  aws_security_group: { name: "sg", description: "before", vpc_id: "vpc-1" },
  aws_vpc_security_group_ingress_rule: { security_group_id: "sg-1", ip_protocol: "tcp", from_port: 22, to_port: 22 },
  aws_cloudwatch_log_group: { name: "/ecs", retention_in_days: 14 },
  aws_placement_group: { name: "g", strategy: "partition", partition_count: 2 },
  aws_efs_file_system: { encrypted: true, throughput_mode: "bursting" },
  aws_efs_file_system_policy: { file_system_id: "fs-1", policy: "{}" },
  aws_efs_mount_target: { file_system_id: "fs-1", subnet_id: "subnet-1", security_groups: ["sg-1"] },
  aws_wafv2_web_acl: { name: "acl", scope: "REGIONAL", description: "before" },
  aws_wafv2_web_acl_association: { resource_arn: "arn:lb", web_acl_arn: "arn:acl" },
};

/** Changes, and the plan of the AWS provider. From its documentation ("Forces new resource"). */
const CHANGES: [type: string, change: ObjectValue, replaces: string[], unknown: string[]][] = [
  ["aws_launch_template", { image_id: "ami-2" }, [], ["latest_version"]],
  [
    "aws_launch_template",
    { image_id: "ami-2", update_default_version: true },
    [],
    ["default_version", "latest_version"],
  ],
  ["aws_launch_template", { description: "x" }, [], []],
  ["aws_launch_template", { name: "other" }, ["name"], []],
  ["aws_autoscaling_group", { max_size: 3 }, [], []],
  ["aws_autoscaling_group", { name: "other" }, ["name"], []],
  ["aws_ecs_task_definition", { container_definitions: '[{"image":"x"}]' }, ["container_definitions"], []],
  ["aws_ecs_task_definition", { memory: "256" }, ["memory"], []],
  ["aws_ecs_task_definition", { tags: { a: "b" } }, [], []],
  ["aws_ecs_service", { task_definition: "arn:t:2", desired_count: 3 }, [], []],
  ["aws_ecs_service", { launch_type: "EC2" }, ["launch_type"], []],
  ["aws_ecs_service", { cluster: "arn:other" }, ["cluster"], []],
  [
    "aws_ecs_service",
    { capacity_provider_strategy: [{ capacity_provider: "cp", weight: 1, base: 0 }] },
    ["capacity_provider_strategy"],
    [],
  ],
  ["aws_ecs_capacity_provider", { name: "other" }, ["name"], []],
  ["aws_ecs_capacity_provider", { tags: { a: "b" } }, [], []],
  ["aws_ecs_cluster", { name: "other" }, ["name"], []],
  ["aws_lb", { idle_timeout: 30 }, [], []],
  ["aws_lb", { internal: true }, ["internal"], []],
  ["aws_lb_listener", { port: 443 }, [], []],
  ["aws_lb_listener", { load_balancer_arn: "arn:other" }, ["load_balancer_arn"], []],
  ["aws_lb_listener_rule", { priority: 2 }, [], []],
  ["aws_lb_target_group", { port: 81 }, ["port"], []],
  ["aws_lb_target_group", { deregistration_delay: "60" }, [], []],
  ["aws_security_group", { description: "after" }, ["description"], []],
  ["aws_vpc_security_group_ingress_rule", { from_port: 23 }, [], []],
  ["aws_vpc_security_group_ingress_rule", { security_group_id: "sg-2" }, ["security_group_id"], []],
  ["aws_iam_role", { assume_role_policy: '{"a":1}' }, [], []],
  ["aws_iam_role", { name: "other" }, ["name"], []],
  ["aws_iam_role_policy_attachment", { policy_arn: "arn:q" }, ["policy_arn"], []],
  ["aws_key_pair", { public_key: "ssh-ed25519 BBBB" }, ["public_key"], []],
  ["aws_cloudwatch_log_group", { retention_in_days: 30 }, [], []],
  ["aws_cloudwatch_log_group", { name: "/other" }, ["name"], []],
  ["aws_placement_group", { partition_count: 3 }, ["partition_count"], []],
  ["aws_placement_group", { tags: { a: "b" } }, [], []],
  ["aws_efs_file_system", { encrypted: false }, ["encrypted"], []],
  ["aws_efs_file_system", { throughput_mode: "elastic" }, [], []],
  ["aws_efs_file_system_policy", { file_system_id: "fs-2" }, ["file_system_id"], []],
  ["aws_efs_mount_target", { subnet_id: "subnet-2" }, ["subnet_id"], []],
  ["aws_efs_mount_target", { security_groups: ["sg-2"] }, [], []],
  ["aws_wafv2_web_acl", { scope: "CLOUDFRONT" }, ["scope"], []],
  ["aws_wafv2_web_acl", { description: "after" }, [], []],
  ["aws_wafv2_web_acl_association", { web_acl_arn: "arn:other" }, ["web_acl_arn"], []],
  ["aws_ecs_cluster", { region: "eu-west-1" }, ["region"], []],
];

describe("a planned change", () => {
  it.each(CHANGES)("of %s to %j replaces because of %j, and makes %j unknown", (type, change, replaces, unknown) => {
    const plan = changed(type, applied(type, CONFIGS[type] ?? {}), change);
    expect(plan.replaces).toEqual(replaces);
    expect(plan.unknown.sort()).toEqual(unknown);
  });

  it.each(Object.keys(CONFIGS))("without a difference leaves %s as it is", (type) => {
    const prior = applied(type, CONFIGS[type] ?? {});
    expect(changed(type, prior, {})).toEqual({ replaces: [], unknown: [], state: prior });
  });

  it("of a strategy is in place with a new deployment, except for the first strategy", () => {
    const strategy = (weight: number) => [{ capacity_provider: "cp", weight, base: 0 }];
    const forced = { ...CONFIGS.aws_ecs_service, force_new_deployment: true };
    const service = applied("aws_ecs_service", { ...forced, capacity_provider_strategy: strategy(1) });
    expect(changed("aws_ecs_service", service, { capacity_provider_strategy: strategy(2) }).replaces).toEqual([]);
    const none = applied("aws_ecs_service", forced);
    expect(changed("aws_ecs_service", none, { capacity_provider_strategy: strategy(1) }).replaces).toEqual([
      "capacity_provider_strategy",
    ]);
  });

  it("that adds a nested block makes the computed values of the block unknown", () => {
    const prior = applied("aws_launch_template", CONFIGS.aws_launch_template ?? {});
    const ebs = { ...conform(deriveBlock("resource", "aws_launch_template"), {}), volume_size: 30, volume_type: null };
    const mapping = { device_name: "/dev/xvda", no_device: null, virtual_name: null, ebs: [ebs] };
    const { state } = changed("aws_launch_template", prior, { block_device_mappings: [mapping as unknown as Value] });
    expect(state).toMatchObject({
      block_device_mappings: [{ ebs: [{ volume_size: 30, volume_type: Unknown.VALUE }] }],
    });
  });

  it("that creates a resource knows the region, and no computed attribute", () => {
    const block = deriveBlock("resource", "aws_ecs_cluster");
    const { state } = planChange("aws_ecs_cluster", block, null, conform(block, { name: "ecs" }), SETTINGS);
    expect(state).toMatchObject({ region: "ap-northeast-2", arn: Unknown.VALUE, id: Unknown.VALUE, tags: null });
    expect(state).toMatchObject({ tags_all: Unknown.VALUE });
  });

  it("of tags also changes tags_all, which has the default tags", () => {
    const settings = { ...SETTINGS, defaultTags: { project: "x" } };
    const prior = applied("aws_ecs_cluster", { name: "ecs", tags: { a: "1" } }, settings);
    expect(prior.tags_all).toEqual({ project: "x", a: "1" });
    expect(changed("aws_ecs_cluster", prior, { tags: { a: "2" } }, settings).state).toMatchObject({
      tags_all: { project: "x", a: "2" },
    });
    expect(changed("aws_ecs_cluster", prior, { tags: { a: Unknown.VALUE } }, settings).unknown).toEqual(["tags_all"]);
  });
});

describe("an applied resource", () => {
  const account = "000000000000";
  const cases: [type: string, expected: ObjectValue][] = [
    ["aws_ecs_cluster", { arn: `arn:aws:ecs:ap-northeast-2:${account}:cluster/ecs` }],
    ["aws_ecs_service", { arn: `arn:aws:ecs:ap-northeast-2:${account}:service/ecs/web` }],
    ["aws_ecs_capacity_provider", { arn: `arn:aws:ecs:ap-northeast-2:${account}:capacity-provider/cp` }],
    ["aws_iam_role", { arn: `arn:aws:iam::${account}:role/role`, id: "role" }],
    ["aws_cloudwatch_log_group", { arn: `arn:aws:logs:ap-northeast-2:${account}:log-group:/ecs`, id: "/ecs" }],
    ["aws_autoscaling_group", { id: "g", desired_capacity: 1 }],
    ["aws_lb", { dns_name: "alb-offline.ap-northeast-2.elb.amazonaws.com" }],
    ["aws_key_pair", { id: "key", key_type: "ed25519" }],
  ];

  it.each(cases)("has values in AWS's format: %s", (type, expected) => {
    expect(applied(type, CONFIGS[type] ?? {})).toMatchObject(expected);
  });

  it.each(Object.keys(CONFIGS))("has an id and no unknown value: %s", (type) => {
    const state = applied(type, CONFIGS[type] ?? {});
    expect(isKnown(state)).toBe(true);
    expect(state.id).toEqual(expect.stringMatching(/./));
  });

  it("has the same id for the same configuration, and another id for another one", () => {
    const [one, same, other] = ["ami-1", "ami-1", "ami-2"].map((image_id) =>
      applied("aws_launch_template", { image_id }),
    );
    expect(one?.id).toMatch(/^lt-offline-[0-9a-f]{10}$/);
    expect(same?.id).toBe(one?.id);
    expect(other?.id).not.toBe(one?.id);
  });

  it("has a name with its prefix", () => {
    expect(applied("aws_launch_template", { name_prefix: "web-" }).name).toMatch(/^web-offline[0-9a-f]+$/);
    expect(applied("aws_lb_target_group", { name_prefix: "web-" }).arn).toMatch(
      /:targetgroup\/web-offline[0-9a-f]+\/[0-9a-f]{16}$/,
    );
  });

  it("adds a version of a launch template for a change, except for a change of tags", () => {
    const block = deriveBlock("resource", "aws_launch_template");
    const first = applied("aws_launch_template", { image_id: "ami-1" });
    const next = (change: ObjectValue) => {
      const { state } = planChange("aws_launch_template", block, first, { ...first, ...change }, SETTINGS);
      return applyChange("aws_launch_template", block, first, state, SETTINGS) as ObjectValue;
    };
    expect(first.latest_version).toBe(1);
    expect(next({ image_id: "ami-2" }).latest_version).toBe(2);
    expect(next({ tags: { a: "b" } }).latest_version).toBe(1);
  });

  it("has another revision and ARN when the content of a task definition differs", () => {
    const [one, other] = ["[1]", "[2]"].map((text) =>
      applied("aws_ecs_task_definition", { family: "web", container_definitions: text }),
    );
    expect(one?.arn).toMatch(/:task-definition\/web:\d+$/);
    expect(other?.arn).not.toBe(one?.arn);
    expect(other?.arn_without_revision).toBe(one?.arn_without_revision);
  });

  it("gets an id and an ARN when its type has no identity", () => {
    const state = applied("aws_sfn_state_machine", { name: "jobs" });
    expect(state.id).toMatch(/^state-machine-offline-/);
    expect(state.arn).toBe(`arn:aws:sfn:ap-northeast-2:${account}:state-machine/jobs`);
  });

  it("is null after its destruction", () => {
    const block = deriveBlock("resource", "aws_ecs_cluster");
    const prior = applied("aws_ecs_cluster", { name: "ecs" });
    expect(planChange("aws_ecs_cluster", block, prior, null, SETTINGS)).toEqual({ state: null, replaces: [] });
    expect(applyChange("aws_ecs_cluster", block, prior, null, SETTINGS)).toBeNull();
  });
});

describe("blocks of a service that the AWS provider keeps when they are omitted", () => {
  const strategyOf = ({ deployment_configuration }: ObjectValue) =>
    (deployment_configuration as ObjectValue[]).map(({ strategy }) => strategy);

  it("are those of AWS for a service that never had them", () => {
    const service = applied("aws_ecs_service", CONFIGS.aws_ecs_service as ObjectValue);
    expect(strategyOf(service)).toEqual(["ROLLING"]);
    expect(service.alarms).toEqual([]);
  });

  it("stay as they are, so that a strategy and alarms end only with other values", () => {
    const alarms = [{ alarm_names: ["a"], enable: true, rollback: true }];
    const config = { ...CONFIGS.aws_ecs_service, deployment_configuration: [{ strategy: "CANARY" }], alarms };
    const service = applied("aws_ecs_service", config);
    const { state } = changed("aws_ecs_service", service, { deployment_configuration: [], alarms: [] });
    expect(strategyOf(state as ObjectValue)).toEqual(["CANARY"]);
    expect((state as ObjectValue).alarms).toEqual(service.alarms);
    const rolling = changed("aws_ecs_service", service, { deployment_configuration: [{ strategy: "ROLLING" }] });
    expect(strategyOf(rolling.state as ObjectValue)).toEqual(["ROLLING"]);
  });
});
