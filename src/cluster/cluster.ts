import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { IamServiceLinkedRole } from "@cdktf/provider-aws/lib/iam-service-linked-role";
import { Construct } from "constructs";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { checkProps } from "../validation/check-props";
import { boolean, interfaceOf, plain, string } from "../validation/schema";
import { containerInsightsRule, nameRules, retentionRule } from "../validation/values";
import type { EncryptionKey } from "./encryption-key";

/** The cluster itself. */
export interface ClusterProps {
  /** The cluster's name. 3 to 24 letters, digits and hyphens. */
  readonly name: string;
  /** How many days the log group keeps what ECS Exec prints; one of CloudWatch's retentions. @default 14 */
  readonly logRetentionDays?: number;
  /** CloudWatch Container Insights: `enhanced` measures each task and container too. @default "enabled" */
  readonly containerInsights?: "enhanced" | "enabled" | "disabled";
  /** Log what ECS Exec sessions print. @default true */
  readonly executeCommandLogging?: boolean;
  /** The key for the log group and for ECS Exec sessions. @default - AWS's own */
  readonly encryptionKey?: EncryptionKey;
  /** Make `AWSServiceRoleForECS` first, for an account that never used ECS; it fails where the role is there. @default false */
  readonly serviceLinkedRole?: boolean;
}

/** The ECS cluster and the log group for what people do in it. */
export class Cluster extends Construct {
  /** The cluster's name, from the cluster itself: what uses it waits for the cluster, and goes before it on destroy. */
  readonly clusterName: string;
  /** The cluster's ARN. */
  readonly clusterArn: string;
  /**
   * The cluster's name out of its ARN: unknown until the cluster is there, so that Terraform reads what it finds by this
   * name after the cluster is made and not before.
   */
  readonly nameOnceMade: string;
  /** The key that ECS Exec sessions are encrypted with; a task role needs `kms:Decrypt` on it. */
  readonly executeCommandKeyArn?: string;
  /** The log group's name. */
  readonly logGroupName: string;
  /** Whether Container Insights counts what runs. */
  readonly hasContainerInsights: boolean;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const { name, logRetentionDays = 14, containerInsights = "enabled", executeCommandLogging = true } = props;
    const { encryptionKey } = props;
    this.executeCommandKeyArn = encryptionKey?.keyArn;
    checkProps(this, {
      name: [name, nameRules],
      logRetentionDays: [logRetentionDays, [retentionRule]],
      containerInsights: [containerInsights, [containerInsightsRule]],
    });

    this.hasContainerInsights = containerInsights !== "disabled";

    const purpose = "What people do in containers of the cluster with ECS Exec";
    const logs = new CloudwatchLogGroup(this, "log_group", {
      name: `/ecs/${name}`,
      retentionInDays: logRetentionDays,
      kmsKeyId: encryptionKey?.keyArn,
      tags: purposeTags(`/ecs/${name}`, purpose),
    });
    this.logGroupName = logs.name;

    const serviceLinkedRole = props.serviceLinkedRole
      ? [
          new IamServiceLinkedRole(this, "service_linked_role", {
            awsServiceName: "ecs.amazonaws.com",
            description: "Lets ECS act in this account",
          }),
        ]
      : undefined;
    const cluster = new EcsCluster(this, "resource", {
      name,
      setting: [{ name: "containerInsights", value: containerInsights }],
      configuration: {
        executeCommandConfiguration: {
          kmsKeyId: encryptionKey?.keyArn,
          ...(executeCommandLogging
            ? {
                logging: "OVERRIDE",
                logConfiguration: {
                  cloudWatchLogGroupName: logs.name,
                  cloudWatchEncryptionEnabled: encryptionKey ? true : undefined,
                },
              }
            : { logging: "NONE" }),
        },
      },
      tags: purposeTags(name, "Runs the services of this stack on EC2 instances"),
      dependsOn: serviceLinkedRole,
    });
    this.clusterName = cluster.name;
    this.clusterArn = cluster.arn;
    this.nameOnceMade = hcl`element(split("/", ${cluster.arn}), 1)`.string;
  }
}

/** The field of a `cluster` property that needs the construct itself. */
export const clusterField = interfaceOf<Cluster>(
  "a cluster",
  "Use a Cluster construct.",
)({
  clusterName: string(),
  clusterArn: string(),
  nameOnceMade: string(),
  logGroupName: string(),
  executeCommandKeyArn: string().optional(),
  hasContainerInsights: plain(boolean()),
});
