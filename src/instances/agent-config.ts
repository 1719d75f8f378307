import { stringify } from "smol-toml";
import { PortRange } from "../network/port-range";
import { custom } from "../validation/schema";
import { SettingsError } from "../validation/settings-error";
import { type AgentOptions, agentOptionMistakes, singleLineMistakes } from "./agent-options";
import { AMI_FAMILY_TRAITS, type AmiFamily } from "./ami-family";
import { type BottlerocketSettings, hostContainers } from "./bottlerocket";

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

/** The ECS agent's configuration, rendered as its environment file or as Bottlerocket's TOML. */
export class AgentConfig {
  readonly family: AmiFamily;
  readonly portRange: PortRange;
  readonly options: AgentOptions;
  /** Whether the agent drains the instance on a Spot interruption notice. */
  readonly spotDraining: boolean;
  private readonly props: AgentConfigProps;

  /** @throws {SettingsError} when an option can't be written; the message lists each */
  constructor(props: AgentConfigProps) {
    this.props = props;
    this.family = props.family ?? "amazon-linux-2023";
    this.portRange = props.portRange ?? PortRange.defaultOf(this.family);
    this.options = props.options ?? {};
    this.spotDraining = props.spotDraining ?? false;
    const mistakes = [
      ...singleLineMistakes("clusterName", props.clusterName),
      ...AgentConfig.mistakes(this.options, this.family, this.portRange),
    ];
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
    mistakes.push(...agentOptionMistakes(options, family, names.options));
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
    const { bottlerocket = {} } = this.props;
    return stringify({
      settings: {
        ...bottlerocket.settings,
        ...(options.warmPoolsCheck ? { autoscaling: { "should-wait": true } } : {}),
        ecs: Object.fromEntries(Object.entries(ecs).filter(([, value]) => value !== undefined)),
        "host-containers": hostContainers(bottlerocket),
      },
    });
  }
}

/** The field of an `agentConfig` property. */
export const agentConfigField = custom<AgentConfig>(
  "an AgentConfig",
  "Use new AgentConfig({ clusterName }).",
  (value) => value instanceof AgentConfig,
);
