import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Fn, TerraformVariable, Testing, Token } from "cdktf";
import type { Construct } from "constructs";
import { type ContainerProps, Secret, TaskDefinition } from "../../src";
import { reservedSize } from "../../src/tasks/task-size";
import { taskVolumesField } from "../../src/tasks/task-volume";
import { validate } from "../../src/validation/validate";
import { clusterTarget } from "../support/cluster-target";
import { context, defined, parsed } from "../support/container";
import { problemsOf } from "../support/problems";

Testing.setupJest();

const users: ContainerProps = { name: "users", image: "users:7" };
/** Synthesizes a task with one container. */
const synthesize = (props: Partial<ContainerProps> | ((stack: Construct) => object)): string =>
  Testing.synthScope((stack) => {
    const container = { ...users, ...(typeof props === "function" ? props(stack) : props) };
    const volumes = { files: { hostPath: "/files" } };
    new TaskDefinition(stack, "task", {
      cluster: clusterTarget(),
      name: "users",
      containers: [container],
      volumes: container.mountPoints ? volumes : {},
    });
  });
const variable = (stack: Construct, type: string) => new TerraformVariable(stack, "given", { type });

describe("containerDefinition", () => {
  it("uses the tutorial's defaults, and leaves out what is not set", () => {
    expect(defined({ containerPort: 3000 })).toEqual({
      name: "users",
      image: "users:7",
      essential: true,
      cpu: 256,
      memory: 256,
      portMappings: [{ containerPort: 3000, hostPort: 0, protocol: "tcp" }],
      environment: [
        { name: "AWS_DEFAULT_REGION", value: "eu-west-1" },
        { name: "AWS_REGION", value: "eu-west-1" },
      ],
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": "/ecs/prod/users",
          "awslogs-region": "eu-west-1",
          "awslogs-stream-prefix": "users",
          mode: "non-blocking",
          "max-buffer-size": "25m",
        },
      },
    });
  });

  it("sets no buffer for a log that blocks, because Docker rejects the two together", () => {
    const { logConfiguration } = defined({}, { log: { ...context.log, logMode: "blocking" } }) as {
      logConfiguration: { options: object };
    };
    expect(logConfiguration.options).toMatchObject({ mode: "blocking" });
    expect(logConfiguration.options).not.toHaveProperty("max-buffer-size");
  });

  it("maps no port without containerPort, and names the port with portName", () => {
    expect(defined()).not.toHaveProperty("portMappings");
    expect(defined({ containerPort: 80, portName: "web" })).toMatchObject({
      portMappings: [{ name: "web", containerPort: 80, hostPort: 0, protocol: "tcp" }],
    });
  });

  it("lets environment override the region", () => {
    expect(defined({ environment: { AWS_REGION: "us-east-1", A: "b" } })).toMatchObject({
      environment: [
        { name: "A", value: "b" },
        { name: "AWS_DEFAULT_REGION", value: "eu-west-1" },
        { name: "AWS_REGION", value: "us-east-1" },
      ],
    });
  });

  it("sets no memory limit with a reservation alone", () => {
    expect(defined({ memoryReservationMiB: 100 })).toMatchObject({ memoryReservation: 100 });
    expect(defined({ memoryReservationMiB: 100 })).not.toHaveProperty("memory");
    expect(defined({ memoryReservationMiB: 100, memoryLimitMiB: 200 })).toMatchObject({
      memory: 200,
      memoryReservation: 100,
    });
  });

  it("renders every other setting", () => {
    const definition = defined(
      {
        essential: false,
        command: ["node", "app.js"],
        entryPoint: ["/init"],
        workingDirectory: "/srv",
        user: "1000:1000",
        privileged: true,
        readonlyRootFilesystem: true,
        startTimeoutSeconds: 60,
        stopTimeoutSeconds: 90,
        ulimits: [{ name: "nofile", softLimit: 1024, hardLimit: 4096 }],
        dependsOn: { proxy: "HEALTHY" },
        links: ["proxy"],
        secrets: { URL: Secret.fromSsmParameter("arn:aws:ssm:eu-west-1:111122223333:parameter/url") },
        gpuCount: 2,
        mountPoints: { "/data": "files" },
      },
      { volumes: validate("volumes", taskVolumesField, { files: { hostPath: "/files" } }) },
    );
    expect(definition).toMatchObject({
      essential: false,
      command: ["node", "app.js"],
      entryPoint: ["/init"],
      workingDirectory: "/srv",
      user: "1000:1000",
      privileged: true,
      readonlyRootFilesystem: true,
      startTimeout: 60,
      stopTimeout: 90,
      ulimits: [{ name: "nofile", softLimit: 1024, hardLimit: 4096 }],
      dependsOn: [{ containerName: "proxy", condition: "HEALTHY" }],
      links: ["proxy"],
      secrets: [{ name: "URL", valueFrom: "arn:aws:ssm:eu-west-1:111122223333:parameter/url" }],
      resourceRequirements: [{ type: "GPU", value: "2" }],
      mountPoints: [{ sourceVolume: "files", containerPath: "/data", readOnly: false }],
    });
  });

  it("runs the command of a health check in a shell if it is a string", () => {
    expect(defined({ containerHealthCheck: { command: "curl -f localhost || exit 1" } })).toMatchObject({
      healthCheck: { command: ["CMD-SHELL", "curl -f localhost || exit 1"], interval: 30, timeout: 5, retries: 3 },
    });
  });

  it.each<[string, string | readonly string[], readonly string[]]>([
    [
      "a list with CMD-SHELL, as the docs of ECS write it",
      ["CMD-SHELL", "curl -f localhost || exit 1"],
      ["CMD-SHELL", "curl -f localhost || exit 1"],
    ],
    ["a list with CMD", ["CMD", "/bin/check", "-v"], ["CMD", "/bin/check", "-v"]],
    ["a list of one shell command", ["curl -f localhost || exit 1"], ["CMD-SHELL", "curl -f localhost || exit 1"]],
    ["a shell command that starts with a variable named CMD", "CMD=a; check $CMD", ["CMD-SHELL", "CMD=a; check $CMD"]],
  ])("renders the command of a health check: %s", (_, command, rendered) => {
    expect(defined({ containerHealthCheck: { command } })).toMatchObject({ healthCheck: { command: rendered } });
  });

  it("renders the times of a health check", () => {
    const containerHealthCheck = {
      command: "true",
      intervalSeconds: 10,
      timeoutSeconds: 3,
      retries: 2,
      startPeriodSeconds: 9,
    };
    expect(defined({ containerHealthCheck })).toMatchObject({
      healthCheck: { interval: 10, timeout: 3, retries: 2, startPeriod: 9 },
    });
  });

  it("leaves out a start period of 0", () => {
    const { healthCheck } = defined({ containerHealthCheck: { command: "true" } }) as { healthCheck: object };
    expect(healthCheck).not.toHaveProperty("startPeriod");
  });

  it("runs an init process with ECS Exec, unless initProcessEnabled is set", () => {
    const exec = { enableExecuteCommand: true };
    expect(defined({}, exec)).toMatchObject({ linuxParameters: { initProcessEnabled: true } });
    expect(defined({ initProcessEnabled: false }, exec)).not.toHaveProperty("linuxParameters");
    expect(defined({ initProcessEnabled: true })).toMatchObject({ linuxParameters: { initProcessEnabled: true } });
  });

  it("maps Neuron devices from /dev/neuron0 on", () => {
    const device = (path: string) => ({ hostPath: path, containerPath: path, permissions: ["read", "write"] });
    expect(defined({ neuronDeviceCount: 2 })).toMatchObject({
      linuxParameters: { devices: [device("/dev/neuron0"), device("/dev/neuron1")] },
    });
  });
});

describe("reservedSize", () => {
  it("counts the reservation, else the limit, else the default of each container", () => {
    const containers = [
      parsed({ memoryReservationMiB: 100, memoryLimitMiB: 200 }),
      parsed({ memoryLimitMiB: 200, cpu: 10 }),
      parsed({}),
    ];
    expect(reservedSize({ taskCpu: undefined, taskMemoryMiB: undefined }, containers)).toEqual({
      cpu: [256, 10, 256],
      memoryMiB: [100, 200, 256],
    });
  });
});

describe("container_definitions", () => {
  it("keeps the caller's text literal, and references inside text", () => {
    const json = synthesize(() => ({ environment: { TEXT: '${x} %{y} "q"\n', REFERENCE: `is ${Fn.upper("a")}` } }));
    const text = '{ "name" = "TEXT", "value" = "$${x} %%{y} \\"q\\"\\n" }';
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringContaining('{ "name" = "REFERENCE", "value" = "is ${upper("a")}" }'),
    });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringContaining(text),
    });
  });

  it.each<[string, string, (value: TerraformVariable) => object, string]>([
    ["an image", "number", ({ stringValue }) => ({ image: stringValue }), '"image" = tostring(var.given)'],
    [
      "a port name",
      "number",
      ({ stringValue }) => ({ portName: stringValue, containerPort: 80 }),
      '"name" = tostring(var.given)',
    ],
    ["a list", "list(string)", ({ listValue }) => ({ command: listValue }), '"command" = var.given'],
    ["a list without a type", "list(string)", ({ value }) => ({ command: value }), '"command" = var.given'],
    ["an element", "string", ({ stringValue }) => ({ entryPoint: ["sh", stringValue] }), '["sh", var.given]'],
    ["a number", "number", ({ numberValue }) => ({ cpu: numberValue }), '"cpu" = var.given'],
    ["a number of GPUs", "number", ({ numberValue }) => ({ gpuCount: numberValue }), '"value" = tostring(var.given)'],
    ["a boolean", "bool", ({ value }) => ({ essential: value }), '"essential" = var.given'],
    ["another boolean", "bool", ({ value }) => ({ privileged: value }), '"privileged" = var.given'],
    ["a variable's value", "string", ({ value }) => ({ environment: { A: value } }), '"value" = var.given'],
    [
      "a path",
      "string",
      ({ stringValue }) => ({ mountPoints: { [stringValue]: "files" } }),
      '"containerPath" = var.given',
    ],
    ["an image", "string", ({ stringValue }) => ({ image: stringValue }), '"image" = var.given'],
    [
      "a shell command",
      "string",
      ({ stringValue }) => ({ containerHealthCheck: { command: `curl ${stringValue}` } }),
      '"command" = ["CMD-SHELL", "curl ${var.given}"]',
    ],
    [
      "a command",
      "list(string)",
      ({ listValue }) => ({ containerHealthCheck: { command: listValue } }),
      '"healthCheck" = { "command" = var.given,',
    ],
    [
      "a limit",
      "number",
      ({ numberValue }) => ({ ulimits: [{ name: "nofile", softLimit: numberValue, hardLimit: -1 }] }),
      '{ "name" = "nofile", "softLimit" = var.given, "hardLimit" = -1 }',
    ],
    [
      "a map of variables",
      "map(string)",
      ({ value }) => ({ environment: value }),
      '"environment" = [for name, value in merge({ "AWS_DEFAULT_REGION" = "eu-west-1", "AWS_REGION" = "eu-west-1" }, var.given) : { name = name, value = tostring(value) }]',
    ],
    [
      "a map token",
      "map(string)",
      ({ value }) => ({ environment: Token.asStringMap(value) }),
      '"AWS_REGION" = "eu-west-1" }, var.given) :',
    ],
    [
      "the result of a function",
      "map(string)",
      ({ value }) => ({ environment: Fn.merge([value, { A: "b" }]) }),
      '"AWS_REGION" = "eu-west-1" }, merge(var.given, {"A" = "b"})) :',
    ],
  ])("accepts %s that only Terraform knows", (_, type, settings, expression) => {
    const json = synthesize((stack) => settings(variable(stack, type)));
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringContaining(expression),
    });
  });
});

describe("the settings of a container", () => {
  const KNOWN = "must be known when the code runs; received a token. Write the value itself instead of a token.";
  const ulimit = { name: "nofile", softLimit: 1, hardLimit: 5 };
  const check = (settings: object) => ({ containerHealthCheck: { command: "true", ...settings } });

  it.each<[string, object, string]>([
    [
      "a port above 65535",
      { containerPort: 70_000 },
      "containerPort must be a whole number from 1 to 65535; received 70000. Use the port that the process in the container listens on.",
    ],
    [
      "1 CPU unit",
      { cpu: 1 },
      "cpu must be a whole number from 2 to 196608 (CPU units); received 1. 1024 units are one vCPU.",
    ],
    [
      "more CPU units than an instance has",
      { cpu: 196_609 },
      "cpu must be a whole number from 2 to 196608 (CPU units); received 196609. 1024 units are one vCPU.",
    ],
    [
      "less memory than Docker accepts",
      { memoryLimitMiB: 5 },
      "memoryLimitMiB must be a whole number from 6 to 25165824 (MiB); received 5. Docker rejects less, and no instance type has more.",
    ],
    [
      "a reservation that is not below the limit",
      { memoryLimitMiB: 128, memoryReservationMiB: 128 },
      "memoryReservationMiB must be below memoryLimitMiB, which is 128; received 128. Lower it, or raise the limit.",
    ],
    [
      "a variable that is a number",
      { environment: { PORT: 3000 } },
      "environment.PORT must be a string; received 3000. Write it in quotes.",
    ],
    [
      "a variable that is undefined",
      { environment: { PORT: undefined } },
      "environment.PORT must be a string; received nothing. Set it.",
    ],
    [
      "a variable's name with =",
      { environment: { "A=B": "c" } },
      'environment["A=B"] must have a name without spaces and =; received "A=B". Rename the variable.',
    ],
    [
      "a secret that is a string",
      { secrets: { DB: "/prod/db" } },
      "secrets.DB must be a Secret; received a value that is not shown. Use Secret.fromSsmParameter or Secret.fromSecretsManager.",
    ],
    [
      "a secret with the name of a variable",
      { environment: { URL: "x" }, secrets: { URL: Secret.fromSsmParameter("/url") } },
      "secrets.URL must have a name that environment does not have; received a value that is not shown. Remove one of the two.",
    ],
    [
      "a secret with the name of the region",
      { secrets: { AWS_REGION: Secret.fromSsmParameter("/url") } },
      "secrets.AWS_REGION must not set the region; received a value that is not shown. Set another region with environment.",
    ],
    [
      "a command that is a string",
      { command: "npm start" },
      'command must be a list; received "npm start". Write it in brackets: [first, second].',
    ],
    [
      "an entry point that is a string",
      { entryPoint: "sh -c" },
      'entryPoint must be a list; received "sh -c". Write it in brackets: [first, second].',
    ],
    ["a user that is a number", { user: 1000 }, "user must be a string; received 1000. Write it in quotes."],
    [
      "a boolean in quotes",
      { privileged: "true" },
      'privileged must be true or false; received "true". Write it without quotes.',
    ],
    [
      "a health check that is a string",
      { containerHealthCheck: "curl -f http://localhost/" },
      'containerHealthCheck must be an object; received "curl -f http://localhost/". Write it in braces: { name: value }.',
    ],
    [
      "a health check without a command",
      { containerHealthCheck: {} },
      "containerHealthCheck.command must be a string or a list; received nothing. Set it.",
    ],
    [
      "a health check that is switched off with NONE",
      check({ command: ["NONE"] }),
      'containerHealthCheck.command must be one command, ["CMD-SHELL", command] or ["CMD", program, ...arguments]; received ["NONE"]. For example "curl -f http://localhost/ || exit 1". Remove containerHealthCheck for no health check.',
    ],
    [
      "a health check with a list without CMD",
      check({ command: ["curl", "-f", "http://localhost/"] }),
      'containerHealthCheck.command must be one command, ["CMD-SHELL", command] or ["CMD", program, ...arguments]; received ["curl", "-f", "http://localhost/"]. For example "curl -f http://localhost/ || exit 1". Remove containerHealthCheck for no health check.',
    ],
    [
      "a health check with CMD-SHELL in text",
      check({ command: "CMD-SHELL curl -f http://localhost/" }),
      'containerHealthCheck.command must not start with CMD, CMD-SHELL or NONE; received "CMD-SHELL curl -f http://localhost/". For example "curl -f http://localhost/ || exit 1". Remove containerHealthCheck for no health check.',
    ],
    [
      "a spread of a map that only Terraform knows",
      { environment: { ...Fn.merge([{ A: "b" }]), C: "d" } },
      "environment must be a map; received { ...token }. Use Fn.merge([token, { name: value }]) in place of { ...token, name: value }.",
    ],
    [
      "a health check with an empty list",
      check({ command: [] }),
      'containerHealthCheck.command must not be empty; received []. For example "curl -f http://localhost/ || exit 1".',
    ],
    [
      "a health check with an empty string",
      check({ command: "" }),
      'containerHealthCheck.command must not be empty; received "". For example "curl -f http://localhost/ || exit 1".',
    ],
    [
      "a timeout that is not below the interval",
      check({ intervalSeconds: 5, timeoutSeconds: 5 }),
      "containerHealthCheck.timeoutSeconds must be below intervalSeconds, which is 5; received 5. Lower the timeout, or raise the interval.",
    ],
    [
      "an interval below 5 seconds",
      check({ intervalSeconds: 4, timeoutSeconds: 2 }),
      "containerHealthCheck.intervalSeconds must be a whole number from 5 to 300 (seconds); received 4. For example 30.",
    ],
    [
      "a timeout above 60 seconds",
      check({ intervalSeconds: 120, timeoutSeconds: 61 }),
      "containerHealthCheck.timeoutSeconds must be a whole number from 2 to 60 (seconds); received 61. For example 5.",
    ],
    [
      "more than 10 retries",
      check({ retries: 11 }),
      "containerHealthCheck.retries must be a whole number from 1 to 10 (checks in a row); received 11. For example 3.",
    ],
    [
      "a start period above 300 seconds",
      check({ startPeriodSeconds: 301 }),
      "containerHealthCheck.startPeriodSeconds must be a whole number from 0 to 300 (seconds); received 301. Remove it for none.",
    ],
    [
      "an unknown setting of a health check",
      check({ interval: 30 }),
      'Unknown setting "containerHealthCheck.interval". Did you mean "intervalSeconds"?',
    ],
    [
      "limits in a map",
      { ulimits: { nofile: 1024 } },
      'ulimits must be a list; received {"nofile": 1024}. Write it in brackets: [first, second].',
    ],
    [
      "an unknown limit",
      { ulimits: [{ ...ulimit, name: "files" }] },
      'ulimits[0].name must be one of "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack"; received "files". Choose one of these.',
    ],
    [
      "a limit twice",
      { ulimits: [ulimit, ulimit] },
      'ulimits[1].name must differ from the other limits; received "nofile". Remove one of the two.',
    ],
    [
      "a soft limit above the hard limit",
      { ulimits: [{ ...ulimit, softLimit: 10 }] },
      "ulimits[0].softLimit must be at most hardLimit, which is 5; received 10. Lower it, or raise hardLimit.",
    ],
    [
      "an unlimited soft limit below a hard limit",
      { ulimits: [{ ...ulimit, softLimit: -1 }] },
      "ulimits[0].softLimit must be at most hardLimit, which is 5; received -1. Lower it, or raise hardLimit.",
    ],
    [
      "a limit that is no whole number",
      { ulimits: [{ ...ulimit, softLimit: 0.5 }] },
      "ulimits[0].softLimit must be a whole number from -1 to 9007199254740991; received 0.5. -1 is unlimited.",
    ],
    [
      "a start timeout of 1 second",
      { startTimeoutSeconds: 1 },
      "startTimeoutSeconds must be a whole number from 2 to 86400 (seconds); received 1. Remove it for the agent's default.",
    ],
    [
      "a stop timeout of 0 seconds",
      { stopTimeoutSeconds: 0 },
      "stopTimeoutSeconds must be a whole number from 2 to 86400 (seconds); received 0. Remove it for the agent's default.",
    ],
    [
      "17 GPUs",
      { gpuCount: 17 },
      "gpuCount must be a whole number from 1 to 16 (devices); received 17. No instance type has more.",
    ],
    [
      "half a Neuron device",
      { neuronDeviceCount: 0.5 },
      "neuronDeviceCount must be a whole number from 1 to 16 (devices); received 0.5. No instance type has more.",
    ],
    [
      "a relative mount path",
      { mountPoints: { data: "files" } },
      'mountPoints.data must be an absolute path without a colon; received "data". For example /data.',
    ],
    [
      "an unknown condition",
      { dependsOn: { proxy: "STARTED" } },
      'dependsOn.proxy must be one of "START", "COMPLETE", "SUCCESS", "HEALTHY"; received "STARTED". Choose one of these.',
    ],
    [
      "a name with a space",
      { name: "users api" },
      'name must have 1 to 255 letters, digits, hyphens and underscores; received "users api". For example "users" or "log-router".',
    ],
    [
      "an image without a name",
      { image: "" },
      'image must be 1 to 255 characters long; received "". ECS rejects longer names.',
    ],
    [
      "an image in upper case",
      { image: "Users:7" },
      'image must be the name of a container image; received "Users:7". Write registry, repository and tag, such as "nginx:1.27" or "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/users:7".',
    ],
    ["an unknown setting", { memoryLimitMib: 128 }, 'Unknown setting "memoryLimitMib". Did you mean "memoryLimitMiB"?'],
  ])("reject %s", (_, props, message) => {
    expect(problemsOf(() => parsed(props))).toContain(message);
  });

  it.each<Partial<ContainerProps>>([
    { ulimits: [{ name: "core", softLimit: -1, hardLimit: -1 }] },
    { cpu: 196_608, memoryLimitMiB: 6 },
    { containerPort: 65_535, gpuCount: 16, stopTimeoutSeconds: 2 },
  ])("accept the limits themselves: %j", (props) => {
    expect(problemsOf(() => parsed(props))).toEqual([]);
  });

  it.each<string | readonly string[]>([
    "CMD curl",
    "CMD-SHELL, curl -f http://localhost/",
    '["CMD-SHELL", "curl"]',
    "NONE",
    ["CMD"],
    ["CMD-SHELL"],
    ["CMD-SHELL curl -f http://localhost/"],
    ["CMD-SHELL", "curl", "-f"],
    ["NONE", "true"],
    ["cmd", "curl"],
    ["CMD", "CMD-SHELL", "curl x"],
    ["CMD-SHELL", "CMD curl x"],
    ["CMD-SHELL", "CMD-SHELL curl"],
    ["CMD", ""],
    ["CMD-SHELL", " "],
    [""],
    "  ",
  ])("reject the command %j of a health check", (command) => {
    expect(problemsOf(() => parsed(check({ command })))).toEqual([
      expect.stringMatching(/^containerHealthCheck\.command must /),
    ]);
  });

  it.each(["secrets", "dependsOn", "mountPoints", "links", "ulimits"] as const)(
    "reject %s that only Terraform knows, because the code reads the names in it",
    (name) => {
      const shown = name === "secrets" ? KNOWN.replace("a token.", "a value that is not shown.") : KNOWN;
      expect(problemsOf(() => synthesize((stack) => ({ [name]: variable(stack, "any").value })))).toEqual([
        `containers[0].${name} ${shown}`,
      ]);
    },
  );

  it.each(["neuronDeviceCount", "initProcessEnabled", "name", "pullThroughCache"] as const)(
    "reject a %s that only Terraform knows",
    (name) => {
      const problems = problemsOf(() => synthesize((stack) => ({ [name]: variable(stack, "any").value })));
      expect(problems).toEqual([`containers[0].${name} ${KNOWN}`]);
    },
  );

  it.each(["secrets", "dependsOn", "mountPoints"] as const)("reject %s that are a map token", (name) => {
    const shown = name === "secrets" ? KNOWN.replace("a token.", "a value that is not shown.") : KNOWN;
    expect(
      problemsOf(() => synthesize((stack) => ({ [name]: Token.asStringMap(variable(stack, "any").value) }))),
    ).toEqual([`containers[0].${name} ${shown}`]);
  });

  it("reject a spread of a map token", () => {
    const problems = problemsOf(() =>
      synthesize((stack) => ({ environment: { ...Token.asStringMap(variable(stack, "any").value), A: "b" } })),
    );
    expect(problems).toEqual([
      "containers[0].environment must be a map; received a token. Use Fn.merge([token, { name: value }]) in place of { ...token, name: value }.",
    ]);
  });

  it.each([
    "nginx",
    "nginx:1.27",
    "public.ecr.aws/docker/library/nginx:1.27",
    "localhost:5000/a/b:c",
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com/prod/users:7f3a2b1",
    `nginx@sha256:${"a".repeat(64)}`,
  ])("accept the image %s", (image) => {
    expect(problemsOf(() => parsed({ image }))).toEqual([]);
  });

  it.each(["", "nginx:", "UPPER", "a b", "nginx@sha256:abc", "https://example.com/nginx", "nginx:${tag}"])(
    "reject the image %j",
    (image) => {
      expect(problemsOf(() => parsed({ image }))).not.toEqual([]);
    },
  );
});
