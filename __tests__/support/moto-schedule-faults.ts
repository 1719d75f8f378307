import { StartTaskCommand, StopTaskCommand } from "@aws-sdk/client-ecs";
import { DeleteScheduleCommand } from "@aws-sdk/client-scheduler";
import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { replaced } from "./moto-answers";
import { CLUSTER, DEAD_LETTERS } from "./moto-cluster";
import type { Case } from "./moto-doctor";

/** Faults of schedules and of tasks outside services. */
export const SCHEDULE_FAULTS: readonly Case[] = [
  [
    "a run that could not start",
    ["schedules: 1 run of the schedule ecs-nightly could not start."],
    async ({ clients: { sqs } }) => {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: DEAD_LETTERS }));
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
    },
  ],
  [
    "a schedule that never ran",
    ["schedules: The schedule ecs-nightly has started no task for 10 days."],
    (_, { overlays }) => {
      const created = Date.now() / 1000 - 10 * 24 * 60 * 60;
      overlays.set("GetSchedule", replaced(/"CreationDate": ?[\d.]+/, `"CreationDate": ${created}`));
    },
  ],
  [
    "a job that failed",
    ["schedules: The only task of web that stopped in the last hour failed."],
    async ({ clients: { ecs, scheduler }, containerInstances: [instance = ""] }, { overlays }) => {
      // Without a schedule: tasks that another program starts count, too.
      await scheduler.send(new DeleteScheduleCommand({ Name: "ecs-nightly" }));
      const { tasks = [] } = await ecs.send(
        new StartTaskCommand({ cluster: CLUSTER, taskDefinition: "web", containerInstances: [instance] }),
      );
      await ecs.send(new StopTaskCommand({ cluster: CLUSTER, task: tasks[0]?.taskArn }));
      const bound = overlays.get("DescribeTasks");
      overlays.set("DescribeTasks", (answer) => {
        const { status, body } = bound?.(answer) ?? answer;
        const described = JSON.parse(body) as { tasks: { lastStatus: string; containers: object[] }[] };
        for (const task of described.tasks) {
          if (task.lastStatus === "STOPPED") task.containers = [{ name: "web", exitCode: 1 }];
        }
        return { status, body: JSON.stringify(described) };
      });
    },
  ],
];
