import { createHash } from "node:crypto";
import { serviceNameRules } from "../validation/aws-rules";
import { distinctElements, length, matches } from "../validation/rule";
import { type Field, list, plain, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";

/** The requests that a listener rule matches: one of the paths and one of the hosts. */
export interface RuleConditions {
  /** Path patterns, with the wildcards `*` and `?`: `/api/users*`. @default - any path */
  readonly paths?: readonly string[];
  /** Host patterns, with the wildcards `*` and `?`: `api.example.com`, `*.example.com`. @default - any host */
  readonly hosts?: readonly string[];
}

/** The largest number of values, and of wildcards, of one rule. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
export const MOST_VALUES = 5;
export const MOST_WILDCARDS = 5;

const pathPattern = string(
  matches(
    "^[/*?][A-Za-z0-9_.$/~\"'@:+&*?-]{0,127}$",
    "be a path pattern of at most 128 characters that begins with / or a wildcard",
    'For example "/api/users*". Use letters, digits, the wildcards * and ?, and _ - . $ / ~ " \' @ : + &. A query cannot be matched.',
  ),
);
const hostPattern = string(
  length(1, 128, "AWS limits a host pattern to 128 characters."),
  matches(
    "^[A-Za-z0-9*?-][A-Za-z0-9.*?-]{0,125}[.][A-Za-z]{1,63}$",
    "be a host name, with only letters after the last dot",
    'For example "api.example.com" or "*.example.com". Do not write a scheme or a port.',
  ),
);

/** Returns a field for the values of one condition. @param example how to write it */
const patterns = (pattern: Field<string>, of: string, example: string) =>
  list(pattern, distinctElements(1, MOST_VALUES, of, "For more, add another rule with routes."))
    .with({ fix: `Write it in brackets: [${example}].` })
    .optional();

/** The conditions of a route. A path or a host can be a token; the lists cannot, because Terraform does not count them. */
export const conditionFields = {
  paths: plain(patterns(pathPattern, "paths", '"/api/users*"')),
  hosts: plain(patterns(hostPattern, "hosts", '"api.example.com"')),
};

/** A rule of a service, which gets its priority from its conditions, its service and its id. */
export interface RulePriorityProps extends RuleConditions {
  /** The service's name. */
  readonly name: string;
  /** The id of the rule's construct: `rule`, or `rule_<name>` for a rule of `routes`. @default "rule" */
  readonly ruleId?: string;
}

const rulePriorityPropsSchema = schemaOf<RulePriorityProps>()({
  name: plain(string(...serviceNameRules)),
  ruleId: plain(string()).default("rule"),
  paths: patterns(plain(pathPattern), "paths", '"/api/users*"'),
  hosts: patterns(plain(hostPattern), "hosts", '"api.example.com"'),
});

/** The priorities of a listener. The load balancer evaluates the lowest first. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
export const PRIORITIES = { lowest: 1, highest: 50_000 } as const;

/**
 * The number of priorities for rules with the same number of fixed characters: without an exact condition, with one, with
 * two, and with more. A hash separates rules that are equally specific, so rules of common length get most of the
 * priorities. A path and a host of 128 characters each have 256. Longer rules have more conditions. They get one number each.
 */
const BANDS = [
  { characters: 4, widths: [50, 40, 10, 5] },
  { characters: 30, widths: [800, 380, 40, 20] },
  { characters: 48, widths: [60, 110, 20, 10] },
  { characters: 178, widths: [4, 7, 3, 1] },
  { characters: 110, widths: [1] },
] as const;

interface Specificity {
  /** The number of characters that are not wildcards. */
  readonly fixed: number;
  /** The number of patterns without a wildcard. */
  readonly exact: number;
}

/**
 * Returns the priority of a rule without a priority of its own. It depends on the rule's conditions, its service and its id
 * only. So a new rule does not change the priority of another one, two Terraform states can share a listener, and a service
 * can get a path of another service in one apply. If a rule matches all requests of another rule, and more, the other rule
 * gets the lower number and is evaluated first.
 *
 * @throws {SettingsError} with every problem of the props
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/24811
 */
export function rulePriority(props: RulePriorityProps): number {
  const { name, ruleId, ...conditions } = validate("rulePriority", rulePriorityPropsSchema, props);
  const { paths, hosts } = normalized(conditions);
  const { fixed, exact } = total([broadest(paths), broadest(hosts)]);
  const offset = hash([name, ruleId, paths, hosts]);
  let last = PRIORITIES.highest;
  let below = fixed;
  for (const { characters, widths } of BANDS) {
    const all = sum(widths);
    if (below < characters) {
      const level = Math.min(exact, widths.length - 1);
      return last - below * all - sum(widths.slice(0, level)) - (offset % (widths[level] as number));
    }
    last -= characters * all;
    below -= characters;
  }
  return PRIORITIES.lowest;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

/** Returns the specificity of several conditions together. */
const total = (conditions: readonly Specificity[]): Specificity => ({
  fixed: sum(conditions.map(({ fixed }) => fixed)),
  exact: sum(conditions.map(({ exact }) => exact)),
});

/** Returns equal conditions in one form, whatever the order of the values and the case of a host. */
export function normalized({ paths = [], hosts = [] }: RuleConditions): Required<RuleConditions> {
  return { paths: [...new Set(paths)].sort(), hosts: [...new Set(hosts.map((host) => host.toLowerCase()))].sort() };
}

/** Returns the specificity of the broadest pattern. A rule is only as specific as that, and without patterns it matches everything. */
const broadest = (patterns: readonly string[]): Specificity =>
  patterns.map(specificity).sort((a, b) => a.fixed - b.fixed || a.exact - b.exact)[0] ?? { fixed: 0, exact: 0 };

const specificity = (pattern: string): Specificity => ({
  fixed: pattern.replace(/[*?]/g, "").length,
  exact: /[*?]/.test(pattern) ? 0 : 1,
});

const hash = (parts: readonly unknown[]): number =>
  createHash("sha256").update(JSON.stringify(parts)).digest().readUInt32BE(0);

/** Returns true when `by` certainly matches everything that `pattern` matches. */
export function covers(by: string, pattern: string): boolean {
  // Most pairs differ before the first wildcard.
  const wildcard = by.search(/[*?]/);
  if (wildcard < 0) return by === pattern;
  if (!pattern.startsWith(by.slice(0, wildcard))) return false;
  // reach[i] is true when the first i characters of `by` can match the characters of `pattern` read so far.
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

/** Returns the positions that can also be reached because a `*` matches the empty string. */
function closure(by: string, reach: boolean[]): boolean[] {
  for (let index = 0; index < by.length; index++) if (reach[index] && by[index] === "*") reach[index + 1] = true;
  return reach;
}
