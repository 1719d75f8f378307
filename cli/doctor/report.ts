import { deniedAction, explainAwsError } from "./aws-error";
import { type Root, rootsOf } from "./causes";
import { type Check, type CheckResult, distinct, type Optional } from "./check";
import type { Account } from "./facts";

/** `unknown`: a call to AWS failed, and nothing else is wrong. `skipped`: the cluster does not exist or cannot be read. */
export type Status = "ok" | "wrong" | "unknown" | "skipped";

/** One check in the report. */
export interface CheckReport extends CheckResult {
  readonly id: string;
  readonly question: string;
  readonly status: Status;
  /** Why the check was skipped, or what it could not read. */
  readonly reason?: string;
  /** The IAM actions that the credentials lack. @default - none */
  readonly lacks?: readonly string[];
}

/** The result of all checks. */
export interface Report {
  readonly cluster: string;
  readonly region: string;
  /** The account's ID. Missing if `error` is set. */
  readonly account?: string;
  /** Why no check could run, such as missing credentials. */
  readonly error?: string;
  /** The findings that no other one explains. */
  readonly causes: readonly Root[];
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
    return { cluster, region, error: explainAwsError(error, region), causes: [], checks: [], exitCode: 2 };
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
  const exitCode = statuses.includes("wrong") ? 1 : reports.some(({ status }) => status === "unknown") ? 2 : 0;
  const causes = rootsOf(reports.flatMap(({ findings }) => findings));
  return { cluster, region, account: accountId, causes, checks: reports, exitCode };
}

async function runCheck(check: Check, account: Account): Promise<CheckReport> {
  const { id, question } = check;
  const errors: unknown[] = [];
  const optional: Optional = (part) =>
    part.catch((error) => {
      errors.push(awsError(error));
      return undefined;
    });
  let result: CheckResult = { findings: [], notes: [] };
  try {
    const facts = await check.read(account, optional);
    result = check.decide(facts);
  } catch (error) {
    errors.push(awsError(error));
  }
  const status = result.findings.length > 0 ? "wrong" : errors.length > 0 ? "unknown" : "ok";
  if (errors.length === 0) return { id, question, status, ...result };
  const reason = distinct(errors.map((error) => explainAwsError(error, account.region))).join(" ");
  const lacks = distinct(errors.flatMap((error) => deniedAction(error) ?? [])).sort();
  return { id, question, status, ...result, reason, ...(lacks.length > 0 && { lacks }) };
}

/** Returns an error of AWS. @throws a bug of the doctor */
function awsError(error: unknown): unknown {
  if (error instanceof TypeError || error instanceof ReferenceError) throw error;
  return error;
}
