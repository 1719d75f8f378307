import { shellQuote } from "../shell-quote";

/**
 * What someone sees when something does not work, with its cause and its fix. docs/troubleshooting.md, the doctor and the README of
 * a hand-over show the same texts. They are Markdown, with links from the folder docs.
 */
export interface Symptom {
  /** Names the symptom in the doctor's report. Never changes. */
  readonly id: string;
  /** What AWS, Docker or the program says. */
  readonly seen: string;
  readonly cause: string;
  readonly fix: string;
  /** Commands for the fix, with the words in capitals of docs/troubleshooting.md. */
  readonly commands?: readonly string[];
  /** Finds the symptom in a message of AWS. @default - the doctor looks for something else */
  readonly words?: RegExp;
  /** Whether other symptoms explain the same message better, so that this one counts only without them. @default false */
  readonly vague?: boolean;
}

/** The words in capitals, with their values. */
export type Words = Readonly<Record<string, string | undefined>>;

/** Returns the symptom that explains texts of AWS best, or undefined. */
export function symptomIn(symptoms: readonly Symptom[], texts: readonly string[]): Symptom | undefined {
  const seen = symptoms.filter(({ words }) => words && texts.some((text) => words.test(text)));
  return seen.find(({ vague = false }) => !vague) ?? seen[0];
}

/** Returns Markdown as plain text: without code marks, and with the address of each link behind its text. */
export const plain = (markdown: string): string =>
  markdown
    .replace(/\[([^\]]+)\]\(#([^)]+)\)/g, "$1 (docs/troubleshooting.md#$2)")
    .replace(/\[([^\]]+)\]\((?!https:)([^)]+)\)/g, "$1 (docs/$2)")
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, "$1 ($2)")
    .replaceAll("`", "");

/** Returns the cause and the fix of a symptom as plain text. */
export const fixOf = ({ cause, fix }: Symptom): string => plain(`${cause} ${fix}`);

/** A word in capitals. */
const WORD = /(?<![\w-])[A-Z]{2,}(?:_[A-Z]+)*(?![\w-])/g;

/**
 * Returns the commands of a symptom with the values of their words, and with the region where AWS needs one. Leaves out a command
 * with a word that has no value.
 */
export function commandsOf({ commands = [] }: Symptom, words: Words, region: string): string[] {
  const complete = commands.filter((command) => (command.match(WORD) ?? []).every((word) => words[word] !== undefined));
  return complete.map((command) =>
    command
      .replace(WORD, (word) => shellQuote(words[word] ?? word))
      .replace(/^aws (?!iam )[\w-]+ [\w-]+/, `$& --region ${region}`),
  );
}
