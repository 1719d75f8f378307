import { createHash } from "node:crypto";
import { serviceNameRules } from "../validation/aws-rules";
import { plain, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";
import { plainConditionFields, type RuleConditions } from "./rule-conditions";
import { conditionsOf } from "./rule-overlap";

/** The conditions that priorities follow from. */
type ComparedConditions = Omit<RuleConditions, "pathRegexes" | "hostRegexes" | "headerRegexes">;

/** A rule of a service, which gets its priority from its conditions, its service and its id. */
export interface RulePriorityProps extends ComparedConditions {
  /** The service's name. */
  readonly name: string;
  /** The id of the rule's construct: `rule`, or `rule_<name>` for a rule of `routes`. @default "rule" */
  readonly ruleId?: string;
}

const rulePriorityPropsSchema = schemaOf<RulePriorityProps>()({
  name: plain(string(...serviceNameRules)),
  ruleId: plain(string()).default("rule"),
  ...plainConditionFields,
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
  { characters: 30, widths: [657, 400, 140, 12] },
  { characters: 48, widths: [56, 104, 60, 10] },
  { characters: 178, widths: [4, 5, 2, 1] },
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
  const all = conditionsOf(conditions);
  const [paths, hosts] = [all.get("paths") ?? [], all.get("hosts") ?? []];
  const others = [...all].filter(([condition]) => condition !== "paths" && condition !== "hosts");
  // Each other condition counts as one character, so that a rule with it is evaluated before the same rule without it.
  const { fixed, exact } = total([broadest(paths), broadest(hosts), { fixed: others.length, exact: 0 }]);
  // Rules with paths and hosts only keep their numbers.
  const offset = hash([name, ruleId, paths, hosts, ...(others.length > 0 ? [others] : [])]);
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

/** Returns the specificity of the broadest pattern. A rule is only as specific as that, and without patterns it matches everything. */
const broadest = (patterns: readonly string[]): Specificity =>
  patterns.map(specificity).sort((a, b) => a.fixed - b.fixed || a.exact - b.exact)[0] ?? { fixed: 0, exact: 0 };

const specificity = (pattern: string): Specificity => ({
  fixed: pattern.replace(/[*?]/g, "").length,
  exact: /[*?]/.test(pattern) ? 0 : 1,
});

const hash = (parts: readonly unknown[]): number =>
  createHash("sha256").update(JSON.stringify(parts)).digest().readUInt32BE(0);
