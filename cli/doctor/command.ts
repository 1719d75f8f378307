import { type CommandResult, progress } from "../command-line";
import { checkedRegion } from "../region";
import { AwsAccount } from "./aws/aws-account";
import { clientsOf } from "./aws/clients";
import { CHECKS } from "./checks";
import type { DoctorOptions } from "./options";
import { runChecks } from "./report";
import { reportJson, reportText } from "./report-text";

/** Runs `doctor`. @throws {UsageError} for a wrong option */
export async function doctor({ cluster, region, json = false, endpoint }: DoctorOptions): Promise<CommandResult> {
  const clients = clientsOf(checkedRegion(region), endpoint);
  progress(`Reading the cluster "${cluster}" in ${region}.`);
  const report = await runChecks(new AwsAccount({ clusterName: cluster, region, clients, now: new Date() }), CHECKS);
  const text = json ? reportJson(report) : reportText(report);
  const isError = report.error !== undefined && !json;
  return { status: report.exitCode, stdout: isError ? "" : text, stderr: isError ? text : "" };
}
