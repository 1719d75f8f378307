import { cachedImageRule } from "../iam/execution-role";
import { type Secret, secretField } from "../iam/secret";
import { convertTo } from "../terraform/convert-to";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { length, matches, type Rule, wholeNumber } from "../validation/rule";
import {
  anyOf,
  boolean,
  choice,
  list,
  map,
  number,
  type Parsed,
  plain,
  schemaOf,
  sensitive,
  string,
} from "../validation/schema";
import type { Findings, Known, Limit } from "../validation/settings-rule";
import { isToken } from "../validation/token";

const CONDITIONS = ["START", "COMPLETE", "SUCCESS", "HEALTHY"] as const;

/** The state of another container that a container waits for. */
export type ContainerCondition = (typeof CONDITIONS)[number];

/** A command that Docker runs in the container to check its health. */
export interface ContainerHealthCheck {
  /**
   * A string, or `["CMD-SHELL", command]`, runs in the container's shell. `["CMD", program, ...arguments]` runs without a
   * shell.
   */
  readonly command: string | readonly string[];
  /** Seconds from one check to the next. @default 30 */
  readonly intervalSeconds?: number;
  /** Seconds after which a check fails. It must be below the interval. @default 5 */
  readonly timeoutSeconds?: number;
  /** Failed checks in a row that make the container unhealthy. @default 3 */
  readonly retries?: number;
  /** Seconds after the start in which failed checks do not count. @default 0 */
  readonly startPeriodSeconds?: number;
}

type Command = ContainerHealthCheck["command"];

const notEmpty: Limit<Command> = {
  must: "not be empty",
  fix: 'For example "curl -f http://localhost/ || exit 1".',
  check: (command) => (typeof command === "string" ? command.trim() : command).length > 0,
};

/** The start of a text that Docker would run as a program with this name. Terraform compares it too. */
const KEYWORD = '^[\\s["]*(CMD|CMD-SHELL|NONE)([\\s",]|$)';
const hasKeyword = (text: string): boolean => new RegExp(KEYWORD).test(text);
/** A token can be any text. */
const isProgram = (text: string | undefined): boolean =>
  text === undefined || (text.trim() !== "" && !hasKeyword(text));

function* commandForm({ command }: Known<ContainerHealthCheck>): Findings<ContainerHealthCheck> {
  if (command === undefined || command.length === 0) return;
  const fix = 'For example "curl -f http://localhost/ || exit 1". Remove containerHealthCheck for no health check.';
  if (typeof command === "string") {
    if (hasKeyword(command)) yield { at: "command", must: "not start with CMD, CMD-SHELL or NONE", fix };
    return;
  }
  const [first, second] = command;
  const isForm = first === "CMD" || (first === "CMD-SHELL" && command.length === 2);
  if (command.length === 1 ? isProgram(first) : isForm && isProgram(second)) return;
  yield { at: "command", must: 'be one command, ["CMD-SHELL", command] or ["CMD", program, ...arguments]', fix };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
export const containerHealthCheckSchema = schemaOf<ContainerHealthCheck>()(
  {
    // A token stays a string or a list, because the type decides whether the command runs in a shell.
    command: anyOf(string(notEmpty), list(string(), notEmpty)).with<Command, Command>({ kind: undefined }),
    intervalSeconds: number(wholeNumber(5, 300, "seconds", "For example 30.")).default(30),
    timeoutSeconds: number(wholeNumber(2, 60, "seconds", "For example 5.")).default(5),
    retries: number(wholeNumber(1, 10, "checks in a row", "For example 3.")).default(3),
    startPeriodSeconds: number(wholeNumber(0, 300, "seconds", "Remove it for none.")).default(0),
  },
  commandForm,
  // AWS rejects a check that can still run when the next one starts.
  function* timeoutBelowInterval({ timeoutSeconds: timeout, intervalSeconds: interval }) {
    if (timeout === undefined || interval === undefined || timeout < interval) return;
    const must = `be below intervalSeconds, which is ${interval}`;
    yield { at: "timeoutSeconds", must, fix: "Lower the timeout, or raise the interval." };
  },
);

const ULIMITS = [
  "core",
  "cpu",
  "data",
  "fsize",
  "locks",
  "memlock",
  "msgqueue",
  "nice",
  "nofile",
  "nproc",
  "rss",
  "rtprio",
  "rttime",
  "sigpending",
  "stack",
] as const;

/** A limit of the operating system. */
export interface Ulimit {
  /** The limit's name in Docker. */
  readonly name: (typeof ULIMITS)[number];
  /** The limit that the process starts with; -1 is unlimited. */
  readonly softLimit: number;
  /** The highest limit that the process can set; -1 is unlimited. */
  readonly hardLimit: number;
}

const ulimitValue = wholeNumber(-1, Number.MAX_SAFE_INTEGER, "", "-1 is unlimited.");

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html */
export const ulimitSchema = schemaOf<Ulimit>()(
  { name: plain(choice(...ULIMITS)), softLimit: number(ulimitValue), hardLimit: number(ulimitValue) },
  function* softWithinHard({ softLimit: soft, hardLimit: hard }) {
    if (soft === undefined || hard === undefined || hard === -1 || (soft !== -1 && soft <= hard)) return;
    yield { at: "softLimit", must: `be at most hardLimit, which is ${hard}`, fix: "Lower it, or raise hardLimit." };
  },
);

/** The settings of a container beside its name and its image. */
export interface ContainerSettings {
  /** The port that the process listens on. Its port on the instance is dynamic. @default - no port */
  readonly containerPort?: number;
  /** CPU units to reserve; 1024 are one vCPU. @default 256 */
  readonly cpu?: number;
  /** MiB above which Docker kills the container. @default - 256, or no limit with `memoryReservationMiB` */
  readonly memoryLimitMiB?: number;
  /** MiB to reserve. It must be below `memoryLimitMiB`. @default - `memoryLimitMiB` */
  readonly memoryReservationMiB?: number;
  /**
   * Environment variables. `AWS_REGION` and `AWS_DEFAULT_REGION` are always set. Numbers that only Terraform knows become
   * text.
   * @default - no others
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** Environment variables that ECS reads from SSM or Secrets Manager when the container starts. @default - none */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /** Overrides the image's `CMD`. @default - the image's own */
  readonly command?: readonly string[];
  /** Overrides the image's `ENTRYPOINT`. @default - the image's own */
  readonly entryPoint?: readonly string[];
  /** The folder that the process starts in. @default - the image's own */
  readonly workingDirectory?: string;
  /** The user, or `user:group`. @default - the image's own */
  readonly user?: string;
  /** Stop the whole task when this container stops. @default true */
  readonly essential?: boolean;
  /** Docker's health check. The load balancer's is `healthCheck`. @default - none, even if the image has one */
  readonly containerHealthCheck?: ContainerHealthCheck;
  /** Containers of the same task that this one waits for, each with the state to wait for. @default - none */
  readonly dependsOn?: Readonly<Record<string, ContainerCondition>>;
  /**
   * Containers of the same task that this one reaches by name. In bridge mode, containers do not share `localhost`.
   * @default - none
   */
  readonly links?: readonly string[];
  /** Limits of the operating system. @default - the Docker daemon's */
  readonly ulimits?: readonly Ulimit[];
  /** Make the container's file system read-only. ECS Exec needs a writable one. @default - writable */
  readonly readonlyRootFilesystem?: boolean;
  /** Seconds to wait for a container that this one depends on. @default - the agent's own, 180 */
  readonly startTimeoutSeconds?: number;
  /** Seconds from SIGTERM to SIGKILL. @default - the agent's own, 30 */
  readonly stopTimeoutSeconds?: number;
  /** Run an init process, which reaps zombies. @default - true with ECS Exec */
  readonly initProcessEnabled?: boolean;
  /** GPUs to reserve. Only instances with NVIDIA GPUs run the container. @default - none */
  readonly gpuCount?: number;
  /** AWS Neuron devices (Inferentia, Trainium) to use, from `/dev/neuron0` on. @default - none */
  readonly neuronDeviceCount?: number;
  /** The task's volumes to mount: the volume's name by the path in the container. @default - none */
  readonly mountPoints?: Readonly<Record<string, string>>;
  /** Give the container full access to the instance. @default false */
  readonly privileged?: boolean;
  /**
   * The image comes through a pull-through cache of ECR. The execution role can import it and create its repository, which
   * the first pull of each tag needs.
   * @default false
   */
  readonly pullThroughCache?: boolean;
}

/** A path on an instance or in a container. ECS separates paths with colons. */
export const absolutePath = matches("^/[^\\x00:]*$", "be an absolute path without a colon", "For example /data.");

const memory = wholeNumber(6, 25_165_824, "MiB", "Docker rejects less, and no instance type has more.");
const devices = wholeNumber(1, 16, "devices", "No instance type has more.");
const wait = wholeNumber(2, 86_400, "seconds", "Remove it for the agent's default.");
const names = [matches("^[^=\\x00-\\x20]{1,512}$", "have a name without spaces and =", "Rename the variable.")];

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
export const containerSettingsSchema = schemaOf<ContainerSettings>()(
  {
    containerPort: number(
      wholeNumber(1, 65_535, "", "Use the port that the process in the container listens on."),
    ).optional(),
    cpu: number(wholeNumber(2, 196_608, "CPU units", "1024 units are one vCPU.")).default(256),
    memoryLimitMiB: number(memory).optional(),
    memoryReservationMiB: number(memory).optional(),
    environment: map(string(), { names }).default({}),
    secrets: sensitive(map(secretField, { names })).default({}),
    command: list(string()).optional(),
    entryPoint: list(string()).optional(),
    workingDirectory: string().optional(),
    user: string().optional(),
    essential: boolean().default(true),
    containerHealthCheck: containerHealthCheckSchema.optional(),
    dependsOn: plain(map(choice(...CONDITIONS))).default({}),
    links: list(plain(string())).default([]),
    ulimits: list(ulimitSchema).default([]),
    readonlyRootFilesystem: boolean().optional(),
    startTimeoutSeconds: number(wait).optional(),
    stopTimeoutSeconds: number(wait).optional(),
    initProcessEnabled: plain(boolean()).optional(),
    gpuCount: number(devices).optional(),
    neuronDeviceCount: plain(number(devices)).optional(),
    mountPoints: map(plain(string()), { names: [absolutePath] }).default({}),
    privileged: boolean().default(false),
    pullThroughCache: plain(boolean()).default(false),
  },
  reservationBelowLimit,
  distinctVariables,
  distinctUlimits,
);

function* reservationBelowLimit({
  memoryLimitMiB: hard,
  memoryReservationMiB: soft,
}: Known<ContainerSettings>): Findings<ContainerSettings> {
  if (hard === undefined || soft === undefined || soft < hard) return;
  const must = `be below memoryLimitMiB, which is ${hard}`;
  yield { at: "memoryReservationMiB", must, fix: "Lower it, or raise the limit." };
}

function* distinctVariables({ environment = {}, secrets = {} }: Known<ContainerSettings>): Findings<ContainerSettings> {
  for (const name of Object.keys(secrets)) {
    const at = ["secrets", name] as const;
    if (Object.hasOwn(environment, name)) {
      yield { at, must: "have a name that environment does not have", fix: "Remove one of the two." };
    } else if (REGION_NAMES.includes(name)) {
      yield { at, must: "not set the region", fix: "Set another region with environment." };
    }
  }
}

function* distinctUlimits({ ulimits = [] }: Known<ContainerSettings>): Findings<ContainerSettings> {
  const limits = ulimits.map((limit) => limit?.name);
  for (const [index, name] of limits.entries()) {
    if (name === undefined || limits.indexOf(name) === index) continue;
    yield { at: ["ulimits", index, "name"], must: "differ from the other limits", fix: "Remove one of the two." };
  }
}

/** The name of a container image. The variable of a service's image has the same rules. */
export const imageRules: readonly Rule<string>[] = [
  length(1, 255, "ECS rejects longer names."),
  matches(
    "^([a-zA-Z0-9.-]+(:[0-9]{1,5})?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$",
    "be the name of a container image",
    'Write registry, repository and tag, such as "nginx:1.27" or "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/users:7".',
  ),
];

/** One container of a task. */
export interface ContainerProps extends ContainerSettings {
  /** Its name, which no other container of the task has. */
  readonly name: string;
  /** The image, with its tag. */
  readonly image: string;
  /** The name of the port in Service Connect. @default - none */
  readonly portName?: string;
}

export const containerPropsSchema = schemaOf<ContainerProps>()(
  {
    ...containerSettingsSchema.shape,
    name: plain(
      string(
        matches(
          "^[a-zA-Z0-9_-]{1,255}$",
          "have 1 to 255 letters, digits, hyphens and underscores",
          'For example "users" or "log-router".',
        ),
      ),
    ),
    image: string(...imageRules),
    portName: string().optional(),
  },
  ...containerSettingsSchema.rules,
  function* cachedImage({ image, pullThroughCache }) {
    if (image === undefined || !pullThroughCache || cachedImageRule.check(image, {})) return;
    yield { at: "image", must: cachedImageRule.must, fix: cachedImageRule.fix };
  },
);

/** A container with the defaults of its settings. */
export type Container = Parsed<typeof containerPropsSchema>;

/** MiB of a container with neither a limit nor a reservation. */
const DEFAULT_MEMORY_MIB = 256;

/**
 * The environment variables with the region of a container. The agent on EC2 sets none, and SDKs cannot find the region
 * without instance metadata. https://github.com/aws/containers-roadmap/issues/1611
 */
const REGION_NAMES: readonly string[] = ["AWS_DEFAULT_REGION", "AWS_REGION"];

/** Returns the CPU units and the MiB that ECS reserves for each container of a task. */
export const taskSize = (
  containers: readonly Pick<Container, "cpu" | "memoryLimitMiB" | "memoryReservationMiB">[],
) => ({
  cpu: containers.map(({ cpu }) => cpu),
  memoryMiB: containers.map(
    ({ memoryLimitMiB, memoryReservationMiB }) => memoryReservationMiB ?? memoryLimitMiB ?? DEFAULT_MEMORY_MIB,
  ),
});

/** Where a container runs, and where its log goes. */
export interface ContainerContext {
  readonly clusterArn: string;
  readonly region: string;
  readonly logGroupName: string;
  readonly logMode: LogMode;
  readonly streamPrefix: string;
  /** Run an init process in containers that do not set it themselves. */
  readonly initProcessEnabled: boolean;
  /** The container's mount points, as the API of ECS names them. @default - none */
  readonly mountPoints?: readonly object[];
}

export const LOG_MODES = ["non-blocking", "blocking"] as const;

/** How containers write to their log. https://docs.docker.com/engine/logging/configure/ */
export type LogMode = (typeof LOG_MODES)[number];

/**
 * Returns the options of the `awslogs` log driver. They name the mode, because the default is a setting of the account.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
 */
export const awslogsOptions = (
  log: Pick<ContainerContext, "logGroupName" | "region" | "logMode" | "streamPrefix">,
) => ({
  "awslogs-group": log.logGroupName,
  "awslogs-region": log.region,
  "awslogs-stream-prefix": log.streamPrefix,
  mode: log.logMode,
  ...(log.logMode === "non-blocking" ? { "max-buffer-size": "25m" } : {}),
});

/**
 * Returns the container as the API of ECS names it. A setting without a value is left out, because ECS would return it in
 * another form, and Terraform would see a change in each plan.
 */
export function containerDefinition(container: Container, context: ContainerContext): object {
  const { containerHealthCheck: check, memoryLimitMiB, memoryReservationMiB, gpuCount } = container;
  const memory = memoryLimitMiB ?? (memoryReservationMiB === undefined ? DEFAULT_MEMORY_MIB : undefined);
  const containerPort = amount(container.containerPort);
  return withoutUndefined({
    name: container.name,
    image: text(container.image),
    essential: flag(container.essential),
    cpu: amount(container.cpu),
    memory: amount(memory),
    memoryReservation: amount(memoryReservationMiB),
    // Host port 0 is a dynamic port, so that several tasks fit on one instance.
    portMappings:
      containerPort === undefined
        ? undefined
        : [withoutUndefined({ name: text(container.portName), containerPort, hostPort: 0, protocol: "tcp" })],
    environment: environment(container.environment, context.region),
    secrets: some(
      sortedEntries(container.secrets).map(([name, secret]) => ({
        name: text(name),
        valueFrom: secret.valueFrom(context.clusterArn),
      })),
    ),
    command: texts(some(container.command)),
    entryPoint: texts(some(container.entryPoint)),
    workingDirectory: text(container.workingDirectory),
    user: text(container.user),
    privileged: flag(container.privileged || undefined),
    readonlyRootFilesystem: flag(container.readonlyRootFilesystem),
    startTimeout: amount(container.startTimeoutSeconds),
    stopTimeout: amount(container.stopTimeoutSeconds),
    resourceRequirements: gpuCount ? [{ type: "GPU", value: text(`${gpuCount}`) }] : undefined,
    linuxParameters: linuxParameters(container, container.initProcessEnabled ?? context.initProcessEnabled),
    ulimits: some(
      container.ulimits.map(({ name, softLimit, hardLimit }) => ({
        name,
        softLimit: amount(softLimit),
        hardLimit: amount(hardLimit),
      })),
    ),
    mountPoints: some(context.mountPoints),
    links: some(container.links),
    dependsOn: some(
      sortedEntries(container.dependsOn).map(([containerName, condition]) => ({ containerName, condition })),
    ),
    healthCheck: check && {
      command: healthCommand(check.command),
      interval: amount(check.intervalSeconds),
      timeout: amount(check.timeoutSeconds),
      retries: amount(check.retries),
      // Left out for 0: the provider compares it literally with what ECS returns.
      ...(check.startPeriodSeconds ? { startPeriod: amount(check.startPeriodSeconds) } : {}),
    },
    logConfiguration: { logDriver: "awslogs", options: awslogsOptions(context) },
  });
}

const text = (value: string | undefined) => convertTo("string", value);
const texts = (values: readonly string[] | undefined) => convertTo("list(string)", values);
const amount = (value: number | undefined) => convertTo("number", value);
const flag = (value: boolean | undefined) => convertTo("bool", value);

/** Returns the variables in the order of their names, as ECS returns them. */
function environment(variables: Container["environment"], region: string): unknown {
  const regions = Object.fromEntries(REGION_NAMES.map((name) => [name, region]));
  if (isToken(variables)) {
    return hcl`[for name, value in merge(${regions}, ${variables}) : { name = name, value = tostring(value) }]`;
  }
  return sortedEntries({ ...regions, ...variables }).map(([name, value]) => ({
    name: text(name),
    // The region is text. Looking its type up for each container would slow synthesis down.
    value: value === region ? region : text(value),
  }));
}

const isListToken = (command: Command) => typeof command !== "string" && isToken(command);

function healthCommand(command: Command): unknown {
  if (isListToken(command)) return texts(command as readonly string[]);
  const [first, ...others] = [command].flat();
  return others.length === 0 ? ["CMD-SHELL", text(first)] : texts(command as readonly string[]);
}

/** Returns the guards of what only Terraform knows of a container. */
export function containerGuards(container: Container, enableExecuteCommand: boolean): Guard[] {
  const { name, environment, secrets, readonlyRootFilesystem: isReadOnly, containerHealthCheck: check } = container;
  const guards = check && isListToken(check.command) ? [healthCommandGuard(name, check.command)] : [];
  if (enableExecuteCommand && isToken(isReadOnly)) {
    guards.push({
      condition: hcl`!${isReadOnly}`.string,
      errorMessage: `readonlyRootFilesystem of container ${name} must not be true with enableExecuteCommand; received true. ECS Exec writes to the container's file system. Remove one of the two.`,
    });
  }
  if (isToken(environment) && Object.keys(secrets).length > 0) {
    const both = hcl`setintersection(keys(${environment}), ${Object.keys(secrets)})`;
    guards.push({
      condition: hcl`length(${both}) == 0`.string,
      errorMessage: `environment of container ${name} must have no name that secrets has; received ${hcl`join(", ", ${both})`}. Remove one of the two.`,
    });
  }
  return guards;
}

function healthCommandGuard(name: string, command: Command): Guard {
  const isForm = hcl`${command}[0] == "CMD" || ${command}[0] == "CMD-SHELL" && length(${command}) == 2`;
  const isText = hcl`trimspace(${command}[1]) != "" && !can(regex(${KEYWORD}, ${command}[1]))`;
  return {
    condition: hcl`try((${isForm}) && ${isText}, false)`.string,
    errorMessage: `The command of the health check of container ${name} must be ["CMD-SHELL", command] or ["CMD", program, ...arguments]; received ${hcl`jsonencode(${command})`}. For example ["CMD-SHELL", "curl -f http://localhost/ || exit 1"].`,
  };
}

/** https://awsdocs-neuron.readthedocs-hosted.com/en/latest/containers/dlc-then-ecs-devflow.html */
function linuxParameters({ neuronDeviceCount = 0 }: Container, initProcessEnabled: boolean): object | undefined {
  const devices = Array.from({ length: neuronDeviceCount }, (_, index) => {
    const path = `/dev/neuron${index}`;
    return { hostPath: path, containerPath: path, permissions: ["read", "write"] };
  });
  if (devices.length === 0) return initProcessEnabled ? { initProcessEnabled: true } : undefined;
  return withoutUndefined({ initProcessEnabled: initProcessEnabled || undefined, devices });
}

const sortedEntries = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

const some = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list && list.length > 0 ? list : undefined;

const withoutUndefined = (object: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
