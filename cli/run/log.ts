import { type CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Definition } from "./task";

/** The log stream of a container. */
export interface Log {
  readonly group: string;
  readonly stream: string;
}

/** Returns the log stream of a task's container. Undefined for another log driver than awslogs, and for another region. */
export function logOf({ container, logConfiguration }: Definition, taskArn: string, region: string): Log | undefined {
  const { options = {}, logDriver } = logConfiguration ?? {};
  const { "awslogs-group": group, "awslogs-stream-prefix": prefix, "awslogs-region": logRegion = region } = options;
  if (logDriver !== "awslogs" || logRegion !== region || !group || !prefix) return undefined;
  return { group, stream: `${prefix}/${container}/${taskArn.split("/").at(-1)}` };
}

/** Reads the next lines. Before the container writes, there is no stream. */
export async function readLog(
  client: CloudWatchLogsClient,
  { group, stream }: Log,
  token: string | undefined,
): Promise<{ readonly lines: readonly string[]; readonly token?: string }> {
  try {
    const { events = [], nextForwardToken } = await client.send(
      new GetLogEventsCommand({ logGroupName: group, logStreamName: stream, startFromHead: true, nextToken: token }),
    );
    return { lines: events.map(({ message = "" }) => message), token: nextForwardToken };
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException") return { lines: [] };
    throw error;
  }
}
