import type { Cause } from "../check";

/** What tasks fail for, by the messages of ECS. The first match counts. */
const MESSAGES: readonly (readonly [words: RegExp, cause: Cause])[] = [
  [
    /missing an attribute/i,
    {
      id: "no-attribute",
      title: "No agent offers an attribute that the task needs.",
      fix: "No agent offers what the task needs: a log driver (agent.logDrivers of the cluster), network interfaces (awsvpcTrunking), or the architecture of runtimePlatform. Compare requiresAttributes of aws ecs describe-task-definition with attributes of aws ecs describe-container-instances.",
    },
  ],
  [
    /env(ironment)? files?/i,
    {
      id: "environment-file",
      title: "A task cannot read an environment file from S3.",
      fix: "The task cannot read an environment file from S3. Check that the object of environmentFiles exists, and that the execution role can read it and its KMS key.",
    },
  ],
  [
    /firelens/i,
    {
      id: "log-router",
      title: "The log router of a task cannot start.",
      fix: "The log router cannot start. Check that the object of logRouter.configFileValue exists, and that the execution role can read it.",
    },
  ],
  [
    /\bEBS\b|-vols-/i,
    {
      id: "ebs-volume",
      title: "ECS cannot create or attach the EBS volume of a task.",
      fix: "ECS cannot create or attach the EBS volume of the task. Check the size, the iops and the snapshot of the volume, the quota of EBS in the region, and the infrastructure role with its KMS key.",
    },
  ],
  [
    /acm-pca|certificate authority|-tls-/i,
    {
      id: "tls-certificate",
      title: "ECS cannot issue the certificates of Service Connect.",
      fix: "ECS cannot issue the certificates of Service Connect. Check that the private certificate authority is active and has the tag AmazonECSManaged with the value true, and that the role of serviceConnect.tls can use it and its KMS key.",
    },
  ],
  [
    /\bEFS\b|mount\.nfs/i,
    {
      id: "efs-mount",
      title: "An instance cannot mount the EFS file system of a task.",
      fix: "The instance cannot mount the EFS file system. Check that its zone has a mount target, that the security group of the mount target admits port 2049 from the instances, and that the task role has the rights of the access point.",
    },
  ],
  [
    /pull access denied|no basic auth credentials/i,
    {
      id: "registry-credentials",
      title: "The registry rejects the credentials.",
      fix: "The registry rejects the credentials. Check that the secret of repositoryCredentials has the keys username and password, or that the execution role can read the repository of ECR.",
    },
  ],
  [
    /CannotPull|ImageNotFound|pull access denied|manifest unknown/i,
    {
      id: "image-pull",
      title: "The image cannot be pulled.",
      fix: "The image cannot be pulled. Check that the repository and the tag exist, that the image has the instances' architecture, and that the execution role can read the repository. After a timeout, check that the instance can reach the registry.",
    },
  ],
  [
    /ResourceInitializationError|unable to (pull|retrieve) secret|secretsmanager|AccessDenied/i,
    {
      id: "secret-or-log-group",
      title: "A task cannot read a secret or a parameter, or cannot use a log group.",
      fix: "The task cannot read a secret or a parameter, or cannot use a log group. The message names it. Allow it in the execution role.",
    },
  ],
  [
    /OutOfMemory|OOM|exit code: 137|code 137/i,
    {
      id: "out-of-memory",
      title: "A container exceeded its memory limit.",
      fix: "The container exceeded its memory limit. Raise memoryLimitMiB, or fix a memory leak.",
    },
  ],
  [
    /failed (ELB|container|elastic load balanc\w*) health checks|health checks failed|unhealthy/i,
    {
      id: "health-check-fails",
      title: "ECS stops the tasks of a service, because their health check fails.",
      fix: "The health check fails, so ECS stops the tasks and starts new ones. Check the targets above. If the program starts slowly, raise healthCheckGracePeriodSeconds.",
    },
  ],
  [
    /already using a port|RESOURCE:PORTS/i,
    {
      id: "host-port-used",
      title: "Another task uses the fixed host port of each instance.",
      fix: "Another task uses the fixed host port of each instance. Raise max_size, so that each task has an instance. Or remove hostPort, for a dynamic port.",
    },
  ],
  [
    /RESOURCE:ENI/i,
    {
      id: "no-network-interface",
      title: "No instance has a network interface for the task.",
      fix: "No instance has a network interface for the task, which each task in awsvpc mode needs. Raise max_size, choose larger instance_types, or set awsvpcTrunking and replace the instances.",
    },
  ],
  [
    /unable to place a task|insufficient (memory|cpu)|RESOURCE:/i,
    {
      id: "no-room",
      title: "No instance has enough CPU or memory for a task.",
      fix: "No instance has enough CPU or memory. Raise max_size, choose larger instance_types, or lower the task's cpu and memory.",
    },
  ],
  [
    /no container instances|closest matching/i,
    {
      id: "no-instance-matches",
      title: "No instance matches a task.",
      fix: "No instance matches the task. Check the instances above, and the placement constraints of the task.",
    },
  ],
  [
    /Essential container|exited/i,
    {
      id: "container-exits",
      title: "The program in a container exits.",
      fix: "The program in the container exits. Read the container's log.",
    },
  ],
  [
    /circuit breaker|rolled back|rolling back|ROLLBACK/i,
    {
      id: "rolled-back",
      title: "ECS rolled a deployment back, because the new tasks did not become healthy.",
      fix: "The new tasks did not become healthy, so ECS rolled back. Read why the tasks stopped.",
    },
  ],
];

/** The causes of failed tasks. */
export const TASK_CAUSES: readonly Cause[] = MESSAGES.map(([, cause]) => cause);

/** Returns the cause of a failed task by its texts, most specific cause first. */
export const taskCause = (texts: readonly string[]): Cause | undefined =>
  MESSAGES.find(([words]) => texts.some((text) => words.test(text)))?.[1];
