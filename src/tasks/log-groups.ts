import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { Construct } from "constructs";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import type { PolicyStatement } from "../iam/policy-statement";
import { siblingArn } from "../terraform/arn";
import { purposeTags } from "../terraform/purpose-tags";
import type { ContainerLogging } from "./container-logging";

/** The task whose containers write to log groups. */
interface LoggingTask {
  readonly cluster: EcsClusterTarget;
  readonly name: string;
  readonly logRetentionDays: number;
  readonly retainLogGroup?: boolean;
}

/** The log groups of a task's containers. */
export interface LogGroups {
  /** The log group of the task. */
  readonly own: CloudwatchLogGroup;
  /** Returns the name of the log group of a container. */
  nameFor(container: string): string;
  /** The permissions to write to the other log groups. */
  readonly statements: readonly PolicyStatement[];
}

/** The id of the log group of the task. */
const MAIN_GROUP = "log_group";

/** Creates the log group of a task, and those of containers whose retention or class differs. */
export function createLogGroups(
  scope: Construct,
  { cluster, name, logRetentionDays, retainLogGroup }: LoggingTask,
  containers: readonly (ContainerLogging & { readonly name: string })[],
): LogGroups {
  const { clusterName, clusterArn } = cluster.cluster;
  const create = (id: string, path: string, retentionInDays: number, what: string, logGroupClass?: string) =>
    new CloudwatchLogGroup(scope, id, {
      name: `/ecs/${clusterName}/${path}`,
      retentionInDays,
      logGroupClass,
      skipDestroy: retainLogGroup,
      // The cluster's key admits every log group whose name starts with the cluster's.
      kmsKeyId: cluster.cluster.executeCommandKeyArn,
      tags: purposeTags(`/ecs/${clusterName}/${path}`, what),
      // Tasks write to the group until the deployment without it ends.
      lifecycle: id === MAIN_GROUP ? undefined : { createBeforeDestroy: true },
    });
  const own = create(MAIN_GROUP, name, logRetentionDays, `Output of the containers of ${name}`);
  const names = new Map<string, string>();
  for (const { name: container, logging } of containers) {
    const { logGroup, retention = logRetentionDays, logGroupClass } = logging?.awsLogs ?? {};
    if (logGroup !== undefined) names.set(container, logGroup);
    else if (logging?.awsLogs?.retention !== undefined || logGroupClass !== undefined) {
      // The class is in the name, because another class replaces the group, and two groups cannot have one name.
      const suffix = logGroupClass === "INFREQUENT_ACCESS" ? "-infrequent-access" : "";
      const what = `Output of the container ${container} of ${name}`;
      const group = create(`log_group_${container}`, `${name}/${container}${suffix}`, retention, what, logGroupClass);
      names.set(container, group.name);
    }
  }
  return {
    own,
    nameFor: (container) => names.get(container) ?? own.name,
    statements: [...new Set(names.values())].map((group) => writesTo(group, clusterArn)),
  };
}

/** Returns the permission to write to a log group. */
export const writesTo = (logGroupName: string, clusterArn: string): PolicyStatement => ({
  actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
  resources: [siblingArn(clusterArn, "logs", `log-group:${logGroupName}:*`).string],
});
