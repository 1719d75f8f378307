import { parse } from "smol-toml";
import type { EcsClusterSettings } from "../src";
import { clusterStack } from "./support/cluster";
import { at, mistakesOf, resource, synthesized } from "./support/synthesized";

const made = (settings: EcsClusterSettings) =>
  synthesized(clusterStack({ amiFamily: "bottlerocket", keyPair: "none", ...settings }));
const toml = (settings: EcsClusterSettings) =>
  parse(
    // As Terraform renders it.
    String(at(made(settings), "locals", "launch_template_user_data"))
      .replace("${aws_ecs_cluster.cluster.name}", "x")
      .replace('${"$"}', "$"),
  ).settings;
const mistakes = (settings: unknown) => mistakesOf(() => clusterStack(settings as EcsClusterSettings));

describe("Bottlerocket", () => {
  it("has its admin container, unless that is turned off", () => {
    expect(toml({})).toMatchObject({ "host-containers": { admin: { enabled: true } } });
    expect(toml({ bottlerocket: { adminContainer: false } })).toMatchObject({
      "host-containers": { admin: { enabled: false } },
    });
  });

  it("starts the admin container before it looks at the agent's log, where that is off", () => {
    const command = (settings: EcsClusterSettings) => at(made(settings), "output", "agent_log_command", "value");
    expect(command({ bottlerocket: { adminContainer: false } })).toContain(
      "command='apiclient set host-containers.admin.enabled=true && sleep 30 && apiclient exec admin sudo sheltie",
    );
    expect(command({})).toContain("command='apiclient exec admin sudo sheltie");
  });

  it("takes further settings beside those that are its cluster's", () => {
    const settings = {
      kernel: { sysctl: { "vm.max_map_count": "262144" } },
      ntp: { "time-servers": ["169.254.169.123"] },
      motd: "it's ${not} evaluated",
    };
    expect(toml({ bottlerocket: { settings } })).toMatchObject({
      kernel: { sysctl: { "vm.max_map_count": "262144" } },
      ntp: { "time-servers": ["169.254.169.123"] },
      motd: "it's ${not} evaluated",
      ecs: { cluster: "x" },
    });
  });

  it.each([
    'x"\n[settings.ecs]\ncluster = "other"',
    "'''\n[settings.host-containers.admin]\nenabled = false",
    '"""\n[settings.ecs]\ncluster = "other"\n"""',
    "\\",
    "]\n[[settings]]\n# ",
    "\u007f\u2028",
  ])("keeps a text that would break out of its place in it: %j", (text) => {
    const settings = { motd: text, [text]: { [text]: [text, { [text]: text }] } };
    expect(toml({ bottlerocket: { settings } })).toEqual({
      ...settings,
      ecs: { cluster: "x", "awsvpc-block-imds": true },
      "host-containers": { admin: { enabled: true } },
    });
  });

  it("sizes the volume of images and containers, and encrypts the system's too", () => {
    const devices = resource(made({}), "aws_launch_template.launch_template").block_device_mappings;
    expect(devices).toMatchObject([
      { device_name: "/dev/xvdb", ebs: { encrypted: "true", volume_size: "${var.root_volume_gib}" } },
      { device_name: "/dev/xvda", ebs: { encrypted: "true" } },
    ]);
  });

  it.each<[object, readonly string[]]>([
    [
      { bottlerocket: { adminContainer: false } },
      [
        'bottlerocket must come with amiFamily "bottlerocket"; received {"adminContainer":false} and "amazon-linux-2023". Set that too, or leave it out.',
        'bottlerocket.adminContainer must be true with a key pair, since SSH leads into it; received false and keyPair "import". Set keyPair to "none", or leave the admin container on.',
      ],
    ],
    [
      { amiFamily: "bottlerocket", bottlerocket: { adminContainer: false } },
      [
        'bottlerocket.adminContainer must be true with a key pair, since SSH leads into it; received false and keyPair "import". Set keyPair to "none", or leave the admin container on.',
      ],
    ],
    [
      { amiFamily: "bottlerocket", bottlerocket: { settings: { ecs: { cluster: "other" } } } },
      [
        'bottlerocket.settings.ecs is set by this library; received {"cluster":"other"}. Use the setting of the same purpose instead: agent, warmPool or adminContainer.',
      ],
    ],
    [
      { capacityProviders: { main: {}, rocket: { bottlerocket: {} } } },
      [
        'capacityProviders.rocket.bottlerocket must come with amiFamily "bottlerocket"; received {} and "amazon-linux-2023". Set that too, or leave it out.',
      ],
    ],
    [{ capacityProviders: { main: {}, rocket: { amiFamily: "bottlerocket" } }, bottlerocket: {} }, []],
    [
      { amiFamily: "bottlerocket", bottlerocket: { settings: { motd: "x".repeat(17_000) } } },
      [expect.stringMatching(/^extraUserData must leave the user data within 16384 bytes; received 17\d{3} bytes/)],
    ],
  ])("says what its settings break: %j", (settings, expected) => {
    expect(mistakes(settings)).toEqual(expected);
  });

  it("refuses what TOML has no word for", () => {
    expect(mistakes({ amiFamily: "bottlerocket", bottlerocket: { settings: { motd: null } } })).toHaveLength(1);
  });
});
