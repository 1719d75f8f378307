import { type Check, counted, type Finding } from "../check";
import type { ServiceFacts, TaskFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly services: readonly ServiceFacts[];
  readonly stopped: readonly TaskFacts[];
  /** The tasks that failed in the last day, newest first. @default - the cluster has no archive of events */
  readonly archived?: readonly TaskFacts[];
}

/** Messages of ECS when a task fails, each with its fix. The first match counts. */
const FIXES: readonly (readonly [words: RegExp, fix: string])[] = [
  [
    /missing an attribute/i,
    "No agent offers what the task needs: a log driver (agent.logDrivers of the cluster), network interfaces (awsvpcTrunking), or the architecture of runtimePlatform. Compare requiresAttributes of aws ecs describe-task-definition with attributes of aws ecs describe-container-instances.",
  ],
  [
    /env(ironment)? files?/i,
    "The task cannot read an environment file from S3. Check that the object of environmentFiles exists, and that the execution role can read it and its KMS key.",
  ],
  [
    /firelens/i,
    "The log router cannot start. Check that the object of logRouter.configFileValue exists, and that the execution role can read it.",
  ],
  [
    /\bEBS\b|-vols-/i,
    "ECS cannot create or attach the EBS volume of the task. Check the size, the iops and the snapshot of the volume, the quota of EBS in the region, and the infrastructure role with its KMS key.",
  ],
  [
    /acm-pca|certificate authority|-tls-/i,
    "ECS cannot issue the certificates of Service Connect. Check that the private certificate authority is active and has the tag AmazonECSManaged with the value true, and that the role of serviceConnect.tls can use it and its KMS key.",
  ],
  [
    /\bEFS\b|mount\.nfs/i,
    "The instance cannot mount the EFS file system. Check that its zone has a mount target, that the security group of the mount target admits port 2049 from the instances, and that the task role has the rights of the access point.",
  ],
  [
    /pull access denied|no basic auth credentials/i,
    "The registry rejects the credentials. Check that the secret of repositoryCredentials has the keys username and password, or that the execution role can read the repository of ECR.",
  ],
  [
    /CannotPull|ImageNotFound|pull access denied|manifest unknown/i,
    "The image cannot be pulled. Check that the repository and the tag exist, that the image has the instances' architecture, and that the execution role can read the repository. After a timeout, check that the instance can reach the registry.",
  ],
  [
    /ResourceInitializationError|unable to (pull|retrieve) secret|secretsmanager|AccessDenied/i,
    "The task cannot read a secret or a parameter, or cannot use a log group. The message names it. Allow it in the execution role.",
  ],
  [
    /OutOfMemory|OOM|exit code: 137|code 137/i,
    "The container exceeded its memory limit. Raise memoryLimitMiB, or fix a memory leak.",
  ],
  [
    /failed (ELB|container|elastic load balanc\w*) health checks|health checks failed|unhealthy/i,
    "The health check fails, so ECS stops the tasks and starts new ones. Check the targets above. If the program starts slowly, raise healthCheckGracePeriodSeconds.",
  ],
  [
    /already using a port|RESOURCE:PORTS/i,
    "Another task uses the fixed host port of each instance. Raise max_size, so that each task has an instance. Or remove hostPort, for a dynamic port.",
  ],
  [
    /RESOURCE:ENI/i,
    "No instance has a network interface for the task, which each task in awsvpc mode needs. Raise max_size, choose larger instance_types, or set awsvpcTrunking and replace the instances.",
  ],
  [
    /unable to place a task|insufficient (memory|cpu)|RESOURCE:/i,
    "No instance has enough CPU or memory. Raise max_size, choose larger instance_types, or lower the task's cpu and memory.",
  ],
  [
    /no container instances|closest matching/i,
    "No instance matches the task. Check the instances above, and the placement constraints of the task.",
  ],
  [/Essential container|exited/i, "The program in the container exits. Read the container's log."],
  [
    /circuit breaker|rolled back|rolling back|ROLLBACK/i,
    "The new tasks did not become healthy, so ECS rolled back. Read why the tasks stopped.",
  ],
];

/** Returns the fix of the first known message among texts, or undefined. */
export const fixOf = (texts: readonly string[]): string | undefined =>
  FIXES.find(([words]) => texts.some((text) => words.test(text)))?.[1];

/** Follows the fix of a rollback. */
const AFTER_ROLLBACK =
  "Until you name the previous image or deploy a fix, the next apply deploys the failed version again.";

const WAIT =
  "Wait a few minutes. If the tasks stay pending, check whether the Auto Scaling group above has max_size instances. If so, raise max_size and deploy.";

/** The number of failed tasks, and of events, in a finding. */
const SHOWN = 3;

/** Checks that each service runs its desired number of tasks, that its deployment works, and that no tasks fail. */
export const servicesCheck: Check<Facts> = {
  id: "services",
  question: "Does each service run its tasks, and what is its last event?",
  read: async (account) => ({
    region: account.region,
    clusterName: account.clusterName,
    services: await account.services(),
    stopped: await account.stoppedTasks(),
    archived: await account.archivedTasks(),
  }),
  decide: ({ region, clusterName, services, stopped, archived = [] }) => ({
    findings: services.flatMap((service) => {
      const where = `--region ${region} --cluster ${clusterName}`;
      const events = `aws ecs describe-services ${where} --services ${service.name} --query 'services[0].events[:10]'`;
      const failures = stopped.filter((task) => task.service === service.name && failed(task));
      const older = archived.filter(
        (task) => task.service === service.name && !stopped.some(({ id }) => id === task.id),
      );
      return [...findingsOf(service, failures, older, events), ...stuckDeployments(service, where)];
    }),
    notes: services.map(({ name, running, desired, events }) =>
      [
        `${name}: ${running} of ${counted(desired, "task")} running`,
        ...(events[0] ? [`last event: ${events[0]}`] : []),
        ...failedLastDay(archived.filter(({ service }) => service === name)),
      ].join("; "),
    ),
  }),
};

/** How long the tasks of both revisions can take to start and to stop. */
const START_MINUTES = 20;

/** Finds deployments that move no more requests, such as one whose lifecycle hook never ends. */
function stuckDeployments({ name, strategy, deployments }: ServiceFacts, where: string): Finding[] {
  if (!strategy) return [];
  const list = `aws ecs list-service-deployments ${where} --service ${name} --status IN_PROGRESS`;
  return deployments
    .filter(
      ({ rolloutState, failedTasks, minutesOld = 0 }) =>
        rolloutState === "IN_PROGRESS" && failedTasks === 0 && minutesOld > strategy.minutes + START_MINUTES,
    )
    .map(({ id, minutesOld, reason }) => ({
      problem: `A ${strategy.name} deployment of the service ${name} runs for ${minutesOld} minutes. Its bake time and pauses take ${strategy.minutes}.`,
      evidence: [`deployment ${id}: IN_PROGRESS, ${reason}`],
      fix: "Read its stage. A lifecycle hook that returns IN_PROGRESS stops it, and so does a listener rule that does not forward to both target groups. To return to the old revision, roll back.",
      commands: [
        `${list} --query 'serviceDeployments[0].serviceDeploymentArn'`,
        "aws ecs describe-service-deployments --service-deployment-arns ARN --query 'serviceDeployments[0].[statusReason,lifecycleStage]'",
        "aws ecs stop-service-deployment --stop-type ROLLBACK --service-deployment-arn ARN",
      ],
    }));
}

/** Whether a task failed. Scaling in and deployments stop tasks too. */
const failed = ({ stopCode, stoppedReason }: TaskFacts): boolean =>
  stopCode === "TaskFailedToStart" || stopCode === "EssentialContainerExited" || /health checks/i.test(stoppedReason);

/**
 * Returns the events of the last rollback, newest first, if no other deployment has completed since. After a rollback, the failed
 * deployment is no longer among the deployments. ECS keeps the last 100 events.
 */
function rollbackOf(events: readonly string[]): string[] {
  const at = events.findIndex((event) => ROLLBACK.test(event));
  const [, target] = ROLLBACK.exec(events[at] ?? "") ?? [];
  const completed = events.slice(0, at).flatMap((event) => COMPLETED.exec(event)?.[1] ?? []);
  if (at === -1 || completed.some((id) => id !== target)) return [];
  return events.slice(at, at + SHOWN).filter((event) => ROLLBACK.test(event) || /deployment failed/.test(event));
}

const ROLLBACK = /rolling back to deployment (\S+?)[.]?$/;
const COMPLETED = /\(deployment (\S+)\) deployment completed/;

/** Says how many tasks of a service failed in the last day, and why the last one did. */
const failedLastDay = ([last, ...others]: readonly TaskFacts[]): string[] =>
  last ? [`${counted(others.length + 1, "task")} failed in the last day, the last one: ${taskText(last)}`] : [];

/** @param older the tasks that failed before the last hour, which explain other problems */
function findingsOf(
  service: ServiceFacts,
  failures: readonly TaskFacts[],
  older: readonly TaskFacts[],
  events: string,
): Finding[] {
  const { name, running, pending, desired, deployments } = service;
  const rollback = rollbackOf(service.events);
  // A completed deployment keeps its count of failed tasks.
  const broken = deployments.filter(
    ({ rolloutState, failedTasks }) => rolloutState === "FAILED" || (rolloutState === "IN_PROGRESS" && failedTasks > 0),
  );
  const short = running < desired;
  if (!short && broken.length === 0 && failures.length === 0 && rollback.length === 0) return [];
  const waits = short && pending > 0;
  const evidence = [
    ...broken.map(
      ({ id, rolloutState, reason, failedTasks }) =>
        `deployment ${id}: ${rolloutState}, ${counted(failedTasks, "failed task")}, ${reason}`,
    ),
    ...(failures.length > 0 ? failures : older).slice(0, SHOWN).map(taskText),
    ...new Set([...rollback, ...service.events.slice(0, SHOWN)]),
    // With managed scaling, tasks that wait for an instance are pending too.
    ...(waits ? [`${counted(pending, "task")} pending: starting, or waiting for an instance`] : []),
  ];
  const causes = [...failures.map(taskText), ...evidence];
  return [
    {
      problem: short
        ? `The service ${name} runs ${running} of ${counted(desired, "task")}.`
        : rollback.length > 0
          ? `ECS rolled back the last deployment of the service ${name}, which runs the previous version.`
          : failures.length > 0
            ? `The service ${name} runs, but ${counted(failures.length, "task")} failed in the last hour.`
            : `A deployment of the service ${name} failed.`,
      evidence,
      fix: [
        fixOf(causes) ?? (waits ? WAIT : "Read the events of the service."),
        ...(rollback.length > 0 ? [AFTER_ROLLBACK] : []),
      ].join(" "),
      commands: [events],
    },
  ];
}

function taskText({ id, stoppedReason, containers }: TaskFacts): string {
  const details = containers
    .filter(({ reason, exitCode }) => reason !== "" || (exitCode !== undefined && exitCode !== 0))
    .map(({ name, reason, exitCode }) =>
      [name, ...(exitCode === undefined ? [] : [`exit code: ${exitCode}`]), ...(reason ? [reason] : [])].join(" "),
    );
  return [`task ${id}: ${stoppedReason || "no reason given"}`, ...details].join("; ");
}
