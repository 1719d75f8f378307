import { stringify } from "smol-toml";
import { PortRange, portRangeField } from "../network/port-range";
import { matches, wholeNumber } from "../validation/rule";
import {
  boolean,
  choice,
  custom,
  list,
  map,
  number,
  type Parsed,
  plain,
  schemaOf,
  sensitive,
  string,
} from "../validation/schema";
import { type Findings, findingsAt, type Known, type Limit } from "../validation/settings-rule";
import { validate } from "../validation/validate";
import {
  AGENT_LOG_DRIVERS,
  FURTHER_LOG_DRIVERS,
  logDriversOf,
  singleLine,
  variableNames,
  variableProblems,
  variableWarnings,
} from "./agent-variables";
import { AMI_FAMILY_TRAITS, type AmiFamily, amiFamilyField } from "./ami-family";
import {
  type BottlerocketSettings,
  bootstrapContainers,
  bottlerocketSettingsSchema,
  driversOfHost,
  hostContainers,
  settingsWarnings,
} from "./bottlerocket";

/** When the agent pulls an image that the instance already has. */
const IMAGE_PULL_BEHAVIORS = ["default", "always", "once", "prefer-cached"] as const;
/** How much the agent logs. */
const LOG_LEVELS = ["crit", "error", "warn", "info", "debug"] as const;

/**
 * The options of the ECS agent. The library sets the cluster, the host ports, Spot draining and the block on instance
 * metadata itself.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
 */
export interface AgentOptions {
  /**
   * When the agent pulls an image (`ECS_IMAGE_PULL_BEHAVIOR`). With `prefer-cached`, the agent never deletes images. The
   * volume fills up with old ones, unless the instances are replaced often.
   * @default - the agent's: it pulls, and uses the cached image if that fails
   */
  readonly imagePullBehavior?: (typeof IMAGE_PULL_BEHAVIORS)[number];
  /** Seconds until the agent deletes a stopped task's containers (`ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION`). @default - the agent's: 3 hours */
  readonly taskCleanupWaitSeconds?: number;
  /** Seconds that a container has to stop before the agent kills it (`ECS_CONTAINER_STOP_TIMEOUT`). @default - the agent's: 30 seconds */
  readonly containerStopTimeoutSeconds?: number;
  /** How much the agent logs (`ECS_LOGLEVEL`). @default - the agent's: info */
  readonly logLevel?: (typeof LOG_LEVELS)[number];
  /** Memory in MiB that tasks cannot use (`ECS_RESERVED_MEMORY`). It must be below the memory of each instance type. @default - the agent's: 0 */
  readonly reservedMemoryMiB?: number;
  /** Waits until the instance leaves a warm pool before it joins the cluster (`ECS_WARM_POOLS_CHECK`). @default - false: the instance joins at once */
  readonly warmPoolsCheck?: boolean;
  /** Attributes of the instances for placement constraints (`ECS_INSTANCE_ATTRIBUTES`). @default - none */
  readonly instanceAttributes?: Readonly<Record<string, string>>;
  /**
   * Log drivers of containers beside the agent's own, which are `awslogs`, `awsfirelens`, `json-file`, `none`, and on Amazon
   * Linux also `fluentd` and `syslog` (`ECS_AVAILABLE_LOGGING_DRIVERS`). A change replaces the instances.
   * @default - none
   */
  readonly logDrivers?: readonly (typeof FURTHER_LOG_DRIVERS)[number][];
  /**
   * Any other variable of the agent: `{ ECS_POLL_METRICS: "true" }`. The library validates the values of the variables that
   * it knows, and warns about others. Bottlerocket reads none. Passwords do not belong here, because user data is not secret.
   * @default - none
   * @see https://github.com/aws/amazon-ecs-agent#environment-variables
   */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The agent and Bottlerocket store reserved memory in 16 bits. The agent ignores a larger number, and Bottlerocket rejects it. */
export const reservedMemoryRule = wholeNumber(0, 65_535, "MiB", "The agent's default is 0.");

const OURS = Object.keys(variablesOf({ clusterName: "", spotDraining: false, options: {} }));

const NOT_REGISTERED = "Change it, because ECS would not register the instance.";
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Attribute.html */
const attributeName = matches(
  "^[A-Za-z0-9_./\\\\-]{1,128}$",
  "have a name of 1 to 128 letters, digits and _ . / \\ -",
  NOT_REGISTERED,
);
const attributeValue = matches(
  "^[A-Za-z0-9_.@/\\\\:-]([A-Za-z0-9_.@/\\\\: -]{0,126}[A-Za-z0-9_.@/\\\\:-])?$",
  "be 1 to 128 letters, digits, spaces and _ . @ / \\ : -, and not begin or end with a space",
  NOT_REGISTERED,
);

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutAttributes.html */
const MOST_ATTRIBUTES = 10;
const fewAttributes: Limit<object> = {
  must: `have at most ${MOST_ATTRIBUTES} attributes, the most that an instance can have`,
  fix: "Combine some of them in one value.",
  check: (attributes) => Object.keys(attributes).length <= MOST_ATTRIBUTES,
  offending: { of: (attributes) => Object.keys(attributes).length },
};

const DAY = 86_400;

export const agentOptionsSchema = schemaOf<AgentOptions>()(
  {
    imagePullBehavior: plain(choice(...IMAGE_PULL_BEHAVIORS)).optional(),
    taskCleanupWaitSeconds: plain(
      number(wholeNumber(60, 30 * DAY, "seconds", "The agent's default is 10800.")),
    ).optional(),
    containerStopTimeoutSeconds: plain(number(wholeNumber(1, DAY, "seconds", "The agent's default is 30."))).optional(),
    logLevel: plain(choice(...LOG_LEVELS)).optional(),
    reservedMemoryMiB: plain(number(reservedMemoryRule)).optional(),
    warmPoolsCheck: plain(boolean()).optional(),
    instanceAttributes: map(plain(string(attributeValue)), {
      names: [attributeName],
      limits: [fewAttributes],
    }).optional(),
    logDrivers: plain(list(choice(...FURTHER_LOG_DRIVERS))).optional(),
    variables: plain(map(sensitive(string(singleLine)), { names: variableNames(OURS) })).optional(),
  },
  (options) => variableProblems(options, OURS),
  function* oneListOfDrivers(_, given) {
    if (!given("logDrivers") || !given("variables", "ECS_AVAILABLE_LOGGING_DRIVERS")) return;
    const fix = "The variable has the same list. Remove one of the two.";
    yield { at: "logDrivers", must: "not be set with ECS_AVAILABLE_LOGGING_DRIVERS in variables", fix };
  },
);

/** Finds options that the agent of a family does not read, or that its host rejects. */
export function* optionsOfFamily(
  { variables = {}, instanceAttributes = {} }: Known<AgentOptions>,
  family?: AmiFamily,
): Findings<AgentOptions> {
  if (family === undefined || AMI_FAMILY_TRAITS[family].userData === "shell") return;
  const names = Object.keys(variables);
  if (names.length > 0) {
    const must = `be empty with ${family}, whose agent reads no ECS_* variables`;
    yield { at: "variables", must, received: names, fix: "Use the other options, or use amazon-linux-2023." };
  }
  for (const name of Object.keys(instanceAttributes).filter((one) => one.includes("\\"))) {
    const must = `have no backslash in its name with ${family}`;
    yield {
      at: ["instanceAttributes", name],
      must,
      received: name,
      fix: "Bottlerocket rejects it. Rename the attribute.",
    };
  }
}

/** The host ports of an agent. */
interface AgentPorts {
  readonly family?: AmiFamily;
  readonly portRange?: PortRange;
}

/** Finds a port range that the family cannot set. */
export function* portRangeOfFamily({ family, portRange }: Known<AgentPorts>): Findings<AgentPorts> {
  if (!family || !portRange || AMI_FAMILY_TRAITS[family].portRangeIsSettable) return;
  const [received, fixed] = [String(portRange), String(PortRange.defaultOf(family))];
  if (received === fixed) return;
  const must = `be ${fixed} with ${family}, which cannot set the agent's host ports`;
  yield { at: "portRange", must, received, fix: "Remove the setting, or use amazon-linux-2023." };
}

/** The configuration of the ECS agent on an instance. */
export interface AgentConfigProps {
  /** The name of the cluster that the instance joins. Use the cluster's attribute, so that Terraform creates the cluster first. */
  readonly clusterName: string;
  /** The AMI family. It decides the format of the configuration. @default "amazon-linux-2023" */
  readonly family?: AmiFamily;
  /** The dynamic host ports of containers. @default - `PortRange.defaultOf(family)` */
  readonly portRange?: PortRange;
  /** Drains the instance on a Spot interruption notice (`ECS_ENABLE_SPOT_INSTANCE_DRAINING`). @default false */
  readonly spotDraining?: boolean;
  /** The agent's other options. @default - the agent's defaults */
  readonly options?: AgentOptions;
  /** The settings of Bottlerocket. Other families ignore them. @default - the admin container only */
  readonly bottlerocket?: BottlerocketSettings;
}

export const agentConfigPropsSchema = schemaOf<AgentConfigProps>()(
  {
    clusterName: string(singleLine),
    family: amiFamilyField,
    portRange: portRangeField.optional(),
    spotDraining: plain(boolean()).default(false),
    options: agentOptionsSchema.default({}),
    bottlerocket: bottlerocketSettingsSchema.default({}),
  },
  portRangeOfFamily,
  ({ options = {}, family }) => findingsAt(["options"], optionsOfFamily(options, family)),
);

type Settings = Parsed<typeof agentConfigPropsSchema>;

/** The settings that the agent's variables come from. */
interface VariableSources {
  readonly clusterName: string;
  readonly portRange?: PortRange;
  readonly spotDraining: boolean;
  readonly options: AgentOptions;
}

/** The ECS agent's configuration, as environment variables or as Bottlerocket's TOML. */
export class AgentConfig {
  /** The AMI family. */
  readonly family: AmiFamily;
  /** The dynamic host ports of containers. */
  readonly portRange: PortRange;
  /** The agent's options. */
  readonly options: AgentOptions;
  /** Whether the agent drains the instance on a Spot interruption notice. */
  readonly spotDraining: boolean;
  /** What the library cannot validate, for a construct to show. */
  readonly warnings: readonly string[];
  private readonly settings: Settings;

  /** @throws {SettingsError} with every problem of the props */
  constructor(props: AgentConfigProps) {
    this.settings = validate("AgentConfig", agentConfigPropsSchema, props);
    const { family, options, spotDraining, portRange = PortRange.defaultOf(family) } = this.settings;
    this.family = family;
    this.options = options;
    this.spotDraining = spotDraining;
    this.portRange = portRange;
    const isShell = AMI_FAMILY_TRAITS[family].userData === "shell";
    this.warnings = [
      ...(isShell ? variableWarnings(options.variables) : settingsWarnings(this.settings.bottlerocket)),
      ...(spotDraining ? stopTimeoutWarnings(options) : []),
    ];
  }

  /** Returns the lines of `/etc/ecs/ecs.config`: `NAME=value`. */
  environment(): string[] {
    const drivers =
      this.options.logDrivers && JSON.stringify(logDrivers({ family: this.family, options: this.options }));
    const all = {
      ...variablesOf({ ...this.settings, portRange: this.portRange }),
      ECS_AVAILABLE_LOGGING_DRIVERS: drivers,
      ...this.options.variables,
    };
    return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  }

  /**
   * Returns Bottlerocket's settings. The admin container is on by default, because it is the way to the agent's log.
   * @see https://bottlerocket.dev/en/os/latest/#/api/settings/ecs/
   */
  toml(): string {
    const { clusterName, spotDraining, options, bottlerocket } = this.settings;
    const ecs = {
      ...(bottlerocket.settings.ecs as object | undefined),
      cluster: clusterName,
      "awsvpc-block-imds": true,
      "enable-spot-instance-draining": spotDraining ? true : undefined,
      "image-pull-behavior": options.imagePullBehavior,
      "task-cleanup-wait": seconds(options.taskCleanupWaitSeconds),
      "container-stop-timeout": seconds(options.containerStopTimeoutSeconds),
      loglevel: options.logLevel,
      "reserved-memory": options.reservedMemoryMiB,
      "instance-attributes": options.instanceAttributes,
      ...(options.logDrivers ? { "logging-drivers": logDrivers(this.settings) } : {}),
    };
    const containers = bootstrapContainers(bottlerocket);
    return stringify({
      settings: {
        ...bottlerocket.settings,
        ...(containers ? { "bootstrap-containers": containers } : {}),
        ...(options.warmPoolsCheck ? { autoscaling: { "should-wait": true } } : {}),
        ecs: Object.fromEntries(Object.entries(ecs).filter(([, value]) => value !== undefined)),
        "host-containers": hostContainers(bottlerocket),
      },
    });
  }
}

/** What decides the log drivers of an agent. */
interface DriverSources {
  readonly family?: AmiFamily;
  readonly options: Pick<AgentOptions, "logDrivers" | "variables">;
  readonly bottlerocket?: BottlerocketSettings;
}

/** Returns the log drivers that an agent offers in the configuration, without `awsfirelens`. */
function logDrivers({ family, options, bottlerocket }: DriverSources): readonly string[] {
  const { logDrivers = [] } = options;
  const own = family === "bottlerocket" ? driversOfHost(bottlerocket) : (logDriversOf(options) ?? AGENT_LOG_DRIVERS);
  return [...new Set([...own, ...logDrivers])];
}

/** Returns the log drivers of containers that the agent offers. It always offers `awsfirelens`. */
export const offeredLogDrivers = (sources: DriverSources): readonly string[] => [...logDrivers(sources), "awsfirelens"];

/** Seconds from the notice of an interruption to the end of a Spot instance. */
export const SPOT_NOTICE_SECONDS = 120;

const stopTimeoutWarnings = ({ containerStopTimeoutSeconds = 0 }: AgentOptions): readonly string[] =>
  containerStopTimeoutSeconds < SPOT_NOTICE_SECONDS
    ? []
    : [
        `agent.containerStopTimeoutSeconds (${containerStopTimeoutSeconds}) must be below ${SPOT_NOTICE_SECONDS} on a Spot instance, which ends ${SPOT_NOTICE_SECONDS} seconds after its notice. Otherwise containers are killed before they finish. Lower it.`,
      ];

function seconds(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${value}s`;
}

/** Returns the variables that the library sets. An undefined one is not written. */
function variablesOf({ clusterName, portRange, spotDraining, options }: VariableSources) {
  return {
    ECS_CLUSTER: clusterName,
    ECS_DYNAMIC_HOST_PORT_RANGE: portRange?.toString(),
    ECS_AWSVPC_BLOCK_IMDS: "true",
    ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM: "ec2_instance",
    ECS_ENABLE_SPOT_INSTANCE_DRAINING: spotDraining ? "true" : undefined,
    ECS_IMAGE_PULL_BEHAVIOR: options.imagePullBehavior,
    ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION: seconds(options.taskCleanupWaitSeconds),
    ECS_CONTAINER_STOP_TIMEOUT: seconds(options.containerStopTimeoutSeconds),
    ECS_LOGLEVEL: options.logLevel,
    ECS_RESERVED_MEMORY: options.reservedMemoryMiB?.toString(),
    ECS_WARM_POOLS_CHECK: options.warmPoolsCheck ? "true" : undefined,
    ECS_INSTANCE_ATTRIBUTES: options.instanceAttributes && JSON.stringify(options.instanceAttributes),
  };
}

/** The field of an `agentConfig` property. */
export const agentConfigField = custom<AgentConfig>(
  "an AgentConfig",
  "Use new AgentConfig({ clusterName }).",
  (value) => value instanceof AgentConfig,
);
