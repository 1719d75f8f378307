import { explainAwsError } from "./aws-error";
import type { Check, CheckResult } from "./check";
import type { Account } from "./facts";

/** `unknown`: a call to AWS failed. `skipped`: the cluster does not exist or cannot be read. */
export type Status = "ok" | "wrong" | "unknown" | "skipped";

/** One check in the report. */
export interface CheckReport extends CheckResult {
  readonly id: string;
  readonly question: string;
  readonly status: Status;
  /** Why the status is `unknown` or `skipped`. */
  readonly reason?: string;
}

/** The result of all checks. */
export interface Report {
  readonly cluster: string;
  readonly region: string;
  /** The account's ID. Missing if `error` is set. */
  readonly account?: string;
  /** Why no check could run, such as missing credentials. */
  readonly error?: string;
  readonly checks: readonly CheckReport[];
  /** 0 if nothing is wrong, 1 if something is wrong, 2 if nothing is wrong and a check is `unknown`. */
  readonly exitCode: 0 | 1 | 2;
}

/** Runs the checks in order. The first is the cluster's: if it fails, the others are skipped. */
export async function runChecks(account: Account, checks: readonly Check[]): Promise<Report> {
  const { clusterName: cluster, region } = account;
  let accountId: string;
  try {
    accountId = await account.accountId();
  } catch (error) {
    return { cluster, region, error: explainAwsError(error, region), checks: [], exitCode: 2 };
  }
  const reports: CheckReport[] = [];
  for (const check of checks) {
    const [first] = reports;
    if (first === undefined || first.status === "ok") reports.push(await runCheck(check, account));
    else {
      const reason =
        first.status === "wrong" ? "the cluster does not exist or is not active" : "the cluster cannot be read";
      reports.push({ id: check.id, question: check.question, status: "skipped", findings: [], notes: [], reason });
    }
  }
  const statuses = reports.map(({ status }) => status);
  const exitCode = statuses.includes("wrong") ? 1 : statuses.includes("unknown") ? 2 : 0;
  return { cluster, region, account: accountId, checks: reports, exitCode };
}

async function runCheck(check: Check, account: Account): Promise<CheckReport> {
  const { id, question } = check;
  try {
    const { findings, notes } = check.decide(await check.read(account));
    return { id, question, status: findings.length > 0 ? "wrong" : "ok", findings, notes };
  } catch (error) {
    // A bug in the doctor is not an error of AWS.
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    const reason = explainAwsError(error, account.region);
    return { id, question, status: "unknown", findings: [], notes: [], reason };
  }
}
