import { StartTaskCommand, StopTaskCommand } from "@aws-sdk/client-ecs";
import { DeleteScheduleCommand } from "@aws-sdk/client-scheduler";
import { TASK_CAUSES } from "../../cli/doctor/checks/task-causes";
import { each } from "./moto-answers";
import { CLUSTER } from "./moto-cluster";
import type { Case, Fault } from "./moto-doctor";

/** A message of ECS for each cause of a failed task. */
const MESSAGES: Readonly<Record<string, string>> = {
  "no-attribute": "The closest matching container-instance i-1 is missing an attribute required by your task",
  "environment-file": "ResourceInitializationError: failed to download env files: file download command: AccessDenied",
  "log-router": "ResourceInitializationError: failed to validate firelens config",
  "ebs-volume": "Task failed to start: unable to attach the EBS volume",
  "tls-certificate": "ResourceInitializationError: acm-pca cannot issue a certificate",
  "efs-mount": "ResourceInitializationError: failed to invoke EFS utils commands: mount.nfs4: Connection timed out",
  "registry-credentials": "CannotPullContainerError: pull access denied for example/web",
  "image-pull": "CannotPullContainerError: manifest unknown",
  "secret-or-log-group": "ResourceInitializationError: unable to pull secrets or registry auth",
  "out-of-memory": "OutOfMemoryError: Container killed due to memory usage",
  "health-check-fails": "Task failed container health checks",
  "host-port-used": "container instance i-1 is already using a port required by your task",
  "no-network-interface": "RESOURCE:ENI",
  "no-room": "RESOURCE:MEMORY",
  "no-instance-matches": "No Container Instances were found in your cluster",
  "container-exits": "Essential container in task exited",
  "rolled-back": "ECS deployment circuit breaker stopped the task",
};

/** Stops a task with a message of ECS. */
const stoppedWith = (stoppedReason: string, start: (...resources: Parameters<Fault>) => Promise<string>): Fault => {
  return async (resources, proxy) => {
    const task = await start(resources, proxy);
    await resources.clients.ecs.send(new StopTaskCommand({ cluster: CLUSTER, task }));
    const before = proxy.overlays.get("DescribeTasks");
    const stop = each("tasks", (one) =>
      one.lastStatus === "STOPPED" ? { ...one, stopCode: "TaskFailedToStart", stoppedReason } : one,
    );
    proxy.overlays.set("DescribeTasks", (answer) => stop(before?.(answer) ?? answer));
  };
};

const ofService = async ({ tasks: [task = ""] }: Parameters<Fault>[0]) => task;

/** Starts a task outside a service. Without the schedule: tasks that another program starts count, too. */
const ofJob = async ({ clients: { ecs, scheduler }, containerInstances: [instance = ""] }: Parameters<Fault>[0]) => {
  await scheduler.send(new DeleteScheduleCommand({ Name: "ecs-nightly" }));
  const started = await ecs.send(
    new StartTaskCommand({ cluster: CLUSTER, taskDefinition: "web", containerInstances: [instance] }),
  );
  return started.tasks?.[0]?.taskArn ?? "";
};

/** A failed task of a service, and one outside services, for each cause. */
export const TASK_FAULTS: readonly Case[] = TASK_CAUSES.flatMap(({ id }): Case[] => {
  const message = MESSAGES[id] ?? "";
  return [
    [
      `a task of a service with ${id}`,
      ["services: The service web runs, but 1 task failed in the last hour."],
      stoppedWith(message, ofService),
    ],
    [
      `a job with ${id}`,
      ["schedules: The only task of web that stopped in the last hour failed."],
      stoppedWith(message, ofJob),
    ],
  ];
});
