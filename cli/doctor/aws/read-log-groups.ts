import { type CloudWatchLogsClient, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import type { LogGroupFacts } from "../facts";
import { allPages, inBatches } from "./paging";

/** Reads log groups by their names. Those that do not exist are not in the result. */
export async function readLogGroups(client: CloudWatchLogsClient, names: readonly string[]): Promise<LogGroupFacts[]> {
  // One call for all names with the same path: `/ecs/shop/` of `/ecs/shop/web`.
  const prefixes = [...new Set(names.map((name) => name.slice(0, name.lastIndexOf("/") + 1) || name))].sort();
  const groups = await inBatches(prefixes, 1, ([logGroupNamePrefix]) =>
    allPages(paginateDescribeLogGroups({ client }, { logGroupNamePrefix }), (page) => page.logGroups),
  );
  return groups
    .map(({ logGroupName = "", kmsKeyId }) => ({ name: logGroupName, keyId: kmsKeyId }))
    .filter(({ name }) => names.includes(name));
}
