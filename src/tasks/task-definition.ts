import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { ExecutionRole } from "../iam/execution-role";
import { ROLE_LIMITS, statementMistakes, taskPolicyArnsRules } from "../iam/policy-rules";
import { type PolicyStatement, TaskRole } from "../iam/task-role";
import { serviceNameRules } from "../services/service-rules";
import { purposeTags } from "../terraform/purpose-tags";
import { leastBytes, propMistakes, refuse } from "../validation/check-props";
import { retentionRule } from "../validation/values";
import { type ContainerProps, containerDefinition, containerDefinitions } from "./container";
import { containerSettingsMistakes, containersMistakes } from "./container-mistakes";
import { mountPointsOf, type TaskVolumes, taskVolumeMistakes, volumeBlocks, volumeStatements } from "./task-volumes";

/** What a task definition has beside its containers. */
export interface TaskSettings {
  /** How many days the log group keeps what containers print; one of CloudWatch's retentions. @default 14 */
  readonly logRetentionDays?: number;
  /** Let people open a shell in the containers (ECS Exec). @default false */
  readonly enableExecuteCommand?: boolean;
  /** What the containers may do in AWS. @default - nothing */
  readonly taskRoleStatements?: readonly PolicyStatement[];
  /** Managed policies of the containers, by ARN. @default - none */
  readonly taskRolePolicyArns?: readonly string[];
  /** Volumes by a name of your own, for `mountPoints` of containers. @default - none */
  readonly volumes?: TaskVolumes;
  /** Keep old revisions registered, so that a rollback has somewhere to go. @default true */
  readonly keepRevisions?: boolean;
}

/** A task definition and what it needs to run. */
export interface TaskDefinitionProps extends TaskSettings {
  /** The cluster that its tasks run on. */
  readonly cluster: EcsClusterTarget;
  /** What it is called, without the cluster: the family is `<cluster>-<name>`. 1 to 28 characters. */
  readonly name: string;
  /** 1 to 10 containers, at least one of them essential. */
  readonly containers: readonly ContainerProps[];
}

/** Every way in which the settings of a task break a rule. */
export function taskSettingsMistakes(settings: TaskSettings): string[] {
  const { taskRoleStatements: statements = [], logRetentionDays, taskRolePolicyArns } = settings;
  const mistakes = propMistakes({
    logRetentionDays: [logRetentionDays, [retentionRule]],
    taskRolePolicyArns: [taskRolePolicyArns, taskPolicyArnsRules],
  });
  mistakes.push(...statementMistakes("taskRoleStatements", statements));
  const { bytes: most } = ROLE_LIMITS;
  const bytes = leastBytes(
    statements.map(({ actions, resources }) => ({ Effect: "Allow", Action: actions, Resource: resources })),
  );
  if (bytes > most) {
    mistakes.push(
      `taskRoleStatements must be at most ${most} bytes as a policy, which is what a role takes; received ${bytes}. Put * for what they have in common, or attach policies with taskRolePolicyArns.`,
    );
  }
  return mistakes;
}

/**
 * Containers that run together on one instance in bridge mode, with dynamic host ports, their log group and their roles.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
export class TaskDefinition extends Construct {
  /** The ARN with the revision. */
  readonly taskDefinitionArn: string;
  readonly logGroupName: string;
  readonly containers: readonly ContainerProps[];
  /** The policies of both roles, which tasks need to their end. */
  readonly policies: readonly ITerraformDependable[];

  /** @throws {SettingsError} with every mistake at once */
  constructor(scope: Construct, id: string, props: TaskDefinitionProps) {
    super(scope, id);
    const { cluster, name, containers, logRetentionDays = 14, enableExecuteCommand = false } = props;
    const { taskRolePolicyArns = [], keepRevisions = true, volumes = {} } = props;
    refuse(this, [
      ...propMistakes({ name: [name, serviceNameRules] }),
      ...taskSettingsMistakes(props),
      ...containersMistakes(containers),
      ...taskVolumeMistakes(volumes, containers),
      ...containers.flatMap((container) => containerSettingsMistakes(container, `containers.${container.name}.`)),
    ]);
    this.containers = containers;

    const { clusterName, clusterArn } = cluster.cluster;
    const taskRoleStatements = [...(props.taskRoleStatements ?? []), ...volumeStatements(volumes, clusterArn)];
    const family = `${clusterName}-${name}`;
    const logs = new CloudwatchLogGroup(this, "log_group", {
      name: `/ecs/${clusterName}/${name}`,
      retentionInDays: logRetentionDays,
      // The cluster's key admits every log group whose name starts with the cluster's.
      kmsKeyId: cluster.cluster.executeCommandKeyArn,
      tags: purposeTags(`/ecs/${clusterName}/${name}`, `What the containers of ${name} print`),
    });
    this.logGroupName = logs.name;

    const execution = new ExecutionRole(this, "execution_role", {
      cluster,
      name: family,
      logGroupArn: logs.arn,
      images: containers.map(({ image }) => image),
      secrets: containers.flatMap(({ secrets = {} }) => Object.values(secrets)),
    });
    const hasTaskRole = enableExecuteCommand || taskRoleStatements.length > 0 || taskRolePolicyArns.length > 0;
    const task = hasTaskRole
      ? new TaskRole(this, "task_role", {
          cluster,
          name: family,
          statements: taskRoleStatements,
          policyArns: taskRolePolicyArns,
          enableExecuteCommand,
        })
      : undefined;
    this.policies = [...execution.policies, ...(task?.policies ?? [])];

    const definition = new EcsTaskDefinition(this, "resource", {
      family,
      networkMode: "bridge",
      requiresCompatibilities: ["EC2"],
      executionRoleArn: execution.roleArn,
      taskRoleArn: task?.roleArn,
      containerDefinitions: containerDefinitions(
        containers.map((container) =>
          containerDefinition(container, {
            clusterArn,
            region: cluster.region,
            logGroupName: logs.name,
            streamPrefix: name,
            initProcessEnabled: enableExecuteCommand,
            mountPoints: mountPointsOf(container.mountPoints ?? {}, volumes),
          }),
        ),
      ),
      volume: Object.keys(volumes).length > 0 ? volumeBlocks(volumes) : undefined,
      // A deregistered revision can't be gone back to, by the circuit breaker or by hand.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
      skipDestroy: keepRevisions,
      tags: purposeTags(family, `What a task of ${name} is made of`),
    });
    this.taskDefinitionArn = definition.arn;
  }
}
