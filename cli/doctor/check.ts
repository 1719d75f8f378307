import type { Account } from "./facts";

/** A problem, and how to fix it. */
export interface Finding {
  /** The problem, in one sentence. */
  readonly problem: string;
  /** The facts that show the problem: IDs, figures, and messages of AWS. */
  readonly evidence: readonly string[];
  /** How to fix the problem, in sentences. */
  readonly fix: string;
  /** Commands for the fix. Each is a line that you can copy. */
  readonly commands: readonly string[];
}

/** The result of a check. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  /** Facts that help and are not problems. */
  readonly notes: readonly string[];
}

/** One question about the account. Only `read` calls AWS, so tests can call `decide` with plain objects. */
export interface Check<Facts = unknown> {
  /** Names the check in the report. Never changes. */
  readonly id: string;
  readonly question: string;
  read(account: Account): Promise<Facts>;
  decide(facts: Facts): CheckResult;
}

/** Whether an instance is running. Instances that stop or terminate are no evidence of a problem. */
export const isRunning = ({ state }: { readonly state: string }): boolean => state === "running";

/** Returns each value once, in the order of its first occurrence. */
export const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Counts a noun: `1 task`, `2 tasks`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
