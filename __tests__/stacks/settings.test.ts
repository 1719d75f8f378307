import { AgentConfig, DEFAULTS, type EcsClusterSettings, resolveSettings, SettingsError, UserData } from "../../src";
import { USER_DATA_LIMIT_BYTES } from "../../src/instances/user-data";
import { mistakesOf } from "../support/synthesized";

const mistakes = (settings: unknown) => mistakesOf(() => resolveSettings(settings as EcsClusterSettings, "prod"));

describe("settings", () => {
  it("are none by default: each default is filled in once", () => {
    const { table, portRange, ...resolved } = resolveSettings();
    expect(resolved).toMatchObject({
      ...DEFAULTS,
      backend: { local: "../../../terraform.ecs.tfstate" },
      loadBalancer: { https: false, idleTimeoutSeconds: 60, deletionProtection: false },
    });
    expect(`${portRange}`).toBe("31000-61000");
    expect(Object.keys(table)).toContain("sshPublicKey");
  });

  it("default to on-demand Amazon Linux 2023, an imported key, Session Manager and Container Insights", () => {
    expect(DEFAULTS).toMatchObject({
      amiFamily: "amazon-linux-2023",
      spot: false,
      keyPair: "import",
      sessionManager: true,
      terminationProtection: false,
      containerInsights: "enabled",
      executeCommandLogging: true,
      serviceLinkedRole: false,
      targetCapacity: 100,
    });
  });

  it("take a default where a setting is undefined", () => {
    expect(resolveSettings({ spot: undefined, amiFamily: undefined })).toMatchObject({
      spot: false,
      amiFamily: "amazon-linux-2023",
    });
  });

  it("keep the state of each stack in a file of its own, beside cdktf.json and never in cdktf.out", () => {
    expect(resolveSettings({}, "prod").backend).toEqual({ local: "../../../terraform.prod.tfstate" });
  });

  it("take the port range of the family", () => {
    expect(`${resolveSettings({ amiFamily: "bottlerocket" }).portRange}`).toBe("32768-65535");
    expect(`${resolveSettings({ portRange: { from: 40000, to: 50000 } }).portRange}`).toBe("40000-50000");
  });

  it("leave the load balancer out, or fill its own defaults in", () => {
    expect(resolveSettings({ loadBalancer: false }).loadBalancer).toBe(false);
    expect(resolveSettings({ loadBalancer: { https: true } }).loadBalancer).toMatchObject({
      https: true,
      idleTimeoutSeconds: 60,
    });
  });
});

describe("what is no settings at all", () => {
  it.each([[null], [5], ["x"], [[]]])("is refused: %j", (settings) => {
    expect(mistakes(settings as never)).toEqual([
      `settings must be an object; received ${JSON.stringify(settings)}. Leave them out for the default app.`,
    ]);
  });

  it("neither names of JavaScript's own nor values that JSON doesn't know get past", () => {
    const own = JSON.parse('{ "constructor": "x", "__proto__": "y" }');
    expect(mistakes({ values: own })).toHaveLength(2);
    expect(mistakes({ values: { minSize: 3n } } as never)).toEqual([
      "values.minSize: min_size must be a number; received 3. Write a value of that type.",
    ]);
  });
});

describe("bad settings", () => {
  it.each([
    [{ sopt: true }, "sopt must be a setting that there is; received true. Did you mean spot?"],
    [
      { amiFamily: "amazon-linux-2022" },
      'amiFamily must be one of "amazon-linux-2023", "bottlerocket", "amazon-linux-2"; received "amazon-linux-2022". Did you mean amazon-linux-2023?',
    ],
    [
      { amiFamily: "ubuntu" },
      'amiFamily must be one of "amazon-linux-2023", "bottlerocket", "amazon-linux-2"; received "ubuntu". Known are amazon-linux-2023, bottlerocket, amazon-linux-2.',
    ],
    [
      { portRange: { from: 1000, to: 61000 } },
      "portRange must lie within 1024 and 65535; received 1000-61000. Ports below 1024 belong to the system; use for instance 31000-61000.",
    ],
    [
      { portRange: { from: 61000, to: 31000 } },
      "portRange must not be reversed; received 61000-31000. Write the lower port as from: 31000-61000.",
    ],
    [
      { portRange: { from: 31000, to: 31050 } },
      "portRange must hold at least 100 ports; received 31000-31050, which holds 51. Each container takes one, and a rolling deployment twice as many.",
    ],
    [
      { amiFamily: "bottlerocket", portRange: { from: 31000, to: 61000 } },
      "portRange must be 32768-65535 with bottlerocket, which can't set the agent's host ports; received 31000-61000. Leave the setting out, or choose amazon-linux-2023.",
    ],
    [
      { amiFamily: "bottlerocket", extraUserData: ["echo"] },
      "extraUserData must be empty with bottlerocket, which runs no shell; received 1 line. Choose amazon-linux-2023, or a Bottlerocket bootstrap container.",
    ],
    [
      { agent: { variables: { ECS_X: "a\nECS_CLUSTER=b" } } },
      'agent.variables.ECS_X must be one line; received "a\\nECS_CLUSTER=b". Remove the line break: the agent reads one NAME=value a line.',
    ],
    [
      { agent: { taskCleanupWaitSeconds: 59 } },
      "agent.taskCleanupWaitSeconds must be a whole number from 60 to 2592000 (seconds); received 59. The agent's own is 10800.",
    ],
    [
      { targetCapacity: 101 },
      "targetCapacity must be at most 100; received 101. Change it, or leave the setting out for its default.",
    ],
    [
      { instancePolicyArns: ["AdministratorAccess"] },
      'instancePolicyArns must be ARNs of IAM policies; received ["AdministratorAccess"]. List those there are: aws iam list-policies --query Policies[].Arn',
    ],
    [
      { loadBalancer: { accessLogs: { bucket: "my..logs" } } },
      'loadBalancer.accessLogs.bucket must be a name that S3 lets people choose; received "my..logs". No two dots in a row, no IP address, and none of the beginnings and endings that AWS keeps: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html',
    ],
    [
      { loadBalancer: { accessLogs: { bucket: "logs", prefix: "x/AWSLogs" } } },
      'loadBalancer.accessLogs.prefix must not contain AWSLogs; received "x/AWSLogs". The load balancer adds that itself, after the prefix.',
    ],
    [
      { loadBalancer: { accessLogs: { bucket: "logs", prefix: "alb/" } } },
      'loadBalancer.accessLogs.prefix must neither begin nor end with a slash; received "alb/". Write it like "alb" or "logs/alb", or leave it out.',
    ],
    [
      { loadBalancer: { accessLogs: { bucket: "My_Logs" } } },
      'loadBalancer.accessLogs.bucket must be the name of an S3 bucket; received "My_Logs". 3 to 63 lower-case letters, digits, dots and hyphens.',
    ],
    [
      { backend: { local: "/home/me/terraform.tfstate" } },
      'backend.local must be relative; received "/home/me/terraform.tfstate". It is relative to where Terraform runs, cdktf.out/stacks/<stack id>, so that it is the same on every machine.',
    ],
    [
      { backend: { local: "${var.path}" } },
      'backend.local must be text without $ and %; received "${var.path}". Terraform evaluates nothing in a backend.',
    ],
    [
      { backend: { s3: { bucket: "states", region: "seoul" } } },
      'backend.s3.region must be the code of an AWS region; received "seoul". Use a code such as ap-northeast-2; a zone such as ap-northeast-2a is not a region.',
    ],
  ])("say setting, rule, value received and fix: %j", (settings, message) => {
    expect(mistakes(settings)).toEqual([message]);
  });

  it("refuse user data over 16 KiB, with the longest name that the cluster can have", () => {
    const agentConfig = new AgentConfig({ clusterName: "x".repeat(24) });
    const room = USER_DATA_LIMIT_BYTES - Buffer.byteLength(new UserData({ agentConfig }).template) - 1;
    expect(mistakes({ extraUserData: ["x".repeat(room)] })).toEqual([]);
    expect(mistakes({ extraUserData: ["x".repeat(room + 1)] })).toEqual([
      "extraUserData must leave the user data within 16384 bytes; received 16385 bytes in all. Fetch what is long from S3 instead.",
    ]);
  });

  it("come all at once: values, structure and what is nested", () => {
    const settings = {
      sopt: true,
      values: { region: "seoul", minSize: 5, maxSize: 3 },
      portRange: { from: 80, to: 443 },
      agent: { logLevel: "loud" },
      loadBalancer: { htps: true },
      backend: { local: "/abs" },
    };
    expect(
      mistakes(settings)
        .map((mistake) => mistake.split(/:? /)[0])
        .sort(),
    ).toEqual([
      "agent.logLevel",
      "backend.local",
      "loadBalancer.htps",
      "portRange",
      "sopt",
      "values.maxSize",
      "values.region",
    ]);
  });

  it("come all at once where one entry of several is wrong, and one setting of a capacity provider", () => {
    const settings = {
      capacityProviders: {
        "ARM-1": {},
        x86: null,
        arm: {
          sopt: true,
          amiFamily: "bottlerockt",
          targetCapacity: 0,
          schedules: {
            late: { recurrence: "0 20 * * *", minSize: 6000 },
            early: { recurrence: "0 7 * *", minSize: 1 },
          },
          volumes: { a: { sizeGib: 10 }, b: { sizeGib: 10, mountPath: "b" } },
          values: { minSize: 5, maxSize: 3, amiVersion: "1.49.0" },
        },
      },
      defaultStrategy: [
        { capacityProvider: "x86", weight: 2000 },
        { capacityProvider: "amr", base: -1 },
      ],
      lifecycleHooks: { a: { transition: "launch" }, b: { transition: "launching", roleArn: "role" } },
    };
    expect(
      mistakes(settings)
        .map((mistake) => mistake.split(/:? /)[0])
        .sort(),
    ).toEqual([
      "capacityProviders",
      "capacityProviders.arm.amiFamily",
      "capacityProviders.arm.schedules.early.recurrence",
      "capacityProviders.arm.schedules.late.minSize",
      "capacityProviders.arm.sopt",
      "capacityProviders.arm.targetCapacity",
      "capacityProviders.arm.values.maxSize",
      "capacityProviders.arm.volumes.a.mountPath",
      "capacityProviders.arm.volumes.b.mountPath",
      "capacityProviders.x86",
      "defaultStrategy.0.weight",
      "defaultStrategy.1.base",
      "defaultStrategy.1.capacityProvider",
      "lifecycleHooks.a.transition",
      "lifecycleHooks.b.notificationTargetArn",
      "lifecycleHooks.b.roleArn",
    ]);
  });

  it.each([
    [
      { loadBalancer: { https: true, idleTimeoutSeconds: 0 }, values: { certificateArn: "arn" } },
      "loadBalancer.idleTimeoutSeconds",
    ],
    [{ keyPair: "exsting", values: { keyName: "me" } }, "keyPair"],
    [{ amiFamily: "bottlerockt", values: { amiVersion: "1.49.0" } }, "amiFamily"],
  ])("blame no value for what a wrong setting would have brought: %j", (settings, setting) => {
    expect(mistakes(settings).map((mistake) => mistake.split(" ")[0])).toEqual([setting]);
  });

  it("name the stack that they are for", () => {
    expect(() => resolveSettings({ sopt: true } as EcsClusterSettings, "prod")).toThrow(
      new SettingsError('EcsClusterStack "prod"', [
        "sopt must be a setting that there is; received true. Did you mean spot?",
      ]),
    );
  });

  it.each(["toString", "constructor", "__proto__x"])("are settings that only JavaScript knows: %s", (name) => {
    expect(mistakes({ [name]: 1 })).toEqual([
      expect.stringContaining(`${name} must be a setting that there is; received 1.`),
    ]);
  });
});
