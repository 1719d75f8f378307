import { StartTaskCommand, StopTaskCommand } from "@aws-sdk/client-ecs";
import { DeleteScheduleCommand } from "@aws-sdk/client-scheduler";
import { TASK_CAUSES } from "../../cli/doctor/checks/task-causes";
import { each } from "./moto-answers";
import { CLUSTER } from "./moto-cluster";
import type { Case, Fault } from "./moto-doctor";

/** A message of ECS for each cause of a failed task. */
const MESSAGES: Readonly<Record<string, string>> = {
  "pull-through-denied": "CannotPullContainerError: not authorized to perform: ecr:BatchImportUpstreamImage",
  "pull-denied": "CannotPullContainerError: User: x is not authorized to perform: ecr:GetAuthorizationToken",
  "disk-full": "CannotPullContainerError: failed to register layer: write /app: no space left on device",
  "image-architecture":
    "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/arm64'",
  "pull-limit": "CannotPullContainerError: toomanyrequests: You have reached your pull rate limit",
  "registry-unreachable": "CannotPullContainerError: dial tcp 198.51.100.7:443: i/o timeout",
  "no-registry-credentials": "CannotPullContainerError: no basic auth credentials",
  "registry-credentials": "CannotPullContainerError: pull access denied for example/web",
  "image-not-found": "CannotPullContainerError: manifest unknown",
  "pull-failed": "CannotPullContainerError: unexpected EOF",
  "role-not-assumable":
    "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web' that was provided for this task.",
  "service-unreachable": "failed to initialize logging driver: RequestError: dial tcp 10.0.0.5:443: i/o timeout",
  "log-group-missing":
    "failed to initialize logging driver: ResourceNotFoundException: The specified log group does not exist.",
  "log-denied":
    "failed to initialize logging driver: AccessDeniedException: not authorized to perform: logs:CreateLogStream",
  "secret-deleted":
    "InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.",
  "secret-missing": "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
  "secret-key-missing": "retrieved secret from Secrets Manager did not contain json key password",
  "parameter-missing": "Fetching secret data from SSM Parameter Store in eu-west-1: invalid parameters: /ecs/key",
  "key-unusable": "KMSInvalidStateException: arn:aws:kms:eu-west-1:123456789012:key/1 is pending deletion.",
  "secret-denied": "AccessDeniedException: User: x is not authorized to perform: secretsmanager:GetSecretValue",
  "environment-file": "ResourceInitializationError: failed to download env files: file download command: AccessDenied",
  "log-router": "ResourceInitializationError: failed to validate firelens config",
  "ebs-volume": "Task failed to start: unable to attach the EBS volume",
  "tls-certificate": "ResourceInitializationError: acm-pca cannot issue a certificate",
  "efs-mount": "ResourceInitializationError: failed to invoke EFS utils commands: mount.nfs4: Connection timed out",
  "port-in-use": "CannotStartContainerError: Bind for 0.0.0.0:80 failed: port is already allocated",
  "exec-format": "CannotStartContainerError: exec /app: exec format error",
  "command-missing": 'CannotStartContainerError: exec: "web": executable file not found in $PATH',
  "secrets-unreadable": "ResourceInitializationError: unable to pull secrets or registry auth",
  "start-failed": "ResourceInitializationError: unknown",
  "out-of-memory": "OutOfMemoryError: Container killed due to memory usage",
  "health-check-fails": "Task failed ELB health checks in (target-group x)",
  "container-health-check-failed": "Task failed container health checks",
  killed: "Essential container in task exited, code 137",
  "command-not-found": "Essential container in task exited with exit code: 127",
  "exit-255": "Essential container in task exited with exit code: 255",
  "container-exits": "Essential container in task exited",
  "no-network-interface": "RESOURCE:ENI",
  "host-port-used": "container instance i-1 is already using a port required by your task",
  "no-attribute": "The closest matching container-instance i-1 is missing an attribute required by your task",
  "no-room": "RESOURCE:MEMORY",
  "no-instance-matches": "No Container Instances were found in your cluster",
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
