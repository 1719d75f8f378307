import { commandsOf, plain, type Symptom, TABLES, type Words } from "../troubleshooting";
import type { Cause, Command } from "./check";

/** Returns the symptom with an ID. @throws {Error} if none has it */
function symptom(id: string): Symptom {
  const found = Object.values(TABLES)
    .flat()
    .find((one) => one.id === id);
  if (found === undefined) throw new Error(`No symptom has the ID ${id}.`);
  return found;
}

/** Returns the cause of a symptom, with the texts of docs/troubleshooting.md. @param explains the causes that it produces */
export const causeOf = (of: Symptom, explains?: readonly string[]): Cause => ({
  id: of.id,
  title: plain(of.cause),
  fix: plain(of.fix),
  ...(explains && { explains }),
});

/** Returns the cause of the symptom with an ID. @param explains the causes that it produces */
export const symptomCause = (id: string, explains?: readonly string[]): Cause => causeOf(symptom(id), explains);

/** Returns a cause that produces a symptom, with the texts of the symptom. The doctor can find it before a task fails. */
export const causeBehind = (symptomId: string, id: string): Cause => ({
  ...causeOf(symptom(symptomId), [symptomId]),
  id,
});

/** Returns the fix of a cause for a finding whose problem does not name the cause. */
export const explained = ({ title, fix }: Cause): string => `${title} ${fix}`;

/** Returns the commands of a symptom's fix that have a value for each of their words. */
export const fixCommands = (of: Symptom | undefined, words: Words, region: string): Command[] =>
  of === undefined ? [] : (commandsOf(of, words, region) as Command[]);
