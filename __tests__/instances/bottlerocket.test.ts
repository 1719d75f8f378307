import { parse } from "smol-toml";
import { AgentConfig, type BottlerocketSettings, hcl } from "../../src";
import { withoutControlContainer } from "../../src/instances/bottlerocket";
import { problemsOf } from "../support/problems";

const config = (bottlerocket: BottlerocketSettings) =>
  new AgentConfig({ clusterName: "prod", family: "bottlerocket", bottlerocket });
const settingsOf = (bottlerocket: BottlerocketSettings) => parse(config(bottlerocket).toml()).settings;
const problems = (bottlerocket: object) => problemsOf(() => config(bottlerocket as BottlerocketSettings));

const LOGS = { source: "public.ecr.aws/x/logs:1", enabled: true, superpowered: false, "user-data": "eA==" };
const EXAMPLE =
  'For example { source: "public.ecr.aws/…/name:1.0.0", enabled: true, superpowered: false }. Bottlerocket does not start the container without it.';

/** Returns a value with some levels. */
const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) });

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
    expect(settingsOf({ settings: { motd: nested(8) as never } })).toMatchObject({ motd: nested(8) });
  });

  it.each([
    'x"\n[settings.ecs]\ncluster = "other"',
    "'''\n[settings.host-containers.admin]\nenabled = false",
    '"""\n[settings.ecs]\ncluster = "other"\n"""',
    "\\",
    "]\n[[settings]]\n# ",
    "\u007f\u2028",
  ])("keep a text inside its value: %j", (text) => {
    const containers = { [text]: { source: text, enabled: true, superpowered: false, "user-data": text } };
    const settings = { motd: text, [text]: { [text]: [text, { [text]: text }] }, "host-containers": containers };
    expect(settingsOf({ settings })).toEqual({
      ...settings,
      ecs: { cluster: "prod", "awsvpc-block-imds": true },
      "host-containers": { ...containers, admin: { enabled: true } },
    });
  });

  it("disable the control container, which Session Manager leads into, only with enabled false", () => {
    const control = (settings: object) => ({ settings: { "host-containers": { control: settings as never } } });
    expect(withoutControlContainer(control({ enabled: false }))).toBe(true);
    expect([control({ enabled: true }), control({}), {}, undefined].map(withoutControlContainer)).toEqual(
      Array(4).fill(false),
    );
  });

  it.each<[object, readonly string[]]>([
    [
      { settings: { ecs: { cluster: "other" } } },
      [
        'bottlerocket.settings.ecs must not be set here, because the library sets it; received {"cluster": "other"}. Use the agent\'s options instead.',
      ],
    ],
    [
      { settings: { autoscaling: { "should-wait": true } } },
      [
        'bottlerocket.settings.autoscaling must not be set here, because the library sets it; received {"should-wait": true}. Use warmPool or the agent\'s option warmPoolsCheck instead.',
      ],
    ],
    [
      { settings: { "host-containers": { admin: { enabled: false } } } },
      [
        'bottlerocket.settings.host-containers.admin must not be set here, because the library sets it; received {"enabled": false}. Use adminContainer instead.',
      ],
    ],
    [
      { settings: { "host-containers": { logs: { source: "x", enabled: "yes" } } } },
      [
        `bottlerocket.settings.host-containers.logs.enabled must be set to a boolean; received "yes". ${EXAMPLE}`,
        `bottlerocket.settings.host-containers.logs.superpowered must be set to a boolean; received nothing. ${EXAMPLE}`,
      ],
    ],
    [
      { settings: { "host-containers": { bare: true } } },
      [
        `bottlerocket.settings.host-containers.bare.source must be set to a string; received nothing. ${EXAMPLE}`,
        `bottlerocket.settings.host-containers.bare.enabled must be set to a boolean; received nothing. ${EXAMPLE}`,
        `bottlerocket.settings.host-containers.bare.superpowered must be set to a boolean; received nothing. ${EXAMPLE}`,
      ],
    ],
    [
      { settings: { "host-containers": ["admin"] } },
      [
        'bottlerocket.settings.host-containers must be an object of containers by their names; received ["admin"]. For example { control: { enabled: false } }.',
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
