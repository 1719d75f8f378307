import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { PlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import { Testing } from "cdktf";
import { parse } from "smol-toml";
import type { EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";

Testing.setupJest();

const synthesize = (settings: EcsClusterSettings): string => Testing.synth(clusterStack(settings), true);
const problems = (settings: EcsClusterSettings) => problemsOf(() => clusterStack(settings));

/** Returns the user data of the instances. */
const userData = (settings: EcsClusterSettings): string =>
  JSON.parse(synthesize(settings)).locals.launch_template_user_data;
/** Returns Bottlerocket's settings as Terraform renders them. */
const bottlerocket = (settings: EcsClusterSettings) =>
  parse(
    userData({ amiFamily: "bottlerocket", keyPair: "none", ...settings })
      .replace("${aws_ecs_cluster.cluster.name}", "x")
      .replace('${"$"}', "$"),
  ).settings;

const CACHE = { sizeGib: 200, mountPath: "/cache" };
const GROUP = "sg-12345678";

describe("the instances of EcsClusterStack", () => {
  it("use the settings of Bottlerocket", () => {
    const settings = { motd: "it's ${not} evaluated", "host-containers": { control: { enabled: false } } };
    expect(bottlerocket({ sessionManager: false, bottlerocket: { adminContainer: false, settings } })).toEqual({
      motd: "it's ${not} evaluated",
      ecs: { cluster: "x", "awsvpc-block-imds": true },
      "host-containers": { control: { enabled: false }, admin: { enabled: false } },
    });
  });

  it("enable the admin container before the command that reads the agent's log, if the setting disables it", () => {
    const command = (settings: EcsClusterSettings): string =>
      JSON.parse(synthesize({ amiFamily: "bottlerocket", keyPair: "none", ...settings })).output.agent_log_command
        .value;
    expect(command({ bottlerocket: { adminContainer: false } })).toContain(
      "command='apiclient set host-containers.admin.enabled=true && sleep 30 && apiclient exec admin sudo sheltie",
    );
    expect(command({})).toContain("command='apiclient exec admin sudo sheltie");
  });

  it("encrypt every volume with the customer's key, and mount further volumes before the extra user data", () => {
    const settings: EcsClusterSettings = { volumes: { cache: CACHE }, extraUserData: ["ls /cache"], customerKey: true };
    const ebs = { encrypted: "true", volume_type: "gp3", delete_on_termination: "true" };
    const encrypted = { ...ebs, kms_key_id: "${aws_kms_key.encryption_key.arn}" };
    expect(synthesize(settings)).toHaveResourceWithProperties(LaunchTemplate, {
      block_device_mappings: [
        { device_name: "/dev/xvda", ebs: { ...encrypted, volume_size: "${var.root_volume_gib}" } },
        { device_name: "/dev/xvdf", ebs: { ...encrypted, volume_size: 200 } },
      ],
    });
    expect(userData(settings)).toMatch(
      /\nECS_CONFIG\n# The ECS agent does not start before[\s\S]*\nmount_volume xvdf 200 \/cache\n.*\n.*touch \/run\/ecs-ready.*\nls \/cache\n$/,
    );
  });

  it("have further security groups with extraSecurityGroups", () => {
    const json = synthesize({ extraSecurityGroups: true });
    expect(json).toHaveResourceWithProperties(LaunchTemplate, {
      network_interfaces: [
        expect.objectContaining({
          security_groups: "${concat([aws_security_group.port_rules_instances.id], var.extra_security_group_ids)}",
        }),
      ],
    });
    expect(JSON.parse(json).variable.extra_security_group_ids).not.toHaveProperty("default");
  });

  it("use an instance profile, a security group and a key that exist, which the stack does not create", () => {
    const stack = clusterStack({
      ...{ instanceProfile: "existing", instanceSecurityGroup: "existing", customerKey: "existing" },
      ...{ loadBalancer: {}, keyPair: "existing" },
    });
    const text = Testing.synth(stack, true);
    const json = JSON.parse(text);
    expect(text).toHaveResourceWithProperties(LaunchTemplate, {
      iam_instance_profile: { arn: "${var.instance_profile_arn}" },
      network_interfaces: [expect.objectContaining({ security_groups: ["${var.instance_security_group_id}"] })],
      block_device_mappings: [
        { device_name: "/dev/xvda", ebs: expect.objectContaining({ kms_key_id: "${var.customer_key_arn}" }) },
      ],
    });
    expect(json.resource).not.toHaveProperty("aws_iam_role");
    expect(json.resource).not.toHaveProperty("aws_iam_instance_profile");
    expect(json.resource).not.toHaveProperty("aws_kms_key");
    expect(json.output).not.toHaveProperty("instance_role_name");
    expect(json.output.instance_security_group_id.value).toBe("${var.instance_security_group_id}");
    expect(stack.instanceRole).toBeUndefined();
    // Only the load balancer has a new group. Its rule, and that of SSH, are added to the group that exists.
    expect(Object.keys(json.resource.aws_security_group)).toEqual(["port_rules_load_balancer"]);
    expect(Object.keys(json.resource.aws_vpc_security_group_egress_rule)).toEqual([
      "port_rules_load_balancer_to_instances",
    ]);
    const { aws_vpc_security_group_ingress_rule: rules } = json.resource;
    expect(rules.port_rules_instances_from_load_balancer.security_group_id).toBe("${var.instance_security_group_id}");
    expect(rules.port_rules_ssh.security_group_id).toBe("${var.instance_security_group_id}");
    expect(json.resource.aws_ecs_cluster.cluster.configuration.execute_command_configuration.kms_key_id).toBe(
      "${var.customer_key_arn}",
    );
  });

  it("are in the placement group of their capacity provider", () => {
    const json = synthesize({ capacityProviders: { main: {}, db: { placementGroup: "partition" } } });
    expect(json).toHaveResourceWithProperties(PlacementGroup, {
      name: "${var.name}-db-instances-partition-2",
      strategy: "partition",
    });
    expect(json).toHaveResourceWithProperties(AutoscalingGroup, {
      placement_group: "${aws_placement_group.db_capacity_placement_group.name}",
    });
    expect(JSON.parse(json).resource.aws_autoscaling_group.capacity).not.toHaveProperty("placement_group");
  });

  it("are in one zone with the placement group cluster, because Auto Scaling rejects several", () => {
    const zones = (placementGroup: "cluster" | "spread") => ({
      vpc_zone_identifier: expect.stringMatching(
        placementGroup === "cluster" ? /^\$\{slice\(.*, 0, min\(1, length\(.*\)\)\)\}$/ : /^(?!.*slice)/,
      ),
    });
    for (const placementGroup of ["cluster", "spread"] as const) {
      expect(synthesize({ placementGroup })).toHaveResourceWithProperties(AutoscalingGroup, zones(placementGroup));
    }
  });

  it("publish metrics every minute with detailedMonitoring", () => {
    expect(synthesize({ detailedMonitoring: true })).toHaveResourceWithProperties(LaunchTemplate, {
      monitoring: { enabled: true },
    });
  });

  it("can use the stack's settings of Bottlerocket if one capacity provider uses Bottlerocket", () => {
    const capacityProviders = { main: {}, rocket: { amiFamily: "bottlerocket" as const } };
    expect(problems({ capacityProviders, bottlerocket: {} })).toEqual([]);
  });

  it.each<[EcsClusterSettings, string]>([
    [
      { keyPair: "none", bottlerocket: {} },
      'bottlerocket must be used with amiFamily "bottlerocket", and not "amazon-linux-2023"; received {}. Set amiFamily too, or remove it.',
    ],
    [
      { capacityProviders: { main: {}, rocket: { bottlerocket: {} } } },
      'capacityProviders.rocket.bottlerocket must be used with amiFamily "bottlerocket", and not "amazon-linux-2023"; received {}. Set amiFamily too, or remove it.',
    ],
    [
      { amiFamily: "bottlerocket", bottlerocket: { settings: { ecs: { cluster: "other" } } } },
      'bottlerocket.settings.ecs.cluster must not be set here, because the library sets it; received "other". Remove it. The instances join the cluster of their stack.',
    ],
    [
      { extraUserData: ["systemctl restart ecs"] },
      'extraUserData[0] must not wait until ecs or docker starts, because systemd starts both after user data; received "systemctl restart ecs". Remove it, or use systemctl --no-block. The agent reads its variables when it starts: set them in agent.variables.',
    ],
    [
      { capacityProviders: { arm: { extraUserData: ["echo A=1 > /etc/ecs/ecs.config"] } } },
      'capacityProviders.arm.extraUserData[0] must not overwrite /etc/ecs/ecs.config, which has the name of the cluster; received "echo A=1 > /etc/ecs/ecs.config". Set variables in agent.variables, or append to the file with >>.',
    ],
    [
      { amiFamily: "bottlerocket", volumes: { cache: CACHE } },
      'volumes must not be set with bottlerocket; received {"cache": {"sizeGib": 200, "mountPath": "/cache"}}. Bottlerocket has no shell to mount them. Raise root_volume_gib, or use amazon-linux-2023.',
    ],
    [
      { extraSecurityGroups: true, values: { extraSecurityGroupIds: [] } },
      "values.extraSecurityGroupIds must have 1 to 4 different security groups; received []. An instance has at most 5, and the cluster adds one.",
    ],
    [
      { extraSecurityGroups: true, values: { extraSecurityGroupIds: ["default"] } },
      'values.extraSecurityGroupIds must be ids of security groups; received ["default"]. List the security groups: aws ec2 describe-security-groups --query SecurityGroups[].GroupId',
    ],
    [
      { values: { extraSecurityGroupIds: [GROUP] } },
      `values.extraSecurityGroupIds must be used with extraSecurityGroups; received ["${GROUP}"]. Set extraSecurityGroups too, or remove values.extraSecurityGroupIds.`,
    ],
  ])("reject %j", (settings, message) => {
    expect(problems(settings)).toEqual([message]);
  });

  it("warn about variables of the agent and settings of Bottlerocket that the library does not know", () => {
    const warnings = (settings: EcsClusterSettings) => {
      const { node } = clusterStack({ keyPair: "none", ...settings }).launchTemplate;
      return node.metadata.map(({ data }) => data as string);
    };
    expect(warnings({ agent: { variables: { ECS_NEW_IN_2030: "1" } } })).toEqual([
      expect.stringMatching(/^agent\.variables\.ECS_NEW_IN_2030: the library does not know this variable/),
    ]);
    expect(warnings({ amiFamily: "bottlerocket", bottlerocket: { settings: { measurement: {} } } })).toEqual([
      expect.stringMatching(/^bottlerocket\.settings\.measurement: the library does not know this setting/),
    ]);
    expect(warnings({})).toEqual([]);
  });

  it("reject Bottlerocket's settings that are too long for user data", () => {
    expect(problems({ amiFamily: "bottlerocket", bottlerocket: { settings: { motd: "x".repeat(17_000) } } })).toEqual([
      expect.stringMatching(/^bottlerocket\.settings must leave the user data within 16384 bytes; received 17\d{3}\. /),
    ]);
  });

  it("reject burstable types close together", () => {
    const instanceRequirements = {
      vCpuCount: { min: 2 },
      memoryMiB: { min: 4096 },
      burstablePerformance: "included" as const,
    };
    expect(problems({ placementGroup: "cluster", instanceRequirements })).toHaveLength(1);
    expect(problems({ placementGroup: "spread", instanceRequirements })).toEqual([]);
  });
});
