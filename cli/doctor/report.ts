import { couldNotLook } from "./aws-error";
import type { AnyCheck, Finding } from "./check";
import type { Account } from "./facts";

/** `ok`, `wrong` with findings, `unknown` where it could not look, `skipped` where there was nothing to look at. */
export type Status = "ok" | "wrong" | "unknown" | "skipped";

/** What one check came to. */
export interface CheckReport {
  readonly id: string;
  readonly question: string;
  readonly status: Status;
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
  /** Why it could not look, or why not. */
  readonly reason?: string;
}

/** What all of them came to. */
export interface Report {
  readonly cluster: string;
  readonly region: string;
  /** The account's number; missing where not even that could be asked. */
  readonly account?: string;
  /** Why nothing at all could be asked. */
  readonly error?: string;
  readonly checks: readonly CheckReport[];
  /** 0: nothing is wrong; 1: something is; 2: it could not look everywhere, and what it saw is right. */
  readonly exitCode: 0 | 1 | 2;
}

/** Asks every check in order. Without the cluster, which is asked for first, there is nothing else to look at. */
export async function examine(account: Account, checks: readonly AnyCheck[]): Promise<Report> {
  const { clusterName: cluster, region } = account;
  let accountId: string;
  try {
    accountId = await account.accountId();
  } catch (error) {
    return { cluster, region, error: couldNotLook(error, region), checks: [], exitCode: 2 };
  }
  const reports: CheckReport[] = [];
  let without: string | undefined;
  for (const check of checks) {
    const report = without === undefined ? await ask(check, account) : skipped(check, without);
    reports.push(report);
    if (reports.length > 1 || report.status === "ok") continue;
    without = report.status === "wrong" ? "there is no such cluster" : "the cluster can't be read";
  }
  const statuses = reports.map(({ status }) => status);
  const exitCode = statuses.includes("wrong") ? 1 : statuses.includes("unknown") ? 2 : 0;
  return { cluster, region, account: accountId, checks: reports, exitCode };
}

async function ask({ id, question, look }: AnyCheck, account: Account): Promise<CheckReport> {
  try {
    const { findings, notes } = await look(account);
    return { id, question, status: findings.length > 0 ? "wrong" : "ok", findings, notes };
  } catch (error) {
    // A mistake of the doctor's own is not AWS's answer: it is shown as what it is.
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    const reason = couldNotLook(error, account.region);
    return { id, question, status: "unknown", findings: [], notes: [], reason };
  }
}

const skipped = ({ id, question }: AnyCheck, reason: string): CheckReport => ({
  id,
  question,
  status: "skipped",
  findings: [],
  notes: [],
  reason,
});
