import { actionsOf } from "../actions";
import { COUNTED_DAYS } from "../aws/read-schedules";
import { type Cause, type Check, command, counted, distinct, type Finding, found } from "../check";
import type { ScheduleFacts, TaskFacts } from "../facts";
import { TASK_CAUSES, taskFailure } from "./task-causes";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly schedules: readonly ScheduleFacts[];
  readonly stopped: readonly TaskFacts[];
}

/** The number of failed tasks in a finding. */
const SHOWN = 3;

const NEVER_RAN: Cause = {
  id: "schedule-never-ran",
  title: `A schedule that should have started its task started none in ${COUNTED_DAYS} days.`,
  fix: "Check that the role exists, and that its trust policy admits scheduler.amazonaws.com with the ARN of the schedule group. Deploy the stack again, which restores both. Then start the task by hand with its output.",
};
const DEAD_LETTERS: Cause = {
  id: "schedule-failed",
  title: "A run of a schedule could not start.",
  fix: "Read the messages: the attribute ERROR_MESSAGE has the reason. AccessDeniedException: the role lacks a permission, which a new deployment of the stack restores. InvalidParameterException: the task definition or the capacity provider does not exist. Then start the task by hand with its output, and purge the queue.",
};
const JOB_FAILED: Cause = {
  id: "job-fails",
  title: "All tasks of a family outside services that stopped in the last hour failed, for another reason.",
  fix: "Read the log of the container.",
};

/** Checks that schedules start their tasks, and that tasks outside services succeed. */
export const schedulesCheck: Check<Facts> = {
  id: "schedules",
  question: "Do schedules start their tasks, and do tasks outside services succeed?",
  actions: actionsOf("schedules", "stoppedTasks"),
  causes: [NEVER_RAN, DEAD_LETTERS, ...TASK_CAUSES, JOB_FAILED],
  read: async (account) => ({
    region: account.region,
    clusterName: account.clusterName,
    schedules: await account.schedules(),
    stopped: await account.stoppedTasks(),
  }),
  decide: ({ region, clusterName, schedules, stopped }) => {
    const own = stopped.filter(({ service, family }) => service === undefined && family);
    return {
      findings: [
        ...schedules.flatMap((schedule) => [...neverRan(schedule, region), ...deadLetters(schedule, region)]),
        ...distinct(own.flatMap(({ family }) => family ?? [])).flatMap((family) =>
          failures(
            family,
            own.filter((task) => task.family === family),
            { region, clusterName },
          ),
        ),
      ],
      notes: schedules.map(({ name, expression, timeZone, enabled, isOver, attempts }) =>
        [
          `${name}: ${expression} ${timeZone}`,
          ...(enabled ? [] : ["disabled"]),
          ...(isOver ? ["its end date is over"] : []),
          ...(attempts === undefined ? [] : [`${counted(attempts, "run")} in ${COUNTED_DAYS} days`]),
        ].join(", "),
      ),
    };
  },
};

/** Returns the days within which a recurring schedule starts at least once. */
export function longestPause(expression: string): number | undefined {
  const [, count = "", unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (unit === "day") return Number(count);
  if (unit !== "") return Math.ceil(Number(count) / (unit === "hour" ? 24 : 24 * 60));
  const [, fields = ""] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const [, , dayOfMonth, month, dayOfWeek, year] = fields.split(" ");
  // A schedule at one time, or in some years, may be due in any year.
  if (year !== "*") return undefined;
  if (month !== "*") return 366;
  if (dayOfMonth !== "*" && dayOfMonth !== "?") return 62;
  return dayOfWeek !== "*" && dayOfWeek !== "?" ? 7 : 1;
}

/** Returns the name of a role by its ARN, which can have a path. */
const nameOf = (roleArn: string): string => roleArn.split("/").at(-1) ?? roleArn;

/** A schedule that should have started its task, and that CloudWatch has counted no run of. */
function neverRan(schedule: ScheduleFacts, region: string): Finding[] {
  const { name, group, expression, timeZone, enabled, isOver, daysOld, attempts, roleArn } = schedule;
  const pause = longestPause(expression);
  if (!enabled || isOver || attempts !== 0 || pause === undefined) return [];
  // CloudWatch can be a few hours late.
  if (daysOld <= pause || pause >= COUNTED_DAYS) return [];
  const days = Math.min(daysOld, COUNTED_DAYS);
  return [
    found(NEVER_RAN, {
      problem: `The schedule ${name} has started no task for ${counted(days, "day")}.`,
      evidence: [`${expression} ${timeZone}`, `InvocationAttemptCount of the schedule group ${group} is 0`],
      commands: [
        command`aws scheduler get-schedule --region ${region} --group-name ${group} --name ${name}`,
        command`aws iam get-role --role-name ${nameOf(roleArn)} --query Role.AssumeRolePolicyDocument`,
      ],
    }),
  ];
}

function deadLetters({ name, queue, roleArn }: ScheduleFacts, region: string): Finding[] {
  if (queue === undefined || queue.messages === 0) return [];
  return [
    found(DEAD_LETTERS, {
      problem: `${counted(queue.messages, "run")} of the schedule ${name} could not start.`,
      evidence: [`${counted(queue.messages, "message")} in the dead-letter queue ${queue.name}`],
      commands: [
        command`aws sqs receive-message --region ${region} --queue-url ${queue.url} --message-attribute-names All --visibility-timeout 0`,
        command`aws iam get-role-policy --role-name ${nameOf(roleArn)} --policy-name run-task`,
        command`aws sqs purge-queue --region ${region} --queue-url ${queue.url}`,
      ],
    }),
  ];
}

/** Whether a task did not start, or its own container ended with an error. ECS stops the other containers then. */
function failed({ stopCode, family, containers }: TaskFacts, clusterName: string): boolean {
  const own = containers.find(({ name }) => `${clusterName}-${name}` === family) ?? containers[0];
  return stopCode === "TaskFailedToStart" || (own?.exitCode ?? 0) !== 0;
}

/** A task outside a service that fails each time. */
function failures(
  family: string,
  tasks: readonly TaskFacts[],
  { region, clusterName }: { readonly region: string; readonly clusterName: string },
): Finding[] {
  if (!tasks.every((task) => failed(task, clusterName))) return [];
  const texts = tasks.map(({ id, stopCode, stoppedReason, containers }) =>
    [
      `${id}: ${stopCode}, ${stoppedReason}`,
      ...containers.map(({ name, exitCode, reason }) =>
        [name, exitCode, reason].filter((one) => one !== "" && one !== undefined).join(" "),
      ),
    ].join("; "),
  );
  const name = family.startsWith(`${clusterName}-`) ? family.slice(clusterName.length + 1) : family;
  const words = { CLUSTER: clusterName, SERVICE: name, INSTANCE: tasks[0]?.instanceId };
  const failure = taskFailure(texts, words, region);
  const log = command`aws logs tail /ecs/${clusterName}/${name} --region ${region} --since 2h`;
  const others = (failure?.commands ?? []).filter((one) => !one.startsWith("aws logs tail "));
  return [
    found(failure?.cause ?? JOB_FAILED, {
      ...(failure && { fix: failure.fix }),
      problem:
        tasks.length === 1
          ? `The only task of ${family} that stopped in the last hour failed.`
          : `All ${tasks.length} tasks of ${family} that stopped in the last hour failed.`,
      evidence: texts.slice(0, SHOWN),
      commands: [...others, log],
    }),
  ];
}
