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
 * How many priorities there are for rules that fix as many characters: with no pattern that is exact, with one, with both
 * the path and the host. Equally specific rules are told apart by a hash, so most of the priorities go to what rules of
 * everyday length have; a path and a host of 128 characters each end the table.
 */
const BANDS = [
  { characters: 4, widths: [50, 40, 10] },
  { characters: 30, widths: [900, 400, 20] },
  { characters: 47, widths: [40, 110, 10] },
  { characters: 176, widths: [3, 7, 2] },
] as const;

/** How narrow a condition is. */
interface Specificity {
  /** The characters that aren't wildcards. */
  readonly fixed: number;
  /** The patterns without a wildcard. */
  readonly exact: number;
}

/**
 * The priority of a rule: a function of its own conditions and of nothing else, so that a new rule renumbers no other,
 * and two Terraform states can share a listener. Of two rules where everything that one matches is matched by the other
 * too, the narrower has the lower number, and is asked first.
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/24811
 */
export function rulePriority(conditions: RuleConditions): number {
  const { paths, hosts } = normalized(conditions);
  const [path, host] = [broadest(paths), broadest(hosts)];
  const exact = path.exact + host.exact;
  let last = PRIORITIES.highest;
  let below = path.fixed + host.fixed;
  for (const { characters, widths } of BANDS) {
    const all = widths.reduce<number>((sum, width) => sum + width, 0);
    if (below < characters) {
      const before = widths.slice(0, exact).reduce<number>((sum, width) => sum + width, 0);
      return last - below * all - before - (hash({ paths, hosts }) % (widths[exact] as number));
    }
    last -= characters * all;
    below -= characters;
  }
  throw new RangeError("No rule has such long conditions: patterns end at 128 characters.");
}

/** Equal conditions in one form: the order in the code doesn't matter, nor does the case of a host. */
export function normalized({ paths = [], hosts = [] }: RuleConditions): Required<RuleConditions> {
  return { paths: [...new Set(paths)].sort(), hosts: [...new Set(hosts.map((host) => host.toLowerCase()))].sort() };
}

/** A condition that isn't there matches most. A rule is as narrow as the broadest of its values. */
const broadest = (patterns: readonly string[]): Specificity =>
  patterns.map(specificity).sort((a, b) => a.fixed - b.fixed || a.exact - b.exact)[0] ?? { fixed: 0, exact: 0 };

/** What a pattern fixes, a pattern inside of it fixes too; with as many characters, the one without a wildcard is narrower. */
const specificity = (pattern: string): Specificity => ({
  fixed: pattern.replace(/[*?]/g, "").length,
  exact: /[*?]/.test(pattern) ? 0 : 1,
});

const hash = (conditions: Required<RuleConditions>): number =>
  createHash("sha256")
    .update(JSON.stringify([conditions.paths, conditions.hosts]))
    .digest()
    .readUInt32BE(0);

/** Whether `by` surely matches everything that `pattern` matches. */
export function covers(by: string, pattern: string): boolean {
  // Most differ before any wildcard.
  const wildcard = by.search(/[*?]/);
  if (wildcard < 0) return by === pattern;
  if (!pattern.startsWith(by.slice(0, wildcard))) return false;
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
