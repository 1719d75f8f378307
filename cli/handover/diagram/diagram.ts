/** Boxes in frames, and arrows between them. */
export interface Diagram {
  readonly frames: readonly Frame[];
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** Whether the text has all lines of the box that an arrow leads to, and not only the first one. @default false */
  readonly isDetailed?: boolean;
}

/** What a box is about. It decides the colour. */
export type Kind = "network" | "balancer" | "service" | "instance" | "aws";

export interface Frame {
  readonly id: string;
  readonly title: string;
  /** The id of the frame around this one. */
  readonly parent?: string;
  /** The boxes are in one column. */
  readonly isColumn?: boolean;
}

export interface Box {
  readonly id: string;
  readonly kind: Kind;
  readonly title: string;
  /** Facts below the title. */
  readonly lines: readonly string[];
  /** Whether the text has all lines, because each names a thing, and not only the first one. @default false */
  readonly isList?: boolean;
  /** The id of the frame around the box. */
  readonly frame?: string;
  /** The side of the diagram on which a box without a frame is. */
  readonly side?: "left" | "right";
  /** Terraform looks it up and does not create it. */
  readonly isLookedUp?: boolean;
}

/** From the id of a box or a frame to another. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** `connects`: security groups open ports. `requests`: a step of a request's path. */
  readonly kind: "connects" | "requests" | "uses";
  /** The ports of `connects`. */
  readonly label?: string;
}

const VERBS = { connects: "connects to", requests: "sends requests to", uses: "uses" } as const;

/** The diagram as text: one line for each arrow. */
export function diagramText({ boxes, frames, arrows, isDetailed }: Diagram): string[] {
  const textOf = (title: string, facts: readonly string[]) =>
    facts.length > 0 ? `${title} (${facts.join(", ")})` : title;
  const ofFrames = frames.map(({ id, title }) => [id, title] as const);
  const names = new Map([
    ...boxes.map(({ id, title, lines, isList }) => [id, textOf(title, isList ? lines : lines.slice(0, 1))] as const),
    ...ofFrames,
  ]);
  const whole = isDetailed
    ? new Map([...boxes.map(({ id, title, lines }) => [id, textOf(title, lines)] as const), ...ofFrames])
    : names;
  const lines = [...names].flatMap(([id, name]) =>
    arrows
      .filter(({ from }) => from === id)
      .map(({ to, kind, label }) => `${name} ${VERBS[kind]} ${whole.get(to)}${label ? `: ${label}` : ""}`),
  );
  return [...new Set(lines)];
}
