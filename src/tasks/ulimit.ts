import { wholeNumber } from "../validation/rule";
import { choice, list, number, type Parsed, plain, schemaOf } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { amount, some } from "./ecs-json";

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

/** The limits of a container. */
export interface ContainerUlimits {
  /** Limits of the operating system. @default - the Docker daemon's */
  readonly ulimits?: readonly Ulimit[];
}

export const containerUlimitsSchema = schemaOf<ContainerUlimits>()(
  { ulimits: list(ulimitSchema).default([]) },
  distinctUlimits,
);

function* distinctUlimits({ ulimits = [] }: Known<ContainerUlimits>): Findings<ContainerUlimits> {
  const limits = ulimits.map((limit) => limit?.name);
  for (const [index, name] of limits.entries()) {
    if (name === undefined || limits.indexOf(name) === index) continue;
    yield { at: ["ulimits", index, "name"], must: "differ from the other limits", fix: "Remove one of the two." };
  }
}

/** Returns the limits as the API of ECS names them. */
export const ulimitsJson = ({ ulimits }: Parsed<typeof containerUlimitsSchema>) => ({
  ulimits: some(
    ulimits.map(({ name, softLimit, hardLimit }) => ({
      name,
      softLimit: amount(softLimit),
      hardLimit: amount(hardLimit),
    })),
  ),
});
