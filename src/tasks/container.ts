import type { Secret } from "../iam/secret";
import { hcl } from "../terraform/expression";

/** When a container that depends on another may start. */
export type ContainerCondition = "START" | "COMPLETE" | "SUCCESS" | "HEALTHY";

/** A command that Docker runs in the container to see whether it is well. */
export interface ContainerHealthCheck {
  /** The command and its arguments; one string runs in the container's shell. */
  readonly command: string | readonly string[];
  /** Seconds between two checks, 5 to 300. @default 30 */
  readonly intervalSeconds?: number;
  /** Seconds that a check may take, 2 to 60, under the interval. @default 5 */
  readonly timeoutSeconds?: number;
  /** Failures in a row that make the container unhealthy, 1 to 10. @default 3 */
  readonly retries?: number;
  /** Seconds after the start in which failures don't count, 0 to 300. @default 0 */
  readonly startPeriodSeconds?: number;
}

/** A limit of the operating system. */
export interface Ulimit {
  readonly name: (typeof ULIMITS)[number];
  /** What the process starts with; -1 is unlimited. */
  readonly softLimit: number;
  /** What the process may raise it to; -1 is unlimited. */
  readonly hardLimit: number;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html */
export const ULIMITS = [
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

/** What a container has beside its name and its image. */
export interface ContainerSettings {
  /** The port that the process listens on, 1 to 65535; its port on the instance is a dynamic one. @default - it listens on none */
  readonly containerPort?: number;
  /** CPU units that are kept for it, 2 to 196608; 1024 are one vCPU. @default 256 */
  readonly cpu?: number;
  /** MiB that it is killed over, at least 6. @default 256; none where there is a `memoryReservationMiB` */
  readonly memoryLimitMiB?: number;
  /** MiB that are kept for it, under `memoryLimitMiB`. @default - `memoryLimitMiB` */
  readonly memoryReservationMiB?: number;
  /** Environment variables, as they are written. `AWS_REGION` and `AWS_DEFAULT_REGION` are there already. @default - none more */
  readonly environment?: Readonly<Record<string, string>>;
  /** Environment variables that ECS reads from SSM or Secrets Manager when the container starts. @default - none */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /** The image's `CMD`. @default - the image's own */
  readonly command?: readonly string[];
  /** The image's `ENTRYPOINT`. @default - the image's own */
  readonly entryPoint?: readonly string[];
  /** @default - the image's own */
  readonly workingDirectory?: string;
  /** User, or `user:group`. @default - the image's own */
  readonly user?: string;
  /** Stop the whole task when it stops. @default true */
  readonly essential?: boolean;
  /** Docker's health check; the load balancer's is another one. @default - none, whatever the image says */
  readonly containerHealthCheck?: ContainerHealthCheck;
  /** Containers of the same task that this one waits for. @default - none */
  readonly dependsOn?: Readonly<Record<string, ContainerCondition>>;
  /** Containers of the same task that this one reaches by their names: in bridge mode they share no `localhost`. @default - none */
  readonly links?: readonly string[];
  /** @default - the Docker daemon's */
  readonly ulimits?: readonly Ulimit[];
  /** Make the container's own files read-only. ECS Exec needs them to be writable. @default false */
  readonly readonlyRootFilesystem?: boolean;
  /** Seconds that a container it depends on is given, at least 2. @default - the agent's: 3 minutes */
  readonly startTimeoutSeconds?: number;
  /** Seconds between SIGTERM and SIGKILL, at least 2. @default - the agent's: 30 */
  readonly stopTimeoutSeconds?: number;
  /** Run an init process as number 1, which reaps zombies. @default - where ECS Exec is on */
  readonly initProcessEnabled?: boolean;
  /** GPUs that are kept for it, 1 to 16: it then runs on instances with NVIDIA GPUs alone. @default - none */
  readonly gpuCount?: number;
  /** AWS Neuron devices (Inferentia, Trainium) that it may use, from `/dev/neuron0` on, 1 to 16. @default - none */
  readonly neuronDeviceCount?: number;
  /** Volumes of the task that it mounts: the volume's name by the path in the container. @default - none */
  readonly mountPoints?: Readonly<Record<string, string>>;
  /** Give the container every right on the instance. @default false */
  readonly privileged?: boolean;
}

/** One container of a task. */
export interface ContainerProps extends ContainerSettings {
  /** 1 to 255 letters, digits, hyphens and underscores; one of its kind in the task. */
  readonly name: string;
  /** The image, with its tag. */
  readonly image: string;
  /** What Service Connect calls the port. @default - nothing */
  readonly portName?: string;
}

/** What a container gets where its settings say nothing. The tutorial's values. */
export const CONTAINER_DEFAULTS = { cpu: 256, memoryLimitMiB: 256 } as const;

/**
 * What every container is told its region by. The agent on EC2 sets none, and where instance metadata is out of reach
 * SDKs can't find it. https://github.com/aws/containers-roadmap/issues/1611
 */
export const REGION_NAMES: readonly string[] = ["AWS_DEFAULT_REGION", "AWS_REGION"];

/** CPU units and MiB that ECS keeps for a container on its instance. */
export function reserved({ cpu, memoryLimitMiB, memoryReservationMiB }: ContainerSettings): {
  readonly cpu: number;
  readonly memoryMiB: number;
} {
  return {
    cpu: cpu ?? CONTAINER_DEFAULTS.cpu,
    memoryMiB: memoryReservationMiB ?? memoryLimitMiB ?? CONTAINER_DEFAULTS.memoryLimitMiB,
  };
}

/** Where a container runs and where its log goes. */
export interface ContainerContext {
  readonly clusterArn: string;
  readonly region: string;
  readonly logGroupName: string;
  readonly streamPrefix: string;
  readonly initProcessEnabled: boolean;
  /** What it mounts, as ECS's API takes it. @default - nothing */
  readonly mountPoints?: readonly object[];
}

/** The container as ECS's API takes it; what isn't set is left out, since ECS would send other words back. */
export function containerDefinition(props: ContainerProps, context: ContainerContext): object {
  const { containerHealthCheck: check, ulimits, containerPort, secrets = {}, dependsOn = {} } = props;
  const { region, initProcessEnabled } = context;
  const environment = {
    ...Object.fromEntries(REGION_NAMES.map((name) => [name, region])),
    ...props.environment,
  };
  return withoutUndefined({
    name: props.name,
    image: props.image,
    essential: props.essential ?? true,
    cpu: reserved(props).cpu,
    memory:
      props.memoryLimitMiB ??
      (props.memoryReservationMiB === undefined ? CONTAINER_DEFAULTS.memoryLimitMiB : undefined),
    memoryReservation: props.memoryReservationMiB,
    // Host port 0 is a dynamic one, so that several tasks fit on an instance.
    portMappings:
      containerPort === undefined
        ? undefined
        : [withoutUndefined({ name: props.portName, containerPort, hostPort: 0, protocol: "tcp" })],
    environment: sortedEntries(environment).map(([name, value]) => ({ name, value })),
    secrets: some(
      sortedEntries(secrets).map(([name, secret]) => ({ name, valueFrom: secret.valueFrom(context.clusterArn) })),
    ),
    command: some(props.command),
    entryPoint: some(props.entryPoint),
    workingDirectory: props.workingDirectory,
    user: props.user,
    privileged: props.privileged || undefined,
    readonlyRootFilesystem: props.readonlyRootFilesystem,
    startTimeout: props.startTimeoutSeconds,
    stopTimeout: props.stopTimeoutSeconds,
    resourceRequirements: props.gpuCount ? [{ type: "GPU", value: `${props.gpuCount}` }] : undefined,
    linuxParameters: linuxParameters(props, props.initProcessEnabled ?? initProcessEnabled),
    ulimits: some(ulimits),
    mountPoints: some(context.mountPoints),
    links: some(props.links),
    dependsOn: some(sortedEntries(dependsOn).map(([containerName, condition]) => ({ containerName, condition }))),
    healthCheck: check && {
      command: typeof check.command === "string" ? ["CMD-SHELL", check.command] : ["CMD", ...check.command],
      interval: check.intervalSeconds ?? 30,
      timeout: check.timeoutSeconds ?? 5,
      retries: check.retries ?? 3,
      // Left out where there is none: the provider compares it word for word with what ECS sends back.
      ...(check.startPeriodSeconds ? { startPeriod: check.startPeriodSeconds } : {}),
    },
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": context.logGroupName,
        "awslogs-region": region,
        "awslogs-stream-prefix": context.streamPrefix,
      },
    },
  });
}

/** https://awsdocs-neuron.readthedocs-hosted.com/en/latest/containers/dlc-then-ecs-devflow.html */
function linuxParameters({ neuronDeviceCount = 0 }: ContainerProps, initProcessEnabled: boolean): object | undefined {
  const devices = Array.from({ length: neuronDeviceCount }, (_, index) => {
    const path = `/dev/neuron${index}`;
    return { hostPath: path, containerPath: path, permissions: ["read", "write"] };
  });
  if (devices.length === 0) return initProcessEnabled ? { initProcessEnabled: true } : undefined;
  return withoutUndefined({ initProcessEnabled: initProcessEnabled || undefined, devices });
}

/** Container definitions as one argument: callers' text arrives as it was written, whatever it holds. */
export const containerDefinitions = (definitions: readonly object[]): string => hcl`jsonencode(${definitions})`.string;

const sortedEntries = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

const some = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list && list.length > 0 ? list : undefined;

const withoutUndefined = (object: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
