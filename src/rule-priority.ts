import { createHash } from "node:crypto";

/** What a listener rule asks of a request: one of the paths, and one of the hosts, where they are given. */
export interface RuleConditions {
  /** Path patterns, with `*` and `?`. */
  readonly paths?: readonly string[];
  /** Host patterns, with `*` and `?`. */
  readonly hosts?: readonly string[];
}

/** The priorities that a listener has. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
export const PRIORITIES = { lowest: 1, highest: 50_000 } as const;

/**
 * How many priorities each level of specificity has. Rules of one level are told apart by a hash, so the levels that
 * rules of everyday length have are wide. Level 514, with a path and a host of 128 characters each, is the last one.
 */
const BANDS = [
  { levels: 120, width: 350 },
  { levels: 120, width: 50 },
  { levels: 275, width: 7 },
] as const;

/**
 * The priority of a rule: a function of its own conditions and of nothing else, so that a new rule renumbers no other,
 * and two Terraform states can share a listener. Of two rules where everything that one matches is matched by the other
 * too, the narrower has the lower number, and is asked first.
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/24811
 */
export function rulePriority(conditions: RuleConditions): number {
  const { paths, hosts } = normalized(conditions);
  const level = broadest(paths) + broadest(hosts);
  let first = PRIORITIES.highest;
  let below = level;
  for (const { levels, width } of BANDS) {
    if (below < levels) return first - below * width - (hash({ paths, hosts }) % width);
    first -= levels * width;
    below -= levels;
  }
  throw new RangeError(`No rule has conditions of level ${level}: patterns end at 128 characters.`);
}

/** Equal conditions in one form: the order in the code doesn't matter, nor does the case of a host. */
export function normalized({ paths = [], hosts = [] }: RuleConditions): Required<RuleConditions> {
  return { paths: [...new Set(paths)].sort(), hosts: [...new Set(hosts.map((host) => host.toLowerCase()))].sort() };
}

/** A condition that isn't there matches most. A rule is as specific as the broadest of its values. */
const broadest = (patterns: readonly string[]): number => (patterns.length === 0 ? 0 : Math.min(...patterns.map(rank)));

/**
 * The more characters are fixed, the narrower: what a pattern fixes, a pattern inside of it fixes too. With as many, the
 * one without a wildcard is narrower.
 */
const rank = (pattern: string): number => 2 * pattern.replace(/[*?]/g, "").length + (/[*?]/.test(pattern) ? 0 : 1);

const hash = (conditions: Required<RuleConditions>): number =>
  createHash("sha256")
    .update(JSON.stringify([conditions.paths, conditions.hosts]))
    .digest()
    .readUInt32BE(0);

/** Whether `by` surely matches everything that `pattern` matches. */
export function covers(by: string, pattern: string): boolean {
  // reach[i]: the first i characters of `by` can match what of `pattern` has been read so far.
  let reach = closure(by, [true, ...Array<boolean>(by.length).fill(false)]);
  for (const character of pattern) {
    const next = reach.map(() => false);
    reach.forEach((reached, index) => {
      if (!reached) return;
      const expected = by[index];
      if (expected === "*") next[index] = true;
      else if (character !== "*" && (expected === "?" || expected === character)) next[index + 1] = true;
    });
    reach = closure(by, next);
  }
  return reach[by.length] === true;
}

/** A `*` may match nothing at all. */
function closure(by: string, reach: boolean[]): boolean[] {
  for (let index = 0; index < by.length; index++) if (reach[index] && by[index] === "*") reach[index + 1] = true;
  return reach;
}
