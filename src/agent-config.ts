import { stringify } from "smol-toml";
import { AMI_FAMILY_TRAITS, type AmiFamily } from "./ami-family";
import type { BottlerocketSettings } from "./bottlerocket";
import { PortRange } from "./port-range";
import { SettingsError } from "./settings-error";

/** When the agent pulls an image that the instance has already. */
export const IMAGE_PULL_BEHAVIORS = ["default", "always", "once", "prefer-cached"] as const;
/** How much the agent logs. */
export const LOG_LEVELS = ["crit", "error", "warn", "info", "debug"] as const;

/**
 * What callers may set of the ECS agent. The cluster, the host port range, Spot draining and the block on instance
 * metadata are not among them: they follow from the rest of the stack.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
 */
export interface AgentOptions {
  /** `ECS_IMAGE_PULL_BEHAVIOR`. @default "default": pull, and fall back on the cached image */
  readonly imagePullBehavior?: (typeof IMAGE_PULL_BEHAVIORS)[number];
  /** `ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION`, in seconds, at least 60: how long a stopped task's containers are kept. @default - the agent's: 3 hours */
  readonly taskCleanupWaitSeconds?: number;
  /** `ECS_CONTAINER_STOP_TIMEOUT`, in seconds, at least 1: how long a container may take to stop. @default - the agent's: 30 seconds */
  readonly containerStopTimeoutSeconds?: number;
  /** `ECS_LOGLEVEL`. @default - the agent's: info */
  readonly logLevel?: (typeof LOG_LEVELS)[number];
  /** `ECS_RESERVED_MEMORY`, in MiB: kept from tasks, for the system. @default - the agent's: 0 */
  readonly reservedMemoryMiB?: number;
  /** `ECS_WARM_POOLS_CHECK`: wait until the instance leaves a warm pool. @default false */
  readonly warmPoolsCheck?: boolean;
  /** `ECS_INSTANCE_ATTRIBUTES`: attributes for placement constraints. @default - none */
  readonly instanceAttributes?: Readonly<Record<string, string>>;
  /** Any other option, by its own name: `{ ECS_ENGINE_AUTH_TYPE: "docker" }`. Not on Bottlerocket. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What {@link AgentConfig} joins. */
export interface AgentConfigProps {
  /** The cluster to join, by name: the cluster resource's own attribute, so that Terraform sees the dependency. */
  readonly clusterName: string;
  /** The AMI family, which decides the file's format. @default "amazon-linux-2023" */
  readonly family?: AmiFamily;
  /** The host ports that containers get. @default - `PortRange.defaultOf(family)` */
  readonly portRange?: PortRange;
  /** Drain the instance on a Spot interruption notice (`ECS_ENABLE_SPOT_INSTANCE_DRAINING`). @default false */
  readonly spotDraining?: boolean;
  /** What callers may set. @default - none */
  readonly options?: AgentOptions;
  /** What only Bottlerocket has. @default - the admin container and nothing else */
  readonly bottlerocket?: BottlerocketSettings;
}

/** The names that only this library sets. */
const OWN_NAMES = [
  "ECS_CLUSTER",
  "ECS_DYNAMIC_HOST_PORT_RANGE",
  "ECS_AWSVPC_BLOCK_IMDS",
  "ECS_ENABLE_SPOT_INSTANCE_DRAINING",
  "ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM",
  "ECS_IMAGE_PULL_BEHAVIOR",
  "ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION",
  "ECS_CONTAINER_STOP_TIMEOUT",
  "ECS_LOGLEVEL",
  "ECS_RESERVED_MEMORY",
  "ECS_WARM_POOLS_CHECK",
  "ECS_INSTANCE_ATTRIBUTES",
] as const;

/** The ECS agent's configuration, rendered as its environment file or as Bottlerocket's TOML. */
export class AgentConfig {
  readonly family: AmiFamily;
  readonly portRange: PortRange;
  readonly options: AgentOptions;
  private readonly props: AgentConfigProps;

  /** @throws {SettingsError} when an option can't be written; the message lists each */
  constructor(props: AgentConfigProps) {
    this.props = props;
    this.family = props.family ?? "amazon-linux-2023";
    this.portRange = props.portRange ?? PortRange.defaultOf(this.family);
    this.options = props.options ?? {};
    const mistakes = AgentConfig.mistakes(this.options, this.family, this.portRange);
    if (mistakes.length > 0) throw new SettingsError("AgentConfig", mistakes);
  }

  /** Every way in which the options break a rule of the family. `names` says what the caller calls them. */
  static mistakes(
    options: AgentOptions,
    family: AmiFamily,
    portRange: PortRange,
    names = { options: "options", portRange: "portRange" },
  ): string[] {
    const mistakes: string[] = [];
    const settable = AMI_FAMILY_TRAITS[family].portRangeIsSettable;
    const fixed = PortRange.defaultOf(family);
    if (!settable && portRange.toString() !== fixed.toString()) {
      mistakes.push(
        `${names.portRange} must be ${fixed} with ${family}, which can't set the agent's host ports; received ${portRange}. Leave the setting out, or choose amazon-linux-2023.`,
      );
    }
    for (const [name, value] of Object.entries(options.variables ?? {})) {
      const at = `${names.options}.variables.${name}`;
      if (AMI_FAMILY_TRAITS[family].userData === "toml") {
        mistakes.push(
          `${at} can't be set with ${family}, whose agent reads no ECS_* variables; received ${JSON.stringify(value)}. Use the typed options, or choose amazon-linux-2023.`,
        );
      }
      if ((OWN_NAMES as readonly string[]).includes(name)) {
        mistakes.push(
          `${at} is set by this library; received ${JSON.stringify(value)}. Use the setting of the same purpose instead.`,
        );
      } else if (!/^ECS_[A-Z0-9_]+$/.test(name)) {
        mistakes.push(
          `${at} must be named ECS_ and capital letters; received ${JSON.stringify(name)}. The agent ignores other names.`,
        );
      }
      mistakes.push(...singleLine(at, value));
    }
    for (const [name, value] of Object.entries(options.instanceAttributes ?? {})) {
      mistakes.push(...singleLine(`${names.options}.instanceAttributes.${name}`, name + value));
    }
    return mistakes;
  }

  /** The lines of `/etc/ecs/ecs.config`, one `NAME=value` each. */
  environment(): string[] {
    const { options } = this;
    const seconds = (value: number | undefined) => (value === undefined ? undefined : `${value}s`);
    const all: Record<string, string | undefined> = {
      ECS_CLUSTER: this.props.clusterName,
      ECS_DYNAMIC_HOST_PORT_RANGE: this.portRange.toString(),
      ECS_AWSVPC_BLOCK_IMDS: "true",
      ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM: "ec2_instance",
      ECS_ENABLE_SPOT_INSTANCE_DRAINING: this.props.spotDraining ? "true" : undefined,
      ECS_IMAGE_PULL_BEHAVIOR: options.imagePullBehavior,
      ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION: seconds(options.taskCleanupWaitSeconds),
      ECS_CONTAINER_STOP_TIMEOUT: seconds(options.containerStopTimeoutSeconds),
      ECS_LOGLEVEL: options.logLevel,
      ECS_RESERVED_MEMORY: options.reservedMemoryMiB?.toString(),
      ECS_WARM_POOLS_CHECK: options.warmPoolsCheck ? "true" : undefined,
      ECS_INSTANCE_ATTRIBUTES: options.instanceAttributes && JSON.stringify(options.instanceAttributes),
      ...options.variables,
    };
    return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  }

  /**
   * Bottlerocket's settings. The admin container is on by default: it is the way to the agent's log there.
   * @see https://bottlerocket.dev/en/os/latest/#/api/settings/ecs/
   */
  toml(): string {
    const { options } = this;
    const seconds = (value: number | undefined) => (value === undefined ? undefined : `${value}s`);
    const ecs = {
      cluster: this.props.clusterName,
      "awsvpc-block-imds": true,
      "enable-spot-instance-draining": this.props.spotDraining ? true : undefined,
      "image-pull-behavior": options.imagePullBehavior,
      "task-cleanup-wait": seconds(options.taskCleanupWaitSeconds),
      "container-stop-timeout": seconds(options.containerStopTimeoutSeconds),
      loglevel: options.logLevel,
      "reserved-memory": options.reservedMemoryMiB,
      "instance-attributes": options.instanceAttributes,
    };
    const { adminContainer = true, settings } = this.props.bottlerocket ?? {};
    return stringify({
      settings: {
        ...settings,
        ...(options.warmPoolsCheck ? { autoscaling: { "should-wait": true } } : {}),
        ecs: Object.fromEntries(Object.entries(ecs).filter(([, value]) => value !== undefined)),
        "host-containers": { admin: { enabled: adminContainer } },
      },
    });
  }
}

/** A line break would end the entry and begin another, for instance a second `ECS_CLUSTER`. */
function singleLine(name: string, value: string): string[] {
  return /[\r\n\0]/.test(value)
    ? [
        `${name} must be one line; received ${JSON.stringify(value)}. Remove the line break: the agent reads one NAME=value a line.`,
      ]
    : [];
}
