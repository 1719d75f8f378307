import type { Account } from "./facts";

/** One thing that is wrong, and how to mend it. */
export interface Finding {
  /** What is wrong, in a sentence. */
  readonly problem: string;
  /** What shows it: ids, figures, AWS's own words. */
  readonly evidence: readonly string[];
  /** What to do, in sentences: a setting of this project, or what to look for. */
  readonly fix: string;
  /** What to type for it, each on a line of its own so that it can be copied. */
  readonly commands: readonly string[];
}

/** What a check makes of what it saw. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** What is worth knowing and not wrong. */
  readonly notes: readonly string[];
}

/** One question to the account. `read` looks and `decide` judges, which needs no account. */
export interface Check<Facts> {
  /** Stable: `--json` names the check by it. */
  readonly id: string;
  readonly question: string;
  readonly read: (account: Account) => Promise<Facts>;
  readonly decide: (facts: Facts) => Verdict;
}

/** A check of whatever facts, for the list of all. */
export interface AnyCheck {
  readonly id: string;
  readonly question: string;
  readonly look: (account: Account) => Promise<Verdict>;
}

/** Puts a check's two halves together. */
export const asked = <Facts>({ id, question, read, decide }: Check<Facts>): AnyCheck => ({
  id,
  question,
  look: async (account) => decide(await read(account)),
});

/** Instances that are there and work: what is stopping or gone explains nothing. */
export const isRunning = ({ state }: { readonly state: string }): boolean => state === "running";

/** Each value once, in the order in which it first came. */
export const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
