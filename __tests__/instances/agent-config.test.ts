import { parse } from "smol-toml";
import { AgentConfig, type AgentConfigProps, type AgentOptions, PortRange } from "../../src";
import { mistakesOf } from "../support/synthesized";

const config = (props: Partial<AgentConfigProps> = {}) => new AgentConfig({ clusterName: "prod", ...props });
const mistakes = (options: AgentOptions, props: Partial<AgentConfigProps> = {}) =>
  mistakesOf(() => config({ ...props, options }));

const EVERY_OPTION: AgentOptions = {
  imagePullBehavior: "prefer-cached",
  taskCleanupWaitSeconds: 600,
  containerStopTimeoutSeconds: 45,
  logLevel: "warn",
  reservedMemoryMiB: 256,
  warmPoolsCheck: true,
  instanceAttributes: { disk: "ssd fast" },
};

describe("the agent's environment file", () => {
  it("names the cluster, the host ports and the block on metadata, and takes the instance's tags", () => {
    expect(config().environment()).toEqual([
      "ECS_CLUSTER=prod",
      "ECS_DYNAMIC_HOST_PORT_RANGE=31000-61000",
      "ECS_AWSVPC_BLOCK_IMDS=true",
      "ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM=ec2_instance",
    ]);
  });

  it("has the port range that it was given", () => {
    const portRange = new PortRange({ from: 40000, to: 50000 });
    expect(config({ portRange }).environment()).toContain("ECS_DYNAMIC_HOST_PORT_RANGE=40000-50000");
  });

  it("drains on a Spot interruption where instances are Spot", () => {
    expect(config({ spotDraining: true }).environment()).toContain("ECS_ENABLE_SPOT_INSTANCE_DRAINING=true");
  });

  it("has every option by the agent's own name and unit", () => {
    expect(config({ options: EVERY_OPTION }).environment().slice(4)).toEqual([
      "ECS_IMAGE_PULL_BEHAVIOR=prefer-cached",
      "ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION=600s",
      "ECS_CONTAINER_STOP_TIMEOUT=45s",
      "ECS_LOGLEVEL=warn",
      "ECS_RESERVED_MEMORY=256",
      "ECS_WARM_POOLS_CHECK=true",
      'ECS_INSTANCE_ATTRIBUTES={"disk":"ssd fast"}',
    ]);
  });

  it("takes any other variable by its own name", () => {
    const variables = { ECS_ENGINE_AUTH_TYPE: "docker" };
    expect(config({ options: { variables } }).environment()).toContain("ECS_ENGINE_AUTH_TYPE=docker");
  });
});

describe("Bottlerocket's settings", () => {
  const toml = (props: Partial<AgentConfigProps> = {}) => parse(config({ family: "bottlerocket", ...props }).toml());

  it("name the cluster, block metadata, and open the admin container, which shows the agent's log", () => {
    expect(toml()).toEqual({
      settings: {
        ecs: { cluster: "prod", "awsvpc-block-imds": true },
        "host-containers": { admin: { enabled: true } },
      },
    });
  });

  it("have every option by Bottlerocket's name", () => {
    expect(toml({ options: EVERY_OPTION, spotDraining: true })).toMatchObject({
      settings: {
        autoscaling: { "should-wait": true },
        ecs: {
          "enable-spot-instance-draining": true,
          "image-pull-behavior": "prefer-cached",
          "task-cleanup-wait": "600s",
          "container-stop-timeout": "45s",
          loglevel: "warn",
          "reserved-memory": 256,
          "instance-attributes": { disk: "ssd fast" },
        },
      },
    });
  });

  it("keep the backslashes of an attribute in their place", () => {
    const instanceAttributes = { a: "x\\ny\\\\ @:/.z" };
    expect(toml({ options: { instanceAttributes } })).toMatchObject({
      settings: { ecs: { cluster: "prod", "instance-attributes": instanceAttributes } },
    });
  });
});

describe("agent options that can't be written", () => {
  it.each(["docker\nECS_CLUSTER=other", "docker\r", "docker\0"])("include a value with a line break: %j", (value) => {
    expect(mistakes({ variables: { ECS_ENGINE_AUTH_TYPE: value } })).toEqual([
      `options.variables.ECS_ENGINE_AUTH_TYPE must be one line; received ${JSON.stringify(value)}. Remove the line break: the agent reads one NAME=value a line.`,
    ]);
  });

  it.each(["a\nb", "", " a", "a ", "ssd${x}", "é", "a".repeat(129)])(
    "include an attribute's value that ECS refuses: %j",
    (value) => {
      expect(mistakes({ instanceAttributes: { disk: value } })).toEqual([
        `options.instanceAttributes.disk must be 1 to 128 letters, digits, spaces and _ . @ / \\ : -, with no space at either end; received ${JSON.stringify(value)}. Change it: ECS would not register the instance.`,
      ]);
    },
  );

  it.each(["", "a b", "a".repeat(129)])("include an attribute's name that ECS refuses: %j", (name) => {
    expect(mistakes({ instanceAttributes: { [name]: "x" } })).toEqual([
      `options.instanceAttributes must have names of 1 to 128 letters, digits and _ . / \\ -; received ${JSON.stringify(name)}. Rename it: ECS would not register the instance.`,
    ]);
  });

  it("take attributes of 128 characters", () => {
    expect(mistakes({ instanceAttributes: { ["n".repeat(128)]: "v".repeat(128) } })).toEqual([]);
  });

  it.each<[object, string]>([
    [
      { taskCleanupWaitSeconds: 59 },
      "options.taskCleanupWaitSeconds must be a whole number from 60 to 2592000 (seconds); received 59. The agent's own is 10800.",
    ],
    [
      { containerStopTimeoutSeconds: 0 },
      "options.containerStopTimeoutSeconds must be a whole number from 1 to 86400 (seconds); received 0. The agent's own is 30.",
    ],
    [
      { reservedMemoryMiB: -1 },
      "options.reservedMemoryMiB must be a whole number from 0 to 1048576 (MiB); received -1. The agent's own is 0.",
    ],
    [
      { logLevel: "verbose" },
      'options.logLevel must be one of crit, error, warn, info, debug; received "verbose". Change it, or leave it out for the agent\'s own.',
    ],
    [
      { imagePullBehavior: "never" },
      'options.imagePullBehavior must be one of default, always, once, prefer-cached; received "never". Change it, or leave it out for the agent\'s own.',
    ],
  ])("include a typed option out of its limits: %j", (options, message) => {
    expect(mistakes(options)).toEqual([message]);
  });

  it("include a cluster's name with a line break", () => {
    expect(() => new AgentConfig({ clusterName: "a\nECS_ENGINE_AUTH_TYPE=x" })).toThrow(
      'clusterName must be one line; received "a\\nECS_ENGINE_AUTH_TYPE=x".',
    );
  });

  it.each(["ECS_CLUSTER", "ECS_DYNAMIC_HOST_PORT_RANGE", "ECS_AWSVPC_BLOCK_IMDS", "ECS_LOGLEVEL"])(
    "include a name that only this library sets: %s",
    (name) => {
      expect(mistakes({ variables: { [name]: "x" } })).toEqual([
        `options.variables.${name} is set by this library; received "x". Use the setting of the same purpose instead.`,
      ]);
    },
  );

  it.each(["amazon-linux-2023", "bottlerocket"] as const)(
    "include a registry's password, and don't show it: %s",
    (family) => {
      const auth = '{"registry":{"password":"hunter2"}}\n';
      const [mistake = "", ...others] = mistakes({ variables: { ECS_ENGINE_AUTH_DATA: auth } }, { family });
      expect(others).toEqual([]);
      expect(mistake).toMatch(
        /^options\.variables\.ECS_ENGINE_AUTH_DATA must not be given, since it holds passwords.*Secrets Manager/,
      );
      expect(mistake).not.toContain("hunter2");
    },
  );

  it.each(["ecs_x", "PATH", "ECS_", "ECS_A B", "ECS_A=1"])("include a name that the agent ignores: %s", (name) => {
    expect(mistakes({ variables: { [name]: "x" } })).toEqual([
      `options.variables.${name} must be named ECS_ and capital letters; received ${JSON.stringify(name)}. The agent ignores other names.`,
    ]);
  });

  it("include any variable on Bottlerocket", () => {
    expect(mistakes({ variables: { ECS_ENGINE_AUTH_TYPE: "docker" } }, { family: "bottlerocket" })).toEqual([
      'options.variables.ECS_ENGINE_AUTH_TYPE can\'t be set with bottlerocket, whose agent reads no ECS_* variables; received "docker". Use the typed options, or choose amazon-linux-2023.',
    ]);
  });

  it("include a port range on Bottlerocket, which can't set it", () => {
    const portRange = new PortRange({ from: 31000, to: 61000 });
    expect(mistakes({}, { family: "bottlerocket", portRange })).toEqual([
      "portRange must be 32768-65535 with bottlerocket, which can't set the agent's host ports; received 31000-61000. Leave the setting out, or choose amazon-linux-2023.",
    ]);
  });

  it("are listed all at once, under the caller's names", () => {
    const names = { options: "agent", portRange: "portRange" };
    const options = { variables: { PATH: "a\n", ECS_CLUSTER: "x" } };
    const found = AgentConfig.mistakes(options, "amazon-linux-2023", new PortRange({ from: 31000, to: 61000 }), names);
    expect(found.map((mistake) => mistake.split(" ")[0])).toEqual([
      "agent.variables.PATH",
      "agent.variables.PATH",
      "agent.variables.ECS_CLUSTER",
    ]);
  });
});
