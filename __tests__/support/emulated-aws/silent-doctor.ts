import { AwsAccount } from "../../../cli/doctor/aws/aws-account";
import { CHECKS } from "../../../cli/doctor/checks";
import { type Report, runChecks } from "../../../cli/doctor/report";
import type { AccountContents } from "../../../cli/offline-provider";
import { emulatedClients } from "./clients";
import { text } from "./resources";

/** Runs the doctor on each cluster of an emulated account in which everything runs. */
export function reportsOf(contents: AccountContents): Promise<Report[]> {
  const clusters = contents.resources.filter(({ type }) => type === "aws_ecs_cluster");
  return Promise.all(
    clusters.map(({ values, region }) => {
      const clients = emulatedClients(contents, region);
      const clusterName = text(values, "name");
      return runChecks(new AwsAccount({ clusterName, region, clients, now: new Date() }), CHECKS);
    }),
  );
}

/** Expects that the doctor finds no problem in the clusters of an account, and that it reads everything. */
export async function expectSilentDoctor(contents: AccountContents): Promise<void> {
  for (const { cluster, error, checks } of await reportsOf(contents)) {
    const wrong = checks.filter(({ status }) => status !== "ok");
    expect([cluster, error, wrong]).toEqual([cluster, undefined, []]);
  }
}
