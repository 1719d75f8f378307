import type { CloudwatchEventTargetEcsTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import type { TaskDefinition } from "../tasks/task-definition";
import { siblingArn } from "../terraform/arn";
import { type Expression, hcl, literal } from "../terraform/expression";
import { isToken } from "../validation/token";
import type { PlacementConstraint, PlacementStrategy } from "./placement";
import type { CapacityProviderStrategy } from "./service-strategy";

/** A statement of an IAM policy, as IAM writes it. */
export interface IamStatement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  /** ARNs. They can be references to resources. */
  readonly Resource: readonly unknown[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What a container of a task runs in place of what the task definition has. */
export interface ContainerOverride {
  /** The command in place of the container's. @default - the container's */
  readonly command?: readonly string[];
  /** More environment variables, or other values. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a call of `RunTask` starts. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
export interface RunTask {
  readonly cluster: EcsClusterTarget;
  readonly taskDefinition: TaskDefinition;
  /** The family of the task definition. */
  readonly family: string;
  /** The name of the container whose exit code is the result of the task. ECS stops the others when it ends. */
  readonly container: string;
  readonly taskCount: number;
  readonly strategy: readonly Required<CapacityProviderStrategy>[];
  readonly placementStrategies: readonly PlacementStrategy[];
  readonly placementConstraints: readonly PlacementConstraint[];
  readonly group?: string;
  readonly enableExecuteCommand: boolean;
  readonly overrides: Readonly<Record<string, ContainerOverride>>;
}

/** Returns the ARN of every revision of a family, for IAM. */
const revisionsArn = ({ cluster, family }: RunTask): Expression =>
  siblingArn(cluster.cluster.clusterArn, "ecs", `task-definition/${family}:*`);

/**
 * Returns exactly the permissions that a user or role needs to start the task.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html
 */
export function runTaskStatements(run: RunTask): IamStatement[] {
  const { clusterArn, clusterName } = run.cluster.cluster;
  const { executionRole, taskRole } = run.taskDefinition;
  return [
    {
      Effect: "Allow",
      Action: ["ecs:RunTask"],
      Resource: [revisionsArn(run)],
      Condition: { ArnEquals: { "ecs:cluster": clusterArn } },
    },
    {
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: [executionRole.roleArn, ...(taskRole ? [taskRole.roleArn] : [])],
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
    {
      // The tasks have the tags of their task definition: https://github.com/aws/aws-cdk/issues/28854
      Effect: "Allow",
      Action: ["ecs:TagResource"],
      Resource: [siblingArn(clusterArn, "ecs", `task/${clusterName}/*`)],
      Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    },
  ];
}

const constraintsOf = ({ placementConstraints }: RunTask) =>
  placementConstraints.map(({ type, expression }) => ({
    type,
    expression: expression === undefined ? undefined : literal(expression),
  }));

const strategiesOf = ({ placementStrategies }: RunTask) =>
  placementStrategies.map(({ type, field }) => ({ type, field: field === undefined ? undefined : literal(field) }));

/** Returns what the targets of EventBridge rules and of EventBridge Scheduler have in common, in the provider's names. */
export function ecsParameters(run: RunTask) {
  const { networkConfiguration: network } = run.taskDefinition;
  return {
    taskDefinitionArn: run.taskDefinition.taskDefinitionArn,
    taskCount: run.taskCount,
    capacityProviderStrategy: [...run.strategy],
    networkConfiguration: network && { ...network, assignPublicIp: false },
    group: run.group === undefined ? undefined : literal(run.group),
    enableEcsManagedTags: true,
    enableExecuteCommand: run.enableExecuteCommand,
    // EventBridge knows no other source of tags.
    propagateTags: "TASK_DEFINITION",
    placementConstraints: some(constraintsOf(run)),
    placementStrategy: some(strategiesOf(run)),
  };
}

/** Returns the target of an EventBridge rule, in the provider's names. */
export function ecsTargetOf(run: RunTask): CloudwatchEventTargetEcsTarget {
  const { placementConstraints, placementStrategy, ...parameters } = ecsParameters(run);
  return {
    ...parameters,
    placementConstraint: placementConstraints,
    orderedPlacementStrategy: placementStrategy,
  };
}

/** Returns the parameters of the call in the names of the API, for Step Functions. */
export function runTaskParametersOf(run: RunTask): Readonly<Record<string, unknown>> {
  const { networkConfiguration } = run.taskDefinition;
  return withoutUndefined({
    Cluster: run.cluster.cluster.clusterArn,
    TaskDefinition: run.taskDefinition.taskDefinitionArn,
    Count: run.taskCount,
    CapacityProviderStrategy: run.strategy.map(({ capacityProvider, weight, base }) => ({
      CapacityProvider: capacityProvider,
      Weight: weight,
      Base: base,
    })),
    NetworkConfiguration: networkConfiguration && {
      AwsvpcConfiguration: {
        Subnets: networkConfiguration.subnets,
        SecurityGroups: networkConfiguration.securityGroups,
        AssignPublicIp: "DISABLED",
      },
    },
    PlacementConstraints: some(
      run.placementConstraints.map(({ type, expression }) => withoutUndefined({ Type: type, Expression: expression })),
    ),
    PlacementStrategy: some(
      run.placementStrategies.map(({ type, field }) => withoutUndefined({ Type: type, Field: field })),
    ),
    Group: run.group,
    EnableECSManagedTags: true,
    EnableExecuteCommand: run.enableExecuteCommand,
    PropagateTags: "TASK_DEFINITION",
    Overrides: hasOverrides(run)
      ? {
          ContainerOverrides: Object.entries(run.overrides).map(([name, { command, environment }]) =>
            withoutUndefined({
              Name: name,
              Command: command,
              Environment: environment && pairs(environment).map(([Name, Value]) => ({ Name, Value })),
            }),
          ),
        }
      : undefined,
  });
}

/** Returns the overrides as the CLI and EventBridge expect them. */
export const overridesOf = (overrides: RunTask["overrides"]) => ({
  containerOverrides: Object.entries(overrides).map(([name, { command, environment }]) =>
    withoutUndefined({
      name,
      command,
      environment: environment && pairs(environment).map(([name, value]) => ({ name, value })),
    }),
  ),
});

export const hasOverrides = ({ overrides }: Pick<RunTask, "overrides">): boolean => Object.keys(overrides).length > 0;

/** Returns the command that starts the task. It runs the newest revision, so it stays the same from release to release. */
export function runTaskCommand(run: RunTask): string {
  const { networkConfiguration: network } = run.taskDefinition;
  const options = [
    `--region ${run.cluster.region}`,
    `--cluster ${run.cluster.cluster.clusterName}`,
    `--task-definition ${run.family}`,
    ...(run.taskCount === 1 ? [] : [`--count ${amount(run.taskCount)}`]),
    `--capacity-provider-strategy ${run.strategy
      .map((one) => `capacityProvider=${one.capacityProvider},weight=${amount(one.weight)},base=${amount(one.base)}`)
      .join(" ")}`,
    ...(network
      ? [
          `--network-configuration ${quotedJson({
            awsvpcConfiguration: { ...network, assignPublicIp: "DISABLED" },
          })}`,
        ]
      : []),
    ...(run.placementConstraints.length > 0
      ? [`--placement-constraints ${quotedJson(run.placementConstraints.map(withoutUndefined))}`]
      : []),
    ...(run.placementStrategies.length > 0
      ? [`--placement-strategy ${quotedJson(run.placementStrategies.map(withoutUndefined))}`]
      : []),
    ...(run.group === undefined ? [] : [`--group ${quotedJson(run.group, "text")}`]),
    ...(run.enableExecuteCommand ? ["--enable-execute-command"] : []),
    "--enable-ecs-managed-tags",
    "--propagate-tags TASK_DEFINITION",
    ...(hasOverrides(run) ? [`--overrides ${quotedJson(overridesOf(run.overrides))}`] : []),
  ];
  return `aws ecs run-task ${options.join(" ")}`;
}

/** Returns JSON, or a text, in single quotes for a shell. */
function quotedJson(value: unknown, form: "JSON" | "text" = "JSON"): string {
  const text = form === "JSON" ? hcl`jsonencode(${value})` : hcl`${value}`;
  // A single quote ends the quotes, stands alone, and starts them again.
  return `'${hcl`replace(${text}, "'", "'\\\\''")`}'`;
}

const amount = (value: number): string => (isToken(value) ? hcl`${value}`.string : `${value}`);
const pairs = (map: Readonly<Record<string, string>>) => Object.entries(map);
const some = <T>(values: T[]): T[] | undefined => (values.length > 0 ? values : undefined);
const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
