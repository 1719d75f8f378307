import { wholeNumber } from "../validation/rule";
import { choice, custom, number, plain, schemaOf } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { validate } from "../validation/validate";

/** The first and the last port of a range, both included. */
export interface PortRangeProps {
  /** The lowest host port that a container can get. */
  readonly from: number;
  /** The highest host port that a container can get. */
  readonly to: number;
}

/** A range that is smaller soon has no free port: each container uses one, and a rolling deployment doubles them. */
const FEWEST_PORTS = 100;

const port = plain(
  number(wholeNumber(1024, 65_535, "", "Ports below 1024 belong to the system. For example 31000 to 61000.")),
);

export const portRangeSchema = schemaOf<PortRangeProps>()({ from: port, to: port }, enoughPorts);

function* enoughPorts({ from, to }: Known<PortRangeProps>): Findings<PortRangeProps> {
  if (from === undefined || to === undefined || to - from + 1 >= FEWEST_PORTS) return;
  if (to < from) yield { at: "to", must: `not be below from, which is ${from}`, fix: `Swap them: ${to} to ${from}.` };
  else {
    const must = `be at least ${from + FEWEST_PORTS - 1}, so that the range has ${FEWEST_PORTS} ports`;
    yield { at: "to", must, fix: "Each container uses one port, and a rolling deployment uses twice as many." };
  }
}

/** The agent's range, which user data can set. */
const AMAZON_LINUX = { from: 31_000, to: 61_000 };

/** The range of each AMI family. */
const DEFAULT_RANGES = {
  "amazon-linux-2023": AMAZON_LINUX,
  "amazon-linux-2": AMAZON_LINUX,
  // Bottlerocket cannot set the range, and its versions differ. This range covers all of them.
  // https://github.com/bottlerocket-os/bottlerocket/issues/4836
  bottlerocket: { from: 32_768, to: 65_535 },
} as const satisfies Readonly<Record<string, PortRangeProps>>;

type Family = keyof typeof DEFAULT_RANGES;
const familySchema = schemaOf<{ readonly family: Family }>()({
  family: plain(choice(...(Object.keys(DEFAULT_RANGES) as Family[]))),
});

/**
 * The dynamic host ports of an instance. The agent's `ECS_DYNAMIC_HOST_PORT_RANGE` and the rules of the security groups
 * use the same range, so the load balancer reaches every port that a container can get.
 */
export class PortRange implements PortRangeProps {
  readonly from: number;
  readonly to: number;

  /** @throws {SettingsError} with every problem of the range */
  constructor(props: PortRangeProps) {
    const { from, to } = validate("PortRange", portRangeSchema, props);
    this.from = from;
    this.to = to;
  }

  /** Returns the range that an AMI family uses by default. */
  static defaultOf(family: Family): PortRange {
    return new PortRange(DEFAULT_RANGES[validate("PortRange.defaultOf", familySchema, { family }).family]);
  }

  /** Returns the range as the ECS agent reads it: `31000-61000`. */
  toString(): string {
    return `${this.from}-${this.to}`;
  }
}

/** Returns the smallest range that contains the dynamic host ports, and those of instances that are being replaced. */
export function admittedRange({ portRange, previousPortRange: previous = portRange }: PortRanges): PortRange {
  const [from, to] = [Math.min(portRange.from, previous.from), Math.max(portRange.to, previous.to)];
  return new PortRange({ from, to });
}

interface PortRanges {
  readonly portRange: PortRange;
  readonly previousPortRange?: PortRange;
}

/** The field of a `portRange` property. */
export const portRangeField = custom<PortRange>(
  "a PortRange",
  "Use new PortRange({ from, to }).",
  (value) => value instanceof PortRange,
);
