import { ofType, type Stack } from "../stack";
import { displayName, scheduleName } from "../terraform-json/display-name";
import { argument, clusterArgument } from "./argument";
import { block, code, section, table } from "./markdown";

const COMMAND = "_run_task_command";

/** The tasks outside services: when they start, and how to start one now. */
export function jobs(stack: Stack): string {
  const { configuration, references, portable, options } = stack;
  const schedules = ofType(stack, "aws_scheduler_schedule");
  const commands = portable.outputs.map(([name]) => name).filter((name) => name.endsWith(COMMAND));
  const rows = schedules.map((schedule) => {
    const { body } = schedule;
    const used = references.of(schedule);
    const variable = references.variablesIn(body).find((name) => name.endsWith("_schedule_enabled"));
    const when = displayName(body.schedule_expression, configuration.variables) ?? "an expression in the code";
    const queue = used.find(({ type }) => type === "aws_sqs_queue");
    return [
      code(scheduleName(schedule)),
      `${code(when)}, ${displayName(body.schedule_expression_timezone, configuration.variables) ?? "UTC"}`,
      variable === undefined ? "" : code(variable),
      queue === undefined ? "none: a run that cannot start is lost" : code(queue.address),
    ];
  });
  const [first = ""] = commands;
  const hasQueue = schedules.some((schedule) => references.of(schedule).some(({ type }) => type === "aws_sqs_queue"));
  return section(
    "Tasks outside services",
    rows.length > 0 && "EventBridge Scheduler starts these tasks while their variable is true:",
    table(["Schedule", "When", "Variable", "Runs that could not start"], rows),
    commands.length > 0 && "Each of these outputs has the command that starts a task now, with the newest image:",
    commands.length > 0 && commands.map((name) => `- ${code(name)}`).join("\n"),
    commands.length > 0 && !options.module && block("sh", `eval ${argument(stack, first, "COMMAND")}`),
    (rows.length > 0 || commands.length > 0) &&
      "To see why a task failed, list the stopped tasks of its family, which ECS keeps for an hour, and read its log. `NAME` is the name of the task, and `CLUSTER` that of the cluster:",
    (rows.length > 0 || commands.length > 0) &&
      block(
        "sh",
        `aws ecs describe-tasks --cluster ${clusterArgument(stack)} --query 'tasks[].[stopCode,stoppedReason,containers[].[name,exitCode,reason]]' \\`,
        `  --tasks $(aws ecs list-tasks --cluster ${clusterArgument(stack)} --family CLUSTER-NAME --desired-status STOPPED --query 'taskArns[]' --output text)`,
        "aws logs tail /ecs/CLUSTER/NAME --since 1d",
      ),
    hasQueue &&
      "The messages in a dead-letter queue have the reason why a run could not start, in the attribute `ERROR_MESSAGE`. Start the task again, and purge the queue:",
    hasQueue &&
      block(
        "sh",
        'QUEUE="$(aws sqs get-queue-url --queue-name CLUSTER-NAME-dead-letters --query QueueUrl --output text)"',
        'aws sqs receive-message --queue-url "$QUEUE" --message-attribute-names All --visibility-timeout 0',
        'aws sqs purge-queue --queue-url "$QUEUE"',
      ),
  );
}
