import { sentence } from "../validation/problem";
import { conflicts as conflictProblems, type PlacedRule, placedRule, type Route } from "./listener-rule";

export { type PlacedRule, rulesOn } from "./listener-rule";

/** Superseded by `placedRule`. */
export const priorityOf = (conditions: Route, priority?: number): number =>
  placedRule("", { ...conditions, priority }).priority as number;

/** Superseded by `conflicts` in listener-rule.ts. */
export const conflicts = (setting: string, rule: PlacedRule, others: readonly PlacedRule[]): string[] =>
  conflictProblems(rule, others, setting === "paths and hosts" ? "" : setting).map(sentence);
