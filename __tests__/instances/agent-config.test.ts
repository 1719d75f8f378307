import { parse } from "smol-toml";
import { AgentConfig, type AgentConfigProps, type AgentOptions, hcl, PortRange } from "../../src";
import { problemsOf } from "../support/problems";

const config = (props: Partial<AgentConfigProps> = {}) => new AgentConfig({ clusterName: "prod", ...props });
const problems = (options: AgentOptions, props: Partial<AgentConfigProps> = {}) =>
  problemsOf(() => config({ ...props, options }));

const EVERY_OPTION: AgentOptions = {
  imagePullBehavior: "prefer-cached",
  taskCleanupWaitSeconds: 600,
  containerStopTimeoutSeconds: 45,
  logLevel: "warn",
  reservedMemoryMiB: 256,
  warmPoolsCheck: true,
  instanceAttributes: { disk: "ssd fast" },
};

describe("AgentConfig", () => {
  it("sets the cluster, the host ports, the block on instance metadata and the propagation of tags", () => {
    expect(config().environment()).toEqual([
      "ECS_CLUSTER=prod",
      "ECS_DYNAMIC_HOST_PORT_RANGE=31000-61000",
      "ECS_AWSVPC_BLOCK_IMDS=true",
      "ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM=ec2_instance",
    ]);
  });

  it("sets the given port range", () => {
    const portRange = new PortRange({ from: 40_000, to: 50_000 });
    expect(config({ portRange }).environment()).toContain("ECS_DYNAMIC_HOST_PORT_RANGE=40000-50000");
    expect(config({ portRange }).portRange).toBe(portRange);
  });

  it("drains Spot instances on an interruption notice with spotDraining", () => {
    expect(config({ spotDraining: true }).environment()).toContain("ECS_ENABLE_SPOT_INSTANCE_DRAINING=true");
    expect(config({ spotDraining: true }).spotDraining).toBe(true);
  });

  it("warns about a stop timeout that a Spot instance does not have", () => {
    const warnings = (containerStopTimeoutSeconds: number, spotDraining: boolean) =>
      config({ spotDraining, options: { containerStopTimeoutSeconds } }).warnings;
    expect(warnings(120, true)).toEqual([
      "agent.containerStopTimeoutSeconds (120) must be below 120 on a Spot instance, which ends 120 seconds after its notice. Otherwise containers are killed before they finish. Lower it.",
    ]);
    expect([warnings(119, true), warnings(120, false)]).toEqual([[], []]);
  });

  it("adds log drivers to those of the agent", () => {
    const options: AgentOptions = { logDrivers: ["gelf", "fluentd"] };
    expect(config({ options }).environment()).toContain(
      'ECS_AVAILABLE_LOGGING_DRIVERS=["json-file","syslog","awslogs","fluentd","none","gelf"]',
    );
    expect(config().environment().join()).not.toContain("LOGGING_DRIVERS");
    const rocket = config({ family: "bottlerocket", options }).toml();
    expect(rocket).toContain('logging-drivers = [ "json-file", "awslogs", "none", "gelf", "fluentd" ]');
    expect(config({ family: "bottlerocket" }).toml()).not.toContain("logging-drivers");
    const settings = { ecs: { "logging-drivers": ["awslogs"] } };
    expect(config({ family: "bottlerocket", options, bottlerocket: { settings } }).toml()).toContain(
      'logging-drivers = [ "awslogs", "gelf", "fluentd" ]',
    );
  });

  it("rejects two lists of log drivers", () => {
    const variables = { ECS_AVAILABLE_LOGGING_DRIVERS: '["awslogs"]' };
    expect(problems({ logDrivers: ["gelf"], variables })).toEqual([
      'options.logDrivers must not be set with ECS_AVAILABLE_LOGGING_DRIVERS in variables; received ["gelf"]. The variable has the same list. Remove one of the two.',
    ]);
    expect(problems({ logDrivers: ["datadog" as "gelf"] })).toEqual([
      'options.logDrivers[0] must be one of "fluentd", "gelf", "journald", "splunk", "syslog"; received "datadog". Choose one of these.',
    ]);
  });

  it("writes every option with the agent's name and unit", () => {
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

  it("writes any other variable with its own name", () => {
    const variables = { ECS_ENGINE_AUTH_TYPE: "docker", ECS_BACKEND_HOST: hcl`var.host`.string };
    expect(config({ options: { variables } }).environment()).toEqual(
      expect.arrayContaining(["ECS_ENGINE_AUTH_TYPE=docker", expect.stringMatching(/^ECS_BACKEND_HOST=\$\{TfToken/)]),
    );
  });

  describe("on Bottlerocket", () => {
    const settings = (props: Partial<AgentConfigProps> = {}) =>
      parse(config({ family: "bottlerocket", ...props }).toml()).settings;

    it("sets the cluster and the block on instance metadata, and enables the admin container, which shows the agent's log", () => {
      expect(settings()).toEqual({
        ecs: { cluster: "prod", "awsvpc-block-imds": true },
        "host-containers": { admin: { enabled: true } },
      });
    });

    it("writes every option with Bottlerocket's name", () => {
      expect(settings({ options: EVERY_OPTION, spotDraining: true })).toEqual({
        autoscaling: { "should-wait": true },
        ecs: {
          cluster: "prod",
          "awsvpc-block-imds": true,
          "enable-spot-instance-draining": true,
          "image-pull-behavior": "prefer-cached",
          "task-cleanup-wait": "600s",
          "container-stop-timeout": "45s",
          loglevel: "warn",
          "reserved-memory": 256,
          "instance-attributes": { disk: "ssd fast" },
        },
        "host-containers": { admin: { enabled: true } },
      });
    });

    it("keeps the backslashes of an attribute", () => {
      const instanceAttributes = { a: "x\\ny\\\\ @:/.z" };
      expect(settings({ options: { instanceAttributes } })).toMatchObject({
        ecs: { cluster: "prod", "instance-attributes": instanceAttributes },
      });
    });

    it("uses the port range of Bottlerocket", () => {
      expect(config({ family: "bottlerocket" }).portRange.toString()).toBe("32768-65535");
    });

    it("rejects variables, which its agent does not read", () => {
      const variables = { ECS_ENGINE_AUTH_TYPE: "docker", ECS_POLL_METRICS: "false" };
      expect(problems({ variables }, { family: "bottlerocket" })).toEqual([
        'options.variables must be empty with bottlerocket, whose agent reads no ECS_* variables; received ["ECS_ENGINE_AUTH_TYPE", "ECS_POLL_METRICS"]. Use the other options, or use amazon-linux-2023.',
      ]);
      expect(problems({ variables: {} }, { family: "bottlerocket" })).toEqual([]);
    });

    it("rejects an attribute whose name Bottlerocket rejects", () => {
      const options = { instanceAttributes: { "a\\b": "x" } };
      expect(problems(options, { family: "bottlerocket" })).toEqual([
        'options.instanceAttributes["a\\\\b"] must have no backslash in its name with bottlerocket; received "a\\\\b". Bottlerocket rejects it. Rename the attribute.',
      ]);
      expect(problems(options)).toEqual([]);
    });

    it("rejects another port range, which its agent cannot set", () => {
      const portRange = new PortRange({ from: 31_000, to: 61_000 });
      expect(problems({}, { family: "bottlerocket", portRange })).toEqual([
        'portRange must be 32768-65535 with bottlerocket, which cannot set the agent\'s host ports; received "31000-61000". Remove the setting, or use amazon-linux-2023.',
      ]);
      const same = new PortRange({ from: 32_768, to: 65_535 });
      expect(problems({}, { family: "bottlerocket", portRange: same })).toEqual([]);
    });
  });

  it.each(["docker\nECS_CLUSTER=other", "docker\r", "docker\0"])(
    "rejects a variable with a line break, and does not show it: %j",
    (value) => {
      expect(problems({ variables: { ECS_ENGINE_AUTH_TYPE: value } })).toEqual([
        "options.variables.ECS_ENGINE_AUTH_TYPE must be one line; received a value that is not shown. Remove the line break. The agent reads one NAME=value per line.",
      ]);
    },
  );

  it("rejects a cluster name with a line break", () => {
    expect(problemsOf(() => config({ clusterName: "a\nECS_ENGINE_AUTH_TYPE=x" }))).toEqual([
      'clusterName must be one line; received "a\\nECS_ENGINE_AUTH_TYPE=x". Remove the line break. The agent reads one NAME=value per line.',
    ]);
  });

  it.each(["a\nb", "", " ", " a", "a ", "ssd${x}", "é", "a".repeat(129)])(
    "rejects the value of an attribute that ECS rejects: %j",
    (value) => {
      const shown = value.length > 80 ? `"${value.slice(0, 79)}…` : JSON.stringify(value);
      expect(problems({ instanceAttributes: { disk: value } })).toEqual([
        `options.instanceAttributes.disk must be 1 to 128 letters, digits, spaces and _ . @ / \\ : -, and not begin or end with a space; received ${shown}. Change it, because ECS would not register the instance.`,
      ]);
    },
  );

  it.each([
    ["", '[""]', '""'],
    ["a b", '["a b"]', '"a b"'],
    ["a".repeat(129), `.${"a".repeat(129)}`, `"${"a".repeat(79)}…`],
  ])("rejects the name of an attribute that ECS rejects: %j", (name, path, shown) => {
    expect(problems({ instanceAttributes: { [name]: "x" } })).toEqual([
      `options.instanceAttributes${path} must have a name of 1 to 128 letters, digits and _ . / \\ -; received ${shown}. Change it, because ECS would not register the instance.`,
    ]);
  });

  it("accepts attributes of 128 characters", () => {
    expect(problems({ instanceAttributes: { ["n".repeat(128)]: "v".repeat(128) } })).toEqual([]);
  });

  it("accepts at most 10 attributes", () => {
    const attributes = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, "x"]));
    expect(problems({ instanceAttributes: attributes(10) })).toEqual([]);
    expect(problems({ instanceAttributes: attributes(11) })).toEqual([
      "options.instanceAttributes must have at most 10 attributes, the most that an instance can have; received 11. Combine some of them in one value.",
    ]);
  });

  it.each<[AgentOptions, string]>([
    [
      { taskCleanupWaitSeconds: 59 },
      "options.taskCleanupWaitSeconds must be a whole number from 60 to 2592000 (seconds); received 59. The agent's default is 10800.",
    ],
    [
      { containerStopTimeoutSeconds: 0 },
      "options.containerStopTimeoutSeconds must be a whole number from 1 to 86400 (seconds); received 0. The agent's default is 30.",
    ],
    [
      { reservedMemoryMiB: -1 },
      "options.reservedMemoryMiB must be a whole number from 0 to 65535 (MiB); received -1. The agent's default is 0.",
    ],
    [
      { reservedMemoryMiB: 65_536 },
      "options.reservedMemoryMiB must be a whole number from 0 to 65535 (MiB); received 65536. The agent's default is 0.",
    ],
    [
      { logLevel: "verbose" as "debug" },
      'options.logLevel must be one of "crit", "error", "warn", "info", "debug"; received "verbose". Choose one of these.',
    ],
    [
      { imagePullBehavior: "never" as "always" },
      'options.imagePullBehavior must be one of "default", "always", "once", "prefer-cached"; received "never". Choose one of these.',
    ],
    [
      { reservedMemoryMiB: hcl`var.memory`.number },
      "options.reservedMemoryMiB must be known when the code runs; received a token. Write the value itself instead of a token.",
    ],
  ])("rejects an option outside its limits: %j", (options, message) => {
    expect(problems(options)).toEqual([message]);
  });

  it.each([
    ...["ECS_CLUSTER", "ECS_DYNAMIC_HOST_PORT_RANGE", "ECS_AWSVPC_BLOCK_IMDS", "ECS_LOGLEVEL", "ECS_RESERVED_MEMORY"],
    ...["ECS_ENABLE_SPOT_INSTANCE_DRAINING", "ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM", "ECS_IMAGE_PULL_BEHAVIOR"],
    ...["ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION", "ECS_CONTAINER_STOP_TIMEOUT", "ECS_WARM_POOLS_CHECK"],
    "ECS_INSTANCE_ATTRIBUTES",
  ])("rejects a variable that the library sets: %s", (name) => {
    expect(problems({ variables: { [name]: "x" } })).toEqual([
      `options.variables.${name} must not be a variable that the library sets; received "${name}". Use the setting with the same purpose instead.`,
    ]);
  });

  it.each(["amazon-linux-2023", "bottlerocket"] as const)(
    "rejects the password of a registry, and does not show it: %s",
    (family) => {
      const auth = '{"registry":{"password":"hunter2"}}\n';
      const [problem, ...others] = problems({ variables: { ECS_ENGINE_AUTH_DATA: auth } }, { family });
      expect(problem).toBe(
        'options.variables.ECS_ENGINE_AUTH_DATA must not be set, because user data is not secret; received "ECS_ENGINE_AUTH_DATA". Push the images to ECR with ecrRepository. On Amazon Linux, a line of extraUserData can also read the password from Secrets Manager.',
      );
      expect(others.join()).not.toContain("hunter2");
    },
  );

  it("reports every problem at once", () => {
    expect(problems({ logLevel: "x" as "debug", variables: { "A B": "a\n", ECS_CLUSTER: "x" } })).toHaveLength(4);
  });

  it("accepts only a PortRange as the port range", () => {
    const portRange = { from: 31_000, to: 61_000 } as PortRange;
    expect(problemsOf(() => config({ portRange }))).toEqual([
      'portRange must be a PortRange; received {"from": 31000, "to": 61000}. Use new PortRange({ from, to }).',
    ]);
  });
});
