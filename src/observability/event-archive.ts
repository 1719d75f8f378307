import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy";
import { Construct } from "constructs";
import { type Cluster, clusterField } from "../cluster/cluster";
import { encryptionKeyField, type KeyReference } from "../cluster/encryption-key";
import { hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules, logRetentionRule } from "../validation/aws-rules";
import { boolean, number, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";

/** The archive of a cluster's events. */
export interface EventArchiveProps {
  /** The cluster's name. The log group is `/aws/events/ecs/<name>`. */
  readonly name: string;
  /** The cluster. */
  readonly cluster: Cluster;
  /** Days that the log group keeps the events. @default 14 */
  readonly logRetentionDays?: number;
  /** Keeps the log group in AWS when the archive is destroyed. To create the archive again, import the log group. @default - false: the events are deleted with the archive */
  readonly retainLogGroup?: boolean;
  /** The key that encrypts the log group. @default - a key that AWS owns */
  readonly encryptionKey?: KeyReference;
}

export const eventArchivePropsSchema = schemaOf<EventArchiveProps>()({
  name: string(...clusterNameRules),
  cluster: clusterField,
  logRetentionDays: number(logRetentionRule).default(14),
  retainLogGroup: boolean().optional(),
  encryptionKey: encryptionKeyField.optional(),
});

/** The query of CloudWatch Logs Insights that shows the newest events. */
const QUERY = [
  "fields @timestamp, coalesce(detail.group, resources.0) as source, coalesce(detail.stopCode, detail.eventName) as event, coalesce(detail.stoppedReason, detail.reason) as reason",
  "detail.containers.0.name as container, detail.containers.0.exitCode as exitCode, detail.containers.0.reason as containerReason",
].join(", ");
const NEWEST = "sort @timestamp desc | limit 100";

/**
 * Keeps the events of a cluster's tasks, services and deployments. ECS forgets stopped tasks after an hour, and a service
 * shows its last 100 events.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 */
export class EventArchive extends Construct {
  /** The name of the log group. */
  readonly logGroupName: string;
  /** The query of CloudWatch Logs Insights that shows why tasks stopped, and what services report. */
  readonly query: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: EventArchiveProps) {
    super(scope, id);
    const { name, cluster, logRetentionDays, retainLogGroup, encryptionKey } = validate(
      this,
      eventArchivePropsSchema,
      props,
    );
    const logs = new CloudwatchLogGroup(this, "log_group", {
      name: `/aws/events/ecs/${name}`,
      retentionInDays: logRetentionDays,
      skipDestroy: retainLogGroup,
      kmsKeyId: encryptionKey?.keyArn,
      tags: purposeTags(`/aws/events/ecs/${name}`, "Events of tasks, services and deployments in the cluster"),
    });
    this.node.defaultChild = logs;
    this.logGroupName = logs.name;
    this.query = `${QUERY} | ${NEWEST}`;

    const services = hcl`join("", [replace(${cluster.clusterArn}, ":cluster/", ":service/"), "/"])`;
    const rules = [
      this.rule(`${name}-stopped-tasks`, "stopped_tasks", "Keeps the reasons of stopped tasks", {
        "detail-type": ["ECS Task State Change"],
        detail: { clusterArn: [cluster.clusterArn], lastStatus: ["STOPPED"] },
      }),
      this.rule(`${name}-service-events`, "service_events", "Keeps the events of services and deployments", {
        "detail-type": ["ECS Service Action", "ECS Deployment State Change"],
        resources: [{ prefix: services }],
      }),
    ];
    const policy = new CloudwatchLogResourcePolicy(this, "policy", {
      policyName: `${name}-event-archive`,
      policyDocument: hcl`jsonencode(${{
        Version: "2012-10-17",
        Statement: [
          this.allowed("CreateStream", "logs:CreateLogStream", logs, {}),
          this.allowed("PutEvents", "logs:PutLogEvents", logs, {
            Condition: { ArnEquals: { "aws:SourceArn": rules.map((rule) => rule.arn) } },
          }),
        ],
      }})`.string,
    });
    for (const [index, rule] of rules.entries()) {
      // EventBridge drops the events that it may not write.
      new CloudwatchEventTarget(this, index === 0 ? "stopped_tasks_log" : "service_events_log", {
        rule: rule.name,
        arn: logs.arn,
        dependsOn: [policy],
      });
    }
  }

  private rule(name: string, id: string, description: string, pattern: object): CloudwatchEventRule {
    return new CloudwatchEventRule(this, id, {
      name,
      description: `${description} of the ECS cluster`,
      eventPattern: hcl`jsonencode(${{ source: ["aws.ecs"], ...pattern }})`.string,
      tags: purposeTags(name, description),
    });
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html */
  private allowed(Sid: string, Action: string, logs: CloudwatchLogGroup, more: object): object {
    const Service = ["events.amazonaws.com", "delivery.logs.amazonaws.com"];
    return { Sid, Effect: "Allow", Principal: { Service }, Action, Resource: hcl`"\${${logs.arn}}:*"`, ...more };
  }
}
