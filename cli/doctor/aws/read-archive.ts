import { type CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { Task } from "@aws-sdk/client-ecs";
import type { TaskFacts } from "../facts";
import { allPages } from "./paging";
import { taskFacts } from "./read-ecs";

const DAY = 24 * 60 * 60 * 1000;

/** Tasks that failed. A deployment and a scale-in stop tasks too. */
const FAILED =
  '{ ($.detail.lastStatus = "STOPPED") && (($.detail.stopCode = "TaskFailedToStart") || ($.detail.stopCode = "EssentialContainerExited")) }';

/**
 * Reads the tasks that failed in the last day from the archive of events (`eventArchive`), newest first. An event has the
 * task as ECS describes it.
 *
 * @returns undefined for a cluster without an archive
 */
export async function readArchive(
  logs: CloudWatchLogsClient,
  cluster: string,
  now: Date,
): Promise<TaskFacts[] | undefined> {
  const logGroupName = `/aws/events/ecs/${cluster}`;
  const startTime = now.getTime() - DAY;
  try {
    const events = await allPages(
      paginateFilterLogEvents({ client: logs }, { logGroupName, startTime, filterPattern: FAILED }),
      (page) => page.events,
    );
    return events.reverse().flatMap(({ message = "" }) => {
      const task = taskOf(message);
      return task ? [taskFacts(task, new Map())] : [];
    });
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

/** Returns the task of an event, or undefined for another event. */
function taskOf(message: string): Task | undefined {
  try {
    const { detail } = JSON.parse(message) as { detail?: Task & { taskArn?: string } };
    return detail?.taskArn === undefined ? undefined : detail;
  } catch {
    return undefined;
  }
}
