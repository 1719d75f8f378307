import { actionsOf } from "../actions";
import { type Cause, type Check, command, counted, type Finding, found } from "../check";
import type { ServiceFacts, TaskFacts } from "../facts";
import { TASK_CAUSES, taskFailure } from "./task-causes";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly services: readonly ServiceFacts[];
  readonly stopped: readonly TaskFacts[];
  /** The tasks that failed in the last day, newest first. @default - the cluster has no archive of events */
  readonly archived?: readonly TaskFacts[];
}

/** Follows the fix of a rollback. */
const AFTER_ROLLBACK =
  "The apply can succeed although ECS rolls back, because the service is steady again. Until you name the previous image or deploy a fix, the next apply deploys the failed version again.";

const STUCK: Cause = {
  id: "deployment-stuck",
  title: "A blue/green, linear or canary deployment runs 20 minutes longer than its settings take.",
  fix: "Read its stage. A lifecycle hook that returns IN_PROGRESS stops it, and so does a listener rule that does not forward to both target groups. To return to the old revision, roll back.",
};
const BY_ALARM: Cause = {
  id: "rolled-back-by-alarm",
  title: "An alarm of the deployment went off, so ECS rolled back.",
  fix: "Read which alarm of the service went off at the time of the deployment. If the alarm is wrong, raise its threshold. If it is right, fix the program.",
};
const WAIT: Cause = {
  id: "tasks-wait",
  title: "Tasks of a service are pending: they start, or wait for an instance.",
  fix: "Wait a few minutes. If the tasks stay pending, check whether the Auto Scaling group has max_size instances. If so, raise max_size and deploy.",
};
const FAILED: Cause = {
  id: "tasks-fail",
  title: "A service has fewer tasks than desired, or tasks or a deployment fail, for another reason.",
  fix: "Read the events of the service.",
};

/** How long a deployment can have too few tasks without a problem. */
const DEPLOYING_MINUTES = 5;

/** The number of failed tasks, and of events, in a finding. */
const SHOWN = 3;

/** Checks that each service runs its desired number of tasks, that its deployment works, and that no tasks fail. */
export const servicesCheck: Check<Facts> = {
  id: "services",
  question: "Does each service run its tasks, and what is its last event?",
  actions: actionsOf("archivedTasks", "services", "stoppedTasks"),
  causes: [...TASK_CAUSES, BY_ALARM, WAIT, FAILED, STUCK],
  read: async (account, optional) => ({
    region: account.region,
    clusterName: account.clusterName,
    services: await account.services(),
    stopped: await account.stoppedTasks(),
    archived: await optional(account.archivedTasks()),
  }),
  decide: ({ region, clusterName, services, stopped, archived = [] }) => ({
    findings: services.flatMap((service) => {
      const where = { region, clusterName };
      const failures = stopped.filter((task) => task.service === service.name && failed(task));
      const older = archived.filter(
        (task) => task.service === service.name && !stopped.some(({ id }) => id === task.id),
      );
      return [...findingsOf(service, failures, older, where), ...stuckDeployments(service, where)];
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
function stuckDeployments(
  { name, strategy, deployments }: ServiceFacts,
  { region, clusterName }: Pick<Facts, "region" | "clusterName">,
): Finding[] {
  if (!strategy) return [];
  return deployments
    .filter(
      ({ rolloutState, failedTasks, minutesOld = 0 }) =>
        rolloutState === "IN_PROGRESS" && failedTasks === 0 && minutesOld > strategy.minutes + START_MINUTES,
    )
    .map(({ id, minutesOld, reason }) =>
      found(STUCK, {
        problem: `A ${strategy.name} deployment of the service ${name} runs for ${minutesOld} minutes. Its bake time and pauses take ${strategy.minutes}.`,
        evidence: [`deployment ${id}: IN_PROGRESS, ${reason}`],
        commands: [
          command`aws ecs list-service-deployments --region ${region} --cluster ${clusterName} --service ${name} --status IN_PROGRESS --query 'serviceDeployments[0].serviceDeploymentArn'`,
          command`aws ecs describe-service-deployments --region ${region} --service-deployment-arns ARN --query 'serviceDeployments[0].[statusReason,lifecycleStage]'`,
          command`aws ecs stop-service-deployment --region ${region} --stop-type ROLLBACK --service-deployment-arn ARN`,
        ],
        about: { services: [name] },
      }),
    );
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
  where: Pick<Facts, "region" | "clusterName">,
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
  const isRollback = rollback.length > 0 || broken.some(({ reason }) => /roll(ed|ing) back/i.test(reason));
  const [task] = failures;
  const events = command`aws ecs describe-services --region ${where.region} --cluster ${where.clusterName} --services ${name} --query 'services[0].events[:10]'`;
  const places = { INSTANCE: task?.instanceId, TASK_DEFINITION: service.taskDefinition, CLUSTER: where.clusterName };
  const known = taskFailure([...failures.map(taskText), ...evidence], { ...places, SERVICE: name }, where.region);
  // A failed task is the reason, unless only the words of the rollback are known.
  const isByAlarm =
    (known === undefined || known.cause.id === "rolled-back") &&
    [...rollback, ...broken.map(({ reason }) => reason)].some((text) => /\balarms?\b/i.test(text));
  const failure = isByAlarm ? { cause: BY_ALARM, fix: BY_ALARM.fix, commands: [alarmHistory(where)] } : known;
  // A deployment that has just begun starts its tasks. With minimumHealthyPercent, it can stop some of the old ones first.
  const isStarting = deployments.some(
    ({ rolloutState, minutesOld = DEPLOYING_MINUTES }) =>
      rolloutState === "IN_PROGRESS" && minutesOld < DEPLOYING_MINUTES,
  );
  if (isStarting && failure === undefined && broken.length === 0 && failures.length === 0) return [];
  const cause = failure?.cause ?? (waits ? WAIT : FAILED);
  return [
    found(cause, {
      problem: short
        ? `The service ${name} runs ${running} of ${counted(desired, "task")}.`
        : rollback.length > 0
          ? `ECS rolled back the last deployment of the service ${name}, which runs the previous version.`
          : failures.length > 0
            ? `The service ${name} runs, but ${counted(failures.length, "task")} failed in the last hour.`
            : `A deployment of the service ${name} failed.`,
      evidence,
      fix: [failure?.fix ?? cause.fix, ...(isRollback ? [AFTER_ROLLBACK] : [])].join(" "),
      commands: [...(failure?.commands ?? []), events],
      about: { services: [name] },
    }),
  ];
}

const alarmHistory = ({ region }: Pick<Facts, "region">) =>
  command`aws cloudwatch describe-alarm-history --region ${region} --history-item-type StateUpdate --max-items 20`;

function taskText({ id, stoppedReason, containers }: TaskFacts): string {
  const details = containers
    .filter(({ reason, exitCode }) => reason !== "" || (exitCode !== undefined && exitCode !== 0))
    .map(({ name, reason, exitCode }) =>
      [name, ...(exitCode === undefined ? [] : [`exit code: ${exitCode}`]), ...(reason ? [reason] : [])].join(" "),
    );
  return [`task ${id}: ${stoppedReason || "no reason given"}`, ...details].join("; ");
}
