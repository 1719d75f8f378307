import { type CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { GetScheduleCommand, paginateListSchedules, type SchedulerClient } from "@aws-sdk/client-scheduler";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { ScheduleFacts } from "../facts";
import { allPages } from "./paging";
import { minutesSince } from "./read-compute";
import { readQueue } from "./read-queue";

/** The clients that read schedules. */
export interface ScheduleClients {
  readonly cloudWatch: CloudWatchClient;
  readonly scheduler: SchedulerClient;
  readonly sqs: SQSClient;
}

const DAY = 24 * 60 * 60;

/** The days of which the runs are counted. CloudWatch keeps daily sums for much longer. */
export const COUNTED_DAYS = 30;

/** Reads the schedules that start tasks on a cluster. */
export async function readSchedules(clients: ScheduleClients, clusterArn: string, now: Date): Promise<ScheduleFacts[]> {
  const { scheduler } = clients;
  const all = await allPages(paginateListSchedules({ client: scheduler }, {}), ({ Schedules }) => Schedules);
  const own = all.filter(({ Target }) => Target?.Arn === clusterArn);
  const facts = own.map(async ({ Name, GroupName = "default" }): Promise<ScheduleFacts> => {
    const schedule = await scheduler.send(new GetScheduleCommand({ Name, GroupName }));
    const { CreationDate = now, StartDate, EndDate, Target } = schedule;
    const queueArn = Target?.DeadLetterConfig?.Arn;
    return {
      name: Name ?? "",
      group: GroupName,
      expression: schedule.ScheduleExpression ?? "",
      timeZone: schedule.ScheduleExpressionTimezone ?? "UTC",
      enabled: schedule.State === "ENABLED",
      daysOld: Math.floor(
        minutesSince(StartDate && StartDate > CreationDate ? StartDate : CreationDate, now) / (24 * 60),
      ),
      isOver: EndDate !== undefined && EndDate < now,
      roleArn: Target?.RoleArn ?? "",
      taskDefinition: Target?.EcsParameters?.TaskDefinitionArn,
      // CloudWatch counts the runs of a group.
      attempts:
        all.filter((other) => (other.GroupName ?? "default") === GroupName).length === 1
          ? await readAttempts(clients.cloudWatch, GroupName, now)
          : undefined,
      queue: queueArn === undefined ? undefined : await readQueue(clients.sqs, queueArn),
    };
  });
  return (await Promise.all(facts)).sort((one, other) => one.name.localeCompare(other.name, "en"));
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html */
async function readAttempts(cloudWatch: CloudWatchClient, group: string, now: Date): Promise<number> {
  const { Datapoints = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/Scheduler",
      MetricName: "InvocationAttemptCount",
      Dimensions: [{ Name: "ScheduleGroup", Value: group }],
      StartTime: new Date(now.getTime() - COUNTED_DAYS * DAY * 1000),
      EndTime: now,
      Period: DAY,
      Statistics: ["Sum"],
    }),
  );
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}
