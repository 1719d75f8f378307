import { parse } from "smol-toml";
import { AgentConfig, type BottlerocketSettings, hcl } from "../../src";
import { allowsPrivilegedContainers, withoutControlContainer } from "../../src/instances/bottlerocket";
import { problemsOf } from "../support/problems";

const config = (bottlerocket: BottlerocketSettings) =>
  new AgentConfig({ clusterName: "prod", family: "bottlerocket", bottlerocket });
const settingsOf = (bottlerocket: BottlerocketSettings) => parse(config(bottlerocket).toml()).settings;
const problems = (bottlerocket: object) => problemsOf(() => config(bottlerocket as BottlerocketSettings));

const LOGS = { source: "public.ecr.aws/x/logs:1", enabled: true, superpowered: false, "user-data": "eA==" };
const EXAMPLE =
  'For example { source: "public.ecr.aws/…/name:1.0.0", enabled: true, superpowered: false }. Bottlerocket does not start the container without it.';
const REJECTED = "Bottlerocket rejects all settings when one is wrong, and the instance never joins the cluster.";

/** Returns a value with some levels. */
const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) });

describe("the bootstrap containers of Bottlerocket", () => {
  it("are tables with the user data in base64, beside those of the settings", () => {
    const settings = settingsOf({
      bootstrapContainers: {
        setup: { source: "public.ecr.aws/acme/setup:1", userData: "a=${b}\n", mode: "always", essential: true },
        once: { source: "public.ecr.aws/acme/once:1" },
      },
      settings: { "bootstrap-containers": { other: { source: "x", mode: "off" } } },
    }) as Record<string, object>;
    expect(settings["bootstrap-containers"]).toEqual({
      other: { source: "x", mode: "off" },
      setup: {
        source: "public.ecr.aws/acme/setup:1",
        "user-data": Buffer.from("a=${b}\n").toString("base64"),
        mode: "always",
        essential: true,
      },
      once: { source: "public.ecr.aws/acme/once:1", mode: "once", essential: false },
    });
  });
});

describe("BottlerocketSettings", () => {
  it("enable the admin container by default", () => {
    expect(settingsOf({})).toMatchObject({ "host-containers": { admin: { enabled: true } } });
    expect(settingsOf({ adminContainer: false })).toMatchObject({ "host-containers": { admin: { enabled: false } } });
  });

  it("add further settings to those of the agent", () => {
    const settings = {
      kernel: { sysctl: { "vm.max_map_count": "262144" } },
      ntp: { "time-servers": ["169.254.169.123"] },
      motd: "it's ${not} evaluated",
    };
    expect(settingsOf({ settings })).toEqual({
      ...settings,
      ecs: { cluster: "prod", "awsvpc-block-imds": true },
      "host-containers": { admin: { enabled: true } },
    });
  });

  it("add host containers to the admin container, and change the control container", () => {
    const containers = { control: { enabled: false }, logs: LOGS };
    expect(settingsOf({ settings: { "host-containers": containers } })).toMatchObject({
      "host-containers": { ...containers, admin: { enabled: true } },
    });
    expect(settingsOf({ adminContainer: false, settings: { "host-containers": containers } })).toMatchObject({
      "host-containers": { ...containers, admin: { enabled: false } },
    });
  });

  it("accept a token in place of a text", () => {
    const source = hcl`var.image`.string;
    const settings = { motd: hcl`var.motd`.string, "host-containers": { logs: { ...LOGS, source } } };
    expect(settingsOf({ settings })).toMatchObject({ motd: settings.motd, "host-containers": { logs: { source } } });
  });

  it("have at most 10 levels", () => {
    expect(settingsOf({ settings: { other: nested(8) as never } })).toMatchObject({ other: nested(8) });
  });

  it.each([
    'x"\n[settings.ecs]\ncluster = "other"',
    "'''\n[settings.host-containers.admin]\nenabled = false",
    '"""\n[settings.ecs]\ncluster = "other"\n"""',
    "\\",
    "]\n[[settings]]\n# ",
    "\u007f\u2028",
  ])("keep a text inside its value: %j", (text) => {
    const containers = { logs: { ...LOGS, source: text, command: [text] } };
    const settings = { motd: text, [text]: { [text]: [text, { [text]: text }] }, "host-containers": containers };
    expect(settingsOf({ settings })).toEqual({
      ...settings,
      ecs: { cluster: "prod", "awsvpc-block-imds": true },
      "host-containers": { ...containers, admin: { enabled: true } },
    });
  });

  it("disable the control container, which Session Manager connects to, only with enabled false", () => {
    const control = (settings: object) => ({ settings: { "host-containers": { control: settings as never } } });
    expect(withoutControlContainer(control({ enabled: false }))).toBe(true);
    expect([control({ enabled: true }), control({}), {}, undefined].map(withoutControlContainer)).toEqual(
      Array(4).fill(false),
    );
  });

  it("add settings of ecs and of the admin container to those that the library sets", () => {
    const ecs = {
      "allow-privileged-containers": true,
      "logging-drivers": ["awslogs", "json-file"],
      "image-cleanup-age": "1h30m",
      "image-cleanup-delete-per-cycle": 10,
      "metadata-service-rps": 100,
      "enable-container-metadata": true,
    };
    const admin = { superpowered: true, "user-data": "eA==" };
    expect(settingsOf({ settings: { ecs, "host-containers": { admin } } })).toEqual({
      ecs: { ...ecs, cluster: "prod", "awsvpc-block-imds": true },
      "host-containers": { admin: { ...admin, enabled: true } },
    });
  });

  it("allow privileged containers only with their setting", () => {
    const allowed = (value: boolean) => ({ settings: { ecs: { "allow-privileged-containers": value } } });
    expect([allowed(true), allowed(false), {}, undefined].map(allowsPrivilegedContainers)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("warn about names that the library does not know, and pass them on", () => {
    const settings = {
      "image-verifier-plugins": { enabled: true },
      kernel: { lockdown: "integrity", "new-setting": 1 },
      "bootstrap-containers": { setup: { source: "x", mode: "once", priority: 1 } },
    };
    const see =
      ": the library does not know this setting, and passes it on. Bottlerocket rejects all settings when it does not know one: https://bottlerocket.dev/en/os/latest/#/api/settings/";
    expect(config({ settings }).warnings).toEqual([
      `bottlerocket.settings.image-verifier-plugins${see}`,
      `bottlerocket.settings.kernel.new-setting${see}`,
      `bottlerocket.settings.bootstrap-containers.setup.priority${see}`,
    ]);
    expect(settingsOf({ settings })).toMatchObject(settings);
    expect(config({ settings: { motd: "x" } }).warnings).toEqual([]);
  });

  it.each<[object, string]>([
    [{ kernal: {} }, `kernal must be a setting of Bottlerocket; received "kernal". Did you mean "kernel"? ${REJECTED}`],
    [{ Motd: "x" }, `Motd must be a setting of Bottlerocket; received "Motd". Did you mean "motd"? ${REJECTED}`],
    [
      { ntp: { "time-server": ["x"] } },
      `ntp.time-server must be a setting of Bottlerocket; received "time-server". Did you mean "time-servers"? ${REJECTED}`,
    ],
    [
      { ecs: { "allow-priviledged-containers": true } },
      `ecs.allow-priviledged-containers must be a setting of Bottlerocket; received "allow-priviledged-containers". Did you mean "allow-privileged-containers"? ${REJECTED}`,
    ],
    [
      { kernel: { sysctl: { "vm.max_map_count": 262_144 } } },
      `kernel.sysctl["vm.max_map_count"] must be a string; received 262144. Write it in quotes. ${REJECTED}`,
    ],
    [
      { kernel: { sysctl: { "../x": "1" } } },
      `kernel.sysctl["../x"] must have a name of letters, digits, hyphens and underscores between dots; received "../x". ${REJECTED}`,
    ],
    [
      { kernel: { lockdown: "strict" } },
      `kernel.lockdown must be one of none, integrity, confidentiality; received "strict". For example "none". ${REJECTED}`,
    ],
    [
      { kernel: { modules: { sctp: { allowed: "no" } } } },
      `kernel.modules.sctp.allowed must be true or false; received "no". Write it without quotes. ${REJECTED}`,
    ],
    [
      { network: { "no-proxy": "localhost" } },
      `network.no-proxy must be a list; received "localhost". Write it in brackets: [first, second]. ${REJECTED}`,
    ],
    [
      { ecs: { "metadata-service-rps": 1.5 } },
      `ecs.metadata-service-rps must be a whole number of at least 0; received 1.5. Write it without quotes. ${REJECTED}`,
    ],
    [
      { updates: { seed: -1 } },
      `updates.seed must be a whole number of at least 0; received -1. Write it without quotes. ${REJECTED}`,
    ],
    [
      { ecs: { "image-cleanup-age": "90" } },
      `ecs.image-cleanup-age must be a duration with units; received "90". For example "1h30m". ${REJECTED}`,
    ],
    [
      { ecs: { "logging-drivers": ["json-file"] } },
      'ecs.logging-drivers must contain awslogs; received ["json-file"]. Add it. Services log with it, and ECS places their tasks only on instances that have it.',
    ],
    [
      { ecs: { "logging-drivers": ["awslogs", "datadog"] } },
      `ecs.logging-drivers[1] must be one of awslogs, awsfirelens, fluentd, gelf, journald, json-file, logentries, none, splunk, sumologic, syslog; received "datadog". For example "awslogs". ${REJECTED}`,
    ],
    [
      { "host-containers": { my_logs: LOGS } },
      `host-containers.my_logs must have a name of 1 to 76 letters, digits and hyphens; received "my_logs". ${REJECTED}`,
    ],
    [
      { pki: { mine: { data: "-----BEGIN", trusted: true } } },
      `pki.mine.data must be text in base64; received "-----BEGIN". For example "aGVsbG8=". ${REJECTED}`,
    ],
    [
      { updates: [] },
      `updates must be an object of settings; received []. Write it in braces: { name: value }. ${REJECTED}`,
    ],
    [
      { "container-registry": { credentials: [{ registry: "docker.io", username: "me", password: "hunter2" }] } },
      "container-registry.credentials must not be set, because user data is not secret; received a value that is not shown. Push the images to ECR with ecrRepository. On Amazon Linux, a line of extraUserData can also read the password from Secrets Manager.",
    ],
    [
      { "container-registry": { creds: [] } },
      "container-registry.creds must not be set, because user data is not secret; received a value that is not shown. Push the images to ECR with ecrRepository. On Amazon Linux, a line of extraUserData can also read the password from Secrets Manager.",
    ],
    [
      { aws: { credentials: "eA==" } },
      "aws.credentials must not be set, because user data is not secret; received a value that is not shown. Give the permissions to the instance role with instancePolicyArns.",
    ],
  ])("reject what Bottlerocket rejects: %j", (settings, problem) => {
    expect(problems({ settings })).toEqual([`bottlerocket.settings.${problem}`]);
  });

  it.each([
    ["cluster", "other", "Remove it. The instances join the cluster of their stack."],
    ["awsvpc-block-imds", false, "Remove it. It is always true."],
    ["enable-spot-instance-draining", true, "Remove it. It is true with Spot capacity."],
    ["container-stop-timeout", "60s", "Use agent.containerStopTimeoutSeconds instead."],
    ["image-pull-behavior", "once", "Use agent.imagePullBehavior instead."],
    ["instance-attributes", {}, "Use agent.instanceAttributes instead."],
    ["loglevel", "warn", "Use agent.logLevel instead."],
    ["reserved-memory", 1, "Use agent.reservedMemoryMiB instead."],
    ["task-cleanup-wait", "1h", "Use agent.taskCleanupWaitSeconds instead."],
  ])("reject the setting %s of ecs, which the library sets", (name, value, fix) => {
    expect(problems({ settings: { ecs: { [name]: value } } })).toEqual([
      `bottlerocket.settings.ecs.${name} must not be set here, because the library sets it; received ${JSON.stringify(value)}. ${fix}`,
    ]);
  });

  it.each<[object, readonly string[]]>([
    [
      { settings: { autoscaling: { "should-wait": true } } },
      [
        'bottlerocket.settings.autoscaling must not be set here, because the library sets it; received {"should-wait": true}. Use warmPool or agent.warmPoolsCheck instead.',
      ],
    ],
    [
      { settings: { "host-containers": { admin: { enabled: false } } } },
      [
        "bottlerocket.settings.host-containers.admin.enabled must not be set here, because the library sets it; received false. Use adminContainer instead.",
      ],
    ],
    [
      { settings: { "host-containers": { logs: { source: "x", enabled: "yes" } } } },
      [
        `bottlerocket.settings.host-containers.logs.superpowered must be set to a boolean; received nothing. ${EXAMPLE}`,
        `bottlerocket.settings.host-containers.logs.enabled must be true or false; received "yes". Write it without quotes. ${REJECTED}`,
      ],
    ],
    [
      { settings: { "host-containers": { bare: {} } } },
      [
        `bottlerocket.settings.host-containers.bare.source must be set to a string; received nothing. ${EXAMPLE}`,
        `bottlerocket.settings.host-containers.bare.enabled must be set to a boolean; received nothing. ${EXAMPLE}`,
        `bottlerocket.settings.host-containers.bare.superpowered must be set to a boolean; received nothing. ${EXAMPLE}`,
      ],
    ],
    [
      { settings: { "host-containers": ["admin"] } },
      [
        `bottlerocket.settings.host-containers must be an object; received ["admin"]. Write it in braces: { name: value }. ${REJECTED}`,
      ],
    ],
    [
      { settings: { motd: null, list: [1, undefined] } },
      [
        "bottlerocket.settings.motd must be a string, a number, true, false, a list or an object; received null. Change or remove it.",
        "bottlerocket.settings.list[1] must be a string, a number, true, false, a list or an object; received nothing. Change or remove it.",
      ],
    ],
    [
      { settings: { number: hcl`var.x`.number, list: { inner: hcl`var.y`.list } } },
      [
        "bottlerocket.settings.number must be known when the code runs; received a token. Write the value itself. Only a text can be a token.",
        "bottlerocket.settings.list.inner must be known when the code runs; received a token. Write the value itself. Only a text can be a token.",
      ],
    ],
    [
      { settings: "motd" },
      ['bottlerocket.settings must be an object of settings; received "motd". Write it in braces: { name: value }.'],
    ],
    [
      { settings: { motd: nested(11) } },
      [
        `bottlerocket.settings.motd${".a".repeat(9)} must have at most 10 levels; received {"a": {"a": {}}}. Remove the inner values.`,
      ],
    ],
  ])("reject %j", (settings, expected) => {
    expect(problems(settings)).toEqual(expected);
  });
});
