import { logRetentionRule } from "../validation/aws-rules";
import { boolean, choice, number, plain, schemaOf } from "../validation/schema";

const LOG_MODES = ["non-blocking", "blocking"] as const;

/** How containers write to their log. https://docs.docker.com/engine/logging/configure/ */
export type LogMode = (typeof LOG_MODES)[number];

/** Where the output of a task's containers goes. */
export interface TaskLogging {
  /** Days that the log group keeps the output of containers. @default 14 */
  readonly logRetentionDays?: number;
  /**
   * Keep the log group in AWS when the service is removed. Apply it before you remove the service. To create the service
   * again, import the log group, because its name exists.
   * @default - false: the output is deleted with the service
   */
  readonly retainLogGroup?: boolean;
  /**
   * What happens to output that CloudWatch Logs does not receive in time. `non-blocking` keeps up to 25 MiB for each
   * container in the memory of the instance, and then loses output. `blocking` stops the program at its next output, and
   * loses none.
   * @default "non-blocking"
   */
  readonly logMode?: LogMode;
}

export const taskLoggingSchema = schemaOf<TaskLogging>()({
  logRetentionDays: number(logRetentionRule).default(14),
  retainLogGroup: boolean().optional(),
  logMode: plain(choice(...LOG_MODES)).default("non-blocking"),
});

/** A log group, and how containers write to it. */
export interface ContainerLog {
  readonly logGroupName: string;
  readonly region: string;
  readonly logMode: LogMode;
  readonly streamPrefix: string;
}

/**
 * Returns the options of the `awslogs` log driver. They name the mode, because the default is a setting of the account.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
 */
export const awslogsOptions = (log: ContainerLog) => ({
  "awslogs-group": log.logGroupName,
  "awslogs-region": log.region,
  "awslogs-stream-prefix": log.streamPrefix,
  mode: log.logMode,
  ...(log.logMode === "non-blocking" ? { "max-buffer-size": "25m" } : {}),
});

/** Returns the log configuration as the API of ECS names it. */
export const logConfigurationJson = (log: ContainerLog) => ({
  logConfiguration: { logDriver: "awslogs", options: awslogsOptions(log) },
});
