import { readFileSync } from "node:fs";

/** Returns the actions of the policy in docs/doctor.md. */
export function documentedActions(): string[] {
  const [, json = ""] = /```json\n([\s\S]*?)```/.exec(readFileSync("docs/doctor.md", "utf8")) ?? [];
  const { Statement } = JSON.parse(json) as { Statement: { Effect: string; Action: string[]; Resource: string }[] };
  return Statement.flatMap(({ Action }) => Action);
}
