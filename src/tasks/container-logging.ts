import { logRetentionRule } from "../validation/aws-rules";
import { boolean, number, schemaOf } from "../validation/schema";
import { sortedEntries, text, withoutUndefined } from "./ecs-json";
import { driverJson, type LogDriver, type LogMode, logDriverField, logModeField } from "./log-driver";
import type { NamedSecret } from "./secret-versions";

/** Where the output of a container goes. */
export interface ContainerLogging {
  /**
   * The log driver of the container, such as `LogDriver.fireLens(…)`. The agents must offer the driver: `agent.logDrivers` of
   * the cluster adds drivers.
   * @default - `LogDriver.awsLogs()`: the log group of the task
   */
  readonly logging?: LogDriver;
}

export const containerLoggingSchema = schemaOf<ContainerLogging>()({ logging: logDriverField.optional() });

/** Where the output of a task's containers goes, for containers with the log driver `awslogs`. */
export interface TaskLogging {
  /** Days that the log group of the task keeps the output of containers. @default 14 */
  readonly logRetentionDays?: number;
  /**
   * Keep the log group in AWS when the service is removed. Apply it before you remove the service. To create the service
   * again, import the log group, because its name exists.
   * @default - false: the output is deleted with the service
   */
  readonly retainLogGroup?: boolean;
  /**
   * What happens to output that CloudWatch Logs does not receive in time, unless `logging` has a mode. `non-blocking` keeps
   * up to 25 MiB for each container in the memory of the instance, and then loses output. `blocking` stops the program at its
   * next output, and loses none.
   * @default "non-blocking"
   */
  readonly logMode?: LogMode;
}

export const taskLoggingSchema = schemaOf<TaskLogging>()({
  logRetentionDays: number(logRetentionRule).default(14),
  retainLogGroup: boolean().optional(),
  logMode: logModeField.default("non-blocking"),
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
export const awslogsOptions = (
  log: ContainerLog,
  { maxBufferSize = "25m" }: { readonly maxBufferSize?: string } = {},
) => ({
  "awslogs-group": log.logGroupName,
  "awslogs-region": log.region,
  "awslogs-stream-prefix": log.streamPrefix,
  mode: log.logMode,
  ...(log.logMode === "non-blocking" ? { "max-buffer-size": maxBufferSize } : {}),
});

/** Returns the log configuration of a container as the API of ECS names it. @param log the container's log group, and the task's mode */
export function logConfigurationJson({ logging }: ContainerLogging, log: ContainerLog, clusterArn: string) {
  if (logging && !logging.awsLogs) return { logConfiguration: withoutUndefined(driverJson(logging, clusterArn)) };
  const { streamPrefix, mode, maxBufferSize, multilinePattern, datetimeFormat } = logging?.awsLogs ?? {};
  const options = withoutUndefined({
    ...awslogsOptions(
      { ...log, logMode: mode ?? log.logMode, streamPrefix: streamPrefix ?? log.streamPrefix },
      { maxBufferSize },
    ),
    "awslogs-multiline-pattern": text(multilinePattern),
    "awslogs-datetime-format": text(datetimeFormat),
  });
  return { logConfiguration: { logDriver: "awslogs", options } };
}

/** Returns the secrets of a container's log driver by names that say where they are. */
export const namedLogSecrets = ({ name, logging }: ContainerLogging & { readonly name: string }): NamedSecret[] =>
  sortedEntries(logging?.secretOptions ?? {}).map(([option, secret]) => ({ name: `${name} log ${option}`, secret }));
