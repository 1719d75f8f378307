import { parse } from "smol-toml";
import type { EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { at, mistakesOf, resource, synthesized } from "../support/synthesized";

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

  it("has other host containers beside the admin one, and the control one otherwise", () => {
    const settings = {
      "host-containers": {
        control: { enabled: false },
        logs: { source: "public.ecr.aws/x/logs:1", enabled: true, superpowered: false, "user-data": "eA==" },
      },
    };
    expect(toml({ sessionManager: false, bottlerocket: { settings } })).toMatchObject({
      "host-containers": { ...settings["host-containers"], admin: { enabled: true } },
    });
    const off = { adminContainer: false, settings };
    expect(toml({ sessionManager: false, bottlerocket: off })).toMatchObject({
      "host-containers": { ...settings["host-containers"], admin: { enabled: false } },
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
    const own = { [text]: { source: text, enabled: true, superpowered: false, "user-data": text } };
    const settings = { motd: text, [text]: { [text]: [text, { [text]: text }] }, "host-containers": own };
    expect(toml({ bottlerocket: { settings } })).toEqual({
      ...settings,
      ecs: { cluster: "x", "awsvpc-block-imds": true },
      "host-containers": { ...own, admin: { enabled: true } },
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
        'bottlerocket.settings.ecs is set by this library; received {"cluster":"other"}. Use the setting of the same purpose instead: agent.',
      ],
    ],
    [
      {
        amiFamily: "bottlerocket",
        sessionManager: false,
        bottlerocket: {
          settings: {
            autoscaling: { "should-wait": true },
            "host-containers": {
              admin: { enabled: false },
              control: { enabled: false },
              logs: { source: "x", enabled: "yes" },
              bare: true,
            },
          },
        },
      },
      [
        'bottlerocket.settings.autoscaling is set by this library; received {"should-wait":true}. Use the setting of the same purpose instead: warmPool.',
        'bottlerocket.settings.host-containers.admin is set by this library; received {"enabled":false}. Use the setting of the same purpose instead: adminContainer.',
        'bottlerocket.settings.host-containers.logs.enabled must be given as a boolean, without which Bottlerocket starts no container of yours; received "yes". For example {"source":"public.ecr.aws/…/name:1.0.0","enabled":true,"superpowered":false}.',
        'bottlerocket.settings.host-containers.logs.superpowered must be given as a boolean, without which Bottlerocket starts no container of yours; received nothing. For example {"source":"public.ecr.aws/…/name:1.0.0","enabled":true,"superpowered":false}.',
        'bottlerocket.settings.host-containers.bare.source must be given as a string, without which Bottlerocket starts no container of yours; received nothing. For example {"source":"public.ecr.aws/…/name:1.0.0","enabled":true,"superpowered":false}.',
        'bottlerocket.settings.host-containers.bare.enabled must be given as a boolean, without which Bottlerocket starts no container of yours; received nothing. For example {"source":"public.ecr.aws/…/name:1.0.0","enabled":true,"superpowered":false}.',
        'bottlerocket.settings.host-containers.bare.superpowered must be given as a boolean, without which Bottlerocket starts no container of yours; received nothing. For example {"source":"public.ecr.aws/…/name:1.0.0","enabled":true,"superpowered":false}.',
      ],
    ],
    [
      { amiFamily: "bottlerocket", bottlerocket: { settings: { "host-containers": ["admin"] } } },
      [
        'bottlerocket.settings.host-containers must be an object of containers by their names; received ["admin"]. For example { control: { enabled: false } }.',
      ],
    ],
    [
      {
        amiFamily: "bottlerocket",
        bottlerocket: { settings: { "host-containers": { control: { enabled: false } } } },
      },
      [
        "bottlerocket.settings.host-containers.control.enabled must be true with sessionManager, which leads into it; received false. Set sessionManager to false, or leave the control container on.",
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
      [
        expect.stringMatching(
          /^bottlerocket\.settings must leave the user data within 16384 bytes; received 17\d{3} bytes/,
        ),
      ],
    ],
  ])("says what its settings break: %j", (settings, expected) => {
    expect(mistakes(settings)).toEqual(expected);
  });

  it("refuses what TOML has no word for", () => {
    expect(mistakes({ amiFamily: "bottlerocket", bottlerocket: { settings: { motd: null } } })).toHaveLength(1);
  });
});
