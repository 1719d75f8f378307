import type { Symptom } from "./symptom";

/** Why ECS stops a running task, or why it stops itself. */
export const STOPPED_TASKS: readonly Symptom[] = [
  {
    id: "out-of-memory",
    words: /OutOfMemory|\bOOM/i,
    seen: "`OutOfMemoryError`",
    cause: "The container uses more memory than its limit.",
    fix: "Raise `memoryLimitMiB`, or fix the memory leak.",
  },
  {
    id: "health-check-blocked",
    seen: "`failed ELB health checks`, and targets have `Target.Timeout`",
    cause: "The load balancer does not reach the host port.",
    fix: "Compare the port range in `sudo grep PORT_RANGE /etc/ecs/ecs.config` on an instance, in the output `dynamic_port_range`, and in the rules of both security groups. `npm run deploy` writes all of them from `portRange`.",
  },
  {
    id: "health-check-fails",
    words: /failed (ELB|elastic load balanc\w*) health checks|health checks failed|unhealthy/i,
    seen: "`failed ELB health checks` otherwise",
    cause: "The health check of the load balancer fails, so ECS stops the tasks and starts new ones.",
    fix: "If the program starts slowly, raise `healthCheckGracePeriodSeconds`. Otherwise, see [a target is unhealthy](#a-target-is-unhealthy).",
  },
  {
    id: "container-health-check-failed",
    words: /failed container health checks/i,
    seen: "`failed container health checks`",
    cause: "The command of `containerHealthCheck` fails. It runs inside the container, which must have its program.",
    fix: "Run it there with ECS Exec (`enableExecuteCommand`).",
    commands: ["aws ecs execute-command --cluster CLUSTER --task TASK --interactive --command sh"],
  },
  {
    id: "killed",
    words: /exit code: 137|code 137/i,
    seen: "exit code 137 without `OutOfMemoryError`",
    cause:
      "Something killed the container: the instance or the task had no memory left, or the program did not end within `stopTimeoutSeconds`.",
    fix: "Raise `memoryLimitMiB` or `memoryReservationMiB`, or end the program on SIGTERM.",
  },
  {
    id: "command-not-found",
    words: /exit code: 12[67]\b/i,
    seen: "exit code 126 or 127",
    cause: "The shell did not find the program of `command` or `entryPoint`, or may not execute it.",
    fix: "Correct them, or the image.",
  },
  {
    id: "exit-255",
    words: /exit code: 255\b/i,
    seen: "exit code 255",
    cause:
      "The program did not start, often because the image is for another architecture: then the log has `exec format error`.",
    fix: "Read its log. Build the image for the architecture of `instance_types`, or for both.",
    commands: ["aws logs tail /ecs/CLUSTER/SERVICE --since 15m"],
  },
  {
    id: "container-exits",
    words: /Essential container|exited/i,
    vague: true,
    seen: "`Essential container in task exited` with another exit code",
    cause: "The program ended.",
    fix: "Read its log.",
    commands: ["aws logs tail /ecs/CLUSTER/SERVICE --since 15m"],
  },
];
