import type { Symptom } from "./symptom";

/** Why a service does not have its tasks, or why a deployment does not end. */
export const STUCK_SERVICES: readonly Symptom[] = [
  {
    id: "no-network-interface",
    words: /RESOURCE:ENI/i,
    seen: "`RESOURCE:ENI`, and tasks stay `PENDING`",
    cause: "No instance has a network interface left. Each task in `awsvpc` mode needs one.",
    fix: "Raise `max_size`, choose larger `instance_types`, or set [`awsvpcTrunking`](containers.md#awsvpc) and replace the instances.",
  },
  {
    id: "host-port-used",
    words: /already using a port|RESOURCE:PORTS/i,
    seen: "`RESOURCE:PORTS` or `already using a port`",
    cause: "Another task uses the fixed `hostPort` on each instance.",
    fix: "Raise `max_size`, so that each task has an instance. Or remove `hostPort`, for a dynamic port.",
  },
  {
    id: "no-attribute",
    words: /missing an attribute/i,
    seen: "`missing an attribute required by your task`",
    cause:
      "No agent offers what the task needs: a log driver, network interfaces for `awsvpc` mode, or the architecture of `runtimePlatform`.",
    fix: "Add the driver to [`agent.logDrivers`](containers.md#log-drivers), set [`awsvpcTrunking`](containers.md#awsvpc), or use instances of that architecture. To find the attribute, compare the answers of both commands.",
    commands: [
      "aws ecs describe-task-definition --task-definition TASK_DEFINITION --query 'taskDefinition.requiresAttributes[].name'",
      "aws ecs list-attributes --cluster CLUSTER --target-type container-instance --query 'attributes[].name'",
    ],
  },
  {
    id: "name-not-resolved",
    seen: "`getaddrinfo ENOTFOUND users` in the log of the program",
    cause: "The task started before the name of the other service existed.",
    fix: "Deploy the service again. [`startAfter`](services.md#start-services-in-order) avoids it.",
  },
  {
    id: "no-room",
    words: /unable to place a task|insufficient (memory|cpu)|RESOURCE:/i,
    seen: "`unable to place a task` with another reason",
    cause: "No instance has enough CPU or memory for the task.",
    fix: "Raise `max_size`, choose larger `instance_types`, or lower `cpu` and the memory of the task. See [no capacity](#there-is-no-capacity).",
  },
  {
    id: "no-instance-matches",
    words: /no container instances|closest matching/i,
    seen: "`no container instances`, `closest matching`",
    cause: "No instance matches the task.",
    fix: "Check that the instances [are in the cluster](#an-instance-is-not-in-the-cluster), and check the placement constraints of the task.",
  },
  {
    id: "rolled-back",
    words: /circuit breaker|rolled back|rolling back|ROLLBACK/i,
    vague: true,
    seen: "`FAILED` with `circuit breaker`",
    cause: "The new tasks did not become healthy, so ECS rolled back.",
    fix: "Find out why they stopped: [killed and restarted](#containers-are-killed-and-restarted).",
  },
  {
    id: "previous-version-runs",
    seen: "an event with `rolling back to deployment`, and the service runs",
    cause: "ECS rolled the last deployment back. The next apply tries the failed version again.",
    fix: "Find out why its tasks stopped, and [name another image](deployments.md#rollbacks-that-people-see).",
  },
  {
    id: "no-first-image",
    seen: "`desiredCount` is 0, with `imageParameter`",
    cause: "No pipeline has written the first image.",
    fix: "[Write the parameter](deployments.md#the-parameter-way), and apply.",
  },
  {
    id: "tasks-restart",
    seen: "`IN_PROGRESS`, tasks start and stop",
    cause: "The tasks fail, and the circuit breaker counts the failures.",
    fix: "Find out why they stop: [killed and restarted](#containers-are-killed-and-restarted).",
  },
  {
    id: "no-public-address",
    seen: "the program cannot reach the internet, in `awsvpc` mode",
    cause: "The task has no public address.",
    fix: "See [awsvpc](containers.md#awsvpc).",
  },
  {
    id: "old-tasks-drain",
    seen: "`IN_PROGRESS`, the old tasks keep running",
    cause: "Connections to the old tasks drain for `deregistrationDelaySeconds`.",
    fix: "Wait, or lower it.",
  },
  {
    id: "strategy-waits",
    seen: "`IN_PROGRESS` with [a strategy](deployments.md#strategies), longer than its bake time and pauses",
    cause: "A lifecycle hook returns `IN_PROGRESS`, or an authentication or another action stops the listener rule.",
    fix: "Read its stage, or [roll it back](deployments.md#start-watch-and-stop-a-deployment).",
  },
  {
    id: "requests-to-empty-group",
    seen: "503 for the service after a change of `deployment`",
    cause: "The requests go to the target group that has no tasks.",
    fix: "Compare the weights of the rule (`aws elbv2 describe-rules --rule-arns ARN`) with the targets. Start another deployment with [`triggers`](deployments.md#start-watch-and-stop-a-deployment).",
  },
  {
    id: "service-drains",
    seen: "service is `DRAINING` after a destroy",
    cause: "A role of the service was deleted first. This library deletes the service before its roles.",
    fix: "Create the role again, then delete the service.",
  },
];
