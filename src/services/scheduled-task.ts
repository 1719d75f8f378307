import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { SchedulerRole } from "../iam/scheduler-role";
import { awaitsImage } from "../tasks/image-parameter";
import { dependenciesWithin } from "../terraform/dependencies";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import type { Rule } from "../validation/rule";
import { type Parsed, type Schema, schemaOf, variable } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { declareVariable } from "../validation/variables";
import { ecsParameters, hasOverrides, overridesOf } from "./run-task";
import { afterStart, type Schedule, scheduleSchema, stateOf } from "./schedule";
import {
  guardsOf,
  runOf,
  StandaloneTask,
  type StandaloneTaskProps,
  standaloneTaskSchema,
  topicOf,
} from "./standalone-task";
import { reportDeadLetters } from "./task-failures";

/** A task that EventBridge Scheduler starts. */
export interface ScheduledTaskProps extends StandaloneTaskProps, Schedule {}

export const scheduledTaskPropsSchema = schemaOf<ScheduledTaskProps>()(
  { ...standaloneTaskSchema.shape, ...scheduleSchema.shape },
  ...standaloneTaskSchema.rules,
  ...scheduleSchema.rules,
  oneStrategy,
);

/** The provider has a set of strategies, and ECS applies them in order. */
function* oneStrategy({ placementStrategies }: Known<ScheduledTaskProps>): Findings<ScheduledTaskProps> {
  if (placementStrategies === undefined || placementStrategies.length <= 1) return;
  yield {
    at: "placementStrategies",
    must: "have at most one strategy",
    fix: "The provider sends the strategies of a schedule to ECS in any order. Keep the most important one.",
    received: placementStrategies.length,
  };
}

type Settings = Parsed<typeof scheduledTaskPropsSchema>;

/** Each value of a schedule that is a Terraform variable: its field, the end of its name and its description. */
const VALUES = {
  scheduleExpression: ["schedule_expression", "When EventBridge Scheduler starts NAME, such as cron(0 3 * * ? *)."],
  enabled: ["schedule_enabled", "Whether the schedule starts NAME."],
  startDate: ["start_date", "The first time that the schedule can start NAME, in UTC."],
  endDate: ["end_date", "The time after which the schedule starts NAME no more, in UTC."],
} as const satisfies { readonly [K in keyof Schedule]?: readonly [name: string, description: string] };

/**
 * A task that EventBridge Scheduler starts, at recurring times or once. It runs on an instance of the cluster. When none has room,
 * it waits for one. A run that cannot start goes to a dead-letter queue, and failures are reported to the topic of the cluster's
 * alarms. Scheduler does not know when a task ends, so runs can overlap.
 *
 * @example
 * new ScheduledTask(stack, "nightly", { cluster: stack, scheduleExpression: "cron(0 3 * * ? *)", timeZone: "Asia/Seoul" })
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/tasks-scheduled-eventbridge-scheduler.html
 */
export class ScheduledTask extends StandaloneTask {
  /** The schedule's ARN. */
  readonly scheduleArn: string;
  /** The name of the schedule group. */
  readonly scheduleGroupName: string;
  /** The ARN of the role with which Scheduler starts the task. */
  readonly schedulerRole: { readonly roleArn: string };
  /** The ARN of the dead-letter queue. @default - undefined with `deadLetterQueue: false` */
  readonly deadLetterQueueArn?: string;

  /** @throws {SettingsError} with every problem of the props, or with every conflict with other services and constructs */
  constructor(scope: Construct, id: string, props: ScheduledTaskProps) {
    super("ScheduledTask", scheduledTaskPropsSchema, scope, id, props);
    const { run, settings: parsed } = runOf(this);
    const settings = parsed as Settings;
    const { cluster, deadLetterQueue } = settings;
    const { clusterArn, clusterName } = cluster.cluster;
    const name = `${clusterName}-${this.taskName}`;
    this.scheduleGroupName =
      settings.scheduleGroup === undefined ? this.createGroup(name) : literal(settings.scheduleGroup);
    const queue = deadLetterQueue === true ? this.createQueue(name) : undefined;
    this.deadLetterQueueArn = queue?.arn ?? (typeof deadLetterQueue === "string" ? deadLetterQueue : undefined);
    const own =
      settings.schedulerRole === undefined
        ? new SchedulerRole(this, "scheduler_role", {
            clusterArn,
            name,
            // Not an attribute of the group, so that the policy is known at plan.
            scheduleGroupName: settings.scheduleGroup ?? name,
            statements: [
              ...this.runTaskStatements,
              ...(this.deadLetterQueueArn === undefined
                ? []
                : [{ Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [this.deadLetterQueueArn] }]),
            ],
          })
        : undefined;
    this.schedulerRole = { roleArn: own?.roleArn ?? (settings.schedulerRole as string) };
    const values = this.declareValues(settings);
    const guards = guardsOf(this, settings.taskCount);
    const schedule = new SchedulerSchedule(this, "resource", {
      name,
      groupName: this.scheduleGroupName,
      description: `Starts ${this.taskName} on the ECS cluster ${clusterName}`,
      scheduleExpression: values.scheduleExpression as string,
      scheduleExpressionTimezone: literal(settings.timeZone),
      startDate: values.startDate as string | undefined,
      endDate: values.endDate as string | undefined,
      state: this.stateOf(values.enabled as boolean),
      flexibleTimeWindow:
        settings.flexibleTimeWindowMinutes === undefined
          ? { mode: "OFF" }
          : { mode: "FLEXIBLE", maximumWindowInMinutes: settings.flexibleTimeWindowMinutes },
      target: {
        arn: clusterArn,
        roleArn: this.schedulerRole.roleArn,
        input: hasOverrides(run) ? inputOf(run.overrides) : undefined,
        deadLetterConfig: this.deadLetterQueueArn === undefined ? undefined : { arn: this.deadLetterQueueArn },
        retryPolicy: {
          maximumRetryAttempts: settings.maximumRetryAttempts,
          maximumEventAgeInSeconds: settings.maximumEventAgeSeconds,
        },
        ecsParameters: ecsParameters(run),
      },
      dependsOn: dependenciesWithin(this, this.dependencies(own)),
      // Another name or group replaces a schedule. No run is due while there is none.
      lifecycle: { createBeforeDestroy: true, precondition: guards.length > 0 ? guards : undefined },
    });
    this.node.defaultChild = schedule;
    this.scheduleArn = schedule.arn;
    const topicArn = topicOf(settings);
    if (queue && topicArn !== undefined) reportDeadLetters(this, name, queue.name, topicArn);
  }

  /** Returns the state. A task whose image a pipeline has not written yet cannot start. */
  private stateOf(enabled: boolean): string {
    const images = this.taskDefinition.containers.map(({ image }) => image);
    const awaited = awaitsImage(this, images);
    return stateOf(awaited ? hcl`!(${awaited}) && ${enabled}` : enabled);
  }

  /** CloudWatch counts the runs of a group, and a trust policy can name a group, so each schedule has its own. */
  private createGroup(name: string): string {
    const group = new SchedulerScheduleGroup(this, "schedule_group", {
      name,
      tags: purposeTags(name, `Has the schedule of ${this.taskName}`),
    });
    return group.name;
  }

  private createQueue(name: string): SqsQueue {
    const queueName = `${name}-dead-letters`;
    return new SqsQueue(this, "dead_letter_queue", {
      name: queueName,
      // The longest that SQS offers.
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
      tags: purposeTags(queueName, `Keeps the runs of ${this.taskName} that did not start`),
    });
  }

  /** Declares a variable for each value that is not a reference. */
  private declareValues(settings: Settings): { readonly [K in keyof typeof VALUES]?: unknown } {
    const prefix = this.taskName.replace(/-/g, "_");
    const declared = (Object.keys(VALUES) as (keyof typeof VALUES)[]).map((setting) => {
      const value = settings[setting];
      if (value === undefined || isToken(value)) return [setting, value];
      const [end, description] = VALUES[setting];
      const field: Schema = scheduleSchema.shape[setting];
      const isCompared = setting === "endDate" && settings.startDate !== undefined && !isToken(settings.startDate);
      const more: Rule<string>[] = isCompared ? [afterStart(`${prefix}_${VALUES.startDate[0]}`)] : [];
      const limits = [...(field.facts.limits ?? []), ...more] as never;
      const described = variable(field.with({ limits }), description.replace("NAME", this.taskName));
      const own = declareVariable(this, { name: `${prefix}_${end}`, field: described, value });
      return [setting, setting === "enabled" ? own.value : own.stringValue];
    });
    return Object.fromEntries(declared);
  }

  /** Returns what Terraform creates before the schedule, and destroys after it. */
  private dependencies(own?: SchedulerRole): ITerraformDependable[] {
    const { run } = runOf(this);
    const { association } = run.cluster.capacityProvider;
    const { policies, portRules } = this.taskDefinition;
    return [...(own ? [own.policy] : []), ...policies, ...portRules, ...(association ? [association] : [])];
  }
}

/**
 * Returns the overrides as JSON. `jsonencode` of Terraform escapes < and >, and Scheduler would not find its keywords, such as
 * `<aws.scheduler.scheduled-time>`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function inputOf(overrides: Parameters<typeof overridesOf>[0]): string {
  const json = hcl`jsonencode(${overridesOf(overrides)})`;
  return hcl`replace(replace(${json}, "\\\\u003c", "<"), "\\\\u003e", ">")`.string;
}
