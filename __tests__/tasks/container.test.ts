import { Fn, TerraformOutput } from "cdktf";
import { type ContainerProps, Secret } from "../../src";
import { type ContainerContext, containerDefinition, containerDefinitions, reserved } from "../../src/tasks/container";
import { containerSettingsMistakes, containersMistakes } from "../../src/tasks/container-mistakes";
import { about } from "../support/cluster-target";
import { at, emptyStack, synthesized } from "../support/synthesized";

const context: ContainerContext = {
  clusterArn: "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
  region: "eu-west-1",
  logGroupName: "/ecs/prod/users",
  streamPrefix: "users",
  initProcessEnabled: false,
};
const users: ContainerProps = { name: "users", image: "users:7" };
const defined = (props: Partial<ContainerProps> = {}, change: Partial<ContainerContext> = {}) =>
  containerDefinition({ ...users, ...props }, { ...context, ...change });

describe("a container's definition", () => {
  it("is the tutorial's container where nothing is said, and leaves out what isn't set", () => {
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
        },
      },
    });
  });

  it("maps no port of a container that listens on none", () => {
    expect(defined()).not.toHaveProperty("portMappings");
  });

  it("lets the caller's region win", () => {
    expect(at(defined({ environment: { AWS_REGION: "us-east-1", A: "b" } }), "environment")).toEqual([
      { name: "A", value: "b" },
      { name: "AWS_DEFAULT_REGION", value: "eu-west-1" },
      { name: "AWS_REGION", value: "us-east-1" },
    ]);
  });

  it("has no hard limit where there is a soft one only, and keeps the soft one", () => {
    expect(defined({ memoryReservationMiB: 100 })).toMatchObject({ memoryReservation: 100 });
    expect(defined({ memoryReservationMiB: 100 })).not.toHaveProperty("memory");
    expect(reserved({ memoryReservationMiB: 100, memoryLimitMiB: 200 })).toEqual({ cpu: 256, memoryMiB: 100 });
    expect(reserved({ memoryLimitMiB: 200, cpu: 10 })).toEqual({ cpu: 10, memoryMiB: 200 });
  });

  it("renders everything else by ECS's names", () => {
    const props: Partial<ContainerProps> = {
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
      containerHealthCheck: { command: "curl -f localhost || exit 1" },
    };
    expect(defined(props)).toMatchObject({
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
      healthCheck: {
        command: ["CMD-SHELL", "curl -f localhost || exit 1"],
        interval: 30,
        timeout: 5,
        retries: 3,
      },
    });
  });

  it("runs a health check's command without a shell where it is a list", () => {
    const check = {
      command: ["/bin/check", "-v"],
      intervalSeconds: 10,
      timeoutSeconds: 3,
      retries: 2,
      startPeriodSeconds: 9,
    };
    expect(at(defined({ containerHealthCheck: check }), "healthCheck")).toEqual({
      command: ["CMD", "/bin/check", "-v"],
      interval: 10,
      timeout: 3,
      retries: 2,
      startPeriod: 9,
    });
  });

  it("runs an init process where ECS Exec is on, unless the caller says otherwise", () => {
    const exec = { initProcessEnabled: true };
    expect(defined({}, exec)).toMatchObject({ linuxParameters: { initProcessEnabled: true } });
    expect(defined({ initProcessEnabled: false }, exec)).not.toHaveProperty("linuxParameters");
    expect(defined({ initProcessEnabled: true })).toMatchObject({ linuxParameters: { initProcessEnabled: true } });
  });

  it("is one expression in which text is quoted and references stay references", () => {
    const stack = emptyStack();
    const reference = Fn.upper("a");
    const value = containerDefinitions([{ text: '${x} %{y} "q"\n', list: [`is ${reference}`], number: 3 }]);
    new TerraformOutput(stack, "x", { value });
    expect(at(synthesized(stack), "output", "x", "value")).toBe(
      '${jsonencode([{ "text" = "$${x} %%{y} \\"q\\"\\n", "list" = ["is ${upper("a")}"], "number" = 3 }])}',
    );
  });
});

describe("a container's mistakes", () => {
  it.each<[string, Partial<ContainerProps>, string]>([
    [
      "a port that none is",
      { containerPort: 70_000 },
      "containerPort must be a whole number from 1 to 65535 (a port); received 70000. Give the port that the process in the container listens on.",
    ],
    [
      "too little CPU",
      { cpu: 1 },
      "cpu must be a whole number from 2 to 196608 (CPU units); received 1. 1024 are one vCPU.",
    ],
    [
      "too little memory",
      { memoryLimitMiB: 5 },
      "memoryLimitMiB must be a whole number from 6 to 25165824 (MiB); received 5. Docker starts no container with less, and no instance has more.",
    ],
    [
      "a hard limit under the soft one",
      { memoryLimitMiB: 128, memoryReservationMiB: 256 },
      "memoryLimitMiB must be over memoryReservationMiB; received 128, with memoryReservationMiB 256. Raise the hard limit, or lower the soft one.",
    ],
    [
      "a check that takes longer than until the next",
      { containerHealthCheck: { command: "true", intervalSeconds: 5, timeoutSeconds: 5 } },
      "containerHealthCheck.timeoutSeconds must be under intervalSeconds; received 5, with intervalSeconds 5. Lower the timeout, or raise the interval.",
    ],
    [
      "a check without a command",
      { containerHealthCheck: { command: [] } },
      'containerHealthCheck.command must not be empty; received []. Write it like "curl -f http://localhost/ || exit 1".',
    ],
    [
      "a variable's name with =",
      { environment: { "A=B": "c" } },
      'environment.A=B must be named without spaces and =; received "A=B". Rename the variable.',
    ],
    [
      "a secret by a variable's name",
      { environment: { URL: "x" }, secrets: { URL: Secret.fromSsmParameter("/url") } },
      'secrets.URL must have a name of its own; received "URL", which environment has too. Remove one of them.',
    ],
    [
      "a secret by the name of the region that every container is told",
      { secrets: { AWS_REGION: Secret.fromSsmParameter("/url") } },
      'secrets.AWS_REGION must have a name of its own; received "AWS_REGION", which every container has for its region. Give another region with environment.',
    ],
    [
      "a variable that is a number, which the compiler doesn't see where it is spread in",
      { environment: JSON.parse('{ "PORT": 3000 }') },
      "environment.PORT must be text; received 3000. Put it in quotes, or leave the variable out.",
    ],
    [
      "a variable of nothing",
      { environment: { PORT: undefined as unknown as string } },
      "environment.PORT must be text; received nothing. Put it in quotes, or leave the variable out.",
    ],
    [
      "a limit twice",
      {
        ulimits: [
          { name: "nofile", softLimit: 1, hardLimit: 5 },
          { name: "nofile", softLimit: 1, hardLimit: 6 },
        ],
      },
      "ulimits must name each limit once; received nofile twice. Remove one of them.",
    ],
    [
      "a soft limit over the hard one",
      { ulimits: [{ name: "nofile", softLimit: 10, hardLimit: 5 }] },
      "ulimits.nofile must have whole numbers and a soft limit that is not over the hard one; received 10 and 5. -1 is unlimited.",
    ],
    [
      "an unlimited soft limit under a hard one",
      { ulimits: [{ name: "nofile", softLimit: -1, hardLimit: 5 }] },
      "ulimits.nofile must have whole numbers and a soft limit that is not over the hard one; received -1 and 5. -1 is unlimited.",
    ],
    [
      "a stop timeout of none",
      { stopTimeoutSeconds: 0 },
      "stopTimeoutSeconds must be a whole number from 2 to 86400 (seconds); received 0. Leave it out for the agent's own.",
    ],
  ])("name %s", (_, props, message) => {
    expect(containerSettingsMistakes({ ...users, ...props })).toEqual([message]);
  });

  it("stand after the container they are of", () => {
    expect(containerSettingsMistakes({ cpu: 1 }, "sidecars.proxy.")).toEqual([
      expect.stringMatching(/^sidecars\.proxy\.cpu must/),
    ]);
  });

  it("accept unlimited limits and numbers that Terraform alone knows", () => {
    expect(containerSettingsMistakes({ ulimits: [{ name: "core", softLimit: -1, hardLimit: -1 }] })).toEqual([]);
  });
});

describe("containers of one task", () => {
  const proxy: ContainerProps = { name: "proxy", image: "envoy:1" };
  it.each<[string, ContainerProps[], string]>([
    [
      "none",
      [],
      "containers must be 1 to 10; received 0. A task definition holds no more: make another service of the rest.",
    ],
    [
      "two of a name",
      [users, users],
      'containers must have names of their own; received "users" twice. Rename one of them.',
    ],
    [
      "none that is essential",
      [{ ...users, essential: false }],
      "containers must hold an essential one; received users, none of which is. Leave essential out where the task ends with the container.",
    ],
    [
      "one that waits for a stranger",
      [{ ...users, dependsOn: { prxy: "START" } }, proxy],
      "containers.users.dependsOn.prxy must be a container of the same task; received none of that name. There are users, proxy.",
    ],
    [
      "one that is linked to a stranger",
      [{ ...users, links: ["prxy"] }, proxy],
      'containers.users.links must be other containers of the same task; received "prxy". There are users, proxy.',
    ],
    [
      "one that is linked to itself",
      [{ ...users, links: ["users"] }],
      'containers.users.links must be other containers of the same task; received "users". There are users.',
    ],
    [
      "one that waits for health that nobody checks",
      [{ ...users, dependsOn: { proxy: "HEALTHY" } }, proxy],
      'containers.users.dependsOn.proxy must have a containerHealthCheck; received "HEALTHY" for a container without. Give it one, or wait for START.',
    ],
    [
      "one that waits for the end of an essential one",
      [{ ...users, dependsOn: { proxy: "SUCCESS" } }, proxy],
      'containers.users.dependsOn.proxy must not be essential; received "SUCCESS" for one that is, whose end stops the task. Set essential: false on it.',
    ],
    [
      "a circle",
      [
        { ...users, dependsOn: { proxy: "START" } },
        { ...proxy, dependsOn: { users: "START" } },
      ],
      "containers must not wait for each other; received users → proxy → users. Remove one of those dependencies.",
    ],
    [
      "an image that is none",
      [{ ...users, image: "Users:7" }],
      'containers.users.image must be the name of a container image; received "Users:7". Write registry, repository and tag, such as "nginx:1.27" or "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/users:7".',
    ],
    [
      "a name that Docker refuses",
      [{ ...users, name: "users api" }],
      'containers.users api.name must hold 1 to 255 letters, digits, hyphens and underscores; received "users api". Write it like "users" or "log-router".',
    ],
  ])("are refused: %s", (_, containers, message) => {
    expect(about(containersMistakes(containers), message.split(" ")[0] as string)).toContain(message);
  });

  it("are accepted where one waits for another", () => {
    const init: ContainerProps = { name: "init", image: "init:1", essential: false };
    const checked: ContainerProps = { ...proxy, containerHealthCheck: { command: "true" } };
    const waiting: ContainerProps = { ...users, dependsOn: { init: "SUCCESS", proxy: "HEALTHY" } };
    expect(containersMistakes([waiting, init, checked])).toEqual([]);
  });

  it.each([
    "nginx",
    "nginx:1.27",
    "public.ecr.aws/docker/library/nginx:1.27",
    "localhost:5000/a/b:c",
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com/prod/users:7f3a2b1",
    `nginx@sha256:${"a".repeat(64)}`,
  ])("may run %s", (image) => {
    expect(containersMistakes([{ ...users, image }])).toEqual([]);
  });

  it.each(["", "nginx:", "UPPER", "a b", "nginx@sha256:abc", "https://example.com/nginx", "nginx:${tag}"])(
    "may not run %j",
    (image) => {
      expect(containersMistakes([{ ...users, image }])).not.toEqual([]);
    },
  );
});
