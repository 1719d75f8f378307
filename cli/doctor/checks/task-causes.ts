import { symptomIn, TASK_SYMPTOMS, type Words } from "../../troubleshooting";
import type { Cause, Command } from "../check";
import { causeOf, explained, fixCommands } from "../symptom-cause";

const CAUSES = new Map(TASK_SYMPTOMS.filter(({ words }) => words).map((symptom) => [symptom.id, causeOf(symptom)]));

/** The causes of failed tasks. */
export const TASK_CAUSES: readonly Cause[] = [...CAUSES.values()];

/** Why a task failed, and how to fix it. */
interface Failure {
  readonly cause: Cause;
  readonly fix: string;
  readonly commands: readonly Command[];
}

/** The ARN of a secret, without a key. */
const SECRET = /arn:[\w-]+:secretsmanager:[\w-]+:\d+:secret:[\w/+=.@-]+/;

/** Returns why a task failed by its texts, or undefined. @param words the values of words in commands */
export function taskFailure(texts: readonly string[], words: Words, region: string): Failure | undefined {
  const symptom = symptomIn(TASK_SYMPTOMS, texts);
  const cause = symptom && CAUSES.get(symptom.id);
  if (cause === undefined) return undefined;
  const [secret] = texts.flatMap((text) => SECRET.exec(text) ?? []);
  return { cause, fix: explained(cause), commands: fixCommands(symptom, { SECRET: secret, ...words }, region) };
}
