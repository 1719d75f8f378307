import { shellQuote } from "../shell-quote";
import type { Account, ServiceFacts } from "./facts";

/** Something that can be wrong in an account. docs/doctor.md lists the causes of each check. */
export interface Cause {
  /** Names the cause in the JSON output. Never changes. */
  readonly id: string;
  /** What is wrong, in one sentence without names. */
  readonly title: string;
  /** How to fix it, in sentences. */
  readonly fix: string;
  /** The IDs of the causes that this one produces. The report shows them below this one. @default - none */
  readonly explains?: readonly string[];
}

/** A line to copy into a shell. Only `command` creates one. */
export type Command = string & { readonly [IS_COMMAND]: true };
declare const IS_COMMAND: unique symbol;

/** A problem, and how to fix it. */
export interface Finding {
  readonly cause: Cause;
  /** The problem, in one sentence. */
  readonly problem: string;
  /** The facts that show the problem: IDs, figures, and messages of AWS. */
  readonly evidence: readonly string[];
  /** How to fix the problem, in sentences. */
  readonly fix: string;
  /** Commands for the fix. */
  readonly commands: readonly Command[];
  /** What has the problem. Another finding explains this one only if it is about the same. @default - everything */
  readonly about?: Subjects;
}

/** Resources by their kind, with IDs or names. Everything of a kind without a list. */
export interface Subjects {
  readonly instances?: readonly string[];
  readonly services?: readonly string[];
  /** Auto Scaling groups. */
  readonly groups?: readonly string[];
  /** ARNs. */
  readonly targetGroups?: readonly string[];
  /** ARNs of load balancers. */
  readonly balancers?: readonly string[];
}

/** Returns a finding of a cause, with the fix of the cause unless another one is given. */
export const found = (
  cause: Cause,
  details: Omit<Finding, "cause" | "fix"> & Partial<Pick<Finding, "fix">>,
): Finding => ({
  cause,
  fix: cause.fix,
  ...details,
});

/**
 * Returns a command with its values, and the values of lists, quoted where a shell requires it. A value that can be missing is an error of the compiler:
 * leave the command out, or write a word in capitals that the text explains.
 */
export function command(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | readonly string[])[]
): Command {
  const quoted = values.map((value) =>
    [value]
      .flat()
      .map((one) => shellQuote(String(one)))
      .join(" "),
  );
  return String.raw({ raw: texts }, ...quoted) as Command;
}

/** The result of a check. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  /** Facts that help and are not problems. */
  readonly notes: readonly string[];
}

/**
 * Reads a part that a check can do without. If AWS denies it, the result is undefined, and the report says what the check could not
 * read.
 */
export type Optional = <T>(part: Promise<T>) => Promise<T | undefined>;

/** One question about the account. Only `read` calls AWS, so tests can call `decide` with plain objects. */
export interface Check<Facts = unknown> {
  /** Names the check in the report. Never changes. */
  readonly id: string;
  readonly question: string;
  /** The IAM actions that `read` calls. `actionsOf` returns them for parts of the account. */
  readonly actions: readonly string[];
  /** All causes of the findings. */
  readonly causes: readonly Cause[];
  read(account: Account, optional: Optional): Promise<Facts>;
  decide(facts: Facts): CheckResult;
}

/** Whether an instance is running. Instances that stop or terminate are no evidence of a problem. */
export const isRunning = ({ state }: { readonly state: string }): boolean => state === "running";

/**
 * Whether tasks of a service can wait for an instance. A service whose tasks fail also runs too few, and then an instance changes
 * nothing.
 */
export function waitsForInstance({ running, desired, pending, events, deployments }: ServiceFacts): boolean {
  if (running >= desired) return false;
  const tasksFail = deployments.some(({ failedTasks }) => failedTasks > 0);
  return pending > 0 || !tasksFail || /unable to place/.test(events[0] ?? "");
}

/** Returns each value once, in the order of its first occurrence. */
export const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Counts a noun: `1 task`, `2 tasks`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
