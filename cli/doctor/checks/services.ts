import type { Check, Finding } from "../check";
import type { ServiceFacts, TaskFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly services: readonly ServiceFacts[];
  readonly stopped: readonly TaskFacts[];
}

/** ECS's words for why something failed, and what to do about it here. The first that matches counts. */
const CAUSES: readonly (readonly [words: RegExp, fix: string])[] = [
  [
    /CannotPull|ImageNotFound|pull access denied|manifest unknown/i,
    "The image can't be pulled: see that the repository and the tag exist and are of the instances' architecture, and that the execution role may read the repository. A timeout is no way to the registry.",
  ],
  [
    /ResourceInitializationError|unable to (pull|retrieve) secret|secretsmanager|AccessDenied/i,
    "A secret, a parameter or a log group can't be had: the execution role must be allowed to read just that; the message names it.",
  ],
  [
    /OutOfMemory|OOM|exit code: 137|code 137/i,
    "The container ran out of its memory: raise memoryLimitMiB, or find the leak.",
  ],
  [
    /failed (ELB|container|elastic load balanc\w*) health checks|health checks failed|unhealthy/i,
    "Its health check fails, so that ECS kills and restarts it: see the targets above; a longer healthCheckGracePeriodSeconds gives a slow start time.",
  ],
  [
    /unable to place a task|insufficient (memory|cpu)|RESOURCE:/i,
    "No instance has room: raise max_size, choose larger instance_types, or lower the task's cpu and memory.",
  ],
  [
    /no container instances|closest matching/i,
    "No instance fits: see the instances above, and the task's placement constraints.",
  ],
  [
    /already using a port|RESOURCE:PORTS/i,
    "A fixed host port is taken: use host port 0, which gives each container one of its own.",
  ],
  [/Essential container|exited/i, "The program ends by itself: read the container's log."],
  [
    /circuit breaker|rolled back|ROLLBACK/i,
    "The new version never got healthy and was rolled back: see the reasons of its stopped tasks.",
  ],
];

const WAIT =
  "Give them some minutes. Where they stay pending, the group above may have reached its max_size: raise it, and deploy.";

const SHOWN = 3;

/** Does each service run what it should, and if not, what did ECS say last? */
export const servicesCheck: Check<Facts> = {
  id: "services",
  question: "Does each service run, and what did ECS say last?",
  read: async (account) => ({
    region: account.region,
    clusterName: account.clusterName,
    services: await account.services(),
    stopped: await account.stoppedTasks(),
  }),
  decide: ({ region, clusterName, services, stopped }) => ({
    findings: services.flatMap((service) => {
      const events = `aws ecs describe-services --region ${region} --cluster ${clusterName} --services ${service.name} --query 'services[0].events[:10]'`;
      return mistakesOf(
        service,
        stopped.filter((task) => task.service === service.name && failed(task)),
        events,
      );
    }),
    notes: services.map(({ name, running, desired, events }) =>
      [`${name}: ${running} of ${desired} running`, ...(events[0] ? [`last: ${events[0]}`] : [])].join("; "),
    ),
  }),
};

/** A task that stopped for a cause; scaling in and a new version stop tasks too. */
const failed = ({ stopCode, stoppedReason }: TaskFacts): boolean =>
  stopCode === "TaskFailedToStart" || stopCode === "EssentialContainerExited" || /health checks/i.test(stoppedReason);

function mistakesOf(service: ServiceFacts, failures: readonly TaskFacts[], events: string): Finding[] {
  const { name, running, pending, desired, deployments } = service;
  // A deployment that came to its end counts the tasks that failed on the way for ever.
  const broken = deployments.filter(
    ({ rolloutState, failedTasks }) => rolloutState === "FAILED" || (rolloutState === "IN_PROGRESS" && failedTasks > 0),
  );
  const short = running < desired;
  if (!short && broken.length === 0 && failures.length === 0) return [];
  const waits = short && pending > 0;
  const told = [
    ...broken.map(
      ({ id, rolloutState, reason, failedTasks }) =>
        `deployment ${id} ${rolloutState}, ${failedTasks} failed tasks: ${reason}`,
    ),
    ...failures.slice(0, SHOWN).map(inWords),
    ...service.events.slice(0, SHOWN),
    // No reason to be content: with managed scaling a task that waits for an instance is pending too.
    ...(waits ? [`${pending} pending: they start, or wait for an instance`] : []),
  ];
  const causes = [...failures.map(inWords), ...told];
  const found = CAUSES.find(([words]) => causes.some((text) => words.test(text)));
  return [
    {
      problem: short
        ? `The service ${name} runs ${running} of ${desired} tasks.`
        : failures.length > 0
          ? `The service ${name} runs, and ${failures.length} of its tasks failed within the last hour.`
          : `A deployment of the service ${name} failed.`,
      evidence: told,
      fix: found?.[1] ?? (waits ? WAIT : "Read its events."),
      commands: [events],
    },
  ];
}

function inWords({ id, stoppedReason, containers }: TaskFacts): string {
  const why = containers
    .filter(({ reason, exitCode }) => reason !== "" || (exitCode !== undefined && exitCode !== 0))
    .map(({ name, reason, exitCode }) =>
      [name, ...(exitCode === undefined ? [] : [`exit code: ${exitCode}`]), ...(reason ? [reason] : [])].join(" "),
    );
  return [`task ${id}: ${stoppedReason || "no reason given"}`, ...why].join("; ");
}
