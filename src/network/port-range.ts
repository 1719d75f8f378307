import { AMI_FAMILY_TRAITS, type AmiFamily } from "../instances/ami-family";
import { custom } from "../validation/schema";
import { SettingsError } from "../validation/settings-error";

/** The limits of a range of dynamic host ports. */
export const PORT_RANGE_LIMITS = { lowest: 1024, highest: 65535, fewest: 100 } as const;

/** The first and the last port of a range, both included. */
export interface PortRangeProps {
  /** The lowest host port that a container may get. 1024 to 65535. */
  readonly from: number;
  /** The highest host port that a container may get. 1024 to 65535, not below `from`. */
  readonly to: number;
}

/**
 * The dynamic host ports of an instance: one value that both the agent's `ECS_DYNAMIC_HOST_PORT_RANGE` and the security
 * groups' rules are rendered from, so that a container never gets a port that the load balancer can't reach.
 */
export class PortRange implements PortRangeProps {
  readonly from: number;
  readonly to: number;

  /** @throws {SettingsError} when the range breaks a limit; the message lists each */
  constructor(props: PortRangeProps) {
    const mistakes = PortRange.mistakes(props);
    if (mistakes.length > 0) throw new SettingsError("PortRange", mistakes);
    this.from = props.from;
    this.to = props.to;
  }

  /** The range of a family that was given none: the agent's, or what Bottlerocket's kernel may pick from. */
  static defaultOf(family: AmiFamily): PortRange {
    // Bottlerocket can't set the range, and its versions differ: the rules cover all of them.
    // https://github.com/bottlerocket-os/bottlerocket/issues/4836
    return AMI_FAMILY_TRAITS[family].portRangeIsSettable
      ? new PortRange({ from: 31000, to: 61000 })
      : new PortRange({ from: 32768, to: 65535 });
  }

  /** Every way in which the range breaks a limit. */
  static mistakes({ from, to }: PortRangeProps, name = "portRange"): string[] {
    const { lowest, highest, fewest } = PORT_RANGE_LIMITS;
    const received = `received ${from}-${to}`;
    const outside = [from, to].filter((port) => !Number.isInteger(port) || port < lowest || port > highest);
    if (outside.length > 0) {
      return [
        `${name} must lie within ${lowest} and ${highest}; ${received}. Ports below ${lowest} belong to the system; use for instance 31000-61000.`,
      ];
    }
    if (from > to) return [`${name} must not be reversed; ${received}. Write the lower port as from: ${to}-${from}.`];
    if (to - from + 1 < fewest) {
      return [
        `${name} must hold at least ${fewest} ports; ${received}, which holds ${to - from + 1}. Each container takes one, and a rolling deployment twice as many.`,
      ];
    }
    return [];
  }

  /** As the ECS agent reads it: `31000-61000`. */
  toString(): string {
    return `${this.from}-${this.to}`;
  }
}

/** The field of a `portRange` property. */
export const portRangeField = custom<PortRange>(
  "a PortRange",
  "Use new PortRange({ from, to }).",
  (value) => value instanceof PortRange,
);
