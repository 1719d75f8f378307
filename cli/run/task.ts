import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  type LogConfiguration,
  RunTaskCommand,
} from "@aws-sdk/client-ecs";
import { UsageError } from "../command-line";
import type { RunOptions } from "./options";

/** A task definition, and the container that the command is about. */
export interface Definition {
  /** `family:revision` */
  readonly name: string;
  readonly arn: string;
  readonly isAwsvpc: boolean;
  readonly container: string;
  readonly logConfiguration?: LogConfiguration;
}

export interface TaskState {
  readonly id: string;
  readonly status: string;
  readonly stoppedReason?: string;
  readonly containers: readonly { readonly name: string; readonly exitCode?: number; readonly reason?: string }[];
}

/** Reads a task definition. @throws {UsageError} for a container that it does not have */
export async function readDefinition(ecs: ECSClient, family: string, { container }: RunOptions): Promise<Definition> {
  const { taskDefinition = {} } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: family }));
  const { containerDefinitions = [], networkMode, taskDefinitionArn = "" } = taskDefinition;
  const chosen = container
    ? containerDefinitions.find(({ name }) => name === container)
    : containerDefinitions.find(({ essential }) => essential !== false);
  const names = containerDefinitions.map(({ name }) => name).join(", ");
  if (!chosen?.name) {
    throw new UsageError(
      `--container must be a container of ${family}; received ${JSON.stringify(container)}. The containers are ${names}.`,
    );
  }
  return {
    name: `${taskDefinition.family}:${taskDefinition.revision}`,
    arn: taskDefinitionArn,
    isAwsvpc: networkMode === "awsvpc",
    container: chosen.name,
    logConfiguration: chosen.logConfiguration,
  };
}

/** The ARN of a task, or why ECS did not start it. */
export type Started =
  | { readonly arn: string; readonly reason?: undefined }
  | { readonly arn?: undefined; readonly reason: string };

/** Starts a task. @throws {UsageError} for a task in awsvpc mode without subnets */
export async function startTask(
  ecs: ECSClient,
  { arn, name, isAwsvpc, container }: Definition,
  { cluster, region, capacityProvider, subnets, securityGroups, group }: RunOptions,
  {
    command,
    environment,
  }: { readonly command: readonly string[]; readonly environment: { name: string; value: string }[] },
): Promise<Started> {
  if (isAwsvpc && !subnets) {
    throw new UsageError(
      `--subnets must be set, because ${name} is in awsvpc mode. Give the subnets, and the --security-groups, of the tasks.`,
    );
  }
  const override = {
    name: container,
    ...(command.length > 0 && { command: [...command] }),
    ...(environment.length > 0 && { environment }),
  };
  const answer = await ecs.send(
    new RunTaskCommand({
      ...{ cluster, taskDefinition: arn, count: 1, group },
      capacityProviderStrategy: capacityProvider ? [{ capacityProvider, weight: 1 }] : undefined,
      networkConfiguration: subnets
        ? { awsvpcConfiguration: { subnets: listOf(subnets), securityGroups: listOf(securityGroups) } }
        : undefined,
      overrides: Object.keys(override).length > 1 ? { containerOverrides: [override] } : undefined,
      startedBy: "ecs-default-vpc/run",
    }),
  );
  const [task] = answer.tasks ?? [];
  if (task?.taskArn) return { arn: task.taskArn };
  const reasons = (answer.failures ?? []).map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": "));
  return {
    reason:
      `ECS did not start ${name}: ${reasons.join(", ") || "no reason given"}. ` +
      `To find out why, run: ecs-default-vpc doctor --cluster ${cluster} --region ${region}`,
  };
}

/** Reads the state of a task. Returns undefined for a task that ECS does not show. */
export async function describeTask(ecs: ECSClient, cluster: string, arn: string): Promise<TaskState | undefined> {
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }));
  const [task] = tasks;
  if (!task) return undefined;
  return {
    id: idOf(arn),
    status: task.lastStatus ?? "PROVISIONING",
    stoppedReason: task.stoppedReason,
    containers: (task.containers ?? []).map(({ name = "", exitCode, reason }) => ({ name, exitCode, reason })),
  };
}

/** Returns the id at the end of a task's ARN. */
export const idOf = (arn: string): string => arn.split("/").at(-1) ?? arn;
const listOf = (text = ""): string[] =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
