import { setTimeout as sleep } from "node:timers/promises";
import { type CommandResult, progress, withJsonError } from "../command-line";
import { AwsAccount } from "../doctor/aws/aws-account";
import { clientsOf } from "../doctor/aws/clients";
import { explainAwsError } from "../doctor/aws-error";
import { checkedRegion } from "../region";
import type { StatusOptions } from "./options";
import { isSettled, readStatus } from "./read-status";
import { statusJson, statusText } from "./status-text";

const SECONDS = 5;
/** Moves the cursor to the top left, and clears the terminal below. */
const CLEAR = "\u001b[H\u001b[2J";

/** Where `--watch` writes. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Runs `status`. @throws {UsageError} for a wrong option */
export async function status(
  { cluster, region, json = false, watch = false, endpoint }: StatusOptions,
  screen: Screen = process.stdout,
  wait: () => Promise<unknown> = () => sleep(SECONDS * 1000),
): Promise<CommandResult> {
  const clients = clientsOf(checkedRegion(region), endpoint);
  if (!watch) progress(`Reading the cluster "${cluster}" in ${region}.`);
  for (let isFirst = true; ; isFirst = false) {
    const read = await once(new AwsAccount({ clusterName: cluster, region, clients, now: new Date() }), json, watch);
    const result = json ? withJsonError(read, watch) : read;
    // Later, an error can pass.
    if (!watch || (isFirst && result.status === 2)) return result;
    screen.write(`${screen.isTTY && !json ? CLEAR : ""}${result.stdout}${result.stderr}`);
    if ((await wait()) === "stop") return { ...result, stdout: "", stderr: "" };
  }
}

/** @param inLine prints JSON in one line */
async function once(account: AwsAccount, json: boolean, inLine: boolean): Promise<CommandResult> {
  const { clusterName, region } = account;
  try {
    const found = await readStatus(account);
    if (found) {
      const text = json ? statusJson(found, inLine) : statusText(found);
      return { status: isSettled(found) ? 0 : 1, stdout: text, stderr: "" };
    }
    const names = (await account.clusterNames()).join(", ") || "none";
    return failure(clusterName, region, `There is no such cluster. The clusters are: ${names}.`);
  } catch (error) {
    return failure(clusterName, region, explainAwsError(error, region));
  }
}

const failure = (cluster: string, region: string, reason: string): CommandResult => ({
  ...{ status: 2, stdout: "" },
  stderr: `Cannot read the cluster "${cluster}" in ${region}.\n${reason}\n`,
});
