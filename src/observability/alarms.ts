import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Cluster } from "../cluster/cluster";
import type { ApplicationLoadBalancer } from "../load-balancing/application-load-balancer";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { checkProps } from "../validation/check-props";
import { nameRules, reservationRule, serverErrorsRule, topicArnRules } from "../validation/values";

/** One capacity of the cluster, made with `groupMetrics`. */
export interface WatchedCapacity {
  /** The group, whose instances are counted. */
  readonly autoscalingGroupName: string;
  /** The provider, which says how many of them tasks need. */
  readonly capacityProviderName: string;
}

/** What is watched, and who is told. */
export interface AlarmsProps {
  /** What the alarms' names start with. */
  readonly name: string;
  /** The cluster; Container Insights, where it is on, tells of one instance of several that hasn't joined. */
  readonly cluster: Cluster;
  /** Its capacity. */
  readonly capacityProvider: WatchedCapacity;
  /** Further capacities of the cluster, counted with it. @default - none */
  readonly otherCapacityProviders?: readonly WatchedCapacity[];
  /** The load balancer. @default - none: nothing watches targets and errors */
  readonly loadBalancer?: ApplicationLoadBalancer;
  /** The SNS topic that is told, of the same region; its policy has to admit `cloudwatch.amazonaws.com` and `events.amazonaws.com`. */
  readonly topicArn: string;
  /** Percent of the cluster's CPU or memory that tasks may keep for themselves, 1 to 100. @default 90 */
  readonly reservationPercent?: number;
  /** Answers with 5xx in 5 minutes that are still well, 0 to 1000000. @default 10 */
  readonly serverErrors?: number;
}

const FIVE_MINUTES = 300;

type Query = NonNullable<Extract<CloudwatchMetricAlarmConfig["metricQuery"], readonly unknown[]>>[number];

/**
 * Alarms for the cluster as a whole. Services need none of their own: the targets of all of them are asked for in one
 * query, and every failed deployment of the cluster is told, of services in other stacks too.
 */
export class Alarms extends Construct {
  /** @throws {SettingsError} with every mistake at once */
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { name, cluster, capacityProvider, loadBalancer, topicArn } = props;
    const { reservationPercent = 90, serverErrors = 10 } = props;
    checkProps(this, {
      name: [name, nameRules],
      // The region is known to Terraform alone, so only the ARN's form is checked here.
      topicArn: [topicArn, topicArnRules.slice(0, 1)],
      reservationPercent: [reservationPercent, [reservationRule]],
      serverErrors: [serverErrors, [serverErrorsRule]],
    });

    const alarm = (alarmId: string, what: string, config: Omit<CloudwatchMetricAlarmConfig, "alarmName">) => {
      const alarmName = `${name}-${alarmId.replace(/_/g, "-")}`;
      new CloudwatchMetricAlarm(this, alarmId, {
        alarmName,
        alarmDescription: `${what} To find out why: npm run doctor, or docs/troubleshooting.md of ecs-default-vpc.`,
        // Nothing measured is nothing wrong: a cluster without instances or requests publishes nothing.
        treatMissingData: "notBreaching",
        alarmActions: [topicArn],
        okActions: [topicArn],
        tags: purposeTags(alarmName, "Tells people of trouble with the ECS cluster"),
        ...config,
      });
    };

    const dimensions = { ClusterName: cluster.clusterName };
    for (const [alarmId, metricName] of [
      ["cpu_reservation", "CPUReservation"],
      ["memory_reservation", "MemoryReservation"],
    ] as const) {
      alarm(alarmId, "Tasks keep nearly all of the cluster for themselves, and a new one may find no room.", {
        namespace: "AWS/ECS",
        metricName,
        dimensions,
        statistic: "Average",
        period: FIVE_MINUTES,
        // Managed scaling gets a quarter of an hour to start instances.
        evaluationPeriods: 3,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: reservationPercent,
      });
    }

    alarm("unregistered_instances", "Instances run and have not joined the cluster for a quarter of an hour.", {
      metricQuery: unregistered(cluster, [capacityProvider, ...(props.otherCapacityProviders ?? [])]),
      evaluationPeriods: 3,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
    });

    if (loadBalancer) {
      const { arnSuffix } = loadBalancer;
      alarm("unhealthy_targets", "Containers fail the load balancer's health check.", {
        metricQuery: [
          {
            id: "unhealthy",
            // Over every target group behind the load balancer, whichever stack it is in.
            expression: `SELECT MAX(UnHealthyHostCount) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer, TargetGroup) WHERE LoadBalancer = '${arnSuffix}'`,
            period: 60,
            label: "unhealthy targets",
            returnData: true,
          },
        ],
        // A new task may take its time until it is healthy.
        evaluationPeriods: 5,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
      });
      const requests = { LoadBalancer: arnSuffix };
      alarm("server_errors", "The load balancer or the containers answer with 5xx.", {
        metricQuery: [
          measured("balancer", "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", requests, "Sum"),
          measured("targets", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", requests, "Sum"),
          { id: "errors", expression: "FILL(balancer, 0) + FILL(targets, 0)", label: "5xx", returnData: true },
        ],
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold: serverErrors,
      });
    }
    this.tellFailedDeployments(name, cluster, topicArn);
  }

  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html */
  private tellFailedDeployments(name: string, cluster: Cluster, topicArn: string): void {
    const ruleName = `${name}-failed-deployments`;
    const services = hcl`replace(${cluster.clusterArn}, ":cluster/", ":service/")`;
    const rule = new CloudwatchEventRule(this, "failed_deployments", {
      name: ruleName,
      description: "Deployments of the ECS cluster that failed and were rolled back",
      eventPattern: hcl`jsonencode(${{
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
        resources: [{ prefix: hcl`join("", [${services}, "/"])` }],
      }})`.string,
      tags: purposeTags(ruleName, "Tells people of deployments that failed"),
    });
    new CloudwatchEventTarget(this, "failed_deployments_topic", {
      rule: rule.name,
      arn: topicArn,
      inputTransformer: {
        inputPaths: { service: "$.resources[0]", reason: "$.detail.reason", deployment: "$.detail.deploymentId" },
        // A JSON string, as the target wants it: EventBridge fills the names in.
        inputTemplate:
          '"The deployment <deployment> of <service> failed and was rolled back where that is on: <reason>"',
      },
    });
  }
}

/** An alarm takes ten metrics: two of the cluster and two of each of so many capacities, or one and one. */
const COMPARED = { counted: 4, uncounted: 9 };

/**
 * How many instances run and haven't joined. CloudWatch counts no registered instances: ContainerInstanceCount leaves out
 * those that run no task, so that what runs less what it counts would be an alarm for each idle instance. What tells is
 * one of two things: instances run and the cluster has no reservation at all, which it has from its first instance on,
 * idle or not; or, with Container Insights, tasks need instances that run, and fewer of them have tasks. Instances in a
 * warm pool are not in service, and a group of none has none that could be missing.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
 */
function unregistered(cluster: Cluster, capacities: readonly WatchedCapacity[]): Query[] {
  const dimensions = { ClusterName: cluster.clusterName };
  // With capacities that aren't compared, tasks may well be on their instances.
  const counted = cluster.hasContainerInsights && capacities.length <= COMPARED.counted;
  const most = counted ? COMPARED.counted : COMPARED.uncounted;
  const compared = capacities.slice(0, most).map(({ autoscalingGroupName, capacityProviderName }, index) => {
    const nth = index === 0 ? "" : `_${index + 1}`;
    const [running, needed] = [`running${nth}`, `needed${nth}`];
    return {
      running,
      // ECS gives what is needed in percent of what runs, and may need more than the group has.
      wanted: `MIN([${running}, FILL(${needed}, 0) * ${running} / 100])`,
      queries: [
        measured(running, "AWS/AutoScaling", "GroupInServiceInstances", {
          AutoScalingGroupName: literal(autoscalingGroupName),
        }),
        ...(counted
          ? [reservation(needed, { ...dimensions, CapacityProviderName: literal(capacityProviderName) })]
          : []),
      ],
    };
  });
  const running = compared.map((one) => one.running).join(" + ");
  const idle = counted ? `${compared.map(({ wanted }) => wanted).join(" + ")} - FILL(busy, 0)` : "0";
  return [
    ...compared.flatMap(({ queries }) => queries),
    measured("reserved", "AWS/ECS", "CPUReservation", dimensions),
    ...(counted ? [measured("busy", "ECS/ContainerInsights", "ContainerInstanceCount", dimensions)] : []),
    {
      id: "missing",
      expression: `IF(FILL(reserved, -1) < 0, ${running}, ${idle})`,
      label: "not registered",
      returnData: true,
    },
  ];
}

const reservation = (id: string, dimensions: { [name: string]: string }): Query =>
  measured(id, "AWS/ECS/ManagedScaling", "CapacityProviderReservation", dimensions);

/** A metric that an expression is made of. */
function measured(
  id: string,
  namespace: string,
  metricName: string,
  dimensions: { [name: string]: string },
  stat = "Average",
): Query {
  return { id, returnData: false, metric: { namespace, metricName, dimensions, period: FIVE_MINUTES, stat } };
}
