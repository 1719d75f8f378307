import { textOf } from "../../../src/load-balancing/condition-values";
import type { ListenerFacts, ListenerRuleFacts, RuleAction, TargetGroupFacts } from "../facts";

/** Returns a listener: `HTTP 80`. */
export const listenerName = ({ protocol, port }: ListenerFacts): string => `${protocol} ${port}`;

/** Returns a rule: `rule 100 (paths /api*)`, `default rule`. */
export function ruleText({ priority, conditions }: Pick<ListenerRuleFacts, "priority" | "conditions">): string {
  if (priority === undefined) return "default rule";
  const texts = Object.entries(conditions).map(
    ([name, values]) =>
      `${name.replace(/^headers[.]/, "header ")} ${values.map((value) => textOf(value).replace(/^=/, "")).join(", ")}`,
  );
  return `rule ${priority} (${texts.join("; ") || "no conditions"})`;
}

/** Returns what an action does: `returns 503`, `redirects to https://#{host}/`, `forwards to other`. */
export function actionText({ type, detail, targetGroups }: RuleAction, groups: readonly TargetGroupFacts[]): string {
  if (type === "fixed-response") return `returns ${detail}`;
  if (type === "redirect") return `redirects to ${detail}`;
  if (type !== "forward") return type === "" ? "has no action" : `has the action ${type}`;
  const names = targetGroups.map(({ arn, weight }) => {
    const name = groups.find((group) => group.arn === arn)?.name ?? arn.split("/")[1] ?? arn;
    return targetGroups.length === 1 ? name : `${name} (weight ${weight})`;
  });
  return `forwards to ${names.join(", ")}`;
}
